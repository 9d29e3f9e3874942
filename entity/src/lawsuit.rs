//! A report's lawsuits (行政诉讼) of one kind, by result.

use sea_orm::entity::prelude::*;

use crate::template::LawsuitKind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lawsuit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_id: i64,
    /// The kind's number in the form.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: LawsuitKind,
    pub upheld: Option<i64>,
    pub corrected: Option<i64>,
    pub other: Option<i64>,
    pub pending: Option<i64>,
    pub total: Option<i64>,
    #[sea_orm(belongs_to, from = "report_id", to = "id", on_delete = "Cascade")]
    pub report: BelongsTo<super::report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
