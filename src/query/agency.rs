//! Agencies: who reports.

use std::collections::HashMap;

use entity::{
    agency, report,
    template::{AgencyKind, Level},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
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
}

/// For the heads of an empty table only.
impl Default for AgencyView {
    fn default() -> Self {
        let (id, name, region_code) = (String::new(), String::new(), String::new());
        Self { id, name, region_code, kind: AgencyKind::Other, level: Level::County }
    }
}

impl From<agency::Model> for AgencyView {
    fn from(row: agency::Model) -> Self {
        let agency::Model { id, region_code, own_name: _, name, kind, level } = row;
        Self { id, name, region_code, kind, level }
    }
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
        let keys = keys(paging)?;
        let select = agency::Entity::find().filter(filter.condition()?);
        Ok(page(connection, select, keys, paging, filter).await?.map(AgencyView::from))
    }
}

fn keys(paging: &Paging) -> Result<Vec<SortKey>> {
    let column = |column| Expr::col((agency::Entity, column));
    let sort = paging.sort.as_deref().unwrap_or("region");
    let mut keys = sort_keys(sort, &["region", "name"], |name| match name {
        "region" => Some(column(agency::Column::RegionCode)),
        "name" => Some(column(agency::Column::Name)),
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
) -> Result<HashMap<String, Page<AgencyView>>> {
    let of_region = |code: &String| {
        let area = AgencyFilter { region: Some(code.clone()), ..AgencyFilter::default() };
        let select = agency::Entity::find().filter(area.condition()?).filter(filter.condition()?);
        Ok((code.clone(), select))
    };
    let selects = region_codes.iter().map(of_region).collect::<Result<Vec<_>>>()?;
    let pages = pages(connection, selects, &keys(paging)?, paging, filter).await?;
    Ok(pages.into_iter().map(|(code, page)| (code, page.map(AgencyView::from))).collect())
}

/// Agencies by their ids.
///
/// # Errors
/// What the database says.
pub async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = String>,
) -> Result<HashMap<String, AgencyView>> {
    let rows = agency::Entity::find().filter(agency::Column::Id.is_in(ids)).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id.clone(), row.into())).collect())
}

/// An agency by its id.
///
/// # Errors
/// `not_found`.
pub async fn get(connection: &impl ConnectionTrait, id: &str) -> Result<AgencyView> {
    let row = agency::Entity::find_by_id(id).one(connection).await?;
    row.map(AgencyView::from).ok_or_else(|| Error::not_found("agency", id))
}

/// An agency with its names over time.
///
/// # Errors
/// `not_found`.
pub async fn detail(connection: &impl ConnectionTrait, id: &str) -> Result<AgencyDetail> {
    let agency = get(connection, id).await?;
    let current = || {
        report::Entity::find()
            .select_only()
            .filter(report::Column::AgencyId.eq(id))
            .filter(report::Column::IsCurrent.eq(true))
    };
    let names = current()
        .column_as(report::Column::AgencyName, "name")
        .column_as(report::Column::Year.min(), "from")
        .column_as(report::Column::Year.max(), "to")
        .group_by(report::Column::AgencyName)
        .order_by_desc(report::Column::Year.max())
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
