//! OFD (GB/T 33190) -> blocks: the pages of China's own format for documents, read as those of a PDF.
//!
//! Takes an open package; draws what its pages hold, characters and lines with their places, on the
//! canvas that PDF is drawn on. Seals and other annotations are left out: they are no part of the text.

use std::{collections::HashMap, sync::Arc, time::Instant};

use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};

use super::{
    Document, MediaType,
    drawn::{self, Canvas, EM, Look, Pages},
    package::{Package, broken, resolved},
    xml::{Element, Event, Xml},
};
use crate::{
    error::{Code, Error, Result},
    limits,
};

/// Points in a millimetre, in which OFD measures.
const POINTS: f64 = 72.0 / 25.4;
/// The width of a line that states none, in millimetres.
const LINE_WIDTH: f64 = 0.353;
/// The width of a character whose file does not say where the next one stands, in ems: of ASCII, and of
/// all others.
const WIDTHS: (f64, f64) = (0.5, 1.0);

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
            layers.iter().try_for_each(|layer| draw(layer, to_page, canvas))
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

/// Draws the objects of a page.
fn draw(page: &str, to_page: Affine, canvas: &mut Canvas) -> Result<()> {
    let mut xml = Xml::new(page);
    loop {
        match xml.next()? {
            Event::Open(element) => match element.name() {
                "TextObject" => match Object::of(&element, to_page)? {
                    Some(object) => object.text(&element, &mut xml, canvas)?,
                    None => xml.skip()?,
                },
                "PathObject" => match Object::of(&element, to_page)? {
                    Some(object) => object.path(&element, &mut xml, canvas)?,
                    None => xml.skip()?,
                },
                "ImageObject" | "CompositeObject" => {
                    let is_picture = element.name() == "ImageObject";
                    if let Some(object) = Object::of(&element, to_page)? {
                        let look = object.look(true, None);
                        canvas.picture(object.bounds, is_picture.then_some(&look));
                    }
                    xml.skip()?;
                }
                _ => {}
            },
            Event::End => return Ok(()),
            _ => {}
        }
    }
}

/// What all objects of a page have.
struct Object {
    /// From its own coordinates to points on the page.
    transform: Affine,
    /// Its box on the page, in points.
    bounds: Rect,
    opacity: f32,
}

impl Object {
    /// The object that begins with an element; none of one that is not shown.
    fn of(element: &Element<'_>, to_page: Affine) -> Result<Option<Self>> {
        let bounds = element.attr("Boundary")?.as_deref().and_then(rect);
        let is_hidden = element.attr("Visible")?.as_deref() == Some("false");
        let Some(bounds) = bounds.filter(|_| !is_hidden) else { return Ok(None) };
        let own = element.attr("CTM")?.as_deref().and_then(numbers::<6>).map(Affine::new);
        Ok(Some(Self {
            transform: to_page
                * Affine::translate((bounds.x0, bounds.y0))
                * own.unwrap_or_default(),
            bounds: to_page.transform_rect_bbox(bounds),
            opacity: opacity(element)?,
        }))
    }

    /// How it is painted; none where it is not.
    fn look(&self, is_painted: bool, paint: Option<Paint>) -> Look {
        let Paint { color, opacity } = paint.unwrap_or_default();
        let opacity = opacity * self.opacity;
        Look { color, opacity, is_plain: true, is_unpainted: !is_painted }
    }

    /// Draws a text object's characters.
    fn text(&self, element: &Element<'_>, xml: &mut Xml<'_>, canvas: &mut Canvas) -> Result<()> {
        let size = element.number::<f64>("Size")?.unwrap_or_default();
        let stretch = element.number::<f64>("HScale")?.unwrap_or(1.0);
        let turned = element.number::<f64>("CharDirection")?.unwrap_or_default().to_radians();
        let is = |name: &str, usual: bool| -> Result<bool> {
            Ok(element.attr(name)?.map_or(usual, |value| value == "true"))
        };
        let is_painted = is("Fill", true)? || is("Stroke", false)?;
        let outside = xml.depth().saturating_sub(1);
        let mut paint = None;
        let mut at = Point::ZERO;
        while xml.depth() > outside {
            let Event::Open(element) = xml.next()? else { continue };
            match element.name() {
                "FillColor" => paint = Some(Paint::of(&element)?),
                "Clips" => xml.skip()?,
                "TextCode" => {
                    at.x = element.number("X")?.unwrap_or(at.x);
                    at.y = element.number("Y")?.unwrap_or(at.y);
                    let mut across = Steps::of(element.attr("DeltaX")?);
                    let mut down = Steps::of(element.attr("DeltaY")?);
                    let look = self.look(is_painted, paint);
                    for character in text(xml)?.chars() {
                        let usual = if character.is_ascii() { WIDTHS.0 } else { WIDTHS.1 };
                        let (step_x, step_y) = (across.next(), down.next());
                        let usual_step =
                            if step_y.is_some() { 0.0 } else { usual * size * stretch };
                        let width = step_x
                            .map_or(usual, |step| (step / (size * stretch)).clamp(0.0, usual));
                        let shown = drawn::printed(&character.to_string());
                        let shown =
                            shown.unwrap_or_else(|| char::REPLACEMENT_CHARACTER.to_string());
                        let glyph = self.transform
                            * Affine::translate(at.to_vec2())
                            * Affine::rotate(turned)
                            * Affine::scale_non_uniform(size * stretch / EM, -size / EM);
                        canvas.glyph(shown, glyph, width * EM, &look);
                        at.x += step_x.unwrap_or(usual_step);
                        at.y += step_y.unwrap_or_default();
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Draws a path object's lines and areas.
    fn path(&self, element: &Element<'_>, xml: &mut Xml<'_>, canvas: &mut Canvas) -> Result<()> {
        let is = |name: &str, usual: bool| -> Result<bool> {
            Ok(element.attr(name)?.map_or(usual, |value| value == "true"))
        };
        let (is_stroked, is_filled) = (is("Stroke", true)?, is("Fill", false)?);
        let width = element.number::<f64>("LineWidth")?.unwrap_or(LINE_WIDTH);
        let outside = xml.depth().saturating_sub(1);
        let (mut fill, mut stroke) = (None, None);
        while xml.depth() > outside {
            let Event::Open(element) = xml.next()? else { continue };
            match element.name() {
                "FillColor" => fill = Some(Paint::of(&element)?),
                "StrokeColor" => stroke = Some(Paint::of(&element)?),
                "Clips" => xml.skip()?,
                "AbbreviatedData" => {
                    let path = self.transform * outline(&text(xml)?);
                    if is_filled {
                        canvas.fill(&path, &self.look(true, fill));
                    }
                    if is_stroked {
                        let scale = self.transform.determinant().abs().sqrt();
                        canvas.stroke(&path, width * scale, &self.look(true, stroke));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// A color, and how much of what lies below it hides.
#[derive(Clone, Copy)]
struct Paint {
    color: [f32; 3],
    opacity: f32,
}

impl Default for Paint {
    fn default() -> Self {
        Self { color: [0.0; 3], opacity: 1.0 }
    }
}

impl Paint {
    fn of(element: &Element<'_>) -> Result<Self> {
        let value = element.attr("Value")?.unwrap_or_default();
        let parts: Vec<f32> = value
            .split_whitespace()
            .filter_map(|part| part.parse().ok())
            .map(|part: f32| part / 255.0)
            .collect();
        let color = match parts[..] {
            [gray] => [gray; 3],
            [red, green, blue] => [red, green, blue],
            [cyan, magenta, yellow, key] => {
                [cyan, magenta, yellow].map(|ink| (1.0 - ink) * (1.0 - key))
            }
            // A pattern or a gradient.
            _ => [0.5; 3],
        };
        Ok(Self { color, opacity: opacity(element)? })
    }
}

/// How much of what lies below an element hides: 0 to 255 in the file.
fn opacity(element: &Element<'_>) -> Result<f32> {
    Ok(element.number::<f32>("Alpha")?.unwrap_or(255.0) / 255.0)
}

/// How far each character stands from the one before: `3.5 g 4 1.75 3.5` has four times 1.75.
struct Steps(Vec<(usize, f64)>);

impl Steps {
    fn of(written: Option<String>) -> Self {
        let written = written.unwrap_or_default();
        let mut words = written.split_whitespace();
        let mut steps = Vec::new();
        while let Some(word) = words.next() {
            let step = match word {
                "g" => words.next().and_then(|times| times.parse().ok()).zip(words.next()),
                step => Some((1, step)),
            };
            steps.extend(step.and_then(|(times, step)| Some((times, step.parse().ok()?))));
        }
        steps.reverse();
        Self(steps)
    }

    fn next(&mut self) -> Option<f64> {
        while let Some((times, step)) = self.0.last_mut() {
            if *times > 0 {
                *times -= 1;
                return Some(*step);
            }
            self.0.pop();
        }
        None
    }
}

/// The path that OFD abbreviates: a letter and its coordinates.
fn outline(data: &str) -> BezPath {
    let mut path = BezPath::new();
    let mut words = data.split_whitespace();
    let mut is_open = false;
    while let Some(command) = words.next() {
        let mut point = || -> Option<Point> {
            let (x, y) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
            Some(Point::new(x, y))
        };
        let drawn = match command {
            "S" | "M" => point().map(|to| {
                path.move_to(to);
                is_open = true;
            }),
            "C" if is_open => Some(path.close_path()),
            "L" if is_open => point().map(|to| path.line_to(to)),
            "Q" if is_open => point().zip(point()).map(|(by, to)| path.quad_to(by, to)),
            "B" if is_open => point()
                .zip(point())
                .zip(point())
                .map(|((one, two), to)| path.curve_to(one, two, to)),
            // An arc: its radii, its angle, two switches, its end.
            "A" if is_open => {
                let _radii = point();
                let _angle_and_switch = point();
                words.next();
                let mut point =
                    || Some(Point::new(words.next()?.parse().ok()?, words.next()?.parse().ok()?));
                point().map(|to| path.quad_to(to, to))
            }
            _ => None,
        };
        if drawn.is_none() {
            break;
        }
    }
    path
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
