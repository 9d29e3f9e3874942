//! Numbers that stand apart from their labels: labels in rows of their own, bare rows of numbers after.
//!
//! Takes the rows of the requests matrix; gives them with each bare row put beside its label, where each
//! run of labels is followed by just as many bare rows that add up. Where anything is left over, the
//! labels' numbers stay together in one cell, so that nobody takes them apart by position.

use std::sync::Arc;

use entity::template::{Applicant, Code as _, Group, RequestRow};

use super::{
    label::{self, GROUPS, ROWS},
    number,
    table::{Part, Table, Tables},
};
use crate::document::Cell;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A row's label without a number.
    Label(RequestRow),
    /// Seven numbers without a label.
    Bare,
    /// A label of several rows, or nothing.
    Between,
    /// Anything else.
    Other,
}

/// A row's place: the table, the row in it.
type At = (usize, usize);

/// Puts bare rows of numbers beside their labels.
pub fn attach(tables: &mut Tables) {
    let has_details = rows(tables).any(|(_, row)| {
        row.iter().any(|cell| ROWS.fuzzy(&cell.text).is_some_and(|row| !row.form().in_2019))
    });
    let kinds: Vec<(At, Kind)> =
        rows(tables).map(|(at, row)| (at, kind_of(row, has_details))).collect();
    if !kinds.iter().any(|(_, kind)| *kind == Kind::Bare) {
        return;
    }
    match pairs(&kinds).filter(|pairs| pairs.iter().all(|(_, bare)| adds_up(row(tables, *bare)))) {
        Some(pairs) => {
            for (label, bare) in pairs {
                let mut whole = label_of(row(tables, label));
                whole.extend(std::mem::take(&mut tables.tables[bare.0].rows[bare.1]));
                tables.tables[label.0].rows[label.1] = whole;
            }
        }
        None => {
            let bare = || kinds.iter().filter(|(_, kind)| *kind == Kind::Bare).map(|(at, _)| *at);
            let texts: Vec<Arc<str>> = bare()
                .flat_map(|at| row(tables, at).iter().map(|cell| cell.text.clone()))
                .collect();
            let place = bare().find_map(|at| row(tables, at).iter().find_map(|cell| cell.place));
            let together = Cell { text: texts.join(" ").into(), place, is_continuation: false };
            for (at, _) in kinds.iter().filter(|(_, kind)| matches!(kind, Kind::Label(_))) {
                let mut open = label_of(row(tables, *at));
                open.push(together.clone());
                tables.tables[at.0].rows[at.1] = open;
            }
        }
    }
}

fn rows(tables: &Tables) -> impl Iterator<Item = (At, &Vec<Cell>)> {
    let of_part = |table: &&(usize, &Table)| table.1.part == Part::Requests;
    tables.tables.iter().enumerate().filter(move |table| of_part(&table)).flat_map(
        |(table, content)| {
            content.rows.iter().enumerate().map(move |(row, cells)| ((table, row), cells))
        },
    )
}

fn row(tables: &Tables, at: At) -> &Vec<Cell> {
    &tables.tables[at.0].rows[at.1]
}

/// The labels of a row without the blanks behind them.
fn label_of(row: &[Cell]) -> Vec<Cell> {
    row.iter().filter(|cell| !cell.text.is_empty()).cloned().collect()
}

fn kind_of(row: &[Cell], has_details: bool) -> Kind {
    let filled: Vec<&Cell> = row.iter().filter(|cell| !cell.text.is_empty()).collect();
    let is_number = |cell: &&Cell| {
        number::is_value(&cell.text) && cell.text.contains(|c: char| c.is_ascii_digit())
    };
    let is_bare = || row.iter().all(|cell| number::is_value(&cell.text));
    let numbers = filled.iter().filter(|cell| is_number(cell)).count();
    if numbers == 0 {
        if super::columns::is_head(row) {
            return Kind::Between;
        }
        let known =
            |cell: &&&Cell| ROWS.fuzzy(&cell.text).is_some() || GROUPS.exact(&cell.text).is_some();
        let Some(last) = filled.iter().rfind(known) else { return Kind::Between };
        let is_group = label::clean(&last.text).contains(Group::OtherResults.label())
            || label::clean(&last.text).starts_with(&label::clean(Group::OtherResults.form().mark));
        return match ROWS.fuzzy(&last.text) {
            Some(_) if is_group && has_details => Kind::Between,
            Some(row) => Kind::Label(row),
            None => Kind::Between,
        };
    }
    match is_bare() && values(row).count() == Applicant::ALL.len() {
        true => Kind::Bare,
        false => Kind::Other,
    }
}

/// A bare row's cells without blanks at its end.
fn values(row: &[Cell]) -> impl Iterator<Item = &Cell> {
    let last = row.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1);
    row[..last].iter()
}

/// Each label with its bare row; none where a run of labels is not followed by as many.
fn pairs(kinds: &[(At, Kind)]) -> Option<Vec<(At, At)>> {
    let mut pairs: Vec<(At, At)> = Vec::new();
    let mut labels: Vec<(At, RequestRow)> = Vec::new();
    let mut bare: Vec<At> = Vec::new();
    let mut last: Option<RequestRow> = None;
    let mut end = |labels: &mut Vec<(At, RequestRow)>, bare: &mut Vec<At>| -> bool {
        if labels.len() != bare.len() {
            return false;
        }
        pairs.extend(labels.drain(..).map(|(at, _)| at).zip(bare.drain(..)));
        true
    };
    for (at, kind) in kinds {
        match *kind {
            // The rest of a label whose numbers stand in its middle.
            Kind::Label(row) if !bare.is_empty() && last == Some(row) => {}
            Kind::Label(row) => {
                if !bare.is_empty() && !end(&mut labels, &mut bare) {
                    return None;
                }
                labels.push((*at, row));
                last = Some(row);
            }
            Kind::Bare => bare.push(*at),
            Kind::Other if !end(&mut labels, &mut bare) => return None,
            Kind::Other | Kind::Between => {}
        }
    }
    end(&mut labels, &mut bare).then_some(pairs)
}

/// Whether the last number of a bare row is the sum of the others.
fn adds_up(row: &[Cell]) -> bool {
    let numbers: Option<Vec<i64>> = values(row)
        .map(|cell| {
            let read = number::count(&cell.text, false);
            match read.value {
                Some(value) => i64::try_from(value.decimal()).ok(),
                None => read.state.counts_as_zero().then_some(0),
            }
        })
        .collect();
    numbers.as_deref().and_then(<[i64]>::split_last).is_some_and(|(total, parts)| {
        parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(*part)) == Some(*total)
    })
}

/// Whether a text is the number of a page, which conversions leave inside tables: `— 4 —`, `-3-`.
pub fn is_page_number(text: &str) -> bool {
    let clean = label::clean(text);
    let is_dash = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '─' | '━' | '~');
    let inner = clean.trim_matches(is_dash);
    let dashes = clean.starts_with(is_dash) && clean.ends_with(is_dash);
    let is_number = (1..=3).contains(&inner.len()) && inner.bytes().all(|b| b.is_ascii_digit());
    let is_worded = clean
        .strip_prefix('第')
        .and_then(|rest| rest.strip_suffix('页'))
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
    (dashes && is_number && !inner.is_empty()) || is_worded
}

/// Whether a grid holds nothing but rows of numbers.
pub fn is_bare(rows: &[Vec<Cell>]) -> bool {
    let is_bare = |row: &Vec<Cell>| row.iter().all(|cell| number::is_value(&cell.text));
    let has_number = rows.iter().flatten().any(|cell| !cell.text.is_empty());
    has_number && rows.iter().all(is_bare)
}
