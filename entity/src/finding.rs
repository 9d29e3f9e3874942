//! Something in a report that does not agree, found by a check.

use sea_orm::entity::prelude::*;

use crate::template::Severity;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "finding")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(indexed)]
    pub report_id: i64,
    /// The check's id: `requests.flow`.
    #[sea_orm(column_name = "check_id", indexed)]
    pub check: String,
    pub severity: Severity,
    /// The addresses of the cells that disagree, separated by spaces.
    #[sea_orm(column_type = "Text")]
    pub cells: String,
    /// Both sides of the identity, as exact decimals.
    #[sea_orm(column_name = "left_side")]
    pub left: Option<String>,
    #[sea_orm(column_name = "right_side")]
    pub right: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub message: String,
    #[sea_orm(column_type = "Text")]
    pub message_zh: String,
    /// The data version from which it was known.
    pub from_version: i64,
    /// The data version from which it no longer holds: another year's report said otherwise.
    pub until_version: Option<i64>,
    #[sea_orm(belongs_to, from = "report_id", to = "id", on_delete = "Cascade")]
    pub report: BelongsTo<super::report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
