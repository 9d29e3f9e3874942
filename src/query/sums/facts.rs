//! The reports that are added up, one row each: what they are grouped by and what each figure is in them.

use entity::{
    agency, report,
    template::{Code, Measure, Template},
};
use sea_orm::{
    ColumnTrait, RelationTrait,
    sea_query::{Condition, Expr, ExprTrait, JoinType, Query, SelectStatement},
};

use super::{Function, Question, group::Group, taken};
use crate::{
    error::Result,
    query::{
        figure::{Figure, Terms, terms, unknown},
        filter::codes,
    },
};

/// The column that a group's values stand in.
pub fn group(number: usize) -> String {
    format!("group_{number}")
}

/// A column of a figure.
pub fn column(name: &str, number: usize) -> String {
    format!("{name}_{number}")
}

/// The number a report prints, or its rate; null where it has none.
pub const VALUE: &str = "value";
/// Above and below the line of a rate; null where a part is unknown.
pub const NUMERATOR: &str = "numerator";
pub const DENOMINATOR: &str = "denominator";
/// Whether it is unknown; whether it is something else in the report's template: 1 or 0.
pub const UNKNOWN: &str = "unknown";
pub const INCOMPARABLE: &str = "incomparable";

/// The statement of these rows.
pub fn facts(question: &Question<'_>) -> Result<SelectStatement> {
    let mut select = Query::select();
    select.from(report::Entity);
    for (number, group_by) in question.groups.iter().enumerate() {
        select.expr_as(group_by.key(), group(number));
    }
    taken::add(&mut select);
    for (number, &figure) in question.figures.iter().enumerate() {
        add(&mut select, question, number, figure)?;
    }
    if question.groups.iter().any(Group::is_of_agency) {
        let agency = report::Relation::Agency.def();
        select.join(JoinType::InnerJoin, agency::Entity, Condition::from(agency));
    }
    question.taking.apply(&mut select);
    select.cond_where(question.filter.condition(question.at)?);
    Ok(select)
}

fn add(
    select: &mut SelectStatement,
    question: &Question<'_>,
    number: usize,
    figure: Figure,
) -> Result<()> {
    match figure {
        Figure::Measure(measure) => {
            let means_else = means_else(question, measure)?;
            let is_unknown = unknown([measure]).and(means_else.clone().not());
            let value = Expr::case(means_else.clone(), Expr::null()).finally(figure.expr());
            select
                .expr_as(value, column(VALUE, number))
                .expr_as(one_where(is_unknown), column(UNKNOWN, number))
                .expr_as(one_where(means_else), column(INCOMPARABLE, number));
        }
        Figure::Indicator(indicator) => {
            let is_unknown = || unknown(indicator.formula().measures());
            let where_known = |number| Expr::case(is_unknown(), Expr::null()).finally(number);
            if question.function == Function::Sum {
                let Terms { numerator, denominator } = terms(indicator);
                select
                    .expr_as(where_known(numerator), column(NUMERATOR, number))
                    .expr_as(where_known(denominator), column(DENOMINATOR, number));
            } else {
                select.expr_as(figure.expr(), column(VALUE, number));
            }
            select
                .expr_as(one_where(is_unknown()), column(UNKNOWN, number))
                .expr_as(Expr::value(0), column(INCOMPARABLE, number));
        }
    }
    Ok(())
}

fn one_where(condition: Expr) -> Expr {
    Expr::case(condition, 1).finally(0).into()
}

/// Whether a report's template means something else by a measure than the other template, where both
/// could be added up.
fn means_else(question: &Question<'_>, measure: Measure) -> Result<Expr> {
    let templates = question.filter.template.as_deref();
    let templates = templates.map(|text| codes::<Template>("template", text)).transpose()?;
    let is_one_template = question.groups.contains(&Group::Template)
        || templates.is_some_and(|templates| templates.len() == 1);
    let others: Vec<Template> = match measure {
        Measure::Request(row, _) if !is_one_template => {
            let others = Template::ALL.iter().copied();
            others.filter(|&template| row.compares_with(template).is_some()).collect()
        }
        _ => Vec::new(),
    };
    if others.is_empty() {
        return Ok(Expr::value(1).eq(0));
    }
    let known: Expr = report::Column::Template.is_not_null();
    Ok(known.and(report::Column::Template.is_in(others)))
}
