//! When each report was current: version ranges, and the moment each version began.
//!
//! Until now every report stored was one version of the data, so the versions of those that are there
//! follow from their order.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Columns added, with their tables.
fn columns() -> Vec<(&'static str, &'static str, ColumnDef)> {
    let from = || big_integer("from_version").default(0).take();
    let until = || big_integer_null("until_version");
    vec![
        ("report", "from_version", from()),
        ("report", "until_version", until()),
        ("finding", "from_version", from()),
        ("finding", "until_version", until()),
        ("agency", "is_current", boolean("is_current").default(false).take()),
    ]
}

/// What is known of the versions of a database from before.
const FILL: [&str; 6] = [
    "UPDATE report SET from_version = (SELECT numbered.version FROM (SELECT id, row_number() OVER (ORDER BY id) AS version FROM report) AS numbered WHERE numbered.id = report.id)",
    "UPDATE report SET until_version = (SELECT min(later.from_version) FROM report AS later WHERE later.agency_id = report.agency_id AND later.year = report.year AND later.scope = report.scope AND later.revision > report.revision)",
    "UPDATE finding SET from_version = (SELECT report.from_version FROM report WHERE report.id = finding.report_id)",
    "UPDATE agency SET is_current = EXISTS (SELECT 1 FROM report WHERE report.agency_id = agency.id AND report.is_current)",
    "INSERT INTO moment (version, began_at) SELECT from_version, imported_at FROM report",
    "INSERT INTO deadline (year, from_version, agency_deadline, government_deadline) SELECT year.year, min(report.from_version), agency_deadline, government_deadline FROM year JOIN report ON report.year = year.year GROUP BY year.year, agency_deadline, government_deadline",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, _, column) in columns() {
            manager.alter_table(Table::alter().table(table).add_column(column).take()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("moment")
                    .col(big_integer("version").primary_key())
                    .col(timestamp_with_time_zone("began_at"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("deadline")
                    .col(integer("year"))
                    .col(big_integer("from_version"))
                    .col(date("agency_deadline"))
                    .col(date("government_deadline"))
                    .primary_key(Index::create().col("year").col("from_version"))
                    .foreign_key(ForeignKey::create().from("deadline", "year").to("year", "year"))
                    .take(),
            )
            .await?;
        let fill = FILL.join(";\n");
        manager.get_connection().execute_unprepared(&fill).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("deadline").take()).await?;
        manager.drop_table(Table::drop().table("moment").take()).await?;
        for (table, name, _) in columns() {
            manager.alter_table(Table::alter().table(table).drop_column(name).take()).await?;
        }
        Ok(())
    }
}
