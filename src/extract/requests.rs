//! Section 3: the matrix of requests, outcomes by applicants.
//!
//! Takes the section's tables; gives the rows that stand there. Rows are known by their labels,
//! columns by their heads: by position where the heads stand over them, else by the heads' order.
//! Without heads, seven numbers are taken in the form's order only where the last is the sum of the
//! others. What is not known is noted, never forced.

use std::{collections::BTreeMap, sync::Arc};

use entity::template::{Applicant, CellState, Code, Group, Measure, RequestRow, heads};

use super::{
    columns::{self, Order, Positions, Values},
    label::{self, GROUPS, ROWS},
    notes::Notes,
    number,
    table::{Part, Table, Tables},
};
use crate::{
    cells::{Cell, Cells, Method},
    document,
    place::Place,
};

/// Reads the section's tables into the cells.
pub fn read(tables: &Tables, cells: &mut Cells, notes: &mut Notes) {
    let mut reader = Reader {
        cells,
        notes,
        group: None,
        order: None,
        labels: BTreeMap::new(),
        unfilled_width: None,
        before: Before::Other,
        other_results: Vec::new(),
    };
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
    order: Option<Order>,
    /// The columns' heads as printed.
    labels: BTreeMap<Applicant, Arc<str>>,
    /// Cells of the narrowest row, where no wider one was filled up with blanks.
    unfilled_width: Option<usize>,
    before: Before,
    /// The numbers printed beside （六）其他处理 itself, the row of template 2019; once for each table
    /// that has it.
    other_results: Vec<Values>,
}

/// The row before, as far as a page's end may have cut one in two: part of the label and of the numbers
/// here, the rest there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// A row whose label lacks or mistakes letters.
    Inexact(RequestRow),
    /// Numbers beside a label that no row has.
    Stray,
    Other,
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
        let rows: Vec<&[document::Cell]> =
            table.rows.iter().flat_map(|row| columns::without_head(row)).collect();
        let heads: Vec<&[document::Cell]> =
            rows.iter().copied().filter(|row| columns::is_head(row)).collect();
        if let Some(order) = columns::order_of(&heads) {
            self.order = Some(order);
            self.labels = columns::labels_of(&heads);
        }
        self.unfilled_width = columns::unfilled_width(&rows);
        // Where spans were dropped, heads stand beside their columns; then their order differs.
        let positions = columns::positions_of(&heads).filter(|positions| {
            self.order.as_ref().is_some_and(|order| positions.values().eq(&order.columns))
        });
        for row in rows.iter().filter(|row| !columns::is_head(row)) {
            self.row(row, positions.as_ref());
        }
    }

    fn row(&mut self, row: &[document::Cell], positions: Option<&Positions>) {
        let Some((last_label, label)) = self.label(row) else { return };
        let values = &row[last_label + 1..];
        if values.is_empty() {
            if let RowLabel::Group(group) = label {
                self.group = Some(group);
            }
            return;
        }
        let has_numbers =
            values.iter().any(|cell| number::is_value(&cell.text) && !cell.text.is_empty());
        let row_label = match label {
            RowLabel::Row(row) => row,
            RowLabel::Group(group) => {
                self.group = Some(group);
                if has_numbers && group != Group::OtherResults {
                    self.stray();
                }
                if values.iter().any(|cell| !cell.text.is_empty()) || group == Group::OtherResults {
                    self.group_row(group, row, last_label, positions);
                }
                return;
            }
            RowLabel::Unknown(text) => {
                if has_numbers {
                    self.stray();
                    self.notes.add(
                        "unknown_row",
                        format!(
                            "the requests table has a row {text:?} that the form does not have"
                        ),
                    );
                }
                return;
            }
        };
        self.group = row_label.form().group;
        let is_exact = ROWS.exact(&row[last_label].text).is_some();
        let is_cut = self.before == Before::Stray && !is_exact;
        let values = self.values(row_label, row, last_label, positions);
        self.set(row_label, values);
        self.before = if is_exact { Before::Other } else { Before::Inexact(row_label) };
        if is_cut {
            self.give_up(row_label);
        }
    }

    /// Numbers beside a label that no row has: of a row before whose label is not whole, some digits may
    /// stand here.
    fn stray(&mut self) {
        if let Before::Inexact(row) = self.before {
            self.give_up(row);
        }
        self.before = Before::Stray;
    }

    /// A row of which a part may stand elsewhere: nothing of it is certain.
    fn give_up(&mut self, row: RequestRow) {
        let label = row.label();
        let message = format!("the row {label} seems to be cut in two; its numbers are not read");
        self.notes.add("unsplit_row", message);
        for &column in Applicant::ALL {
            let measure = Measure::Request(row, column);
            let cell = self.cells.get(measure).clone();
            if cell.state != CellState::NotInTemplate {
                self.cells.set(measure, cell.ambiguous());
            }
        }
    }

    /// Which row it is, and where its last label stands.
    fn label(&mut self, row: &[document::Cell]) -> Option<(usize, RowLabel)> {
        let is_label = |cell: &document::Cell| !number::is_value(&cell.text);
        let known = |cell: &document::Cell| {
            ROWS.fuzzy(&cell.text).is_some() || GROUPS.exact(&cell.text).is_some()
        };
        let last = row.iter().rposition(known).or_else(|| {
            row.iter().position(is_label).map(|first| {
                let labels = row[first..].iter().take_while(|cell| is_label(cell)).count();
                first + labels - 1
            })
        })?;
        let text = &row[last].text;
        let group = row[..last]
            .iter()
            .filter(|cell| cell.text != *text)
            .filter_map(|cell| GROUPS.exact(&cell.text))
            .next_back();
        self.group = group.or(self.group);
        let label = match (ROWS.fuzzy(text), GROUPS.exact(text)) {
            (Some(RequestRow::Other), _) if self.is_other_results(text) => {
                RowLabel::Group(Group::OtherResults)
            }
            (Some(RequestRow::Other), _) if self.group != Some(Group::OtherResults) => {
                RowLabel::Unknown(text.to_string())
            }
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
        mark == group_mark
            || is_full
            || (mark.is_empty() && self.group != Some(Group::OtherResults))
    }

    /// Numbers beside a group: the row of template 2019, or a sum the form does not print.
    fn group_row(
        &mut self,
        group: Group,
        row: &[document::Cell],
        last_label: usize,
        positions: Option<&Positions>,
    ) {
        if group == Group::OtherResults {
            let values = self.values(RequestRow::Other, row, last_label, positions);
            self.other_results.push(values);
        } else {
            let message = format!(
                "the requests table prints numbers beside {}, where the form has none",
                group.label()
            );
            self.notes.add("unknown_row", message);
        }
    }

    /// The row's cells, each in its column, with the labels they stand at.
    fn values(
        &mut self,
        label: RequestRow,
        row: &[document::Cell],
        last_label: usize,
        positions: Option<&Positions>,
    ) -> Values {
        let values = self.unlabelled(label, row, last_label, positions);
        let labelled = |(column, cell): (Applicant, Cell)| {
            (column, cell.labelled(Some(&row[last_label].text), self.labels.get(&column)))
        };
        values.into_iter().map(labelled).collect()
    }

    fn unlabelled(
        &mut self,
        label: RequestRow,
        row: &[document::Cell],
        last_label: usize,
        positions: Option<&Positions>,
    ) -> Values {
        let values = &row[last_label + 1..];
        let by_position = positions
            .and_then(|positions| columns::at_positions(row, last_label, positions))
            .filter(|read| !columns::is_shifted(read) && self.is_ordered(read));
        // Where heads stand over their columns, a row that does not fit under them lacks cells; where a
        // blank stands at an end of the numbers, one of them may be missing and the row filled up.
        let is_unfilled = self.unfilled_width.is_some_and(|width| row.len() > width);
        let is_sure = |read: &Values| {
            (positions.is_none() && (is_unfilled || !columns::has_blank_end(read)))
                || columns::adds_up(read)
        };
        let order = self.order.as_ref();
        let by_order = || {
            columns::in_order(values, &order?.columns, Method::InOrder)
                .filter(|read| is_sure(read) && self.is_ordered(read))
        };
        if let Some(read) = by_position.or_else(by_order) {
            return self.noted(label, read);
        }
        if values.iter().all(|cell| number::count(&cell.text, false).state == CellState::Blank) {
            let blank = Cell::missing(CellState::Blank).at(row[last_label].place, Method::Plain);
            return Applicant::ALL.iter().map(|&column| (column, blank.clone())).collect();
        }
        if self.order.as_ref().is_none_or(|order| !order.is_sure)
            && let Some(read) =
                columns::in_order(values, Applicant::ALL, Method::BySum).filter(columns::adds_up)
        {
            let message = "the requests table has no readable heads; numbers whose last is the sum of the others were taken in the form's order";
            self.notes.add("columns_assumed", message);
            return read;
        }
        let printed = values.iter().map(|cell| &*cell.text).collect::<Vec<_>>().join(" ");
        self.notes.add(
            "unsplit_row",
            format!("the numbers of row {} cannot be told apart: {printed:?}", label.label()),
        );
        let place = values.iter().filter_map(|cell| cell.place).reduce(Place::and);
        let ambiguous = Cell::missing(CellState::Ambiguous).printed(printed).at(place, None);
        Applicant::ALL.iter().map(|&column| (column, ambiguous.clone())).collect()
    }

    /// Whether the heads say for sure which column is which, or the row's numbers bear them out.
    fn is_ordered(&self, read: &Values) -> bool {
        self.order.as_ref().is_some_and(|order| order.holds_for(read))
    }

    fn noted(&mut self, row: RequestRow, values: Values) -> Values {
        for (column, cell) in &values {
            if matches!(cell.state, CellState::Unreadable | CellState::Ambiguous) {
                let measure = Measure::Request(row, *column).label();
                let printed = cell.printed.as_deref().unwrap_or_default();
                self.notes.add(
                    "unreadable_cell",
                    format!("{measure} holds {printed:?}, which is not one number"),
                );
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
        let has = |row| {
            Applicant::ALL.iter().any(|&column| {
                self.cells.get(Measure::Request(row, column)).state != CellState::NotInTemplate
            })
        };
        let is_split = [RequestRow::NotCorrectedInTime, RequestRow::FeeUnpaid, RequestRow::Other]
            .into_iter()
            .any(has);
        for values in std::mem::take(&mut self.other_results) {
            if !is_split {
                self.set(RequestRow::Other, values);
            } else if values.values().any(|cell| cell.state != CellState::Blank) {
                let message = format!(
                    "the requests table prints numbers beside {} and beside its rows",
                    Group::OtherResults.label()
                );
                self.notes.add("unknown_row", message);
            }
        }
    }
}
