//! Tables: their rows and cells, however their tags are left out, and which of them are grids of short
//! cells and not a means of layout.

use super::{
    elements::Element,
    pieces::Piece,
    tree::{Tag, Tree},
};
use crate::{error::Result, limits};

/// Where in a table the page stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Context {
    /// In no table.
    #[default]
    Body,
    Table,
    /// `tbody`, `thead`, `tfoot`
    Section,
    Row,
    Cell,
    Caption,
    /// `colgroup`
    Columns,
}

impl Context {
    /// What it is inside an element that stands there.
    pub(super) const fn inside(self, element: Element) -> Self {
        match element {
            Element::Table => Self::Table,
            Element::Tbody | Element::Thead | Element::Tfoot => Self::Section,
            Element::Tr => Self::Row,
            Element::Td | Element::Th => Self::Cell,
            Element::Caption => Self::Caption,
            Element::Colgroup => Self::Columns,
            Element::Template => Self::Body,
            _ => self,
        }
    }
}

/// What is known of a table while it is open.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame {
    table: u32,
    cells: usize,
    cell_chars: usize,
    longest_cell_chars: usize,
    holds_grid: bool,
}

impl Frame {
    /// One cell frames a text; cells that hold prose or other grids arrange them.
    fn is_grid(&self) -> bool {
        self.cells >= 2 && !self.holds_grid && self.longest_cell_chars <= limits::CELL_CHARS
    }

    fn add_chars(&mut self, chars: usize) {
        self.cell_chars += chars;
        self.longest_cell_chars = self.longest_cell_chars.max(self.cell_chars);
    }
}

impl<'a> Tree<'a> {
    /// The start tag of a table or of a part of one.
    pub(super) fn start_of_table(&mut self, element: Element, tag: &Tag<'a>) -> Result<()> {
        if element == Element::Table {
            let context = self.inside().context;
            if !matches!(context, Context::Body | Context::Cell | Context::Caption) {
                // A table between the cells of another ends that one.
                self.end_of_table(Element::Table);
            }
            self.end_p_at_table();
            return self.push(element, tag);
        }
        // A piece of a table without its beginning: what stood in cells stays apart.
        if self.inside().context == Context::Body {
            self.boundary();
            return Ok(());
        }
        let wanted = match element {
            Element::Td | Element::Th => Context::Row,
            Element::Tr => Context::Section,
            Element::Col => Context::Columns,
            _ => Context::Table,
        };
        loop {
            let context = self.inside().context;
            self.pop_to_frame();
            if context == wanted {
                break;
            }
            match (context, wanted) {
                (Context::Table, Context::Columns) => {
                    self.push(Element::Colgroup, &Tag::default())?;
                }
                (Context::Table, _) => self.push(Element::Tbody, &Tag::default())?,
                (Context::Section, Context::Row) => self.push(Element::Tr, &Tag::default())?,
                (Context::Body, _) => return Ok(()),
                _ => self.end_part(),
            }
        }
        if element == Element::Col {
            return Ok(());
        }
        self.push(element, tag)?;
        if matches!(element, Element::Td | Element::Th | Element::Caption) {
            self.active.mark();
        }
        Ok(())
    }

    /// Ends what stands between a table's rows and is no part of it.
    fn pop_to_frame(&mut self) {
        let context = self.inside().context;
        if matches!(context, Context::Table | Context::Section | Context::Row) {
            while self.open.last().is_some_and(|open| !open.element.is_table_frame()) {
                self.pop();
            }
        }
    }

    /// Ends the innermost part of a table that is open.
    fn end_part(&mut self) {
        let context = self.inside().context;
        if context == Context::Body {
            return;
        }
        while let Some(open) = self.open.last() {
            let is_it = Context::Body.inside(open.element) == context;
            self.pop();
            if is_it {
                break;
            }
        }
        if matches!(context, Context::Cell | Context::Caption) {
            self.active.unmark();
        }
    }

    pub(super) fn end_columns(&mut self) {
        self.end_part();
    }

    /// The end tag of a table or of a part of one.
    pub(super) fn end_of_table(&mut self, element: Element) {
        if self.inside().context == Context::Body {
            return self.boundary();
        }
        let table = self.open.iter().rposition(|open| open.element == Element::Table);
        let table = table.unwrap_or_default();
        let found = self.open[table..].iter().rposition(|open| open.element == element);
        let Some(at) = found.map(|at| at + table) else { return };
        while self.open.len() > at + 1 && self.has_part_above(at) {
            self.end_part();
        }
        self.pop_to(at + 1);
        self.end_part();
    }

    /// Whether a part of the table is open inside of another one.
    fn has_part_above(&self, at: usize) -> bool {
        self.open[at + 1..].iter().any(|open| Context::Body.inside(open.element) != Context::Body)
    }

    /// Begins a table that is shown.
    pub(super) fn start_frame(&mut self) {
        let table = self.pieces.start_table();
        self.frames.push(Frame { table, ..Frame::default() });
        let own_frame = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
        if let Some(open) = self.open.last_mut() {
            open.inside.own_frame = own_frame;
        }
    }

    pub(super) fn start_frame_cell(&mut self, tag: &Tag<'_>) {
        if let Some(frame) = self.frames.last_mut() {
            frame.cells += 1;
            frame.cell_chars = 0;
        }
        self.pieces.list.push(Piece::CellStart { columns: tag.columns, rows: tag.rows });
    }

    pub(super) fn count_chars(&mut self, text: &str) {
        let frame = self.inside_frame();
        if let Some(frame) = frame.and_then(|at| self.frames.get_mut(at))
            && frame.longest_cell_chars <= limits::CELL_CHARS
        {
            frame.add_chars(text.chars().filter(|c| !c.is_whitespace()).count());
        }
    }

    fn inside_frame(&self) -> Option<usize> {
        (self.inside().frame as usize).checked_sub(1)
    }

    pub(super) fn end_frame(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        self.pieces.end_table(frame.table, frame.is_grid());
        if let Some(outer) = self.frames.last_mut() {
            outer.holds_grid |= frame.is_grid() || frame.holds_grid;
            outer.add_chars(frame.longest_cell_chars);
        }
    }
}
