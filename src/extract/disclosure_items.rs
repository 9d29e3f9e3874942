//! Section 2: what was disclosed by item of Article 20.
//!
//! Takes the section's tables; gives each item's numbers under the heads above them. The heads change
//! within the table and tell its template.

use std::sync::Arc;

use entity::template::{CellState, Code, Item, ItemMeasure, Measure, Template};

use super::{
    label::{ITEM_MEASURES, ITEMS},
    money::{self, Stated, Unit},
    notes::Notes,
    number,
    table::{Part, Table, Tables},
};
use crate::{
    cells::{Cell, Cells, Method},
    document,
    place::Place,
};

/// A head over a column.
#[derive(Clone, Debug)]
struct Head {
    column: usize,
    measure: ItemMeasure,
    unit: Stated,
    is_continuation: bool,
    /// As printed.
    text: Arc<str>,
}

/// Reads the section's tables into the cells; gives the template their heads tell.
pub fn read(tables: &Tables, cells: &mut Cells, notes: &mut Notes) -> Option<Template> {
    let heads: Vec<ItemMeasure> = tables
        .of(Part::DisclosureItems)
        .flat_map(|table| table.rows.iter().flatten())
        .filter(|cell| !cell.is_continuation)
        .filter_map(|cell| ITEM_MEASURES.fuzzy(&cell.text))
        .collect();
    let template = template_of(&heads);
    let mut reader =
        Reader { cells, notes, template, heads: Vec::new(), unit: Stated::Nothing, before: None };
    for table in tables.of(Part::DisclosureItems) {
        reader.table(table);
    }
    template
}

/// The template more of the heads belong to and the other does not have.
fn template_of(heads: &[ItemMeasure]) -> Option<Template> {
    let has =
        |template, measure| Item::ALL.iter().any(|item| item.measures(template).contains(&measure));
    let only = |template, other| {
        heads.iter().filter(|&&head| has(template, head) && !has(other, head)).count()
    };
    let (of_2019, of_2021) =
        (only(Template::T2019, Template::T2021), only(Template::T2021, Template::T2019));
    match of_2019.cmp(&of_2021) {
        std::cmp::Ordering::Greater => Some(Template::T2019),
        std::cmp::Ordering::Less => Some(Template::T2021),
        std::cmp::Ordering::Equal => None,
    }
}

struct Reader<'a> {
    cells: &'a mut Cells,
    notes: &'a mut Notes,
    template: Option<Template>,
    heads: Vec<Head>,
    unit: Stated,
    /// The item of the row before, and whether its label is whole: a page's end may have cut it in two.
    before: Option<(Item, bool)>,
}

impl Reader<'_> {
    fn table(&mut self, table: &Table) {
        // The unit may stand above the table.
        let captions = table.captions.iter().rev().map(|line| Stated::in_caption(line));
        self.unit = captions.fold(Stated::Nothing, Stated::or);
        for row in &table.rows {
            let item = row.iter().position(|cell| ITEMS.fuzzy(&cell.text).is_some());
            let heads = heads_of(&row[..item.unwrap_or(row.len())]);
            if !heads.is_empty() {
                self.heads = heads;
            }
            match item {
                Some(label) => self.item(row, label),
                None => self.unknown(row),
            }
        }
    }

    /// A row that is no item's: noted where it holds numbers.
    fn unknown(&mut self, row: &[document::Cell]) {
        let is_number = |cell: &document::Cell| {
            number::is_value(&cell.text) && cell.text.contains(char::is_numeric)
        };
        if row.iter().any(is_number) {
            let is_labelled = row.iter().any(|cell| !number::is_value(&cell.text));
            self.give_up_before(is_labelled);
        }
        let mut cells = row.iter().filter(|cell| !cell.text.is_empty());
        let label = cells.find(|cell| !number::is_value(&cell.text));
        let has_number = cells.any(|cell| number::is_value(&cell.text));
        if let Some(label) = label.filter(|_| has_number) {
            let message = format!(
                "the table of section 2 has a row {:?} that the form does not have",
                label.text
            );
            self.notes.add("unknown_row", message);
        }
    }

    /// Numbers beside no item: where they may be of the row before, nothing of it is certain.
    fn give_up_before(&mut self, is_labelled: bool) {
        let Some((item, is_exact)) = self.before.take() else { return };
        let measures = item.measures(self.template.unwrap_or(Template::T2021));
        let measures: Vec<Measure> =
            measures.iter().map(|&measure| Measure::DisclosureItem(item, measure)).collect();
        let state = |measure: &Measure| self.cells.get(*measure).state;
        let is_blank = measures.iter().all(|measure| state(measure) == CellState::Blank);
        if is_labelled && is_exact || !is_labelled && !is_blank {
            return;
        }
        let label = item.label();
        let message = format!("the row {label} seems to be cut in two; its numbers are not read");
        self.notes.add("unsplit_row", message);
        for measure in measures {
            let cell = self.cells.get(measure).clone();
            if cell.state != CellState::NotInTemplate {
                self.cells.set(measure, cell.ambiguous());
            }
        }
    }

    fn item(&mut self, row: &[document::Cell], label: usize) {
        let Some(item) = ITEMS.fuzzy(&row[label].text) else { return };
        self.before = Some((item, ITEMS.exact(&row[label].text).is_some()));
        // A label that spans columns is still the label.
        let repeats = row[label + 1..]
            .iter()
            .take_while(|cell| cell.is_continuation && cell.text == row[label].text);
        let first = label + 1 + repeats.count();
        let values = &row[first..];
        let read = self.by_position(row, first).or_else(|| self.by_order(values));
        let Some(read) = read else {
            if values.iter().any(|cell| !cell.text.is_empty()) {
                self.unsplit(item, &row[label].text, values);
            }
            return;
        };
        for (head, cell) in read {
            self.set(item, &row[label].text, &head, cell);
        }
    }

    /// The numbers under their heads; none where a number has no head above it.
    fn by_position<'r>(
        &self,
        row: &'r [document::Cell],
        first: usize,
    ) -> Option<Vec<(Head, &'r document::Cell)>> {
        let mut read: Vec<(Head, &document::Cell)> = Vec::new();
        for (column, cell) in row.iter().enumerate().skip(first) {
            let head = self.heads.iter().find(|head| head.column == column);
            match head {
                // A number that spans columns stands under the first of them, or under one head.
                _ if cell.is_continuation => {
                    let is_same_head = head.is_none_or(|head| {
                        read.last().is_some_and(|(last, _)| last.measure == head.measure)
                    });
                    if !cell.text.is_empty() && !is_same_head {
                        return None;
                    }
                }
                Some(head) if read.iter().any(|(last, _)| last.measure == head.measure) => {
                    let same = read.iter().any(|(last, before)| {
                        last.measure == head.measure && before.text == cell.text
                    });
                    let is_repeated = same && head.is_continuation;
                    if !cell.text.is_empty() && !is_repeated {
                        return None;
                    }
                }
                Some(head) => read.push((head.clone(), cell)),
                None if cell.text.is_empty() => {}
                None => return None,
            }
        }
        let is_headed =
            self.heads.iter().all(|head| read.iter().any(|(read, _)| read.measure == head.measure));
        (!read.is_empty() && is_headed).then_some(read)
    }

    /// The numbers in the order of the heads; none where there are more or fewer of them.
    fn by_order<'r>(
        &self,
        values: &'r [document::Cell],
    ) -> Option<Vec<(Head, &'r document::Cell)>> {
        let heads = self.heads.iter().filter(|head| !head.is_continuation);
        let heads: Vec<Head> = heads.cloned().collect();
        let values: Vec<&document::Cell> =
            values.iter().filter(|cell| !cell.is_continuation).collect();
        let blank = values.iter().rev().take_while(|cell| cell.text.is_empty()).count();
        let values = &values[..values.len() - blank.min(values.len().saturating_sub(heads.len()))];
        (!heads.is_empty() && heads.len() == values.len())
            .then(|| heads.into_iter().zip(values.iter().copied()).collect())
    }

    fn set(&mut self, item: Item, label: &Arc<str>, head: &Head, printed: &document::Cell) {
        let text = &*printed.text;
        let measure = Measure::DisclosureItem(item, head.measure);
        if !Measure::cells().contains(&measure)
            || self.template.is_some_and(|template| !measure.is_in(template))
        {
            if number::is_value(text) && !text.is_empty() {
                let message = format!(
                    "{} stands under {}, which the form does not have",
                    item.label(),
                    head.measure.label()
                );
                self.notes.add("unknown_column", message);
            }
            return;
        }
        let cell = if measure.is_amount() {
            // The form of 2021 prints 单位：万元 over the fees; some copies lost it.
            let assumed = (item == Item::AdministrativeFees).then_some(Unit::TEN_THOUSAND_YUAN);
            let amount = money::amount(text, head.unit.or(self.unit), assumed);
            if amount.is_assumed {
                self.notes
                    .add("unit_assumed", format!("{}: {text:?} is taken as 万元", measure.label()));
            }
            amount.cell
        } else {
            number::count(text, head.measure == ItemMeasure::Change)
        };
        if matches!(cell.state, CellState::Unreadable | CellState::Ambiguous) {
            let message = format!("{} holds {text:?}, which is not one number", measure.label());
            self.notes.add("unreadable_cell", message);
        }
        let cell = cell.at(printed.place, Method::Plain).labelled(Some(label), Some(&head.text));
        super::set(self.cells, self.notes, measure, cell);
    }

    /// Numbers that cannot be told apart are ambiguous.
    fn unsplit(&mut self, item: Item, label: &Arc<str>, values: &[document::Cell]) {
        let printed = values.iter().map(|cell| &*cell.text).collect::<Vec<_>>().join(" ");
        self.notes.add(
            "unsplit_row",
            format!("the numbers of row {} cannot be told apart: {printed:?}", item.label()),
        );
        let place = values.iter().filter_map(|cell| cell.place).reduce(Place::and);
        for &measure in self.template.map_or(&[][..], |template| item.measures(template)) {
            let cell = Cell::missing(CellState::Ambiguous)
                .printed(printed.as_str())
                .at(place, None)
                .labelled(Some(label), None);
            super::set(self.cells, self.notes, Measure::DisclosureItem(item, measure), cell);
        }
    }
}

/// The heads of a row, each over its column.
fn heads_of(row: &[document::Cell]) -> Vec<Head> {
    let head = |(column, cell): (usize, &document::Cell)| {
        let measure = ITEM_MEASURES.fuzzy(&cell.text)?;
        Some(Head {
            column,
            measure,
            unit: Stated::in_text(&cell.text),
            is_continuation: cell.is_continuation,
            text: cell.text.clone(),
        })
    };
    row.iter().enumerate().filter_map(head).collect()
}
