//! What a report says of the year before, against what that year's report says.
//!
//! Takes the numbers of two years of one agency and scope. Compares only what both print: a report
//! without the table, or with a cell that cannot be told, is compared with nothing.

use entity::template::{Applicant, Code, Item, ItemMeasure, Measure, RequestRow};

use super::{Check, Finding};
use crate::cells::{Cells, Quantity};

/// The numbers of one year's report.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a> {
    pub year: i32,
    pub cells: &'a Cells,
}

/// Whether last year's report carries over what this year's takes over, in each column.
pub(super) fn carry_over(check: &Check, this: Numbers<'_>, last: Numbers<'_>) -> Vec<Finding> {
    let came = |column| Measure::Request(RequestRow::CarriedOverIn, column);
    let went = |column| Measure::Request(RequestRow::CarriedOverOut, column);
    let is_printed =
        |cells: &Cells, row: fn(Applicant) -> Measure| cells.get(row(Applicant::Total)).value;
    let printed = is_printed(this.cells, came).zip(is_printed(last.cells, went));
    if printed.is_none() {
        return Vec::new();
    }
    let compared = |&column: &Applicant| {
        let left = this.cells.sum(&[came(column)]).ok()?;
        let right = last.cells.sum(&[went(column)]).ok()?;
        (left != right).then(|| {
            let (cell, other) = (came(column), went(column));
            Finding {
                check: check.id,
                severity: check.severity,
                cells: vec![cell],
                left: Some(left),
                right: Some(right),
                message: format!(
                    "{} is {left} in the report of {}, but {} is {right} in the report of {}",
                    cell.label_en(),
                    this.year,
                    other.label_en(),
                    last.year
                ),
                message_zh: format!(
                    "{}年度报告中{}为{left}，而{}年度报告中{}为{right}",
                    this.year,
                    cell.label(),
                    last.year,
                    other.label()
                ),
            }
        })
    };
    Applicant::ALL.iter().filter_map(compared).collect()
}

/// Whether what is in force follows from last year's and what was issued and repealed.
pub(super) fn in_force(check: &Check, this: Numbers<'_>, last: Numbers<'_>) -> Vec<Finding> {
    let compared = |&item: &Item| {
        let cell = |measure| Measure::DisclosureItem(item, measure);
        let [in_force, issued, repealed] =
            [ItemMeasure::InForce, ItemMeasure::Issued, ItemMeasure::Repealed].map(cell);
        let printed = |cells: &Cells, cell| match cells.get(cell).value {
            Some(Quantity::Count(count)) => Some(count),
            _ => None,
        };
        let now = printed(this.cells, in_force)?;
        let before = printed(last.cells, in_force)?;
        let (made, ended) = (printed(this.cells, issued)?, printed(this.cells, repealed)?);
        let follows = before.checked_add(made)?.checked_sub(ended)?;
        (now != follows).then(|| Finding {
            check: check.id,
            severity: check.severity,
            cells: vec![in_force, issued, repealed],
            left: Some(Quantity::Count(now)),
            right: Some(Quantity::Count(follows)),
            message: format!(
                "{} is {now}, but {before} in the report of {} and {made} issued less {ended} repealed make {follows}",
                in_force.label_en(),
                last.year
            ),
            message_zh: format!(
                "{}为{now}，而{}年度报告中为{before}，加本年制发{made}、减本年废止{ended}，应为{follows}",
                in_force.label(),
                last.year
            ),
        })
    };
    Item::ALL.iter().filter_map(compared).collect()
}
