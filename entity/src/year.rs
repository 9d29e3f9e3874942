//! A report year and the days its reports are due.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "year")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    /// The last day for agencies (Article 49).
    pub agency_deadline: Date,
    /// The last day for local governments' reports on their whole area (Article 49).
    pub government_deadline: Date,
    #[sea_orm(has_many)]
    pub reports: HasMany<super::report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
