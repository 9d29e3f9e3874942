//! The questions that add up: over reports, and over who reported.

use async_graphql::{Context, Object, Result};
use sea_orm::{DatabaseConnection, TransactionTrait};

use super::{
    connection::{Rows, Sums, cost},
    root::{add_up, list},
};
use crate::{
    limits::GRAPHQL_SUM_COST,
    query::{
        coverage::{CoverageQuery, CoverageRows, CoverageView},
        difference::{DifferenceFilter, DifferenceView, Differences},
        expected_report::{ExpectedReportFilter, ExpectedReportView, ExpectedReports},
        ranking::{RankingQuery, RankingView, Rankings},
        series::{AllSeries, SeriesQuery, SeriesView},
        statistics::{Statistics, StatisticsQuery, StatisticsView},
        summary::{SummaryFilter, SummaryView},
    },
};

/// What adds up.
#[derive(Default)]
pub struct Totals;

#[Object]
impl Totals {
    /// Measures and indicators over reports, grouped, each report counted once.
    #[graphql(complexity = "GRAPHQL_SUM_COST + cost(first, child_complexity)")]
    async fn statistics(
        &self,
        context: &Context<'_>,
        filter: StatisticsQuery,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Sums<StatisticsView>> {
        add_up::<Statistics>(context, filter, first, after).await
    }

    /// Agencies or regions by a measure or an indicator, highest first.
    #[graphql(complexity = "GRAPHQL_SUM_COST + cost(first, child_complexity)")]
    async fn rankings(
        &self,
        context: &Context<'_>,
        filter: RankingQuery,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Sums<RankingView>> {
        add_up::<Rankings>(context, filter, first, after).await
    }

    /// Measures and indicators over years, for agencies or regions.
    #[graphql(complexity = "GRAPHQL_SUM_COST + cost(first, child_complexity)")]
    async fn series(
        &self,
        context: &Context<'_>,
        filter: SeriesQuery,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Sums<SeriesView>> {
        add_up::<AllSeries>(context, filter, first, after).await
    }

    /// Where the consolidated reports of areas disagree with the reports below them, measure by measure, the
    /// largest difference first.
    #[graphql(complexity = "GRAPHQL_SUM_COST + cost(first, child_complexity)")]
    async fn differences(
        &self,
        context: &Context<'_>,
        filter: DifferenceFilter,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Sums<DifferenceView>> {
        add_up::<Differences>(context, filter, first, after).await
    }

    /// How many agencies are expected to report, and how many did, were late or are missing; by year where
    /// `group_by` does not say otherwise.
    #[graphql(complexity = "GRAPHQL_SUM_COST + cost(first, child_complexity)")]
    async fn coverage(
        &self,
        context: &Context<'_>,
        filter: Option<CoverageQuery>,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<CoverageView>> {
        list::<CoverageRows>(context, filter.unwrap_or_default(), None, first, after).await
    }

    /// Each agency that is expected to report on a year, with how it stands, newest year first, by region.
    #[graphql(complexity = "GRAPHQL_SUM_COST + cost(first, child_complexity)")]
    async fn expected_reports(
        &self,
        context: &Context<'_>,
        filter: Option<ExpectedReportFilter>,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<ExpectedReportView>> {
        list::<ExpectedReports>(context, filter.unwrap_or_default(), None, first, after).await
    }

    /// The reports of an area added up in the national form, beside the area's own consolidated report.
    #[graphql(complexity = "GRAPHQL_SUM_COST + child_complexity")]
    async fn summary(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "`region` and `year`, both.")] filter: SummaryFilter,
    ) -> Result<SummaryView> {
        // Its statements see the data of one moment.
        let snapshot = context.data_unchecked::<DatabaseConnection>().begin().await?;
        let summary = filter.get(&snapshot).await?;
        snapshot.commit().await?;
        Ok(summary)
    }
}
