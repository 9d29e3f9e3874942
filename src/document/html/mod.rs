//! HTML -> blocks: paragraphs in the page's order, tables as grids with their spans resolved, each with
//! its place.
//!
//! Words broken over spans are joined; lines of a cell are kept apart by line ends. Scripts, styles,
//! forms, comments, and what is hidden or struck out are left out. Text that is laid out by its line
//! ends is read as plain text is. The page is read once from its beginning to its end, no tree is built.

mod attributes;
mod elements;
mod formatting;
mod line;
mod pieces;
mod preformatted;
mod tables;
mod tags;
mod tokens;
mod tree;

use encoding_rs::Encoding;

use super::{
    Block, Cell, Document, MediaType, Paragraph,
    grid::{Builder, CellCount},
    metadata,
};
use crate::error::Result;
use line::Shown;
use pieces::{Piece, Pieces, Text};
use preformatted::Preformatted;

/// Reads a page.
pub(super) fn read(html: &str, encoding: &'static Encoding) -> Result<Document> {
    let pieces = tokens::pieces(html)?;
    let mut walk = Walk::default();
    for piece in &pieces.list {
        match pieces.text(html, *piece) {
            Some(text) => walk.text(text),
            None => walk.piece(*piece, &pieces)?,
        }
    }
    walk.end_paragraph();
    let Pieces { title, ends_inside_table, .. } = pieces;
    let Walk { metadata, blocks, .. } = walk;
    Ok(Document {
        media_type: MediaType::Html,
        encoding: Some(encoding),
        title,
        metadata,
        blocks,
        ends_inside_table,
    })
}

/// Where the walk through the page stands.
#[derive(Default)]
struct Walk {
    metadata: Vec<(String, String)>,
    blocks: Vec<Block>,
    paragraph: Shown,
    /// The text with line ends of its own that is being read.
    preformatted: Option<Preformatted>,
    /// The grid that is open; a table within it is but a frame.
    grid: Option<OpenGrid>,
    cells: CellCount,
    has_grid: bool,
}

#[derive(Default)]
struct OpenGrid {
    builder: Builder,
    cell: Option<OpenCell>,
    /// How many tables are open within it.
    inner_tables: usize,
}

struct OpenCell {
    shown: Shown,
    columns: usize,
    rows: usize,
}

impl Walk {
    fn text(&mut self, text: Text<'_>) {
        if let Some(cell) = self.cell() {
            cell.shown.push(text);
        } else if let Some(preformatted) = &mut self.preformatted {
            preformatted.push(text);
        } else {
            self.paragraph.push(text);
        }
    }

    fn cell(&mut self) -> Option<&mut OpenCell> {
        self.grid.as_mut().and_then(|grid| grid.cell.as_mut())
    }

    fn piece(&mut self, piece: Piece, pieces: &Pieces) -> Result<()> {
        match piece {
            Piece::Text { .. } | Piece::Decoded { .. } => {}
            Piece::Meta(meta) => {
                let meta = pieces.meta(meta);
                let pair = meta.and_then(|(name, content)| metadata::of_meta(name, content));
                self.metadata.extend(pair);
            }
            Piece::Boundary => self.boundary(),
            // A heading goes on over the line's end.
            Piece::Break { in_heading } => {
                if !in_heading || self.cell().is_some() {
                    self.boundary();
                }
            }
            Piece::Mark => {
                if let Some(cell) = self.cell() {
                    cell.shown.end_line();
                }
            }
            Piece::PreStart => self.start_preformatted(),
            Piece::PreEnd => self.end_preformatted()?,
            Piece::TableStart(table) => {
                if let Some(grid) = &mut self.grid {
                    grid.inner_tables += 1;
                } else if pieces.is_grid(table) {
                    self.end_preformatted()?;
                    self.end_paragraph();
                    self.grid = Some(OpenGrid::default());
                }
            }
            Piece::TableEnd => self.end_table()?,
            Piece::Row => {
                if let Some(OpenGrid { builder, inner_tables: 0, .. }) = &mut self.grid {
                    builder.start_row()?;
                }
            }
            Piece::CellStart { columns, rows } => self.start_cell(columns, rows),
            Piece::CellEnd => self.end_cell()?,
        }
        Ok(())
    }

    fn start_cell(&mut self, columns: u16, rows: u16) {
        if let Some(OpenGrid { cell, inner_tables: 0, .. }) = &mut self.grid {
            let (columns, rows) = (usize::from(columns), usize::from(rows));
            *cell = Some(OpenCell { shown: Shown::default(), columns, rows });
        }
    }

    fn end_cell(&mut self) -> Result<()> {
        if let Some(OpenGrid { builder, cell, inner_tables: 0 }) = &mut self.grid
            && let Some(OpenCell { mut shown, columns, rows }) = cell.take()
        {
            let (text, place) = shown.take();
            builder.cell(Cell::new(&text, place), columns, rows)?;
        }
        Ok(())
    }

    fn end_table(&mut self) -> Result<()> {
        match &mut self.grid {
            Some(grid) if grid.inner_tables > 0 => grid.inner_tables -= 1,
            _ => {
                if let Some(grid) = self.grid.take() {
                    self.end_grid(grid)?;
                }
            }
        }
        Ok(())
    }

    fn end_grid(&mut self, grid: OpenGrid) -> Result<()> {
        self.end_paragraph();
        let grid = grid.builder.finish();
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

    /// Begins text with line ends of its own; in a cell it is text like any other.
    fn start_preformatted(&mut self) {
        if self.grid.is_none() {
            self.end_paragraph();
            self.preformatted = Some(Preformatted::default());
        }
    }

    fn end_preformatted(&mut self) -> Result<()> {
        if let Some(preformatted) = self.preformatted.take() {
            let (metadata, blocks) = preformatted.read(self.has_grid)?;
            self.has_grid |= blocks.iter().any(|block| matches!(block, Block::Grid(_)));
            self.metadata.extend(metadata);
            self.blocks.extend(blocks);
        }
        Ok(())
    }

    /// A paragraph's end, or a line's end in a cell.
    fn boundary(&mut self) {
        if let Some(cell) = self.cell() {
            cell.shown.end_line();
        } else if let Some(preformatted) = &mut self.preformatted {
            preformatted.end_line();
        } else {
            self.end_paragraph();
        }
    }

    fn end_paragraph(&mut self) {
        let (text, place) = self.paragraph.take();
        if text.is_empty() {
            return;
        }
        match metadata::of_line(&text) {
            Some(pairs) if !self.has_grid => {
                self.metadata.extend(pairs);
            }
            _ => self.blocks.push(Block::Text(Paragraph { text, place })),
        }
    }
}
