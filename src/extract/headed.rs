//! Tables that hold the whole report: rows that are a section's heading, between those of its tables.
//!
//! Takes blocks; gives them with such grids taken apart at their headings. A sheet of a workbook is so,
//! and pages whose makers put all into one table.

use super::section;
use crate::document::{Block, Cell, Grid, Paragraph};

/// The blocks with grids taken apart at the headings in them.
pub fn take_apart(blocks: Vec<Block>) -> Vec<Block> {
    let mut apart = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Grid(grid) if grid.rows.iter().any(|row| heading(row).is_some()) => {
                split(grid, &mut apart);
            }
            block => apart.push(block),
        }
    }
    apart
}

fn split(grid: Grid, apart: &mut Vec<Block>) {
    let mut rows = Vec::new();
    for row in grid.rows {
        match heading(&row) {
            Some(cell) => {
                end(&mut rows, apart);
                let text = cell.text.replace('\n', "");
                apart.push(Block::Text(Paragraph { text, place: cell.place }));
            }
            None => rows.push(row),
        }
    }
    end(&mut rows, apart);
}

fn end(rows: &mut Vec<Vec<Cell>>, apart: &mut Vec<Block>) {
    if !rows.is_empty() {
        apart.push(Block::Grid(Grid { rows: std::mem::take(rows) }));
    }
}

/// The one cell of a row that is a section's heading.
fn heading(row: &[Cell]) -> Option<&Cell> {
    let mut filled = row.iter().filter(|cell| !cell.text.is_empty());
    let first = filled.next().filter(|cell| !cell.is_continuation)?;
    let is_alone = filled.all(|cell| cell.is_continuation && cell.text == first.text);
    (is_alone && section::number_of(&first.text.replace('\n', "")).is_some()).then_some(first)
}
