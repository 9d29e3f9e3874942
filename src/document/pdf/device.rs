//! What the interpreter of PDF draws -> the canvas.

use std::sync::atomic::{AtomicBool, Ordering};

use hayro_interpret::{
    BlendMode, ClipPath, Device as Draws, DrawMode, DrawProps, FillRule, Image, ImageDrawProps,
    Paint, SoftMask,
    font::{Glyph, GlyphRun},
    hayro_cmap::BfString,
    kurbo::{Affine, BezPath, Rect, Shape},
};

use crate::document::drawn::{self, Canvas, EM, Look};

/// Draws a page on its canvas.
pub(super) struct Device<'c> {
    pub canvas: &'c mut Canvas,
    /// Whether another font stands in for one that is not in the file.
    pub has_substitute: &'c AtomicBool,
}

impl Device<'_> {
    /// A glyph's characters; U+FFFD where the font does not tell them, a space where nothing is painted.
    fn text(&self, glyph: &Glyph<'_>) -> String {
        let text = match glyph.as_unicode() {
            Some(BfString::Char(character)) => character.to_string(),
            Some(BfString::String(text)) => text,
            None => String::new(),
        };
        drawn::printed(&text).unwrap_or_else(|| {
            // A font's own glyph without an outline is a space; one that a substitute lacks is not.
            let is_blank = match glyph {
                Glyph::Outline(outline) => {
                    !self.has_substitute.load(Ordering::Relaxed)
                        && outline.outline().elements().is_empty()
                }
                Glyph::Type3(_) => false,
            };
            if is_blank { " ".to_owned() } else { char::REPLACEMENT_CHARACTER.to_string() }
        })
    }
}

impl<'a> Draws<'a> for Device<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let look = look(&props, mode);
        let [a, b, c, d, _, _] = props.transform.as_coeffs();
        let scale = (a * d - b * c).abs().sqrt();
        let path = props.transform * path.clone();
        if let DrawMode::Fill(rule) | DrawMode::FillAndStroke(rule, _) = mode {
            self.canvas.fill(&path, &look, *rule == FillRule::EvenOdd);
        }
        if let DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) = mode {
            self.canvas.stroke(&path, f64::from(stroke.line_width) * scale, &look);
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.canvas.push_clip(clip.path.bounding_box());
    }

    fn pop_clip(&mut self) {
        self.canvas.pop_clip();
    }

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        mode: BlendMode,
    ) {
        self.canvas.push_group(opacity, mask.is_none() && mode == BlendMode::Normal);
    }

    fn pop_transparency_group(&mut self) {
        self.canvas.pop_group();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let look = look(&props, mode);
        let glyphs = run.glyphs();
        for (index, glyph) in glyphs.iter().enumerate() {
            let transform = props.transform * glyph.transform();
            let advance = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width().map(f64::from),
                Glyph::Type3(glyph) => glyph.advance_width().map(f64::from),
            };
            let next = glyphs.get(index + 1).map(|next| props.transform * next.transform());
            let width = width(transform, advance.filter(|width| *width > 0.0), next);
            self.canvas.glyph(self.text(glyph), transform, width, &look);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let bounds = props.transform.transform_rect_bbox(Rect::new(0.0, 0.0, width, height));
        let is_solid = match &image {
            Image::Stencil(_) => false,
            Image::Raster(raster) => {
                let dictionary = raster.stream().dict();
                !["SMask", "Mask", "SMaskInData"].iter().any(|key| dictionary.contains_key(key))
            }
        };
        let is_plain = props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
        let look = Look { color: [0.0; 3], opacity: 1.0, is_plain, is_unpainted: false };
        self.canvas.picture(bounds, is_solid.then_some(&look));
    }
}

fn look(props: &DrawProps<'_>, mode: &DrawMode) -> Look {
    let (color, opacity, is_color) = match &props.paint {
        Paint::Color(color) => {
            let [red, green, blue, alpha] = color.to_rgba().components();
            ([red, green, blue], alpha, true)
        }
        Paint::Pattern(_) => ([0.5; 3], 1.0, false),
    };
    let is_plain = is_color && props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
    Look { color, opacity, is_plain, is_unpainted: matches!(mode, DrawMode::Invisible) }
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
