//! Lawsuits (行政诉讼, section 4) across agencies.

use std::collections::HashMap;

use entity::{
    lawsuit,
    template::{AppealResult, Code, LawsuitKind},
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

/// A report's lawsuits of one kind, by result. A number is null where the report prints none.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject,
)]
#[graphql(name = "Lawsuit", complex)]
pub struct LawsuitView {
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: RowHead,
    /// `direct` (未经复议直接起诉) or `after_review` (复议后起诉).
    #[schema(value_type = LawsuitKind)]
    pub lawsuit: String,
    /// Upheld (结果维持).
    pub upheld: Option<i64>,
    /// Corrected (结果纠正).
    pub corrected: Option<i64>,
    /// Other result (其他结果).
    pub other: Option<i64>,
    /// Still pending (尚未审结).
    pub pending: Option<i64>,
    /// The total as printed (总计).
    pub total: Option<i64>,
}

filter! {
    /// Which kind of lawsuit.
    pub struct LawsuitKindFilter {
        /// The kind of lawsuit: `direct` or `after_review`.
        pub lawsuit: Option<String>,
    }
}

filter_with! {
    /// Which lawsuits of which reports.
    LawsuitFilter = ReportFilter + LawsuitKindFilter
}

/// Lawsuits across agencies, one row a report and kind.
pub struct Lawsuits;

impl ReportRows for Lawsuits {
    type Entity = lawsuit::Entity;
    type View = LawsuitView;
    const REPORT_ID: lawsuit::Column = lawsuit::Column::ReportId;
    const KEY: Option<lawsuit::Column> = Some(lawsuit::Column::Kind);
    const SORT: &'static [(&'static str, lawsuit::Column)] = &[
        ("upheld", lawsuit::Column::Upheld),
        ("corrected", lawsuit::Column::Corrected),
        ("other", lawsuit::Column::Other),
        ("pending", lawsuit::Column::Pending),
        ("total", lawsuit::Column::Total),
    ];

    fn report_id(row: &lawsuit::Model) -> i64 {
        row.report_id
    }

    fn view(head: RowHead, row: lawsuit::Model) -> LawsuitView {
        let lawsuit::Model { report_id: _, kind, upheld, corrected, other, pending, total } = row;
        LawsuitView {
            head,
            lawsuit: kind.code().to_owned(),
            upheld,
            corrected,
            other,
            pending,
            total,
        }
    }
}

impl Resource for Lawsuits {
    const NAME: &'static str = "lawsuits";
    type Filter = LawsuitFilter;
    type Row = LawsuitView;

    fn label(name: &str) -> Option<Label> {
        Label::of_code::<AppealResult>(name)
    }

    async fn list(
        connection: &impl ConnectionTrait,
        LawsuitFilter { report, own: LawsuitKindFilter { lawsuit } }: &LawsuitFilter,
        paging: &Paging,
    ) -> Result<Page<LawsuitView>> {
        let mut own = Condition::all();
        if let Some(kinds) = lawsuit {
            own = own.add(lawsuit::Column::Kind.is_in(codes::<LawsuitKind>("lawsuit", kinds)?));
        }
        row::list::<Self>(connection, report, own, paging).await
    }
}

/// The lawsuits of reports, by the reports' row ids.
///
/// # Errors
/// What the database says.
pub async fn by_reports(
    connection: &impl ConnectionTrait,
    report_ids: &[i64],
    at: At,
) -> Result<HashMap<i64, Vec<LawsuitView>>> {
    row::by_reports::<Lawsuits>(connection, report_ids, Condition::all(), at).await
}
