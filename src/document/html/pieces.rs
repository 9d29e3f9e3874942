//! What a page shows, in its order: texts with their places, and where paragraphs, tables, rows and
//! cells begin and end. Nothing that is hidden is among it.

use std::ops::Range;

/// A piece of what a page shows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Piece {
    /// Bytes of the source as they are.
    Text {
        from: u32,
        to: u32,
    },
    /// Bytes of the source that stand for others, as `&nbsp;` does: those, of [`Pieces::decoded`].
    Decoded {
        from: u32,
        to: u32,
        text_from: u32,
        text_to: u32,
    },
    /// A paragraph's end, or a line's in a cell.
    Boundary,
    /// `<br>`
    Break {
        in_heading: bool,
    },
    /// Where raised or lowered text begins: in a cell the mark of a note, which stands beside a number.
    Mark,
    /// A table begins; which one, for [`Pieces::is_grid`].
    TableStart(u32),
    TableEnd,
    Row,
    CellStart {
        columns: u16,
        rows: u16,
    },
    CellEnd,
    PreStart,
    PreEnd,
    /// A meta element: which one, of [`Pieces::metas`].
    Meta(u32),
}

/// The pieces of a page.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pub(super) list: Vec<Piece>,
    /// What stands for what is written otherwise in the source, one after the other.
    decoded: String,
    /// By table: whether it is a grid of short cells, and not a means of layout.
    grids: Vec<bool>,
    /// What meta elements state: name and content.
    metas: Vec<(String, String)>,
    /// The first title that is not blank.
    pub(super) title: Option<String>,
    pub(super) ends_inside_table: bool,
}

/// A text of a page and where it stands in the source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    pub(super) text: &'a str,
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether it stands in the source as it is.
    pub(super) is_verbatim: bool,
}

impl Pieces {
    pub(super) fn push_text(&mut self, text: Text<'_>) {
        let (from, to) = (number(text.from), number(text.to));
        if text.is_verbatim {
            self.list.push(Piece::Text { from, to });
        } else {
            let text_from = number(self.decoded.len());
            self.decoded.push_str(text.text);
            let text_to = number(self.decoded.len());
            self.list.push(Piece::Decoded { from, to, text_from, text_to });
        }
    }

    pub(super) fn push_meta(&mut self, meta: (String, String)) {
        self.list.push(Piece::Meta(number(self.metas.len())));
        self.metas.push(meta);
    }

    pub(super) fn meta(&self, meta: u32) -> Option<&(String, String)> {
        self.metas.get(meta as usize)
    }

    /// Begins a table; its number.
    pub(super) fn start_table(&mut self) -> u32 {
        let table = number(self.grids.len());
        self.grids.push(false);
        self.list.push(Piece::TableStart(table));
        table
    }

    pub(super) fn end_table(&mut self, table: u32, is_grid: bool) {
        if let Some(grid) = self.grids.get_mut(table as usize) {
            *grid = is_grid;
        }
        self.list.push(Piece::TableEnd);
    }

    pub(super) fn is_grid(&self, table: u32) -> bool {
        self.grids.get(table as usize).copied().unwrap_or(false)
    }

    /// The text of a piece, where it is one.
    pub(super) fn text<'a>(&'a self, source: &'a str, piece: Piece) -> Option<Text<'a>> {
        let range = |from: u32, to: u32| -> Range<usize> { from as usize..to as usize };
        let (text, from, to, is_verbatim) = match piece {
            Piece::Text { from, to } => (source.get(range(from, to))?, from, to, true),
            Piece::Decoded { from, to, text_from, text_to } => {
                (self.decoded.get(range(text_from, text_to))?, from, to, false)
            }
            _ => return None,
        };
        Some(Text { text, from: from as usize, to: to as usize, is_verbatim })
    }
}

/// A document's bytes are far fewer than fit.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
