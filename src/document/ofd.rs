//! OFD (GB/T 33190) -> blocks: the pages of China's own format for documents, read as those of a PDF.
//!
//! Takes an open package; draws what its pages hold, characters and lines with their places, on the
//! canvas that PDF is drawn on. Seals and other annotations are left out: they are no part of the text.

mod objects;

use std::{collections::HashMap, sync::Arc, time::Instant};

use hayro_interpret::kurbo::{Affine, Rect};

use super::{
    Document, MediaType,
    drawn::{self, Pages},
    package::{Package, broken, resolved},
    xml::{Event, Xml},
};
use crate::{
    error::{Code, Error, Result},
    limits,
};

/// Points in a millimetre, in which OFD measures.
const POINTS: f64 = 72.0 / 25.4;

/// Reads an OFD file.
pub(super) fn read(package: &mut Package<'_>) -> Result<Document> {
    if package.has("Encryptions.xml") {
        return Err(Error::new(Code::EncryptedDocument, "its parts are encrypted"));
    }
    let file = File::read(package)?;
    drawn::refuse_many(file.pages.len())?;
    let deadline = Instant::now() + limits::PAGES_TIME;
    let mut templates: HashMap<&str, Arc<str>> = HashMap::new();
    let mut pages = Pages::default();
    for name in &file.pages {
        let text = part(package, name)?;
        let sheet = Sheet::read(&text)?;
        let area = sheet.area.or(file.area).ok_or_else(|| broken("its pages have no size"))?;
        let mut layers: Vec<Arc<str>> = Vec::new();
        for name in sheet.templates.iter().filter_map(|id| file.templates.get(id)) {
            if !templates.contains_key(name.as_str()) {
                templates.insert(name, part(package, name)?.into());
            }
            layers.extend(templates.get(name.as_str()).cloned());
        }
        layers.push(text.into());
        let size = ((area.width() * POINTS) as f32, (area.height() * POINTS) as f32);
        let to_page = Affine::scale(POINTS) * Affine::translate((-area.x0, -area.y0));
        pages.add(size, deadline, |canvas| {
            layers.iter().try_for_each(|layer| objects::draw(layer, to_page, canvas))
        })?;
    }
    pages.document(MediaType::Ofd)
}

/// A part that must be there.
fn part(package: &mut Package<'_>, name: &str) -> Result<String> {
    package.part(name)?.ok_or_else(|| broken(format!("its part {name:?} is missing")))
}

/// What a file is made of.
#[derive(Default)]
struct File {
    /// The names of its pages' parts, in their order.
    pages: Vec<String>,
    /// The parts that stand behind pages, by their ids.
    templates: HashMap<String, String>,
    /// The size of a page that states none.
    area: Option<Rect>,
}

impl File {
    /// Reads the first document of a file; others are its earlier versions or attachments.
    fn read(package: &mut Package<'_>) -> Result<Self> {
        let main = part(package, "OFD.xml")?;
        let mut xml = Xml::new(&main);
        let root = loop {
            match xml.next()? {
                Event::Open(element) if element.name() == "DocRoot" => {
                    break resolved("", text(&mut xml)?.trim());
                }
                Event::End => return Err(broken("it names no document")),
                _ => {}
            }
        };
        let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
        let document = part(package, &root)?;
        let mut xml = Xml::new(&document);
        let mut file = Self::default();
        loop {
            match xml.next()? {
                Event::Open(element) => match element.name() {
                    "Page" => {
                        let place = element.attr("BaseLoc")?;
                        file.pages.extend(place.map(|place| resolved(folder, &place)));
                    }
                    "TemplatePage" => {
                        if let (Some(id), Some(place)) =
                            (element.attr("ID")?, element.attr("BaseLoc")?)
                        {
                            file.templates.insert(id, resolved(folder, &place));
                        }
                    }
                    "PhysicalBox" => file.area = rect(&text(&mut xml)?),
                    _ => {}
                },
                Event::End => return Ok(file),
                _ => {}
            }
        }
    }
}

/// What a page says before its content.
#[derive(Default)]
struct Sheet {
    area: Option<Rect>,
    /// The ids of the templates it stands on.
    templates: Vec<String>,
}

impl Sheet {
    fn read(page: &str) -> Result<Self> {
        let mut xml = Xml::new(page);
        let mut sheet = Self::default();
        loop {
            match xml.next()? {
                Event::Open(element) => match element.name() {
                    "PhysicalBox" => sheet.area = rect(&text(&mut xml)?),
                    "Template" => sheet.templates.extend(element.attr("TemplateID")?),
                    "Content" => return Ok(sheet),
                    _ => {}
                },
                Event::End => return Ok(sheet),
                _ => {}
            }
        }
    }
}

/// The text up to the end of the element that was just opened.
fn text(xml: &mut Xml<'_>) -> Result<String> {
    let outside = xml.depth().saturating_sub(1);
    let mut text = String::new();
    while xml.depth() > outside {
        match xml.next()? {
            Event::Text(part) => text.push_str(&part),
            Event::End => break,
            _ => {}
        }
    }
    Ok(text)
}

/// A box as OFD writes it: left, top, width, height.
fn rect(text: &str) -> Option<Rect> {
    let [left, top, width, height] = numbers(text)?;
    Some(Rect::new(left, top, left + width, top + height))
}

fn numbers<const N: usize>(text: &str) -> Option<[f64; N]> {
    let numbers: Vec<f64> =
        text.split_whitespace().map(str::parse).collect::<std::result::Result<_, _>>().ok()?;
    numbers
        .try_into()
        .ok()
        .filter(|numbers: &[f64; N]| numbers.iter().all(|number| number.is_finite()))
}
