//! Tags -> pieces: which elements are open, as a browser opens and ends them.
//!
//! Takes tags and texts in their order; gives the pieces the page shows. End tags that are left out are
//! implied, those that end nothing are passed over, formatting that is not ended goes on in the next
//! paragraph. Text that stands in a table outside its cells stays where it is, and belongs to no cell.
//! Refuses what nests without end. No tree is kept: the elements that are open are enough.

use super::{
    elements::Element,
    formatting::Active,
    pieces::{Piece, Pieces, Text},
    tables::{Context, Frame},
};
use crate::{
    error::{Code, Error, Result},
    limits,
};

/// A start tag, as far as it matters.
#[derive(Clone, Debug, Default)]
pub(super) struct Tag<'a> {
    /// Whether it hides its content.
    pub(super) is_hiding: bool,
    pub(super) is_self_closing: bool,
    pub(super) columns: u16,
    pub(super) rows: u16,
    /// What tells it from others of its kind.
    pub(super) source: &'a str,
}

/// An open element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) element: Element,
    /// Its name; the elements of drawings and formulas bear names of others.
    pub(super) name: Element,
    /// Which of the active formatting elements it is.
    pub(super) id: u32,
    pub(super) is_hiding: bool,
    pub(super) is_foreign: bool,
    /// Of a table: whether an element around it was ended while it was open.
    is_left: bool,
    pub(super) inside: Inside,
}

/// What holds right inside an open element.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Inside {
    pub(super) context: Context,
    pub(super) is_hidden: bool,
    /// Of a table or its rows: whether what stands around the table is hidden.
    is_hidden_outside: bool,
    is_foreign: bool,
    pub(super) is_heading: bool,
    /// Whether a `p` is open that a block would end.
    pub(super) has_p: bool,
    /// The table that text belongs to, one up.
    pub(super) frame: u32,
    /// The table whose cells stand here, one up.
    pub(super) own_frame: u32,
}

/// The elements that are open, and the pieces found so far.
#[derive(Debug, Default)]
pub(super) struct Tree<'a> {
    pub(super) pieces: Pieces,
    pub(super) open: Vec<Open>,
    pub(super) active: Active<'a>,
    pub(super) frames: Vec<Frame>,
    elements: usize,
    pub(super) has_form: bool,
    is_strict: bool,
    title: String,
}

impl<'a> Tree<'a> {
    /// What holds where the page stands.
    pub(super) fn inside(&self) -> Inside {
        self.open.last().map_or_else(Inside::default, |open| open.inside)
    }

    pub(super) fn is_foreign(&self) -> bool {
        self.inside().is_foreign
    }

    /// The page follows the standard: a table ends a paragraph.
    pub(super) fn set_strict(&mut self) {
        self.is_strict = self.open.is_empty();
    }

    /// A text. White space between a table's rows is none of it.
    pub(super) fn text(&mut self, text: Text<'_>) -> Result<()> {
        let is_blank = text.text.chars().all(char::is_whitespace);
        if self.inside().context == Context::Columns {
            if is_blank {
                return Ok(());
            }
            self.end_columns();
        }
        let last = self.open.last();
        if last.is_some_and(|open| open.element == Element::Title) && self.is_title_wanted() {
            self.title.push_str(text.text);
        }
        let is_between = last.is_some_and(|open| open.element.is_table_frame());
        if self.is_hidden_here() {
            return Ok(());
        }
        if is_blank && is_between {
            self.boundary();
            return Ok(());
        }
        self.reopen_formatting()?;
        if self.is_hidden_here() {
            return Ok(());
        }
        self.count_chars(text.text);
        self.pieces.push_text(text);
        Ok(())
    }

    /// Whether text right here is not shown: between a table's rows it stands outside the table.
    pub(super) fn is_hidden_here(&self) -> bool {
        self.open.last().is_some_and(|open| {
            let Inside { is_hidden, is_hidden_outside, .. } = open.inside;
            if open.element.is_table_frame() { is_hidden_outside } else { is_hidden }
        })
    }

    /// Whether the title that is open is the page's: the first, and not a drawing's or hidden.
    fn is_title_wanted(&self) -> bool {
        let around = self.open.len().checked_sub(2).map(|at| self.open[at].inside);
        self.pieces.title.is_none() && !around.is_some_and(|around| around.is_hidden)
    }

    /// Opens an element.
    pub(super) fn push(&mut self, element: Element, tag: &Tag<'a>) -> Result<()> {
        self.push_active(element, tag.is_hiding, 0)?;
        if element.is_block() && !self.inside().is_hidden {
            self.pieces.list.push(Piece::Boundary);
        }
        if !self.inside().is_hidden {
            match element {
                Element::Sup | Element::Sub => self.pieces.list.push(Piece::Mark),
                Element::Table => self.start_frame(),
                Element::Tr => self.pieces.list.push(Piece::Row),
                Element::Td | Element::Th => self.start_frame_cell(tag),
                _ if element.is_preformatted() => self.pieces.list.push(Piece::PreStart),
                _ => {}
            }
        }
        Ok(())
    }

    /// Opens an element that is one of the active formatting elements, or none of them.
    pub(super) fn push_active(&mut self, element: Element, is_hiding: bool, id: u32) -> Result<()> {
        if self.open.len() >= limits::HTML_DEPTH {
            let detail = format!("the page nests more than {} elements", limits::HTML_DEPTH);
            return Err(Error::new(Code::DocumentTooLarge, detail));
        }
        let is_foreign = self.is_foreign() || element.is_foreign_root();
        let is_hiding = is_hiding || element.is_left_out();
        let open = Open {
            element: if self.is_foreign() { Element::FOREIGN } else { element },
            name: element,
            id,
            is_hiding,
            is_foreign,
            is_left: false,
            inside: Inside::default(),
        };
        self.open.push(open);
        self.look_inside(self.open.len() - 1);
        Ok(())
    }

    /// Tells anew what holds inside an open element, from what holds around it.
    pub(super) fn look_inside(&mut self, at: usize) {
        let around = at.checked_sub(1).map(|at| self.open[at]);
        let is_between = around.is_some_and(|open| open.element.is_table_frame());
        let around = around.map_or_else(Inside::default, |open| open.inside);
        let Open { element, name, is_hiding, is_foreign, .. } = self.open[at];
        let mut inside = around;
        // What stands between the rows of a table stands outside of it.
        if is_between && !element.is_table_part() {
            inside.is_hidden = around.is_hidden_outside;
        } else if element == Element::Table {
            inside.is_hidden_outside = around.is_hidden;
        }
        inside.is_hidden |= is_hiding;
        inside.is_foreign = is_foreign && !name.is_integration();
        inside.is_heading |= element.is_heading();
        inside.context = around.context.inside(element);
        if element == Element::P {
            inside.has_p = true;
        } else if element.is_scope() || element == Element::Button {
            inside.has_p = false;
        }
        if matches!(element, Element::Td | Element::Th | Element::Caption) {
            inside.frame = around.own_frame;
        }
        self.open[at].inside = inside;
    }

    /// Ends the innermost element.
    pub(super) fn pop(&mut self) {
        if self.open.last().is_some_and(|open| open.element == Element::Title)
            && self.is_title_wanted()
        {
            let title = std::mem::take(&mut self.title);
            self.pieces.title =
                Some(super::line::one_line(&title)).filter(|title| !title.is_empty());
        }
        let Some(open) = self.open.pop() else { return };
        self.active.close(open.id);
        if open.inside.is_hidden {
            return;
        }
        if open.element.is_preformatted() {
            self.pieces.list.push(Piece::PreEnd);
        }
        if open.element.is_block() {
            self.pieces.list.push(Piece::Boundary);
        }
        match open.element {
            Element::Table => self.end_frame(),
            Element::Td | Element::Th => self.pieces.list.push(Piece::CellEnd),
            _ => {}
        }
    }

    /// Ends elements until so many are open.
    pub(super) fn pop_to(&mut self, length: usize) {
        while self.open.len() > length {
            self.pop();
        }
    }

    /// Ends the paragraph that is open.
    pub(super) fn end_p(&mut self) {
        if self.inside().has_p
            && let Some(at) = self.open.iter().rposition(|open| open.element == Element::P)
        {
            self.pop_to(at);
        }
    }

    /// Where an element is open that an end tag here would end.
    pub(super) fn in_scope(&self, element: Element) -> Option<usize> {
        self.find_in_scope(|open| open == element)
    }

    pub(super) fn find_in_scope(&self, is_it: impl Fn(Element) -> bool) -> Option<usize> {
        for (at, open) in self.open.iter().enumerate().rev() {
            if is_it(open.element) {
                return Some(at);
            }
            if open.element.is_scope() {
                return None;
            }
        }
        None
    }

    /// Whether a table ends a paragraph it stands in.
    pub(super) fn end_p_at_table(&mut self) {
        if self.is_strict {
            self.end_p();
        }
    }

    pub(super) fn boundary(&mut self) {
        if !self.is_hidden_here() {
            self.pieces.list.push(Piece::Boundary);
        }
    }

    /// Notes that what is around tables has been ended: the page goes on behind them.
    pub(super) fn leave_outer(&mut self, element: Element) {
        let nests = !element.may_be_left_open();
        let around = self.open.iter().rposition(|open| open.element == element);
        if let Some(at) = around.filter(|_| nests) {
            self.leave(at);
        }
    }

    pub(super) fn leave(&mut self, from: usize) {
        for open in &mut self.open[from..] {
            open.is_left = true;
        }
    }

    /// Counts elements that a page makes.
    pub(super) fn count(&mut self, elements: usize) -> Result<()> {
        self.elements += elements;
        if self.elements > limits::HTML_ELEMENTS {
            let detail = format!("the page makes more than {} elements", limits::HTML_ELEMENTS);
            return Err(Error::new(Code::DocumentTooLarge, detail));
        }
        Ok(())
    }

    /// Ends all that is open at the page's end.
    pub(super) fn finish(mut self) -> Pieces {
        self.pieces.ends_inside_table =
            self.open.iter().any(|open| open.element == Element::Table && !open.is_left);
        self.pop_to(0);
        self.pieces
    }
}
