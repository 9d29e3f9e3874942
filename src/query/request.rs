//! Requests: the rows of the requests matrix (section 3) across agencies.

use std::collections::HashMap;

use entity::{
    request,
    template::{Applicant, Code, RequestRow},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    as_of::At,
    filter::{codes, filter},
    label::Label,
    page::{Page, Paging},
    row::{self, ReportRows, RowHead, filter_with},
};
use crate::error::Result;

/// A row of a report's requests matrix: how many requests of each kind of applicant had this outcome.
/// A number is null where the report prints none.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject,
)]
#[graphql(name = "Request", complex)]
pub struct RequestView {
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: RowHead,
    /// The row's code: `received`, `granted`, `denied_state_secret`, …; `/template/2021` lists them.
    #[schema(value_type = RequestRow)]
    pub row: String,
    /// Natural persons (自然人).
    pub natural_person: Option<i64>,
    /// Commercial enterprises (商业企业).
    pub commercial_enterprise: Option<i64>,
    /// Research institutions (科研机构).
    pub research_institution: Option<i64>,
    /// Public welfare organizations (社会公益组织).
    pub public_welfare_organization: Option<i64>,
    /// Legal service organizations (法律服务机构).
    pub legal_service_organization: Option<i64>,
    /// Other organizations (其他).
    pub other: Option<i64>,
    /// The total as printed (总计).
    pub total: Option<i64>,
}

filter! {
    /// Which rows of the requests matrix.
    pub struct RowFilter {
        /// The row's code: `received`, `granted`, `denied_enforcement_files`, …; several separated by
        /// commas; `/template/2021` lists them.
        pub row: Option<String>,
    }
}

filter_with! {
    /// Which rows of which reports.
    RequestFilter = ReportFilter + RowFilter
}

/// The rows of the requests matrix across agencies.
pub struct Requests;

impl ReportRows for Requests {
    type Entity = request::Entity;
    type View = RequestView;
    const REPORT_ID: request::Column = request::Column::ReportId;
    const KEY: Option<request::Column> = Some(request::Column::Row);
    const SORT: &'static [(&'static str, request::Column)] = &[
        ("row", request::Column::Row),
        ("natural_person", request::Column::NaturalPerson),
        ("commercial_enterprise", request::Column::CommercialEnterprise),
        ("research_institution", request::Column::ResearchInstitution),
        ("public_welfare_organization", request::Column::PublicWelfareOrganization),
        ("legal_service_organization", request::Column::LegalServiceOrganization),
        ("other", request::Column::Other),
        ("total", request::Column::Total),
    ];

    fn report_id(row: &request::Model) -> i64 {
        row.report_id
    }

    fn view(head: RowHead, row: request::Model) -> RequestView {
        RequestView {
            head,
            row: row.row.code().to_owned(),
            natural_person: row.natural_person,
            commercial_enterprise: row.commercial_enterprise,
            research_institution: row.research_institution,
            public_welfare_organization: row.public_welfare_organization,
            legal_service_organization: row.legal_service_organization,
            other: row.other,
            total: row.total,
        }
    }
}

impl Resource for Requests {
    const NAME: &'static str = "requests";
    type Filter = RequestFilter;
    type Row = RequestView;

    fn label(name: &str) -> Option<Label> {
        Label::of_code::<Applicant>(name)
    }

    async fn list(
        connection: &impl ConnectionTrait,
        RequestFilter { report, own: RowFilter { row } }: &RequestFilter,
        paging: &Paging,
    ) -> Result<Page<RequestView>> {
        let mut own = Condition::all();
        if let Some(rows) = row {
            own = own.add(request::Column::Row.is_in(codes::<RequestRow>("row", rows)?));
        }
        row::list::<Self>(connection, report, own, paging).await
    }
}

/// The rows of reports, by the reports' row ids.
///
/// # Errors
/// What the database says.
pub async fn by_reports(
    connection: &impl ConnectionTrait,
    report_ids: &[i64],
    at: At,
) -> Result<HashMap<i64, Vec<RequestView>>> {
    row::by_reports::<Requests>(connection, report_ids, Condition::all(), at).await
}
