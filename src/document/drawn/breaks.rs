//! Tables that the end of a page cuts.
//!
//! The part on the next page may lack the columns that none of its rows uses, or have others: both
//! parts get the columns of either. A row cut in two is put together again.

use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::wrapped;
use crate::document::grid::{Cell, Grid};

/// Points by which the columns of a table may differ from page to page.
const DRIFT: f32 = 4.0;

static NUMBERING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、])").ok()
});

/// How a part of a table ends.
#[derive(Clone, Debug, Default)]
pub(super) struct End {
    /// The distances of its columns' lines from the page's left side.
    pub columns: Vec<f32>,
    /// By column: whether the last row's number has no room for another digit, and may go on.
    pub is_full: Vec<bool>,
}

impl End {
    /// Whether two parts begin and end at the same distances.
    pub(super) fn is_as_wide(&self, other: &Self) -> bool {
        let is_near = |one: Option<&f32>, other: Option<&f32>| {
            one.zip(other).is_some_and(|(one, other)| (one - other).abs() < DRIFT)
        };
        is_near(self.columns.first(), other.columns.first())
            && is_near(self.columns.last(), other.columns.last())
    }
}

/// Whether a label begins with a number of its own.
pub(super) fn is_numbered(text: &str) -> bool {
    NUMBERING.as_ref().is_some_and(|numbering| numbering.is_match(text))
}

/// Adds the part on the next page; gives the end of both.
pub(super) fn go_on(open: &mut Grid, before: &End, next: Grid, end: &End) -> End {
    let mut both: Vec<f32> = before.columns.clone();
    let is_new = |line: &&f32| before.columns.iter().all(|own| (own - **line).abs() > DRIFT);
    both.extend(end.columns.iter().filter(is_new));
    both.sort_by(f32::total_cmp);
    let over = |cells: &[Cell], own: &End| spread_cells(cells, &own.columns, &both);
    let rows = std::mem::take(&mut open.rows);
    open.rows = rows.into_iter().map(|row| over(&row, before)).collect();
    let mut rows: Vec<Vec<Cell>> = next.rows.into_iter().map(|row| over(&row, end)).collect();
    // The heads may stand once more above the rest of a row.
    let texts = |row: &Vec<Cell>| row.iter().map(|cell| Arc::clone(&cell.text)).collect::<Vec<_>>();
    let repeated =
        open.rows.iter().zip(&rows).take_while(|(one, other)| texts(one) == texts(other));
    let first = repeated.count();
    let is_full = spread(&before.is_full, &before.columns, &both);
    if let (Some(last), true) = (open.rows.last_mut(), first < rows.len()) {
        match kind_of(last, &rows[first], &is_full) {
            Kind::Halves => join(last, rows.remove(first)),
            Kind::Doubtful => {
                doubt(last);
                doubt(&mut rows[first]);
            }
            Kind::Apart => {}
        }
    }
    open.rows.extend(rows);
    End { is_full: spread(&end.is_full, &end.columns, &both), columns: both }
}

/// What stands in a row's columns, over more columns.
fn spread<T: Clone>(row: &[T], own: &[f32], all: &[f32]) -> Vec<T> {
    columns_of(row.len(), own, all).map(|column| row[column].clone()).collect()
}

/// By column of all: the column of a part's own that it lies in.
fn columns_of(count: usize, own: &[f32], all: &[f32]) -> impl Iterator<Item = usize> {
    let column =
        move |line: &f32| own.partition_point(|own| *own <= line + DRIFT).clamp(1, count) - 1;
    all[..all.len() - 1].iter().map(column)
}

/// A row's cells over more columns.
fn spread_cells(row: &[Cell], own: &[f32], all: &[f32]) -> Vec<Cell> {
    let mut last = None;
    columns_of(row.len(), own, all)
        .map(|column| {
            let is_repeated = last.replace(column) == Some(column);
            let cell = row[column].clone();
            Cell { is_continuation: cell.is_continuation || is_repeated, ..cell }
        })
        .collect()
}

/// What the last row before a page's end and the first behind it are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// One row that the page's end cut.
    Halves,
    /// One row, and where its numbers were cut nobody can tell.
    Doubtful,
    Apart,
}

/// Two rows are one where the second has no label, or the label of the first goes on in it without a number
/// of its own; and where the one has a number, the other has none, or the rest of it.
fn kind_of(last: &[Cell], first: &[Cell], is_full: &[bool]) -> Kind {
    // 无 stands where a number stands.
    let is_label = |cell: &&Cell| cell.text.chars().any(|c| c.is_alphabetic() && c != '无');
    let label = |row: &[Cell]| row.iter().rfind(is_label).map(|cell| Arc::clone(&cell.text));
    let begins = label(last).is_some_and(|label| is_numbered(&label));
    let own_label = label(first);
    let is_unlabelled = own_label.is_none();
    let goes_on = own_label.is_none_or(|label| !is_numbered(&label));
    let has_text = first.iter().any(|cell| !cell.text.is_empty());
    let are_numbers =
        |one: &Cell, other: &Cell| wrapped::is_part(&one.text) && wrapped::is_part(&other.text);
    let fits = |((one, other), is_full): ((&Cell, &Cell), &bool)| {
        one.text.is_empty()
            || other.text.is_empty()
            || (is_label(&one) && is_label(&other))
            || (*is_full && are_numbers(one, other))
    };
    let is_row = (is_unlabelled || begins && goes_on) && has_text;
    let all_fit = last.iter().zip(first).zip(is_full).all(fits);
    let is_cut = |((one, other), is_full): ((&Cell, &Cell), &bool)| {
        are_numbers(one, other) && (*is_full && goes_on || is_unlabelled)
    };
    match is_row && all_fit {
        true => Kind::Halves,
        false if last.iter().zip(first).zip(is_full).any(is_cut) => Kind::Doubtful,
        false => Kind::Apart,
    }
}

fn join(last: &mut [Cell], first: Vec<Cell>) {
    for (cell, rest) in last.iter_mut().zip(first) {
        if cell.text.is_empty() {
            *cell = Cell { is_continuation: cell.is_continuation, ..rest };
        } else if !rest.text.is_empty() {
            let is_number = wrapped::is_part(&cell.text) && wrapped::is_part(&rest.text);
            let between = if is_number { "" } else { "\n" };
            cell.text = Arc::from(format!("{}{between}{}", cell.text, rest.text));
        }
    }
}

/// Says of a row's numbers that they cannot be read for certain.
fn doubt(row: &mut [Cell]) {
    for cell in row.iter_mut().filter(|cell| wrapped::is_part(&cell.text)) {
        cell.text = Arc::from(format!("{}{}", cell.text, char::REPLACEMENT_CHARACTER));
    }
}
