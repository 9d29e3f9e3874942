//! Agencies: who reports.

use std::collections::HashMap;

use entity::{
    agency, merge, report,
    template::{AgencyKind, Level},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IdenStatic, Iterable,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, sea_query::Expr,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    as_of::At,
    filter::AgencyFilter,
    page::{Page, Paging},
    window::{SortKey, page, pages, sort_keys},
};
use crate::{
    error::{Error, Result},
    regions,
};

/// An agency that reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Agency", complex)]
pub struct AgencyView {
    /// The agency's id: short, opaque, the same on every instance.
    #[graphql(skip)]
    pub id: String,
    /// Its full name as its newest report writes it.
    pub name: String,
    /// The code of its region: six digits, nine for a township, `000000` for a national agency.
    pub region_code: String,
    /// What kind of agency it is.
    pub kind: AgencyKind,
    /// Its level.
    pub level: Level,
    /// The version of the data it is seen in.
    #[serde(skip)]
    #[graphql(skip)]
    pub(crate) at: At,
}

/// For the heads of an empty table only.
impl Default for AgencyView {
    fn default() -> Self {
        let (id, name, region_code) = (String::new(), String::new(), String::new());
        let (kind, level) = (AgencyKind::Other, Level::County);
        Self { id, name, region_code, kind, level, at: At::Now }
    }
}

impl AgencyView {
    pub(super) fn of(row: agency::Model, at: At) -> Self {
        let agency::Model { id, region_code, own_name: _, name, kind, level, is_current: _ } = row;
        Self { id, name, region_code, kind, level, at }
    }
}

/// Agencies, each with the name it had.
pub(super) fn select(at: At) -> Select<agency::Entity> {
    let others = agency::Column::iter().filter(|column| !matches!(column, agency::Column::Name));
    agency::Entity::find()
        .select_only()
        .columns(others)
        .column_as(at.agency_name(), agency::Column::Name.as_str())
}

/// An agency with its region in words and the names it was written with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgencyDetail {
    #[serde(flatten)]
    pub agency: AgencyView,
    /// The names of its region, from the province down: 山东省淄博市沂源县张家坡镇.
    pub region_name: String,
    /// The names its reports were written with, newest first.
    pub names: Vec<AgencyName>,
    /// The years it reported on, newest first.
    pub years: Vec<i32>,
}

/// A name an agency was written with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, FromQueryResult)]
pub struct AgencyName {
    /// The full name.
    pub name: String,
    /// The first report year in which it was written so.
    pub from: i32,
    /// The last.
    pub to: i32,
}

/// The agencies.
pub struct Agencies;

impl Resource for Agencies {
    const NAME: &'static str = "agencies";
    type Filter = AgencyFilter;
    type Row = AgencyView;

    async fn list(
        connection: &impl ConnectionTrait,
        filter: &AgencyFilter,
        paging: &Paging,
    ) -> Result<Page<AgencyView>> {
        let at = filter.at(connection).await?;
        page_of(connection, filter.condition(at)?, paging, filter, at).await
    }
}

/// A page of the agencies that a condition made of a filter selects.
pub(super) async fn page_of(
    connection: &impl ConnectionTrait,
    condition: Condition,
    paging: &Paging,
    filter: &impl Serialize,
    at: At,
) -> Result<Page<AgencyView>> {
    let select = select(at).filter(condition);
    let page = page(connection, select, keys(paging, at)?, paging, filter).await?;
    Ok(page.map(|row| AgencyView::of(row, at)))
}

fn keys(paging: &Paging, at: At) -> Result<Vec<SortKey>> {
    let column = |column| Expr::col((agency::Entity, column));
    let sort = paging.sort.as_deref().unwrap_or("region");
    let mut keys = sort_keys(sort, &["region", "name"], |name| match name {
        "region" => Some(column(agency::Column::RegionCode)),
        "name" => Some(at.agency_name()),
        _ => None,
    })?;
    keys.push(SortKey::ascending(column(agency::Column::Id)));
    Ok(keys)
}

/// A page of the agencies of each region and all below it, by the region's code.
///
/// # Errors
/// `invalid_parameter`, `invalid_cursor`; what the database says.
pub async fn by_regions(
    connection: &impl ConnectionTrait,
    region_codes: &[String],
    filter: &AgencyFilter,
    paging: &Paging,
    seen_at: At,
) -> Result<HashMap<String, Page<AgencyView>>> {
    let at = match filter.at(connection).await? {
        At::Now => seen_at,
        at => at,
    };
    let of_region = |code: &String| {
        let area = AgencyFilter { region: Some(code.clone()), ..AgencyFilter::default() };
        let select = select(at).filter(area.condition(at)?).filter(filter.condition(at)?);
        Ok((code.clone(), select))
    };
    let selects = region_codes.iter().map(of_region).collect::<Result<Vec<_>>>()?;
    let pages = pages(connection, selects, &keys(paging, at)?, paging, filter).await?;
    let view = |row| AgencyView::of(row, at);
    Ok(pages.into_iter().map(|(code, page)| (code, page.map(view))).collect())
}

/// Agencies by their ids.
///
/// # Errors
/// What the database says.
pub async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = String>,
    at: At,
) -> Result<HashMap<String, AgencyView>> {
    let rows = select(at).filter(agency::Column::Id.is_in(ids)).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id.clone(), AgencyView::of(row, at))).collect())
}

/// Agencies by the ids they are asked for by; one that was merged into another is that other. An agency
/// that never reported is left out.
///
/// # Errors
/// What the database says.
pub async fn found(
    connection: &impl ConnectionTrait,
    ids: Vec<String>,
    at: At,
) -> Result<HashMap<String, AgencyView>> {
    let merged: HashMap<String, String> = merge::Entity::find()
        .select_only()
        .columns([merge::Column::FromId, merge::Column::IntoId])
        .filter(merge::Column::FromId.is_in(ids.clone()))
        .filter(at.merges())
        .into_tuple()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    let meant = |id: &String| merged.get(id).unwrap_or(id).clone();
    let reported = report::Entity::find()
        .select_only()
        .column(report::Column::AgencyId)
        .filter(report::Column::AgencyId.is_in(ids.iter().map(meant)))
        .filter(at.begun(report::Column::FromVersion))
        .into_query();
    let rows = select(at).filter(agency::Column::Id.in_subquery(reported)).all(connection).await?;
    let agencies: HashMap<String, AgencyView> =
        rows.into_iter().map(|row| (row.id.clone(), AgencyView::of(row, at))).collect();
    let of_id = |id: String| Some((agencies.get(&meant(&id))?.clone(), id));
    Ok(ids.into_iter().filter_map(of_id).map(|(agency, id)| (id, agency)).collect())
}

/// An agency by its id, or the one that it was merged into.
///
/// # Errors
/// `not_found`.
pub async fn get(connection: &impl ConnectionTrait, id: &str, at: At) -> Result<AgencyView> {
    let found = found(connection, vec![id.to_owned()], at).await?.remove(id);
    found.ok_or_else(|| Error::not_found("agency", id))
}

/// An agency with its names over time.
///
/// # Errors
/// `not_found`.
pub async fn detail(connection: &impl ConnectionTrait, id: &str, at: At) -> Result<AgencyDetail> {
    let agency = get(connection, id, at).await?;
    let current = || {
        report::Entity::find()
            .select_only()
            .filter(report::Column::AgencyId.eq(&agency.id))
            .filter(at.reports())
    };
    let names = current()
        .column_as(report::Column::AgencyName, "name")
        .column_as(report::Column::Year.min(), "from")
        .column_as(report::Column::Year.max(), "to")
        .group_by(report::Column::AgencyName)
        .order_by_desc(report::Column::Year.max())
        .order_by_asc(report::Column::AgencyName)
        .into_model()
        .all(connection)
        .await?;
    let years = current()
        .column(report::Column::Year)
        .distinct()
        .order_by_desc(report::Column::Year)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(AgencyDetail { region_name: regions::full_name(&agency.region_code), agency, names, years })
}
