//! The objects of a page, drawn: text, paths, pictures. What holds others is drawn as what it holds.

use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};

use super::{numbers, rect, text};
use crate::{
    document::{
        drawn::{self, Canvas, EM, Look},
        xml::{Element, Event, Xml},
    },
    error::Result,
};

/// The width of a line that states none, in millimetres.
const LINE_WIDTH: f64 = 0.353;
/// The width of a character whose file does not say where the next one stands, in ems: of ASCII, and of
/// all others.
const WIDTHS: (f64, f64) = (0.5, 1.0);

/// Draws the objects of a page.
pub(super) fn draw(page: &str, to_page: Affine, canvas: &mut Canvas) -> Result<()> {
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
        let is_shown = element.is_on("Visible")?;
        let Some(bounds) = bounds.filter(|_| is_shown) else { return Ok(None) };
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
        let is_painted = element.is_on("Fill")? || is_stated(element, "Stroke")?;
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
        let (is_stroked, is_filled) = (element.is_on("Stroke")?, is_stated(element, "Fill")?);
        let is_even_odd = element.attr("Rule")?.as_deref() == Some("Even-Odd");
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
                        canvas.fill(&path, &self.look(true, fill), is_even_odd);
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

/// Whether a switch that is off where it is not named is on.
fn is_stated(element: &Element<'_>, name: &str) -> Result<bool> {
    Ok(element.attr(name)?.is_some() && element.is_on(name)?)
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

/// The path that OFD abbreviates: a letter and its coordinates. What follows a fault is left out.
fn outline(data: &str) -> BezPath {
    let mut path = BezPath::new();
    let mut words = data.split_whitespace();
    while let Some(command) = words.next() {
        let is_open = !path.elements().is_empty();
        if draw_on(&mut path, command, is_open, &mut words).is_none() {
            break;
        }
    }
    path
}

fn draw_on<'a>(
    path: &mut BezPath,
    command: &str,
    is_open: bool,
    words: &mut impl Iterator<Item = &'a str>,
) -> Option<()> {
    let mut number = || words.next()?.parse::<f64>().ok();
    let mut point = || Some(Point::new(number()?, number()?));
    match command {
        "S" | "M" => path.move_to(point()?),
        "C" if is_open => path.close_path(),
        "L" if is_open => path.line_to(point()?),
        "Q" if is_open => path.quad_to(point()?, point()?),
        "B" if is_open => path.curve_to(point()?, point()?, point()?),
        // An arc: its radii, its angle, two switches, its end.
        "A" if is_open => {
            let (_radii, _angle_and_size, _way) = (point()?, point()?, number()?);
            let to = Point::new(number()?, number()?);
            path.quad_to(to, to);
        }
        _ => return None,
    }
    Some(())
}
