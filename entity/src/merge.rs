//! An agency that turned out to be another: its reports moved there, its id leads there.
//!
//! Where the other is merged in turn, the row ends and one that leads on begins: at any version an id
//! leads to one agency, in one step.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "merge")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(indexed)]
    pub from_id: String,
    #[sea_orm(indexed)]
    pub into_id: String,
    /// The data version from which the id leads there.
    pub from_version: i64,
    /// The data version from which it no longer does.
    pub until_version: Option<i64>,
    #[sea_orm(belongs_to, relation_enum = "From", from = "from_id", to = "id")]
    pub from: BelongsTo<super::agency::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Into", from = "into_id", to = "id")]
    pub into: BelongsTo<super::agency::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
