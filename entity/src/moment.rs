//! The moment at which a version of the data began: a row a version, never changed.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moment")]
pub struct Model {
    /// The data version; before 1 there was nothing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub began_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
