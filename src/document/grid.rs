//! Grids: tables as rows of cells, spans resolved.

use std::sync::Arc;

use crate::{
    error::{Code, Error, Result},
    limits,
    place::Place,
};

/// A table's rows. Rows of plain text may differ in length; rows of HTML do where the page's do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    pub rows: Vec<Vec<Cell>>,
}

/// A cell's text, its lines separated by line ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub text: Arc<str>,
    /// Where the text stands; none where there is none.
    pub place: Option<Place>,
    /// Whether the cell only continues the one to its left or above it, whose text it repeats.
    pub is_continuation: bool,
}

impl Cell {
    pub(super) fn new(text: &str, place: Option<Place>) -> Self {
        Self { text: Arc::from(text.trim()), place, is_continuation: false }
    }
}

/// Puts a table's cells where they stand, row by row.
#[derive(Debug, Default)]
pub(super) struct Builder {
    rows: Vec<Vec<Cell>>,
    /// By column: the cell that reaches down into the rows to come, and into how many.
    reaching: Vec<Option<(Cell, usize)>>,
}

impl Builder {
    /// Starts a row.
    pub(super) fn start_row(&mut self) -> Result<()> {
        self.end_row();
        if self.rows.len() >= limits::TABLE_ROWS {
            let detail = format!("a table has more than {} rows", limits::TABLE_ROWS);
            return Err(Error::new(Code::DocumentTooLarge, detail));
        }
        self.rows.push(Vec::new());
        Ok(())
    }

    /// Puts a cell at the row's next free column.
    pub(super) fn cell(&mut self, cell: Cell, columns: usize, rows: usize) -> Result<()> {
        if self.rows.is_empty() {
            self.start_row()?;
        }
        self.fill_from_above();
        let rows = rows.min(limits::TABLE_ROWS);
        for column in 0..columns.clamp(1, limits::TABLE_COLUMNS) {
            let Some(row) = self.rows.last_mut() else { break };
            if row.len() >= limits::TABLE_COLUMNS {
                break;
            }
            let cell = Cell { is_continuation: column > 0, ..cell.clone() };
            if self.reaching.len() <= row.len() {
                self.reaching.resize(row.len() + 1, None);
            }
            self.reaching[row.len()] = (rows > 1).then(|| (cell.clone(), rows - 1));
            row.push(cell);
        }
        Ok(())
    }

    /// Fills columns that a cell of a row above reaches into.
    fn fill_from_above(&mut self) {
        let Some(row) = self.rows.last_mut() else { return };
        while let Some(slot @ Some(_)) = self.reaching.get_mut(row.len()) {
            let Some((cell, rows)) = slot.take() else { break };
            row.push(Cell { is_continuation: true, ..cell.clone() });
            *slot = (rows > 1).then(|| (cell, rows - 1));
        }
    }

    /// Fills the row up to the last column a row above reaches into, so that columns stay in place
    /// where the row has fewer cells than the table.
    fn end_row(&mut self) {
        self.fill_from_above();
        let Some(last) = self.reaching.iter().rposition(Option::is_some) else { return };
        while let Some(row) = self.rows.last_mut().filter(|row| row.len() <= last) {
            row.push(Cell::new("", None));
            self.fill_from_above();
        }
    }

    pub(super) fn finish(mut self) -> Grid {
        self.end_row();
        self.rows.retain(|row| !row.is_empty());
        Grid { rows: self.rows }
    }
}

/// Keeps count of the cells of a document's grids.
#[derive(Debug, Default)]
pub(super) struct CellCount(usize);

impl CellCount {
    /// Counts a grid's cells.
    pub(super) fn add(&mut self, grid: &Grid) -> Result<()> {
        self.0 += grid.rows.iter().map(Vec::len).sum::<usize>();
        if self.0 > limits::TABLE_CELLS {
            let detail =
                format!("the document's tables have more than {} cells", limits::TABLE_CELLS);
            return Err(Error::new(Code::DocumentTooLarge, detail));
        }
        Ok(())
    }
}
