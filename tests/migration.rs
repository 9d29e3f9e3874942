//! The schema as migrated is what the entities say, and every change can be undone.

use std::collections::BTreeSet;

use entity::{
    agency, area_sum, cell_state, change, copied_section, data_version, deadline, disclosure_item,
    document, finding, lawsuit, merge, moment, note, region, report, request, review, section,
    section_sketch, unknown_number, year,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait, Iden, Iterable, Schema,
    Statement,
};

async fn memory() -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new("sqlite::memory:");
    // More than one connection to memory would be several databases.
    options.max_connections(1);
    Database::connect(options).await.unwrap()
}

async fn rows(
    connection: &DatabaseConnection,
    sql: &str,
    columns: &[&str],
) -> BTreeSet<Vec<String>> {
    let rows =
        connection.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    let text = |row: &sea_orm::QueryResult, column: &str| {
        row.try_get::<Option<String>>("", column)
            .map(Option::unwrap_or_default)
            .or_else(|_| row.try_get::<i64>("", column).map(|number| number.to_string()))
            .unwrap()
    };
    rows.iter().map(|row| columns.iter().map(|column| text(row, column)).collect()).collect()
}

/// Columns, foreign keys and unique columns of every table; entities cannot say that columns are unique
/// among some rows.
async fn shape(connection: &DatabaseConnection) -> BTreeSet<Vec<String>> {
    let tables = rows(
        connection,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'seaql_migrations' \
         AND name NOT LIKE 'section_index%'",
        &["name"],
    );
    let mut shape = BTreeSet::new();
    for table in tables.await.into_iter().flatten() {
        let table_shape = [
            (
                format!("SELECT name, type, \"notnull\", pk FROM pragma_table_info('{table}')"),
                &["name", "type", "notnull", "pk"][..],
            ),
            (
                format!(
                    "SELECT \"table\", \"from\", \"to\", on_delete FROM pragma_foreign_key_list('{table}')"
                ),
                &["table", "from", "to", "on_delete"],
            ),
            (
                format!(
                    "SELECT group_concat(info.name) AS columns FROM pragma_index_list('{table}') AS list \
                     JOIN pragma_index_info(list.name) AS info WHERE list.\"unique\" = 1 AND NOT list.partial GROUP BY list.name"
                ),
                &["columns"],
            ),
        ];
        for (sql, columns) in table_shape {
            for row in rows(connection, &sql, columns).await {
                shape.insert([vec![table.clone()], row].concat());
            }
        }
    }
    shape
}

async fn create<E: EntityTrait>(connection: &DatabaseConnection, entity: E) {
    let schema = Schema::new(DbBackend::Sqlite);
    connection.execute(&schema.create_table_from_entity(entity)).await.unwrap();
    for index in schema.create_index_from_entity(entity) {
        connection.execute(&index).await.unwrap();
    }
}

#[tokio::test]
async fn the_migrated_schema_is_what_the_entities_say() {
    let migrated = memory().await;
    Migrator::up(&migrated, None).await.unwrap();
    let stated = memory().await;
    create(&stated, region::Entity).await;
    create(&stated, agency::Entity).await;
    create(&stated, year::Entity).await;
    create(&stated, document::Entity).await;
    create(&stated, report::Entity).await;
    create(&stated, disclosure_item::Entity).await;
    create(&stated, request::Entity).await;
    create(&stated, review::Entity).await;
    create(&stated, lawsuit::Entity).await;
    create(&stated, section::Entity).await;
    create(&stated, finding::Entity).await;
    create(&stated, note::Entity).await;
    create(&stated, cell_state::Entity).await;
    create(&stated, data_version::Entity).await;
    create(&stated, moment::Entity).await;
    create(&stated, deadline::Entity).await;
    create(&stated, change::Entity).await;
    create(&stated, merge::Entity).await;
    create(&stated, unknown_number::Entity).await;
    create(&stated, section_sketch::Entity).await;
    create(&stated, copied_section::Entity).await;
    create(&stated, area_sum::Entity).await;
    let (migrated, stated) = (shape(&migrated).await, shape(&stated).await);
    assert_eq!(
        migrated.difference(&stated).collect::<Vec<_>>(),
        Vec::<&Vec<String>>::new(),
        "only migrated"
    );
    assert_eq!(
        stated.difference(&migrated).collect::<Vec<_>>(),
        Vec::<&Vec<String>>::new(),
        "only stated"
    );
    assert!(migrated.len() > report::Column::iter().count());
}

#[tokio::test]
async fn every_migration_goes_up_and_down_and_up_again() {
    let connection = memory().await;
    Migrator::up(&connection, None).await.unwrap();
    let up = shape(&connection).await;
    for _ in Migrator::migrations() {
        Migrator::down(&connection, Some(1)).await.unwrap();
    }
    assert_eq!(shape(&connection).await, BTreeSet::new());
    Migrator::up(&connection, None).await.unwrap();
    assert_eq!(shape(&connection).await, up);
    assert_eq!(report::Column::RequestsReceived.to_string(), "requests_received");
}

/// A database from before reports had a history: each report was one version of the data.
#[tokio::test]
async fn the_versions_of_reports_that_are_there_follow_from_their_order() {
    let connection = memory().await;
    Migrator::up(&connection, Some(14)).await.unwrap();
    let report = |id: i64, year: i64, revision: i64, is_current: bool| {
        format!(
            "INSERT INTO report (id, agency_id, year, scope, revision, is_current, region_code, agency_name, \
             document_id, imported_at, error_findings) VALUES ({id}, 'a1', {year}, 'own', {revision}, {is_current}, \
             '000000', 'A', {id}, '2026-01-0{id} 00:00:00+00:00', 0);"
        )
    };
    let document = |id: i64| {
        format!(
            "INSERT INTO document (id, sha256, media_type, bytes, imported_at) VALUES ({id}, '{id}', 'text/plain', '', '2026-01-01');"
        )
    };
    let year = |year: i64| {
        format!("INSERT INTO year VALUES ({year}, '{}-01-31', '{}-03-31');", year + 1, year + 1)
    };
    let before = [
        "INSERT INTO region VALUES ('000000', NULL, 'A', 'national');".to_owned(),
        "INSERT INTO agency VALUES ('a1', '000000', 'A', 'A', 'other', 'national');".to_owned(),
        "INSERT INTO agency VALUES ('a2', '000000', 'B', 'B', 'other', 'national');".to_owned(),
        year(2022),
        year(2023),
        (1..=3).map(document).collect(),
        report(1, 2022, 1, false),
        report(2, 2023, 1, true),
        report(3, 2022, 2, true),
        "INSERT INTO finding (id, report_id, check_id, severity, cells, message, message_zh) VALUES (1, 3, 'x', 'notice', '', '', '');".to_owned(),
        "INSERT INTO data_version VALUES (1, 'x', 3, '2026-01-03');".to_owned(),
    ];
    connection.execute_unprepared(&before.concat()).await.unwrap();
    Migrator::up(&connection, None).await.unwrap();
    for (sql, columns, expected) in [
        (
            "SELECT id, from_version, until_version FROM report",
            &["id", "from_version", "until_version"][..],
            &[["1", "1", "3"], ["2", "2", ""], ["3", "3", ""]][..],
        ),
        (
            "SELECT id, is_current, '' AS none FROM agency",
            &["id", "is_current", "none"],
            &[["a1", "1", ""], ["a2", "0", ""]],
        ),
        (
            "SELECT year, from_version, government_deadline FROM deadline",
            &["year", "from_version", "government_deadline"],
            &[["2022", "1", "2023-03-31"], ["2023", "2", "2024-03-31"]],
        ),
        (
            "SELECT version, began_at, '' AS none FROM moment",
            &["version", "began_at", "none"],
            &[
                ["1", "2026-01-01 00:00:00+00:00", ""],
                ["2", "2026-01-02 00:00:00+00:00", ""],
                ["3", "2026-01-03 00:00:00+00:00", ""],
            ],
        ),
        (
            "SELECT id, from_version, until_version FROM finding",
            &["id", "from_version", "until_version"],
            &[["1", "3", ""]],
        ),
    ] {
        let expected: BTreeSet<Vec<String>> =
            expected.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
        assert_eq!(rows(&connection, sql, columns).await, expected, "{sql}");
    }
}
