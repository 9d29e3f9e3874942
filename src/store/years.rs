//! Findings across years: kept true whichever of two years' reports comes, changes or goes.

use entity::{finding, report, template::Scope};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use super::report::finding_row;
use crate::{
    check::{self, Finding, Numbers},
    error::Result,
    query::canonical,
};

/// An agency's report on a year in a scope: what a revision replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub agency_id: String,
    pub year: i32,
    pub scope: Scope,
}

impl Place {
    pub fn of(row: &report::Model) -> Self {
        Self { agency_id: row.agency_id.clone(), year: row.year, scope: row.scope }
    }
}

/// Checks anew what a report that came or went says of the year before, and the year after of it.
pub async fn recheck(connection: &impl ConnectionTrait, place: &Place, version: i64) -> Result<()> {
    let current = around(connection, place).await?;
    let id_of = |year: i32| current.iter().find(|(of, _)| *of == year).map(|(_, id)| *id);
    let pairs = [place.year, place.year + 1].map(|year| (year, id_of(year), id_of(year - 1)));
    let ids: Vec<i64> = current.iter().map(|(_, id)| *id).collect();
    // Alone, a report has nothing to be compared with, nor had it before, where it is new.
    let cells = match ids.len() {
        0 | 1 => Default::default(),
        _ => canonical::cells(connection, &ids).await?,
    };
    for (year, this, last) in pairs {
        let Some(this) = this else { continue };
        let numbers = |year, id: Option<i64>| Some(Numbers { year, cells: cells.get(&id?)? });
        let both = numbers(year, Some(this)).zip(numbers(year - 1, last));
        let findings = both.map_or_else(Vec::new, |(this, last)| check::across_years(this, last));
        let checks = check::across_years_ids();
        replace(connection, this, checks, &findings, version).await?;
    }
    Ok(())
}

/// The current reports of an agency and scope on a year, the one before and the one after, by year.
pub(super) async fn around(
    connection: &impl ConnectionTrait,
    place: &Place,
) -> Result<Vec<(i32, i64)>> {
    let current = report::Entity::find()
        .select_only()
        .columns([report::Column::Year, report::Column::Id])
        .filter(report::Column::AgencyId.eq(&place.agency_id))
        .filter(report::Column::Scope.eq(place.scope))
        .filter(report::Column::Year.between(place.year - 1, place.year + 1))
        .filter(report::Column::IsCurrent.eq(true))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(current)
}

/// Ends the findings of these checks that no longer hold, and adds those that now do.
pub(super) async fn replace(
    connection: &impl ConnectionTrait,
    report_id: i64,
    checks: impl Iterator<Item = &'static str>,
    findings: &[Finding],
    version: i64,
) -> Result<()> {
    let known = finding::Entity::find()
        .filter(finding::Column::ReportId.eq(report_id))
        .filter(finding::Column::Check.is_in(checks))
        .filter(finding::Column::UntilVersion.is_null())
        .order_by_asc(finding::Column::Id)
        .all(connection)
        .await?;
    let says = |row: &finding::Model, finding: &Finding| {
        row.check == finding.check && row.message == finding.message
    };
    let ended: Vec<i64> = known
        .iter()
        .filter(|row| !findings.iter().any(|finding| says(row, finding)))
        .map(|row| row.id)
        .collect();
    if !ended.is_empty() {
        finding::Entity::update_many()
            .col_expr(finding::Column::UntilVersion, Expr::value(version))
            .filter(finding::Column::Id.is_in(ended))
            .exec(connection)
            .await?;
    }
    let new = findings.iter().filter(|finding| !known.iter().any(|row| says(row, finding)));
    let rows: Vec<_> = new.map(|finding| finding_row(report_id, finding, version)).collect();
    finding::Entity::insert_many(rows).exec_without_returning(connection).await?;
    Ok(())
}
