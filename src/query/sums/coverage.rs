//! What an answer that adds up covers: which reports are in it, and which are not, and why.

use std::collections::HashMap;

use async_graphql::Json;
use entity::report;
use indexmap::IndexMap;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryResult,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Sum, figure_counts, taken::Taken};
use crate::{
    error::Result,
    query::{as_of::At, figure::Figure, filter::ReportFilter, span::in_years},
};

/// What an answer that adds up covers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
pub struct Coverage {
    /// Reports that are added up.
    pub reports: u64,
    /// How many of them are agencies' own (`own`), and how many consolidated reports of the regions of each
    /// level.
    #[schema(value_type = HashMap<String, u64>)]
    pub taken: Json<IndexMap<String, u64>>,
    /// Reports that the filter selects and the rollup leaves out, so that nothing counts twice.
    pub excluded: u64,
    /// Reports that are not there: for each year asked for on which any report is in, the agencies of the
    /// filter (its region, agency, kind, level, name) that reported on an earlier year and not on this one.
    pub missing: u64,
    /// For each measure and indicator, how many of `reports` are left out of it, since their number is
    /// unknown (ambiguous, unreadable, a total that is not printed over a part that is not 0), or since
    /// their template means something else by it.
    #[schema(value_type = HashMap<String, u64>)]
    pub unknown: Json<IndexMap<String, u64>>,
    /// Of a ranking, how many agencies or regions are not ranked, by the reason: those of statistics;
    /// `below_min_denominator`; `no_region`, for what lies in no region of the level that is ranked. Of
    /// differences, how many numbers are none: `agree`; or cannot be compared: `no_consolidated`, where an
    /// area has no consolidated report, `no_region`, and the reasons of statistics.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<HashMap<String, u64>>)]
    pub left_out: Option<Json<IndexMap<String, u64>>>,
}

impl Coverage {
    /// The coverage of sums.
    pub async fn of(
        connection: &impl ConnectionTrait,
        filter: &ReportFilter,
        at: At,
        figures: &[Figure],
        sums: &[Sum],
    ) -> Result<Self> {
        let taken = sums.iter().map(|sum| sum.taken).fold(Taken::default(), Taken::and);
        let mut unknown = figure_counts(figures, |_| 0);
        for sum in sums {
            for (count, total) in unknown.values_mut().zip(&sum.totals) {
                *count += total.unknown;
            }
        }
        Self::made(connection, filter, at, taken, unknown).await
    }

    /// The coverage of an answer that takes these reports, with those left out of each measure.
    pub async fn made(
        connection: &impl ConnectionTrait,
        filter: &ReportFilter,
        at: At,
        taken: Taken,
        unknown: IndexMap<String, u64>,
    ) -> Result<Self> {
        let selected = report::Entity::find().filter(filter.condition(at)?).count(connection);
        Ok(Self {
            reports: taken.reports(),
            taken: Json(taken.counts()),
            excluded: selected.await?.saturating_sub(taken.reports()),
            missing: missing(connection, filter, at).await?,
            unknown: Json(unknown),
            left_out: None,
        })
    }
}

/// How many reports agencies that reported before did not publish on the years asked for.
async fn missing(connection: &impl ConnectionTrait, filter: &ReportFilter, at: At) -> Result<u64> {
    // Who is asked about, whatever their reports say.
    let ReportFilter { region, agency, kind, level, q, year, .. } = filter.clone();
    let who = ReportFilter { region, agency, kind, level, q, ..ReportFilter::default() };
    let who = who.condition(at)?;
    let reports = || report::Entity::find().select_only();
    let mut asked = Condition::all().add(at.reports());
    if let Some(year) = year.as_deref() {
        asked = asked.add(in_years(year, report::Column::Year)?);
    }
    let years: Vec<i32> = reports()
        .column(report::Column::Year)
        .distinct()
        .filter(asked)
        .into_tuple()
        .all(connection)
        .await?;
    let by_year: Vec<(i32, i64)> = reports()
        .column(report::Column::Year)
        .column_as(
            Expr::col((report::Entity, report::Column::AgencyId)).count_distinct(),
            "agencies",
        )
        .filter(who.clone())
        .group_by(report::Column::Year)
        .into_tuple()
        .all(connection)
        .await?;
    let agencies: HashMap<i32, i64> = by_year.into_iter().collect();
    let first = reports()
        .column_as(report::Column::Year.min(), "first_year")
        .filter(who)
        .group_by(report::Column::AgencyId)
        .into_query();
    let counted = Query::select()
        .column("first_year")
        .expr_as(Expr::col("first_year").count(), "agencies")
        .from_subquery(first, "firsts")
        .group_by_col("first_year")
        .take();
    let new = |row: &QueryResult| -> Result<(i32, i64)> {
        Ok((row.try_get("", "first_year")?, row.try_get("", "agencies")?))
    };
    let rows = connection.query_all(&counted).await?;
    let new = rows.iter().map(new).collect::<Result<Vec<_>>>()?;
    let of_year = |year: i32| {
        let until = new.iter().filter(|(first, _)| *first <= year).map(|(_, new)| new);
        // All that reported by then, without those that reported on this year.
        until.sum::<i64>() - agencies.get(&year).copied().unwrap_or(0)
    };
    Ok(years.into_iter().map(|year| of_year(year).unsigned_abs()).sum())
}
