//! Workbooks -> blocks: what is shown of their sheets, in order, merged regions resolved.
//!
//! A sheet that holds a report has its prose in cells of their own rows and its tables in rows of many:
//! a row with one cell is a paragraph where it stands above or below a table or spans all of it. Hidden
//! sheets, rows and columns are left out. However far apart cells stand, only those are kept in which
//! something stands.

mod biff;
mod format;
mod xls;
mod xlsx;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    sync::Arc,
};

use super::{
    Cell, Document, Grid, MediaType,
    flow::{Flow, tidy, too_large},
};
use crate::{error::Result, limits, place::Place};

pub(super) use xls::read as read_xls;
pub(super) use xlsx::read as read_xlsx;

/// Where a cell stands: row and column, from 0.
type Position = (u32, u16);

/// A sheet as it is kept.
#[derive(Debug, Default)]
struct Sheet {
    name: String,
    is_hidden: bool,
    /// What stands in the cells, as shown.
    cells: BTreeMap<Position, Arc<str>>,
    merged: Vec<Region>,
    hidden_rows: BTreeSet<u32>,
    hidden_columns: Vec<RangeInclusive<u16>>,
}

/// Cells shown as one: the first and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Region {
    first: Position,
    last: Position,
}

/// Keeps count of what a workbook holds.
#[derive(Debug, Default)]
struct Count {
    cells: usize,
    bytes: usize,
}

impl Count {
    fn add(&mut self, text: &str) -> Result<()> {
        self.cells += 1;
        self.bytes += text.len();
        if self.cells > limits::SHEET_CELLS || self.bytes > limits::TEXT_BYTES {
            return Err(too_large("cells"));
        }
        Ok(())
    }
}

impl Region {
    const fn holds(&self, (row, column): Position) -> bool {
        row >= self.first.0 && row <= self.last.0 && column >= self.first.1 && column <= self.last.1
    }
}

impl Sheet {
    fn set(&mut self, at: Position, text: Arc<str>, count: &mut Count) -> Result<()> {
        if !text.trim().is_empty() {
            count.add(&text)?;
            self.cells.insert(at, text);
        }
        Ok(())
    }

    fn merge(&mut self, region: Region) -> Result<()> {
        if self.merged.len() >= limits::MERGED_REGIONS {
            return Err(too_large("merged cells"));
        }
        self.merged.push(region);
        Ok(())
    }

    fn is_shown(&self, column: u16) -> bool {
        !self.hidden_columns.iter().any(|hidden| hidden.contains(&column))
    }
}

/// The blocks of a workbook.
fn blocks(sheets: Vec<Sheet>, media_type: MediaType) -> Result<Document> {
    let mut flow = Flow::new();
    let is_one = sheets.iter().filter(|sheet| !sheet.is_hidden).count() == 1;
    for (index, sheet) in sheets.into_iter().enumerate().filter(|(_, sheet)| !sheet.is_hidden) {
        let number = u16::try_from(index + 1).unwrap_or(u16::MAX);
        let name = sheet.name.clone();
        let rows = shown_rows(sheet, number);
        if !is_one && is_heading(&name, &rows) {
            flow.text(&name, None)?;
        }
        let mut run: Vec<Row> = Vec::new();
        for row in rows {
            if run.last().is_some_and(|last| last.reaches < row.number) {
                end_run(&mut run, &mut flow)?;
            }
            run.push(row);
        }
        end_run(&mut run, &mut flow)?;
    }
    flow.finish(media_type)
}

/// Whether a sheet's name says what its content does not: a section's heading.
fn is_heading(name: &str, rows: &[Row]) -> bool {
    let first = rows.first().and_then(|row| row.cells.values().next());
    let says = |text: &str| text.contains(name) || name.contains(text);
    let is_name = !name.contains(|c: char| c.is_ascii_digit()) && !name.is_ascii();
    is_name && first.is_some_and(|cell| !says(cell.text.trim()))
}

/// A row in which something stands.
struct Row {
    number: u32,
    /// The last row that a cell of this or an earlier row reaches, and one more: a row from there on is
    /// no part of what stands here.
    reaches: u32,
    /// By column: the cells that begin here or are covered, the blank ones aside.
    cells: BTreeMap<u16, Cell>,
    /// How far its cells reach: the first and the last column.
    extent: (u16, u16),
}

impl Row {
    /// The one cell that stands in it, where there is but one.
    fn only(&self) -> Option<&Cell> {
        let mut own = self.cells.values().filter(|cell| !cell.is_continuation);
        own.next().filter(|_| own.next().is_none())
    }
}

/// The rows of a sheet that are shown, with their cells and those that reach into them.
fn shown_rows(sheet: Sheet, number: u16) -> Vec<Row> {
    let covering = |at: Position| {
        sheet.merged.iter().find(|region| region.holds(at) && region.first != region.last)
    };
    let mut by_row: BTreeMap<u32, Vec<(u16, Cell, Option<Region>)>> = BTreeMap::new();
    for (&(row, column), text) in &sheet.cells {
        let region = covering((row, column)).copied();
        // What a merged region covers is not shown.
        if region.is_some_and(|region| region.first != (row, column)) {
            continue;
        }
        let place = Place::Sheet { sheet: number, row: row + 1, column: column.saturating_add(1) };
        let cell = Cell { text: lines(text), place: Some(place), is_continuation: false };
        by_row.entry(row).or_default().push((column, cell, region));
    }
    let mut reaching: Vec<(Region, Cell)> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut next = 0;
    for (at, own) in by_row {
        reaching.retain(|(region, _)| region.last.0 >= at);
        let mut row = Row { number: at, reaches: 0, cells: BTreeMap::new(), extent: (u16::MAX, 0) };
        let put = |first: u16, last: u16, cell: &Cell, row: &mut Row| {
            for column in (first..=last).take(limits::TABLE_COLUMNS) {
                if sheet.is_shown(column) {
                    let is_continuation = cell.is_continuation || column > first;
                    row.cells.insert(column, Cell { is_continuation, ..cell.clone() });
                    row.extent = (row.extent.0.min(column), row.extent.1.max(column));
                }
            }
        };
        for (region, cell) in &reaching {
            let cell = Cell { is_continuation: true, ..cell.clone() };
            put(region.first.1, region.last.1, &cell, &mut row);
        }
        for (column, cell, region) in own {
            put(column, region.map_or(column, |region| region.last.1), &cell, &mut row);
            reaching
                .extend(region.filter(|region| region.last.0 > at).map(|region| (region, cell)));
        }
        let last = reaching.iter().map(|(region, _)| region.last.0).max().unwrap_or(0).max(at);
        // Hidden rows stand between nothing.
        next = last.saturating_add(1).max(next);
        while sheet.hidden_rows.contains(&next) {
            next = next.saturating_add(1);
        }
        row.reaches = next;
        if !sheet.hidden_rows.contains(&at) && row.cells.values().any(|cell| !cell.is_continuation)
        {
            rows.push(row);
        }
    }
    rows
}

/// A cell's lines, each tidy.
fn lines(text: &str) -> Arc<str> {
    let lines: Vec<String> = text.lines().map(tidy).filter(|line| !line.is_empty()).collect();
    Arc::from(lines.join("\n"))
}

/// Adds rows that stand together: paragraphs, and the tables between them.
fn end_run(run: &mut Vec<Row>, flow: &mut Flow) -> Result<()> {
    let rows = std::mem::take(run);
    let many = |row: &&Row| row.only().is_none();
    let extent = rows.iter().filter(many).map(|row| row.extent);
    let Some(extent) = extent.reduce(|all, row| (all.0.min(row.0), all.1.max(row.1))) else {
        return texts(&rows, flow);
    };
    let first = rows.iter().position(|row| row.only().is_none()).unwrap_or(0);
    let last = rows.iter().rposition(|row| row.only().is_none()).unwrap_or(0);
    let mut table: Vec<Row> = Vec::new();
    for (index, row) in rows.into_iter().enumerate() {
        let is_text = row.only().is_some_and(|cell| {
            let spans_all = row.extent.0 <= extent.0 && row.extent.1 >= extent.1;
            let is_prose = cell.text.chars().count() > limits::CELL_CHARS;
            spans_all || is_prose || index < first || index > last
        });
        if is_text {
            end_table(&mut table, flow)?;
            texts(&[row], flow)?;
        } else {
            table.push(row);
        }
    }
    end_table(&mut table, flow)
}

fn texts(rows: &[Row], flow: &mut Flow) -> Result<()> {
    for cell in rows.iter().flat_map(|row| row.cells.values()) {
        if !cell.is_continuation {
            flow.text(&cell.text, cell.place)?;
        }
    }
    Ok(())
}

/// Adds the rows of a table; a single row without a number is no table.
fn end_table(table: &mut Vec<Row>, flow: &mut Flow) -> Result<()> {
    let rows = std::mem::take(table);
    let is_number = |cell: &Cell| {
        cell.text.chars().all(|c| c.is_numeric() || matches!(c, '.' | ',' | '-' | '/'))
    };
    if rows.len() < 2 && !rows.iter().flat_map(|row| row.cells.values()).any(is_number) {
        return texts(&rows, flow);
    }
    if rows.len() > limits::TABLE_ROWS {
        return Err(too_large("rows in a table"));
    }
    // Columns in which nothing begins are only spanned.
    let begun = |row: &Row| {
        let own = row.cells.iter().filter(|(_, cell)| !cell.is_continuation);
        own.map(|(column, _)| *column).collect::<Vec<_>>()
    };
    let columns: BTreeSet<u16> = rows.iter().flat_map(begun).collect();
    if columns.len() > limits::TABLE_COLUMNS {
        return Err(too_large("columns in a table"));
    }
    let blank = || Cell { text: Arc::from(""), place: None, is_continuation: false };
    let row = |row: &Row| {
        columns.iter().map(|column| row.cells.get(column).cloned().unwrap_or_else(blank)).collect()
    };
    flow.grid(Grid { rows: rows.iter().map(row).collect() })
}
