//! Text into which its tables have run: labels and digits without anything between.
//!
//! Takes long paragraphs apart at the headings inside them, takes the tables' text out of the prose, and
//! splits its digits where the sums of the form leave one way to. What they leave open is ambiguous.

mod appeals;
mod items;
mod matrix;
mod requests;
mod run;
mod split;

use std::{
    ops::Range,
    sync::{Arc, LazyLock},
};

use entity::template::{CellState, Measure, SECTIONS, Template, heads};
use regex::Regex;

use self::{
    run::{Atom, Sign, Text},
    split::Span,
};
use super::{notes::Notes, section, table::Part, title};
use crate::{
    cells::{Cell, Cells, Method, Quantity},
    document::{Block, Paragraph},
    limits,
};

/// Characters of a paragraph that may hold headings inside.
const LONG_CHARS: usize = 300;
/// Headings inside a paragraph that begins with the report's title.
const HEADINGS_BELOW_TITLE: usize = 2;
/// Rows of a table that lines must hold to be glued text.
const LINE_ROWS: usize = 2;

static HEADING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[一二三四五六七]、[^，。；：、\d]{0,24}?(?:、[^，。；：、\d]{2,12}?)?(?:情况|事项|概述|措施)").ok()
});

/// A table whose cells ran together, as read.
pub struct Table {
    part: Part,
    reading: Reading,
}

/// What was read in a table's text.
#[derive(Default)]
struct Reading {
    cells: Vec<(Measure, Cell)>,
    /// Rows found.
    rows: usize,
    /// Rows split by the sums.
    split: usize,
    /// Labels of the rows that could not be split.
    unsplit: Vec<&'static str>,
    template: Option<Template>,
    has_assumed_unit: bool,
    /// Where the table stands in the text.
    bytes: Option<Range<usize>>,
}

impl Reading {
    /// Takes nothing for read that was split, but where every cell is one digit.
    fn give_up(&mut self) {
        let is_split = |cell: &Cell| cell.printed.as_ref().is_some_and(|printed| printed.len() > 1);
        if self.split == 0 || !self.cells.iter().any(|(_, cell)| is_split(cell)) {
            return;
        }
        for (_, cell) in &mut self.cells {
            *cell = cell.clone().ambiguous();
        }
        self.split = 0;
        self.unsplit = vec![heads::REVIEWS];
    }
}

/// The blocks with long paragraphs taken apart at headings.
pub fn take_apart(blocks: Vec<Block>) -> Vec<Block> {
    let mut apart = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Text(long) if long.text.chars().count() > LONG_CHARS => {
                paragraph(&long, &mut apart)
            }
            block => apart.push(block),
        }
    }
    apart
}

/// The blocks without the glued tables among their lines; and those tables.
pub fn take_out(blocks: Vec<Block>) -> (Vec<Block>, Vec<Table>) {
    let mut rest = Vec::with_capacity(blocks.len());
    let mut tables = Vec::new();
    let mut part = None;
    let mut lines: Vec<Paragraph> = Vec::new();
    for block in blocks {
        match block {
            Block::Text(line) => match section::number_of(&line.text) {
                Some((number, ..)) => {
                    take_from(part, &mut lines, &mut rest, &mut tables);
                    part = part_of_section(number);
                    rest.push(Block::Text(line));
                }
                None => lines.push(line),
            },
            grid @ Block::Grid(_) => {
                take_from(part, &mut lines, &mut rest, &mut tables);
                rest.push(grid);
            }
        }
    }
    take_from(part, &mut lines, &mut rest, &mut tables);
    (rest, tables)
}

fn part_of_section(number: i16) -> Option<Part> {
    [Part::DisclosureItems, Part::Requests, Part::Appeals]
        .into_iter()
        .find(|part| part.section() == number)
}

/// A long paragraph, taken apart at the headings inside it; and behind the title that the first of several
/// stands below.
fn paragraph(long: &Paragraph, apart: &mut Vec<Block>) {
    let text = long.text.as_str();
    let mut rest_from = 0;
    let mut last = 0;
    let Some(heading) = HEADING.as_ref() else { return apart.push(Block::Text(long.clone())) };
    let first_block = apart.len();
    let mut headings = 0;
    for found in heading.find_iter(text).take(limits::GLUED_HEADINGS) {
        let number = section::number_of(found.as_str()).map(|(number, ..)| number);
        let Some(number) = number.filter(|number| *number > last) else { continue };
        push_text(long, rest_from..found.start(), apart);
        // The form's own heading may go on where the wording first fits: 行政复议、行政诉讼情况.
        let exact =
            SECTIONS.iter().find(|section| section.number == number).map(|section| section.heading);
        let after_mark = found
            .as_str()
            .find('、')
            .map_or(found.start(), |at| found.start() + at + '、'.len_utf8());
        let end = exact
            .filter(|exact| text[after_mark..].starts_with(exact))
            .map_or(found.end(), |exact| after_mark + exact.len());
        apart.push(Block::Text(long.part(found.start()..end)));
        (rest_from, last) = (end, number);
        headings += 1;
    }
    push_text(long, rest_from..text.len(), apart);
    if headings >= HEADINGS_BELOW_TITLE
        && let Some(Block::Text(first)) = apart.get(first_block).cloned()
        && let Some(end) = title::end_in(&first.text)
    {
        let mut preamble = Vec::new();
        push_text(&first, 0..end, &mut preamble);
        push_text(&first, end..first.text.len(), &mut preamble);
        apart.splice(first_block..=first_block, preamble);
    }
}

/// A part of a paragraph, where it is not blank.
fn push_text(paragraph: &Paragraph, range: Range<usize>, blocks: &mut Vec<Block>) {
    let text = &paragraph.text[range.clone()];
    let from = range.start + (text.len() - text.trim_start().len());
    let end = range.start + text.trim_end().len();
    if from < end {
        blocks.push(Block::Text(paragraph.part(from..end)));
    }
}

/// Takes the glued table of a section out of its lines; what stands before and after it remains.
fn take_from(
    part: Option<Part>,
    lines: &mut Vec<Paragraph>,
    rest: &mut Vec<Block>,
    tables: &mut Vec<Table>,
) {
    let lines = std::mem::take(lines);
    let found = part.and_then(|part| glued_table(part, &lines));
    let Some((table, from, end)) = found else {
        rest.extend(lines.into_iter().map(Block::Text));
        return;
    };
    for (index, line) in lines.iter().enumerate() {
        let start = if index == from.0 { from.1 } else { 0 };
        let stop = if index == end.0 { end.1 } else { line.text.len() };
        if index < from.0 || index > end.0 {
            rest.push(Block::Text(line.clone()));
            continue;
        }
        push_text(line, 0..start, rest);
        push_text(line, stop..line.text.len(), rest);
    }
    tables.push(table);
}

/// A place in lines: the line, and the byte in it.
type At = (usize, usize);

/// Where the glued table of a part stands in lines, from its first head to its last number.
fn glued_table(part: Part, lines: &[Paragraph]) -> Option<(Table, At, At)> {
    let text = Text::of(lines.iter().cloned());
    if !text.text.contains(|c| run::sign(c).is_some()) {
        return None;
    }
    let reading = read(part, &text);
    let bytes = reading.bytes.clone()?;
    // Cells that stand one a line are no glued text: a run stands in one paragraph, a row's with its label.
    let is_glued = |piece: &run::Piece| {
        let run = piece.run.bytes();
        let [label, first, last] = [piece.label.end.saturating_sub(1), run.start, run.end - 1]
            .map(|byte| text.paragraph_of(byte));
        first == last && (part == Part::Appeals || label == first)
    };
    let within = run::pieces(&text.text)
        .into_iter()
        .filter(|piece| bytes.contains(&piece.run.bytes().start) && is_glued(piece))
        .count();
    let least = if part == Part::Appeals { 1 } else { LINE_ROWS };
    if within < least || reading.rows < least {
        return None;
    }
    let heads_from = first_head(part, &text.text[..bytes.end]).unwrap_or(bytes.start);
    let at = |byte: usize| {
        let line = text.paragraph_of(byte);
        (line, byte - text.start_of(line))
    };
    let (from, end) = (at(heads_from.min(bytes.start)), at(bytes.end));
    Some((Table { part, reading }, from, end))
}

/// Where the first head of a part's table stands.
fn first_head(part: Part, text: &str) -> Option<usize> {
    let find = |words: &[&str]| words.iter().filter_map(|word| text.find(word)).min();
    match part {
        // Prose may speak of Article 20: the bar stands right before the heads.
        Part::DisclosureItems => {
            let content = text.find(heads::CONTENT)?;
            let bar = text[..content].rfind(heads::ARTICLE[0]);
            Some(bar.unwrap_or(content))
        }
        Part::Requests => {
            let at = find(&[heads::IDENTITY, heads::APPLICANTS])?;
            // The note stands in brackets.
            Some(text[..at].trim_end_matches(['（', '(']).len())
        }
        Part::Appeals => find(&[heads::REVIEWS]),
    }
}

fn read(part: Part, text: &Text) -> Reading {
    match part {
        Part::DisclosureItems => items::read(text),
        Part::Requests => requests::read(text),
        Part::Appeals => appeals::read(text),
    }
}

/// Sets the cells of glued tables; gives the template their heads tell.
pub fn set(tables: Vec<Table>, cells: &mut Cells, notes: &mut Notes) -> Option<Template> {
    let mut template = None;
    // A blank leaves no trace where cells run together. That this report prints its zeros is borne out by
    // the matrix, where every row must have its seven.
    let prints_zeros =
        tables.iter().any(|table| table.part == Part::Requests && table.reading.unsplit.is_empty());
    for Table { part, mut reading } in tables {
        if part == Part::Appeals && !prints_zeros {
            reading.give_up();
        }
        template = template.or(reading.template);
        for (measure, cell) in reading.cells {
            super::set(cells, notes, measure, cell);
        }
        let section = part.section();
        if reading.split > 0 {
            let message = format!(
                "the cells of {} rows of section {section} had run together; they were told apart by the sums they must give",
                reading.split
            );
            notes.add("split_by_identities", message);
        }
        if !reading.unsplit.is_empty() {
            let message = format!(
                "cells of section {section} have run together, and what they print cannot be told apart: {}",
                reading.unsplit.join("、")
            );
            notes.add("glued_table", message);
        }
        if reading.has_assumed_unit {
            notes.add("unit_assumed", "the fees of section 2 are taken as 万元");
        }
    }
    template
}

/// The cell a span of a run is, split off by the sums.
fn cell(text: &Text, atoms: &[Atom], span: Span) -> Cell {
    let part = text.part(atoms[span.0].bytes.start..atoms[span.1 - 1].bytes.end);
    let cell = match atoms[span.0].sign {
        Sign::Digit(_) => Cell::reported(Quantity::Count(split::value(atoms, span))),
        Sign::Slash => Cell::missing(CellState::Slash),
        Sign::Dash => Cell::missing(CellState::Dash),
    };
    cell.printed(part.text).at(part.place, Method::SplitByIdentities)
}

/// A cell whose digits cannot be told from those beside them.
fn ambiguous(text: &Text, bytes: Range<usize>) -> Cell {
    let part = text.part(bytes);
    Cell::missing(CellState::Ambiguous).printed(part.text).at(part.place, None)
}

/// The label at the end of a text: what stands before it are heads, or the label of a group.
fn last_label(printed: &str, form: &str) -> Arc<str> {
    let tail = requests::numbered_tail(printed).trim();
    let is_label = (1..=limits::HEADING_CHARS).contains(&tail.chars().count());
    Arc::from(if is_label { tail } else { form })
}
