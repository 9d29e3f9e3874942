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

    /// The Wilson score interval at 95 %, low and high; none for what is no share of a whole.
    #[must_use]
    pub fn wilson(self) -> Option<[f64; 2]> {
        if !(0..=self.denominator).contains(&self.numerator) {
            return None;
        }
        let (rate, of) = (self.quotient(), self.denominator as f64);
        let square = NORMAL_95 * NORMAL_95;
        let middle = rate + square / (2.0 * of);
        let inner = rate * (1.0 - rate) / of + square / (4.0 * of * of);
        let (spread, whole) = (NORMAL_95 * inner.sqrt(), 1.0 + square / of);
        Some([((middle - spread) / whole).max(0.0), ((middle + spread) / whole).min(1.0)])
    }
}

/// What 95 % of a normal distribution lie within, in standard deviations.
const NORMAL_95: f64 = 1.959_963_984_540_054;

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
        let (numerator, denominator) = self.terms(indicator)?;
        Rate::of(numerator, denominator).ok_or(Missing::NoDenominator)
    }

    /// What stands above and below the line of an indicator.
    ///
    /// # Errors
    /// A part is unknown.
    pub fn terms(&self, indicator: Indicator) -> Result<(i128, i128), Missing> {
        let formula = indicator.formula();
        let numerator = self.all(formula.numerator)?;
        let denominator = self.all(formula.denominator)? - self.all(formula.less)?;
        // Counts are whole numbers of 64 bits.
        let whole = |sum: Decimal| sum.to_i128().unwrap_or(0);
        Ok((whole(numerator), whole(denominator)))
    }

    fn all(&self, measures: &[Measure]) -> Result<Decimal, Missing> {
        measures.iter().try_fold(Decimal::ZERO, |sum, &measure| Ok(sum + self.worth(measure)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compared with the interval that R's `prop.test(x, n, correct = FALSE)` gives.
    #[test]
    fn the_interval_is_wilsons() {
        let interval = |numerator, denominator| {
            let rate = Rate::of(numerator, denominator).expect("the denominator is more than 0");
            rate.wilson().map(|ends| ends.map(|end| (end * 10_000.0).round() / 10_000.0))
        };
        assert_eq!(interval(15, 148), Some([0.0624, 0.1605]));
        assert_eq!(interval(0, 10), Some([0.0, 0.2775]));
        assert_eq!(interval(10, 10), Some([0.7225, 1.0]));
        assert_eq!(interval(11, 10), None);
    }
}
