//! Lines of text -> paragraphs.
//!
//! A line that reaches the right margin goes on in the next one, unless that is indented, of another
//! size, or begins with a heading's number. Chinese text goes on without a space.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    boxes::Area,
    pages::Page,
    words::{self, Word},
};
use crate::document::Paragraph;

/// Of a line, in sizes of its text: what it may lack to the right margin and still be full.
const SHORT: f32 = 2.2;
/// In sizes of the text: the gap that parts a line.
const APART: f32 = 2.5;
/// Of a page's width: how far its text reaches to the right at least.
const WIDE: f32 = 0.7;
/// In sizes of the text: from where on a line is indented.
const INDENT: f32 = 1.2;
/// In sizes of the text: the gap between lines from which on a paragraph ends.
const GAP: f32 = 1.9;

static HEADING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]{1,3}[章部节])").ok()
});

/// A line of text on its page.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub text: String,
    pub area: Area,
    pub size: f32,
    /// Its parts, where wide gaps part it.
    pub parts: Vec<Self>,
}

impl Line {
    fn of(line: &[&Word]) -> Option<Self> {
        let area = line.iter().map(|word| word.area).reduce(Area::and)?;
        let size = line.iter().map(|word| word.size).fold(0.0, f32::max);
        let mut parts: Vec<&[&Word]> = Vec::new();
        let mut from = 0;
        for at in 1..line.len() {
            if line[at].area.left - line[at - 1].area.right > APART * size {
                parts.push(&line[from..at]);
                from = at;
            }
        }
        let parts = match from {
            0 => Vec::new(),
            _ => parts.into_iter().chain([&line[from..]]).filter_map(Self::of).collect(),
        };
        Some(Self { text: words::line_text(line), area, size, parts })
    }
}

/// The lines that words stand in, from the top.
pub(super) fn lines(words: &[Word]) -> Vec<Line> {
    words::lines_of(words).iter().filter_map(|line| Line::of(line)).collect()
}

/// The left and right margin of a page's text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Margins {
    left: f32,
    right: f32,
}

impl Margins {
    /// The margins that most of the long lines keep.
    pub(super) fn of(lines: &[Line], page_width: f32) -> Self {
        let left = lines.iter().map(|line| line.area.left).fold(f32::INFINITY, f32::min);
        let right = lines.iter().map(|line| line.area.right).fold(0.0, f32::max);
        // On a page without long lines nothing tells which is full.
        Self { left, right: right.max(page_width * WIDE) }
    }
}

/// A paragraph that may go on in the next line.
#[derive(Debug, Default)]
pub(super) struct Open {
    paragraph: Option<Paragraph>,
    last: Option<Line>,
}

impl Open {
    /// Takes a line; gives the paragraph before, where it has ended.
    pub(super) fn push(
        &mut self,
        line: Line,
        page: &Page,
        margins: Margins,
        is_new_page: bool,
    ) -> Option<Paragraph> {
        let goes_on =
            self.last.as_ref().is_some_and(|last| goes_on(last, &line, margins, is_new_page));
        let place = page.place(line.area);
        let ended = match &mut self.paragraph {
            Some(paragraph) if goes_on => {
                append(&mut paragraph.text, &line.text);
                paragraph.place = paragraph.place.map(|before| before.and(place));
                None
            }
            _ => self.paragraph.replace(Paragraph { text: line.text.clone(), place: Some(place) }),
        };
        self.last = Some(line);
        ended
    }

    pub(super) fn end(&mut self) -> Option<Paragraph> {
        self.last = None;
        self.paragraph.take()
    }
}

fn goes_on(last: &Line, line: &Line, margins: Margins, is_new_page: bool) -> bool {
    let size = last.size.max(line.size);
    let is_full = last.area.right > margins.right - SHORT * size;
    let is_indented = line.area.left > margins.left + INDENT * size;
    let is_near = is_new_page || line.area.top - last.area.bottom < GAP * size;
    let is_heading = HEADING.as_ref().is_some_and(|heading| heading.is_match(&line.text));
    let are_alike = last.size.min(line.size) > size * 0.85;
    is_full && !is_indented && is_near && !is_heading && are_alike
}

/// Joins two lines: with a space only between letters and digits.
fn append(text: &mut String, line: &str) {
    let is_latin = |c: char| c.is_ascii_alphanumeric();
    if text.ends_with(is_latin) && line.starts_with(is_latin) {
        text.push(' ');
    }
    text.push_str(line);
}
