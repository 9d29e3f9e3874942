//! Glued text as labels and runs of digits.
//!
//! Takes the text of a table whose cells ran together; gives its labels, each with the run of digits and
//! signs right behind it. White space inside a run is kept as a border between cells. Never decides what
//! a run says.

use std::ops::Range;

use crate::document::Paragraph;

/// The text of a table, and the paragraphs it stands in.
#[derive(Debug, Default)]
pub struct Text {
    pub text: String,
    /// Where each paragraph begins in the text.
    paragraphs: Vec<(usize, Paragraph)>,
}

impl Text {
    pub fn of(paragraphs: impl IntoIterator<Item = Paragraph>) -> Self {
        let mut text = Self::default();
        for paragraph in paragraphs {
            if !text.text.is_empty() {
                text.text.push('\n');
            }
            let from = text.text.len();
            text.text.push_str(&paragraph.text);
            text.paragraphs.push((from, paragraph));
        }
        text
    }

    /// A part of the text, with its place; of the paragraph it begins in.
    pub fn part(&self, range: Range<usize>) -> Paragraph {
        let of = self.paragraphs.iter().rev().find(|(from, _)| *from <= range.start);
        match of {
            Some((from, paragraph)) => {
                let end = (range.end - from).min(paragraph.text.len());
                paragraph.part((range.start - from).min(end)..end)
            }
            None => Paragraph { text: self.text[range].to_owned(), place: None },
        }
    }

    /// Where a paragraph begins.
    pub fn start_of(&self, paragraph: usize) -> usize {
        self.paragraphs.get(paragraph).map_or(0, |(from, _)| *from)
    }

    /// The index of the paragraph in which a byte stands.
    pub fn paragraph_of(&self, at: usize) -> usize {
        self.paragraphs.iter().rposition(|(from, _)| *from <= at).unwrap_or(0)
    }
}

/// Whether a number goes on behind a run, with a separator of thousands or a decimal point.
pub fn goes_on(text: &str, run: &Run) -> bool {
    let mut behind = text[run.bytes().end..].chars();
    let is_separator = matches!(behind.next(), Some(',' | '，' | '.' | '．'));
    is_separator && behind.next().is_some_and(|c| matches!(sign(c), Some(Sign::Digit(_))))
}

/// Where a run ends with all that goes on behind it.
pub fn end_of(text: &str, run: &Run) -> usize {
    let from = run.bytes().end;
    if !goes_on(text, run) {
        return from;
    }
    let is_rest = |c: char| sign(c).is_some() || matches!(c, ',' | '，' | '.' | '．');
    from + text[from..].find(|c| !is_rest(c)).unwrap_or(text.len() - from)
}

/// What one character of a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Digit(u8),
    Slash,
    Dash,
}

/// One character of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atom {
    pub sign: Sign,
    /// Where it stands in the text.
    pub bytes: Range<usize>,
    /// Whether white space stands before it.
    pub is_apart: bool,
}

/// A run of digits and signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub atoms: Vec<Atom>,
    /// Whether the last digit numbers the label behind it: `2.`.
    pub has_mark: bool,
}

impl Run {
    pub fn bytes(&self) -> Range<usize> {
        match (self.atoms.first(), self.atoms.last()) {
            (Some(first), Some(last)) => first.bytes.start..last.bytes.end,
            _ => 0..0,
        }
    }
}

/// A label, and the run behind it.
#[derive(Clone, Debug)]
pub struct Piece {
    pub label: Range<usize>,
    pub run: Run,
}

/// Signs behind the number of a label.
const MARKS: [char; 5] = ['.', '．', '、', '﹒', '·'];

/// The labels and runs of a text, in its order; what follows the last run is left out.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut label_from = 0;
    let mut atoms: Vec<Atom> = Vec::new();
    let mut is_apart = false;
    let mut end = |atoms: &mut Vec<Atom>, has_mark: bool, next: usize| {
        let Some(first) = atoms.first() else { return };
        // A sign alone is a part of the label: 本年增/减.
        if atoms.len() == 1 && !matches!(first.sign, Sign::Digit(_)) {
            return atoms.clear();
        }
        let label = label_from..first.bytes.start;
        pieces.push(Piece { label, run: Run { atoms: std::mem::take(atoms), has_mark } });
        label_from = next;
    };
    for (at, c) in text.char_indices() {
        let next = at + c.len_utf8();
        if let Some(sign) = sign(c) {
            atoms.push(Atom { sign, bytes: at..next, is_apart: is_apart && !atoms.is_empty() });
            is_apart = false;
        } else if c.is_whitespace() {
            is_apart = true;
        } else {
            let ends_with_digit =
                atoms.last().is_some_and(|last| matches!(last.sign, Sign::Digit(_)));
            let has_mark = MARKS.contains(&c) && ends_with_digit && !is_apart;
            end(&mut atoms, has_mark, if has_mark { next } else { at });
            is_apart = false;
        }
    }
    end(&mut atoms, false, text.len());
    pieces
}

/// The sign a character of a run is.
pub fn sign(c: char) -> Option<Sign> {
    let wide = |c: char| (u32::from(c) - u32::from('０')) as u8;
    Some(match c {
        '0'..='9' => Sign::Digit(c as u8 - b'0'),
        '０'..='９' => Sign::Digit(wide(c)),
        '/' | '／' => Sign::Slash,
        '-' | '－' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '─' | '━' => Sign::Dash,
        _ => return None,
    })
}
