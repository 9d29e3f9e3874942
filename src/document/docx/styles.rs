//! What styles say of text: whether it is hidden, struck out, raised; which list it belongs to.

use std::collections::HashMap;

use crate::{
    document::{
        flow::too_large,
        xml::{Element, Event, Xml},
    },
    error::Result,
    limits,
};

/// How a run looks, as far as it matters for what is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    pub is_hidden: bool,
    pub is_struck: bool,
    /// Raised or lowered, as a note's mark is.
    pub is_raised: bool,
}

/// What a style says.
#[derive(Clone, Debug, Default)]
pub struct Style {
    pub look: Look,
    /// The list its paragraphs belong to, and their level in it.
    pub list: Option<String>,
    pub level: Option<usize>,
    based_on: Option<String>,
}

/// The styles by their ids.
#[derive(Debug, Default)]
pub struct Styles(HashMap<String, Style>);

impl Look {
    /// Takes in what an element of a run's properties says.
    pub fn set(&mut self, element: &Element<'_>) -> Result<()> {
        match element.name() {
            "vanish" => self.is_hidden = element.is_on("val")?,
            "strike" | "dstrike" => self.is_struck = element.is_on("val")?,
            "vertAlign" => {
                self.is_raised =
                    matches!(element.attr("val")?.as_deref(), Some("superscript" | "subscript"));
            }
            _ => {}
        }
        Ok(())
    }

    /// Both together.
    pub const fn with(self, other: Self) -> Self {
        Self {
            is_hidden: self.is_hidden || other.is_hidden,
            is_struck: self.is_struck || other.is_struck,
            is_raised: self.is_raised || other.is_raised,
        }
    }
}

impl Styles {
    pub fn read(part: &str) -> Result<Self> {
        let mut xml = Xml::new(part);
        let mut styles = HashMap::new();
        let mut open: Option<(String, Style)> = None;
        loop {
            match (xml.next()?, &mut open) {
                (Event::Open(element), None) if element.name() == "style" => {
                    let id = element.attr("styleId")?.unwrap_or_default();
                    open = Some((id, Style::default()));
                }
                // A table's style has parts for its rows, which are no runs' looks.
                (Event::Open(element), Some(_)) if element.name() == "tblStylePr" => xml.skip()?,
                (Event::Open(element), Some((_, style))) => match element.name() {
                    "basedOn" => style.based_on = element.attr("val")?,
                    "numId" => style.list = element.attr("val")?,
                    "ilvl" => style.level = element.number("val")?,
                    _ => style.look.set(&element)?,
                },
                (Event::Close(name), Some(_)) if name == "style" => {
                    styles.extend(open.take());
                    if styles.len() > limits::STYLES {
                        return Err(too_large("styles"));
                    }
                }
                (Event::End, _) => return Ok(Self(styles)),
                _ => {}
            }
        }
    }

    /// What a style says, and those it is based on.
    pub fn get(&self, id: &str) -> Style {
        let mut found = Style::default();
        let mut next = self.0.get(id);
        for _ in 0..limits::STYLE_DEPTH {
            let Some(style) = next else { break };
            found.look = found.look.with(style.look);
            found.list = found.list.or_else(|| style.list.clone());
            found.level = found.level.or(style.level);
            next = style.based_on.as_ref().and_then(|id| self.0.get(id));
        }
        found.list = found.list.filter(|list| list != "0");
        found
    }
}
