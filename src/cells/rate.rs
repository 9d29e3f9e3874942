//! Rates: an exact numerator over an exact denominator, a binary fraction only where they are shown.

use std::cmp::Ordering;

use entity::{indicator::Indicator, template::Measure};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::{Cells, Missing};

/// A part of a whole that is more than 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    numerator: i128,
    denominator: i128,
}

impl Rate {
    /// A rate, where the denominator is more than 0.
    #[must_use]
    pub const fn of(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator > 0 { Some(Self { numerator, denominator }) } else { None }
    }

    /// Above the line.
    #[must_use]
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// Below the line, more than 0.
    #[must_use]
    pub const fn denominator(self) -> i128 {
        self.denominator
    }

    /// The quotient, as near as a binary fraction comes.
    #[must_use]
    pub fn quotient(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

/// By the exact quotients, where their terms have less than 64 bits.
impl Ord for Rate {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = self.numerator.saturating_mul(other.denominator);
        left.cmp(&other.numerator.saturating_mul(self.denominator))
    }
}

impl PartialOrd for Rate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Cells {
    /// An indicator of the report.
    ///
    /// # Errors
    /// A part is unknown, or the denominator is not more than 0.
    pub fn rate(&self, indicator: Indicator) -> Result<Rate, Missing> {
        let formula = indicator.formula();
        let numerator = self.all(formula.numerator)?;
        let denominator = self.all(formula.denominator)? - self.all(formula.less)?;
        // Counts are whole numbers of 64 bits.
        let whole = |sum: Decimal| sum.to_i128().unwrap_or(0);
        Rate::of(whole(numerator), whole(denominator)).ok_or(Missing::NoDenominator)
    }

    fn all(&self, measures: &[Measure]) -> Result<Decimal, Missing> {
        measures.iter().try_fold(Decimal::ZERO, |sum, &measure| Ok(sum + self.worth(measure)?))
    }
}
