//! The days a year's reports were due, from a version of the data on: a row a change of them.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deadline")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    /// The data version from which they held.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_version: i64,
    pub agency_deadline: Date,
    pub government_deadline: Date,
    #[sea_orm(belongs_to, from = "year", to = "year")]
    pub report_year: BelongsTo<super::year::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
