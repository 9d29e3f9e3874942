//! Which numbers of a report are unknown, so that sums over reports leave it out of them.

use entity::{report, template::Measure, unknown_number};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, TransactionTrait, sea_query::Expr,
};

use crate::{cells::Cells, error::Result, query::canonical};

/// Reports filled in one transaction: their cells are in memory.
const REPORTS_AT_ONCE: u64 = 500;

/// Keeps which numbers of a report are unknown.
pub async fn save(connection: &impl ConnectionTrait, report_id: i64, cells: &Cells) -> Result<()> {
    let unknown: Vec<Measure> =
        Measure::all().filter(|&measure| cells.worth(measure).is_err()).collect();
    let rows = unknown.iter().map(|measure| unknown_number::ActiveModel {
        measure: Set(measure.code()),
        report_id: Set(report_id),
    });
    unknown_number::Entity::insert_many(rows).exec_without_returning(connection).await?;
    let count = i32::try_from(unknown.len()).unwrap_or(i32::MAX);
    report::Entity::update_many()
        .col_expr(report::Column::UnknownNumbers, Expr::value(count))
        .filter(report::Column::Id.eq(report_id))
        .exec(connection)
        .await?;
    Ok(())
}

/// Fills in what reports stored by an older program lack.
pub async fn fill(connection: &DatabaseConnection) -> Result<()> {
    loop {
        let transaction = connection.begin().await?;
        let ids: Vec<i64> = report::Entity::find()
            .select_only()
            .column(report::Column::Id)
            .filter(report::Column::UnknownNumbers.is_null())
            .order_by_asc(report::Column::Id)
            .limit(REPORTS_AT_ONCE)
            .into_tuple()
            .all(&transaction)
            .await?;
        if ids.is_empty() {
            return Ok(());
        }
        let mut cells = canonical::cells(&transaction, &ids).await?;
        for id in ids {
            save(&transaction, id, &cells.remove(&id).unwrap_or_default()).await?;
        }
        transaction.commit().await?;
    }
}
