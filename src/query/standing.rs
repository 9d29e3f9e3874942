//! Who is expected to report on a year, and how each stands: the tree of regions and the record, joined
//! in memory.
//!
//! Expected on a year are the governments of the tree of regions, and every agency that reported on that
//! year or an earlier one. A report that was withdrawn is none. Three statements, however many years and
//! agencies.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use entity::{
    agency, report,
    template::{AgencyKind, Level, Scope},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
};
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use super::{
    as_of::{self, At},
    filter::{AgencyFilter, ReportFilter, codes, filter, prefix, values},
    span::{in_years, years},
    year::Due,
};
use crate::{error::Result, regions};

filter! {
    /// Whose reports are expected, and on which years.
    pub struct ExpectedFilter {
        /// A region's code: the area and all below it. `370323` is a county with its townships, `370000` a
        /// province; several separated by commas.
        pub region: Option<String>,
        /// An agency's id; several separated by commas.
        pub agency: Option<String>,
        /// A report year that is over: `2023`; a span: `2019..2023`; several separated by commas:
        /// `2021,2023`. Where it is not said, every year on which a report is in.
        pub year: Option<String>,
        /// The kind of agency: `government`, `department`, `township_government`, `subdistrict_office`,
        /// `other`; several separated by commas.
        pub kind: Option<String>,
        /// The agency's level: `national`, `province`, `prefecture`, `county`, `township`; several
        /// separated by commas.
        pub level: Option<String>,
        /// Part of the agency's name, in Chinese.
        pub q: Option<String>,
        /// The data as they stood: at the end of a day (`2026-11-23`, UTC), at a time
        /// (`2026-11-23T08:00:00Z`) or at a data version (`v12`).
        #[arg(alias = "as_of")]
        #[graphql(name = "as_of")]
        pub as_of: Option<String>,
    }
}

impl ExpectedFilter {
    pub(super) async fn at(&self, connection: &impl ConnectionTrait) -> Result<At> {
        as_of::at(connection, self.as_of.as_deref()).await
    }

    /// The years asked for, from the first to the last; where none is, all on which a report is in.
    pub(super) fn years(&self, due: &BTreeMap<i32, Due>) -> Result<Vec<i32>> {
        let Some(text) = self.year.as_deref() else { return Ok(due.keys().copied().collect()) };
        let mut asked: Vec<i32> = years(text)?.into_iter().flatten().collect();
        asked.sort_unstable();
        asked.dedup();
        Ok(asked)
    }
}

/// How an agency stands on a year. The first three have reported.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    ToSchema,
    async_graphql::Enum,
)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "ExpectedReportState", rename_items = "snake_case")]
pub enum State {
    /// Reported, and the report does not say when it was published.
    Undated,
    /// Reported by the last day.
    OnTime,
    /// Reported, and one of its reports was published after its last day.
    Late,
    /// Has not reported.
    #[default]
    Missing,
}

/// Who is expected to report.
pub(super) struct Reporter {
    /// The agency's id; none for a government of the tree of which no report is in.
    pub id: Option<String>,
    /// The full name of a government of the tree of which no report is in.
    pub office: Option<String>,
    pub region_code: String,
    pub kind: AgencyKind,
    pub level: Level,
    /// The first year it reported on.
    first_year: Option<i32>,
    /// Whether the tree of regions has it, so that it is expected on every year.
    is_in_tree: bool,
}

impl Reporter {
    /// Where it stands among those of a year.
    pub(super) fn place(&self) -> (&str, &str) {
        (&self.region_code, self.id.as_deref().unwrap_or_default())
    }
}

/// A report that is in, or the one of several by which its agency is judged.
#[derive(Clone, Copy)]
pub(super) struct Filed {
    pub row_id: i64,
    scope: Scope,
    pub published_on: Option<NaiveDate>,
    state: State,
}

/// Somebody expected to report on a year.
pub(super) struct Standing<'a> {
    /// Its number among the reporters.
    pub number: usize,
    pub reporter: &'a Reporter,
    pub state: State,
    pub filed: Option<Filed>,
    /// The last day: of the report that is in, else of the one that is missing.
    pub deadline: Option<NaiveDate>,
    /// Whether it reported for the first time, and is not in the tree.
    pub is_new: bool,
    /// Whether it had reported on an earlier year.
    pub reported_before: bool,
}

/// Everybody who is expected to report, in the order of regions, and what is in of some years.
pub(super) struct Expected<'a> {
    reporters: Vec<Reporter>,
    filed: HashMap<(usize, i32), Filed>,
    due: &'a BTreeMap<i32, Due>,
}

impl<'a> Expected<'a> {
    /// Reads who is expected, and what is in of these years.
    ///
    /// # Errors
    /// `invalid_parameter`; what the database says.
    pub(super) async fn read(
        connection: &impl ConnectionTrait,
        filter: &ExpectedFilter,
        at: At,
        years: &[i32],
        due: &'a BTreeMap<i32, Due>,
    ) -> Result<Self> {
        // The years are those that the caller reads.
        let ExpectedFilter { region, agency, year: _, kind, level, q, as_of: _ } = filter.clone();
        let who = ReportFilter { region, kind, level, ..ReportFilter::default() }.condition(at)?;
        let agencies: Vec<(String, String, AgencyKind, Level, i32)> = report::Entity::find()
            .select_only()
            .column(report::Column::AgencyId)
            .columns([agency::Column::RegionCode, agency::Column::Kind, agency::Column::Level])
            .column_as(report::Column::Year.min(), "first_year")
            .join(JoinType::InnerJoin, report::Relation::Agency.def())
            .filter(who.clone())
            .group_by(report::Column::AgencyId)
            .group_by(agency::Column::RegionCode)
            .group_by(agency::Column::Kind)
            .group_by(agency::Column::Level)
            .into_tuple()
            .all(connection)
            .await?;
        let reporter = |(id, region_code, kind, level, first_year)| Reporter {
            id: Some(id),
            office: None,
            region_code,
            kind,
            level,
            first_year: Some(first_year),
            is_in_tree: false,
        };
        let mut reporters = with_tree(agencies.into_iter().map(reporter).collect(), filter)?;
        if agency.is_some() || q.is_some() {
            let named = AgencyFilter { agency, q, ..AgencyFilter::default() };
            let ids: Vec<String> = agency::Entity::find()
                .select_only()
                .column(agency::Column::Id)
                .filter(named.condition(at)?)
                .into_tuple()
                .all(connection)
                .await?;
            retain_named(&mut reporters, &ids.into_iter().collect(), filter);
        }
        reporters.sort_by(|one, other| one.place().cmp(&other.place()));
        let mut expected = Self { reporters, filed: HashMap::new(), due };
        if let (Some(first), Some(last)) = (years.iter().min(), years.iter().max()) {
            let span = in_years(&format!("{first}..{last}"), report::Column::Year)?;
            let reports: Vec<(i64, String, i32, Scope, Option<NaiveDate>)> = report::Entity::find()
                .select_only()
                .columns([
                    report::Column::Id,
                    report::Column::AgencyId,
                    report::Column::Year,
                    report::Column::Scope,
                    report::Column::PublishedOn,
                ])
                .filter(who)
                .filter(span)
                .into_tuple()
                .all(connection)
                .await?;
            expected.file(reports);
        }
        Ok(expected)
    }

    /// Puts each report to its agency and year; of several, the one by which the agency is judged.
    fn file(&mut self, reports: Vec<(i64, String, i32, Scope, Option<NaiveDate>)>) {
        let numbers = self.reporters.iter().enumerate();
        let numbers: HashMap<&str, usize> = numbers
            .filter_map(|(number, reporter)| Some((reporter.id.as_deref()?, number)))
            .collect();
        for (row_id, agency_id, year, scope, published_on) in reports {
            let Some(&number) = numbers.get(agency_id.as_str()) else { continue };
            let due = self.due.get(&year).map(|due| due.of(scope));
            let state = match published_on.zip(due) {
                None => State::Undated,
                Some((published, due)) if published > due => State::Late,
                Some(_) => State::OnTime,
            };
            let filed = Filed { row_id, scope, published_on, state };
            let weight = |filed: &Filed| (filed.state, filed.scope == Scope::Consolidated);
            let known = self.filed.entry((number, year)).or_insert(filed);
            if weight(&filed) > weight(known) {
                *known = filed;
            }
        }
    }

    /// Who is expected on a year, in the order of regions.
    pub(super) fn on(&self, year: i32) -> impl Iterator<Item = Standing<'_>> {
        (0..self.reporters.len()).filter_map(move |number| self.standing(number, year))
    }

    /// How a reporter stands on a year on which it is expected.
    fn standing(&self, number: usize, year: i32) -> Option<Standing<'_>> {
        let reporter = &self.reporters[number];
        let began = reporter.first_year;
        if !reporter.is_in_tree && began.is_none_or(|first| first > year) {
            return None;
        }
        let filed = self.filed.get(&(number, year)).copied();
        let scope = filed.map_or(scope_due(reporter.kind), |filed| filed.scope);
        Some(Standing {
            number,
            state: filed.map_or(State::Missing, |filed| filed.state),
            filed,
            deadline: self.due.get(&year).map(|due| due.of(scope)),
            is_new: !reporter.is_in_tree && began == Some(year),
            reported_before: began.is_some_and(|first| first < year),
            reporter,
        })
    }

    pub(super) fn reporters(&self) -> &[Reporter] {
        &self.reporters
    }
}

/// Which report is expected of an agency that has handed in none: of a government the one on its area.
const fn scope_due(kind: AgencyKind) -> Scope {
    match kind {
        AgencyKind::Government => Scope::Consolidated,
        _ => Scope::Own,
    }
}

/// The agencies, and the governments of the tree that the filter asks about. Where several agencies are of
/// the kind and region of one government, the first that reported is it.
fn with_tree(mut reporters: Vec<Reporter>, filter: &ExpectedFilter) -> Result<Vec<Reporter>> {
    let kinds = filter.kind.as_deref().map(|kind| codes::<AgencyKind>("kind", kind)).transpose()?;
    let levels = filter.level.as_deref().map(|level| codes::<Level>("level", level)).transpose()?;
    let areas = filter.region.as_deref().map(|region| values("region", region)).transpose()?;
    let mut holders: HashMap<(&str, AgencyKind), usize> = HashMap::new();
    for (number, reporter) in reporters.iter().enumerate() {
        let holder = holders.entry((&reporter.region_code, reporter.kind)).or_insert(number);
        let since = |number: usize| (reporters[number].first_year, &reporters[number].id);
        if since(number) < since(*holder) {
            *holder = number;
        }
    }
    let is_asked = |region: &regions::Region| {
        let is_in = |area: &&str| region.code.starts_with(prefix(area));
        levels.as_ref().is_none_or(|levels| levels.contains(&region.level))
            && areas.as_ref().is_none_or(|areas| areas.iter().any(is_in))
    };
    let (mut in_tree, mut never) = (Vec::new(), Vec::new());
    for region in regions::all().iter().filter(|region| is_asked(region)) {
        let Some(office) = regions::office(region) else { continue };
        if kinds.as_ref().is_some_and(|kinds| !kinds.contains(&office.kind)) {
            continue;
        }
        match holders.get(&(region.code.as_str(), office.kind)) {
            Some(&holder) => in_tree.push(holder),
            None => never.push(Reporter {
                id: None,
                office: Some(office.name),
                region_code: region.code.clone(),
                kind: office.kind,
                level: region.level,
                first_year: None,
                is_in_tree: true,
            }),
        }
    }
    for holder in in_tree {
        reporters[holder].is_in_tree = true;
    }
    reporters.extend(never);
    Ok(reporters)
}

/// Keeps the agencies of these ids, and the governments without a report that bear the name.
fn retain_named(reporters: &mut Vec<Reporter>, ids: &HashSet<String>, filter: &ExpectedFilter) {
    let q = filter.q.as_deref().unwrap_or_default();
    let words: String = q.nfkc().filter(|character| !character.is_whitespace()).collect();
    reporters.retain(|reporter| match (&reporter.id, &reporter.office) {
        (Some(id), _) => ids.contains(id),
        (None, Some(name)) => filter.agency.is_none() && name.contains(&words),
        (None, None) => false,
    });
}
