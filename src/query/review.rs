//! Reviews: administrative reviews (行政复议, section 4) across agencies.

use std::collections::HashMap;

use entity::{review, template::AppealResult};
use sea_orm::{Condition, ConnectionTrait};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    as_of::At,
    filter::ReportFilter,
    label::Label,
    page::{Page, Paging},
    row::{self, ReportRows, RowHead},
};
use crate::error::Result;

/// A report's administrative reviews, by result. A number is null where the report prints none.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject,
)]
#[graphql(name = "Review", complex)]
pub struct ReviewView {
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: RowHead,
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

/// Administrative reviews across agencies, one row a report.
pub struct Reviews;

impl ReportRows for Reviews {
    type Entity = review::Entity;
    type View = ReviewView;
    const REPORT_ID: review::Column = review::Column::ReportId;
    const KEY: Option<review::Column> = None;
    const SORT: &'static [(&'static str, review::Column)] = &[
        ("upheld", review::Column::Upheld),
        ("corrected", review::Column::Corrected),
        ("other", review::Column::Other),
        ("pending", review::Column::Pending),
        ("total", review::Column::Total),
    ];

    fn report_id(row: &review::Model) -> i64 {
        row.report_id
    }

    fn view(head: RowHead, row: review::Model) -> ReviewView {
        let review::Model { report_id: _, upheld, corrected, other, pending, total } = row;
        ReviewView { head, upheld, corrected, other, pending, total }
    }
}

impl Resource for Reviews {
    const NAME: &'static str = "reviews";
    type Filter = ReportFilter;
    type Row = ReviewView;

    fn label(name: &str) -> Option<Label> {
        Label::of_code::<AppealResult>(name)
    }

    async fn list(
        connection: &impl ConnectionTrait,
        filter: &ReportFilter,
        paging: &Paging,
    ) -> Result<Page<ReviewView>> {
        row::list::<Self>(connection, filter, Condition::all(), paging).await
    }
}

/// The reviews of reports, by the reports' row ids.
///
/// # Errors
/// What the database says.
pub async fn by_reports(
    connection: &impl ConnectionTrait,
    report_ids: &[i64],
    at: At,
) -> Result<HashMap<i64, Vec<ReviewView>>> {
    row::by_reports::<Reviews>(connection, report_ids, Condition::all(), at).await
}
