//! Figures over reports: which reports, grouped by what, added up or otherwise put together.
//!
//! Statistics, rankings and series ask here. The database groups and adds up; what comes of it is exact.
//! Refuses more groups than an answer has room for.

pub mod coverage;
mod facts;
pub mod form;
pub mod group;
pub mod outcome;
pub mod rollup;
pub mod taken;

use sea_orm::{
    ConnectionTrait, QueryResult,
    sea_query::{
        Condition, Expr, ExprTrait, Func, Order, OverStatement, Query, SelectStatement,
        WindowStatement,
    },
};

use super::{as_of::At, cursor::KeyValue, field::FieldType, figure::Figure, filter::ReportFilter};
use crate::{
    cells::{Quantity, Rate},
    error::{Error, Result},
};
use facts::{DENOMINATOR, INCOMPARABLE, NUMERATOR, UNKNOWN, VALUE, column, facts};
use group::Group;
use outcome::{Outcome, Reason};
use rollup::Taking;
use taken::Taken;

/// How the numbers of reports are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Function {
    #[default]
    Sum,
    Mean,
    Median,
    Min,
    Max,
    Count,
}

impl Function {
    /// What comes of it for the figure of a code.
    #[must_use]
    pub fn field_type(self, code: &str) -> FieldType {
        match (self, FieldType::of_measure(code)) {
            (Self::Count, _) => FieldType::Integer,
            (Self::Mean | Self::Median, FieldType::Integer) => FieldType::Number,
            (_, field_type) => field_type,
        }
    }

    /// Understands `function`.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn parse(text: Option<&str>) -> Result<Self> {
        let known = [
            ("sum", Self::Sum),
            ("mean", Self::Mean),
            ("median", Self::Median),
            ("min", Self::Min),
            ("max", Self::Max),
            ("count", Self::Count),
        ];
        let Some(text) = text else { return Ok(Self::Sum) };
        known.iter().find(|(name, _)| *name == text).map(|(_, function)| *function).ok_or_else(
            || {
                Error::invalid("function", format!("function {text:?} is not known"))
                    .allowed(known.map(|(name, _)| name))
            },
        )
    }
}

/// What is asked.
pub struct Question<'a> {
    pub filter: &'a ReportFilter,
    pub at: At,
    pub groups: &'a [Group],
    pub figures: &'a [Figure],
    pub function: Function,
    pub taking: &'a Taking,
    /// Groups that the answer has room for, and the parameter that makes them.
    pub most: usize,
    pub parameter: &'static str,
}

/// A group of reports.
#[derive(Clone, Debug)]
pub struct Sum {
    /// Its value for each thing that is grouped by.
    pub key: Vec<KeyValue>,
    /// Reports in it.
    pub taken: Taken,
    /// Each figure asked for.
    pub totals: Vec<Total>,
}

/// What came of a figure in a group.
#[derive(Clone, Copy, Debug)]
pub struct Total {
    pub outcome: Result<Outcome, Reason>,
    /// Reports left out of it, since their number is unknown or another one.
    pub unknown: u64,
}

impl Total {
    /// The sum of a measure.
    ///
    /// # Errors
    /// Why there is none.
    pub fn quantity(self) -> Result<Quantity, Reason> {
        self.outcome?.quantity()
    }
}

/// Answers a question: every group, in the order of their keys, without a value last.
///
/// # Errors
/// `invalid_parameter` for more groups than there is room for; what the database says.
pub async fn sums(connection: &impl ConnectionTrait, question: &Question<'_>) -> Result<Vec<Sum>> {
    let mut select = grouped(question, facts(question)?);
    taken::aggregate(&mut select);
    for number in 0..question.figures.len() {
        aggregate(&mut select, question, number);
    }
    select.limit(question.most as u64 + 1);
    let rows = connection.query_all(&select).await?;
    if rows.len() > question.most {
        return Err(too_many_groups(question.parameter, question.most));
    }
    let mut sums = rows.iter().map(|row| read(row, question)).collect::<Result<Vec<_>>>()?;
    sums.sort_by(|one, other| one.key.cmp(&other.key));
    if question.function == Function::Median {
        for number in 0..question.figures.len() {
            medians(connection, question, number, &mut sums).await?;
        }
    }
    Ok(sums)
}

/// Refuses more groups than an answer has room for, and says how to ask for fewer.
pub fn too_many_groups(parameter: &str, most: usize) -> Error {
    Error::invalid(parameter, format!("the question has more than {most} groups"))
        .allowed(["fewer or larger groups, or a narrower filter: a region, a year, a level"])
}

/// A statement over the facts, grouped.
fn grouped(question: &Question<'_>, from: SelectStatement) -> SelectStatement {
    let mut select = Query::select();
    select.from_subquery(from, "facts");
    for number in 0..question.groups.len() {
        select.column(facts::group(number)).group_by_col(facts::group(number));
    }
    select
}

/// Numbers are added up in two parts, so that no sum of a million is more than 64 bits.
const PART: i64 = 1_000_000;

fn aggregate(select: &mut SelectStatement, question: &Question<'_>, number: usize) {
    let of = |name| Expr::col(column(name, number));
    for name in [UNKNOWN, INCOMPARABLE] {
        select.expr_as(whole(of(name).sum()), column(name, number));
    }
    let mut in_parts = |name: &str, number| {
        let name = column(name, number);
        add_in_parts(select, &Expr::col(name.clone()), &name);
    };
    let is_rate = matches!(question.figures[number], Figure::Indicator(_));
    match (question.function, is_rate) {
        (Function::Sum, true) => {
            in_parts(NUMERATOR, number);
            in_parts(DENOMINATOR, number);
            return;
        }
        (Function::Sum | Function::Mean, false) => in_parts(VALUE, number),
        (Function::Mean, true) => {
            select.expr_as(Func::avg(of(VALUE)), column(VALUE, number));
        }
        (Function::Min, _) => {
            select.expr_as(of(VALUE).min(), column(VALUE, number));
        }
        (Function::Max, _) => {
            select.expr_as(of(VALUE).max(), column(VALUE, number));
        }
        (Function::Median | Function::Count, _) => {}
    }
    select.expr_as(of(VALUE).count(), column("numbers", number));
}

/// Adds up whole numbers as `read_in_parts` reads them.
fn add_in_parts(select: &mut SelectStatement, value: &Expr, name: &str) {
    select
        .expr_as(whole(value.clone().div(PART).sum()), format!("{name}_high"))
        .expr_as(whole(value.clone().modulo(PART).sum()), format!("{name}_low"));
}

/// A sum of whole numbers; 0 of none.
fn read_in_parts(row: &QueryResult, name: &str) -> Result<i128> {
    let part = |part: &str| -> Result<i128> {
        let part = row.try_get::<Option<i64>>("", &format!("{name}_{part}"))?;
        Ok(i128::from(part.unwrap_or(0)))
    };
    Ok(part("high")? * i128::from(PART) + part("low")?)
}

fn count_all() -> Expr {
    Func::count(Expr::cust("*")).into()
}

/// A sum of whole numbers as one: PostgreSQL makes a decimal of it.
fn whole(sum: Expr) -> Expr {
    sum.cast_as("BIGINT")
}

fn read(row: &QueryResult, question: &Question<'_>) -> Result<Sum> {
    let taken = Taken::read(row)?;
    let totals = question
        .figures
        .iter()
        .enumerate()
        .map(|(number, &figure)| total(row, question.function, figure, number, taken.reports()))
        .collect::<Result<Vec<_>>>()?;
    Ok(Sum { key: key(row, question.groups)?, taken, totals })
}

fn key(row: &QueryResult, groups: &[Group]) -> Result<Vec<KeyValue>> {
    let value = |(number, group): (usize, &Group)| {
        let name = facts::group(number);
        Ok(match group {
            Group::Year => KeyValue::Number(i64::from(row.try_get::<i32>("", &name)?)),
            _ => row
                .try_get::<Option<String>>("", &name)?
                .map_or(KeyValue::Missing(()), KeyValue::Text),
        })
    };
    groups.iter().enumerate().map(value).collect()
}

fn count(row: &QueryResult, name: &str) -> Result<u64> {
    Ok(row.try_get::<Option<i64>>("", name)?.unwrap_or(0).unsigned_abs())
}

fn total(
    row: &QueryResult,
    function: Function,
    figure: Figure,
    number: usize,
    reports: u64,
) -> Result<Total> {
    let unknown = count(row, &column(UNKNOWN, number))?;
    let incomparable = count(row, &column(INCOMPARABLE, number))?;
    let is_amount = matches!(figure, Figure::Measure(measure) if measure.is_amount());
    let exact = |sum: i128| if is_amount { Outcome::MicroCny(sum) } else { Outcome::Count(sum) };
    let in_parts = |name: &str| read_in_parts(row, &column(name, number));
    let why = |else_: Reason| match () {
        () if reports == 0 => Reason::NoReports,
        () if unknown > 0 && (else_ == Reason::NoPart || unknown == reports) => Reason::Unknown,
        () if incomparable > 0 => Reason::NotComparable,
        () => else_,
    };
    let is_rate = matches!(figure, Figure::Indicator(_));
    let outcome = if function == Function::Sum && is_rate {
        let rate = Rate::of(in_parts(NUMERATOR)?, in_parts(DENOMINATOR)?);
        rate.map(Outcome::Rate).ok_or_else(|| why(Reason::NoDenominator))
    } else {
        let numbers = count(row, &column("numbers", number))?;
        let value = || column(VALUE, number);
        match (function, is_rate) {
            (Function::Count, _) => Ok(Outcome::Count(i128::from(numbers))),
            (_, true) if numbers == 0 => Err(why(Reason::NoDenominator)),
            (_, false) if numbers == 0 => Err(why(Reason::NoPart)),
            (Function::Sum, _) => Ok(exact(in_parts(VALUE)?)),
            (Function::Mean, false) => {
                Ok(Outcome::divided(in_parts(VALUE)?, i128::from(numbers), is_amount))
            }
            // Put in by `medians`.
            (Function::Median, _) => Err(Reason::Unknown),
            (_, true) => Ok(Outcome::Number(row.try_get("", &value())?)),
            (_, false) => Ok(exact(i128::from(row.try_get::<i64>("", &value())?))),
        }
    };
    Ok(Total { outcome, unknown: unknown + incomparable })
}

/// Puts in the medians of a figure: the number in the middle, or the mean of the two that are.
async fn medians(
    connection: &impl ConnectionTrait,
    question: &Question<'_>,
    number: usize,
    sums: &mut [Sum],
) -> Result<()> {
    let figure = question.figures[number];
    let value = || Expr::col("number");
    let one = Question { figures: &[figure], ..*question };
    let mut window = WindowStatement::new();
    let mut ranked = Query::select();
    for number in 0..question.groups.len() {
        ranked.column(facts::group(number));
        window.add_partition_by(Expr::col(facts::group(number)));
    }
    let number_of = Expr::col(column(VALUE, 0));
    let mut in_order = window.clone();
    in_order.order_by_expr(number_of.clone(), Order::Asc);
    ranked
        .expr_as(number_of.clone(), "number")
        .expr_window_as(Func::cust("row_number"), in_order, "place")
        .expr_window_as(Func::count(Expr::cust("*")), window, "numbers")
        .from_subquery(facts(&one)?, "facts")
        .and_where(number_of.is_not_null());
    let mut middle = grouped(question, ranked);
    let twice = Expr::col("place").mul(2);
    middle.expr_as(value().min(), "low").expr_as(value().max(), "high").cond_where(
        Condition::all()
            .add(twice.clone().gte(Expr::col("numbers")))
            .add(twice.lte(Expr::col("numbers").add(2))),
    );
    for row in connection.query_all(&middle).await? {
        let key = key(&row, question.groups)?;
        let outcome = match figure {
            Figure::Indicator(_) => {
                let (low, high): (Option<f64>, Option<f64>) =
                    (row.try_get("", "low")?, row.try_get("", "high")?);
                low.zip(high).map(|(low, high)| Outcome::Number(f64::midpoint(low, high)))
            }
            Figure::Measure(measure) => {
                let (low, high): (Option<i64>, Option<i64>) =
                    (row.try_get("", "low")?, row.try_get("", "high")?);
                let both = low.zip(high).map(|(low, high)| i128::from(low) + i128::from(high));
                both.map(|sum| Outcome::divided(sum, 2, measure.is_amount()))
            }
        };
        let of_key = sums.binary_search_by(|sum| sum.key.cmp(&key));
        if let (Ok(at), Some(outcome)) = (of_key, outcome) {
            sums[at].totals[number].outcome = Ok(outcome);
        }
    }
    Ok(())
}

/// A count for each figure, by its code.
fn figure_counts(
    figures: &[Figure],
    count: impl Fn(usize) -> u64,
) -> indexmap::IndexMap<String, u64> {
    figures.iter().enumerate().map(|(number, figure)| (figure.code(), count(number))).collect()
}
