//! XLSX -> sheets: read as a stream, so that only cells in which something stands are kept.

use std::{collections::HashMap, sync::Arc};

use super::{Count, Position, Region, Sheet, blocks, format};
use crate::{
    document::{
        Document, MediaType,
        flow::too_large,
        package::{Package, broken},
        xml::{Element, Event, Xml},
    },
    error::Result,
    limits,
};

/// A formula whose result is not stored.
const NO_RESULT: &str = "=";

/// What the cells' numbers and looks are resolved by.
#[derive(Default)]
struct Book {
    strings: Vec<Arc<str>>,
    /// By look: the number format, and whether the text is struck out.
    looks: Vec<(String, bool)>,
    is_1904: bool,
}

/// Reads a workbook whose main part is known.
pub fn read(package: &mut Package<'_>, main: &str) -> Result<Document> {
    let related = package.relationships(main)?;
    let mut of_kind = |kind: &str| match related.iter().find(|part| part.kind == kind) {
        Some(part) => package.part(&part.target),
        None => Ok(None),
    };
    let strings = of_kind("sharedStrings")?.map_or(Ok(Vec::new()), |part| strings(&part))?;
    let looks = of_kind("styles")?.map_or(Ok(Vec::new()), |part| looks(&part))?;
    let mut book = Book { strings, looks, is_1904: false };
    let text = package.part(main)?.unwrap_or_default();
    let mut xml = Xml::new(&text);
    let mut sheets: Vec<(Sheet, String)> = Vec::new();
    loop {
        match xml.next()? {
            Event::Open(element) if element.name() == "workbookPr" => {
                let epoch = element.attr("date1904")?;
                book.is_1904 = matches!(epoch.as_deref(), Some("1" | "true"));
            }
            Event::Open(element) if element.name() == "sheet" => {
                let sheet = Sheet {
                    name: element.attr("name")?.unwrap_or_default(),
                    is_hidden: element.attr("state")?.is_some_and(|state| state != "visible"),
                    ..Sheet::default()
                };
                sheets.push((sheet, element.attr("id")?.unwrap_or_default()));
                if sheets.len() > limits::SHEETS {
                    return Err(too_large("sheets"));
                }
            }
            Event::End => break,
            _ => {}
        }
    }
    let mut count = Count::default();
    for (sheet, id) in sheets.iter_mut().filter(|(sheet, _)| !sheet.is_hidden) {
        let Some(part) = related.iter().find(|part| part.id == *id) else { continue };
        if let Some(text) = package.part(&part.target)? {
            read_sheet(&text, &book, sheet, &mut count)?;
        }
    }
    blocks(sheets.into_iter().map(|(sheet, _)| sheet).collect(), MediaType::Xlsx)
}

/// The texts that cells share; what is struck out or only tells how to say a word is left out.
fn strings(part: &str) -> Result<Vec<Arc<str>>> {
    let mut xml = Xml::new(part);
    let mut found = Vec::new();
    loop {
        match xml.next()? {
            Event::Open(element) if element.name() == "si" => {
                found.push(Arc::from(rich_text(&mut xml)?));
            }
            Event::End => return Ok(found),
            _ => {}
        }
    }
}

/// The text of the element that was just opened.
fn rich_text(xml: &mut Xml<'_>) -> Result<String> {
    let end = xml.depth();
    let mut text = String::new();
    let (mut in_text, mut is_struck, mut is_raised) = (false, false, false);
    while xml.depth() >= end {
        match xml.next()? {
            Event::Open(element) => match element.name() {
                "t" => in_text = true,
                "rPh" => xml.skip()?,
                "r" => (is_struck, is_raised) = (false, false),
                "strike" => is_struck = element.is_on("val")?,
                "vertAlign" => is_raised = element.attr("val")?.as_deref() != Some("baseline"),
                _ => {}
            },
            Event::Close(name) if name == "t" => in_text = false,
            Event::Text(part) if in_text && !is_struck => {
                // A note's mark stands beside a number, not in it.
                let gap = if is_raised { "\n" } else { "" };
                text = text + gap + &part + gap;
            }
            Event::End => return Err(broken("a part that breaks off")),
            _ => {}
        }
    }
    Ok(text)
}

/// The looks of cells, in their order.
fn looks(part: &str) -> Result<Vec<(String, bool)>> {
    let mut xml = Xml::new(part);
    let mut formats: HashMap<u16, String> = HashMap::new();
    let mut fonts: Vec<bool> = Vec::new();
    let mut looks = Vec::new();
    let mut list = String::new();
    loop {
        match xml.next()? {
            Event::Open(element) => match element.name() {
                name @ ("fonts" | "cellXfs" | "cellStyleXfs" | "dxfs" | "numFmts") => {
                    list = name.to_owned();
                }
                "numFmt" if list == "numFmts" => {
                    let code = element.attr("formatCode")?.unwrap_or_default();
                    formats.extend(element.number("numFmtId")?.map(|id| (id, code)));
                }
                "font" if list == "fonts" => fonts.push(false),
                "strike" if list == "fonts" => {
                    if let Some(font) = fonts.last_mut() {
                        *font = element.is_on("val")?;
                    }
                }
                "xf" if list == "cellXfs" => {
                    let id: u16 = element.number("numFmtId")?.unwrap_or(0);
                    let format = formats.get(&id).map_or(format::built_in(id), String::as_str);
                    let font: usize = element.number("fontId")?.unwrap_or(0);
                    looks.push((format.to_owned(), fonts.get(font).copied().unwrap_or(false)));
                }
                _ => {}
            },
            Event::Close(_) | Event::Text(_) => {}
            Event::End => return Ok(looks),
        }
        if looks.len() > limits::STYLES * 10 || formats.len() > limits::STYLES * 10 {
            return Err(too_large("styles"));
        }
    }
}

fn read_sheet(text: &str, book: &Book, sheet: &mut Sheet, count: &mut Count) -> Result<()> {
    let mut xml = Xml::new(text);
    let mut next: Position = (0, 0);
    loop {
        match xml.next()? {
            Event::Open(element) => match element.name() {
                "col" if is_hidden(&element)? => {
                    let first: u16 = element.number("min")?.unwrap_or(1);
                    let last: u16 = element.number("max")?.unwrap_or(first);
                    if sheet.hidden_columns.len() < limits::MERGED_REGIONS {
                        let hidden = first.saturating_sub(1)..=last.saturating_sub(1);
                        sheet.hidden_columns.push(hidden);
                    }
                }
                "row" => {
                    let row: Option<u32> = element.number("r")?;
                    next = (row.map_or(next.0, |row| row.saturating_sub(1)), 0);
                    if is_hidden(&element)? {
                        sheet.hidden_rows.insert(next.0);
                    }
                }
                "c" => {
                    let at = element.attr("r")?.and_then(|name| position(&name)).unwrap_or(next);
                    next = (at.0, at.1.saturating_add(1));
                    let text = cell(&element, &mut xml, book)?;
                    sheet.set(at, text, count)?;
                }
                "mergeCell" => {
                    let name = element.attr("ref")?.unwrap_or_default();
                    let (first, last) = name.split_once(':').unwrap_or((&name, &name));
                    let region = position(first).zip(position(last));
                    if let Some((first, last)) = region {
                        sheet.merge(Region { first, last })?;
                    }
                }
                // Other sheets' data, charts and the like.
                "extLst" => xml.skip()?,
                _ => {}
            },
            Event::Close(name) if name == "row" => next = (next.0.saturating_add(1), 0),
            Event::Close(_) | Event::Text(_) => {}
            Event::End => return Ok(()),
        }
    }
}

fn is_hidden(element: &Element<'_>) -> Result<bool> {
    Ok(matches!(element.attr("hidden")?.as_deref(), Some("1" | "true")))
}

/// `C7` as row and column.
fn position(name: &str) -> Option<Position> {
    let name = name.replace('$', "");
    let letters = name.len() - name.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let mut column: u16 = 0;
    for letter in name[..letters].bytes() {
        let value = u16::from(letter.to_ascii_uppercase() - b'A') + 1;
        column = column.checked_mul(26)?.checked_add(value)?;
    }
    let row: u32 = name[letters..].parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// What a cell shows.
fn cell(element: &Element<'_>, xml: &mut Xml<'_>, book: &Book) -> Result<Arc<str>> {
    let kind = element.attr("t")?.unwrap_or_default();
    let look: usize = element.number("s")?.unwrap_or(0);
    let end = xml.depth();
    let (mut value, mut rich) = (String::new(), None);
    let (mut in_value, mut has_formula) = (false, false);
    while xml.depth() >= end {
        match xml.next()? {
            Event::Open(element) => match element.name() {
                "v" => in_value = true,
                "f" => has_formula = true,
                "is" => rich = Some(rich_text(xml)?),
                _ => {}
            },
            Event::Close(name) if name == "v" => in_value = false,
            Event::Text(part) if in_value => value.push_str(&part),
            Event::End => return Err(broken("a part that breaks off")),
            _ => {}
        }
    }
    let (format, is_struck) =
        book.looks.get(look).map_or(("General", false), |(format, struck)| (format, *struck));
    if is_struck {
        return Ok(Arc::from(""));
    }
    if let Some(text) = rich {
        return Ok(Arc::from(text));
    }
    if value.is_empty() {
        return Ok(Arc::from(if has_formula && kind != "str" { NO_RESULT } else { "" }));
    }
    Ok(match kind.as_str() {
        "s" => {
            let index = value.trim().parse::<usize>().ok();
            let text = index.and_then(|index| book.strings.get(index));
            text.cloned().ok_or_else(|| broken("a cell names a text that is not there"))?
        }
        "b" => Arc::from(if value.trim() == "0" { "FALSE" } else { "TRUE" }),
        "" | "n" => match value.trim().parse::<f64>() {
            Ok(number) => Arc::from(format::shown(number, format, book.is_1904)),
            Err(_) => Arc::from(value),
        },
        // A text, an error's name, a date.
        _ => Arc::from(value),
    })
}
