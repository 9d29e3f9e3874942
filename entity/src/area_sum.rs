//! What the current reports of a region and of all below it come to on a year: kept, so that no question
//! has to add them up.
//!
//! The sums are packed (`gongkai::cells::totals`); see `docs/design/sums.md`.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "area_sum")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_code: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    /// The consolidated report that stands for the region, where there is one.
    pub head_id: Option<i64>,
    /// The numbers of that report.
    #[sea_orm(column_type = "Blob")]
    pub head: Vec<u8>,
    /// The sum of the own reports of the region's own agencies.
    #[sea_orm(column_type = "Blob")]
    pub own: Vec<u8>,
    /// The sum of the regions right below, each by its head or, where it has none, by its own reports and
    /// what is below it.
    #[sea_orm(column_type = "Blob")]
    pub below: Vec<u8>,
    /// All current reports in the region and below it.
    pub reports: i64,
    /// Their agencies.
    pub agencies: i64,
    /// Those of them that report on no earlier year.
    pub new_agencies: i64,
}

impl ActiveModelBehavior for ActiveModel {}
