//! Revisions of a report: each with the time for which it was current.

use std::collections::HashMap;

use entity::{change, report, template::ChangeKind};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
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
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let ended = ended(connection, &ids, at).await?;
    let spans: Vec<(i64, Option<(ChangeKind, i64)>)> =
        rows.iter().map(|row| (row.from_version, ended.get(&row.id).copied())).collect();
    let versions = spans.iter().flat_map(|(from, end)| [Some(*from), end.map(|(_, until)| until)]);
    let moments = moments(connection, versions.flatten().collect::<Vec<_>>()).await?;
    let reports = views(connection, rows, &[], at).await?;
    let revision =
        |(report, (from_version, end)): (ReportView, (i64, Option<(ChangeKind, i64)>))| {
            let until_version = end.map(|(_, until)| until);
            RevisionView {
                report,
                from_version,
                from: moments.get(&from_version).cloned(),
                until_version,
                until: until_version.and_then(|version| moments.get(&version).cloned()),
                ended_by: end.map(|(by, _)| by),
            }
        };
    Ok(reports.into_iter().zip(spans).map(revision).collect())
}

/// What ended reports that no longer stand, and the version of the data from which they did not, by their row
/// ids.
pub(super) async fn ended(
    connection: &impl ConnectionTrait,
    row_ids: &[i64],
    at: At,
) -> Result<HashMap<i64, (ChangeKind, i64)>> {
    let ids = || row_ids.iter().copied();
    let until = report::Column::UntilVersion;
    // What was to end later was not known yet.
    let has_ended = match at {
        At::Now => until.is_not_null(),
        At::Version(version) => until.lte(version),
    };
    let rows: Vec<(i64, i64)> = report::Entity::find()
        .select_only()
        .columns([report::Column::Id, until])
        .filter(report::Column::Id.is_in(ids()))
        .filter(has_ended)
        .into_tuple()
        .all(connection)
        .await?;
    let corrections = change::Entity::find()
        .filter(change::Column::ReportId.is_in(ids()))
        .filter(change::Column::Kind.ne(ChangeKind::Revised))
        .all(connection)
        .await?;
    let end = |(id, until): (i64, i64)| {
        let correction =
            corrections.iter().find(|change| change.report_id == id && change.version == until);
        (id, (correction.map_or(ChangeKind::Revised, |change| change.kind), until))
    };
    Ok(rows.into_iter().map(end).collect())
}
