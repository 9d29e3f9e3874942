//! What sections are found by, for every report there is: answers as of an earlier version look here too.

mod proof;

use entity::{report, section};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, TransactionTrait,
    sea_query::{Expr, Query},
};

pub use proof::differences;

use crate::{
    error::{Error, Result},
    extract::draft::Section,
    prose::{grams, normal},
    query::canonical,
};

/// Reports indexed in one transaction: their prose is in memory.
const REPORTS_AT_ONCE: u64 = 500;

/// Indexes the sections of a report.
pub async fn save(
    connection: &impl ConnectionTrait,
    report_id: i64,
    sections: &[Section],
) -> Result<()> {
    if !sections.is_empty() {
        let mut insert = Query::insert();
        insert.into_table("section_index").columns(["rowid", "tokens"]);
        for section in sections {
            let id = section::index_id(report_id, section.number);
            let tokens = grams::of_text(&normal(&section.text));
            insert.values([Expr::value(id), Expr::value(tokens)]).map_err(Error::internal)?;
        }
        connection.execute(&insert).await?;
    }
    Ok(())
}

/// How many sections are indexed, as the report's row says it.
pub fn count(sections: &[Section]) -> i32 {
    i32::try_from(sections.len()).unwrap_or(i32::MAX)
}

/// Indexes the reports that were stored by an older program.
pub async fn fill(connection: &DatabaseConnection) -> Result<()> {
    loop {
        let transaction = connection.begin().await?;
        let ids: Vec<i64> = report::Entity::find()
            .select_only()
            .column(report::Column::Id)
            .filter(report::Column::IndexedSections.is_null())
            .order_by_asc(report::Column::Id)
            .limit(REPORTS_AT_ONCE)
            .into_tuple()
            .all(&transaction)
            .await?;
        if ids.is_empty() {
            return Ok(());
        }
        let mut sections = canonical::sections(&transaction, &ids).await?;
        for id in ids {
            let sections = sections.remove(&id).unwrap_or_default();
            save(&transaction, id, &sections).await?;
            report::Entity::update_many()
                .col_expr(report::Column::IndexedSections, Expr::value(count(&sections)))
                .filter(report::Column::Id.eq(id))
                .exec(&transaction)
                .await?;
        }
        transaction.commit().await?;
    }
}

/// Indexes all reports anew.
pub async fn rebuild(connection: &DatabaseConnection) -> Result<()> {
    let transaction = connection.begin().await?;
    let forget = match transaction.get_database_backend() {
        // An index without texts forgets all or nothing.
        DbBackend::Sqlite => "INSERT INTO section_index(section_index) VALUES('delete-all')",
        _ => "DELETE FROM section_index",
    };
    transaction.execute_unprepared(forget).await?;
    report::Entity::update_many()
        .col_expr(report::Column::IndexedSections, Expr::value(None::<i32>))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    fill(connection).await
}
