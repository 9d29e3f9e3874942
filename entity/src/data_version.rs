//! The version of the data: one row, one more with every change.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_version")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i16,
    /// Tells this database from any other, so that an ETag of one never fits another.
    pub instance: String,
    pub version: i64,
    pub changed_at: DateTimeUtc,
    /// What the rows of `area_sum` are made of, by its fingerprint; null where they were never made.
    pub area_sums_of: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
