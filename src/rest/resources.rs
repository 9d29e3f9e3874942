//! The lists: a route a resource, all answered by `list`.

use axum::{
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
    response::Response,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Problem, Rest, list::list, params::ListQuery, single::merged};
use crate::{
    error::{Error, Result},
    formats::OutputArgs,
    query::{
        agency::{Agencies, AgencyView},
        as_of::AsOf,
        change::{ChangeFilter, ChangeView, Changes},
        coverage::{CoverageQuery, CoverageRows, CoverageView},
        difference::{DifferenceFilter, DifferenceView, Differences},
        disclosure_item::{DisclosureItemFilter, DisclosureItemView, DisclosureItems},
        expected_report::{ExpectedReportFilter, ExpectedReportView, ExpectedReports},
        filter::{AgencyFilter, RegionFilter, ReportFilter},
        finding::{FindingFilter, FindingView, Findings},
        indicator::{AllIndicators, IndicatorFilter, IndicatorView},
        lawsuit::{LawsuitFilter, LawsuitView, Lawsuits},
        measure::{AllMeasures, MeasureFilter, MeasureView},
        page::PageArgs,
        permalink::Permalink,
        ranking::{RankingQuery, RankingView, Rankings},
        region::{RegionView, Regions},
        report::{ReportQuery, ReportView, Reports},
        request::{RequestFilter, RequestView, Requests},
        review::{ReviewView, Reviews},
        search::{HitView, Search, SearchFilter},
        series::{AllSeries, SeriesQuery, SeriesView},
        statistics::{Coverage, Statistics, StatisticsQuery, StatisticsView},
        year::{YearFilter, YearView, Years},
    },
};

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct ListOf<T> {
    /// The rows.
    pub data: Vec<T>,
    pub page: PageOf,
    #[serde(flatten)]
    pub stays: Stays,
}

/// Where an answer stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stays {
    /// The version of the data it is made of, as `as_of` takes it: `v26`.
    pub data_version: String,
    /// The address below this server's that gives the same later.
    pub permalink: String,
}

impl From<&Permalink> for Stays {
    fn from(permalink: &Permalink) -> Self {
        Self { data_version: permalink.stamp.as_of(), permalink: permalink.address.clone() }
    }
}

/// Where a list goes on.
#[derive(Serialize, ToSchema)]
pub struct PageOf {
    /// The cursor for `after`; null on the last page.
    pub next: Option<String>,
    /// All rows of the question; null where they were not counted.
    pub total: Option<u64>,
}

/// A page of rows that add up, and what they cover.
#[derive(Serialize, ToSchema)]
pub struct SumsOf<T> {
    /// The rows.
    pub data: Vec<T>,
    pub page: PageOf,
    pub coverage: Coverage,
    #[serde(flatten)]
    pub stays: Stays,
}

/// Makes the route of a list and its documentation.
macro_rules! lists {
    ($of:ident: $($name:ident $path:literal $resource:ident $row:ident $filter:ident $tag:literal $summary:literal $description:literal;)+) => {
        $(
            #[utoipa::path(
                get, path = $path, tag = $tag, summary = $summary, description = $description,
                params($filter, PageArgs, OutputArgs),
                responses(
                    (status = 200, content(($of<$row> = "application/json"), (String = "text/csv"), (String = "application/x-ndjson"), ([u8] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), ([u8] = "application/vnd.apache.parquet"), (String = "text/plain")),
                        description = "A page of rows; `Link` leads to the next. In every other format all rows, where `limit` is not said.",
                        headers(("etag" = String, description = "Changes only with the data"), ("link" = String, description = "The next page, `rel=\"next\"`; where the answer stays, `rel=\"bookmark\"`"))),
                    (status = 304, description = "Nothing changed since the ETag in `If-None-Match`"),
                    (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is unknown or not valid"),
                    (status = 406, body = Problem, content_type = "application/problem+json", description = "The format is not offered"),
                )
            )]
            pub async fn $name(
                State(rest): State<Rest>,
                OriginalUri(uri): OriginalUri,
                headers: HeaderMap,
                query: ListQuery<$filter>,
            ) -> Result<Response> {
                list::<$resource>(&rest, &uri, &headers, query).await
            }
        )+
    };
}

lists! {
    ListOf:
    regions          "/regions"           Regions         RegionView         RegionFilter         "regions" "The regions" "Provinces, prefectures, counties and townships, in the order of their codes.";
    agencies         "/agencies"          Agencies        AgencyView         AgencyFilter         "agencies" "The agencies" "Agencies that reported, by region.";
    years            "/years"             Years           YearView           YearFilter           "years" "The report years" "Reports in, agencies missing, reports late, and the deadlines, newest year first.";
    coverage         "/coverage"          CoverageRows    CoverageView       CoverageQuery        "coverage" "Who reported" "How many agencies are expected to report, and how many did, were late or are missing, by region, level, kind and year. Expected are the governments and townships of the tree of regions and every agency that reported on the year or an earlier one.";
    expected_reports "/expected-reports"  ExpectedReports ExpectedReportView ExpectedReportFilter "coverage" "Who reported, by name" "Each agency that is expected to report on a year, with how it stands: `on_time`, `late`, `undated` or `missing`. Newest year first, by region.";
    reports          "/reports"           Reports         ReportView         ReportQuery          "reports" "Reports across agencies" "Newest year first. `measures` names the numbers to show in `values`.";
    disclosure_items "/disclosure-items"  DisclosureItems DisclosureItemView DisclosureItemFilter "disclosure items" "Section 2 across agencies" "Every item of every report's form, zeros and blanks included, newest year first.";
    requests         "/requests"          Requests        RequestView        RequestFilter        "requests" "Section 3 across agencies" "Every row of every report's requests matrix, zeros and blanks included, newest year first.";
    reviews          "/reviews"           Reviews         ReviewView         ReportFilter         "reviews" "Administrative reviews across agencies" "One row a report, newest year first.";
    lawsuits         "/lawsuits"          Lawsuits        LawsuitView        LawsuitFilter        "lawsuits" "Lawsuits across agencies" "One row a report and kind, newest year first.";
    findings         "/findings"          Findings        FindingView        FindingFilter        "findings" "What does not agree, across agencies" "A finding never changes a number: the record shows what the agency printed, and that it does not add up.";
    changes          "/changes"           Changes         ChangeView         ChangeFilter         "changes" "What revisions and corrections changed, across agencies" "Old and new value of every cell that another document of the same report changed, and what the operator withdrew, reassigned or merged; the last change first.";
    search           "/search"            Search          HitView            SearchFilter         "search" "Sections by the words in them" "Full text over the prose, in Chinese from one character up: a section is a hit if its text has every word of `q`, both in NFKC, lower case and without whitespace. Newest year first; `snippet` shows the words, `highlights` where they stand in it. `total` is null where counting would mean to read too many texts.";
    measures         "/measures"          AllMeasures     MeasureView        MeasureFilter        "measures" "Every measure" "The codes by which numbers are asked for everywhere, with labels, units and parts.";
    indicators       "/indicators"        AllIndicators   IndicatorView      IndicatorFilter      "measures" "Every indicator" "Rates made of measures, with labels, formulas and legal basis; their codes stand wherever a measure's may.";
}

lists! {
    SumsOf:
    statistics "/statistics" Statistics StatisticsView StatisticsQuery "statistics" "Measures and indicators over reports" "Any measures and indicators, grouped, over the reports that any filter selects. Nothing counts twice: `rollup` decides between consolidated reports and those that they add up. Each row says which reports it took and how many, `coverage` what is not in them.";
    series "/series" AllSeries SeriesView SeriesQuery "statistics" "Measures and indicators over years" "For agencies or regions, a point for every year asked for; where there is no report, null with the reason. As CSV a line a point.";
    differences "/differences" Differences DifferenceView DifferenceFilter "statistics" "Where totals disagree with their parts" "The numbers that the consolidated report of an area prints otherwise than the reports below it add up to, measure by measure, the largest difference first; `coverage.left_out` says how many agree, and how many could not be compared.";
    rankings "/rankings" Rankings RankingView RankingQuery "statistics" "Agencies or regions in their order" "By a measure or an indicator, highest first; equal values share a rank. The filters make the peer group. Rates come with their terms and the Wilson interval; `coverage.left_out` says who is not ranked, and why.";
}

/// The reports of an agency
///
/// Newest year first. `measures` names the numbers to show in `values`.
#[utoipa::path(
    get, path = "/agencies/{id}/reports", tag = "agencies",
    params(("id" = String, Path, description = "The agency's id"), ReportQuery, PageArgs, OutputArgs),
    responses(
        (status = 200, body = ListOf<ReportView>, content_type = "application/json", description = "A page of reports"),
        (status = 308, description = "The agency was merged into another: `Location` leads there"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is unknown or not valid"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such agency"),
    )
)]
pub async fn agency_reports(
    State(rest): State<Rest>,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    mut query: ListQuery<ReportQuery>,
) -> Result<Response> {
    let as_of = AsOf { as_of: query.filter.report.as_of.clone() };
    let at = as_of.at(&rest.connection).await?;
    let agency = crate::query::agency::get(&rest.connection, &id, at).await?;
    if let Some(elsewhere) = merged(&uri, &id, &agency.id) {
        return Ok(elsewhere);
    }
    if query.filter.report.agency.replace(agency.id).is_some() {
        return Err(Error::invalid("agency", "the address names the agency already"));
    }
    list::<Reports>(&rest, &uri, &headers, query).await
}
