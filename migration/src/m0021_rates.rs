//! Rates as columns, and indexes in the order in which reports are asked for.
//!
//! What is stored before it the program computes when it opens the database: that which numbers are
//! unknown is found out anew, and rates with it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::planner;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A column an indicator.
const RATES: [&str; 8] = [
    "disclosure_rate",
    "denial_rate",
    "unavailable_rate",
    "not_processed_rate",
    "other_results_rate",
    "completion_rate",
    "review_correction_rate",
    "lawsuit_correction_rate",
];

/// An index of reports: its name and its columns.
type ReportIndex = (&'static str, &'static [(&'static str, IndexOrder)]);

use IndexOrder::{Asc, Desc};

/// The revision that is current stands last: nearly all are, so to begin with it would tell nothing.
const INDEXES: [ReportIndex; 3] = [
    (
        "idx-report-year-region",
        &[("year", Desc), ("region_code", Asc), ("id", Asc), ("is_current", Asc)],
    ),
    ("idx-report-region", &[("region_code", Asc), ("year", Asc), ("is_current", Asc)]),
    (
        "idx-report-received",
        &[
            ("year", Asc),
            ("requests_received", Desc),
            ("id", Asc),
            ("region_code", Asc),
            ("is_current", Asc),
        ],
    ),
];

/// What the first two were before.
const BEFORE: [ReportIndex; 2] = [
    ("idx-report-year-region", &[("is_current", Asc), ("year", Asc), ("region_code", Asc)]),
    ("idx-report-region", &[("is_current", Asc), ("region_code", Asc), ("year", Asc)]),
];

async fn create(manager: &SchemaManager<'_>, (name, columns): ReportIndex) -> Result<(), DbErr> {
    let mut index = Index::create();
    index.name(name).table("report");
    for (column, order) in columns {
        index.col((*column, order.clone()));
    }
    manager.create_index(index).await
}

async fn drop(manager: &SchemaManager<'_>, (name, _): ReportIndex) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().name(name).table("report").to_owned()).await
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for rate in RATES {
            let rate = double_null(rate);
            manager.alter_table(Table::alter().table("report").add_column(rate).take()).await?;
        }
        let anew = "DELETE FROM unknown_number; UPDATE report SET unknown_numbers = NULL";
        manager.get_connection().execute_unprepared(anew).await?;
        for index in BEFORE {
            drop(manager, index).await?;
        }
        for index in INDEXES {
            create(manager, index).await?;
        }
        planner::state(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        planner::forget(manager).await?;
        for index in INDEXES {
            drop(manager, index).await?;
        }
        for index in BEFORE {
            create(manager, index).await?;
        }
        for rate in RATES {
            manager.alter_table(Table::alter().table("report").drop_column(rate).take()).await?;
        }
        Ok(())
    }
}
