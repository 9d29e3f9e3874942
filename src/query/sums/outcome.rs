//! What comes of a figure over reports: exact as long as it can be, or why there is nothing.

use std::cmp::Ordering;

use entity::template::Measure;
use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::{
    cells::{MICRO_CNY, Quantity, Rate},
    query::figure::Value,
};

/// What came of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// A whole number.
    Count(i128),
    /// Millionths of a CNY.
    MicroCny(i128),
    /// A pooled rate.
    Rate(Rate),
    /// A mean, or a rate of one report.
    Number(f64),
}

/// Why a figure has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// No report is there to add up.
    NoReports,
    /// The reports are there, and none prints the number.
    NoPart,
    /// The number is unknown in the reports that would have it.
    Unknown,
    /// What a rate divides by is 0, or below it.
    NoDenominator,
    /// The reports' template means something else by the number.
    NotComparable,
    /// The sum is more than an answer holds.
    TooLarge,
}

impl Reason {
    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoReports => "no_reports",
            Self::NoPart => "no_part",
            Self::Unknown => "unknown",
            Self::NoDenominator => "no_denominator",
            Self::NotComparable => "not_comparable",
            Self::TooLarge => "too_large",
        }
    }
}

impl Outcome {
    /// As it is shown.
    ///
    /// # Errors
    /// `too_large`.
    pub fn value(self) -> Result<Value, Reason> {
        let too_large = |_| Reason::TooLarge;
        Ok(match self {
            Self::Count(count) => {
                Value::Quantity(Quantity::Count(i64::try_from(count).map_err(too_large)?))
            }
            Self::MicroCny(micro) => {
                let micro = Decimal::try_from_i128_with_scale(micro, 0);
                let micro = micro.map_err(|_| Reason::TooLarge)?;
                Value::Quantity(Quantity::Amount((micro / MICRO_CNY).normalize()))
            }
            Self::Rate(rate) => Value::Number(rate.quotient()),
            Self::Number(number) => Value::Number(number),
        })
    }

    /// The number of a measure: a rate is none.
    ///
    /// # Errors
    /// `too_large`.
    pub fn quantity(self) -> Result<Quantity, Reason> {
        match self.value()? {
            Value::Quantity(quantity) => Ok(quantity),
            Value::Number(_) => Err(Reason::NotComparable),
        }
    }

    /// The order of values of one figure.
    #[must_use]
    pub fn cmp(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Count(one), Self::Count(other))
            | (Self::MicroCny(one), Self::MicroCny(other)) => one.cmp(&other),
            (Self::Rate(one), Self::Rate(other)) => one.cmp(&other),
            (Self::Number(one), Self::Number(other)) => one.total_cmp(&other),
            // One figure has one kind of outcome.
            _ => Ordering::Equal,
        }
    }

    /// A number of millionths or a count divided, money to the nearest millionth of a CNY.
    pub(super) fn divided(sum: i128, by: i128, is_amount: bool) -> Self {
        if !is_amount {
            return Self::Number(sum as f64 / by as f64);
        }
        let half = by / 2;
        let rounded = if sum < 0 { sum - half } else { sum + half };
        Self::MicroCny(rounded / by)
    }
}

/// What a sum is less another number of the same measure: one that is not printed is worth 0, where the other
/// is.
///
/// # Errors
/// Why they cannot be compared.
pub fn difference(
    measure: Measure,
    sum: Result<Quantity, Reason>,
    other: Result<Quantity, Reason>,
) -> Result<Quantity, Reason> {
    if sum == Err(Reason::NoPart) && other == Err(Reason::NoPart) {
        return Err(Reason::NoPart);
    }
    let worth = |number: Result<Quantity, Reason>| match number {
        Err(Reason::NoPart) => Ok(Decimal::ZERO),
        number => number.map(Quantity::decimal),
    };
    let difference = worth(sum)? - worth(other)?;
    let quantity = if measure.is_amount() {
        Quantity::amount(difference)
    } else {
        difference.to_i64().map(Quantity::Count)
    };
    quantity.ok_or(Reason::TooLarge)
}
