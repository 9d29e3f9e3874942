//! When reports are due (Regulations on Open Government Information, Articles 49 and 50).

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use entity::template::Scope;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::{Check, Finding};
use crate::extract::draft::Draft;

/// A day of the year: `01-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthDay {
    month: u32,
    day: u32,
}

impl MonthDay {
    /// The day in a year; 29 February is the 28th where there is none.
    #[must_use]
    pub fn in_year(self, year: i32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, self.month, self.day)
            .or_else(|| NaiveDate::from_ymd_opt(year, self.month, 28))
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

/// A text that is no day of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseMonthDayError;

impl fmt::Display for ParseMonthDayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a day of the year such as 01-31")
    }
}

impl std::error::Error for ParseMonthDayError {}

impl FromStr for MonthDay {
    type Err = ParseMonthDayError;

    fn from_str(text: &str) -> Result<Self, ParseMonthDayError> {
        // A leap year, which has every day.
        const LEAP_YEAR: i32 = 2024;
        let (month, day) = text.split_once('-').ok_or(ParseMonthDayError)?;
        let number = |part: &str| part.parse::<u32>().map_err(|_| ParseMonthDayError);
        let (month, day) = (number(month)?, number(day)?);
        NaiveDate::from_ymd_opt(LEAP_YEAR, month, day)
            .map(|_| Self { month, day })
            .ok_or(ParseMonthDayError)
    }
}

impl<'de> Deserialize<'de> for MonthDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The days by which reports are due in the year after the one reported on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Deadlines {
    /// An agency's own report.
    pub agencies: MonthDay,
    /// A local government's report for its whole area, from the county up.
    pub governments: MonthDay,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            agencies: MonthDay { month: 1, day: 31 },
            governments: MonthDay { month: 3, day: 31 },
        }
    }
}

impl Deadlines {
    /// The day by which a report is due.
    #[must_use]
    pub fn of(&self, scope: Scope, report_year: i32) -> Option<NaiveDate> {
        let day = match scope {
            Scope::Own => self.agencies,
            Scope::Consolidated => self.governments,
        };
        day.in_year(report_year + 1)
    }
}

/// Whether the report was published in time.
pub(super) fn run(check: &Check, draft: &Draft, deadlines: &Deadlines) -> Vec<Finding> {
    let due = deadlines.of(draft.scope, draft.year);
    let late = draft.published_on.zip(due).filter(|(published, due)| published > due);
    let finding = late.map(|(published, due)| Finding {
        check: check.id,
        severity: check.severity,
        cells: Vec::new(),
        left: None,
        right: None,
        message: format!("the report was published on {published}; it was due on {due}"),
        message_zh: format!(
            "年度报告于{}公布，应于{}前公布",
            published.format("%Y年%-m月%-d日"),
            due.format("%Y年%-m月%-d日")
        ),
    });
    finding.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_the_year_is_read_and_written() {
        assert_eq!("01-31".parse::<MonthDay>().map(|day| day.to_string()).as_deref(), Ok("01-31"));
        assert!("02-30".parse::<MonthDay>().is_err() && "0131".parse::<MonthDay>().is_err());
        let leap = "02-29".parse::<MonthDay>().ok().and_then(|day| day.in_year(2023));
        assert_eq!(leap, NaiveDate::from_ymd_opt(2023, 2, 28));
    }
}
