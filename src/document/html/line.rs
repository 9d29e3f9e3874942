//! Text as a browser shows it: a run of white space is one space, and none where it only breaks a line
//! of Chinese text in the source; and where what is shown stands.

use super::pieces::Text;
use crate::place::Place;

/// White space between what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    Space,
    /// It breaks a line of the source.
    LineEnd,
    /// It ends a line of what is shown.
    Line,
}

/// Lines that are being put together.
#[derive(Debug, Default)]
pub(super) struct Shown {
    text: String,
    last: Option<char>,
    gap: Option<Gap>,
    from: usize,
    to: usize,
}

impl Shown {
    pub(super) fn push(&mut self, text: Text<'_>) {
        for (at, c) in text.text.char_indices() {
            if matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{200C}' | '\u{200D}') {
                continue;
            }
            if c.is_whitespace() {
                self.gap = match self.gap {
                    Some(Gap::Line) => Some(Gap::Line),
                    Some(Gap::LineEnd) => Some(Gap::LineEnd),
                    _ if matches!(c, '\n' | '\r') => Some(Gap::LineEnd),
                    _ => Some(Gap::Space),
                };
                continue;
            }
            let (from, to) = if text.is_verbatim {
                (text.from + at, text.from + at + c.len_utf8())
            } else {
                (text.from, text.to)
            };
            if self.text.is_empty() {
                self.from = from;
            }
            self.to = to;
            self.show(c);
        }
    }

    fn show(&mut self, c: char) {
        match self.gap.take() {
            _ if self.text.is_empty() => {}
            None => {}
            Some(Gap::Line) => self.text.push('\n'),
            Some(Gap::LineEnd) if self.last.is_some_and(is_wide) && is_wide(c) => {}
            Some(_) => self.text.push(' '),
        }
        self.text.push(c);
        self.last = Some(c);
    }

    /// Ends a line; lines without text are none.
    pub(super) fn end_line(&mut self) {
        self.gap = Some(Gap::Line);
    }

    /// What is shown, and where the first to the last character of it stand.
    pub(super) fn take(&mut self) -> (String, Option<Place>) {
        let place = (!self.text.is_empty()).then(|| Place::bytes(self.from, self.to));
        (self.take_text(), place)
    }

    fn take_text(&mut self) -> String {
        self.gap = None;
        self.last = None;
        std::mem::take(&mut self.text)
    }
}

/// A text on one line.
pub(super) fn one_line(text: &str) -> String {
    let mut shown = Shown::default();
    shown.push(Text { text, from: 0, to: 0, is_verbatim: false });
    shown.take_text()
}

fn is_wide(c: char) -> bool {
    c >= '\u{2E80}'
}
