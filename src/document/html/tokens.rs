//! Source -> tags and texts, as browsers cut it; each with its place.
//!
//! Takes what html5gum finds, and hands it on to the tree. Comments are passed over: what is commented
//! out is not shown, and what `<![if …]>` reveals is. Refuses an element with attributes without end.

use std::ops::Range;

use html5gum::{Emitter, State, Tokenizer};

use super::{
    attributes::Attributes,
    elements::{Element, Names},
    pieces::{Pieces, Text},
    tree::{Tag, Tree},
};
use crate::error::{Error, Result};

/// The pieces that a page shows.
///
/// # Errors
/// `document_too_large` for what nests without end, or is made of too many elements or attributes.
pub(super) fn pieces(source: &str) -> Result<Pieces> {
    let tokens = Tokens {
        source,
        position: 0,
        text_from: 0,
        waiting: 0..0,
        tag_from: 0,
        tree: Tree::default(),
        names: Names::default(),
        is_end_tag: false,
        is_self_closing: false,
        name: Vec::new(),
        last_start: Vec::new(),
        attributes: Attributes::default(),
        doctype: Doctype::default(),
        outcome: Outcome::Open,
    };
    match Tokenizer::new_with_emitter(source, tokens).next() {
        Some(Ok(End::Whole(pieces))) => Ok(*pieces),
        Some(Ok(End::Refused(error))) => Err(error),
        Some(Err(never)) => match never {},
        None => Ok(Pieces::default()),
    }
}

/// How the reading of a page ends.
enum End {
    Whole(Box<Pieces>),
    Refused(Error),
}

/// How far the reading is.
enum Outcome {
    Open,
    Ended(End),
}

/// What tells whether a page follows the standard.
#[derive(Default)]
struct Doctype {
    name: Vec<u8>,
    public: Vec<u8>,
    has_system: bool,
    is_quirky: bool,
}

struct Tokens<'a> {
    source: &'a str,
    position: usize,
    /// Where the text being read begins.
    text_from: usize,
    /// Text as it stands in the source that is not handed on yet: html5gum may cut a character.
    waiting: Range<usize>,
    tag_from: usize,
    tree: Tree<'a>,
    names: Names,
    is_end_tag: bool,
    is_self_closing: bool,
    name: Vec<u8>,
    last_start: Vec<u8>,
    attributes: Attributes,
    doctype: Doctype,
    outcome: Outcome,
}

impl Tokens<'_> {
    /// A step's result; the first refusal ends the reading.
    fn settle<T: Default>(&mut self, result: Result<T>) -> T {
        result.unwrap_or_else(|error| {
            if matches!(self.outcome, Outcome::Open) {
                self.outcome = Outcome::Ended(End::Refused(error));
            }
            T::default()
        })
    }

    /// Hands the text on that waits.
    fn hand_on(&mut self) {
        let Range { start: from, end: to } = std::mem::take(&mut self.waiting);
        if from < to && matches!(self.outcome, Outcome::Open) {
            let text = self.source.get(from..to).unwrap_or_default();
            let result = self.tree.text(Text { text, from, to, is_verbatim: true });
            self.settle(result);
        }
    }

    fn start_tag(&mut self) -> Option<State> {
        std::mem::swap(&mut self.last_start, &mut self.name);
        let element = self.names.element(&self.last_start);
        let tag = Tag {
            is_hiding: self.attributes.is_hiding(),
            is_self_closing: self.is_self_closing,
            columns: self.attributes.columns(),
            rows: self.attributes.rows(),
            source: self.source.get(self.tag_from..self.position).unwrap_or_default(),
        };
        if element == Element::Meta
            && !self.tree.is_hidden_here()
            && let Some(meta) = self.attributes.take_meta()
        {
            self.tree.pieces.push_meta(meta);
        }
        let result = self.tree.start(element, &tag);
        self.settle(result)
    }
}

impl Emitter for Tokens<'_> {
    type Token = End;

    fn set_last_start_tag(&mut self, name: Option<&[u8]>) {
        self.last_start.clear();
        self.last_start.extend(name.unwrap_or_default());
    }

    fn emit_eof(&mut self) {
        self.hand_on();
        if matches!(self.outcome, Outcome::Open) {
            let pieces = std::mem::take(&mut self.tree).finish();
            self.outcome = Outcome::Ended(End::Whole(Box::new(pieces)));
        }
    }

    fn emit_error(&mut self, _: html5gum::Error) {}

    #[inline]
    fn should_emit_errors(&mut self) -> bool {
        false
    }

    #[inline]
    fn pop_token(&mut self) -> Option<End> {
        if matches!(self.outcome, Outcome::Open) {
            return None;
        }
        match std::mem::replace(&mut self.outcome, Outcome::Open) {
            Outcome::Ended(end) => Some(end),
            Outcome::Open => None,
        }
    }

    fn init_string(&mut self) {
        self.text_from = self.position;
    }

    fn emit_string(&mut self, text: &[u8]) {
        let (from, to) = (self.text_from, self.position);
        self.text_from = to;
        if text == b"\0" || matches!(self.outcome, Outcome::Ended(_)) {
            return;
        }
        let at = to.checked_sub(text.len()).filter(|at| *at >= from);
        let is_verbatim = |at: &usize| self.source.as_bytes().get(*at..to) == Some(text);
        match at.filter(is_verbatim) {
            Some(at) if self.waiting.end == at => self.waiting.end = to,
            Some(at) => {
                self.hand_on();
                self.waiting = at..to;
            }
            None => {
                self.hand_on();
                let text = String::from_utf8_lossy(text);
                let text = Text { text: &text, from, to, is_verbatim: false };
                let result = self.tree.text(text);
                self.settle(result);
            }
        }
    }

    fn start_open_tag(&mut self) {
        self.tag_from = self.position.saturating_sub(1);
    }

    fn init_start_tag(&mut self) {
        self.name.clear();
        self.is_end_tag = false;
        self.is_self_closing = false;
        self.attributes.clear();
    }

    fn init_end_tag(&mut self) {
        self.init_start_tag();
        self.is_end_tag = true;
    }

    fn init_comment(&mut self) {}

    fn emit_current_tag(&mut self) -> Option<State> {
        self.hand_on();
        self.attributes.end();
        if matches!(self.outcome, Outcome::Ended(_)) {
            return None;
        }
        let state = if self.is_end_tag {
            self.last_start.clear();
            let element = self.names.element(&self.name);
            let result = self.tree.end(element);
            self.settle(result);
            None
        } else {
            self.start_tag()
        };
        self.text_from = self.position;
        state
    }

    fn emit_current_comment(&mut self) {
        self.hand_on();
        self.text_from = self.position;
    }

    fn emit_current_doctype(&mut self) {
        self.hand_on();
        self.text_from = self.position;
        let Doctype { name, public, has_system, is_quirky } = &self.doctype;
        let public = String::from_utf8_lossy(public).to_ascii_lowercase();
        let is_old = public.contains("html 3")
            || public.contains("html 4.0 ")
            || (public.contains("html 4.01 ") && public.contains("tional") && !has_system)
            || (public.contains("html 4.01 frameset") && !has_system);
        if name.eq_ignore_ascii_case(b"html") && !is_quirky && !is_old {
            self.tree.set_strict();
        }
    }

    fn set_self_closing(&mut self) {
        self.is_self_closing = true;
    }

    fn set_force_quirks(&mut self) {
        self.doctype.is_quirky = true;
    }

    fn push_tag_name(&mut self, name: &[u8]) {
        self.name.extend(name);
    }

    fn push_comment(&mut self, _: &[u8]) {}

    fn init_doctype(&mut self) {
        self.doctype = Doctype::default();
    }

    fn push_doctype_name(&mut self, name: &[u8]) {
        self.doctype.name.extend(name);
    }

    fn set_doctype_public_identifier(&mut self, identifier: &[u8]) {
        self.doctype.public = identifier.to_owned();
    }

    fn push_doctype_public_identifier(&mut self, part: &[u8]) {
        self.doctype.public.extend(part);
    }

    fn set_doctype_system_identifier(&mut self, _: &[u8]) {
        self.doctype.has_system = true;
    }

    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn init_attribute(&mut self) {
        let result = self.attributes.start();
        self.settle(result);
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        self.attributes.push_name(name);
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        self.attributes.push_value(value);
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.is_end_tag && !self.last_start.is_empty() && self.last_start == self.name
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.tree.is_foreign()
    }

    #[inline]
    fn move_position(&mut self, offset: isize) {
        self.position = self.position.saturating_add_signed(offset);
    }
}
