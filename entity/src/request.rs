//! A row of a report's requests matrix: how many applicants of each kind.

use sea_orm::entity::prelude::*;

use crate::template::RequestRow;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_id: i64,
    /// The row's number in the form.
    #[sea_orm(primary_key, auto_increment = false)]
    pub row: RequestRow,
    pub natural_person: Option<i64>,
    pub commercial_enterprise: Option<i64>,
    pub research_institution: Option<i64>,
    pub public_welfare_organization: Option<i64>,
    pub legal_service_organization: Option<i64>,
    pub other: Option<i64>,
    pub total: Option<i64>,
    #[sea_orm(belongs_to, from = "report_id", to = "id", on_delete = "Cascade")]
    pub report: BelongsTo<super::report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
