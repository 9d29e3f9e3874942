//! A numbered section of a report: its prose.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "section")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i16,
    pub heading: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    #[sea_orm(belongs_to, from = "report_id", to = "id", on_delete = "Cascade")]
    pub report: BelongsTo<super::report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Above every section's number.
pub const NUMBERS: i64 = 100;

/// A section's id in `section_index`.
#[must_use]
pub const fn index_id(report_id: i64, number: i16) -> i64 {
    report_id * NUMBERS + number as i64
}
