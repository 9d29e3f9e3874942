//! Rankings: agencies or regions by a measure or an indicator, with what was left out and why.

mod growth;

use std::{cmp::Ordering, collections::HashMap, slice};

use async_graphql::Json;
use entity::{indicator::Indicator, template::Code};
use indexmap::IndexMap;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    agency::{self, AgencyView},
    as_of::At,
    cursor::{KeyValue, named},
    field::FieldType,
    figure::{Figure, Value, ValueOrNull},
    filter::{ReportFilter, filter},
    measure,
    page::{Page, Paging},
    row::filter_with,
    statistics::{RegionName, page},
    sums::{
        Function, Question, Sum,
        coverage::Coverage,
        group::Group,
        outcome::Outcome,
        rollup::{Rollup, Taking},
        sums,
    },
};
use crate::{
    error::{Error, Result, nearest},
    limits,
};

filter! {
    /// Who is ranked, and by what.
    pub struct RankingArgs {
        /// Who is ranked: `agency`, the default; or regions: `province`, `prefecture`, `county`, `township`.
        pub by: Option<String>,
        /// The measure to rank by, by its code: `requests.received`; over several years, its sum.
        pub measure: Option<String>,
        /// The indicator to rank by, instead of a measure: `denial_rate`; over several reports, the pooled
        /// rate.
        pub indicator: Option<String>,
        /// `desc`, the default: the highest first; `asc`: the lowest.
        pub order: Option<String>,
        /// `last_year`: ranks by how many times last year's the measure is, of one `year`: 2 where it doubled.
        /// Regions are compared by their consolidated reports alone, since own reports of two years may be of
        /// different agencies; agencies by the same kind of report in both years.
        #[arg(alias = "compared_with")]
        #[graphql(name = "compared_with")]
        pub compared_with: Option<String>,
        /// Of an indicator, or compared with last year: ranks only where what is divided by is at least this
        /// whole number.
        #[arg(alias = "min_denominator")]
        #[graphql(name = "min_denominator")]
        pub min_denominator: Option<String>,
        /// Whose reports count. Of regions as in statistics. Of agencies, `auto`, the default: for each year
        /// the consolidated report where it has one, else its own.
        pub rollup: Option<String>,
    }
}

filter_with! {
    /// Who is ranked, by what, and of which reports.
    RankingQuery = ReportFilter + RankingArgs
}

/// An agency or a region in its place. Equal values share a rank, and the next rank counts them: 1, 2, 2, 4.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Ranking")]
pub struct RankingView {
    /// Its rank, from 1.
    pub rank: u64,
    /// The agency, where agencies are ranked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyView>,
    /// The region, where regions are ranked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionName>,
    /// What it is ranked by: a count as an integer, money as a string in CNY, a rate as a number; compared with
    /// last year, how many times its number this one is.
    #[schema(value_type = ValueOrNull)]
    pub value: Option<Value>,
    /// Of a rate, what stands above the line; compared with last year, the number of this one.
    pub numerator: Option<i64>,
    /// Of a rate, what stands below the line; compared with last year, its number.
    pub denominator: Option<i64>,
    /// Of a rate from 0 to 1, the Wilson interval at 95 %, low and high: how far chance alone may carry a rate
    /// of so few. Where the intervals of two overlap, their order says little.
    pub interval: Option<Vec<f64>>,
    /// Reports it is made of.
    pub reports: u64,
    /// How many of them are left out of the value, since their number is unknown or another one.
    pub unknown: u64,
    /// Which reports were taken: `consolidated`, `own` or `mixed`.
    pub rollup: Option<String>,
}

/// A question as it is meant.
struct Meant {
    group: Group,
    figure: Figure,
    ascending: bool,
    min_denominator: i128,
    rollup: Rollup,
    is_compared: bool,
}

impl Meant {
    fn question<'a>(
        &'a self,
        filter: &'a ReportFilter,
        at: At,
        taking: &'a Taking,
    ) -> Question<'a> {
        Question {
            filter,
            at,
            groups: slice::from_ref(&self.group),
            figures: slice::from_ref(&self.figure),
            function: Function::Sum,
            taking,
            most: limits::RANKED,
            parameter: "by",
        }
    }
}

impl RankingArgs {
    fn meant(&self) -> Result<Meant> {
        let Self { by, measure, indicator, order, compared_with, min_denominator, rollup } = self;
        let group = match by.as_deref() {
            None | Some("agency") => Group::Agency,
            Some(by) => Group::of_regions(by, &["agency"])?,
        };
        let figure = match (measure.as_deref(), indicator.as_deref()) {
            (Some(_), Some(_)) => {
                let detail = "measure and indicator are both given";
                return Err(Error::invalid("indicator", detail).allowed(["one of them"]));
            }
            (None, None) => {
                let detail = "neither measure nor indicator is given";
                return Err(Error::invalid("measure", detail).allowed([
                    "a code of /api/v1/measures",
                    "indicator: a code of /api/v1/indicators",
                ]));
            }
            (Some(measure), None) => Figure::Measure(measure::parse("measure", measure)?),
            (None, Some(indicator)) => Figure::Indicator(indicator_of(indicator)?),
        };
        let ascending = match order.as_deref() {
            None | Some("desc") => false,
            Some("asc") => true,
            Some(other) => {
                return Err(Error::invalid("order", format!("order {other:?} is not known"))
                    .allowed(["desc", "asc"]));
            }
        };
        let is_compared = match compared_with.as_deref() {
            None => false,
            Some("last_year") => true,
            Some(other) => {
                let detail = format!("compared_with {other:?} is not known");
                return Err(Error::invalid("compared_with", detail).allowed(["last_year"]));
            }
        };
        let is_count = matches!(figure, Figure::Measure(measure) if !measure.is_amount());
        if is_compared && !is_count {
            let detail = format!("{} is no count, and only counts are compared", figure.code());
            return Err(Error::invalid("compared_with", detail).allowed(["with measure: a count"]));
        }
        let min_denominator = match (min_denominator.as_deref(), figure) {
            (None, _) => 0,
            (Some(_), Figure::Measure(_)) if !is_compared => {
                let detail = "a measure has no denominator";
                return Err(Error::invalid("min_denominator", detail)
                    .allowed(["with indicator", "with compared_with"]));
            }
            (Some(text), _) => i128::from(text.parse::<u32>().map_err(|_| {
                let detail = format!("min_denominator {text:?} is no number");
                Error::invalid("min_denominator", detail)
                    .allowed([format!("a whole number from 0 to {}", u32::MAX)])
            })?),
        };
        let rollup = Rollup::parse(rollup.as_deref())?;
        Ok(Meant { group, figure, ascending, min_denominator, rollup, is_compared })
    }
}

fn indicator_of(code: &str) -> Result<Indicator> {
    Indicator::of(code).ok_or_else(|| {
        let codes = || Indicator::ALL.iter().map(|known| known.code());
        let hint = nearest(code, codes()).map(|hint| format!("; did you mean {hint}?"));
        let detail = format!("{code:?} is no indicator{}", hint.unwrap_or_default());
        Error::invalid("indicator", detail).allowed(codes())
    })
}

/// The rankings.
pub struct Rankings;

impl Resource for Rankings {
    const NAME: &'static str = "rankings";
    const ROWS_AT_ONCE: u64 = limits::RANKED as u64;
    type Filter = RankingQuery;
    type Row = RankingView;

    fn example(filter: &RankingQuery) -> Result<RankingView> {
        let is_agency = filter.own.meant()?.group == Group::Agency;
        Ok(RankingView {
            agency: is_agency.then(AgencyView::default),
            region: (!is_agency).then(RegionName::default),
            ..RankingView::default()
        })
    }

    fn value_type(filter: &RankingQuery, _name: &str) -> FieldType {
        if filter.own.compared_with.is_some() {
            return FieldType::Number;
        }
        FieldType::of_measure(filter.own.measure.as_deref().unwrap_or_default())
    }

    async fn list(
        connection: &impl ConnectionTrait,
        query: &RankingQuery,
        paging: &Paging,
    ) -> Result<Page<RankingView>> {
        if let Some(sort) = &paging.sort {
            let detail = format!("rankings are in the order of their ranks, not by {sort:?}");
            return Err(Error::invalid("sort", detail).allowed(["order: desc or asc"]));
        }
        let RankingQuery { report: filter, own } = query;
        let meant = own.meant()?;
        let at = filter.at(connection).await?;
        let (sums, coverage) = if meant.is_compared {
            growth::sums(connection, filter, at, &meant).await?
        } else {
            let groups = slice::from_ref(&meant.group);
            let taking = Taking::decide(connection, filter, at, groups, meant.rollup).await?;
            let sums = sums(connection, &meant.question(filter, at, &taking)).await?;
            let coverage = Coverage::of(connection, filter, at, &[meant.figure], &sums).await?;
            (sums, coverage)
        };
        let (ranked, left_out) = ranked(sums, &meant);
        let key = |row: &Ranked| {
            vec![KeyValue::Number(row.rank.cast_signed()), KeyValue::Text(row.id.clone())]
        };
        let page = page(ranked, key, 2, &named(Self::NAME, query, paging), paging)?;
        let rows = views(connection, &page.rows, &meant, at).await?;
        let coverage = Coverage { left_out: Some(Json(left_out)), ..coverage };
        Ok(Page { coverage: Some(coverage), ..page.with_rows(rows) })
    }
}

/// An agency or region in its place.
struct Ranked {
    rank: u64,
    id: String,
    outcome: Outcome,
    sum: Sum,
}

/// Those that can be ranked, in order; how many cannot, by the reason.
fn ranked(sums: Vec<Sum>, meant: &Meant) -> (Vec<Ranked>, IndexMap<String, u64>) {
    let mut left_out: IndexMap<String, u64> = IndexMap::new();
    let mut ranked = Vec::with_capacity(sums.len());
    for sum in sums {
        let outcome = match (&sum.key[..], sum.totals[0].outcome) {
            ([KeyValue::Text(_)], Ok(Outcome::Rate(rate)))
                if rate.denominator() < meant.min_denominator =>
            {
                Err("below_min_denominator")
            }
            ([KeyValue::Text(id)], Ok(outcome)) => match outcome.value() {
                Ok(_) => Ok((id.clone(), outcome)),
                Err(reason) => Err(reason.code()),
            },
            ([KeyValue::Text(_)], Err(reason)) => Err(reason.code()),
            _ => Err("no_region"),
        };
        match outcome {
            Ok((id, outcome)) => ranked.push(Ranked { rank: 0, id, outcome, sum }),
            Err(reason) => *left_out.entry(reason.to_owned()).or_default() += 1,
        }
    }
    let in_order = |one: &Ranked, other: &Ranked| {
        let order = one.outcome.cmp(other.outcome);
        if meant.ascending { order } else { order.reverse() }
    };
    ranked.sort_by(|one, other| in_order(one, other).then_with(|| one.id.cmp(&other.id)));
    for place in 0..ranked.len() {
        let is_tie = place > 0 && in_order(&ranked[place - 1], &ranked[place]) == Ordering::Equal;
        ranked[place].rank = if is_tie { ranked[place - 1].rank } else { place as u64 + 1 };
    }
    left_out.sort_unstable_keys();
    (ranked, left_out)
}

async fn views(
    connection: &impl ConnectionTrait,
    ranked: &[Ranked],
    meant: &Meant,
    at: At,
) -> Result<Vec<RankingView>> {
    let is_agency = meant.group == Group::Agency;
    let mut agencies = HashMap::new();
    for some in ranked.chunks(limits::PAGE_ROWS as usize).filter(|_| is_agency) {
        let ids = some.iter().map(|row| row.id.clone());
        agencies.extend(agency::by_ids(connection, ids, at).await?);
    }
    let view = |row: &Ranked| {
        let Ranked { rank, id, outcome, sum } = row;
        let rate = match outcome {
            Outcome::Rate(rate) => Some(*rate),
            _ => None,
        };
        RankingView {
            rank: *rank,
            agency: agencies.remove(id),
            region: (!is_agency).then(|| RegionName::of(id.clone())),
            value: outcome.value().ok(),
            numerator: rate.and_then(|rate| i64::try_from(rate.numerator()).ok()),
            denominator: rate.and_then(|rate| i64::try_from(rate.denominator()).ok()),
            // Of two years neither is a part of the other.
            interval: rate
                .and_then(|rate| rate.wilson())
                .filter(|_| !meant.is_compared)
                .map(Vec::from),
            reports: sum.taken.reports(),
            unknown: sum.totals[0].unknown,
            rollup: sum.taken.rollup().map(str::to_owned),
        }
    };
    Ok(ranked.iter().map(view).collect())
}
