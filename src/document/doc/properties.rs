//! What a DOC file says of its paragraphs and characters: which stand in a table, where its columns
//! are, what is hidden.
//!
//! Both are kept in pages of 512 bytes, each for a range of the text's bytes.

use std::sync::Arc;

use super::fib::Part;
use crate::document::ole::{u16_at, u32_at};

const PAGE_BYTES: usize = 512;

/// The properties that are looked at.
mod property {
    pub const IN_TABLE: u16 = 0x2416;
    pub const ENDS_ROW: u16 = 0x2417;
    pub const DEPTH: u16 = 0x6649;
    pub const ENDS_INNER_CELL: u16 = 0x244B;
    pub const ENDS_INNER_ROW: u16 = 0x244C;
    /// Properties that are kept elsewhere.
    pub const ELSEWHERE: [u16; 2] = [0x6645, 0x6646];
    pub const ROW: u16 = 0xD608;
    pub const OLD_ROW: u16 = 0xD606;
    pub const TABS: u16 = 0xC615;
    pub const MERGE: u16 = 0x5624;
    pub const MERGE_BELOW: u16 = 0xD62B;
    pub const DELETED: u16 = 0x0800;
    pub const STRUCK: u16 = 0x0837;
    pub const STRUCK_TWICE: u16 = 0x2A53;
    pub const HIDDEN: u16 = 0x083C;
    pub const RAISED: u16 = 0x2A48;
    pub const SYMBOL: u16 = 0x6A09;
}

/// A row's columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowShape {
    /// Where its cells begin, and where the last ends, in twentieths of a point.
    pub edges: Vec<i32>,
    pub cells: Vec<CellShape>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CellShape {
    pub continues_above: bool,
    /// Two bits: 0 where it is not merged with its neighbours.
    pub horizontal: u16,
}

/// A paragraph's place in tables.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// How many tables it is in.
    pub depth: usize,
    pub ends_cell: bool,
    pub ends_row: bool,
    /// The columns of the row it ends.
    pub row: Option<Arc<RowShape>>,
    /// Where its properties are kept, if not here.
    elsewhere: Option<u32>,
}

impl Shape {
    /// With what is said of it elsewhere, where it is.
    pub fn whole(mut self, data: &[u8]) -> Self {
        let elsewhere = self.elsewhere.take().and_then(|at| {
            let at = usize::try_from(at).ok()?;
            let length = usize::from(u16_at(data, at)?);
            data.get(at + 2..at + 2 + length)
        });
        if let Some(properties) = elsewhere {
            self.take(properties);
            self.elsewhere = None;
        }
        self
    }

    pub const fn is_elsewhere(&self) -> bool {
        self.elsewhere.is_some()
    }

    fn take(&mut self, properties: &[u8]) {
        let mut row: Option<RowShape> = None;
        each(properties, |name, operand| {
            let is_on = operand.first().is_some_and(|value| *value != 0);
            match name {
                property::IN_TABLE => self.depth = self.depth.max(usize::from(is_on)),
                property::DEPTH => {
                    let depth = u32_at(operand, 0).unwrap_or(0).min(u32::from(u8::MAX));
                    self.depth = self.depth.max(depth as usize);
                }
                property::ENDS_ROW | property::ENDS_INNER_ROW => self.ends_row |= is_on,
                property::ENDS_INNER_CELL => self.ends_cell |= is_on,
                name if property::ELSEWHERE.contains(&name) => {
                    self.elsewhere = u32_at(operand, 0);
                }
                property::ROW => row = row_shape(operand).or(row.take()),
                property::MERGE => {
                    if let (Some(row), [first, end, ..]) = (&mut row, operand) {
                        for index in *first..*end {
                            if let Some(cell) = row.cells.get_mut(usize::from(index)) {
                                cell.horizontal = if index == *first { 1 } else { 2 };
                            }
                        }
                    }
                }
                property::MERGE_BELOW => {
                    if let (Some(row), [_, index, flags, ..]) = (&mut row, operand)
                        && let Some(cell) = row.cells.get_mut(usize::from(*index))
                    {
                        cell.continues_above = *flags == 1;
                    }
                }
                _ => {}
            }
        });
        self.row = row.map(Arc::new).or(self.row.take());
    }
}

/// A row's definition: how many cells, where their edges are, how each is merged.
fn row_shape(operand: &[u8]) -> Option<RowShape> {
    const CELL_BYTES: usize = 20;
    let count = usize::from(*operand.get(2)?);
    let edge = |index: usize| Some(i32::from(u16_at(operand, 3 + index * 2)?.cast_signed()));
    let edges: Vec<i32> = (0..=count).map(edge).collect::<Option<_>>()?;
    let cell = |index: usize| {
        let flags = u16_at(operand, 3 + (count + 1) * 2 + index * CELL_BYTES).unwrap_or(0);
        CellShape { continues_above: (flags >> 5) & 3 == 1, horizontal: flags & 3 }
    };
    Some(RowShape { edges, cells: (0..count).map(cell).collect() })
}

/// Goes through properties; stops where they break off.
fn each(properties: &[u8], mut take: impl FnMut(u16, &[u8])) {
    let mut at = 0;
    while let Some(name) = u16_at(properties, at) {
        let from = at + 2;
        let length = match name >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            // The length of a row's definition is of two bytes, and one more than it is.
            _ if matches!(name, property::ROW | property::OLD_ROW) => {
                usize::from(u16_at(properties, from).unwrap_or(0)) + 1
            }
            // The stops of tabs have a length of their own where there are many.
            _ if name == property::TABS && properties.get(from) == Some(&255) => return,
            _ => usize::from(properties.get(from).copied().unwrap_or(0)) + 1,
        };
        let Some(operand) = properties.get(from..from + length) else { return };
        take(name, operand);
        at = from + length;
    }
}

/// The ranges of a kind of pages, in order: where each begins, where it ends, and what is said of it.
fn ranges<T>(
    stream: &[u8],
    tables: &[u8],
    part: Part,
    read: impl Fn(&[u8], usize) -> Option<T>,
) -> Vec<(u32, u32, T)> {
    let Some(index) = part.of(tables) else { return Vec::new() };
    let count = index.len().saturating_sub(4) / 8;
    let mut ranges = Vec::new();
    // No page is there twice.
    for page in (0..count).take(stream.len() / PAGE_BYTES) {
        let number = u32_at(index, (count + 1) * 4 + page * 4).unwrap_or(0) & 0x003F_FFFF;
        let at = number as usize * PAGE_BYTES;
        let Some(page) = stream.get(at..at + PAGE_BYTES) else { continue };
        let runs = usize::from(page[PAGE_BYTES - 1]);
        for run in 0..runs {
            let offsets = u32_at(page, run * 4).zip(u32_at(page, run * 4 + 4));
            let said = read(page, run);
            ranges.extend(offsets.zip(said).map(|((from, to), said)| (from, to, said)));
        }
    }
    ranges.sort_by_key(|(from, ..)| *from);
    ranges
}

fn find<T>(ranges: &[(u32, u32, T)], offset: u32) -> Option<&T> {
    let at = ranges.partition_point(|(from, ..)| *from <= offset).checked_sub(1)?;
    ranges.get(at).filter(|(_, to, _)| offset < *to).map(|(.., said)| said)
}

/// The paragraphs' places in tables, by where their ends are.
#[derive(Default)]
pub struct Paragraphs(Vec<(u32, u32, Shape)>);

impl Paragraphs {
    pub fn read(stream: &[u8], tables: &[u8], part: Part) -> Self {
        const RUN_BYTES: usize = 13;
        Self(ranges(stream, tables, part, |page, run| {
            let runs = usize::from(page[PAGE_BYTES - 1]);
            let at = usize::from(*page.get((runs + 1) * 4 + run * RUN_BYTES)?) * 2;
            let mut shape = Shape::default();
            if at == 0 {
                return Some(shape);
            }
            let words = usize::from(*page.get(at)?);
            let (from, length) = match words {
                0 => (at + 2, usize::from(*page.get(at + 1)?) * 2),
                words => (at + 1, words * 2 - 1),
            };
            // A style's number comes first.
            shape.take(page.get(from + 2..from + length)?);
            Some(shape)
        }))
    }

    pub fn at(&self, offset: u32) -> Shape {
        find(&self.0, offset).cloned().unwrap_or_default()
    }
}

/// How a character looks, as far as it matters for what is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    /// Deleted, hidden or struck out.
    pub is_left_out: bool,
    /// Raised or lowered, as a note's mark is.
    pub is_raised: bool,
    /// A sign of a font, whatever character stands for it.
    pub is_symbol: bool,
}

/// The characters' looks.
#[derive(Default)]
pub struct Looks(Vec<(u32, u32, Look)>);

impl Looks {
    pub fn read(stream: &[u8], tables: &[u8], part: Part) -> Self {
        Self(ranges(stream, tables, part, |page, run| {
            let runs = usize::from(page[PAGE_BYTES - 1]);
            let at = usize::from(*page.get((runs + 1) * 4 + run)?) * 2;
            let mut look = Look::default();
            if at == 0 {
                return Some(look);
            }
            let length = usize::from(*page.get(at)?);
            each(page.get(at + 1..at + 1 + length)?, |name, operand| {
                // 1 is on; 0x81 is other than the style, which seldom hides.
                let is_on = matches!(operand.first(), Some(1 | 0x81));
                match name {
                    property::DELETED
                    | property::STRUCK
                    | property::STRUCK_TWICE
                    | property::HIDDEN => look.is_left_out |= is_on,
                    property::RAISED => {
                        look.is_raised = operand.first().is_some_and(|value| *value != 0);
                    }
                    property::SYMBOL => look.is_symbol = true,
                    _ => {}
                }
            });
            Some(look)
        }))
    }

    pub fn at(&self, offset: u32) -> Look {
        find(&self.0, offset).copied().unwrap_or_default()
    }
}
