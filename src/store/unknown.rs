//! What follows from the cells of a report: which numbers are unknown, so that sums over reports leave it
//! out of them, and its rates.

use entity::{
    indicator::Indicator,
    report,
    template::{Code, Measure},
    unknown_number,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection,
    EntityTrait, QueryFilter, QueryOrder, QuerySelect, TransactionTrait,
};

use crate::{cells::Cells, error::Result, query::canonical};

/// Reports filled in one transaction: their cells are in memory.
const REPORTS_AT_ONCE: u64 = 500;

/// The measures that are unknown in a report.
pub fn of(cells: &Cells) -> Vec<Measure> {
    Measure::all().filter(|&measure| cells.worth(measure).is_err()).collect()
}

/// Sets in a report's row what follows from its cells.
pub fn set(row: &mut report::ActiveModel, cells: &Cells, unknown: &[Measure]) {
    row.unknown_numbers = Set(Some(i32::try_from(unknown.len()).unwrap_or(i32::MAX)));
    for &indicator in Indicator::ALL {
        if let Some(column) = report::rate_column(indicator) {
            let rate = cells.rate(indicator).ok().map(|rate| rate.quotient());
            row.set(column, rate.into());
        }
    }
}

/// Keeps which numbers of a report are unknown.
pub async fn save(
    connection: &impl ConnectionTrait,
    report_id: i64,
    unknown: &[Measure],
) -> Result<()> {
    let rows = unknown.iter().map(|measure| unknown_number::ActiveModel {
        measure: Set(measure.code()),
        report_id: Set(report_id),
    });
    unknown_number::Entity::insert_many(rows).exec_without_returning(connection).await?;
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
            let cells = cells.remove(&id).unwrap_or_default();
            let unknown = of(&cells);
            save(&transaction, id, &unknown).await?;
            let mut row = report::ActiveModel { id: Set(id), ..Default::default() };
            set(&mut row, &cells, &unknown);
            report::Entity::update(row).exec(&transaction).await?;
        }
        transaction.commit().await?;
    }
}
