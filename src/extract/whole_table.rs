//! One table that holds a whole report: its headings and its prose in rows of their own.
//!
//! Takes blocks; gives them with such a table taken apart at its headings into paragraphs and the tables
//! between them. A sheet of a workbook is so, and pages whose makers put all into one table.

use super::section;
use crate::document::{Block, Cell, Grid, Paragraph};

/// The sections that are tables.
const TABLES: std::ops::RangeInclusive<i16> = 2..=4;

/// Takes tables that hold headings apart.
pub fn take_apart(blocks: Vec<Block>) -> Vec<Block> {
    let mut apart = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Grid(grid) if has_heading(&grid) => rows(grid, &mut apart),
            block => apart.push(block),
        }
    }
    apart
}

fn has_heading(grid: &Grid) -> bool {
    grid.rows.iter().any(|row| only(row).is_some_and(|cell| heading_of(cell).is_some()))
}

/// The one cell of a row in which anything stands.
fn only(row: &[Cell]) -> Option<&Cell> {
    let mut filled = row.iter().filter(|cell| !cell.text.is_empty() && !cell.is_continuation);
    let first = filled.next()?;
    filled.next().is_none().then_some(first)
}

/// The section a cell's first line is the heading of.
fn heading_of(cell: &Cell) -> Option<i16> {
    section::number_of(cell.text.lines().next()?).map(|(number, ..)| number)
}

fn rows(grid: Grid, apart: &mut Vec<Block>) {
    let mut open: Vec<Vec<Cell>> = Vec::new();
    let mut section = 0;
    for row in grid.rows {
        let text = only(&row).filter(|cell| {
            let heading = heading_of(cell);
            section = heading.unwrap_or(section);
            heading.is_some() || !TABLES.contains(&section) || cell.text.contains('。')
        });
        let Some(text) = text else {
            open.push(row);
            continue;
        };
        if !open.is_empty() {
            apart.push(Block::Grid(Grid { rows: std::mem::take(&mut open) }));
        }
        let lines = text.text.lines().map(str::trim).filter(|line| !line.is_empty());
        apart.extend(
            lines.map(|line| Block::Text(Paragraph { text: line.to_owned(), place: text.place })),
        );
    }
    if !open.is_empty() {
        apart.push(Block::Grid(Grid { rows: open }));
    }
}
