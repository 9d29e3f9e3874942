//! Series: measures and indicators over years, for agencies or regions; gaps stay gaps.

use std::collections::{BTreeMap, HashMap};

use entity::report;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::{
    Resource,
    agency::{self, AgencyView},
    as_of::At,
    cursor::{KeyValue, named},
    field::Schemas,
    figure::Figure,
    filter::{ReportFilter, filter, values},
    page::{Page, Paging},
    row::filter_with,
    span::years,
    statistics::{FiguresView, RegionName, figures, page},
    sums::{
        Asked, Function, Sum, answer,
        group::{Group, outermost},
        kept,
        rollup::Rollup,
    },
};
use crate::{
    error::{Error, Result},
    limits, regions,
};

filter! {
    /// Whose series, and of what.
    pub struct SeriesArgs {
        /// What to follow: codes of measures and indicators, separated by commas:
        /// `requests.received,denial_rate`; `/measures` and `/indicators` list them.
        pub measures: Option<String>,
        /// Whose series: `agency`; or regions: `province`, `prefecture`, `county`, `township`. Where it is
        /// not said: the agencies that `agency` names, else the regions that `region` names, else the whole
        /// country.
        pub by: Option<String>,
        /// Whose reports count. Of regions as in statistics. Of agencies, `auto`, the default: for each year
        /// the consolidated report where it has one, else its own.
        pub rollup: Option<String>,
    }
}

filter_with! {
    /// Whose series, of what, and of which reports.
    SeriesQuery = ReportFilter + SeriesArgs
}

/// The numbers of one year.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "SeriesPoint")]
pub struct PointView {
    /// The report year.
    pub year: i32,
    #[serde(flatten)]
    #[graphql(flatten)]
    pub figures: FiguresView,
}

/// An agency or region over years: one point for every year asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Series")]
pub struct SeriesView {
    /// The agency, of the series of agencies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyView>,
    /// The region, of the series of regions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionName>,
    /// Every year asked for, or, where none is, every year from the first to the last of which a report is
    /// in; where there is no report, its values are null and the reason is `no_reports`.
    pub points: Vec<PointView>,
}

/// A point of a series as a line of a table.
#[derive(Serialize, ToSchema)]
struct LineView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<&'a AgencyView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a RegionName>,
    #[serde(flatten)]
    point: &'a PointView,
}

/// The series.
pub struct AllSeries;

impl Resource for AllSeries {
    const NAME: &'static str = "series";
    const ROWS_AT_ONCE: u64 = limits::GROUPS as u64;
    type Filter = SeriesQuery;
    type Row = SeriesView;

    fn example(query: &SeriesQuery) -> Result<SeriesView> {
        let figures = figures(query.own.measures.as_deref())?;
        let is_agency = group(query)? == Group::Agency;
        Ok(SeriesView {
            agency: is_agency.then(AgencyView::default),
            region: (!is_agency).then(RegionName::default),
            points: vec![PointView { year: 0, figures: FiguresView::example(&figures) }],
        })
    }

    /// A line a year.
    fn lines(row: &SeriesView) -> Result<Vec<Json>> {
        let SeriesView { agency, region, points } = row;
        let (agency, region) = (agency.as_ref(), region.as_ref());
        let line = |point| serde_json::to_value(LineView { agency, region, point });
        points.iter().map(line).collect::<std::result::Result<_, _>>().map_err(Error::internal)
    }

    fn line_schemas() -> Schemas {
        Schemas::of::<LineView>()
    }

    async fn list(
        connection: &impl ConnectionTrait,
        query: &SeriesQuery,
        paging: &Paging,
    ) -> Result<Page<SeriesView>> {
        if let Some(sort) = &paging.sort {
            let detail = format!("series are in the order of their codes, not by {sort:?}");
            return Err(Error::invalid("sort", detail));
        }
        let SeriesQuery { report: filter, own } = query;
        let figures = figures(own.measures.as_deref())?;
        let rollup = Rollup::parse(own.rollup.as_deref())?;
        let groups = [group(query)?, Group::Year];
        let at = filter.at(connection).await?;
        let years = asked_years(connection, filter, at).await?;
        let asked = Asked {
            filter,
            at,
            groups: &groups,
            figures: &figures,
            function: Function::Sum,
            rollup,
            most: limits::GROUPS,
            parameter: "by",
        };
        let (sums, coverage) = answer(connection, &asked).await?;
        let mut series = asked_series(connection, &groups[0], filter, at).await?;
        for sum in sums {
            let [KeyValue::Text(id), KeyValue::Number(year)] = &sum.key[..] else { continue };
            series.entry(id.clone()).or_default().insert(*year, sum);
        }
        let key = |row: &(String, BTreeMap<i64, Sum>)| vec![KeyValue::Text(row.0.clone())];
        let rows = series.into_iter().collect();
        let page = page(rows, key, 1, &named(Self::NAME, query, paging), paging)?;
        let is_agency = groups[0] == Group::Agency;
        let mut agencies = HashMap::new();
        for some in page.rows.chunks(limits::PAGE_ROWS as usize).filter(|_| is_agency) {
            let ids = some.iter().map(|(id, _)| id.clone());
            agencies.extend(agency::by_ids(connection, ids, at).await?);
        }
        let view = |(id, of_years): (String, BTreeMap<i64, Sum>)| SeriesView {
            agency: agencies.remove(&id),
            points: points(&years, of_years, &figures),
            region: (!is_agency).then(|| RegionName::of(id)),
        };
        let page = page.map(view);
        Ok(Page { coverage: Some(coverage), ..page })
    }
}

/// Whose series are asked for.
fn group(query: &SeriesQuery) -> Result<Group> {
    let SeriesQuery { report: filter, own } = query;
    match (own.by.as_deref(), &filter.agency, &filter.region) {
        (Some("agency"), ..) | (None, Some(_), _) => Ok(Group::Agency),
        (Some(by), ..) => Group::of_regions(by, &["agency"]),
        (None, None, None) => Ok(Group::Areas(vec![regions::NATION.to_owned()])),
        (None, None, Some(region)) => {
            // What is refused of the codes, the condition on reports says.
            let (named, codes) = (values("region", region)?.len(), outermost(region)?);
            if codes.len() < named {
                let detail = "a region is named that lies in another one, or twice";
                return Err(Error::invalid("region", detail)
                    .allowed(["regions apart from each other, or a level in `by`"]));
            }
            Ok(Group::Areas(codes))
        }
    }
}

/// The series that are asked for by name, which are there even where no report is.
async fn asked_series(
    connection: &impl ConnectionTrait,
    group: &Group,
    filter: &ReportFilter,
    at: At,
) -> Result<BTreeMap<String, BTreeMap<i64, Sum>>> {
    let ids = match (group, filter.agency.as_deref()) {
        (Group::Areas(codes), _) => codes.clone(),
        (Group::Agency, Some(ids)) => {
            let ids = values("agency", ids)?.into_iter().map(str::to_owned).collect();
            let agencies = agency::found(connection, ids, at).await?;
            agencies.into_values().map(|agency| agency.id).collect()
        }
        _ => Vec::new(),
    };
    Ok(ids.into_iter().map(|id| (id, BTreeMap::new())).collect())
}

/// Every year asked for; where none is, from the first to the last of which a report is in.
async fn asked_years(
    connection: &impl ConnectionTrait,
    filter: &ReportFilter,
    at: At,
) -> Result<Vec<i32>> {
    let mut asked: Vec<i32> = match filter.year.as_deref() {
        Some(text) => years(text)?.into_iter().flatten().collect(),
        None if at == At::Now => {
            let known = kept::years_of_reports(connection).await?;
            let ends = known.iter().min().zip(known.iter().max());
            ends.map_or(Vec::new(), |(&first, &last)| (first..=last).collect())
        }
        None => {
            let ends: Option<(Option<i32>, Option<i32>)> = report::Entity::find()
                .select_only()
                .column_as(report::Column::Year.min(), "first")
                .column_as(report::Column::Year.max(), "last")
                .filter(at.reports())
                .into_tuple()
                .one(connection)
                .await?;
            let ends = ends.and_then(|(first, last)| first.zip(last));
            ends.map_or(Vec::new(), |(first, last)| (first..=last).collect())
        }
    };
    asked.sort_unstable();
    asked.dedup();
    Ok(asked)
}

fn points(years: &[i32], mut of_years: BTreeMap<i64, Sum>, figures: &[Figure]) -> Vec<PointView> {
    let point = |&year: &i32| {
        let figures = match of_years.remove(&i64::from(year)) {
            Some(sum) => FiguresView::of(&sum, figures),
            None => FiguresView::empty(figures),
        };
        PointView { year, figures }
    };
    years.iter().map(point).collect()
}
