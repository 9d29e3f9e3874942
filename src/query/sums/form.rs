//! Every cell of the national form over reports: the form itself, added up.
//!
//! One statement a table of the form, since a statement of two hundred figures would look up each cell of
//! each report by itself. What a cell comes to is what `sums` says of its measure.

use std::collections::{BTreeMap, HashMap};

use entity::{
    disclosure_item, lawsuit, report, request, review,
    template::{
        AppealResult, Applicant, Code, Item, ItemMeasure, LawsuitKind, Measure, RequestRow,
        Template,
    },
    unknown_number,
};
use indexmap::IndexMap;
use sea_orm::{
    ConnectionTrait, EntityTrait, IdenStatic, QueryResult, TryGetable,
    sea_query::{Condition, Expr, ExprTrait, JoinType, Query, SelectStatement},
};

use super::{
    add_in_parts, count, count_all,
    outcome::{Outcome, Reason},
    read_in_parts,
    rollup::Taking,
    taken::{self, Taken},
};
use crate::{
    error::Result,
    query::{
        as_of::At,
        filter::ReportFilter,
        measure::{applicant_column, item_column},
    },
};

/// What comes of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellSum {
    pub outcome: Result<Outcome, Reason>,
    /// Reports left out of it, since their number is unknown or another one.
    pub unknown: u64,
}

/// The form, added up.
pub struct FormSum {
    pub taken: Taken,
    /// How many of the reports are in each template; in none are those without the national tables.
    pub templates: IndexMap<Option<Template>, u64>,
    /// Every cell that the template prints, in the form's order.
    pub cells: Vec<(Measure, CellSum)>,
}

/// Adds up the cells of a template over the reports that are taken.
///
/// # Errors
/// What the filter is refused for; what the database says.
pub async fn form(
    connection: &impl ConnectionTrait,
    filter: &ReportFilter,
    at: At,
    taking: &Taking,
    template: Template,
) -> Result<FormSum> {
    let parts = parts(filter, at, taking)?;
    let (taken, templates) = counted(connection, &parts).await?;
    let other_template = |other: Option<Template>| other.is_some_and(|other| other != template);
    let incomparable: u64 =
        templates.iter().filter(|(other, _)| other_template(**other)).map(|(_, count)| count).sum();
    let mut added = added(connection, &parts, template).await?;
    let unknown = unknown(connection, &parts, template).await?;
    let cells = Measure::cells().iter().filter(|cell| cell.is_in(template)).map(|&cell| {
        let Added { sum, numbers } = added.remove(&cell).unwrap_or_default();
        let unknown = unknown.get(&cell).copied().unwrap_or(0);
        let incomparable = if means_else(cell) { incomparable } else { 0 };
        let outcome = match () {
            () if numbers > 0 && cell.is_amount() => Ok(Outcome::MicroCny(sum)),
            () if numbers > 0 => Ok(Outcome::Count(sum)),
            () if taken.reports() == 0 => Err(Reason::NoReports),
            () if unknown > 0 => Err(Reason::Unknown),
            () if incomparable > 0 => Err(Reason::NotComparable),
            () => Err(Reason::NoPart),
        };
        (cell, CellSum { outcome, unknown: unknown + incomparable })
    });
    Ok(FormSum { cells: cells.collect(), taken, templates })
}

/// Whether the templates mean something else by a cell, so that only reports in the form's own count.
pub fn means_else(cell: Measure) -> bool {
    let differs = |row: RequestRow| Template::ALL.iter().any(|&of| row.compares_with(of).is_some());
    matches!(cell, Measure::Request(row, _) if differs(row))
}

/// The names of the columns of the reports that are added up.
const PARTS: &str = "parts";
const ID: &str = "part_id";
const TEMPLATE: &str = "part_template";

fn parts(filter: &ReportFilter, at: At, taking: &Taking) -> Result<SelectStatement> {
    let column = |column| Expr::col((report::Entity, column));
    let mut parts = Query::select();
    parts
        .from(report::Entity)
        .expr_as(column(report::Column::Id), ID)
        .expr_as(column(report::Column::Template), TEMPLATE);
    taken::add(&mut parts);
    taking.apply(&mut parts);
    parts.cond_where(filter.condition(at)?);
    Ok(parts)
}

async fn counted(
    connection: &impl ConnectionTrait,
    parts: &SelectStatement,
) -> Result<(Taken, IndexMap<Option<Template>, u64>)> {
    let mut select = Query::select();
    select.column(TEMPLATE).from_subquery(parts.clone(), PARTS).group_by_col(TEMPLATE);
    taken::aggregate(&mut select);
    let mut by_template = BTreeMap::new();
    let mut all = Taken::default();
    for row in connection.query_all(&select).await? {
        let taken = Taken::read(&row)?;
        by_template.insert(row.try_get::<Option<Template>>("", TEMPLATE)?, taken.reports());
        all = all.and(taken);
    }
    Ok((all, by_template.into_iter().collect()))
}

/// What was added up of a cell, and how many reports print it.
#[derive(Clone, Copy, Default)]
struct Added {
    sum: i128,
    numbers: u64,
}

async fn added(
    connection: &impl ConnectionTrait,
    parts: &SelectStatement,
    template: Template,
) -> Result<HashMap<Measure, Added>> {
    let mut added = HashMap::new();
    let requests = Table {
        parts,
        report_id: Expr::col((request::Entity, request::Column::ReportId)),
        key: Some(Expr::col((request::Entity, request::Column::Row))),
        columns: each(|column: Applicant| applicant_column(column)),
    };
    for row in connection.query_all(&requests.select(request::Entity)).await? {
        let of_row: RequestRow = key(&row)?;
        let other: Option<Template> = row.try_get("", TEMPLATE)?;
        let is_else = other.is_some_and(|other| other != template);
        for &column in Applicant::ALL {
            let cell = Measure::Request(of_row, column);
            if !(is_else && means_else(cell)) {
                read(&row, column.code(), added.entry(cell).or_default())?;
            }
        }
    }
    let items = Table {
        parts,
        report_id: Expr::col((disclosure_item::Entity, disclosure_item::Column::ReportId)),
        key: Some(Expr::col((disclosure_item::Entity, disclosure_item::Column::Item))),
        columns: each(|measure: ItemMeasure| item_column(measure)),
    };
    for row in connection.query_all(&items.select(disclosure_item::Entity)).await? {
        let item: Item = key(&row)?;
        for &measure in ItemMeasure::ALL {
            let cell = Measure::DisclosureItem(item, measure);
            read(&row, measure.code(), added.entry(cell).or_default())?;
        }
    }
    let reviews = Table {
        parts,
        report_id: Expr::col((review::Entity, review::Column::ReportId)),
        key: None,
        columns: each(|result: AppealResult| match result {
            AppealResult::Upheld => review::Column::Upheld,
            AppealResult::Corrected => review::Column::Corrected,
            AppealResult::Other => review::Column::Other,
            AppealResult::Pending => review::Column::Pending,
            AppealResult::Total => review::Column::Total,
        }),
    };
    for row in connection.query_all(&reviews.select(review::Entity)).await? {
        for &result in AppealResult::ALL {
            read(&row, result.code(), added.entry(Measure::Review(result)).or_default())?;
        }
    }
    let lawsuits = Table {
        parts,
        report_id: Expr::col((lawsuit::Entity, lawsuit::Column::ReportId)),
        key: Some(Expr::col((lawsuit::Entity, lawsuit::Column::Kind))),
        columns: each(|result: AppealResult| match result {
            AppealResult::Upheld => lawsuit::Column::Upheld,
            AppealResult::Corrected => lawsuit::Column::Corrected,
            AppealResult::Other => lawsuit::Column::Other,
            AppealResult::Pending => lawsuit::Column::Pending,
            AppealResult::Total => lawsuit::Column::Total,
        }),
    };
    for row in connection.query_all(&lawsuits.select(lawsuit::Entity)).await? {
        let kind: LawsuitKind = key(&row)?;
        for &result in AppealResult::ALL {
            let cell = Measure::Lawsuit(kind, result);
            read(&row, result.code(), added.entry(cell).or_default())?;
        }
    }
    Ok(added)
}

/// The columns of a table by the codes of what they hold.
fn each<C: Code, D: IdenStatic>(column: impl Fn(C) -> D) -> Vec<(&'static str, Expr)> {
    C::ALL.iter().map(|&code| (code.code(), Expr::col(column(code)))).collect()
}

/// A table of the form whose columns are added up, by its rows and the reports' templates.
struct Table<'a> {
    parts: &'a SelectStatement,
    report_id: Expr,
    /// What tells its rows apart, where it has several.
    key: Option<Expr>,
    columns: Vec<(&'static str, Expr)>,
}

const KEY: &str = "row_key";

impl Table<'_> {
    fn select<E: EntityTrait>(self, table: E) -> SelectStatement {
        let Self { parts, report_id, key, columns } = self;
        let mut select = Query::select();
        select.from(table.table_ref());
        let of_report = Condition::all().add(Expr::col((PARTS, ID)).eq(report_id));
        select.join_subquery(JoinType::InnerJoin, parts.clone(), PARTS, of_report);
        select.column((PARTS, TEMPLATE)).group_by_col((PARTS, TEMPLATE));
        if let Some(key) = key {
            select.expr_as(key.clone(), KEY).add_group_by([key]);
        }
        for (code, column) in columns {
            add_in_parts(&mut select, &column, code);
            select.expr_as(column.count(), numbers(code));
        }
        select
    }
}

fn numbers(code: &str) -> String {
    format!("{code}_numbers")
}

fn key<T: TryGetable>(row: &QueryResult) -> Result<T> {
    Ok(row.try_get("", KEY)?)
}

fn read(row: &QueryResult, code: &str, into: &mut Added) -> Result<()> {
    into.sum += read_in_parts(row, code)?;
    into.numbers += count(row, &numbers(code))?;
    Ok(())
}

/// How many of the reports each cell is unknown in; of a cell that the templates mean something else by,
/// how many of those in the form's own.
async fn unknown(
    connection: &impl ConnectionTrait,
    parts: &SelectStatement,
    template: Template,
) -> Result<HashMap<Measure, u64>> {
    let column = |column| Expr::col((unknown_number::Entity, column));
    let of_report =
        Condition::all().add(Expr::col((PARTS, ID)).eq(column(unknown_number::Column::ReportId)));
    let mut select = Query::select();
    select
        .from(unknown_number::Entity)
        .join_subquery(JoinType::InnerJoin, parts.clone(), PARTS, of_report)
        .expr_as(column(unknown_number::Column::Measure), KEY)
        .column((PARTS, TEMPLATE))
        .expr_as(count_all(), "reports")
        .add_group_by([column(unknown_number::Column::Measure)])
        .group_by_col((PARTS, TEMPLATE));
    let mut unknown = HashMap::new();
    for row in connection.query_all(&select).await? {
        let measure: String = key(&row)?;
        let other: Option<Template> = row.try_get("", TEMPLATE)?;
        let Ok(measure) = measure.parse() else { continue };
        if !(means_else(measure) && other.is_some_and(|other| other != template)) {
            *unknown.entry(measure).or_default() += count(&row, "reports")?;
        }
    }
    Ok(unknown)
}
