//! Whose reports are added up: never a consolidated report and what it consolidates.

use entity::{
    agency, region, report,
    template::{Level, Scope},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationTrait,
    sea_query::{Condition, Expr, ExprTrait, Func, Query, SelectStatement},
};

use super::group::{Group, area_among, area_of, outermost};
use crate::{
    error::{Error, Result},
    query::{
        as_of::At,
        filter::{ReportFilter, codes, prefix},
    },
    regions,
};

/// What `rollup` asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rollup {
    #[default]
    Auto,
    Consolidated,
    Own,
}

impl Rollup {
    /// Understands `rollup`.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn parse(text: Option<&str>) -> Result<Self> {
        match text {
            None | Some("auto") => Ok(Self::Auto),
            Some("consolidated") => Ok(Self::Consolidated),
            Some("own") => Ok(Self::Own),
            Some(other) => Err(Error::invalid("rollup", format!("rollup {other:?} is not known"))
                .allowed(["auto", "consolidated", "own"])),
        }
    }
}

/// The areas of which each is added up either by its own consolidated report or by those below.
enum Areas {
    OfLevel(Level),
    These(Vec<String>),
}

/// Which of the reports that a filter selects are added up.
pub enum Taking {
    /// The agencies' own.
    Own,
    /// The consolidated report of each area and year; where there is none and `or_own`, the own reports.
    Heads { areas: Expr, heads: Box<SelectStatement>, or_own: bool, level: Option<Level> },
    /// One report an agency and year: the consolidated one, or `or_own` its own where it has none.
    EachAgency { heads: Box<SelectStatement>, or_own: bool },
    /// These reports.
    These(Vec<i64>),
}

/// The name of the consolidated reports in the statement.
const HEADS: &str = "heads";

impl Taking {
    /// Decides which reports are added up.
    ///
    /// # Errors
    /// `invalid_parameter` for a rollup that the rest of the question contradicts.
    pub async fn decide(
        connection: &impl ConnectionTrait,
        filter: &ReportFilter,
        at: At,
        groups: &[Group],
        rollup: Rollup,
    ) -> Result<Self> {
        let rollup = with_scope(filter, groups, rollup)?;
        if rollup == Rollup::Own {
            return Ok(Self::Own);
        }
        let selected = filter.condition(at)?.add(report::Column::Scope.eq(Scope::Consolidated));
        let or_own = rollup == Rollup::Auto;
        if groups.contains(&Group::Agency) {
            let heads = report::Entity::find()
                .select_only()
                .columns([report::Column::Id, report::Column::AgencyId, report::Column::Year])
                .filter(selected)
                .into_query();
            return Ok(Self::EachAgency { heads: Box::new(heads), or_own });
        }
        if filter.agency.is_some() {
            return these(connection, filter, at, rollup).await.map(Self::These);
        }
        let areas = areas(filter, groups)?;
        let code = Expr::col((report::Entity, report::Column::RegionCode));
        let (of_areas, expr, level) = match areas {
            Areas::OfLevel(level) => {
                let of_level = region::Entity::find()
                    .select_only()
                    .column(region::Column::Code)
                    .filter(region::Column::Level.eq(level))
                    .into_query();
                (code.in_subquery(of_level), area_of(level), Some(level))
            }
            Areas::These(codes) => {
                let mut levels: Vec<Level> =
                    codes.iter().filter_map(|code| Some(regions::get(code)?.level)).collect();
                levels.dedup();
                let level = (levels.len() == 1).then(|| levels[0]);
                (code.is_in(codes.clone()), area_among(&codes), level)
            }
        };
        let heads = heads(selected.add(of_areas));
        Ok(Self::Heads { areas: expr, heads: Box::new(heads), or_own, level })
    }

    /// The level whose consolidated reports are added up, where it is one.
    #[must_use]
    pub const fn level(&self) -> Option<Level> {
        match self {
            Self::Heads { level, .. } => *level,
            _ => None,
        }
    }

    /// Leaves in a query over reports those that are added up.
    pub fn apply(&self, select: &mut SelectStatement) {
        let column = |column| Expr::col((report::Entity, column));
        let head = |column: report::Column| Expr::col((HEADS, column));
        let is_head = || head(report::Column::Id).equals((report::Entity, report::Column::Id));
        let of_year = head(report::Column::Year).equals((report::Entity, report::Column::Year));
        let is_own: Expr = report::Column::Scope.eq(Scope::Own);
        match self {
            Self::Own => {
                select.and_where(is_own);
            }
            Self::These(ids) => {
                select.and_where(column(report::Column::Id).is_in(ids.iter().copied()));
            }
            Self::Heads { areas, heads, or_own, .. } => {
                let of_area = head(report::Column::RegionCode).eq(areas.clone());
                let on = Condition::all().add(of_year).add(of_area);
                select.join_subquery(JoinType::LeftJoin, (**heads).clone(), HEADS, on);
                let no_head = head(report::Column::Id).is_null().and(is_own);
                let taken = Condition::any().add(is_head());
                select.cond_where(if *or_own { taken.add(no_head) } else { taken });
            }
            Self::EachAgency { heads, or_own } => {
                let of_agency = head(report::Column::AgencyId)
                    .equals((report::Entity, report::Column::AgencyId));
                let on = Condition::all().add(of_year).add(of_agency);
                select.join_subquery(JoinType::LeftJoin, (**heads).clone(), HEADS, on);
                let no_head = head(report::Column::Id).is_null();
                let taken = Condition::any().add(is_head());
                select.cond_where(if *or_own { taken.add(no_head) } else { taken });
            }
        }
    }
}

/// What the rollup is, given the filter's scope and what is grouped by.
fn with_scope(filter: &ReportFilter, groups: &[Group], rollup: Rollup) -> Result<Rollup> {
    let scopes = filter.scope.as_deref().map(|scope| codes::<Scope>("scope", scope)).transpose()?;
    let asked = match scopes.as_deref() {
        Some([Scope::Own]) => Some(Rollup::Own),
        Some([Scope::Consolidated]) => Some(Rollup::Consolidated),
        _ => None,
    };
    match (rollup, asked) {
        (Rollup::Auto, Some(asked)) => Ok(asked),
        // A consolidated report is not told apart by the kinds and levels of those that it adds up.
        (Rollup::Auto, None) if groups.iter().any(Group::is_of_agency) => Ok(Rollup::Own),
        (rollup, Some(asked)) if rollup != asked => {
            Err(Error::invalid("rollup", "rollup asks for other reports than scope")
                .allowed(["one of rollup and scope"]))
        }
        (rollup, _) => Ok(rollup),
    }
}

/// The areas that are added up: of the filter's level, else of the regions grouped by, else the filter's
/// regions, else the provinces.
fn areas(filter: &ReportFilter, groups: &[Group]) -> Result<Areas> {
    let levels = filter.level.as_deref().map(|level| codes::<Level>("level", level)).transpose()?;
    let outer = levels.into_iter().flatten().filter(|level| *level != Level::National).min();
    let grouped = groups.iter().filter_map(|group| match group {
        Group::Region(level) => Some(*level),
        _ => None,
    });
    if let Some(level) = outer.or_else(|| grouped.max()) {
        return Ok(Areas::OfLevel(level));
    }
    let regions = filter.region.as_deref().map(outermost).transpose()?.unwrap_or_default();
    let is_nation = regions.is_empty() || regions.iter().any(|code| code == regions::NATION);
    Ok(if is_nation { Areas::OfLevel(Level::Province) } else { Areas::These(regions) })
}

/// One consolidated report a region and year, a government's where there are several.
fn heads(selected: Condition) -> SelectStatement {
    let id = || Expr::col((report::Entity, report::Column::Id));
    let is_government: Expr = agency::Column::Kind.eq(entity::template::AgencyKind::Government);
    let of_government: Expr = Expr::case(is_government, id()).finally(Expr::null()).into();
    let head = Func::coalesce([of_government.min(), id().min()]);
    let mut heads: SelectStatement = report::Entity::find()
        .select_only()
        .columns([report::Column::RegionCode, report::Column::Year])
        .join(JoinType::InnerJoin, report::Relation::Agency.def())
        .filter(selected)
        .group_by(report::Column::RegionCode)
        .group_by(report::Column::Year)
        .into_query();
    heads.expr_as(head, "id");
    Query::select().columns(["id", "region_code", "year"]).from_subquery(heads, "of_regions").take()
}

/// The reports of agencies that are named, without those that another of them consolidates.
async fn these(
    connection: &impl ConnectionTrait,
    filter: &ReportFilter,
    at: At,
    rollup: Rollup,
) -> Result<Vec<i64>> {
    let rows: Vec<(i64, String, i32, Scope)> = report::Entity::find()
        .select_only()
        .columns([report::Column::Id, report::Column::RegionCode])
        .columns([report::Column::Year, report::Column::Scope])
        .filter(filter.condition(at)?)
        .order_by_asc(report::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    let (mut heads, mut own): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|(.., scope)| *scope == Scope::Consolidated);
    // From the outside in, so that what consolidates another comes before it.
    heads.sort_by_key(|(id, region, ..)| (prefix(region).len(), *id));
    if rollup == Rollup::Consolidated {
        own.clear();
    }
    let mut taken: Vec<(i64, String, i32)> = Vec::new();
    let mut ids = Vec::new();
    for (id, region, year, scope) in heads.into_iter().chain(own) {
        let is_in = |(_, head, of): &(i64, String, i32)| {
            *of == year && prefix(&region).starts_with(prefix(head))
        };
        if taken.iter().any(is_in) {
            continue;
        }
        ids.push(id);
        if scope == Scope::Consolidated {
            taken.push((id, region, year));
        }
    }
    Ok(ids)
}
