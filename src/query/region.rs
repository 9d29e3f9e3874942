//! Regions: the tree from the country down to townships.

use std::collections::HashMap;

use entity::{agency, region, report, template::Level};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    as_of::At,
    filter::{AgencyFilter, RegionFilter, ReportFilter},
    page::{Page, Paging},
    window::{SortKey, page, sort_keys},
};
use crate::{
    error::{Error, Result},
    regions,
};

/// A region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Region", complex)]
pub struct RegionView {
    /// Six digits, nine for a township; `000000` is the whole country.
    pub code: String,
    /// Its name: 沂源县.
    pub name: String,
    /// Its level.
    pub level: Level,
    /// The code of the region it lies in; null for the whole country.
    pub parent_code: Option<String>,
    /// The version of the data it is seen in.
    #[serde(skip)]
    #[graphql(skip)]
    pub(crate) at: At,
}

/// For the heads of an empty table only.
impl Default for RegionView {
    fn default() -> Self {
        let (code, name) = (String::new(), String::new());
        Self { code, name, level: Level::County, parent_code: None, at: At::Now }
    }
}

impl RegionView {
    fn of(row: region::Model, at: At) -> Self {
        let region::Model { code, parent_code, name, level } = row;
        Self { code, name, level, parent_code, at }
    }
}

/// A region with its place in the tree and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegionDetail {
    #[serde(flatten)]
    pub region: RegionView,
    /// Its name with those of the regions it lies in: 山东省淄博市沂源县.
    pub full_name: String,
    /// The region it lies in.
    pub parent: Option<RegionView>,
    /// The regions directly in it, in the order of their codes.
    pub children: Vec<RegionView>,
    /// How many agencies of the area and all below it have reported.
    pub agencies: u64,
    /// How many reports they published.
    pub reports: u64,
}

/// The regions.
pub struct Regions;

impl Resource for Regions {
    const NAME: &'static str = "regions";
    type Filter = RegionFilter;
    type Row = RegionView;

    async fn list(
        connection: &impl ConnectionTrait,
        filter: &RegionFilter,
        paging: &Paging,
    ) -> Result<Page<RegionView>> {
        let at = filter.at(connection).await?;
        page_of(connection, filter.condition()?, paging, filter, at).await
    }
}

/// A page of the regions that a condition made of a filter selects.
pub(super) async fn page_of(
    connection: &impl ConnectionTrait,
    condition: Condition,
    paging: &Paging,
    filter: &impl Serialize,
    at: At,
) -> Result<Page<RegionView>> {
    let column = |column| Expr::col((region::Entity, column));
    let sort = paging.sort.as_deref().unwrap_or("code");
    let mut keys = sort_keys(sort, &["code", "name"], |name| match name {
        "code" => Some(column(region::Column::Code)),
        "name" => Some(column(region::Column::Name)),
        _ => None,
    })?;
    keys.push(SortKey::ascending(column(region::Column::Code)));
    let select = region::Entity::find().filter(condition);
    let page = page(connection, select, keys, paging, filter).await?;
    Ok(page.map(|row| RegionView::of(row, at)))
}

/// Regions by their codes.
///
/// # Errors
/// What the database says.
pub async fn by_codes(
    connection: &impl ConnectionTrait,
    codes: impl IntoIterator<Item = String>,
    at: At,
) -> Result<HashMap<String, RegionView>> {
    let rows =
        region::Entity::find().filter(region::Column::Code.is_in(codes)).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.code.clone(), RegionView::of(row, at))).collect())
}

/// The regions directly in others, by the code of the region they lie in.
///
/// # Errors
/// What the database says.
pub async fn children(
    connection: &impl ConnectionTrait,
    parents: impl IntoIterator<Item = String>,
    at: At,
) -> Result<HashMap<String, Vec<RegionView>>> {
    let rows = region::Entity::find()
        .filter(region::Column::ParentCode.is_in(parents))
        .order_by_asc(region::Column::Code)
        .all(connection)
        .await?;
    let mut children: HashMap<String, Vec<RegionView>> = HashMap::new();
    for row in rows {
        if let Some(parent) = row.parent_code.clone() {
            children.entry(parent).or_default().push(RegionView::of(row, at));
        }
    }
    Ok(children)
}

/// A region by its code.
///
/// # Errors
/// `not_found`.
pub async fn get(connection: &impl ConnectionTrait, code: &str, at: At) -> Result<RegionView> {
    let row = region::Entity::find_by_id(code).one(connection).await?;
    row.map(|row| RegionView::of(row, at)).ok_or_else(|| Error::not_found("region", code))
}

/// A region with its place in the tree and what is known of it.
///
/// # Errors
/// `not_found`.
pub async fn detail(connection: &impl ConnectionTrait, code: &str, at: At) -> Result<RegionDetail> {
    let region = get(connection, code, at).await?;
    let parent = match &region.parent_code {
        Some(parent) => Some(get(connection, parent, at).await?),
        None => None,
    };
    let children =
        children(connection, [code.to_owned()], at).await?.remove(code).unwrap_or_default();
    let agencies = AgencyFilter { region: Some(code.to_owned()), ..AgencyFilter::default() };
    let agencies = agency::Entity::find().filter(agencies.condition(at)?).count(connection).await?;
    let reports = ReportFilter { region: Some(code.to_owned()), ..ReportFilter::default() };
    let reports = report::Entity::find().filter(reports.condition(at)?).count(connection).await?;
    Ok(RegionDetail {
        full_name: regions::full_name(code),
        region,
        parent,
        children,
        agencies,
        reports,
    })
}
