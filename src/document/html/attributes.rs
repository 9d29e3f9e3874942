//! The attributes of a start tag that matter: what hides its content, how far a cell spans, what a meta
//! element states. Of two of one name the first counts.

use crate::{
    error::{Code, Error, Result},
    limits,
};

/// Styles that hide an element; `mso-hide` is Word's.
const HIDING: [(&[u8], &[u8]); 3] =
    [(b"display", b"none"), (b"visibility", b"hidden"), (b"mso-hide", b"all")];
/// Bytes of an attribute's name that matters, at most.
const NAME_BYTES: usize = 8;
/// Bytes of a span that are read.
const SPAN_BYTES: usize = 20;

/// An attribute that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Style,
    Hidden,
    Columns,
    Rows,
    Named,
    Content,
}

const NAMES: [(&[u8], Name); 6] = [
    (b"style", Name::Style),
    (b"hidden", Name::Hidden),
    (b"colspan", Name::Columns),
    (b"rowspan", Name::Rows),
    (b"name", Name::Named),
    (b"content", Name::Content),
];

/// The attributes of the tag being read.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    count: usize,
    is_open: bool,
    name: Vec<u8>,
    /// Which attribute is being read, where it matters and is the first of its name.
    current: Option<Name>,
    values: [Option<Vec<u8>>; NAMES.len()],
}

impl Attributes {
    pub(super) fn clear(&mut self) {
        if self.count > 0 {
            for value in &mut self.values {
                *value = None;
            }
        }
        self.count = 0;
        self.is_open = false;
        self.current = None;
        self.name.clear();
    }

    /// Begins an attribute.
    pub(super) fn start(&mut self) -> Result<()> {
        self.end();
        self.count += 1;
        self.is_open = true;
        if self.count > limits::HTML_ATTRIBUTES {
            let detail = format!(
                "an element of the page has more than {} attributes",
                limits::HTML_ATTRIBUTES
            );
            return Err(Error::new(Code::DocumentTooLarge, detail));
        }
        Ok(())
    }

    /// Ends the attribute that is being read.
    pub(super) fn end(&mut self) {
        self.end_name();
        self.is_open = false;
        self.current = None;
        self.name.clear();
    }

    pub(super) fn push_name(&mut self, name: &[u8]) {
        // A longer one than matters is kept just long enough to be told from those.
        let room = (NAME_BYTES + 1).saturating_sub(self.name.len());
        self.name.extend(&name[..name.len().min(room)]);
    }

    /// The name is whole: an attribute may have no value.
    fn end_name(&mut self) {
        if !self.is_open || self.name.is_empty() {
            return;
        }
        let found = NAMES.iter().find(|(name, _)| *name == self.name).map(|(_, name)| *name);
        self.current = found.filter(|name| self.values[*name as usize].is_none());
        if let Some(name) = self.current {
            self.values[name as usize] = Some(Vec::new());
        }
        self.name.clear();
    }

    pub(super) fn push_value(&mut self, value: &[u8]) {
        self.end_name();
        if let Some(name) = self.current
            && let Some(text) = &mut self.values[name as usize]
        {
            text.extend(value);
        }
    }

    fn value(&self, name: Name) -> Option<&[u8]> {
        self.values[name as usize].as_deref()
    }

    /// Whether they hide the element.
    pub(super) fn is_hiding(&self) -> bool {
        self.value(Name::Hidden).is_some() || self.value(Name::Style).is_some_and(hides)
    }

    pub(super) fn columns(&self) -> u16 {
        self.span(Name::Columns)
    }

    pub(super) fn rows(&self) -> u16 {
        self.span(Name::Rows)
    }

    fn span(&self, name: Name) -> u16 {
        let value = self.value(name).filter(|value| value.len() <= SPAN_BYTES);
        let number = value
            .and_then(|value| std::str::from_utf8(value).ok())
            .and_then(|value| value.trim().parse::<u64>().ok());
        number.map_or(1, |number| u16::try_from(number).unwrap_or(u16::MAX))
    }

    /// The name and the content of a meta element.
    pub(super) fn take_meta(&mut self) -> Option<(String, String)> {
        let mut take = |name: Name| {
            let value = self.values[name as usize].take()?;
            Some(String::from_utf8_lossy(&value).into_owned())
        };
        take(Name::Named).zip(take(Name::Content))
    }
}

/// Whether a style hides what it is of, white space and capitals aside.
fn hides(style: &[u8]) -> bool {
    let is_at = |colon: usize| {
        HIDING.iter().any(|(property, value)| {
            begins(style[..colon].iter().rev(), property.iter().rev())
                && begins(style[colon + 1..].iter(), value.iter())
        })
    };
    style.iter().enumerate().any(|(at, byte)| *byte == b':' && is_at(at))
}

/// Whether bytes begin with a word, white space and capitals aside.
fn begins<'a>(bytes: impl Iterator<Item = &'a u8>, mut word: impl Iterator<Item = &'a u8>) -> bool {
    let mut bytes = bytes.filter(|byte| !byte.is_ascii_whitespace());
    word.all(|wanted| bytes.next().is_some_and(|byte| byte.eq_ignore_ascii_case(wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_hides_however_it_is_written() {
        for style in ["display:none", "color:red; Display : NONE !important", "mso-hide:all"] {
            assert!(hides(style.as_bytes()), "{style}");
        }
        for style in ["display:block", "none", "color:none;visibility:visible", ":", ""] {
            assert!(!hides(style.as_bytes()), "{style}");
        }
    }
}
