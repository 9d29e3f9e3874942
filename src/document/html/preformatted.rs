//! Text that is laid out by its own line ends, as in `<pre>`: read as plain text is, so that a table
//! drawn in it is one.

use super::{
    super::{Block, text},
    pieces::Text,
};
use crate::{error::Result, place::Place};

/// Lines that are being put together, and where they stand in the source.
#[derive(Debug, Default)]
pub(super) struct Preformatted {
    lines: String,
    /// For each text: where it begins in the lines, where it stands, and whether as it is.
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    at: usize,
    from: usize,
    to: usize,
    is_verbatim: bool,
}

impl Preformatted {
    pub(super) fn push(&mut self, text: Text<'_>) {
        let Text { from, to, is_verbatim, .. } = text;
        self.parts.push(Part { at: self.lines.len(), from, to, is_verbatim });
        self.lines.push_str(text.text);
    }

    pub(super) fn end_line(&mut self) {
        self.lines.push('\n');
    }

    /// What stands in the lines: pairs of metadata, and blocks.
    pub(super) fn read(&self, has_grid: bool) -> Result<text::Blocks> {
        let (metadata, mut blocks) = text::blocks(&self.lines, has_grid)?;
        for block in &mut blocks {
            match block {
                Block::Text(paragraph) => self.put_in_source(&mut paragraph.place),
                Block::Grid(grid) => {
                    for cell in grid.rows.iter_mut().flatten() {
                        self.put_in_source(&mut cell.place);
                    }
                }
            }
        }
        Ok((metadata, blocks))
    }

    /// Turns a place in the lines into the place in the source.
    fn put_in_source(&self, place: &mut Option<Place>) {
        let Some(Place::Bytes { from, to }) = *place else { return };
        let (first, last) = (from as usize, (to as usize).saturating_sub(1));
        let (Some(begin), Some(end)) = (self.part(first), self.part(last)) else { return };
        let from = if begin.is_verbatim { begin.from + first - begin.at } else { begin.from };
        let to = if end.is_verbatim { end.from + last - end.at + 1 } else { end.to };
        *place = Some(Place::bytes(from, to));
    }

    /// The text that a byte of the lines is of.
    fn part(&self, at: usize) -> Option<&Part> {
        self.parts.partition_point(|part| part.at <= at).checked_sub(1).map(|at| &self.parts[at])
    }
}
