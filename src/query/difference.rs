//! Differences: where an area's own consolidated report prints another number than the reports below it add
//! up to.

use std::collections::HashMap;

use async_graphql::Json;
use entity::template::{Level, Measure};
use indexmap::IndexMap;
use rust_decimal::prelude::ToPrimitive;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    as_of::At,
    cursor::{KeyValue, named},
    figure::Figure,
    filter::{ReportFilter, filter},
    page::{Page, Paging},
    report::public_id,
    statistics::{self, RegionName, page},
    sums::{
        Function, Question, Sum, Total,
        coverage::Coverage,
        group::Group,
        outcome::{Reason, difference},
        rollup::{Taking, heads_of},
        sums,
    },
};
use crate::{
    cells::Quantity,
    error::{Error, Result},
    limits,
};

filter! {
    /// Which areas are compared, and by what.
    pub struct DifferenceFilter {
        /// What to compare: codes of measures, separated by commas: `requests.received,requests.denied`;
        /// `/measures` lists them.
        pub measures: Option<String>,
        /// Whose reports: the governments of each `province`, `prefecture`, `county`, the default, or
        /// `township`.
        pub by: Option<String>,
        /// A region's code: the areas in it. `370000` is a province; several separated by commas.
        pub region: Option<String>,
        /// A report year: `2023`; a span: `2019..2023`; several separated by commas: `2021,2023`.
        pub year: Option<String>,
        /// The data as they stood: at the end of a day (`2026-11-23`, UTC), at a time
        /// (`2026-11-23T08:00:00Z`) or at a data version (`v12`).
        #[arg(alias = "as_of")]
        #[graphql(name = "as_of")]
        pub as_of: Option<String>,
    }
}

/// A number of which an area's consolidated report and the reports below it tell differently.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Difference")]
pub struct DifferenceView {
    /// The area.
    pub region: RegionName,
    /// The year reported on.
    pub year: i32,
    /// The code of the measure.
    pub measure: String,
    /// Its Chinese label.
    pub label: String,
    /// Its English label.
    pub label_en: String,
    /// What the reports below add up to: a count, or money as a string in CNY; null where none prints the
    /// number, which then is worth 0.
    pub value: Option<Quantity>,
    /// What the consolidated report prints; null where it prints no number, which then is worth 0.
    pub consolidated: Option<Quantity>,
    /// The one less the other.
    pub difference: Option<Quantity>,
    /// How many reports are added up: area by area below, the consolidated report of the outermost that has
    /// one, and the own reports of what lies in no such area.
    pub reports: u64,
    /// How many of them are left out of the sum, since their number is unknown or another one.
    pub unknown: u64,
    /// Which reports are added up: `consolidated`, `own` or `mixed`.
    pub rollup: Option<String>,
    /// The id of the consolidated report.
    pub report_id: String,
}

/// A question as it is meant.
struct Meant {
    level: Level,
    measures: Vec<Measure>,
    filter: ReportFilter,
}

impl DifferenceFilter {
    fn meant(&self) -> Result<Meant> {
        let Self { measures, by, region, year, as_of } = self.clone();
        let level = match Group::of_regions(by.as_deref().unwrap_or("county"), &[])? {
            Group::Region(level) => level,
            _ => Level::County,
        };
        let measure = |figure| match figure {
            Figure::Measure(measure) => Ok(measure),
            Figure::Indicator(_) => {
                let detail = format!("{} is a rate, and rates do not add up", figure.code());
                Err(Error::invalid("measures", detail)
                    .allowed(["codes of /api/v1/measures, separated by commas"]))
            }
        };
        let figures = statistics::figures(measures.as_deref())?;
        Ok(Meant {
            level,
            measures: figures.into_iter().map(measure).collect::<Result<_>>()?,
            filter: ReportFilter { region, year, as_of, ..ReportFilter::default() },
        })
    }
}

/// The differences.
pub struct Differences;

impl Resource for Differences {
    const NAME: &'static str = "differences";
    const ROWS_AT_ONCE: u64 = limits::GROUPS as u64;
    type Filter = DifferenceFilter;
    type Row = DifferenceView;

    async fn list(
        connection: &impl ConnectionTrait,
        query: &DifferenceFilter,
        paging: &Paging,
    ) -> Result<Page<DifferenceView>> {
        if let Some(sort) = &paging.sort {
            let detail = format!("differences are by measure, the largest first, not by {sort:?}");
            return Err(Error::invalid("sort", detail));
        }
        let Meant { level, measures, filter } = query.meant()?;
        let at = filter.at(connection).await?;
        let groups = [Group::Region(level), Group::Year];
        let figures: Vec<Figure> = measures.iter().copied().map(Figure::Measure).collect();
        let question = |taking| Question {
            filter: &filter,
            at,
            groups: &groups,
            figures: &figures,
            function: Function::Sum,
            taking,
            most: limits::GROUPS,
            parameter: "by",
        };
        let below = Taking::below(level, &filter, at)?;
        let below = sums(connection, &question(&below)).await?;
        let consolidated = Taking::of_level(level, &filter, at)?;
        let consolidated = sums(connection, &question(&consolidated)).await?;
        let coverage = Coverage::of(connection, &filter, at, &figures, &below).await?;
        let (found, left_out) = compared(&measures, below, consolidated);
        let coverage = Coverage { left_out: Some(Json(left_out)), ..coverage };
        let page = page(found, Found::key, 4, &named(Self::NAME, query, paging), paging)?;
        let rows = views(connection, &page.rows, &measures, &filter, at).await?;
        Ok(Page { coverage: Some(coverage), ..page.with_rows(rows) })
    }
}

/// A difference that was found.
struct Found {
    /// The place of its measure among those asked for.
    number: usize,
    region: String,
    year: i32,
    below: Total,
    consolidated: Total,
    difference: Quantity,
    reports: u64,
    rollup: Option<&'static str>,
}

impl Found {
    /// By measure, the largest first.
    fn key(&self) -> Vec<KeyValue> {
        let size = match self.difference {
            Quantity::Count(count) => count.saturating_abs(),
            Quantity::Amount(amount) => {
                let micro = amount.abs().saturating_mul(crate::cells::MICRO_CNY);
                micro.to_i64().unwrap_or(i64::MAX)
            }
        };
        vec![
            KeyValue::Number(self.number as i64),
            KeyValue::Number(-size),
            KeyValue::Text(self.region.clone()),
            KeyValue::Number(self.year.into()),
        ]
    }
}

/// What differs, in order; how many numbers do not, or cannot be compared, by the reason.
fn compared(
    measures: &[Measure],
    below: Vec<Sum>,
    consolidated: Vec<Sum>,
) -> (Vec<Found>, IndexMap<String, u64>) {
    let mut consolidated: HashMap<Vec<KeyValue>, Sum> =
        consolidated.into_iter().map(|sum| (sum.key.clone(), sum)).collect();
    let mut left_out: IndexMap<String, u64> = IndexMap::new();
    let mut leave_out = |reason: &str, numbers: usize| {
        *left_out.entry(reason.to_owned()).or_default() += numbers as u64;
    };
    let mut found = Vec::new();
    for sum in below {
        let [KeyValue::Text(region), KeyValue::Number(year)] = &sum.key[..] else {
            leave_out("no_region", measures.len());
            continue;
        };
        let Some(other) = consolidated.remove(&sum.key) else {
            leave_out("no_consolidated", measures.len());
            continue;
        };
        let totals = sum.totals.iter().zip(&other.totals);
        for ((number, &measure), (&below, &consolidated)) in measures.iter().enumerate().zip(totals)
        {
            match difference(measure, below.quantity(), consolidated.quantity()) {
                Ok(difference) if difference.is_zero() => leave_out("agree", 1),
                Ok(difference) => found.push(Found {
                    number,
                    region: region.clone(),
                    year: i32::try_from(*year).unwrap_or_default(),
                    below,
                    consolidated,
                    difference,
                    reports: sum.taken.reports(),
                    rollup: sum.taken.rollup(),
                }),
                Err(reason) => leave_out(reason.code(), 1),
            }
        }
    }
    for _ in consolidated {
        leave_out(Reason::NoReports.code(), measures.len());
    }
    found.sort_by_cached_key(Found::key);
    left_out.sort_unstable_keys();
    (found, left_out)
}

async fn views(
    connection: &impl ConnectionTrait,
    found: &[Found],
    measures: &[Measure],
    filter: &ReportFilter,
    at: At,
) -> Result<Vec<DifferenceView>> {
    let mut ids = HashMap::new();
    for some in found.chunks(limits::PAGE_ROWS as usize) {
        let regions = some.iter().map(|found| found.region.as_str());
        ids.extend(heads_of(connection, filter, at, regions).await?);
    }
    let view = |found: &Found| {
        let measure = measures[found.number];
        let id = ids.get(&(found.region.clone(), found.year)).copied();
        DifferenceView {
            region: RegionName::of(found.region.clone()),
            year: found.year,
            measure: measure.code(),
            label: measure.label(),
            label_en: measure.label_en(),
            value: found.below.quantity().ok(),
            consolidated: found.consolidated.quantity().ok(),
            difference: Some(found.difference),
            reports: found.reports,
            unknown: found.below.unknown,
            rollup: found.rollup.map(str::to_owned),
            report_id: id.map(public_id).unwrap_or_default(),
        }
    };
    Ok(found.iter().map(view).collect())
}
