//! Findings: what does not agree, across agencies.

use std::collections::HashMap;

use entity::{
    finding,
    template::{Code, Severity},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    as_of::At,
    filter::{codes, filter},
    page::{Page, Paging},
    row::{self, ReportRows, RowHead, filter_with},
};
use crate::{
    canonical,
    check::{CHECKS, Check},
    error::{Error, Result, nearest},
};

/// Something in a report that does not agree. It never changes a number: the record shows what the
/// agency printed, and that it does not add up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Finding", complex)]
pub struct FindingView {
    /// The finding's id.
    #[graphql(skip)]
    pub id: String,
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: RowHead,
    #[serde(flatten)]
    #[graphql(flatten)]
    pub finding: canonical::Finding,
}

filter! {
    /// Which findings.
    pub struct CheckFilter {
        /// The check that found it: `requests.flow`, `requests.results`, …; several separated by commas;
        /// `/template/2021` lists them.
        pub check: Option<String>,
        /// How much it weighs: `error`, `warning` or `notice`; several separated by commas.
        pub severity: Option<String>,
    }
}

filter_with! {
    /// Which findings in which reports.
    FindingFilter = ReportFilter + CheckFilter
}

/// Findings across agencies.
pub struct Findings;

impl ReportRows for Findings {
    type Entity = finding::Entity;
    type View = FindingView;
    const REPORT_ID: finding::Column = finding::Column::ReportId;
    const KEY: Option<finding::Column> = Some(finding::Column::Id);
    const SORT: &'static [(&'static str, finding::Column)] = &[("check", finding::Column::Check)];

    fn report_id(row: &finding::Model) -> i64 {
        row.report_id
    }

    fn view(head: RowHead, row: finding::Model) -> FindingView {
        FindingView { id: format!("f{}", row.id), head, finding: row.into() }
    }
}

impl From<finding::Model> for canonical::Finding {
    fn from(row: finding::Model) -> Self {
        let side = |text: Option<String>| text.and_then(|text| text.parse().ok());
        Self {
            check: row.check,
            severity: row.severity,
            cells: row.cells.split_whitespace().map(str::to_owned).collect(),
            left: side(row.left),
            right: side(row.right),
            message: row.message,
            message_zh: row.message_zh,
        }
    }
}

impl Resource for Findings {
    const NAME: &'static str = "findings";
    type Filter = FindingFilter;
    type Row = FindingView;

    async fn list(
        connection: &impl ConnectionTrait,
        FindingFilter { report, own: CheckFilter { check, severity } }: &FindingFilter,
        paging: &Paging,
    ) -> Result<Page<FindingView>> {
        let at = report.at(connection).await?;
        let mut own = Condition::all();
        let checks = check.as_deref().map(|checks| {
            checks.split(',').map(known_check).collect::<Result<Vec<&'static Check>>>()
        });
        let checks = checks.transpose()?;
        if let Some(checks) = &checks {
            own = own.add(finding::Column::Check.is_in(checks.iter().map(|check| check.id)));
        }
        if let Some(severities) = severity {
            let severities = codes::<Severity>("severity", severities)?;
            if let Some(checks) = checks
                .filter(|checks| !checks.iter().any(|check| severities.contains(&check.severity)))
            {
                let of_checks = checks.iter().map(|check| check.severity.code());
                return Err(Error::invalid("severity", "none of the checks is of this severity")
                    .allowed(of_checks));
            }
            own = own.add(finding::Column::Severity.is_in(severities));
        }
        // What was found by then is no part of the question, which has a cursor in every version.
        let reports = (report, report.condition(at)?.add(at.findings()));
        row::of_reports::<Self>(connection, reports, own, paging, at).await
    }
}

fn known_check(id: &str) -> Result<&'static Check> {
    let known = || CHECKS.iter().map(|check| check.id);
    if let Some(check) = CHECKS.iter().find(|check| check.id == id) {
        return Ok(check);
    }
    let hint =
        nearest(id, known()).map(|hint| format!("; did you mean {hint}?")).unwrap_or_default();
    Err(Error::invalid("check", format!("{id:?} is no check{hint}")).allowed(known()))
}

/// The findings in reports, in the order of the checks, by the reports' row ids.
///
/// # Errors
/// What the database says.
pub async fn by_reports(
    connection: &impl ConnectionTrait,
    report_ids: &[i64],
    at: At,
) -> Result<HashMap<i64, Vec<FindingView>>> {
    let held = at.findings();
    let mut findings = row::by_reports::<Findings>(connection, report_ids, held, at).await?;
    // One that another year's report brought came later, and stands where its check does.
    let place = |view: &FindingView| CHECKS.iter().position(|check| check.id == view.finding.check);
    for findings in findings.values_mut() {
        findings.sort_by_key(place);
    }
    Ok(findings)
}

/// A finding that holds, by its id.
///
/// # Errors
/// What the database says.
pub async fn get(connection: &impl ConnectionTrait, id: &str) -> Result<Option<FindingView>> {
    let at = At::Now;
    let Some(row_id) = id.strip_prefix('f').and_then(|number| number.parse::<i64>().ok()) else {
        return Ok(None);
    };
    let held = finding::Entity::find_by_id(row_id).filter(at.findings());
    let Some(row) = held.one(connection).await? else {
        return Ok(None);
    };
    let head = row::heads(connection, [row.report_id], at).await?.remove(&row.report_id);
    Ok(Some(Findings::view(head.unwrap_or_default(), row)))
}

/// The findings in a report, in the order of the checks.
///
/// # Errors
/// `not_found`.
pub async fn of_report(
    connection: &impl ConnectionTrait,
    report_id: &str,
    at: At,
) -> Result<Vec<FindingView>> {
    let report = super::report::row(connection, report_id, at).await?;
    Ok(by_reports(connection, &[report.id], at).await?.remove(&report.id).unwrap_or_default())
}
