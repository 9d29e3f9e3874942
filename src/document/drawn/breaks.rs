//! Tables that the end of a page cuts.
//!
//! The part on the next page may lack the columns that none of its rows uses, or have others: both
//! parts get the columns of either. A row cut in two is put together again.

use std::sync::{Arc, LazyLock};

use regex::Regex;

use crate::document::grid::{Cell, Grid};

/// Points by which the columns of a table may differ from page to page.
const DRIFT: f32 = 4.0;

static NUMBERING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、])").ok()
});

/// Whether two parts begin and end at the same distances.
pub(super) fn is_same_width(one: &[f32], other: &[f32]) -> bool {
    let is_near = |one: Option<&f32>, other: Option<&f32>| {
        one.zip(other).is_some_and(|(one, other)| (one - other).abs() < DRIFT)
    };
    is_near(one.first(), other.first()) && is_near(one.last(), other.last())
}

/// Whether a label begins with a number of its own.
pub(super) fn is_numbered(text: &str) -> bool {
    NUMBERING.as_ref().is_some_and(|numbering| numbering.is_match(text))
}

/// Adds the part on the next page; gives the columns of both.
pub(super) fn go_on(open: &mut Grid, before: &[f32], next: Grid, columns: &[f32]) -> Vec<f32> {
    let mut both: Vec<f32> = before.to_vec();
    both.extend(
        columns.iter().filter(|line| before.iter().all(|own| (own - **line).abs() > DRIFT)),
    );
    both.sort_by(f32::total_cmp);
    let rows = std::mem::take(&mut open.rows);
    open.rows = rows.into_iter().map(|row| spread(&row, before, &both)).collect();
    let mut rows = next.rows.into_iter().map(|row| spread(&row, columns, &both));
    if let (Some(last), Some(first)) = (open.rows.last_mut(), rows.next()) {
        if are_halves(last, &first) {
            join(last, first);
        } else {
            open.rows.push(first);
        }
    }
    open.rows.extend(rows);
    both
}

/// A row's cells over more columns.
fn spread(row: &[Cell], own: &[f32], all: &[f32]) -> Vec<Cell> {
    let column =
        |line: f32| own.partition_point(|own| *own <= line + DRIFT).clamp(1, row.len()) - 1;
    let mut last = None;
    all[..all.len() - 1]
        .iter()
        .map(|line| {
            let column = column(*line);
            let is_repeated = last.replace(column) == Some(column);
            let cell = row[column].clone();
            Cell { is_continuation: cell.is_continuation || is_repeated, ..cell }
        })
        .collect()
}

/// Whether two rows are one that the page's end cut: the label goes on without a number of its own, and
/// where the one has a number, the other has none.
fn are_halves(last: &[Cell], first: &[Cell]) -> bool {
    let is_label = |cell: &&Cell| cell.text.chars().any(|c| c.is_alphabetic());
    let label = |row: &[Cell]| row.iter().rfind(is_label).map(|cell| Arc::clone(&cell.text));
    let begins = label(last).is_some_and(|label| is_numbered(&label));
    let goes_on = label(first).is_none_or(|label| !is_numbered(&label));
    let has_text = |row: &[Cell]| row.iter().any(|cell| !cell.text.is_empty());
    let fits = |(one, other): (&Cell, &Cell)| {
        one.text.is_empty() || other.text.is_empty() || (is_label(&one) && is_label(&other))
    };
    begins && goes_on && has_text(first) && last.iter().zip(first).all(fits)
}

fn join(last: &mut [Cell], first: Vec<Cell>) {
    for (cell, rest) in last.iter_mut().zip(first) {
        if cell.text.is_empty() {
            *cell = Cell { is_continuation: cell.is_continuation, ..rest };
        } else if !rest.text.is_empty() {
            cell.text = Arc::from(format!("{}\n{}", cell.text, rest.text));
        }
    }
}
