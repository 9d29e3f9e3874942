//! The numbers of reports added up, every measure and indicator of the form, packed into bytes.
//!
//! Of each measure the sum, how many reports print it, in how many it is unknown, and in how many it is
//! something else; of each indicator both its terms where no part is unknown, and in how many one is; and
//! how many reports there are, own ones and consolidated ones by the level of their regions. Zeros are left
//! out, so that equal sums are equal bytes. Takes cells, gives sums; knows no database.

use std::{collections::HashMap, sync::LazyLock};

use entity::{
    indicator::Indicator,
    template::{Code, Level, Measure, Scope, Template},
};
use rust_decimal::prelude::ToPrimitive;

use super::{Cells, MICRO_CNY, Quantity};
use crate::{
    error::{Error, Result},
    fingerprint,
};

/// Names one of the numbers that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u16);

/// What is kept of a measure.
#[derive(Clone, Copy, Debug)]
pub enum OfMeasure {
    /// The sum: counts, or millionths of a CNY.
    Sum,
    /// Reports that print the number.
    Numbers,
    /// Reports in which it is unknown.
    Unknown,
    /// Reports whose template means something else by it.
    Incomparable,
}

/// What is kept of an indicator.
#[derive(Clone, Copy, Debug)]
pub enum OfIndicator {
    Numerator,
    Denominator,
    /// Reports in which a part is unknown.
    Unknown,
}

const A_MEASURE: usize = 4;
const AN_INDICATOR: usize = 3;
/// The own reports, and the consolidated ones of each level.
const REPORTS: usize = 1 + Level::ALL.len();

static MEASURES: LazyLock<HashMap<Measure, usize>> =
    LazyLock::new(|| Measure::all().zip(0..).collect());

impl Key {
    /// How many keys there are.
    #[must_use]
    pub fn count() -> usize {
        REPORTS + A_MEASURE * MEASURES.len() + AN_INDICATOR * Indicator::ALL.len()
    }

    fn at(place: usize) -> Self {
        Self(u16::try_from(place).unwrap_or(u16::MAX))
    }

    /// Where it stands among all keys.
    #[must_use]
    pub fn place(self) -> usize {
        usize::from(self.0)
    }

    /// The agencies' own reports.
    #[must_use]
    pub const fn own_reports() -> Self {
        Self(0)
    }

    /// The consolidated reports of regions of a level.
    #[must_use]
    pub fn consolidated_reports(level: Level) -> Self {
        Self::at(1 + Level::ALL.iter().take_while(|known| **known != level).count())
    }

    /// Of a measure.
    #[must_use]
    pub fn measure(measure: Measure, what: OfMeasure) -> Self {
        let number = MEASURES.get(&measure).copied().unwrap_or_default();
        Self::at(REPORTS + A_MEASURE * number + what as usize)
    }

    /// Of an indicator.
    #[must_use]
    pub fn indicator(indicator: Indicator, what: OfIndicator) -> Self {
        let number = Indicator::ALL.iter().take_while(|known| **known != indicator).count();
        let before = REPORTS + A_MEASURE * MEASURES.len();
        Self::at(before + AN_INDICATOR * number + what as usize)
    }
}

/// Numbers of reports, added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals(
    /// In the order of the keys, none of them 0.
    Vec<(Key, i128)>,
);

impl Totals {
    /// The numbers of one report of a region of this level.
    #[must_use]
    pub fn of_report(
        cells: &Cells,
        template: Option<Template>,
        scope: Scope,
        level: Level,
    ) -> Self {
        let mut totals = Self::default();
        let mut put = |key: Key, number: i128| {
            if number != 0 {
                totals.0.push((key, number));
            }
        };
        let reports = match scope {
            Scope::Own => Key::own_reports(),
            Scope::Consolidated => Key::consolidated_reports(level),
        };
        put(reports, 1);
        for measure in Measure::all() {
            let key = |what| Key::measure(measure, what);
            let means_else = |template| match measure {
                Measure::Request(row, _) => row.compares_with(template).is_some(),
                _ => false,
            };
            if template.is_some_and(means_else) {
                put(key(OfMeasure::Incomparable), 1);
                continue;
            }
            if let Ok(value) = cells.value(measure) {
                put(key(OfMeasure::Sum), whole(value));
                put(key(OfMeasure::Numbers), 1);
            }
            put(key(OfMeasure::Unknown), i128::from(cells.worth(measure).is_err()));
        }
        for &indicator in Indicator::ALL {
            let key = |what| Key::indicator(indicator, what);
            match cells.terms(indicator) {
                Ok((numerator, denominator)) => {
                    put(key(OfIndicator::Numerator), numerator);
                    put(key(OfIndicator::Denominator), denominator);
                }
                Err(_) => put(key(OfIndicator::Unknown), 1),
            }
        }
        totals
    }

    /// Whether every number is 0.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These and the others together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        self.with(other, 1)
    }

    /// These without the others.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.with(other, -1)
    }

    fn with(&self, other: &Self, times: i128) -> Self {
        let mut merged = Vec::with_capacity(self.0.len().max(other.0.len()));
        let (mut one, mut two) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let Some(key) = one.peek().into_iter().chain(two.peek()).map(|(key, _)| *key).min() {
            let of_key = |(of, _): &&(Key, i128)| *of == key;
            let number = |of: Option<&(Key, i128)>| of.map_or(0, |(_, number)| *number);
            let sum = number(one.next_if(of_key)) + times * number(two.next_if(of_key));
            if sum != 0 {
                merged.push((key, sum));
            }
        }
        Self(merged)
    }

    /// As they are kept: each key as the distance from the one before, and its number.
    #[must_use]
    pub fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.len() * 3);
        let mut before = 0;
        for (key, number) in &self.0 {
            write(&mut bytes, u128::from(key.0 - before));
            // The sign goes last, so that small numbers are few bytes.
            write(&mut bytes, (number.unsigned_abs() << 1) | u128::from(*number < 0));
            before = key.0;
        }
        bytes
    }

    /// Reads what `pack` wrote.
    ///
    /// # Errors
    /// The bytes are no packed sums.
    pub fn unpack(bytes: &[u8]) -> Result<Self> {
        let mut totals = Vec::new();
        each(bytes, |key, number| totals.push((key, number)))?;
        Ok(Self(totals))
    }

    /// What the numbers are and how they are kept, by a fingerprint: those kept by a program with another
    /// one are to be made anew.
    #[must_use]
    pub fn made_of() -> String {
        /// One more where the rules above change, or how numbers are packed.
        const RULES: u8 = 1;
        let mut made_of = format!("{RULES}");
        for measure in Measure::all() {
            made_of += &measure.code();
            for part in measure.parts() {
                made_of += &part.code();
            }
        }
        for indicator in Indicator::ALL {
            made_of += &indicator.formula_text();
        }
        fingerprint::short(made_of, 16)
    }
}

/// Gives each number of packed sums that is not 0, in the order of the keys.
///
/// # Errors
/// The bytes are no packed sums.
pub fn each(bytes: &[u8], mut give: impl FnMut(Key, i128)) -> Result<()> {
    let broken = || Error::internal("kept sums are broken");
    let mut rest = bytes;
    let mut key = 0_u16;
    while !rest.is_empty() {
        let step = read(&mut rest).and_then(|step| u16::try_from(step).ok());
        key = step.and_then(|step| key.checked_add(step)).ok_or_else(broken)?;
        let number = read(&mut rest).ok_or_else(broken)?;
        let size = i128::try_from(number >> 1).map_err(|_| broken())?;
        give(Key(key), if number & 1 == 1 { -size } else { size });
    }
    Ok(())
}

/// An amount in millionths of a CNY, as the database keeps it.
fn whole(value: Quantity) -> i128 {
    match value {
        Quantity::Count(count) => i128::from(count),
        Quantity::Amount(amount) => (amount * MICRO_CNY).to_i128().unwrap_or(0),
    }
}

/// Seven bits a byte, the low ones first; the eighth says that more follow.
fn write(bytes: &mut Vec<u8>, mut number: u128) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn read(bytes: &mut &[u8]) -> Option<u128> {
    let mut number = 0;
    for shift in (0..u128::BITS).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u128::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn totals() -> impl Strategy<Value = Totals> {
        let number = prop_oneof![-9..9_i128, any::<i64>().prop_map(i128::from)];
        proptest::collection::btree_map(0..2_000_u16, number, 0..40).prop_map(|numbers| {
            let numbers = numbers.into_iter().filter(|(_, number)| *number != 0);
            Totals(numbers.map(|(key, number)| (Key(key), number)).collect())
        })
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(totals in totals()) {
            prop_assert_eq!(Totals::unpack(&totals.pack()).ok(), Some(totals));
        }

        #[test]
        fn what_is_added_can_be_taken_away(one in totals(), other in totals()) {
            let both = one.plus(&other);
            prop_assert_eq!(&both, &other.plus(&one));
            prop_assert_eq!(both.minus(&other), one);
        }

        #[test]
        fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = Totals::unpack(&bytes);
        }
    }

    #[test]
    fn every_key_is_another_one() {
        let mut keys = vec![Key::own_reports()];
        keys.extend(Level::ALL.iter().map(|&level| Key::consolidated_reports(level)));
        for measure in Measure::all() {
            use OfMeasure::{Incomparable, Numbers, Sum, Unknown};
            keys.extend([Sum, Numbers, Unknown, Incomparable].map(|of| Key::measure(measure, of)));
        }
        for &indicator in Indicator::ALL {
            use OfIndicator::{Denominator, Numerator, Unknown};
            keys.extend([Numerator, Denominator, Unknown].map(|of| Key::indicator(indicator, of)));
        }
        assert!(keys.is_sorted_by(|one, next| one < next));
        assert_eq!(keys.len(), Key::count());
    }
}
