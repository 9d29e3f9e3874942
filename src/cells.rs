//! The numbers of one report, each at its address, each with its state.
//!
//! The one place that says what a number is worth in a sum: see "A missing number is not a zero" in
//! `docs/template.md`.

mod rate;
pub mod totals;

use std::{collections::BTreeMap, fmt, str::FromStr, sync::Arc};

use entity::template::{Applicant, CellState, Code, Measure, RequestRow};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type, schema::SchemaType},
};

use crate::place::Place;
pub use rate::Rate;

/// Millionths of a CNY in a CNY: what amounts are kept in. Six decimals of 万元 were met, which are
/// two of a CNY; the rest is room.
pub const MICRO_CNY: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

/// A number of a report: a count, or an amount of money in CNY.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub enum Quantity {
    Count(i64),
    Amount(Decimal),
}

impl Quantity {
    /// An amount, where it can be kept exactly: up to 9,223,372,036,854 CNY, in whole millionths.
    #[must_use]
    pub fn amount(cny: Decimal) -> Option<Self> {
        let micro = cny.checked_mul(MICRO_CNY)?;
        (micro.fract().is_zero() && micro.to_i64().is_some()).then_some(Self::Amount(cny))
    }

    /// An amount as it is kept.
    #[must_use]
    pub fn of_micro_cny(micro_cny: i64) -> Self {
        Self::Amount((Decimal::from(micro_cny) / MICRO_CNY).normalize())
    }

    /// As an exact decimal.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        match self {
            Self::Count(count) => Decimal::from(count),
            Self::Amount(amount) => amount,
        }
    }

    /// Whether it is 0.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.decimal().is_zero()
    }
}

/// An amount has two decimals or more.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Amount(amount) => {
                let mut amount = amount.normalize();
                if amount.scale() < 2 {
                    amount.rescale(2);
                }
                amount.fmt(f)
            }
        }
    }
}

/// Counts are integers; amounts are strings, so that no reader rounds them.
impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(count) => serializer.serialize_i64(*count),
            Self::Amount(_) => serializer.collect_str(self),
        }
    }
}

impl FromStr for Quantity {
    type Err = rust_decimal::Error;

    /// An integer is a count, a number with a decimal point an amount.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(count) => Ok(Self::Count(count)),
            Err(_) => Ok(Self::Amount(text.parse()?)),
        }
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Count(i64),
            Amount(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Count(count) => Ok(Self::Count(count)),
            Written::Amount(amount) => {
                amount.parse().map(Self::Amount).map_err(serde::de::Error::custom)
            }
        }
    }
}

async_graphql::scalar!(
    Quantity,
    "Quantity",
    "A count as an integer, or an amount of money as a string in CNY."
);

impl PartialSchema for Quantity {
    fn schema() -> RefOr<Schema> {
        schema(
            "A count as an integer, or an amount in CNY as an exact decimal",
            [Type::Integer, Type::String],
        )
    }
}

impl ToSchema for Quantity {}

/// What a cell is in OpenAPI: its number, or null.
pub struct Number;

impl PartialSchema for Number {
    fn schema() -> RefOr<Schema> {
        let description = "A count as an integer, an amount in CNY as an exact decimal, or null where no number is printed";
        schema(description, [Type::Integer, Type::String, Type::Null])
    }
}

impl ToSchema for Number {}

fn schema<const N: usize>(description: &str, types: [Type; N]) -> RefOr<Schema> {
    let types = SchemaType::from_iter(types);
    ObjectBuilder::new().schema_type(types).description(Some(description)).into()
}

/// How a number came out of its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::Enum)]
#[serde(rename_all = "snake_case")]
#[graphql(rename_items = "snake_case")]
pub enum Method {
    /// It stands alone in a cell, beside its row's label and under its column's head
    Plain,
    /// The page lost the spans of its heads: the row's numbers are as many as the heads, and in their
    /// order
    InOrder,
    /// The table has no readable heads: seven numbers whose last is the sum of the others
    BySum,
    /// The page lost what parts the cells: the digits were taken apart in the only way in which the
    /// form's identities hold
    SplitByIdentities,
    /// It was handed in as data, not as a page
    Stated,
}

/// Where what stands in a cell came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// Where it stands in the document.
    pub place: Option<Place>,
    /// The label of its row, as printed.
    pub row_label: Option<Arc<str>>,
    /// The heads of its column as printed, from the outside in.
    pub column_label: Option<Arc<str>>,
    /// How it was read; none where it was not.
    pub method: Option<Method>,
}

/// What stands in one cell of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The number, in a `reported` cell only.
    pub value: Option<Quantity>,
    pub state: CellState,
    /// The text as printed, where it is known.
    pub printed: Option<String>,
    /// Where it came from, where it was read of a document.
    pub origin: Option<Box<Origin>>,
}

impl Cell {
    /// A cell in which a number stands.
    #[must_use]
    pub const fn reported(value: Quantity) -> Self {
        Self { value: Some(value), state: CellState::Reported, printed: None, origin: None }
    }

    /// A cell in which no number stands.
    #[must_use]
    pub const fn missing(state: CellState) -> Self {
        Self { value: None, state, printed: None, origin: None }
    }

    /// The cell with its text as printed.
    #[must_use]
    pub fn printed(self, text: impl Into<String>) -> Self {
        Self { printed: Some(text.into()), ..self }
    }

    /// The cell with the place it stands at; its labels are not known yet.
    #[must_use]
    pub fn at(self, place: Option<Place>, method: impl Into<Option<Method>>) -> Self {
        let origin = Origin { place, row_label: None, column_label: None, method: method.into() };
        Self { origin: Some(Box::new(origin)), ..self }
    }

    /// The cell as one whose digits cannot be told from others.
    #[must_use]
    pub fn ambiguous(mut self) -> Self {
        if let Some(origin) = &mut self.origin {
            origin.method = None;
        }
        Self { value: None, state: CellState::Ambiguous, ..self }
    }

    /// The cell with the labels it stands at, where its place is known.
    #[must_use]
    pub fn labelled(mut self, row: Option<&Arc<str>>, column: Option<&Arc<str>>) -> Self {
        if let Some(origin) = &mut self.origin {
            (origin.row_label, origin.column_label) = (row.cloned(), column.cloned());
        }
        self
    }
}

/// Why there is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nothing that counts stands in the cell.
    State(CellState),
    /// A part of the sum is unknown.
    UnknownPart(Measure),
    /// No part of the sum is reported.
    NoPart,
    /// What a rate divides by is 0, or below it.
    NoDenominator,
}

impl Missing {
    /// The reason's code: a cell state, `unknown_part`, `no_part` or `no_denominator`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::State(state) => state.code(),
            Self::UnknownPart(_) => "unknown_part",
            Self::NoPart => "no_part",
            Self::NoDenominator => "no_denominator",
        }
    }
}

static NOT_IN_TEMPLATE: Cell = Cell::missing(CellState::NotInTemplate);

/// The numbers of one report; a cell that is not there is `not_in_template`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cells(BTreeMap<Measure, Cell>);

impl Cells {
    /// What stands in a cell.
    #[must_use]
    pub fn get(&self, measure: Measure) -> &Cell {
        self.0.get(&measure).unwrap_or(&NOT_IN_TEMPLATE)
    }

    /// Whether the document has this cell.
    #[must_use]
    pub fn has(&self, measure: Measure) -> bool {
        self.0.contains_key(&measure)
    }

    /// Sets what stands in a cell of the form.
    pub fn set(&mut self, measure: Measure, cell: Cell) {
        debug_assert!(measure.is_cell(), "{measure} is a sum, not a cell");
        self.0.insert(measure, cell);
    }

    /// The cells that are there, in the form's order.
    pub fn iter(&self) -> impl Iterator<Item = (Measure, &Cell)> {
        self.0.iter().map(|(measure, cell)| (*measure, cell))
    }

    /// Whether there is no cell at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A measure's number: what the cell prints, or the sum the form names without printing it.
    ///
    /// # Errors
    /// Why there is none.
    pub fn value(&self, measure: Measure) -> Result<Quantity, Missing> {
        if measure.is_cell() {
            let cell = self.get(measure);
            return cell.value.ok_or(Missing::State(cell.state));
        }
        let parts = measure.parts();
        if parts.iter().all(|&part| self.get(part).value.is_none()) {
            let unknown = parts.iter().find(|&&part| self.term(part).is_err());
            return Err(unknown.map_or(Missing::NoPart, |&part| Missing::UnknownPart(part)));
        }
        self.sum(&parts)
    }

    /// What a measure is worth in a sum over reports: its number; 0 where none is printed.
    ///
    /// # Errors
    /// The cell for which it is unknown.
    pub fn worth(&self, measure: Measure) -> Result<Decimal, Missing> {
        if measure.is_cell() {
            return self.term(measure);
        }
        self.sum(&measure.parts()).map(Quantity::decimal)
    }

    /// The sum of cells.
    ///
    /// # Errors
    /// The first cell that is unknown.
    pub fn sum(&self, cells: &[Measure]) -> Result<Quantity, Missing> {
        let mut sum = Decimal::ZERO;
        for &cell in cells {
            sum += self.term(cell)?;
        }
        let amount = cells.iter().any(|cell| cell.is_amount());
        let count = || i64::try_from(sum).unwrap_or(i64::MAX);
        Ok(if amount { Quantity::Amount(sum) } else { Quantity::Count(count()) })
    }

    /// What a cell is worth in a sum: its number; 0 where none is printed, except a total over a part
    /// that is not 0, which is unknown, as ambiguous and unreadable cells are.
    fn term(&self, cell: Measure) -> Result<Decimal, Missing> {
        let unknown = Err(Missing::UnknownPart(cell));
        let Cell { value, state, .. } = self.get(cell);
        match value {
            Some(value) => Ok(value.decimal()),
            None if !state.counts_as_zero() => unknown,
            None => {
                let is_nonzero = |part: Measure| {
                    let part = self.get(part);
                    part.value.map_or(!part.state.counts_as_zero(), |value| !value.is_zero())
                };
                if cell.parts().into_iter().any(is_nonzero) { unknown } else { Ok(Decimal::ZERO) }
            }
        }
    }

    /// The rows of the requests matrix that stand in the document, in the form's order.
    pub fn request_rows(&self) -> impl Iterator<Item = RequestRow> {
        RequestRow::ALL.iter().copied().filter(|&row| {
            Applicant::ALL.iter().any(|&column| self.has(Measure::Request(row, column)))
        })
    }
}
