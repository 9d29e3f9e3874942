//! DOC -> blocks: the text of Word 97 to 2003 with its tables, whose columns are told by their edges.
//!
//! Read is the main text as it is shown: not what is deleted, hidden or struck out, nor headers,
//! footers, notes and page numbers. Documents older than Word 97 are refused.

mod fib;
mod properties;

use std::sync::Arc;

use super::{
    Document, MediaType,
    flow::{Fields, Flow, LINE_END, Merged, PICTURE_SIGN, Piece, Table, TableCell, too_large},
    ole::Ole,
};
use crate::{error::Result, limits};
use fib::Text;
use properties::{CellShape, Looks, Paragraphs, RowShape};

/// The characters that are no text.
mod mark {
    pub const PARAGRAPH: char = '\r';
    /// A cell's end, and a row's.
    pub const CELL: char = '\u{7}';
    pub const PAGE: char = '\u{C}';
    pub const LINE: char = '\u{B}';
    pub const FIELD: char = '\u{13}';
    pub const FIELD_RESULT: char = '\u{14}';
    pub const FIELD_END: char = '\u{15}';
    pub const NOTE: char = '\u{2}';
    pub const HARD_HYPHEN: char = '\u{1E}';
    pub const SOFT_HYPHEN: char = '\u{1F}';
}

/// Where a note's mark stands, until it is known whether that is in a cell.
const NOTE_GAP: char = '\u{2029}';

/// Reads a document.
pub(super) fn read(ole: &mut Ole<'_>) -> Result<Document> {
    let stream = ole.stream("WordDocument")?;
    let fib = fib::read(&stream)?;
    let tables = ole.stream(fib.table_stream)?;
    let data = if ole.has("Data") { ole.stream("Data")? } else { Vec::new() };
    let paragraphs = Paragraphs::read(&stream, &tables, fib.paragraphs);
    let looks = Looks::read(&stream, &tables, fib.looks);
    let mut reader = Reader { paragraphs, looks, data: &data, ..Reader::default() };
    for text in fib.texts(&stream, &tables)? {
        reader.character(text)?;
    }
    reader.end_paragraph(mark::PARAGRAPH, None)?;
    reader.close_tables(0);
    let mut flow = Flow::new();
    flow.pieces(reader.body)?;
    flow.finish(MediaType::Doc)
}

#[derive(Default)]
struct Reader<'a> {
    paragraphs: Paragraphs,
    looks: Looks,
    data: &'a [u8],
    body: Vec<Piece>,
    text: String,
    fields: Fields,
    tables: Vec<OpenTable>,
    paragraph_number: u32,
    table_number: u16,
    rows: usize,
}

/// A row's cells, and where its columns' edges are.
type ShapedRow = (Vec<Vec<Piece>>, Option<Arc<RowShape>>);

#[derive(Default)]
struct OpenTable {
    number: u16,
    rows: Vec<ShapedRow>,
    row: Vec<Vec<Piece>>,
    cell: Vec<Piece>,
}

impl Reader<'_> {
    fn character(&mut self, Text { character, offset }: Text) -> Result<()> {
        match character {
            mark::FIELD => self.fields.begin(),
            mark::FIELD_RESULT => self.fields.separate(),
            mark::FIELD_END => self.fields.end(),
            mark::PARAGRAPH | mark::CELL | mark::PAGE => {
                self.end_paragraph(character, Some(offset))?;
            }
            _ if self.fields.instruct(character) || self.fields.is_left_out() => {}
            mark::LINE => self.text.push(LINE_END),
            mark::NOTE => self.part_in_cell(),
            mark::HARD_HYPHEN => self.text.push('-'),
            mark::SOFT_HYPHEN => {}
            '\t' => self.text.push(' '),
            character if character.is_control() => {}
            character => {
                let look = self.looks.at(offset);
                if look.is_left_out {
                    return Ok(());
                }
                if look.is_raised {
                    self.part_in_cell();
                }
                self.text.push(if look.is_symbol { PICTURE_SIGN } else { character });
                if look.is_raised {
                    self.part_in_cell();
                }
            }
        }
        Ok(())
    }

    /// A note's mark stands beside a number, not in it.
    fn part_in_cell(&mut self) {
        self.text.push(NOTE_GAP);
    }

    fn end_paragraph(&mut self, mark: char, offset: Option<u32>) -> Result<()> {
        self.paragraph_number = self.paragraph_number.saturating_add(1);
        let text = std::mem::take(&mut self.text);
        let mut shape = offset.map(|offset| self.paragraphs.at(offset)).unwrap_or_default();
        if shape.is_elsewhere() {
            self.rows += 1;
            shape = shape.whole(self.data);
        }
        let depth = shape.depth.min(limits::DOC_TABLE_DEPTH);
        self.close_tables(depth);
        while self.tables.len() < depth {
            self.table_number = self.table_number.saturating_add(1);
            self.tables.push(OpenTable { number: self.table_number, ..OpenTable::default() });
        }
        let number = self.paragraph_number;
        let gap = if depth > 0 { LINE_END.to_string() } else { String::new() };
        let text = text.replace(NOTE_GAP, &gap);
        let piece = (!text.trim().is_empty()).then_some(Piece::Paragraph { text, number });
        let Some(table) = self.tables.last_mut() else {
            self.body.extend(piece);
            return Ok(());
        };
        if shape.ends_row {
            self.rows += 1;
            if self.rows > limits::TABLE_ROWS * limits::DOC_TABLES {
                return Err(too_large("rows"));
            }
            if !table.cell.is_empty() {
                table.row.push(std::mem::take(&mut table.cell));
            }
            table.rows.push((std::mem::take(&mut table.row), shape.row));
            return Ok(());
        }
        table.cell.extend(piece);
        if shape.ends_cell || (mark == mark::CELL && depth == 1) {
            table.row.push(std::mem::take(&mut table.cell));
        }
        Ok(())
    }

    /// Closes the tables that are deeper.
    fn close_tables(&mut self, depth: usize) {
        while self.tables.len() > depth {
            let Some(table) = self.tables.pop() else { break };
            let table = Piece::Table(table.close());
            match self.tables.last_mut() {
                Some(outer) => outer.cell.push(table),
                None => self.body.push(table),
            }
        }
    }
}

impl OpenTable {
    fn close(mut self) -> Table {
        if !self.cell.is_empty() {
            self.row.push(std::mem::take(&mut self.cell));
        }
        if !self.row.is_empty() {
            self.rows.push((std::mem::take(&mut self.row), None));
        }
        let edges = self.edges();
        let rows = self.rows.into_iter().map(|(cells, shape)| match shape {
            Some(shape) if shape.cells.len() == cells.len() => shaped(cells, &shape, &edges),
            _ => cells.into_iter().map(|pieces| cell(pieces, 1, Merged::No)).collect(),
        });
        Table::new(self.number, rows.collect())
    }

    /// Where the table's columns begin and end.
    fn edges(&self) -> Vec<i32> {
        let shapes = self.rows.iter().filter_map(|(_, shape)| shape.as_ref());
        let mut all: Vec<i32> = shapes.flat_map(|shape| shape.edges.iter().copied()).collect();
        all.sort_unstable();
        let mut edges: Vec<i32> = Vec::new();
        for edge in all {
            if edges.last().is_none_or(|last| edge - last > limits::DOC_EDGE_TWIPS) {
                edges.push(edge);
            }
        }
        edges
    }
}

fn cell(pieces: Vec<Piece>, columns: usize, merged: Merged) -> TableCell {
    TableCell { pieces, columns, merged }
}

/// A row's cells with the columns they span.
fn shaped(cells: Vec<Vec<Piece>>, shape: &RowShape, edges: &[i32]) -> Vec<TableCell> {
    let column = |edge: i32| edges.partition_point(|known| *known <= edge).saturating_sub(1);
    let mut row = Vec::new();
    let before = shape.edges.first().map_or(0, |edge| column(*edge));
    if before > 0 {
        row.push(cell(Vec::new(), before, Merged::No));
    }
    let mut is_run = false;
    for (index, (pieces, own)) in cells.into_iter().zip(&shape.cells).enumerate() {
        let columns = match shape.edges.get(index..index + 2) {
            Some([left, right]) => column(*right).saturating_sub(column(*left)),
            _ => 1,
        };
        let CellShape { continues_above, horizontal } = *own;
        // The first of a run of merged cells is marked by the lower bit.
        let continues_left = is_run && horizontal & 1 == 0;
        is_run = horizontal != 0;
        let merged = match (continues_above, continues_left && is_run) {
            (true, _) => Merged::WithAbove,
            (_, true) => Merged::WithLeft,
            _ => Merged::No,
        };
        row.push(cell(pieces, columns.max(1), merged));
    }
    row
}
