//! How many times last year's a number is: the sums of two years, as one rate.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;

use super::Meant;
use crate::{
    cells::Rate,
    error::{Error, Result},
    query::{
        as_of::At,
        cursor::KeyValue,
        filter::ReportFilter,
        sums::{
            Sum, Total,
            coverage::Coverage,
            outcome::{Outcome, Reason},
            rollup::{Rollup, Taking, with_scope},
            sums as sums_of,
        },
    },
};

/// The number of the filter's year over that of the year before, for each agency or region of which there is a
/// report on either; what both years cover.
///
/// # Errors
/// `invalid_parameter` for a question that is not of one year, or of own reports of regions.
pub async fn sums(
    connection: &impl ConnectionTrait,
    filter: &ReportFilter,
    at: At,
    meant: &Meant,
) -> Result<(Vec<Sum>, Coverage)> {
    let year = one_year(filter)?;
    let of = |years: String| ReportFilter { year: Some(years), ..filter.clone() };
    let (this_filter, last_filter) = (of(year.to_string()), of((year - 1).to_string()));
    let this = of_year(connection, &this_filter, at, meant).await?;
    let last = of_year(connection, &last_filter, at, meant).await?;
    let both: Vec<Sum> = this.iter().chain(&last).cloned().collect();
    let years = of(format!("{}..{year}", year - 1));
    let coverage = Coverage::of(connection, &years, at, &[meant.figure], &both).await?;
    Ok((divided(this, last), coverage))
}

fn one_year(filter: &ReportFilter) -> Result<i32> {
    let year = filter.year.as_deref().unwrap_or_default();
    // The filter has been understood, so that this is a year or several.
    year.trim().parse().map_err(|_| {
        let detail = "what is compared with last year is of one year";
        Error::invalid("year", detail).allowed(["one year: 2023"])
    })
}

async fn of_year(
    connection: &impl ConnectionTrait,
    filter: &ReportFilter,
    at: At,
    meant: &Meant,
) -> Result<Vec<Sum>> {
    let groups = std::slice::from_ref(&meant.group);
    let taking = match meant.group.region_level() {
        Some(level) if with_scope(filter, groups, meant.rollup)? != Rollup::Own => {
            Taking::of_level(level, filter, at)?
        }
        Some(_) => {
            let detail = "own reports of two years may be of different agencies";
            return Err(Error::invalid("rollup", detail).allowed(["consolidated", "by=agency"]));
        }
        None => Taking::decide(connection, filter, at, groups, meant.rollup).await?,
    };
    sums_of(connection, &meant.question(filter, at, &taking)).await
}

/// One year over the other, where both are there.
fn divided(this: Vec<Sum>, last: Vec<Sum>) -> Vec<Sum> {
    let none = |sum: &Sum| {
        let outcome = Err(Reason::NoReports);
        let totals = sum.totals.iter().map(|total| Total { outcome, ..*total }).collect();
        Sum { key: sum.key.clone(), taken: sum.taken, totals }
    };
    let mut of_last: HashMap<Vec<KeyValue>, Sum> =
        last.into_iter().map(|sum| (sum.key.clone(), sum)).collect();
    let mut sums: Vec<Sum> = Vec::with_capacity(this.len());
    for sum in this {
        sums.push(match of_last.remove(&sum.key) {
            Some(last) => over(sum, &last),
            None => none(&sum),
        });
    }
    sums.extend(of_last.values().map(none));
    sums
}

fn over(this: Sum, last: &Sum) -> Sum {
    let is_same = this.taken.rollup() == last.taken.rollup();
    let totals = this.totals.iter().zip(&last.totals).map(|(one, other)| Total {
        outcome: match (one.outcome, other.outcome) {
            _ if !is_same => Err(Reason::NotComparable),
            (Ok(Outcome::Count(one)), Ok(Outcome::Count(other))) => {
                Rate::of(one, other).map(Outcome::Rate).ok_or(Reason::NoDenominator)
            }
            (Err(reason), _) | (_, Err(reason)) => Err(reason),
            (Ok(_), Ok(_)) => Err(Reason::NotComparable),
        },
        unknown: one.unknown + other.unknown,
    });
    let totals = totals.collect();
    Sum { key: this.key, taken: this.taken.and(last.taken), totals }
}
