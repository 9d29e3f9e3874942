//! The three tables of the form as they are printed: which head, label or number stands where, and over
//! how many rows and columns.

use entity::template::{
    AppealResult, Applicant, Code, Group, Item, LawsuitKind, Measure, RequestRow, SECTIONS,
    Template, heads,
};

/// A text in the form's two languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub zh: String,
    pub en: String,
}

impl Text {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    fn of<C: Code>(code: C) -> Self {
        Self::new(code.label(), code.label_en())
    }

    fn marked(mark: &str, label: Self) -> Self {
        Self::new(format!("{mark}{}", label.zh), label.en)
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Over columns.
    Head(Text),
    /// Beside numbers.
    Label(Text),
    Number(Measure),
}

/// A cell, from 0, over so many rows and columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub row: usize,
    pub column: usize,
    pub rows: usize,
    pub columns: usize,
    pub content: Content,
}

/// A table of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub heading: Text,
    /// How wide each column is beside the others: all tables are as wide as the sheet.
    pub widths: Vec<u16>,
    pub rows: usize,
    pub cells: Vec<Cell>,
}

/// The form's tables, in its order.
#[must_use]
pub fn tables(template: Template) -> [Table; 3] {
    [disclosure_items(template), requests(template), appeals()]
}

/// A table while it is drawn, row by row.
struct Drawing {
    table: Table,
}

impl Drawing {
    /// A table of the section of this number.
    fn new(number: usize, widths: impl IntoIterator<Item = u16>) -> Self {
        let section = &SECTIONS[number - 1];
        let numeral = heads::NUMERALS[number - 1];
        let heading = Text::new(
            format!("{numeral}、{}", section.heading),
            format!("{number}. {}", section.heading_en),
        );
        let widths = widths.into_iter().collect();
        Self { table: Table { heading, widths, rows: 0, cells: Vec::new() } }
    }

    /// Puts a cell in the row that is drawn.
    fn put(&mut self, column: usize, columns: usize, rows: usize, content: Content) {
        let row = self.table.rows;
        self.table.cells.push(Cell { row, column, rows, columns, content });
    }

    fn next_row(&mut self) {
        self.table.rows += 1;
    }
}

/// Section 2: items by the item of Article 20 that they stand under, each with its measures.
fn disclosure_items(template: Template) -> Table {
    const COLUMNS: usize = 4;
    let mut drawing = Drawing::new(2, [12, 7, 7, 7]);
    let items = Item::ALL.iter().copied().filter(|item| !item.measures(template).is_empty());
    let items: Vec<Item> = items.collect();
    let together = |one: &Item, other: &Item| one.form().article_item == other.form().article_item;
    for items in items.chunk_by(together) {
        let article = items[0].form().article_item;
        let [before, after] = heads::ARTICLE;
        let bar = Text::new(format!("{before}{article}{after}"), format!("Article 20 {article}"));
        drawing.put(0, COLUMNS, 1, Content::Head(bar));
        drawing.next_row();
        let measures = items[0].measures(template);
        // Fewer measures than columns: the last takes what is left.
        let span = |place: usize| {
            if place + 1 == measures.len() { COLUMNS - 1 - place } else { 1 }
        };
        drawing.put(0, 1, 1, Content::Head(Text::new(heads::CONTENT, "content")));
        for (place, measure) in measures.iter().enumerate() {
            let (head, head_en) = (measure.head(items[0], template), measure.label_en());
            let head = if measure.is_amount() {
                let unit = heads::AMOUNT_UNIT;
                Text::new(format!("{head}（单位：{unit}）"), "amount (10,000 CNY)")
            } else {
                Text::new(head, head_en)
            };
            drawing.put(1 + place, span(place), 1, Content::Head(head));
        }
        drawing.next_row();
        for &item in items {
            drawing.put(0, 1, 1, Content::Label(Text::of(item)));
            for (place, &measure) in item.measures(template).iter().enumerate() {
                let number = Content::Number(Measure::DisclosureItem(item, measure));
                drawing.put(1 + place, span(place), 1, number);
            }
            drawing.next_row();
        }
    }
    drawing.table
}

/// Section 3: outcomes down, applicants across.
fn requests(template: Template) -> Table {
    const LABELS: usize = 3;
    let columns = Applicant::ALL;
    let mut drawing = Drawing::new(3, [2, 2, 8].into_iter().chain(columns.iter().map(|_| 3)));
    let identity = Text::new(
        format!("（{}为：第一项加第二项之和，等于第三项加第四项之和）", heads::IDENTITY),
        "in each column: 1 and 2 are as many as 3 and 4",
    );
    drawing.put(0, LABELS, 3, Content::Head(identity));
    let applicants = Text::new(heads::APPLICANTS, "who applied");
    drawing.put(LABELS, columns.len(), 1, Content::Head(applicants));
    drawing.next_row();
    let organizations = columns.iter().filter(|column| column.form().is_organization).count();
    let mut organization_is_drawn = false;
    for (place, &column) in columns.iter().enumerate() {
        if !column.form().is_organization {
            drawing.put(LABELS + place, 1, 2, Content::Head(Text::of(column)));
        } else if !organization_is_drawn {
            let head = Text::new(heads::ORGANIZATIONS, "legal persons and other organizations");
            drawing.put(LABELS + place, organizations, 1, Content::Head(head));
            organization_is_drawn = true;
        }
    }
    drawing.next_row();
    for (place, &column) in columns.iter().enumerate() {
        if column.form().is_organization {
            drawing.put(LABELS + place, 1, 1, Content::Head(Text::of(column)));
        }
    }
    drawing.next_row();

    let rows: Vec<RequestRow> =
        RequestRow::ALL.iter().copied().filter(|row| row.is_in(template)).collect();
    let is_result = |row: &RequestRow| row.form().is_result || *row == RequestRow::Total;
    let mut group_before: Option<Group> = None;
    let mut results_are_drawn = false;
    for &row in &rows {
        let label = Text::marked(row.form().mark, Text::of(row));
        if !is_result(&row) {
            drawing.put(0, LABELS, 1, Content::Label(label));
        } else {
            if !results_are_drawn {
                let results = rows.iter().filter(|row| is_result(row)).count();
                let head = Text::new(format!("三、{}", heads::RESULTS), "3. results of the year");
                drawing.put(0, 1, results, Content::Label(head));
                results_are_drawn = true;
            }
            let group = row.form().group;
            let of_group = rows.iter().filter(|row| row.form().group == group).count();
            match group {
                None => drawing.put(1, 2, 1, Content::Label(label)),
                // A group of one row is that row.
                Some(group) if of_group == 1 => {
                    let label = Text::marked(group.form().mark, Text::of(group));
                    drawing.put(1, 2, 1, Content::Label(label));
                }
                Some(group) => {
                    if group_before != Some(group) {
                        let label = Text::marked(group.form().mark, Text::of(group));
                        drawing.put(1, 1, of_group, Content::Label(label));
                    }
                    drawing.put(2, 1, 1, Content::Label(label));
                }
            }
            group_before = group;
        }
        for (place, &column) in columns.iter().enumerate() {
            drawing.put(LABELS + place, 1, 1, Content::Number(Measure::Request(row, column)));
        }
        drawing.next_row();
    }
    drawing.table
}

/// Section 4: results across, of reviews and of the two kinds of lawsuits.
fn appeals() -> Table {
    let results = AppealResult::ALL;
    let kinds = LawsuitKind::ALL;
    let widths = results.iter().map(|result| if *result == AppealResult::Total { 3 } else { 2 });
    let mut drawing = Drawing::new(4, widths.cycle().take(results.len() * (1 + kinds.len())));
    let width = results.len();
    let reviews = Text::new(heads::REVIEWS, "administrative reviews");
    drawing.put(0, width, 1, Content::Head(reviews));
    let lawsuits = Text::new(heads::LAWSUITS, "lawsuits");
    drawing.put(width, width * kinds.len(), 1, Content::Head(lawsuits));
    drawing.next_row();
    for (place, &result) in results.iter().enumerate() {
        drawing.put(place, 1, 2, Content::Head(Text::of(result)));
    }
    for (place, &kind) in kinds.iter().enumerate() {
        drawing.put(width * (1 + place), width, 1, Content::Head(Text::of(kind)));
    }
    drawing.next_row();
    for place in 0..kinds.len() {
        for (result_place, &result) in results.iter().enumerate() {
            let column = width * (1 + place) + result_place;
            drawing.put(column, 1, 1, Content::Head(Text::of(result)));
        }
    }
    drawing.next_row();
    for (place, &result) in results.iter().enumerate() {
        drawing.put(place, 1, 1, Content::Number(Measure::Review(result)));
    }
    for (place, &kind) in kinds.iter().enumerate() {
        for (result_place, &result) in results.iter().enumerate() {
            let column = width * (1 + place) + result_place;
            drawing.put(column, 1, 1, Content::Number(Measure::Lawsuit(kind, result)));
        }
    }
    drawing.next_row();
    drawing.table
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_place_of_a_table_is_taken_once_and_every_cell_of_the_form_is_there() {
        for &template in Template::ALL {
            let mut numbers = Vec::new();
            for table in tables(template) {
                let mut places = BTreeSet::new();
                for cell in &table.cells {
                    for row in cell.row..cell.row + cell.rows {
                        for column in cell.column..cell.column + cell.columns {
                            assert!(places.insert((row, column)), "{cell:?} lies over another");
                        }
                    }
                    if let Content::Number(measure) = cell.content {
                        numbers.push(measure);
                    }
                }
                assert_eq!(places.len(), table.rows * table.widths.len());
                assert_eq!(table.widths.iter().sum::<u16>(), 33);
            }
            let in_form = Measure::cells().iter().filter(|cell| cell.is_in(template));
            assert_eq!(numbers, in_form.copied().collect::<Vec<_>>());
        }
    }
}
