//! A page as drawn -> a page as seen: words upright, lines, and nothing that is not painted.
//!
//! Left out is text without paint (the layer of character recognition under a scan), text in the
//! color of what lies below it, text that something was painted over, and watermarks: text that
//! stands askew, or large and faint. A page drawn sideways is turned.

use super::{
    boxes::Area,
    canvas::{Canvas, Glyph},
    rules::Rule,
    words::{self, Word},
};
use crate::{
    error::{Code, Error, Result},
    limits,
    place::Place,
};

/// Colors closer than this look alike.
const ALIKE: f32 = 0.1;
/// Text so many times larger than the page's is a watermark where it is faint.
const WATERMARK: f32 = 3.0;
/// Of a glyph, in parts of its size: how far its box reaches below the baseline.
const DESCENT: f32 = 0.12;

/// A page as seen.
#[derive(Debug)]
pub(super) struct Page {
    /// Counted from 1.
    pub number: u16,
    /// Width and height in points, upright.
    pub size: (f32, f32),
    pub words: Vec<Word>,
    pub rules: Vec<Rule>,
    /// Pictures and drawings, which may show text.
    pub pictures: Vec<Area>,
    /// The size most of its text has.
    pub text_size: f32,
    /// Glyphs that are drawn and not seen.
    pub unseen: usize,
    /// By how many quarters clockwise it was turned to stand upright.
    quarters: u8,
}

impl Page {
    /// The page that a canvas shows.
    pub(super) fn of(canvas: Canvas, number: u16, size: (f32, f32)) -> Result<Self> {
        let Canvas { glyphs, painted, rules, pictures, .. } = canvas;
        if glyphs.len().saturating_mul(painted.len()) > limits::PAGE_COVERINGS {
            let detail = format!("page {number} paints too many areas over too much text");
            return Err(Error::new(Code::DocumentTooLarge, detail));
        }
        let drawn = glyphs.len();
        let is_seen = |glyph: &Glyph| {
            let center = glyph.area.center();
            let mut below = [1.0; 3];
            let mut is_on_picture = false;
            for area in painted.iter().filter(|painted| painted.area.holds(center)) {
                if area.order > glyph.order {
                    return false;
                }
                is_on_picture = area.color.is_none();
                below = area.color.unwrap_or(below);
            }
            let is_alike =
                glyph.color.iter().zip(below).all(|(own, below)| (own - below).abs() < ALIKE);
            !glyph.is_unpainted && glyph.opacity >= 0.05 && (!is_alike || is_on_picture)
        };
        let is_blank = |glyph: &Glyph| glyph.text.trim().is_empty();
        let mut glyphs: Vec<Glyph> =
            glyphs.into_iter().filter(|glyph| is_blank(glyph) || is_seen(glyph)).collect();
        let unseen = drawn - glyphs.len();
        let text_size = median(glyphs.iter().filter(|glyph| !is_blank(glyph)));
        glyphs.retain(|glyph| !is_watermark(glyph, text_size));
        let quarters = upright_by(&glyphs);
        let mut page = Self {
            number,
            size: if quarters % 2 == 1 { (size.1, size.0) } else { size },
            words: Vec::new(),
            rules: rules.into_iter().map(|rule| rule.turned(quarters, size)).collect(),
            pictures: pictures.into_iter().map(|area| area.turned(quarters, size)).collect(),
            text_size,
            unseen,
            quarters,
        };
        for glyph in &mut glyphs {
            glyph.area = glyph.area.turned(quarters, size);
            glyph.quarters = glyph.quarters.map(|own| (own + quarters) % 4);
            glyph.baseline = glyph.area.bottom - DESCENT * glyph.size;
        }
        for turned in 0..4 {
            page.add(&glyphs, turned);
        }
        Ok(page)
    }

    /// Adds the words of the glyphs that are turned by so many quarters.
    fn add(&mut self, glyphs: &[Glyph], turned: u8) {
        let back = (4 - turned) % 4;
        let own_size = if back % 2 == 1 { (self.size.1, self.size.0) } else { self.size };
        let upright = glyphs.iter().filter(|glyph| glyph.quarters == Some(turned)).map(|glyph| {
            let area = glyph.area.turned(back, self.size);
            Glyph { area, baseline: area.bottom - DESCENT * glyph.size, ..glyph.clone() }
        });
        let mut words = words::words(upright.collect());
        for word in words.iter_mut().filter(|_| turned > 0) {
            word.area = word.area.turned(turned, own_size);
            for glyph in &mut word.glyphs {
                glyph.area = glyph.area.turned(turned, own_size);
            }
        }
        self.words.append(&mut words);
    }

    /// Where a box stands on the page as it is shown.
    pub(super) fn place(&self, area: Area) -> Place {
        area.turned((4 - self.quarters) % 4, self.size).place(self.number)
    }
}

/// By how many quarters clockwise a page must be turned for most of its text to stand upright.
fn upright_by(glyphs: &[Glyph]) -> u8 {
    let mut counts = [0_usize; 4];
    for quarters in glyphs.iter().filter_map(|glyph| glyph.quarters) {
        counts[usize::from(quarters % 4)] += 1;
    }
    let most = (0..4_u8).max_by_key(|&at| (counts[usize::from(at)], at == 0)).unwrap_or(0);
    (4 - most) % 4
}

fn is_watermark(glyph: &Glyph, text_size: f32) -> bool {
    let is_faint = glyph.opacity < 0.6 || glyph.color.iter().all(|part| *part > 0.6);
    glyph.quarters.is_none() || (glyph.size > text_size * WATERMARK && is_faint)
}

/// The size that lies in the middle.
fn median<'a>(glyphs: impl Iterator<Item = &'a Glyph>) -> f32 {
    let mut sizes: Vec<f32> = glyphs.map(|glyph| glyph.size).collect();
    let middle = sizes.len() / 2;
    if sizes.is_empty() {
        return 10.0;
    }
    *sizes.select_nth_unstable_by(middle, f32::total_cmp).1
}
