//! Section 3 in glued text: the rows of the matrix, their digits split by the sums.

use std::{
    ops::Range,
    sync::{Arc, LazyLock},
};

use entity::template::{Applicant, Code, Group, Measure, RequestRow};
use regex::Regex;

use super::{
    Reading, ambiguous, cell, last_label,
    matrix::{self, Row},
    run::{Atom, Piece, Run, Sign, Text, end_of, goes_on, pieces},
};
use crate::extract::label;

static NUMBERING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[(（][一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]、").ok()
});

/// What a label is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    Row(RequestRow),
    /// （六）其他处理 itself: the row of template 2019.
    OtherResults,
}

/// A row found: its label, and its digits.
struct Found {
    label: Label,
    label_bytes: Range<usize>,
    run: Run,
    variants: Vec<Vec<Atom>>,
}

/// The rows in a text.
pub fn read(text: &Text) -> Reading {
    let mut reading = Reading::default();
    let found = found(&text.text);
    let mut rows: Vec<(Row, &Found)> = Vec::new();
    let mut contradicted: Vec<RequestRow> = Vec::new();
    let has_details =
        found.iter().any(|found| matches!(found.label, Label::Row(row) if !row.form().in_2019));
    for one in &found {
        let row = match one.label {
            Label::Row(row) => row,
            Label::OtherResults if has_details => continue,
            Label::OtherResults => RequestRow::Other,
        };
        if goes_on(&text.text, &one.run) {
            contradicted.push(row);
        }
        match rows.iter().find(|(known, _)| known.row == row) {
            Some((known, _)) if known.is_of_other_digits(&one.variants) => contradicted.push(row),
            Some(_) => {}
            None => rows.push((Row::of(row, one.variants.clone()), one)),
        }
    }
    let mut matrix: Vec<Row> = rows.iter().map(|(row, _)| row.clone()).collect();
    for row in matrix.iter_mut().filter(|row| contradicted.contains(&row.row)) {
        row.candidates.clear();
    }
    for ((row, decided), (_, found)) in matrix.iter().zip(matrix::decide(&matrix)).zip(&rows) {
        let candidate = decided.and_then(|index| row.candidates.get(index));
        let label = last_label(&text.text[found.label_bytes.clone()], row.row.label());
        for (column, &applicant) in Applicant::ALL.iter().enumerate() {
            let read = match candidate {
                Some(candidate) => cell(text, &found.run.atoms, candidate.spans[column]),
                None => ambiguous(text, found.run.bytes()),
            };
            let column = Arc::from(applicant.label());
            let read = read.labelled(Some(&label), Some(&column));
            reading.cells.push((Measure::Request(row.row, applicant), read));
        }
        match candidate {
            Some(_) => reading.split += 1,
            None => reading.unsplit.push(row.row.label()),
        }
    }
    reading.bytes = found
        .first()
        .zip(found.last())
        .map(|(first, last)| first.label_bytes.start..end_of(&text.text, &last.run));
    reading.rows = rows.len();
    reading
}

/// The rows in their order, up to the form's last.
fn found(text: &str) -> Vec<Found> {
    let pieces = pieces(text);
    let labels: Vec<Option<Label>> = label_of_pieces(text, &pieces);
    let mut found: Vec<Found> = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let Some(label) = labels[index] else { continue };
        let next = labels.get(index + 1).copied().flatten();
        let variants = variants(&piece.run, next);
        if variants.iter().all(Vec::is_empty) {
            continue;
        }
        found.push(Found {
            label,
            label_bytes: piece.label.clone(),
            run: piece.run.clone(),
            variants,
        });
        if label == Label::Row(RequestRow::CarriedOverOut) {
            break;
        }
    }
    found
}

fn label_of_pieces(text: &str, pieces: &[Piece]) -> Vec<Option<Label>> {
    let mut is_in_other_results = false;
    let label = |piece: &Piece| {
        let printed = &text[piece.label.clone()];
        let label = label_of(printed);
        let label = match label {
            // 其他 alone is a row of the group （六）其他处理 only.
            Some(Label::Row(RequestRow::Other)) if !is_in_other_results => None,
            label => label,
        };
        let opens = label::clean(printed).contains(Group::OtherResults.label());
        is_in_other_results = opens
            || matches!(label, Some(Label::Row(row)) if !row.form().in_2019)
            || (is_in_other_results && label.is_none());
        label
    };
    pieces.iter().map(label).collect()
}

/// What follows the last numbering in a text; all of it where there is none.
pub fn numbered_tail(printed: &str) -> &str {
    let numbering = NUMBERING.as_ref().and_then(|numbering| numbering.find_iter(printed).last());
    numbering.map_or(printed, |last| &printed[last.end()..])
}

/// The row a label ends with.
fn label_of(printed: &str) -> Option<Label> {
    let tail = numbered_tail(printed);
    let key = label::key(tail);
    if key == label::key(Group::OtherResults.label()) {
        return Some(Label::OtherResults);
    }
    let known = label::ROWS.fuzzy(tail).or_else(|| {
        // Other words may stand before the label: heads of columns, 三、本年度办理结果.
        let ends = label::ROWS.keys().filter(|(known, row)| {
            key.ends_with(known) && !matches!(row, RequestRow::Other | RequestRow::Total)
        });
        ends.max_by_key(|(known, _)| known.len()).map(|(_, row)| row)
    });
    known.map(Label::Row)
}

/// The digits of a row, with and without the last where that may number the next label.
fn variants(run: &Run, next: Option<Label>) -> Vec<Vec<Atom>> {
    let all = run.atoms.clone();
    let without_last = all[..all.len().saturating_sub(1)].to_vec();
    if run.has_mark {
        return vec![without_last];
    }
    let number = match next {
        Some(Label::Row(row)) => row.form().mark.chars().next().and_then(|c| c.to_digit(10)),
        _ => None,
    };
    let last = all.last().map(|atom| atom.sign);
    let is_number = |number: u32| last == u8::try_from(number).ok().map(Sign::Digit);
    if number.is_some_and(is_number) { vec![all, without_last] } else { vec![all] }
}
