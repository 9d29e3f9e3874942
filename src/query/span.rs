//! Report years as typed, spans of them included.

use std::ops::RangeInclusive;

use sea_orm::{ColumnTrait, Condition};

use super::filter::values;
use crate::{
    error::{Error, Result},
    limits,
};

/// Report years: `2023`, `2019..2023`, `2021,2023`.
pub(super) fn years(text: &str) -> Result<Vec<RangeInclusive<i32>>> {
    years_of("year", text)
}

/// Report years, as the value of a parameter of this name.
///
/// # Errors
/// `invalid_parameter`.
pub fn years_of(parameter: &str, text: &str) -> Result<Vec<RangeInclusive<i32>>> {
    let mut spans = Vec::new();
    for part in values(parameter, text)? {
        let (from, to) = part.split_once("..").unwrap_or((part, part));
        let (first, last) = (limits::YEARS.start(), limits::last_year());
        let refused = |detail: String| {
            let allowed = format!("years from {first} to {last}: 2023, 2019..2023 or 2021,2023");
            Err(Error::invalid(parameter, detail).allowed([allowed]))
        };
        // One spelling a year: no `+2023`.
        let year = |text: &str| {
            let year = text.parse::<i32>().ok().filter(|year| year.to_string() == text);
            year.filter(|year| limits::YEARS.contains(year))
        };
        let (Some(from), Some(to)) = (year(from), year(to)) else {
            return refused(format!("{part:?} is no year or span of years"));
        };
        if let Some(year) = [from, to].into_iter().find(|year| *year > last) {
            return refused(format!("{year} is not over: no report on it is expected yet"));
        }
        if from > to {
            return Err(Error::invalid(parameter, format!("{part:?} ends before it begins")));
        }
        spans.push(from..=to);
    }
    Ok(spans)
}

/// The condition that a year is one of those typed: each by itself, so that an index that begins with the
/// year serves what else is asked too. A span of years would end its use.
pub(super) fn in_years(text: &str, column: impl ColumnTrait) -> Result<Condition> {
    let mut asked: Vec<i32> = years(text)?.into_iter().flatten().collect();
    asked.sort_unstable();
    asked.dedup();
    Ok(Condition::all().add(column.is_in(asked)))
}
