//! Figures: what is asked of reports by its code, a measure or an indicator, and its value.

use entity::{
    indicator::Indicator,
    report,
    template::{Code, Measure},
    unknown_number,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func},
};
use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type, schema::SchemaType},
};

use super::measure;
use crate::{
    cells::{Cells, Missing, Quantity},
    error::{Error, Result, nearest},
};

/// What is asked of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Figure {
    /// A number.
    Measure(Measure),
    /// A rate made of numbers.
    Indicator(Indicator),
}

impl Figure {
    /// The figure of a code.
    ///
    /// # Errors
    /// `invalid_parameter` that names the parameter and the nearest known code.
    pub fn parse(parameter: &str, code: &str) -> Result<Self> {
        if let Some(indicator) = Indicator::of(code) {
            return Ok(Self::Indicator(indicator));
        }
        measure::parse(parameter, code).map(Self::Measure).map_err(|error| {
            let near = nearest(code, Indicator::ALL.iter().map(|known| known.code()));
            let detail = near
                .filter(|_| !error.detail.contains("did you mean"))
                .map_or(error.detail.clone(), |near| {
                    format!("{code:?} is no measure or indicator; did you mean {near}?")
                });
            Error { detail, ..error }
                .allowed(["a code of /api/v1/measures", "a code of /api/v1/indicators"])
        })
    }

    /// The figures of codes separated by commas, each once.
    ///
    /// # Errors
    /// `invalid_parameter` that names the parameter.
    pub fn parse_all(parameter: &str, codes: &str) -> Result<Vec<Self>> {
        let mut figures = Vec::new();
        for code in codes.split(',') {
            let figure = Self::parse(parameter, code.trim())?;
            if !figures.contains(&figure) {
                figures.push(figure);
            }
        }
        Ok(figures)
    }

    /// Its code.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Measure(measure) => measure.code(),
            Self::Indicator(indicator) => indicator.code().to_owned(),
        }
    }

    /// Whether it is money.
    #[must_use]
    pub const fn is_amount(self) -> bool {
        matches!(self, Self::Measure(measure) if measure.is_amount())
    }

    /// Its value in a report.
    ///
    /// # Errors
    /// Why there is none.
    pub fn value(self, cells: &Cells) -> Result<Value, Missing> {
        match self {
            Self::Measure(measure) => cells.value(measure).map(Value::Quantity),
            Self::Indicator(indicator) => {
                cells.rate(indicator).map(|rate| Value::Number(rate.quotient()))
            }
        }
    }

    /// Its value in the database, for a query over reports: amounts in millionths of a CNY, rates as
    /// quotients.
    pub(super) fn expr(self) -> Expr {
        match self {
            Self::Measure(measure) => measure::expr(measure),
            // Every indicator is a column of the report: a test holds it.
            Self::Indicator(indicator) => report::rate_column(indicator)
                .map_or(Expr::value(None::<f64>), |column| Expr::col((report::Entity, column))),
        }
    }
}

/// What an indicator divides by what, in the database; numbers that are not printed are 0.
pub(super) struct Terms {
    pub numerator: Expr,
    pub denominator: Expr,
}

pub(super) fn terms(indicator: Indicator) -> Terms {
    let formula = indicator.formula();
    let worth = |&measure: &Measure| -> Expr {
        Func::coalesce([measure::expr(measure), Expr::value(0_i64)]).into()
    };
    let sum = |measures: &[Measure]| {
        measures.iter().map(worth).reduce(Expr::add).unwrap_or_else(|| Expr::value(0_i64))
    };
    let denominator = formula.less.iter().map(worth).fold(sum(formula.denominator), Expr::sub);
    Terms { numerator: sum(formula.numerator), denominator }
}

/// Whether one of these measures is unknown in a report, for a query over reports.
pub(super) fn unknown(measures: impl IntoIterator<Item = Measure>) -> Expr {
    let reports = unknown_number::Entity::find()
        .select_only()
        .column(unknown_number::Column::ReportId)
        .filter(unknown_number::Column::Measure.is_in(measures.into_iter().map(Measure::code)))
        .into_query();
    Expr::col((report::Entity, report::Column::Id)).in_subquery(reports)
}

/// The value of a figure: a count or an amount, or a rate or mean as a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Quantity(Quantity),
    Number(f64),
}

async_graphql::scalar!(
    Value,
    "Value",
    "A count as an integer, an amount of money as a string in CNY, a rate as a number."
);

/// What a figure is in OpenAPI: its value, or null.
pub struct ValueOrNull;

impl PartialSchema for ValueOrNull {
    fn schema() -> RefOr<Schema> {
        let types = SchemaType::from_iter([Type::Integer, Type::Number, Type::String, Type::Null]);
        let description = "A count as an integer, an amount in CNY as an exact decimal in a string, a rate as a number, or null where there is none";
        ObjectBuilder::new().schema_type(types).description(Some(description)).into()
    }
}

impl ToSchema for ValueOrNull {}
