//! An item of a report's section 2, with the measures its template has for it.

use sea_orm::entity::prelude::*;

use crate::template::Item;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "disclosure_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_id: i64,
    /// The item's number in the form.
    #[sea_orm(primary_key, auto_increment = false)]
    pub item: Item,
    pub issued: Option<i64>,
    pub repealed: Option<i64>,
    pub in_force: Option<i64>,
    pub newly_made: Option<i64>,
    pub newly_disclosed: Option<i64>,
    pub total_disclosed: Option<i64>,
    pub previous_items: Option<i64>,
    pub change: Option<i64>,
    pub decisions: Option<i64>,
    pub projects: Option<i64>,
    /// Money in millionths of a CNY: exact, where SQLite would keep a decimal as a binary float.
    pub amount_micro_cny: Option<i64>,
    /// The amount as the document prints it, unit included.
    pub amount_printed: Option<String>,
    #[sea_orm(belongs_to, from = "report_id", to = "id", on_delete = "Cascade")]
    pub report: BelongsTo<super::report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
