//! What word processors keep, paragraphs and tables in tables -> blocks.
//!
//! A table that frames prose or other tables is a means of layout: what it holds is read in its order.

use std::sync::Arc;

use super::{Block, Cell, Document, Grid, MediaType, Paragraph, grid::CellCount, metadata};
use crate::{
    error::{Code, Error, Result},
    limits,
    place::Place,
};

/// What parts the lines of a paragraph while it is read.
pub(super) const LINE_END: char = '\u{2028}';

/// What stands for a sign that is a picture rather than a character.
pub(super) const PICTURE_SIGN: char = '□';

/// A paragraph or a table, inside a cell or not.
pub(super) enum Piece {
    /// Its lines parted by [`LINE_END`].
    Paragraph {
        text: String,
        number: u32,
    },
    Table(Table),
}

/// A table as it is kept.
pub(super) struct Table {
    /// Which of the document's tables it is, from 1.
    number: u16,
    rows: Vec<Vec<TableCell>>,
    /// Characters of its longest cell.
    chars: usize,
    is_grid: bool,
    /// Whether a table in it is a grid.
    holds_grid: bool,
}

#[derive(Default)]
pub(super) struct TableCell {
    pub pieces: Vec<Piece>,
    /// How many of the table's columns it spans.
    pub columns: usize,
    pub merged: Merged,
}

/// Which cell it only continues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Merged {
    #[default]
    No,
    WithAbove,
    WithLeft,
}

/// The blocks of a document while they are gathered.
pub(super) struct Flow {
    metadata: Vec<(String, String)>,
    blocks: Vec<Block>,
    cells: CellCount,
    has_grid: bool,
    text_bytes: usize,
}

impl Flow {
    pub fn new() -> Self {
        Self {
            metadata: Vec::new(),
            blocks: Vec::new(),
            cells: CellCount::default(),
            has_grid: false,
            text_bytes: 0,
        }
    }

    pub fn finish(self, media_type: MediaType) -> Result<Document> {
        if self.blocks.is_empty() && self.metadata.is_empty() {
            return Err(Error::new(Code::NoText, "the document holds no text"));
        }
        Ok(Document {
            media_type,
            encoding: None,
            title: None,
            metadata: self.metadata,
            blocks: self.blocks,
            ends_inside_table: false,
        })
    }

    pub fn pieces(&mut self, pieces: Vec<Piece>) -> Result<()> {
        for piece in pieces {
            match piece {
                Piece::Paragraph { text, number } => {
                    self.text(&text, Some(Place::Paragraph { paragraph: number }))?;
                }
                Piece::Table(table) if table.is_grid => self.grid(table.resolved()?)?,
                Piece::Table(table) => {
                    for cell in table.rows.into_iter().flatten() {
                        self.pieces(cell.pieces)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds a text's lines, each a paragraph.
    pub fn text(&mut self, text: &str, place: Option<Place>) -> Result<()> {
        for line in text.split([LINE_END, '\n']) {
            let text = tidy(line);
            if text.is_empty() {
                continue;
            }
            self.text_bytes += text.len();
            if self.text_bytes > limits::TEXT_BYTES || self.blocks.len() > limits::BLOCKS {
                return Err(too_large("text"));
            }
            match metadata::of_line(&text) {
                Some(pairs) if !self.has_grid => self.metadata.extend(pairs),
                _ => self.blocks.push(Block::Text(Paragraph { text, place })),
            }
        }
        Ok(())
    }

    pub fn grid(&mut self, grid: Grid) -> Result<()> {
        self.cells.add(&grid)?;
        match metadata::of_grid(&grid) {
            Some(pairs) => self.metadata.extend(pairs),
            None if grid.rows.iter().flatten().all(|cell| cell.text.is_empty()) => {}
            None => {
                self.has_grid = true;
                self.blocks.push(Block::Grid(grid));
            }
        }
        Ok(())
    }
}

pub(super) fn too_large(what: &str) -> Error {
    Error::new(Code::DocumentTooLarge, format!("the document has more {what} than the limit"))
}

impl Table {
    /// A table that is read to its end. One cell frames a text; cells that hold prose or other grids
    /// arrange them.
    pub fn new(number: u16, rows: Vec<Vec<TableCell>>) -> Self {
        let cells = || rows.iter().flatten();
        let chars = cells().map(TableCell::chars).max().unwrap_or(0);
        let holds_grid = cells().flat_map(|cell| &cell.pieces).any(|piece| match piece {
            Piece::Table(table) => table.is_grid || table.holds_grid,
            Piece::Paragraph { .. } => false,
        });
        let is_grid = cells().count() >= 2 && !holds_grid && chars <= limits::CELL_CHARS;
        Self { number, rows, chars, is_grid, holds_grid }
    }

    /// Its rows with every position filled.
    fn resolved(self) -> Result<Grid> {
        let Self { number: table, rows, .. } = self;
        if rows.len() > limits::TABLE_ROWS {
            return Err(too_large("rows in a table"));
        }
        let mut grid: Vec<Vec<Cell>> = Vec::with_capacity(rows.len());
        for (index, cells) in rows.into_iter().enumerate() {
            let mut row: Vec<Cell> = Vec::new();
            for cell in cells {
                let column = row.len();
                let place = Place::Table {
                    table,
                    row: u16::try_from(index + 1).unwrap_or(u16::MAX),
                    column: u16::try_from(column + 1).unwrap_or(u16::MAX),
                };
                let before = match cell.merged {
                    Merged::No => None,
                    Merged::WithAbove => grid.last().and_then(|row| row.get(column)),
                    Merged::WithLeft => row.last(),
                };
                let first = match before {
                    Some(before) => Cell { is_continuation: true, ..before.clone() },
                    None => {
                        let text = cell.text();
                        let place = (!text.is_empty()).then_some(place);
                        Cell { text: Arc::from(text), place, is_continuation: false }
                    }
                };
                for covered in 0..cell.columns.clamp(1, limits::TABLE_COLUMNS) {
                    if row.len() >= limits::TABLE_COLUMNS {
                        return Err(too_large("columns in a table"));
                    }
                    let is_continuation = first.is_continuation || covered > 0;
                    row.push(Cell { is_continuation, ..first.clone() });
                }
            }
            grid.push(row);
        }
        grid.retain(|row| !row.is_empty());
        Ok(Grid { rows: grid })
    }
}

impl TableCell {
    /// How many characters its longest text has: its own, or a cell's of a table in it.
    fn chars(&self) -> usize {
        let chars = |piece: &Piece| match piece {
            Piece::Paragraph { text, .. } => text.chars().filter(|c| !c.is_whitespace()).count(),
            Piece::Table(table) => table.chars,
        };
        self.pieces.iter().map(chars).sum()
    }

    /// Its lines, those of a frame in it included, the empty ones left out.
    fn text(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Paragraph { text, .. } => lines.extend(text.split(LINE_END).map(tidy)),
                Piece::Table(table) => lines.extend(table.rows.iter().flatten().map(Self::text)),
            }
        }
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }
}

/// White space as a reader sees it: a run is one space. What has no width is left out.
pub(super) fn tidy(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let mut word = word
            .chars()
            .filter(|c| !matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{200C}' | '\u{200D}' | '\u{AD}'))
            .peekable();
        if word.peek().is_some() && !line.is_empty() {
            line.push(' ');
        }
        line.extend(word);
    }
    line
}

/// Fields whose results are no text of the report's.
const FIELDS_LEFT_OUT: [&str; 5] = ["PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF", "TOC"];

/// The fields that are open: each an instruction, then its result as it was last shown.
#[derive(Default)]
pub(super) struct Fields {
    open: Vec<Field>,
    left_out: usize,
}

struct Field {
    instruction: String,
    is_result: bool,
    is_left_out: bool,
}

impl Fields {
    pub fn begin(&mut self) {
        let instruction = String::new();
        self.open.push(Field { instruction, is_result: false, is_left_out: true });
        self.left_out += 1;
    }

    /// Takes a character of an instruction; whether it is one.
    pub fn instruct(&mut self, character: char) -> bool {
        let field = self.open.last_mut().filter(|field| !field.is_result);
        let is_instruction = field.is_some();
        if let Some(field) = field {
            field.instruction.push(character);
        }
        is_instruction
    }

    pub fn separate(&mut self) {
        if let Some(field) = self.open.last_mut().filter(|field| !field.is_result) {
            field.is_result = true;
            if is_shown(&field.instruction) {
                field.is_left_out = false;
                self.left_out -= 1;
            }
        }
    }

    pub fn end(&mut self) {
        let field = self.open.pop();
        self.left_out -= usize::from(field.is_some_and(|field| field.is_left_out));
    }

    /// Whether what is read now is no text.
    pub const fn is_left_out(&self) -> bool {
        self.left_out > 0
    }
}

/// Whether the result of a field is text of the document's.
pub(super) fn is_shown(instruction: &str) -> bool {
    let word = instruction.split_whitespace().next().unwrap_or_default();
    !FIELDS_LEFT_OUT.contains(&word.to_ascii_uppercase().as_str())
}
