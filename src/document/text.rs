//! Plain text -> blocks: lines, and grids in the forms that tables leave behind.
//!
//! Grids are rows with bars (`a | b |`, with or without `|---|` lines), rows with tabs, and cells one
//! a line behind a tab with blank lines between the rows.

use encoding_rs::Encoding;

use super::{Block, Cell, Document, Grid, MediaType, Paragraph, grid::CellCount, metadata};
use crate::{
    error::{Code, Error, Result},
    limits,
    place::Place,
};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'a> {
    Blank,
    /// A row of cells between bars.
    Bars(&'a str),
    /// `|---|`
    Rule,
    /// One cell behind a tab.
    TabCell(&'a str),
    /// A row of cells between tabs.
    TabRow(&'a str),
    Text(&'a str),
}

/// Cells of a row behind tabs without a letter or a digit, from which on they are no spacing.
const BLANK_CELLS: usize = 5;

const BARS: [char; 4] = ['|', '｜', '│', '┃'];

/// Reads a text.
pub(super) fn read(text: &str, encoding: &'static Encoding) -> Result<Document> {
    let (metadata, blocks) = blocks(text, false)?;
    Ok(Document {
        media_type: MediaType::Text,
        encoding: Some(encoding),
        title: None,
        metadata,
        blocks,
        ends_inside_table: false,
    })
}

/// Pairs of metadata, and blocks.
pub(super) type Blocks = (Vec<(String, String)>, Vec<Block>);

/// The pairs of metadata and the blocks of a text. `has_grid`: whether a grid stands above it.
pub(super) fn blocks(text: &str, has_grid: bool) -> Result<Blocks> {
    let mut reader = Reader { source: text, has_grid, ..Reader::default() };
    if text.lines().nth(limits::LINES).is_some() {
        let detail = format!("the document has more than {} lines", limits::LINES);
        return Err(Error::new(Code::DocumentTooLarge, detail));
    }
    for line in text.lines() {
        reader.line(line_of(line))?;
    }
    reader.end_grid()?;
    let Reader { metadata, blocks, .. } = reader;
    Ok((metadata, blocks))
}

fn line_of(line: &str) -> Line<'_> {
    let trimmed = line.trim();
    if trimmed.contains(BARS) {
        let is_rule = |c: char| BARS.contains(&c) || matches!(c, '-' | ':' | '+' | ' ' | '=');
        let is_rule = trimmed.chars().all(is_rule) && trimmed.contains("--");
        return if is_rule { Line::Rule } else { Line::Bars(trimmed) };
    }
    match line.strip_prefix('\t') {
        Some(cell) if cell.trim().is_empty() && cell.contains('\t') => Line::TabRow(line),
        Some(cell) if !cell.trim().contains('\t') => Line::TabCell(cell.trim()),
        Some(_) => Line::TabRow(line),
        None if trimmed.is_empty() => Line::Blank,
        None if trimmed.contains('\t') => Line::TabRow(line.trim_end_matches(['\r', '\n'])),
        None => Line::Text(trimmed),
    }
}

/// Where the reading of the lines stands.
#[derive(Default)]
struct Reader<'a> {
    source: &'a str,
    metadata: Vec<(String, String)>,
    blocks: Vec<Block>,
    has_grid: bool,
    bars: Bars<'a>,
    tabs: Tabs<'a>,
    cells: CellCount,
}

/// Rows with bars that follow each other.
#[derive(Default)]
struct Bars<'a> {
    rows: Vec<&'a str>,
    has_rule: bool,
    /// Whether a blank line followed.
    is_interrupted: bool,
}

/// Cells one a line, and rows with tabs, that follow each other.
#[derive(Default)]
struct Tabs<'a> {
    rows: Vec<Vec<&'a str>>,
    is_row_open: bool,
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: Line<'a>) -> Result<()> {
        match line {
            Line::Bars(row) => {
                self.end_tabs()?;
                if self.bars.is_interrupted && self.bars.has_rule {
                    self.end_bars()?;
                }
                self.bars.is_interrupted = false;
                self.bars.rows.push(row);
            }
            Line::Rule => self.bars.has_rule = true,
            Line::TabCell(cell) => {
                self.end_bars()?;
                if !self.tabs.is_row_open {
                    self.tabs.rows.push(Vec::new());
                    self.tabs.is_row_open = true;
                }
                if let Some(row) = self.tabs.rows.last_mut() {
                    row.push(cell);
                }
            }
            Line::TabRow(row) => {
                self.end_bars()?;
                self.tabs.rows.push(row.split('\t').map(str::trim).collect());
                self.tabs.is_row_open = false;
            }
            Line::Blank => {
                self.bars.is_interrupted = true;
                self.tabs.is_row_open = false;
            }
            Line::Text(text) => {
                self.end_grid()?;
                self.text(text);
            }
        }
        Ok(())
    }

    fn text(&mut self, line: &'a str) {
        let place = self.place(line);
        self.text_at(line, place);
    }

    fn text_at(&mut self, line: &str, place: Option<Place>) {
        let text = without_images(line);
        if text.is_empty() {
            return;
        }
        match metadata::of_line(&text) {
            Some(pairs) if !self.has_grid => self.metadata.extend(pairs),
            _ => self.blocks.push(Block::Text(Paragraph { text, place })),
        }
    }

    /// Where a part of the source stands in it.
    fn place(&self, part: &str) -> Option<Place> {
        let trimmed = part.trim();
        let from = trimmed.as_ptr().addr().checked_sub(self.source.as_ptr().addr())?;
        (!trimmed.is_empty()).then(|| Place::bytes(from, from + trimmed.len()))
    }

    fn cell(&self, part: &str) -> Cell {
        Cell::new(part, self.place(part))
    }

    fn end_grid(&mut self) -> Result<()> {
        self.end_bars()?;
        self.end_tabs()
    }

    fn end_bars(&mut self) -> Result<()> {
        let Bars { rows, has_rule, .. } = std::mem::take(&mut self.bars);
        // Bars that only part words, as between the links above an article.
        if let ([line], false) = (&rows[..], has_rule)
            && !cells(line, false, false).any(is_number)
        {
            self.text(line);
            return Ok(());
        }
        // A bar before the first cell is a border only where every row has it; else the cell is blank.
        let starts = rows.iter().all(|row| row.starts_with(BARS));
        let ends = rows.iter().all(|row| row.ends_with(BARS));
        self.push_grid(
            rows.iter()
                .map(|row| cells(row, starts, ends).map(|cell| self.cell(cell)).collect())
                .collect(),
        )
    }

    fn end_tabs(&mut self) -> Result<()> {
        let Tabs { rows, .. } = std::mem::take(&mut self.tabs);
        // Prose behind tabs: no number stands alone, or a cell is as long as a paragraph.
        let is_prose = |cell: &str| cell.chars().count() > limits::CELL_CHARS;
        let has_number = rows.iter().flatten().any(|cell| is_number(cell));
        // Or all cells of a row are blank, or signs for none.
        let is_none = |cell: &&str| !cell.contains(|c: char| c.is_alphanumeric() && c != '无');
        let is_blank = |row: &Vec<&str>| row.len() >= BLANK_CELLS && row.iter().all(is_none);
        let is_table = has_number || rows.iter().any(is_blank);
        if !is_table || rows.iter().flatten().any(|cell| is_prose(cell)) {
            for row in rows {
                let place = row.iter().filter_map(|cell| self.place(cell)).reduce(Place::and);
                self.text_at(row.join(" ").trim(), place);
            }
            return Ok(());
        }
        self.push_grid(
            rows.into_iter()
                .map(|row| row.into_iter().map(|cell| self.cell(cell)).collect())
                .collect(),
        )
    }

    fn push_grid(&mut self, rows: Vec<Vec<Cell>>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        if rows.len() > limits::TABLE_ROWS || columns > limits::TABLE_COLUMNS {
            let detail = format!("a table has {} rows and {columns} columns", rows.len());
            return Err(Error::new(Code::DocumentTooLarge, detail));
        }
        self.has_grid = true;
        let grid = Grid { rows };
        self.cells.add(&grid)?;
        match metadata::of_grid(&grid) {
            Some(pairs) => self.metadata.extend(pairs),
            None => self.blocks.push(Block::Grid(grid)),
        }
        Ok(())
    }
}

fn cells(row: &str, starts: bool, ends: bool) -> impl Iterator<Item = &str> {
    let row = row.strip_prefix(BARS).filter(|_| starts).unwrap_or(row);
    let row = row.strip_suffix(BARS).filter(|_| ends).unwrap_or(row);
    row.split(BARS).map(str::trim)
}

/// Whether a cell holds a number and little else.
fn is_number(cell: &str) -> bool {
    cell.starts_with(|c: char| c.is_numeric() || c == '-')
        && cell.chars().count() <= limits::NUMBER_DIGITS
        && cell.contains(|c: char| c.is_numeric())
}

/// The line without the marks that conversions leave for pictures: `[image: 图片1.png]`.
fn without_images(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, image)) = rest.split_once("[image:") {
        text.push_str(before);
        rest = image.split_once(']').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text.trim().to_owned()
}
