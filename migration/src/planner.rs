//! What SQLite's planner is told of the tables: the numbers of a whole country.
//!
//! SQLite takes an index by these numbers, and where it has none it guesses: a report of an agency was
//! then looked for among all of its year. Numbers that are stated do not change with what is stored, so
//! that a plan that was looked at stays. PostgreSQL counts by itself.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Table, index, and as SQLite's `ANALYZE` says it: the rows of the table, then how many rows share a
/// value of the first column, of the first two, and so on.
const STATED: [(&str, &str, &str); 14] = [
    ("report", "idx-report-revision", "1000000 7 1 1 1"),
    ("report", "idx-report-current", "1000000 7 1 1"),
    ("report", "idx-report-document_id", "1000000 1"),
    ("report", "idx-report-year-region", "1000000 140000 4 1 1"),
    ("report", "idx-report-region", "1000000 25 4 4"),
    ("report", "idx-report-received", "1000000 140000 50 1 1 1"),
    ("agency", "sqlite_autoindex_agency_1", "150000 1"),
    ("agency", "idx-agency-own_name", "150000 4 1"),
    ("finding", "idx-finding-report_id", "500000 2"),
    ("finding", "idx-finding-check_id", "500000 20000"),
    ("change", "idx-change-report_id", "50000 3"),
    ("change", "idx-change-version", "50000 3"),
    ("unknown_number", "sqlite_autoindex_unknown_number_1", "200000 1000 1"),
    ("copied_section", "idx-copied_section-report_id", "1000000 2"),
];

/// States them, in place of what was said before.
pub async fn state(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    // Makes the table that holds them, where it is not there yet, and nothing else.
    let connection = manager.get_connection();
    connection.execute_unprepared("ANALYZE sqlite_schema; DELETE FROM sqlite_stat1").await?;
    for (table, index, numbers) in STATED {
        let row = format!("INSERT INTO sqlite_stat1 VALUES ('{table}', '{index}', '{numbers}')");
        connection.execute_unprepared(&row).await?;
    }
    // This connection reads them too.
    connection.execute_unprepared("ANALYZE sqlite_schema").await?;
    Ok(())
}

/// Takes them back.
pub async fn forget(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        manager.get_connection().execute_unprepared("DELETE FROM sqlite_stat1").await?;
    }
    Ok(())
}
