//! A page's drawing, written down instead of painted.
//!
//! Takes what the interpreter draws, in its order; gives glyphs with their characters and boxes, areas
//! and pictures with theirs, straight lines. Stops the interpreter where a page draws without end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, FillRule, Image, ImageDrawProps, Paint,
    SoftMask,
    font::{Glyph as Drawn, GlyphRun},
    hayro_cmap::BfString,
    kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape},
};

use super::{
    boxes::Area,
    characters,
    rules::{self, Rule},
};
use crate::limits;

/// Units of a glyph's space in one em.
const EM: f64 = 1000.0;
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

/// What a page draws.
pub(super) struct Canvas {
    page: Area,
    deadline: Instant,
    /// Whether another font stands in for one that is not in the file.
    has_substitute: Arc<AtomicBool>,
    clips: Vec<Option<Area>>,
    groups: Vec<Group>,
    order: usize,
    pub glyphs: Vec<Glyph>,
    pub painted: Vec<Painted>,
    pub rules: Vec<Rule>,
    /// Pictures and drawings of other shapes, which may show text.
    pub pictures: Vec<Area>,
}

impl Canvas {
    pub(super) fn new(
        (width, height): (f32, f32),
        deadline: Instant,
        has_substitute: Arc<AtomicBool>,
    ) -> Self {
        let page = Area { left: 0.0, top: 0.0, right: width, bottom: height };
        Self {
            page,
            deadline,
            has_substitute,
            clips: Vec::new(),
            groups: Vec::new(),
            order: 0,
            glyphs: Vec::new(),
            painted: Vec::new(),
            rules: Vec::new(),
            pictures: Vec::new(),
        }
    }

    /// Counts what is drawn. The interpreter cannot be told to stop but by unwinding; it is caught
    /// where the page is read, and no panic is reported.
    fn step(&mut self) {
        self.order += 1;
        let stop = if self.order > limits::PDF_DRAWINGS {
            Some(Stop::TooMuch("drawings on a page", limits::PDF_DRAWINGS))
        } else if self.glyphs.len() > limits::PDF_PAGE_GLYPHS {
            Some(Stop::TooMuch("characters on a page", limits::PDF_PAGE_GLYPHS))
        } else if self.rules.len() + self.painted.len() + self.pictures.len() > limits::PDF_LINES {
            Some(Stop::TooMuch("lines and areas on a page", limits::PDF_LINES))
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

    fn glyph(&mut self, drawn: &Drawn<'_>, transform: Affine, width: f64, look: &Look) {
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
        let text = match drawn.as_unicode() {
            Some(BfString::Char(character)) => character.to_string(),
            Some(BfString::String(text)) => text,
            None => String::new(),
        };
        let text = characters::printed(&text).unwrap_or_else(|| {
            // A font's own glyph without an outline is a space; one that a substitute lacks is not.
            let is_blank = match drawn {
                Drawn::Outline(outline) => {
                    !self.has_substitute.load(Ordering::Relaxed)
                        && outline.outline().elements().is_empty()
                }
                Drawn::Type3(_) => false,
            };
            if is_blank { " ".to_owned() } else { char::REPLACEMENT_CHARACTER.to_string() }
        });
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

    /// Writes down a filled path, a part at a time. `is_even_odd`: whether what two parts cover is left out.
    fn fill(&mut self, path: &BezPath, look: &Look, is_even_odd: bool) {
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

    fn stroke(&mut self, path: &BezPath, width: f64, look: &Look) {
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
}

/// What is painted together.
struct Group {
    opacity: f32,
    is_plain: bool,
}

/// How something is painted.
struct Look {
    color: [f32; 3],
    opacity: f32,
    /// Whether it covers what lies below.
    is_plain: bool,
    is_unpainted: bool,
}

impl Look {
    fn of(props: &DrawProps<'_>, mode: &DrawMode) -> Self {
        let (color, opacity, is_color) = match &props.paint {
            Paint::Color(color) => {
                let [red, green, blue, alpha] = color.to_rgba().components();
                ([red, green, blue], alpha, true)
            }
            Paint::Pattern(_) => ([0.5; 3], 1.0, false),
        };
        let is_plain =
            is_color && props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
        Self { color, opacity, is_plain, is_unpainted: matches!(mode, DrawMode::Invisible) }
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

impl<'a> Device<'a> for Canvas {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.step();
        let look = Look::of(&props, mode);
        if look.opacity * self.opacity() < FAINT {
            return;
        }
        if path.elements().len() > limits::PDF_LINES {
            std::panic::resume_unwind(Box::new(Stop::TooMuch(
                "lines on a page",
                limits::PDF_LINES,
            )));
        }
        let path = props.transform * path.clone();
        let [a, b, c, d, _, _] = props.transform.as_coeffs();
        let scale = (a * d - b * c).abs().sqrt();
        if let DrawMode::Fill(rule) | DrawMode::FillAndStroke(rule, _) = mode {
            self.fill(&path, &look, *rule == FillRule::EvenOdd);
        }
        if let DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) = mode {
            self.stroke(&path, f64::from(stroke.line_width) * scale, &look);
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.step();
        let area = area(clip.path.bounding_box());
        let clip = self.clipped(area);
        self.clips.push(clip);
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        mode: BlendMode,
    ) {
        self.step();
        let is_plain = mask.is_none()
            && mode == BlendMode::Normal
            && self.groups.last().is_none_or(|group| group.is_plain);
        self.groups.push(Group { opacity: self.opacity() * opacity, is_plain });
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let look = Look::of(&props, mode);
        let glyphs = run.glyphs();
        for (index, glyph) in glyphs.iter().enumerate() {
            self.step();
            let transform = props.transform * glyph.transform();
            let advance = match &**glyph {
                Drawn::Outline(outline) => outline.advance_width().map(f64::from),
                Drawn::Type3(glyph) => glyph.advance_width().map(f64::from),
            };
            let next = glyphs.get(index + 1).map(|next| props.transform * next.transform());
            let width = width(transform, advance.filter(|width| *width > 0.0), next);
            self.glyph(glyph, transform, width, &look);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.step();
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let area = area(props.transform.transform_rect_bbox(Rect::new(0.0, 0.0, width, height)));
        let Some(area) = self.clipped(area) else { return };
        if rules::is_thin(area) {
            self.rules.push(Rule::along(area));
            return;
        }
        let is_solid = match &image {
            Image::Stencil(_) => false,
            Image::Raster(raster) => {
                let dictionary = raster.stream().dict();
                !["SMask", "Mask", "SMaskInData"].iter().any(|key| dictionary.contains_key(key))
            }
        };
        self.pictures.push(area);
        let is_plain = props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
        let look = Look { color: [0.0; 3], opacity: 1.0, is_plain, is_unpainted: false };
        if is_solid && self.covers(&look) {
            self.painted.push(Painted { area, color: None, order: self.order });
        }
    }
}

/// How wide a glyph is in its own units. A font that stands in for one that is not in the file is
/// drawn stretched; then the glyph's width counts in the font's height, as its advance does.
fn width(transform: Affine, advance: Option<f64>, next: Option<Affine>) -> f64 {
    let [a, b, c, d, x, y] = transform.as_coeffs();
    let (along, across) = (a.hypot(b), c.hypot(d));
    let Some(advance) = advance else { return EM };
    if along == 0.0 || (along - across).abs() < across * 0.01 {
        return advance;
    }
    let unstretched = advance * across / along;
    let Some(next) = next else { return unstretched.min(advance) };
    let [.., next_x, next_y] = next.as_coeffs();
    let moved = (next_x - x).hypot(next_y - y) / along;
    if (moved - advance).abs() <= (moved - unstretched).abs() { advance } else { unstretched }
}

/// The points of a straight line.
pub(super) fn end(element: PathEl) -> Option<Point> {
    match element {
        PathEl::MoveTo(point) | PathEl::LineTo(point) => Some(point),
        _ => None,
    }
}
