//! A number of a report that is unknown: a sum over reports leaves the report out of it.
//!
//! A number that is not printed counts as 0 in a sum, unless it stands here: see "A missing number is
//! not a zero" in `docs/template.md`.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unknown_number")]
pub struct Model {
    /// The measure's code: `requests.granted.other`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub measure: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_id: i64,
    #[sea_orm(belongs_to, from = "report_id", to = "id", on_delete = "Cascade")]
    pub report: BelongsTo<super::report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
