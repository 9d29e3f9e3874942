//! An agency that reports.

use sea_orm::entity::prelude::*;

use crate::template::{AgencyKind, Level};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agency")]
pub struct Model {
    /// Made from region code and own name, so the same on every instance.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    #[sea_orm(unique_key = "own_name")]
    pub region_code: String,
    /// The name without its region's chain of names.
    #[sea_orm(unique_key = "own_name")]
    pub own_name: String,
    /// The full name as the newest report writes it.
    pub name: String,
    pub kind: AgencyKind,
    pub level: Level,
    /// Whether it has a current report, and so stands in lists.
    pub is_current: bool,
    #[sea_orm(belongs_to, from = "region_code", to = "code")]
    pub region: BelongsTo<super::region::Entity>,
    #[sea_orm(has_many)]
    pub reports: HasMany<super::report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
