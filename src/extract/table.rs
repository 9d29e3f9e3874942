//! Which rows of a document belong to which table of the form.
//!
//! Takes blocks; gives tables, each of one part of the form, with the text right above it. A grid that
//! holds several parts is taken apart; lines that hold one cell each are put together as rows. What
//! belongs to no part is left out.

use std::sync::Arc;

use entity::template::{AppealResult, Applicant, RequestRow, heads};

use super::{detached, label, number, section::Heading};
use crate::document::{Block, Cell, Paragraph};

/// A part of the form that is a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Section 2.
    DisclosureItems,
    /// Section 3.
    Requests,
    /// Section 4.
    Appeals,
}

impl Part {
    /// The number of the section it stands in.
    pub const fn section(self) -> i16 {
        match self {
            Self::DisclosureItems => 2,
            Self::Requests => 3,
            Self::Appeals => 4,
        }
    }
}

/// Rows of one part that stand together.
#[derive(Debug)]
pub struct Table {
    pub part: Part,
    /// The lines above it, down from the table before.
    pub captions: Vec<String>,
    /// The block it is, or begins in.
    pub block: usize,
    pub rows: Vec<Vec<Cell>>,
}

/// The tables of a document, and which of its blocks they are made of.
#[derive(Debug, Default)]
pub struct Tables {
    pub tables: Vec<Table>,
    /// By block: whether it is a part of a table.
    pub is_table: Vec<bool>,
}

/// Lines a table's caption is looked for in.
const CAPTION_LINES: usize = 4;
/// Characters of a line that may be a cell.
const LINE_CELL_CHARS: usize = 60;
/// Numbers that lines must hold to be a table's cells.
const LINE_NUMBERS: usize = 3;

/// Finds the tables.
pub fn find(blocks: &[Block]) -> Tables {
    let mut found = Tables { tables: Vec::new(), is_table: vec![false; blocks.len()] };
    let mut captions: Vec<String> = Vec::new();
    let mut lines = Lines::default();
    for (index, block) in blocks.iter().enumerate() {
        match block {
            Block::Text(paragraph) if detached::is_page_number(&paragraph.text) => {}
            Block::Text(paragraph) if is_line_cell(&paragraph.text) => lines.push(index, paragraph),
            Block::Text(paragraph) => {
                lines.end(&mut found, &mut captions);
                captions.push(paragraph.text.clone());
            }
            Block::Grid(grid) => {
                lines.end(&mut found, &mut captions);
                let parts = split(without_page_numbers(&grid.rows));
                found.is_table[index] = !parts.is_empty();
                if parts.is_empty() && detached::is_bare(&grid.rows) {
                    found.go_on(index, grid.rows.clone(), blocks);
                }
                found.push(index, parts, &mut captions);
            }
        }
    }
    lines.end(&mut found, &mut captions);
    found
}

impl Tables {
    fn push(
        &mut self,
        block: usize,
        parts: Vec<(Part, Vec<Vec<Cell>>)>,
        captions: &mut Vec<String>,
    ) {
        for (part, rows) in parts {
            let from = captions.len().saturating_sub(CAPTION_LINES);
            let captions = std::mem::take(captions).split_off(from);
            self.tables.push(Table { part, captions, block, rows });
        }
    }

    /// Takes rows of bare numbers for the end of the table above them, where no heading stands between.
    fn go_on(&mut self, block: usize, rows: Vec<Vec<Cell>>, blocks: &[Block]) {
        let Some(above) = self.tables.last_mut() else { return };
        let is_heading = |block: &Block| match block {
            Block::Text(paragraph) => super::section::number_of(&paragraph.text).is_some(),
            Block::Grid(_) => false,
        };
        if above.part == Part::DisclosureItems || blocks[above.block..block].iter().any(is_heading)
        {
            return;
        }
        self.is_table[block] = true;
        above.rows.extend(rows);
    }

    /// Leaves out tables that look like a part of the form but stand outside its section, where others
    /// stand inside: statistics that an agency adds to its prose. A table right below another heading
    /// of its section is kept: where the report stands twice, what differs must be seen.
    pub fn keep_to_sections(&mut self, headings: &[Heading], all_headings: &[Heading]) {
        for part in [Part::DisclosureItems, Part::Requests, Part::Appeals] {
            let Some(at) = headings.iter().position(|heading| heading.number == part.section())
            else {
                continue;
            };
            let end = headings.get(at + 1).map_or(usize::MAX, |next| next.block);
            let is_below_its_heading = |table: &Table| {
                let above = all_headings.iter().rev().find(|heading| heading.block < table.block);
                above.is_some_and(|heading| heading.number == part.section())
            };
            let is_inside = |table: &Table| {
                (headings[at].block..end).contains(&table.block) || is_below_its_heading(table)
            };
            if self.of(part).any(is_inside) {
                self.tables.retain(|table| table.part != part || is_inside(table));
            }
        }
    }

    /// The tables of a part.
    pub fn of(&self, part: Part) -> impl Iterator<Item = &Table> {
        self.tables.iter().filter(move |table| table.part == part)
    }
}

/// Lines that may hold a cell each.
#[derive(Default)]
struct Lines<'a>(Vec<(usize, &'a Paragraph)>);

impl<'a> Lines<'a> {
    fn push(&mut self, index: usize, line: &'a Paragraph) {
        self.0.push((index, line));
    }

    /// Takes the lines for a table from the first label of the form on, where numbers follow.
    fn end(&mut self, found: &mut Tables, captions: &mut Vec<String>) {
        let lines = std::mem::take(&mut self.0);
        let label = lines.iter().position(|(_, line)| part_of(&line.text).is_some());
        let last = lines.iter().rposition(|(_, line)| number::is_value(&line.text));
        let numbers = lines.iter().filter(|(_, line)| number::is_value(&line.text)).count();
        let range = label.zip(last).filter(|(label, last)| label < last && numbers >= LINE_NUMBERS);
        let Some((label, last)) = range else {
            captions.extend(lines.into_iter().map(|(_, line)| line.text.clone()));
            return;
        };
        captions.extend(lines[..label].iter().map(|(_, line)| line.text.clone()));
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut after_value = true;
        for (index, line) in &lines[label..=last] {
            found.is_table[*index] = true;
            let is_value = number::is_value(&line.text);
            if after_value && !is_value {
                rows.push(Vec::new());
            }
            after_value = is_value;
            if let Some(row) = rows.last_mut() {
                row.push(Cell {
                    text: Arc::from(line.text.as_str()),
                    place: line.place,
                    is_continuation: false,
                });
            }
        }
        found.push(lines[label].0, split(rows), captions);
        captions.extend(lines[last + 1..].iter().map(|(_, line)| line.text.clone()));
    }
}

/// The rows without those that hold a page's number and nothing else.
fn without_page_numbers(rows: &[Vec<Cell>]) -> Vec<Vec<Cell>> {
    let is_footer = |row: &&Vec<Cell>| {
        let mut filled = row.iter().filter(|cell| !cell.text.is_empty());
        let first = filled.next();
        first.is_some_and(|cell| detached::is_page_number(&cell.text))
            && filled.all(|cell| cell.is_continuation || detached::is_page_number(&cell.text))
    };
    rows.iter().filter(|row| !is_footer(row)).cloned().collect()
}

fn is_line_cell(text: &str) -> bool {
    text.chars().count() <= LINE_CELL_CHARS
        && !text.ends_with(['。', '；', ';'])
        && super::section::number_of(text).is_none()
}

/// A grid's rows by part; empty where no row is of the form.
fn split(rows: Vec<Vec<Cell>>) -> Vec<(Part, Vec<Vec<Cell>>)> {
    let mut parts: Vec<(Part, Vec<Vec<Cell>>)> = Vec::new();
    let mut before: Vec<Vec<Cell>> = Vec::new();
    for row in rows {
        let part = row.iter().find_map(|cell| part_of(&cell.text));
        match (part, parts.last_mut()) {
            (Some(part), Some((open, rows))) if part == *open => rows.push(row),
            (Some(part), _) => {
                let mut rows = std::mem::take(&mut before);
                rows.push(row);
                parts.push((part, rows));
            }
            (None, Some((_, rows))) => rows.push(row),
            (None, None) => before.push(row),
        }
    }
    parts
}

/// The part of the form a cell's text can only be of.
pub fn part_of(text: &str) -> Option<Part> {
    if text.is_ascii() {
        return None;
    }
    let key = label::known_key(text);
    let is = |head: &str| *key == *head;
    let is_bar = key.starts_with(heads::ARTICLE[0]) && key.ends_with(heads::ARTICLE[1]);
    if is(heads::CONTENT)
        || is_bar
        || label::ITEMS.exact(text).is_some()
        || label::ITEM_MEASURES.exact(text).is_some()
    {
        return Some(Part::DisclosureItems);
    }
    if is(heads::REVIEWS) || is(heads::LAWSUITS) || label::LAWSUITS.exact(text).is_some() {
        return Some(Part::Appeals);
    }
    if label::RESULTS.exact(text).is_some_and(|result| result != AppealResult::Total) {
        return Some(Part::Appeals);
    }
    let is_head = is(heads::APPLICANTS) || is(heads::ORGANIZATIONS) || is(heads::RESULTS);
    let is_note = key.starts_with(heads::IDENTITY);
    let is_column = label::APPLICANTS
        .exact(text)
        .is_some_and(|column| !matches!(column, Applicant::Other | Applicant::Total));
    let is_row = label::ROWS
        .exact(text)
        .is_some_and(|row| !matches!(row, RequestRow::Other | RequestRow::Total));
    (is_head
        || is_note
        || is_column
        || is_row
        || label::GROUPS.exact(text).is_some_and(|_| key.chars().count() > 2))
    .then_some(Part::Requests)
}
