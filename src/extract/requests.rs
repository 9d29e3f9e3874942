//! Section 3: the matrix of requests, outcomes by applicants.
//!
//! Takes the section's tables; gives the rows that stand there. Rows are known by their labels,
//! columns by their heads: by position where the heads stand over them, else by the heads' order.
//! Without heads, seven numbers are taken in the form's order only where the last is the sum of the
//! others. What is not known is noted, never forced.

use std::collections::BTreeMap;

use entity::template::{Applicant, CellState, Code, Group, Measure, RequestRow, heads};

use super::{
    label::{self, APPLICANTS, GROUPS, ROWS},
    notes::Notes,
    number,
    table::{Part, Table, Tables},
};
use crate::{
    cells::{Cell, Cells},
    document,
};

/// A row's seven cells.
type Values = BTreeMap<Applicant, Cell>;

/// Reads the section's tables into the cells.
pub fn read(tables: &Tables, cells: &mut Cells, notes: &mut Notes) {
    let mut reader = Reader { cells, notes, group: None, order: None, other_results: None };
    for table in tables.of(Part::Requests) {
        reader.table(table);
    }
    reader.end();
}

struct Reader<'a> {
    cells: &'a mut Cells,
    notes: &'a mut Notes,
    /// The group whose rows are being read.
    group: Option<Group>,
    /// The columns in the order of their heads.
    order: Option<Vec<Applicant>>,
    /// The numbers printed beside （六）其他处理 itself, the row of template 2019.
    other_results: Option<Values>,
}

/// A row taken apart.
enum RowLabel {
    Row(RequestRow),
    Group(Group),
    Unknown(String),
}

impl Reader<'_> {
    fn table(&mut self, table: &Table) {
        for caption in &table.captions {
            if let Some(group) = GROUPS.exact(caption) {
                self.group = Some(group);
            }
        }
        let rows: Vec<&[document::Cell]> = table.rows.iter().flat_map(|row| without_head(row)).collect();
        let heads: Vec<&[document::Cell]> = rows.iter().copied().filter(|row| is_head(row)).collect();
        if let Some(order) = order_of(&heads) {
            self.order = Some(order);
        }
        let positions = positions_of(&heads);
        for row in rows.iter().filter(|row| !is_head(row)) {
            self.row(row, positions.as_ref());
        }
    }

    fn row(&mut self, row: &[document::Cell], positions: Option<&BTreeMap<usize, Applicant>>) {
        let Some((last_label, label)) = self.label(row) else { return };
        let values = &row[last_label + 1..];
        if values.is_empty() {
            if let RowLabel::Group(group) = label {
                self.group = Some(group);
            }
            return;
        }
        let row_label = match label {
            RowLabel::Row(row) => row,
            RowLabel::Group(group) => {
                self.group = Some(group);
                if values.iter().any(|cell| !cell.text.is_empty()) || group == Group::OtherResults {
                    self.group_row(group, row, last_label, positions);
                }
                return;
            }
            RowLabel::Unknown(text) => {
                if values.iter().any(|cell| number::is_value(&cell.text) && !cell.text.is_empty()) {
                    self.notes.add("unknown_row", format!("the requests table has a row {text:?} that the form does not have"));
                }
                return;
            }
        };
        self.group = row_label.form().group;
        let values = self.values(row_label, row, last_label, positions);
        self.set(row_label, values);
    }

    /// Which row it is, and where its last label stands.
    fn label(&mut self, row: &[document::Cell]) -> Option<(usize, RowLabel)> {
        let is_label = |cell: &document::Cell| !number::is_value(&cell.text);
        let known = |cell: &document::Cell| ROWS.fuzzy(&cell.text).is_some() || GROUPS.exact(&cell.text).is_some();
        let last = row.iter().rposition(known).or_else(|| row.iter().position(is_label).map(|first| {
            let labels = row[first..].iter().take_while(|cell| is_label(cell)).count();
            first + labels - 1
        }))?;
        let text = &row[last].text;
        let group = row[..last].iter().filter(|cell| cell.text != *text).filter_map(|cell| GROUPS.exact(&cell.text)).next_back();
        self.group = group.or(self.group);
        let label = match (ROWS.fuzzy(text), GROUPS.exact(text)) {
            (Some(RequestRow::Other), _) if self.is_other_results(text) => RowLabel::Group(Group::OtherResults),
            (Some(RequestRow::Other), _) if self.group != Some(Group::OtherResults) => RowLabel::Unknown(text.to_string()),
            (Some(row), _) => RowLabel::Row(row),
            (None, Some(group)) => RowLabel::Group(group),
            (None, None) if label::is_head(text, heads::RESULTS) => return None,
            (None, None) => RowLabel::Unknown(text.to_string()),
        };
        Some((last, label))
    }

    /// Whether a label such as 其他 names the group （六）其他处理, and not a row of it.
    fn is_other_results(&self, text: &str) -> bool {
        let clean = label::clean(text);
        let (mark, _) = label::split_numbering(&clean);
        let group_mark = label::clean(Group::OtherResults.form().mark);
        let is_full = label::key(text) == label::key(Group::OtherResults.label());
        mark == group_mark || is_full || (mark.is_empty() && self.group != Some(Group::OtherResults))
    }

    /// Numbers beside a group: the row of template 2019, or a sum the form does not print.
    fn group_row(
        &mut self,
        group: Group,
        row: &[document::Cell],
        last_label: usize,
        positions: Option<&BTreeMap<usize, Applicant>>,
    ) {
        if group == Group::OtherResults {
            let values = self.values(RequestRow::Other, row, last_label, positions);
            self.other_results = Some(values);
        } else {
            let message = format!("the requests table prints numbers beside {}, where the form has none", group.label());
            self.notes.add("unknown_row", message);
        }
    }

    /// The row's cells, each in its column.
    fn values(
        &mut self,
        label: RequestRow,
        row: &[document::Cell],
        last_label: usize,
        positions: Option<&BTreeMap<usize, Applicant>>,
    ) -> Values {
        let values = &row[last_label + 1..];
        let by_position = positions.and_then(|positions| at_positions(row, last_label, positions));
        let by_order = || in_order(values, self.order.as_deref());
        if let Some(read) = by_position.or_else(by_order) {
            return self.noted(label, read);
        }
        if values.iter().all(|cell| number::count(&cell.text, false).state == CellState::Blank) {
            return Applicant::ALL.iter().map(|&column| (column, Cell::missing(CellState::Blank))).collect();
        }
        if self.order.is_none()
            && let Some(read) = in_order(values, Some(Applicant::ALL)).filter(adds_up)
        {
            let message = "the requests table has no readable heads; numbers whose last is the sum of the others were taken in the form's order";
            self.notes.add("columns_assumed", message);
            return read;
        }
        let printed = values.iter().map(|cell| &*cell.text).collect::<Vec<_>>().join(" ");
        self.notes.add("unsplit_row", format!("the numbers of row {} cannot be told apart: {printed:?}", label.label()));
        let ambiguous = Cell::missing(CellState::Ambiguous).printed(printed);
        Applicant::ALL.iter().map(|&column| (column, ambiguous.clone())).collect()
    }

    fn noted(&mut self, row: RequestRow, values: Values) -> Values {
        for (column, cell) in &values {
            if matches!(cell.state, CellState::Unreadable | CellState::Ambiguous) {
                let measure = Measure::Request(row, *column).label();
                let printed = cell.printed.as_deref().unwrap_or_default();
                self.notes.add("unreadable_cell", format!("{measure} holds {printed:?}, which is not one number"));
            }
        }
        values
    }

    /// Sets a row's cells; a row printed twice with other numbers is ambiguous.
    fn set(&mut self, row: RequestRow, values: Values) {
        for (column, cell) in values {
            let measure = Measure::Request(row, column);
            super::set(self.cells, self.notes, measure, cell);
        }
    }

    fn end(&mut self) {
        let has = |row| Applicant::ALL.iter().any(|&column| self.cells.get(Measure::Request(row, column)).state != CellState::NotInTemplate);
        let is_split = [RequestRow::NotCorrectedInTime, RequestRow::FeeUnpaid, RequestRow::Other].into_iter().any(has);
        match self.other_results.take() {
            Some(values) if !is_split => self.set(RequestRow::Other, values),
            Some(values) if values.values().any(|cell| cell.state != CellState::Blank) => {
                let message = format!("the requests table prints numbers beside {} and beside its rows", Group::OtherResults.label());
                self.notes.add("unknown_row", message);
            }
            _ => {}
        }
    }
}

/// A row in which heads run into the first row's label, taken apart.
fn without_head(row: &[document::Cell]) -> Vec<&[document::Cell]> {
    let first_row = row.iter().position(|cell| {
        ROWS.exact(&cell.text).is_some_and(|row| !matches!(row, RequestRow::Other | RequestRow::Total))
    });
    match first_row {
        Some(at) if is_head(&row[..at]) => vec![&row[..at], &row[at..]],
        _ => vec![row],
    }
}

/// Whether a row holds heads of columns: a label no row has.
fn is_head(row: &[document::Cell]) -> bool {
    row.iter().any(|cell| {
        let column = APPLICANTS.fuzzy(&cell.text);
        column.is_some_and(|column| !matches!(column, Applicant::Other | Applicant::Total))
            || label::is_head(&cell.text, heads::ORGANIZATIONS)
    })
}

/// The columns in the order of their heads, the organizations' in the place of their common head.
fn order_of(heads_rows: &[&[document::Cell]]) -> Option<Vec<Applicant>> {
    let mut outer: Vec<Option<Applicant>> = Vec::new();
    let mut organizations: Vec<Applicant> = Vec::new();
    for cell in heads_rows.iter().copied().flatten().filter(|cell| !cell.is_continuation) {
        let has_organizations = outer.contains(&None);
        match APPLICANTS.fuzzy(&cell.text) {
            // The heads stand once more where the table goes on after a page's end.
            Some(column) if outer.contains(&Some(column)) || organizations.contains(&column) => {}
            Some(column) if column.form().is_organization && has_organizations => organizations.push(column),
            Some(column) => outer.push(Some(column)),
            None if label::is_head(&cell.text, heads::ORGANIZATIONS) && !has_organizations => outer.push(None),
            None => {}
        }
    }
    let mut order: Vec<Applicant> = Vec::new();
    for column in outer {
        match column {
            Some(column) => order.push(column),
            None => order.append(&mut organizations),
        }
    }
    let is_whole = order.len() == Applicant::ALL.len() && Applicant::ALL.iter().all(|column| order.contains(column));
    is_whole.then_some(order)
}

/// The columns by position, where every column's head stands at a place of its own.
fn positions_of(heads_rows: &[&[document::Cell]]) -> Option<BTreeMap<usize, Applicant>> {
    let mut positions: BTreeMap<usize, Applicant> = BTreeMap::new();
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
fn at_positions(row: &[document::Cell], last_label: usize, positions: &BTreeMap<usize, Applicant>) -> Option<Values> {
    let first = *positions.keys().next()?;
    let fits = last_label < first
        && row.iter().enumerate().skip(last_label + 1).all(|(index, cell)| {
            let is_blank = cell.text.is_empty();
            // A number that spans columns is no number of each.
            if positions.contains_key(&index) { is_blank || !cell.is_continuation } else { is_blank || cell.is_continuation }
        });
    if !fits || positions.keys().any(|&index| index >= row.len()) {
        return None;
    }
    Some(positions.iter().map(|(&index, &column)| (column, number::count(&row[index].text, false))).collect())
}

/// The cells in the order of the heads; none where there are more or fewer of them.
fn in_order(values: &[document::Cell], order: Option<&[Applicant]>) -> Option<Values> {
    let order = order?;
    let mut values = values;
    while let [rest @ .., last] = values
        && last.text.is_empty()
        && values.len() > order.len()
    {
        values = rest;
    }
    let is_merged = values.iter().any(|cell| cell.is_continuation && !cell.text.is_empty());
    (values.len() == order.len() && !is_merged)
        .then(|| order.iter().zip(values).map(|(&column, cell)| (column, number::count(&cell.text, false))).collect())
}

/// Whether all cells are known and the total is the sum of the others.
fn adds_up(values: &Values) -> bool {
    let worth = |cell: &Cell| match cell.value {
        Some(value) => Some(value.decimal()),
        None => cell.state.counts_as_zero().then_some(rust_decimal::Decimal::ZERO),
    };
    let Some(total) = values.get(&Applicant::Total).and_then(worth) else { return false };
    let parts = values.iter().filter(|(column, _)| **column != Applicant::Total).map(|(_, cell)| worth(cell));
    parts.sum::<Option<rust_decimal::Decimal>>() == Some(total)
}
