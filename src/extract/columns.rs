//! The columns of the requests matrix: heads -> the cells of a row, each in its column.
//!
//! Heads that stand over their columns give positions; heads whose spans were lost give an order,
//! the organizations' in the place of their common head. A row that fits neither is not taken apart.

use std::{collections::BTreeMap, sync::Arc};

use entity::template::{Applicant, CellState, Code, RequestRow, heads};
use rust_decimal::Decimal;

use super::{
    label::{self, APPLICANTS, ROWS},
    number,
};
use crate::{
    cells::{Cell, Method, Quantity},
    document,
};

/// A row's seven cells.
pub type Values = BTreeMap<Applicant, Cell>;
/// Which column of a grid is which column of the form.
pub type Positions = BTreeMap<usize, Applicant>;

/// A row in which heads run into the first row's label, taken apart.
pub fn without_head(row: &[document::Cell]) -> Vec<&[document::Cell]> {
    let first_row = row.iter().position(|cell| {
        ROWS.exact(&cell.text)
            .is_some_and(|row| !matches!(row, RequestRow::Other | RequestRow::Total))
    });
    match first_row {
        Some(at) if is_head(&row[..at]) => vec![&row[..at], &row[at..]],
        _ => vec![row],
    }
}

/// Whether a row holds heads of columns, a label no row has, and no number.
pub fn is_head(row: &[document::Cell]) -> bool {
    let is_number = |cell: &document::Cell| {
        cell.text.contains(|c: char| c.is_ascii_digit()) && number::is_value(&cell.text)
    };
    let is_head = |cell: &document::Cell| {
        let column = APPLICANTS.fuzzy(&cell.text);
        column.is_some_and(|column| !matches!(column, Applicant::Other | Applicant::Total))
            || label::is_head(&cell.text, heads::ORGANIZATIONS)
    };
    row.iter().any(is_head) && !row.iter().any(is_number)
}

/// The seven columns in the order of their heads.
pub struct Order {
    pub columns: Vec<Applicant>,
    /// Whether no other order can be meant: the organizations' heads stand below their common one, or
    /// all heads stand in one row that ends with the total.
    pub is_sure: bool,
}

impl Order {
    /// Whether a row read in this order is read right.
    pub fn holds_for(&self, read: &Values) -> bool {
        // A sum is the same in any order: it bears out none but the form's own.
        self.is_sure || (self.columns == Applicant::ALL && adds_up(read))
    }
}

/// The columns in the order of their heads, the organizations' in the place of their common head.
pub fn order_of(heads_rows: &[&[document::Cell]]) -> Option<Order> {
    let mut outer: Vec<Option<Applicant>> = Vec::new();
    let mut outer_rows: Vec<usize> = Vec::new();
    let mut organizations: Vec<Applicant> = Vec::new();
    let heads = heads_rows.iter().enumerate().flat_map(|(row, heads)| {
        heads.iter().filter(|cell| !cell.is_continuation).map(move |cell| (row, cell))
    });
    for (row, cell) in heads {
        let has_organizations = outer.contains(&None);
        let column = match APPLICANTS.fuzzy(&cell.text) {
            // The heads stand once more where the table goes on after a page's end.
            Some(column) if outer.contains(&Some(column)) || organizations.contains(&column) => {
                continue;
            }
            Some(column) if column.form().is_organization && has_organizations => {
                organizations.push(column);
                continue;
            }
            Some(column) => Some(column),
            None if label::is_head(&cell.text, heads::ORGANIZATIONS) && !has_organizations => None,
            None => continue,
        };
        outer.push(column);
        outer_rows.push(row);
    }
    let is_below_common_head = Applicant::ALL
        .iter()
        .all(|column| !column.form().is_organization || organizations.contains(column));
    // Of heads in several rows, as where a page's end cuts them, nothing tells which comes first.
    let is_below_common_head =
        is_below_common_head && outer_rows.iter().all(|row| Some(row) == outer_rows.first());
    let mut order: Vec<Applicant> = Vec::new();
    for column in outer {
        match column {
            Some(column) => order.push(column),
            None => order.append(&mut organizations),
        }
    }
    let is_whole = order.len() == Applicant::ALL.len()
        && Applicant::ALL.iter().all(|column| order.contains(column));
    let is_in_one_row = heads_rows.iter().any(|row| {
        let columns = || row.iter().filter_map(|cell| APPLICANTS.fuzzy(&cell.text));
        Applicant::ALL.iter().all(|column| columns().any(|other| other == *column))
    });
    let is_sure =
        is_below_common_head || (is_in_one_row && order.last() == Some(&Applicant::Total));
    is_whole.then_some(Order { columns: order, is_sure })
}

/// The columns by position, where every column's head stands at a place of its own.
pub fn positions_of(heads_rows: &[&[document::Cell]]) -> Option<Positions> {
    let mut positions = Positions::new();
    for row in heads_rows {
        for (index, cell) in row.iter().enumerate() {
            let Some(column) = APPLICANTS.fuzzy(&cell.text) else { continue };
            if positions.insert(index, column).is_some_and(|before| before != column) {
                return None;
            }
        }
    }
    // A head that spans columns counts once, at its first.
    let mut seen: Vec<Applicant> = Vec::new();
    positions.retain(|_, column| {
        let is_new = !seen.contains(column);
        seen.push(*column);
        is_new
    });
    (positions.len() == Applicant::ALL.len()).then_some(positions)
}

/// The cells below their heads; none where the row does not fit under the heads.
pub fn at_positions(
    row: &[document::Cell],
    last_label: usize,
    positions: &Positions,
) -> Option<Values> {
    let first = *positions.keys().next()?;
    let fits = last_label < first
        && row.iter().enumerate().skip(last_label + 1).all(|(index, cell)| {
            let is_blank = cell.text.is_empty();
            // A number that spans columns is no number of each.
            if positions.contains_key(&index) {
                is_blank || !cell.is_continuation
            } else {
                is_blank || cell.is_continuation
            }
        });
    if !fits || positions.keys().any(|&index| index >= row.len()) {
        return None;
    }
    Some(
        positions
            .iter()
            .map(|(&index, &column)| (column, count(&row[index], Method::Plain)))
            .collect(),
    )
}

/// The cells in the order of the heads; none where there are more or fewer of them.
pub fn in_order(values: &[document::Cell], order: &[Applicant], method: Method) -> Option<Values> {
    let mut values = values;
    while let [rest @ .., last] = values
        && last.text.is_empty()
        && values.len() > order.len()
    {
        values = rest;
    }
    let is_merged = values.iter().any(|cell| cell.is_continuation && !cell.text.is_empty());
    (values.len() == order.len() && !is_merged).then(|| {
        order.iter().zip(values).map(|(&column, cell)| (column, count(cell, method))).collect()
    })
}

/// A cell's count, and where it stands.
fn count(cell: &document::Cell, method: Method) -> Cell {
    number::count(&cell.text, false).at(cell.place, method)
}

/// The heads as printed, by the column each stands for.
pub fn labels_of(heads_rows: &[&[document::Cell]]) -> BTreeMap<Applicant, Arc<str>> {
    let mut labels = BTreeMap::new();
    for cell in heads_rows.iter().copied().flatten() {
        if let Some(column) = APPLICANTS.fuzzy(&cell.text) {
            labels.entry(column).or_insert_with(|| cell.text.clone());
        }
    }
    labels
}

/// How many cells the narrowest row has, where every row with numbers has seven behind its label: a row
/// that is wider was not filled up with blanks, as that one would have been, too.
pub fn unfilled_width(rows: &[&[document::Cell]]) -> Option<usize> {
    let values = |row: &[document::Cell]| {
        row.iter().rev().take_while(|cell| number::is_value(&cell.text)).count()
    };
    let is_filled = |cell: &document::Cell| !cell.text.is_empty() && number::is_value(&cell.text);
    let is_whole =
        |row: &&[document::Cell]| values(row) == Applicant::ALL.len() || !row.iter().any(is_filled);
    let are_apart = rows.iter().copied().flatten().all(|cell| !cell.is_continuation);
    let width = rows.iter().map(|row| row.len()).min();
    width.filter(|_| are_apart && rows.iter().all(is_whole))
}

/// Whether the first or the last cell is blank, and not all are.
pub fn has_blank_end(values: &Values) -> bool {
    let is_blank =
        |column| values.get(&column).is_some_and(|cell: &Cell| cell.state == CellState::Blank);
    let is_end = is_blank(Applicant::NaturalPerson) || is_blank(Applicant::Total);
    is_end && !values.values().all(|cell| cell.state == CellState::Blank)
}

/// Whether the numbers seem to have moved: no total, and a last number that is the sum of those before
/// it, as where a row lost a cell and was padded at its end.
pub fn is_shifted(values: &Values) -> bool {
    let no_total =
        values.get(&Applicant::Total).is_none_or(|total| total.state == CellState::Blank);
    let numbers: Vec<Decimal> =
        values.values().filter_map(|cell| cell.value).map(Quantity::decimal).collect();
    let Some((last, before)) = numbers.split_last() else { return false };
    no_total && !last.is_zero() && before.iter().sum::<Decimal>() == *last
}

/// Whether all cells are known and the total is the sum of the others.
pub fn adds_up(values: &Values) -> bool {
    let worth = |cell: &Cell| match cell.value {
        Some(value) => Some(value.decimal()),
        None => cell.state.counts_as_zero().then_some(Decimal::ZERO),
    };
    let Some(total) = values.get(&Applicant::Total).and_then(worth) else { return false };
    let parts = values
        .iter()
        .filter(|(column, _)| **column != Applicant::Total)
        .map(|(_, cell)| worth(cell));
    parts.sum::<Option<Decimal>>() == Some(total)
}
