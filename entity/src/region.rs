//! A region: province, prefecture, county or township, or the whole country.

use sea_orm::entity::prelude::*;

use crate::template::Level;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "region")]
pub struct Model {
    /// Six digits, nine for a township; `000000` for the whole country.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    #[sea_orm(indexed)]
    pub parent_code: Option<String>,
    pub name: String,
    pub level: Level,
    #[sea_orm(self_ref, relation_enum = "Parent", from = "parent_code", to = "code")]
    pub parent: BelongsTo<Option<Entity>>,
    #[sea_orm(has_many)]
    pub agencies: HasMany<super::agency::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
