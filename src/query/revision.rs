//! Revisions of a report: each with the time for which it was current.

use entity::{change, report, template::ChangeKind};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    as_of::{self, At, moments},
    filter::filter,
    page::{Page, Paging, slice},
    report::{ReportView, row, views},
};
use crate::error::{Error, Result};

/// A revision of a report, and when it was current.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Revision")]
pub struct RevisionView {
    #[serde(flatten)]
    pub report: ReportView,
    /// The data version from which it was current.
    pub from_version: i64,
    /// When it became current, in UTC.
    #[schema(format = DateTime)]
    pub from: Option<String>,
    /// The data version from which it no longer was; null while it is current.
    pub until_version: Option<i64>,
    /// When it no longer was, in UTC.
    #[schema(format = DateTime)]
    pub until: Option<String>,
    /// What ended it; null while it is current.
    pub ended_by: Option<ChangeKind>,
}

filter! {
    /// Of which report.
    pub struct RevisionFilter {
        /// The id of any of its revisions.
        pub report: Option<String>,
        /// The data as they stood: at the end of a day (`2026-11-23`, UTC), at a time
        /// (`2026-11-23T08:00:00Z`) or at a data version (`v12`).
        #[arg(alias = "as_of")]
        #[graphql(name = "as_of")]
        pub as_of: Option<String>,
    }
}

/// The revisions of a report, newest first.
pub struct Revisions;

impl Resource for Revisions {
    const NAME: &'static str = "revisions";
    const IN_ADDRESS: &'static [&'static str] = &["report"];
    type Filter = RevisionFilter;
    type Row = RevisionView;

    fn address(filter: &RevisionFilter) -> String {
        format!("/reports/{}/revisions", filter.report.as_deref().unwrap_or_default())
    }

    async fn list(
        connection: &impl ConnectionTrait,
        RevisionFilter { report, as_of }: &RevisionFilter,
        paging: &Paging,
    ) -> Result<Page<RevisionView>> {
        if let Some(sort) = &paging.sort {
            let detail = format!("revisions are newest first, not by {sort:?}");
            return Err(Error::invalid("sort", detail));
        }
        let report = report.as_deref();
        let report = report.ok_or_else(|| Error::invalid("report", "name the report by its id"))?;
        let at = as_of::at(connection, as_of.as_deref()).await?;
        slice(revisions(connection, report, at).await?, paging)
    }
}

async fn revisions(
    connection: &impl ConnectionTrait,
    id: &str,
    at: At,
) -> Result<Vec<RevisionView>> {
    let report = row(connection, id, at).await?;
    let rows = report::Entity::find()
        .filter(report::Column::AgencyId.eq(report.agency_id))
        .filter(report::Column::Year.eq(report.year))
        .filter(report::Column::Scope.eq(report.scope))
        .filter(at.begun(report::Column::FromVersion))
        .order_by_desc(report::Column::Revision)
        .all(connection)
        .await?;
    // What was to end later was not known yet.
    let ended = |row: &report::Model| {
        row.until_version.filter(|until| match at {
            At::Now => true,
            At::Version(version) => *until <= version,
        })
    };
    let spans: Vec<(i64, i64, Option<i64>)> =
        rows.iter().map(|row| (row.id, row.from_version, ended(row))).collect();
    let versions: Vec<i64> =
        spans.iter().flat_map(|(_, from, until)| [Some(*from), *until]).flatten().collect();
    let moments = moments(connection, versions).await?;
    let ids: Vec<i64> = spans.iter().map(|(id, ..)| *id).collect();
    let corrections = change::Entity::find()
        .filter(change::Column::ReportId.is_in(ids))
        .filter(change::Column::Kind.ne(ChangeKind::Revised))
        .all(connection)
        .await?;
    let reports = views(connection, rows, &[], at).await?;
    let revision =
        |(report, (id, from_version, until_version)): (ReportView, (i64, i64, Option<i64>))| {
            let correction = corrections
                .iter()
                .find(|change| change.report_id == id && Some(change.version) == until_version);
            RevisionView {
                report,
                from_version,
                from: moments.get(&from_version).cloned(),
                until_version,
                until: until_version.and_then(|version| moments.get(&version).cloned()),
                ended_by: until_version
                    .map(|_| correction.map_or(ChangeKind::Revised, |change| change.kind)),
            }
        };
    Ok(reports.into_iter().zip(spans).map(revision).collect())
}
