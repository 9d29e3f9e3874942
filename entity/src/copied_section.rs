//! A section of which half or more stands in another report too.

use sea_orm::entity::prelude::*;

use crate::template::CopiedFrom;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "copied_section")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(indexed)]
    pub report_id: i64,
    pub number: i16,
    pub copied_from: CopiedFrom,
    /// The report that has the same; its section is of the same number.
    pub source_report_id: i64,
    /// Runs of letters of this section that the other has too.
    pub shared_runs: i32,
    /// Runs of letters of this section.
    pub runs: i32,
    /// The data version from which it was known.
    pub from_version: i64,
    /// The data version from which it no longer holds: another report came, or this one's went.
    pub until_version: Option<i64>,
    #[sea_orm(belongs_to, from = "report_id", to = "id", on_delete = "Cascade")]
    pub report: BelongsTo<super::report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
