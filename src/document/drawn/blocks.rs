//! Pages -> blocks in reading order.

use super::{
    breaks::{self, End},
    cells, columns, furniture,
    lines::{self, Line, Margins, Open},
    pages::Page,
    tables::{self, Ruled},
    words::Word,
};
use crate::{
    document::{
        Block,
        grid::{Cell, CellCount, Grid},
        metadata,
    },
    error::Result,
};

/// Of text, in parts of its size: how far lines of a table that meet may miss each other, and its
/// bounds in points.
const SLACK: f32 = 0.3;
const SLACK_POINTS: (f32, f32) = (1.0, 3.0);

/// A piece of a page.
enum Piece {
    Line(Line),
    /// A table's rows, and how it ends where lines rule it.
    Grid(Grid, Option<End>),
}

/// What pages state about themselves: names and their values.
type Metadata = Vec<(String, String)>;

/// The blocks of the pages, and what they state about themselves.
pub(super) fn of(mut pages: Vec<Page>) -> Result<(Vec<Block>, Metadata)> {
    furniture::remove(&mut pages);
    let mut blocks = Blocks::default();
    for page in &mut pages {
        let pieces = pieces(page);
        let text: Vec<Line> = pieces
            .iter()
            .filter_map(|(_, piece)| match piece {
                Piece::Line(line) => Some(line.clone()),
                Piece::Grid(..) => None,
            })
            .collect();
        let margins = Margins::of(&text, page.size.0);
        let mut is_first = true;
        for (_, piece) in pieces {
            match piece {
                Piece::Line(line) => blocks.line(line, page, margins, is_first),
                Piece::Grid(grid, end) => blocks.grid(grid, end, is_first)?,
            }
            is_first = false;
        }
    }
    blocks.end_paragraph();
    Ok((blocks.blocks, blocks.metadata))
}

#[derive(Default)]
struct Blocks {
    blocks: Vec<Block>,
    open: Open,
    /// How the table ends that the last block is.
    end: Option<End>,
    cells: CellCount,
    /// What the page states about itself above its first table.
    metadata: Metadata,
    has_table: bool,
}

impl Blocks {
    fn end_paragraph(&mut self) {
        self.blocks.extend(self.open.end().map(Block::Text));
    }

    fn line(&mut self, line: Line, page: &Page, margins: Margins, is_new_page: bool) {
        self.end = None;
        if !self.has_table
            && let Some(pairs) = pairs(&line.text)
        {
            self.end_paragraph();
            self.metadata.extend(pairs);
            return;
        }
        let parts = if line.parts.is_empty() { vec![line] } else { line.parts };
        for part in parts {
            self.blocks.extend(self.open.push(part, page, margins, is_new_page).map(Block::Text));
        }
    }

    /// Adds a table, or goes on with the one that the page before ends with.
    fn grid(&mut self, grid: Grid, end: Option<End>, is_new_page: bool) -> Result<()> {
        self.end_paragraph();
        self.cells.add(&grid)?;
        if let Some(pairs) = metadata::of_grid(&grid) {
            self.metadata.extend(pairs);
            return Ok(());
        }
        self.has_table = true;
        let before = self.end.take().filter(|_| is_new_page);
        match (self.blocks.last_mut(), before, end) {
            (Some(Block::Grid(open)), Some(before), Some(end)) if before.is_as_wide(&end) => {
                self.end = Some(breaks::go_on(open, &before, grid, &end));
            }
            (_, _, end) => {
                self.blocks.push(Block::Grid(grid));
                self.end = end;
            }
        }
        Ok(())
    }
}

/// What a line states about the page: a name with a colon, or names before their values.
fn pairs(line: &str) -> Option<Metadata> {
    let words = line.split_whitespace().map(|word| Cell::new(word, None)).collect();
    metadata::of_line(line).or_else(|| metadata::of_grid(&Grid { rows: vec![words] }))
}

/// The pieces of a page from its top.
fn pieces(page: &mut Page) -> Vec<(f32, Piece)> {
    let slack = (page.text_size * SLACK).clamp(SLACK_POINTS.0, SLACK_POINTS.1);
    let tables = tables::ruled(&page.rules, slack);
    let mut words = std::mem::take(&mut page.words);
    let mut pieces: Vec<(f32, Piece)> = Vec::new();
    let mut kept: Vec<(Ruled, (Grid, End))> = Vec::new();
    for table in tables {
        let area = table.area();
        let (inside, outside): (Vec<Word>, Vec<Word>) =
            words.into_iter().partition(|word| area.holds(word.area.center()));
        words = outside;
        match cells::grid(&table, inside, page) {
            Ok(grid) => kept.push((table, grid)),
            Err(inside) => words.extend(inside),
        }
    }
    for (table, (grid, end)) in kept {
        let is_blank = grid.rows.iter().flatten().all(|cell| cell.text.is_empty());
        if !is_blank {
            pieces.push((table.area().top, Piece::Grid(grid, Some(end))));
        }
    }
    let (tables, words) = columns::tables(&words, page);
    pieces.extend(tables.into_iter().map(|(top, grid)| (top, Piece::Grid(grid, None))));
    for line in lines::lines(&words) {
        pieces.push((line.area.top, Piece::Line(line)));
    }
    pieces.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    pieces
}
