//! Conditions on numbers: what `where` takes.

use entity::template::Measure;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use sea_orm::sea_query::{Expr, ExprTrait};

use super::measure::{expr, parse};
use crate::{
    cells::MICRO_CNY,
    error::{Error, Result},
    limits,
};

/// Understands `where`: conditions on measures, all of which must hold. A report without the number
/// meets none.
///
/// # Errors
/// `invalid_parameter` with the position of what is wrong, in characters from 1.
pub(super) fn conditions(text: &str) -> Result<Vec<Expr>> {
    let parts: Vec<&str> = text.split(',').collect();
    if parts.len() > limits::WHERE_CONDITIONS {
        let detail =
            format!("where has {} conditions, more than {}", parts.len(), limits::WHERE_CONDITIONS);
        return Err(Error::invalid("where", detail));
    }
    let mut position = 1;
    let mut conditions = Vec::with_capacity(parts.len());
    for part in parts {
        conditions.push(condition(part, position)?);
        position += part.chars().count() + 1;
    }
    if let Some(measure) = contradicted(&conditions) {
        let detail = format!("no number of {} meets all conditions on it", measure.code());
        return Err(Error::invalid("where", detail).allowed(["conditions that hold together"]));
    }
    Ok(conditions.iter().map(Condition::expr).collect())
}

/// A measure that is to be of a number, in the units that are stored.
struct Condition {
    measure: Measure,
    operator: &'static str,
    value: i64,
}

impl Condition {
    fn expr(&self) -> Expr {
        let Self { measure, operator, value } = *self;
        let number = expr(measure);
        match operator {
            ">=" => number.gte(value),
            "<=" => number.lte(value),
            "!=" => number.ne(value),
            ">" => number.gt(value),
            "<" => number.lt(value),
            _ => number.eq(value),
        }
    }

    /// The least and the highest number that meets it.
    fn span(&self) -> (i64, i64) {
        let Self { operator, value, .. } = *self;
        match operator {
            ">=" => (value, i64::MAX),
            "<=" => (i64::MIN, value),
            ">" => (value.saturating_add(1), i64::MAX),
            "<" => (i64::MIN, value.saturating_sub(1)),
            "=" => (value, value),
            _ => (i64::MIN, i64::MAX),
        }
    }
}

/// A measure of which no number meets all its conditions.
fn contradicted(conditions: &[Condition]) -> Option<Measure> {
    let is_met_by_none = |measure: Measure| {
        let of_measure = || conditions.iter().filter(|other| other.measure == measure);
        let span = of_measure().map(Condition::span).fold((i64::MIN, i64::MAX), |span, other| {
            (Ord::max(span.0, other.0), Ord::min(span.1, other.1))
        });
        let is_shut_out = |other: &Condition| other.operator == "!=" && other.value == span.0;
        span.0 > span.1 || (span.0 == span.1 && of_measure().any(is_shut_out))
    };
    conditions.iter().map(|condition| condition.measure).find(|&measure| is_met_by_none(measure))
}

/// What compares, the longer ones first.
const OPERATORS: [&str; 6] = [">=", "<=", "!=", ">", "<", "="];

/// A condition, the first character of which is at this position.
fn condition(text: &str, position: usize) -> Result<Condition> {
    // Where a part of the text stands, without the blanks before it.
    let place_of = |from: usize| {
        let blanks = text[from..].chars().take_while(|character| character.is_whitespace()).count();
        position + text[..from].chars().count() + blanks
    };
    let fault = |what: String, from: usize| {
        Error::invalid("where", format!("{what} at character {} of where", place_of(from)))
            .allowed(["MEASURE>=NUMBER with one of >= <= != > < =, several separated by commas"])
    };
    let at = text.find(['<', '>', '=', '!']);
    let operator =
        at.and_then(|at| OPERATORS.into_iter().find(|known| text[at..].starts_with(known)));
    let Some((code, operator, number)) = operator.and_then(|operator| {
        text.split_once(operator).map(|(code, number)| (code, operator, number))
    }) else {
        return Err(fault(format!("{:?} is no condition", text.trim()), 0));
    };
    let from_number = text.len() - number.len();
    let number = number.trim();
    let measure = parse("where", code.trim()).map_err(|error| Error {
        detail: format!("{} at character {} of where", error.detail, place_of(0)),
        ..error
    })?;
    let value: Decimal =
        number.parse().map_err(|_| fault(format!("{number:?} is no number"), from_number))?;
    let value = if measure.is_amount() { value.checked_mul(MICRO_CNY) } else { Some(value) };
    let value =
        value.filter(|value| value.fract().is_zero()).and_then(|value| value.to_i64()).ok_or_else(
            || fault(format!("{number:?} is no number {} can have", code.trim()), from_number),
        )?;
    Ok(Condition { measure, operator, value })
}
