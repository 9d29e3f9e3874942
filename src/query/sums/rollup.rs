//! Whose reports are added up: never a consolidated report and what it consolidates.

use std::collections::{BTreeMap, HashMap};

use entity::{
    agency, region, report,
    template::{Code, Level, Scope},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, QueryTrait, RelationTrait,
    sea_query::{Condition, Expr, ExprTrait, Func, Query, SelectStatement},
};

use super::group::{Group, area_of, outermost, region_code};
use crate::{
    error::{Error, Result},
    query::{
        as_of::At,
        filter::{ReportFilter, codes, in_regions, prefix},
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

/// Which of the reports that a filter selects are added up.
pub enum Taking {
    /// The agencies' own.
    Own,
    /// Of each report, the outermost consolidated one around it that one of these steps finds; where there
    /// is none and `or_own`, the own reports.
    Heads { steps: Vec<Step>, or_own: bool },
    /// One report an agency and year: the consolidated one, or `or_own` its own where it has none.
    EachAgency { heads: Box<SelectStatement>, or_own: bool },
    /// These reports.
    These(Vec<i64>),
}

/// The consolidated reports of regions of one level, and the code of the region of that level around a
/// report.
pub struct Step {
    area: Expr,
    heads: SelectStatement,
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
        let selected = consolidated(filter, at)?;
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
        // A report counts in one group, so none above the regions grouped by.
        let outermost = groups.iter().filter_map(Group::region_level).max();
        let outermost = outermost.unwrap_or(Level::Province);
        if or_own {
            return Self::from(outermost, filter, at);
        }
        one_level(connection, filter, selected, outermost).await
    }

    /// Area by area from this level down: the consolidated report of the outermost region that has one,
    /// and the own reports of what lies in no such region.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn from(outermost: Level, filter: &ReportFilter, at: At) -> Result<Self> {
        let selected = consolidated(filter, at)?;
        let levels = Level::ALL.iter().filter(|&&level| level >= outermost);
        let steps = levels.map(|&level| Step::of(level, selected.clone())).collect();
        Ok(Self::Heads { steps, or_own: true })
    }

    /// What is below the regions of a level, in the same way; below townships their agencies' own.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn below(level: Level, filter: &ReportFilter, at: At) -> Result<Self> {
        let below = Level::ALL.iter().copied().find(|other| *other > level);
        below.map_or(Ok(Self::Own), |below| Self::from(below, filter, at))
    }

    /// The consolidated reports of the regions of a level.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn of_level(level: Level, filter: &ReportFilter, at: At) -> Result<Self> {
        let steps = vec![Step::of(level, consolidated(filter, at)?)];
        Ok(Self::Heads { steps, or_own: false })
    }

    /// Leaves in a query over reports those that are added up.
    pub fn apply(&self, select: &mut SelectStatement) {
        let column = |column| Expr::col((report::Entity, column));
        let is_own: Expr = report::Column::Scope.eq(Scope::Own);
        match self {
            Self::Own => {
                select.and_where(is_own);
            }
            Self::These(ids) => {
                select.and_where(column(report::Column::Id).is_in(ids.iter().copied()));
            }
            Self::Heads { steps, or_own } => {
                let mut heads = Vec::with_capacity(steps.len());
                for (number, Step { area, heads: of_level }) in steps.iter().enumerate() {
                    let name = format!("{HEADS}_{number}");
                    let head = |column: report::Column| Expr::col((name.clone(), column));
                    let on = Condition::all()
                        .add(head(report::Column::Year).eq(column(report::Column::Year)))
                        .add(head(report::Column::RegionCode).eq(area.clone()));
                    select.join_subquery(JoinType::LeftJoin, of_level.clone(), name.clone(), on);
                    heads.push(head(report::Column::Id));
                }
                // `coalesce` takes two or more.
                heads.push(Expr::null());
                let outermost: Expr = Func::coalesce(heads).into();
                let is_head = outermost.clone().eq(column(report::Column::Id));
                let no_head = outermost.is_null().and(is_own);
                let taken = Condition::any().add(is_head);
                select.cond_where(if *or_own { taken.add(no_head) } else { taken });
            }
            Self::EachAgency { heads, or_own } => {
                let head = |column: report::Column| Expr::col((HEADS, column));
                let is_head = head(report::Column::Id).equals((report::Entity, report::Column::Id));
                let of_year =
                    head(report::Column::Year).equals((report::Entity, report::Column::Year));
                let of_agency = head(report::Column::AgencyId)
                    .equals((report::Entity, report::Column::AgencyId));
                let on = Condition::all().add(of_year).add(of_agency);
                select.join_subquery(JoinType::LeftJoin, (**heads).clone(), HEADS, on);
                let no_head = head(report::Column::Id).is_null();
                let taken = Condition::any().add(is_head);
                select.cond_where(if *or_own { taken.add(no_head) } else { taken });
            }
        }
    }
}

/// What the rollup is, given the filter's scope and what is grouped by.
///
/// # Errors
/// `invalid_parameter` for a rollup that the scope contradicts.
pub fn with_scope(filter: &ReportFilter, groups: &[Group], rollup: Rollup) -> Result<Rollup> {
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

/// The consolidated reports that a filter selects.
fn consolidated(filter: &ReportFilter, at: At) -> Result<Condition> {
    Ok(filter.condition(at)?.add(report::Column::Scope.eq(Scope::Consolidated)))
}

/// The consolidated reports of one level in each region that the filter names: of the outermost level of
/// which there is one.
async fn one_level(
    connection: &impl ConnectionTrait,
    filter: &ReportFilter,
    selected: Condition,
    outermost_level: Level,
) -> Result<Taking> {
    let codes: Vec<String> = report::Entity::find()
        .select_only()
        .column(report::Column::RegionCode)
        .distinct()
        .filter(selected.clone())
        .into_tuple()
        .all(connection)
        .await?;
    let named = filter.region.as_deref().map(outermost).transpose()?;
    let named = named.unwrap_or_else(|| vec![regions::NATION.to_owned()]);
    let mut regions_of: BTreeMap<Level, Vec<String>> = BTreeMap::new();
    for region in named {
        let is_in = |code: &&String| prefix(code).starts_with(prefix(&region));
        let levels = codes.iter().filter(is_in).filter_map(|code| Some(regions::get(code)?.level));
        if let Some(level) = levels.filter(|level| *level >= outermost_level).min() {
            regions_of.entry(level).or_default().push(region);
        }
    }
    if regions_of.is_empty() {
        return Ok(Taking::These(Vec::new()));
    }
    let step = |(level, regions): (Level, Vec<String>)| {
        let of_regions = in_regions("region", &regions.join(","), region_code)?;
        Ok(Step::of(level, selected.clone().add(of_regions)))
    };
    let steps = regions_of.into_iter().map(step).collect::<Result<_>>()?;
    Ok(Taking::Heads { steps, or_own: false })
}

impl Step {
    fn of(level: Level, selected: Condition) -> Self {
        let of_level = region::Entity::find()
            .select_only()
            .column(region::Column::Code)
            .filter(region::Column::Level.eq(level))
            .into_query();
        let heads = heads(selected.add(region_code().in_subquery(of_level)));
        Self { area: area_of(level), heads }
    }
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

/// The ids of the consolidated reports of regions, by region and year.
///
/// # Errors
/// `invalid_parameter`.
pub async fn heads_of(
    connection: &impl ConnectionTrait,
    filter: &ReportFilter,
    at: At,
    regions: impl IntoIterator<Item = &str>,
) -> Result<HashMap<(String, i32), i64>> {
    let selected = consolidated(filter, at)?.add(region_code().is_in(regions));
    let rows = connection.query_all(&heads(selected)).await?;
    let head = |row: &QueryResult| -> Result<_> {
        Ok(((row.try_get("", "region_code")?, row.try_get("", "year")?), row.try_get("", "id")?))
    };
    rows.iter().map(head).collect()
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
