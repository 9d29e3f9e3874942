//! By what sections of current reports that are nearly the same are found: each stands under a few of its
//! runs of letters, beside those that have the same, in the order of their regions.

use sea_orm::entity::prelude::*;

use crate::template::Scope;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "section_sketch")]
pub struct Model {
    /// A run of letters, of sections of this number and year.
    #[sea_orm(primary_key, auto_increment = false)]
    pub run: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_code: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: Scope,
    pub report_id: i64,
    #[sea_orm(belongs_to, from = "report_id", to = "id", on_delete = "Cascade")]
    pub report: BelongsTo<super::report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
