//! What a start tag begins and what an end tag ends.

use html5gum::State;

use super::{
    elements::Element,
    pieces::Piece,
    tables::Context,
    tree::{Tag, Tree},
};
use crate::error::Result;

impl<'a> Tree<'a> {
    /// A start tag. Gives how what follows is to be read, where it is not markup.
    pub(super) fn start(&mut self, element: Element, tag: &Tag<'a>) -> Result<Option<State>> {
        self.count(1)?;
        if self.is_foreign() {
            if !element.breaks_out() {
                self.push(element, tag)?;
                if tag.is_self_closing {
                    self.pop();
                }
                return Ok(None);
            }
            while self.is_foreign() {
                self.pop();
            }
        }
        if self.inside().context == Context::Columns && element != Element::Col {
            self.end_columns();
        }
        match element {
            Element::Html | Element::Head | Element::Body => {}
            Element::Table
            | Element::Caption
            | Element::Colgroup
            | Element::Col
            | Element::Tbody
            | Element::Thead
            | Element::Tfoot
            | Element::Tr
            | Element::Td
            | Element::Th => self.start_of_table(element, tag)?,
            Element::Form => self.start_form(tag)?,
            Element::Li | Element::Dd | Element::Dt => {
                self.end_item(element);
                self.end_p();
                self.push(element, tag)?;
            }
            Element::Frameset if !self.pieces.list.is_empty() => {}
            Element::A | Element::Nobr => {
                if self.active.has(element) {
                    self.end_formatting(element);
                    self.active.forget(element);
                }
                self.start_formatting(element, tag)?;
            }
            Element::Optgroup | Element::Option => {
                self.end_implied(Element::Option);
                self.push(element, tag)?;
            }
            Element::Rb | Element::Rp | Element::Rt | Element::Rtc => {
                if self.in_scope(Element::Ruby).is_some() {
                    self.end_all_implied();
                }
                self.push(element, tag)?;
            }
            Element::Button | Element::Select if self.in_scope(element).is_some() => {
                self.end(element)?;
                if element == Element::Button {
                    self.push(element, tag)?;
                }
            }
            _ if element.is_void() => self.void(element, tag)?,
            _ if element.is_formatting() => self.start_formatting(element, tag)?,
            _ => self.start_other(element, tag)?,
        }
        Ok(self.state_after(element))
    }

    fn start_other(&mut self, element: Element, tag: &Tag<'a>) -> Result<()> {
        if element.closes_p() {
            self.end_p();
        } else if !element.is_raw() {
            self.reopen_formatting()?;
        }
        if element.is_heading() && self.open.last().is_some_and(|open| open.element.is_heading()) {
            self.pop();
        }
        self.push(element, tag)?;
        if element.is_foreign_root() && tag.is_self_closing {
            self.pop();
        }
        if matches!(element, Element::Applet | Element::Marquee | Element::Object) {
            self.active.mark();
        }
        Ok(())
    }

    /// An element that holds nothing.
    fn void(&mut self, element: Element, tag: &Tag<'a>) -> Result<()> {
        match element {
            Element::Hr => self.end_p(),
            Element::Br => self.reopen_formatting()?,
            Element::Input | Element::Keygen if self.in_scope(Element::Select).is_some() => {
                self.end(Element::Select)?;
            }
            _ => {}
        }
        let inside = self.inside();
        if !self.is_hidden_here() && !tag.is_hiding {
            match element {
                Element::Hr => self.pieces.list.push(Piece::Boundary),
                Element::Br => {
                    self.pieces.list.push(Piece::Break { in_heading: inside.is_heading });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A form within a form is none; in a table it holds nothing.
    fn start_form(&mut self, tag: &Tag<'a>) -> Result<()> {
        let is_in_table = self.open.last().is_some_and(|open| open.element.is_table_frame());
        if self.has_form {
            return Ok(());
        }
        self.has_form = true;
        if !is_in_table {
            self.end_p();
            self.push(Element::Form, tag)?;
        }
        Ok(())
    }

    /// An item ends the one before it in its list.
    fn end_item(&mut self, element: Element) {
        let is_item = |open: Element| match element {
            Element::Li => open == Element::Li,
            _ => matches!(open, Element::Dd | Element::Dt),
        };
        for at in (0..self.open.len()).rev() {
            let open = self.open[at].element;
            if is_item(open) {
                self.pop_to(at);
                return;
            }
            if open.is_special() && !matches!(open, Element::Address | Element::Div | Element::P) {
                return;
            }
        }
    }

    fn state_after(&self, element: Element) -> Option<State> {
        match element {
            Element::Title | Element::Textarea => Some(State::RcData),
            Element::Script => Some(State::ScriptData),
            Element::Plaintext => Some(State::PlainText),
            _ if element.is_raw() => Some(State::RawText),
            _ => None,
        }
    }

    /// An end tag.
    pub(super) fn end(&mut self, element: Element) -> Result<()> {
        self.count(1)?;
        let last = self.open.last();
        if last.is_some_and(|open| open.is_foreign) && self.end_foreign(element) {
            return Ok(());
        }
        match element {
            Element::Html | Element::Body => self.leave(0),
            Element::P if self.inside().has_p => self.end_p(),
            Element::P => self.boundary(),
            Element::Br => self.void(Element::Br, &Tag::default())?,
            Element::Table
            | Element::Caption
            | Element::Colgroup
            | Element::Tbody
            | Element::Thead
            | Element::Tfoot
            | Element::Tr
            | Element::Td
            | Element::Th => self.end_of_table(element),
            Element::Form => {
                self.has_form = false;
                self.end_scoped(element);
            }
            Element::Applet | Element::Marquee | Element::Object => {
                if self.end_scoped(element) {
                    self.active.unmark();
                }
            }
            Element::Template => {
                if let Some(at) = self.open.iter().rposition(|open| open.element == element) {
                    self.pop_to(at);
                }
            }
            _ if element.is_void() => {}
            _ if element.is_heading() => {
                let found = self.find_in_scope(Element::is_heading);
                if let Some(at) = found {
                    self.pop_to(at);
                }
            }
            _ if element.is_formatting() => self.end_formatting(element),
            _ if element.is_special() && !element.is_raw() => {
                self.end_scoped(element);
            }
            _ => self.end_any(element),
        }
        Ok(())
    }

    /// Ends an element of a drawing or a formula; false where the end tag belongs to what is around it.
    fn end_foreign(&mut self, element: Element) -> bool {
        if matches!(element, Element::P | Element::Br) {
            while self.is_foreign() {
                self.pop();
            }
            return false;
        }
        let inner = self.open.iter().rev().take_while(|open| open.is_foreign).count();
        let from = self.open.len() - inner;
        let found = self.open[from..].iter().rposition(|open| open.name == element);
        if let Some(at) = found {
            self.pop_to(from + at);
        }
        found.is_some()
    }

    /// Ends an element where it is open in scope.
    fn end_scoped(&mut self, element: Element) -> bool {
        let found = self.in_scope(element);
        match found {
            Some(at) => self.pop_to(at),
            None => self.leave_outer(element),
        }
        found.is_some()
    }

    /// Ends the innermost element of this name, unless one stands between that it cannot end.
    pub(super) fn end_any(&mut self, element: Element) {
        for at in (0..self.open.len()).rev() {
            if self.open[at].element == element {
                return self.pop_to(at);
            }
            if self.open[at].element.is_special() {
                return self.leave_outer(element);
            }
        }
    }

    fn end_implied(&mut self, element: Element) {
        if self.open.last().is_some_and(|open| open.element == element) {
            self.pop();
        }
    }

    fn end_all_implied(&mut self) {
        while self.open.last().is_some_and(|open| open.element.may_be_left_open()) {
            self.pop();
        }
    }
}
