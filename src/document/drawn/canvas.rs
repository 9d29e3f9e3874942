//! A page's drawing, written down instead of painted.
//!
//! Takes what a file draws, in its order; gives glyphs with their characters and boxes, areas and
//! pictures with theirs, straight lines. Stops whoever draws where a page is drawn without end.

use std::time::Instant;

use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};

use super::{
    boxes::Area,
    rules::{self, Rule},
};
use crate::limits;

/// Units of a glyph's space in one em.
pub(in crate::document) const EM: f64 = 1000.0;
/// How far a glyph of common fonts reaches above and below its baseline, in ems.
const ASCENT: f64 = 0.88;
const DESCENT: f64 = 0.12;
/// Paint fainter than this is not seen.
const FAINT: f32 = 0.05;

/// A glyph as drawn.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    /// Its characters; U+FFFD where the font does not tell them, a space where nothing is painted.
    pub text: String,
    pub area: Area,
    /// The baseline's distance from the page's top, of upright glyphs.
    pub baseline: f32,
    /// The size of its font in points.
    pub size: f32,
    /// By how many quarters clockwise it is turned; none where it stands askew.
    pub quarters: Option<u8>,
    pub color: [f32; 3],
    pub opacity: f32,
    /// Whether it is drawn without paint.
    pub is_unpainted: bool,
    /// Its turn among all that is drawn.
    pub order: usize,
}

/// An area painted over all of a rectangle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Painted {
    pub area: Area,
    /// None for a picture.
    pub color: Option<[f32; 3]>,
    pub order: usize,
}

/// Why drawing was stopped.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stop {
    TooMuch(&'static str, usize),
    TooLong,
}

/// How something is painted.
#[derive(Clone, Copy, Debug)]
pub(in crate::document) struct Look {
    /// Red, green and blue, 0 to 1.
    pub color: [f32; 3],
    /// 0 to 1.
    pub opacity: f32,
    /// Whether it covers what lies below, where it is opaque.
    pub is_plain: bool,
    pub is_unpainted: bool,
}

/// What is painted together.
struct Group {
    opacity: f32,
    is_plain: bool,
}

/// What a page draws.
pub(in crate::document) struct Canvas {
    page: Area,
    deadline: Instant,
    clips: Vec<Option<Area>>,
    groups: Vec<Group>,
    order: usize,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) painted: Vec<Painted>,
    pub(super) rules: Vec<Rule>,
    /// Pictures and drawings of other shapes, which may show text.
    pub(super) pictures: Vec<Area>,
}

impl Canvas {
    /// The canvas of a page of this width and height in points.
    pub(super) fn new((width, height): (f32, f32), deadline: Instant) -> Self {
        let page = Area { left: 0.0, top: 0.0, right: width, bottom: height };
        Self {
            page,
            deadline,
            clips: Vec::new(),
            groups: Vec::new(),
            order: 0,
            glyphs: Vec::new(),
            painted: Vec::new(),
            rules: Vec::new(),
            pictures: Vec::new(),
        }
    }

    /// Counts what is drawn. An interpreter cannot be told to stop but by unwinding; it is caught
    /// where the page is drawn, and no panic is reported.
    fn step(&mut self) {
        self.order += 1;
        let stop = if self.order > limits::PAGE_DRAWINGS {
            Some(Stop::TooMuch("drawings on a page", limits::PAGE_DRAWINGS))
        } else if self.glyphs.len() > limits::PAGE_GLYPHS {
            Some(Stop::TooMuch("characters on a page", limits::PAGE_GLYPHS))
        } else if self.rules.len() + self.painted.len() + self.pictures.len() > limits::PAGE_LINES {
            Some(Stop::TooMuch("lines and areas on a page", limits::PAGE_LINES))
        } else if self.order.is_multiple_of(64) && Instant::now() > self.deadline {
            Some(Stop::TooLong)
        } else {
            None
        };
        if let Some(stop) = stop {
            std::panic::resume_unwind(Box::new(stop));
        }
    }

    /// What of a box may be painted.
    fn clipped(&self, area: Area) -> Option<Area> {
        let clip = self.clips.last().copied().unwrap_or(Some(self.page))?;
        area.is_finite().then_some(area)?.common(clip)
    }

    fn opacity(&self) -> f32 {
        self.groups.last().map_or(1.0, |group| group.opacity)
    }

    /// Whether what is painted now covers what lies below.
    fn covers(&self, look: &Look) -> bool {
        look.is_plain
            && look.opacity * self.opacity() > 0.95
            && self.groups.last().is_none_or(|group| group.is_plain)
    }

    /// Writes down a glyph of some characters, so many units of its space wide. `transform` leads from
    /// that space, in which the baseline runs along the x axis and up is up, to the page.
    pub(in crate::document) fn glyph(
        &mut self,
        text: String,
        transform: Affine,
        width: f64,
        look: &Look,
    ) {
        self.step();
        let [a, b, c, d, _, _] = transform.as_coeffs();
        let size = c.hypot(d) * EM;
        let corners = Rect::new(0.0, -DESCENT * EM, width, ASCENT * EM);
        let area = area(transform.transform_rect_bbox(corners));
        let is_within = self
            .clips
            .last()
            .copied()
            .unwrap_or(Some(self.page))
            .is_some_and(|clip| clip.holds(area.center()));
        if !area.is_finite() || size < 0.1 {
            return;
        }
        let quarters = match (a, b, c, d) {
            (a, b, c, d) if b.abs() < a.abs() * 0.05 && c.abs() < d.abs() * 0.4 && a > 0.0 => {
                Some(0)
            }
            (a, b, _, d) if b.abs() < a.abs() * 0.05 && a < 0.0 && d > 0.0 => Some(2),
            (a, b, ..) if a.abs() < b.abs() * 0.05 && b > 0.0 => Some(1),
            (a, b, ..) if a.abs() < b.abs() * 0.05 => Some(3),
            _ => None,
        };
        let baseline = (transform * Point::ZERO).y as f32;
        self.glyphs.push(Glyph {
            text,
            area,
            baseline,
            size: size as f32,
            quarters,
            color: look.color,
            opacity: look.opacity * self.opacity(),
            is_unpainted: look.is_unpainted || !is_within,
            order: self.order,
        });
    }

    /// Whether a path is drawn at all; a path of too many lines stops the drawing.
    fn is_drawn(&mut self, path: &BezPath, look: &Look) -> bool {
        self.step();
        if path.elements().len() > limits::PAGE_LINES {
            let stop = Stop::TooMuch("lines on a page", limits::PAGE_LINES);
            std::panic::resume_unwind(Box::new(stop));
        }
        look.opacity * self.opacity() >= FAINT
    }

    /// Writes down a filled path, a part at a time. `is_even_odd`: whether what two parts cover is left
    /// out.
    pub(in crate::document) fn fill(&mut self, path: &BezPath, look: &Look, is_even_odd: bool) {
        if !self.is_drawn(path, look) {
            return;
        }
        let mut parts = rules::parts(path);
        if let ([one, other], true) = (&parts[..], is_even_odd)
            && let Some(sides) = rules::frame(one, other)
        {
            parts = sides;
        }
        for part in parts {
            self.step();
            let Some(area) = self.clipped(part.area) else { continue };
            if part.is_straight && rules::is_thin(area) {
                self.rules.push(Rule::along(area));
            } else if part.is_rectangle && self.covers(look) {
                self.painted.push(Painted { area, color: Some(look.color), order: self.order });
            } else if !part.is_rectangle {
                self.pictures.push(area);
            }
        }
    }

    /// Writes down the lines of a path, drawn so many points wide.
    pub(in crate::document) fn stroke(&mut self, path: &BezPath, width: f64, look: &Look) {
        if !self.is_drawn(path, look) {
            return;
        }
        if width > f64::from(rules::THIN) {
            let area = area(path.bounding_box().inflate(width / 2.0, width / 2.0));
            if let Some(area) = self.clipped(area).filter(|_| self.covers(look)) {
                self.painted.push(Painted { area, color: Some(look.color), order: self.order });
            }
            return;
        }
        for line in rules::strokes(path) {
            self.step();
            if let Some(line) = self.clipped(line) {
                self.rules.push(Rule::along(line));
            }
        }
    }

    /// Writes down a picture. `look`: how it is painted, where all of its box is.
    pub(in crate::document) fn picture(&mut self, bounds: Rect, look: Option<&Look>) {
        self.step();
        let Some(area) = self.clipped(area(bounds)) else { return };
        if rules::is_thin(area) {
            self.rules.push(Rule::along(area));
            return;
        }
        self.pictures.push(area);
        if look.is_some_and(|look| self.covers(look)) {
            self.painted.push(Painted { area, color: None, order: self.order });
        }
    }

    /// Paints only within a box from now on.
    pub(in crate::document) fn push_clip(&mut self, bounds: Rect) {
        self.step();
        let clip = self.clipped(area(bounds));
        self.clips.push(clip);
    }

    /// Paints where it was painted before the last box.
    pub(in crate::document) fn pop_clip(&mut self) {
        self.clips.pop();
    }

    /// Paints what follows together. `is_plain`: whether it may cover what lies below.
    pub(in crate::document) fn push_group(&mut self, opacity: f32, is_plain: bool) {
        self.step();
        let is_plain = is_plain && self.groups.last().is_none_or(|group| group.is_plain);
        self.groups.push(Group { opacity: self.opacity() * opacity, is_plain });
    }

    /// Ends what is painted together.
    pub(in crate::document) fn pop_group(&mut self) {
        self.groups.pop();
    }
}

fn area(rect: Rect) -> Area {
    Area {
        left: rect.min_x() as f32,
        top: rect.min_y() as f32,
        right: rect.max_x() as f32,
        bottom: rect.max_y() as f32,
    }
}

/// The points of a straight line.
pub(super) fn end(element: PathEl) -> Option<Point> {
    match element {
        PathEl::MoveTo(point) | PathEl::LineTo(point) => Some(point),
        _ => None,
    }
}
