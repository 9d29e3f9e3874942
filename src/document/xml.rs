//! XML -> elements and text, bounded in depth and number.
//!
//! Names are compared without their prefixes. Entities that a document declares itself are refused: no
//! Office document has any, and dropping one could change a number.

use std::borrow::Cow;

use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event as Raw},
};

use super::package::broken;
use crate::{
    error::{Code, Error, Result},
    limits,
};

/// An element's beginning.
pub(super) struct Element<'a>(BytesStart<'a>);

/// What comes next. An empty element begins and ends.
pub(super) enum Event<'a> {
    Open(Element<'a>),
    Close(String),
    Text(Cow<'a, str>),
    End,
}

/// A part that is being read.
pub(super) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    elements: usize,
}

impl Element<'_> {
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// An attribute's value, found by its name without prefix.
    pub fn attr(&self, name: &str) -> Result<Option<String>> {
        for attribute in self.0.attributes().with_checks(false) {
            let attribute = attribute.map_err(broken)?;
            if attribute.key.local_name().into_inner() == name {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(broken)?;
                return Ok(Some(value.into_owned()));
            }
        }
        Ok(None)
    }

    /// An attribute that is a number.
    pub fn number<N: std::str::FromStr>(&self, name: &str) -> Result<Option<N>> {
        Ok(self.attr(name)?.and_then(|value| value.trim().parse().ok()))
    }

    /// Whether a switch such as `<w:vanish/>` is on.
    pub fn is_on(&self, name: &str) -> Result<bool> {
        Ok(!matches!(self.attr(name)?.as_deref(), Some("0" | "false" | "off" | "none")))
    }
}

impl<'a> Xml<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text.trim_start_matches('\u{FEFF}'));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, depth: 0, elements: 0 }
    }

    /// How many elements are open.
    pub const fn depth(&self) -> usize {
        self.depth
    }

    pub fn next(&mut self) -> Result<Event<'a>> {
        loop {
            return Ok(match self.reader.read_event().map_err(broken)? {
                // An empty element comes as both where it is expanded, as is asked for.
                Raw::Start(element) | Raw::Empty(element) => {
                    self.depth += 1;
                    self.elements += 1;
                    if self.depth > limits::XML_DEPTH || self.elements > limits::XML_ELEMENTS {
                        let detail = format!(
                            "a part has more than {} elements, or more than {} in each other",
                            limits::XML_ELEMENTS,
                            limits::XML_DEPTH
                        );
                        return Err(Error::new(Code::DocumentTooLarge, detail));
                    }
                    Event::Open(Element(element))
                }
                Raw::End(element) => {
                    self.depth = self.depth.saturating_sub(1);
                    Event::Close(element.local_name().into_inner().to_owned())
                }
                Raw::Text(text) => Event::Text(text.into_inner()),
                Raw::CData(text) => Event::Text(text.into_inner()),
                Raw::GeneralRef(entity) => {
                    let character = entity.resolve_char_ref().map_err(broken)?;
                    match (character, resolve_predefined_entity(&entity)) {
                        (Some(character), _) => Event::Text(Cow::Owned(character.to_string())),
                        (None, Some(text)) => Event::Text(Cow::Borrowed(text)),
                        (None, None) => return Err(broken("an entity that is not known")),
                    }
                }
                Raw::Eof if self.depth > 0 => return Err(broken("a part that breaks off")),
                Raw::Eof => Event::End,
                Raw::Comment(_) | Raw::Decl(_) | Raw::PI(_) | Raw::DocType(_) => continue,
            });
        }
    }

    /// Goes on behind the element that was just opened.
    pub fn skip(&mut self) -> Result<()> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if matches!(self.next()?, Event::End) {
                break;
            }
        }
        Ok(())
    }
}
