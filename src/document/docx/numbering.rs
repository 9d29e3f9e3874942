//! The numbers that Word counts itself: `一、`, `（二）`, `3.`
//!
//! Takes the part that defines lists; gives the number of the paragraph that comes next in one. A format
//! that is not known, and bullets, give none: headings are known by their wording too.

use std::collections::HashMap;

use crate::{
    document::{
        flow::too_large,
        xml::{Element, Event, Xml},
    },
    error::Result,
    limits,
};

const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// One level of a list.
#[derive(Clone, Debug, Default)]
struct Level {
    start: Option<u32>,
    format: Option<String>,
    /// `%1、`: where the number of which level stands.
    text: Option<String>,
}

impl Level {
    /// What this says, else what another does.
    fn or(&self, other: &Self) -> Self {
        Self {
            start: self.start.or(other.start),
            format: self.format.clone().or_else(|| other.format.clone()),
            text: self.text.clone().or_else(|| other.text.clone()),
        }
    }
}

type Levels = [Level; limits::LIST_LEVELS];

/// The lists of a document, and how far each has counted.
#[derive(Debug, Default)]
pub struct Numbering {
    definitions: HashMap<String, Levels>,
    /// By list: its definition, and what it says otherwise.
    lists: HashMap<String, (String, Levels)>,
    /// By definition: the numbers last given, by level.
    counters: HashMap<String, [Option<u32>; limits::LIST_LEVELS]>,
    /// Lists that have begun.
    begun: Vec<String>,
}

impl Numbering {
    pub fn read(part: &str) -> Result<Self> {
        let mut xml = Xml::new(part);
        let mut numbering = Self::default();
        let mut id = String::new();
        let mut level = 0;
        loop {
            match xml.next()? {
                Event::Open(element) => match element.name() {
                    "abstractNum" => {
                        id = format!("a{}", element.attr("abstractNumId")?.unwrap_or_default());
                        numbering.definitions.insert(id.clone(), Levels::default());
                    }
                    "num" => {
                        id = element.attr("numId")?.unwrap_or_default();
                        numbering.lists.insert(id.clone(), Default::default());
                    }
                    "abstractNumId" => {
                        if let Some((definition, _)) = numbering.lists.get_mut(&id) {
                            *definition = format!("a{}", element.attr("val")?.unwrap_or_default());
                        }
                    }
                    "lvl" | "lvlOverride" => level = element.number("ilvl")?.unwrap_or(0),
                    _ => numbering.property(&element, &id, level)?,
                },
                Event::Close(_) | Event::Text(_) => {}
                Event::End => return Ok(numbering),
            }
            if numbering.definitions.len() + numbering.lists.len() > limits::STYLES {
                return Err(too_large("lists"));
            }
        }
    }

    fn property(&mut self, element: &Element<'_>, id: &str, level: usize) -> Result<()> {
        let levels = match self.lists.get_mut(id) {
            Some((_, levels)) => Some(levels),
            None => self.definitions.get_mut(id),
        };
        let Some(level) = levels.and_then(|levels| levels.get_mut(level)) else { return Ok(()) };
        match element.name() {
            "start" | "startOverride" => level.start = element.number("val")?,
            "numFmt" => level.format = element.attr("val")?,
            "lvlText" => level.text = element.attr("val")?,
            _ => {}
        }
        Ok(())
    }

    /// The number of the next paragraph of a list at a level, as printed.
    pub fn next(&mut self, list: &str, level: usize) -> Option<String> {
        let (id, overrides) = self.lists.get(list)?;
        let definition = self.definitions.get(id)?;
        let of = |at: usize| Some(overrides.get(at)?.or(definition.get(at)?));
        let counters = self.counters.entry(id.clone()).or_default();
        if !self.begun.iter().any(|begun| begun == list) {
            self.begun.push(list.to_owned());
            for (counter, level) in counters.iter_mut().zip(overrides) {
                *counter = if level.start.is_some() { None } else { *counter };
            }
        }
        let start = |at: usize| of(at).and_then(|level| level.start).unwrap_or(1);
        for at in 0..level {
            let counter = counters.get_mut(at)?;
            *counter = counter.or(Some(start(at)));
        }
        let counter = counters.get_mut(level)?;
        *counter = Some(counter.map_or(start(level), |number| number.saturating_add(1)));
        counters[level + 1..].fill(None);

        let mut printed = of(level)?.text?;
        for (at, counter) in counters.iter().enumerate().take(level + 1) {
            let mark = format!("%{}", at + 1);
            if printed.contains(&mark) {
                let number = numeral((*counter)?, of(at)?.format.as_deref()?)?;
                printed = printed.replace(&mark, &number);
            }
        }
        let printed = printed.trim().to_owned();
        (!printed.is_empty() && of(level)?.format.as_deref() != Some("bullet")).then_some(printed)
    }
}

/// A number in one of the formats that lists are met with.
fn numeral(number: u32, format: &str) -> Option<String> {
    match format {
        "decimal" | "decimalHalfWidth" => Some(number.to_string()),
        "decimalFullWidth" | "decimalFullWidth2" => {
            Some(number.to_string().chars().filter_map(full_width).collect())
        }
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => {
            char::from_u32(0x2460 + number.checked_sub(1)?)
                .filter(|_| number <= 20)
                .map(String::from)
        }
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand" => counted(number),
        "none" => Some(String::new()),
        _ => None,
    }
}

fn full_width(digit: char) -> Option<char> {
    char::from_u32('０' as u32 + digit.to_digit(10)?)
}

/// A number below a hundred in words.
fn counted(number: u32) -> Option<String> {
    let digit = |digit: u32| DIGITS.get(usize::try_from(digit).ok()?).copied();
    let (tens, ones) = (number / 10, number % 10);
    let mut words = String::new();
    match tens {
        0 => return digit(ones).map(String::from),
        1 => words.push('十'),
        2..=9 => words.extend([digit(tens)?, '十']),
        _ => return None,
    }
    if ones > 0 {
        words.push(digit(ones)?);
    }
    Some(words)
}
