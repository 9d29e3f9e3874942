//! Filters shared by the lists, as typed; one function each turns them into a condition.
//!
//! Each function takes its filter apart without `..`, so that a new field does not compile until it is
//! used. The doc comments are what OpenAPI, the GraphQL schema and `--help` print.

use entity::{
    agency, merge, region, report,
    template::{AgencyKind, Code, Level, Scope, Template},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LikeExpr, UnionType},
};
use unicode_normalization::UnicodeNormalization;

use super::{
    as_of::{self, At},
    condition,
    span::in_years,
};
use crate::{
    error::{Error, Result},
    limits, regions,
};

/// Makes a filter: text as typed in every field, the same in query strings, in GraphQL and as flags.
macro_rules! filter {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: Option<String>,)* }
    ) => {
        $(#[$meta])*
        #[derive(
            Clone, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize, utoipa::IntoParams,
            clap::Args, async_graphql::InputObject,
        )]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            $(
                $(#[$field_meta])*
                #[arg(long)]
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<String>,
            )*
        }
    };
}
pub(super) use filter;

filter! {
    /// Which reports.
    pub struct ReportFilter {
        /// A region's code: the area and all below it. `370323` is a county with its townships, `370000` a
        /// province; several separated by commas.
        pub region: Option<String>,
        /// An agency's id; several separated by commas.
        pub agency: Option<String>,
        /// A report year: `2023`; a span: `2019..2023`; several separated by commas: `2021,2023`.
        pub year: Option<String>,
        /// The kind of agency: `government`, `department`, `township_government`, `subdistrict_office`,
        /// `other`; several separated by commas.
        pub kind: Option<String>,
        /// The agency's level: `national`, `province`, `prefecture`, `county`, `township`; several
        /// separated by commas.
        pub level: Option<String>,
        /// The template of the tables: `2019` or `2021`.
        pub template: Option<String>,
        /// Whose numbers: `own` (the agency's) or `consolidated` (of the whole area a government governs).
        pub scope: Option<String>,
        /// Part of the agency's name, in Chinese.
        pub q: Option<String>,
        /// Conditions on numbers, all of which must hold: `requests.received>=100,requests.denied>0`. The
        /// codes are those of `/measures`; a report in which the number is missing meets no condition.
        pub r#where: Option<String>,
        /// `passed` leaves out reports with an error finding; `all`, the default, does not.
        pub quality: Option<String>,
        /// The data as they stood: at the end of a day (`2026-11-23`, UTC), at a time
        /// (`2026-11-23T08:00:00Z`) or at a data version (`v12`).
        #[arg(alias = "as_of")]
        #[graphql(name = "as_of")]
        pub as_of: Option<String>,
    }
}

impl ReportFilter {
    /// The version of the data that is asked.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub(super) async fn at(&self, connection: &impl ConnectionTrait) -> Result<At> {
        as_of::at(connection, self.as_of.as_deref()).await
    }

    /// The condition on current reports, for a query that has the table `report` in it.
    ///
    /// # Errors
    /// `invalid_parameter` that names the parameter.
    pub(super) fn condition(&self, at: At) -> Result<Condition> {
        Ok(at.reports().add(self.of_any_revision(at)?))
    }

    /// The same for reports in any revision.
    ///
    /// # Errors
    /// `invalid_parameter` that names the parameter.
    pub(super) fn of_any_revision(&self, at: At) -> Result<Condition> {
        // `as_of` is what `at` was made of.
        #[rustfmt::skip]
        let Self { region, agency, year, kind, level, template, scope, q, r#where, quality, as_of: _ } = self;
        let mut all = Condition::all();
        if let Some(region) = region {
            all = all.add(in_regions("region", region, || {
                Expr::col((report::Entity, report::Column::RegionCode))
            })?);
        }
        if let Some(agency) = agency {
            all = all.add(of_agencies(report::Column::AgencyId, agency, at)?);
        }
        if let Some(year) = year {
            all = all.add(in_years(year, report::Column::Year)?);
        }
        if kind.is_some() || level.is_some() {
            let agencies = agency::Entity::find()
                .select_only()
                .column(agency::Column::Id)
                .filter(of_kind_and_level(kind.as_deref(), level.as_deref())?)
                .into_query();
            all = all.add(report::Column::AgencyId.in_subquery(agencies));
        }
        if let Some(template) = template {
            all = all.add(report::Column::Template.is_in(codes::<Template>("template", template)?));
        }
        if let Some(scope) = scope {
            all = all.add(report::Column::Scope.is_in(codes::<Scope>("scope", scope)?));
        }
        if let Some(q) = q {
            all = all.add(names_like(q, Expr::col((report::Entity, report::Column::AgencyName)))?);
        }
        if let Some(conditions) = r#where {
            for condition in condition::conditions(conditions)? {
                all = all.add(condition);
            }
        }
        match quality.as_deref() {
            None | Some("all") => {}
            Some("passed") => all = all.add(report::Column::ErrorFindings.eq(0)),
            Some(other) => {
                let detail = format!("quality {other:?} is not known");
                return Err(Error::invalid("quality", detail).allowed(["all", "passed"]));
            }
        }
        Ok(all)
    }
}

filter! {
    /// Which agencies.
    pub struct AgencyFilter {
        /// A region's code: the area and all below it; several separated by commas.
        pub region: Option<String>,
        /// An agency's id; several separated by commas.
        pub agency: Option<String>,
        /// A report year, a span `2019..2023` or several `2021,2023`: agencies that reported on one of them.
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

impl AgencyFilter {
    pub(super) async fn at(&self, connection: &impl ConnectionTrait) -> Result<At> {
        as_of::at(connection, self.as_of.as_deref()).await
    }

    pub(super) fn condition(&self, at: At) -> Result<Condition> {
        let Self { region, agency, year, kind, level, q, as_of: _ } = self;
        let mut all = at.agencies().add(of_kind_and_level(kind.as_deref(), level.as_deref())?);
        if let Some(region) = region {
            all = all.add(in_regions("region", region, || {
                Expr::col((agency::Entity, agency::Column::RegionCode))
            })?);
        }
        if let Some(agency) = agency {
            all = all.add(of_agencies(agency::Column::Id, agency, at)?);
        }
        if let Some(year) = year {
            let reported = report::Entity::find()
                .select_only()
                .column(report::Column::AgencyId)
                .filter(at.reports())
                .filter(in_years(year, report::Column::Year)?)
                .into_query();
            all = all.add(agency::Column::Id.in_subquery(reported));
        }
        if let Some(q) = q {
            all = all.add(names_like(q, at.agency_name())?);
        }
        Ok(all)
    }
}

filter! {
    /// Which regions.
    pub struct RegionFilter {
        /// A region's code: the region itself and all below it; several separated by commas.
        pub region: Option<String>,
        /// The code of the region they lie directly in: `370323` for a county's townships.
        pub parent: Option<String>,
        /// The level: `national`, `province`, `prefecture`, `county`, `township`; several separated by
        /// commas.
        pub level: Option<String>,
        /// Part of the region's name, in Chinese.
        pub q: Option<String>,
        /// Taken as everywhere; the tree of regions itself does not change.
        #[arg(alias = "as_of")]
        #[graphql(name = "as_of")]
        pub as_of: Option<String>,
    }
}

impl RegionFilter {
    pub(super) async fn at(&self, connection: &impl ConnectionTrait) -> Result<At> {
        as_of::at(connection, self.as_of.as_deref()).await
    }

    pub(super) fn condition(&self) -> Result<Condition> {
        let Self { region, parent, level, q, as_of: _ } = self;
        let mut all = Condition::all();
        if let Some(codes) = region {
            all = all.add(in_regions("region", codes, || {
                Expr::col((region::Entity, region::Column::Code))
            })?);
        }
        if let Some(parent) = parent {
            all = all.add(region::Column::ParentCode.eq(region_of("parent", parent)?));
        }
        if let Some(level) = level {
            all = all.add(region::Column::Level.is_in(codes::<Level>("level", level)?));
        }
        if let Some(q) = q {
            all = all.add(names_like(q, Expr::col((region::Entity, region::Column::Name)))?);
        }
        Ok(all)
    }
}

fn of_kind_and_level(kind: Option<&str>, level: Option<&str>) -> Result<Condition> {
    let mut all = Condition::all();
    if let Some(kind) = kind {
        all = all.add(agency::Column::Kind.is_in(codes::<AgencyKind>("kind", kind)?));
    }
    if let Some(level) = level {
        all = all.add(agency::Column::Level.is_in(codes::<Level>("level", level)?));
    }
    Ok(all)
}

/// Values separated by commas.
pub(super) fn values<'a>(parameter: &str, text: &'a str) -> Result<Vec<&'a str>> {
    let values: Vec<&str> = text.split(',').map(str::trim).collect();
    if values.len() > limits::FILTER_VALUES {
        let detail =
            format!("{parameter} has {} values, more than {}", values.len(), limits::FILTER_VALUES);
        return Err(Error::invalid(parameter, detail));
    }
    if values.iter().any(|value| value.is_empty()) {
        return Err(Error::invalid(parameter, format!("{parameter} has an empty value")));
    }
    Ok(values)
}

/// Agencies' ids, separated by commas; a name is none.
fn agency_ids(text: &str) -> Result<Vec<&str>> {
    let ids = values("agency", text)?;
    let is_id = |id: &str| {
        id.strip_prefix('a')
            .is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
    };
    match ids.iter().find(|id| !is_id(id)) {
        None => Ok(ids),
        Some(id) => Err(Error::invalid("agency", format!("{id:?} is no agency's id"))
            .allowed(["an `id` of /api/v1/agencies, where `q` finds agencies by name"])),
    }
}

/// The agencies of these ids, and those that they were merged into: one list, since SQLite's planner makes
/// nothing of two of which either may hold.
fn of_agencies(id: impl ColumnTrait, text: &str, at: At) -> Result<Condition> {
    let ids = agency_ids(text)?;
    let merged = merge::Entity::find()
        .select_only()
        .column(merge::Column::IntoId)
        .filter(merge::Column::FromId.is_in(ids.clone()))
        .filter(at.merges())
        .into_query();
    let mut meant = agency::Entity::find()
        .select_only()
        .column(agency::Column::Id)
        .filter(agency::Column::Id.is_in(ids))
        .into_query();
    meant.union(UnionType::Distinct, merged);
    Ok(Condition::all().add(id.in_subquery(meant)))
}

/// Codes of the vocabulary, separated by commas.
/// # Errors
/// `invalid_parameter` that names the parameter and the codes allowed.
pub fn codes<C: Code>(parameter: &str, text: &str) -> Result<Vec<C>> {
    values(parameter, text)?
        .into_iter()
        .map(|code| {
            C::of(code).ok_or_else(|| {
                Error::invalid(parameter, format!("{parameter} {code:?} is not known"))
                    .allowed(C::ALL.iter().map(|known| known.code()))
            })
        })
        .collect()
}

fn region_of<'a>(parameter: &str, code: &'a str) -> Result<&'a str> {
    if regions::get(code).is_some() {
        return Ok(code);
    }
    let allowed =
        "a code of /api/v1/regions: six digits, nine for a township, 000000 for the country";
    Err(Error::invalid(parameter, format!("no region has the code {code:?}")).allowed([allowed]))
}

/// The areas and all below them. A code's digits run from the province down, so an area is a span of
/// codes, which an index serves; on every database the same, where a pattern would not be.
pub(super) fn in_regions(
    parameter: &str,
    text: &str,
    code: impl Fn() -> Expr,
) -> Result<Condition> {
    let mut any = Condition::any();
    for region in values(parameter, text)? {
        let prefix = prefix(region_of(parameter, region)?);
        if prefix.is_empty() {
            return Ok(Condition::all());
        }
        any = any.add(Condition::all().add(code().gte(prefix)).add(code().lt(end_of(prefix))));
    }
    Ok(any)
}

/// The digits that all codes of an area share.
#[must_use]
pub fn prefix(code: &str) -> &str {
    let mut prefix = code;
    while let Some(shorter) = prefix.strip_suffix("00").filter(|_| code.len() == 6) {
        prefix = shorter;
    }
    prefix
}

/// The first text after all that begin with the prefix: `:` follows `9`.
pub(super) fn end_of(prefix: &str) -> String {
    let mut end = prefix.to_owned();
    if let Some(last) = end.pop() {
        end.push(char::from_u32(last as u32 + 1).unwrap_or(last));
    }
    end
}

/// Names that have the words in them, however wide or spaced they were typed.
fn names_like(q: &str, name: Expr) -> Result<Expr> {
    let words: String = q.nfkc().filter(|character| !character.is_whitespace()).collect();
    // The database's pattern would end at a NUL, and match everything.
    if words.contains('\0') {
        return Err(Error::invalid("q", "q has a NUL character in it, as no name has"));
    }
    if !(1..=limits::NAME_CHARS).contains(&words.chars().count()) {
        let detail = format!("q takes 1 to {} characters", limits::NAME_CHARS);
        return Err(Error::invalid("q", detail));
    }
    let escaped = words.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    Ok(name.like(LikeExpr::new(format!("%{escaped}%")).escape('\\')))
}
