//! Reports across agencies.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    report,
    template::{Scope, Template},
};
use indexmap::IndexMap;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    agency::{self, AgencyView},
    as_of::At,
    canonical, change,
    figure::{Figure, Value, ValueOrNull},
    filter::{ReportFilter, filter},
    page::{Page, Paging},
    row::filter_with,
    window::{SortKey, page, sort_keys},
};
use crate::{
    cells::Quantity,
    error::{Error, Result},
};

/// A report: one agency's numbers and words on one year, in one revision.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Report", complex)]
pub struct ReportView {
    /// The report's id.
    #[graphql(skip)]
    pub id: String,
    /// The agency that reports.
    pub agency: AgencyView,
    /// The year reported on.
    pub year: i32,
    /// The template of its tables: `2019` or `2021`; null for a report without the national tables.
    pub template: Option<Template>,
    /// Whose numbers it holds: `own` or `consolidated`.
    pub scope: Scope,
    /// The title as printed.
    pub title: Option<String>,
    /// The day it was published, as the document states it.
    pub published_on: Option<NaiveDate>,
    /// 1 for the first document of this agency, year and scope; one more for each that differed.
    pub revision: i32,
    /// The measures and indicators asked for in `measures`: counts are integers, money is a string in
    /// CNY, rates are numbers; null where the report has no such number.
    #[graphql(skip)]
    #[schema(value_type = std::collections::HashMap<String, ValueOrNull>)]
    pub values: IndexMap<String, Option<Value>>,
    #[serde(skip)]
    #[graphql(skip)]
    pub(crate) row_id: i64,
    /// The version of the data it is seen in.
    #[serde(skip)]
    #[graphql(skip)]
    pub(crate) at: At,
}

/// For the heads of an empty table only.
impl Default for ReportView {
    fn default() -> Self {
        Self {
            id: String::new(),
            agency: AgencyView::default(),
            year: 0,
            template: None,
            scope: Scope::Own,
            title: None,
            published_on: None,
            revision: 1,
            values: IndexMap::new(),
            row_id: 0,
            at: At::Now,
        }
    }
}

filter! {
    /// Which numbers are shown beside each report.
    pub struct Measures {
        /// The numbers and rates to show in `values`, by their codes, separated by commas:
        /// `requests.received,denial_rate`; `/measures` and `/indicators` list them.
        pub measures: Option<String>,
    }
}

impl Measures {
    /// The measures and indicators asked for.
    ///
    /// # Errors
    /// `invalid_parameter` that names the code.
    pub fn parse(&self) -> Result<Vec<Figure>> {
        let codes = self.measures.as_deref();
        codes.map_or(Ok(Vec::new()), |codes| Figure::parse_all("measures", codes))
    }
}

filter_with! {
    /// Which reports, and which of their numbers.
    ReportQuery = ReportFilter + Measures
}

/// The reports.
pub struct Reports;

/// Names that reports are sorted by, beside the measures.
const SORT: [&str; 4] = ["year", "region", "published_on", "a measure's or indicator's code"];

impl Resource for Reports {
    const NAME: &'static str = "reports";
    type Filter = ReportQuery;
    type Row = ReportView;

    fn example(filter: &ReportQuery) -> Result<ReportView> {
        let values = filter.own.parse()?.into_iter().map(|figure| (figure.code(), None)).collect();
        Ok(ReportView { values, ..ReportView::default() })
    }

    async fn list(
        connection: &impl ConnectionTrait,
        ReportQuery { report: filter, own: measures }: &ReportQuery,
        paging: &Paging,
    ) -> Result<Page<ReportView>> {
        let measures = measures.parse()?;
        let at = filter.at(connection).await?;
        let column = |column| Expr::col((report::Entity, column));
        let mut keys = sort_keys(
            paging.sort.as_deref().unwrap_or("-year,region"),
            &SORT,
            |name| match name {
                "year" => Some(column(report::Column::Year)),
                "region" => Some(column(report::Column::RegionCode)),
                "published_on" => Some(column(report::Column::PublishedOn).cast_as("TEXT")),
                code => Figure::parse("sort", code).ok().map(Figure::expr),
            },
        )?;
        keys.push(SortKey::ascending(column(report::Column::Id)));
        let select = report::Entity::find().filter(filter.condition(at)?);
        let page = page(connection, select, keys, paging, filter).await?;
        let rows = views(connection, page.rows.clone(), &measures, at).await?;
        Ok(page.with_rows(rows))
    }
}

/// A report's id as the public sees it.
#[must_use]
pub fn public_id(row_id: i64) -> String {
    format!("r{row_id}")
}

/// The row id behind a report's public id.
#[must_use]
pub fn row_id(id: &str) -> Option<i64> {
    id.strip_prefix('r')?.parse().ok().filter(|&row_id| public_id(row_id) == id)
}

/// Shows rows as reports, with their agencies and the measures asked for.
pub(super) async fn views(
    connection: &impl ConnectionTrait,
    rows: Vec<report::Model>,
    measures: &[Figure],
    at: At,
) -> Result<Vec<ReportView>> {
    let ids = rows.iter().map(|row| row.agency_id.clone());
    let agencies = agency::by_ids(connection, ids, at).await?;
    let in_cells = measures.iter().any(|&figure| column(figure).is_none());
    let cells = if in_cells {
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        canonical::cells(connection, &ids).await?
    } else {
        HashMap::new()
    };
    let view = |row: report::Model| {
        let value = |&figure: &Figure| {
            let value = match column(figure) {
                Some(column) => value_of(row.get(column)),
                None => cells.get(&row.id).and_then(|cells| figure.value(cells).ok()),
            };
            (figure.code(), value)
        };
        ReportView {
            id: public_id(row.id),
            agency: agencies.get(&row.agency_id).cloned().unwrap_or_default(),
            year: row.year,
            template: row.template,
            scope: row.scope,
            title: row.title.clone(),
            published_on: row.published_on,
            revision: row.revision,
            values: measures.iter().map(value).collect(),
            row_id: row.id,
            at,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// The column of the report that holds a figure, where one does.
fn column(figure: Figure) -> Option<report::Column> {
    match figure {
        Figure::Measure(measure) => report::total_column(measure),
        Figure::Indicator(indicator) => report::rate_column(indicator),
    }
}

fn value_of(value: sea_orm::Value) -> Option<Value> {
    match value {
        sea_orm::Value::BigInt(count) => count.map(Quantity::Count).map(Value::Quantity),
        sea_orm::Value::Double(rate) => rate.map(Value::Number),
        _ => None,
    }
}

/// The row of a report that was there.
pub(super) async fn row(
    connection: &impl ConnectionTrait,
    id: &str,
    at: At,
) -> Result<report::Model> {
    let row = match row_id(id) {
        Some(row_id) => {
            let known = at.begun(report::Column::FromVersion);
            report::Entity::find_by_id(row_id).filter(known).one(connection).await?
        }
        None => None,
    };
    row.ok_or_else(|| Error::not_found("report", id))
}

/// The newest report of an agency on a year. Where there are both scopes, the consolidated one is
/// meant unless `scope` says otherwise.
///
/// # Errors
/// `not_found`; `withdrawn` where there was one, and the operator took it out.
pub async fn of_agency(
    connection: &impl ConnectionTrait,
    agency_id: &str,
    year: i32,
    scope: Option<Scope>,
    at: At,
) -> Result<ReportView> {
    let mut of_year = report::Entity::find()
        .filter(report::Column::AgencyId.eq(agency_id))
        .filter(report::Column::Year.eq(year));
    if let Some(scope) = scope {
        of_year = of_year.filter(report::Column::Scope.eq(scope));
    }
    let rows = of_year.clone().filter(at.reports()).all(connection).await?;
    if let Some(row) = rows.into_iter().max_by_key(|row| row.scope == Scope::Consolidated) {
        return Ok(views(connection, vec![row], &[], at).await?.remove(0));
    }
    let ended = of_year
        .filter(at.begun(report::Column::FromVersion))
        .order_by_desc(report::Column::UntilVersion)
        .order_by_desc(report::Column::Id)
        .one(connection)
        .await?;
    Err(match ended {
        Some(row) => change::why_ended(connection, row.id, at).await?,
        None => Error::not_found("report of", format!("agency {agency_id} on {year}")),
    })
}

/// The current reports of agencies that a filter selects, newest year first, by agency.
///
/// # Errors
/// `invalid_parameter`; what the database says.
pub async fn by_agencies(
    connection: &impl ConnectionTrait,
    agency_ids: &[String],
    filter: &ReportFilter,
    seen_at: At,
) -> Result<HashMap<String, Vec<ReportView>>> {
    let at = match filter.at(connection).await? {
        At::Now => seen_at,
        at => at,
    };
    let rows = report::Entity::find()
        .filter(filter.condition(at)?)
        .filter(report::Column::AgencyId.is_in(agency_ids))
        .order_by_desc(report::Column::Year)
        .order_by_asc(report::Column::Id)
        .all(connection)
        .await?;
    let mut by_agency: HashMap<String, Vec<ReportView>> = HashMap::new();
    for view in views(connection, rows, &[], at).await? {
        by_agency.entry(view.agency.id.clone()).or_default().push(view);
    }
    Ok(by_agency)
}

/// Reports by their ids; an id that is none's is left out.
///
/// # Errors
/// What the database says.
pub async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: &[String],
    at: At,
) -> Result<HashMap<String, ReportView>> {
    let rows = report::Entity::find()
        .filter(report::Column::Id.is_in(ids.iter().filter_map(|id| row_id(id))))
        .filter(at.begun(report::Column::FromVersion))
        .all(connection)
        .await?;
    Ok(views(connection, rows, &[], at)
        .await?
        .into_iter()
        .map(|view| (view.id.clone(), view))
        .collect())
}
