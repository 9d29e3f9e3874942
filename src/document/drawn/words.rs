//! Glyphs -> words: what is drawn side by side without a gap.
//!
//! A glyph drawn twice over itself, as programs make bold, counts once. Where two different digits or
//! letters are drawn over each other, neither can be read. A small raised digit behind a number is the
//! mark of a note and comes out as one.

use super::{boxes::Area, canvas::Glyph};

/// A word, and what it is made of.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub glyphs: Vec<Glyph>,
    pub area: Area,
    pub baseline: f32,
    pub size: f32,
    /// Whether white space is drawn before it.
    pub after_space: bool,
}

/// Of glyphs at one baseline, in parts of their size: how far they may be off.
const BASELINE: f32 = 0.12;
/// Of Latin letters and digits, in parts of their size: the gap from which on they are apart.
const LETTER_GAP: f32 = 0.16;
/// The same with a Chinese character on one side, which justified text spaces out.
const CHARACTER_GAP: f32 = 0.5;
/// Glyphs of one word differ in size by no more.
const SIZES: f32 = 0.8;

impl Word {
    pub(super) fn text(&self) -> String {
        self.glyphs.iter().map(|glyph| glyph.text.as_str()).collect()
    }

    pub(super) fn has_digit(&self) -> bool {
        self.glyphs.iter().any(is_digit)
    }

    fn of(glyphs: Vec<Glyph>, after_space: bool) -> Option<Self> {
        let area = glyphs.iter().map(|glyph| glyph.area).reduce(Area::and)?;
        let size = glyphs.iter().map(|glyph| glyph.size).fold(0.0, f32::max);
        let baseline = glyphs[0].baseline;
        Some(Self { glyphs, area, baseline, size, after_space })
    }

    /// The word as the two before and behind a glyph.
    pub(super) fn split(self, at: usize) -> Vec<Self> {
        let Self { mut glyphs, after_space, .. } = self;
        let behind = glyphs.split_off(at);
        [(glyphs, after_space), (behind, false)]
            .into_iter()
            .filter_map(|(glyphs, after_space)| Self::of(glyphs, after_space))
            .collect()
    }

    /// Says of the word that it cannot be read for certain.
    pub(super) fn doubt(&mut self) {
        if let Some(last) = self.glyphs.last_mut()
            && !last.text.ends_with(char::REPLACEMENT_CHARACTER)
        {
            last.text.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

/// Whether it is a Latin letter, a digit, or a sign of numbers.
fn is_letter(glyph: &Glyph) -> bool {
    let is_letter = |c: char| c.is_ascii() || c.is_numeric() || c == char::REPLACEMENT_CHARACTER;
    glyph.text.chars().all(is_letter)
}

pub(super) fn is_digit(glyph: &Glyph) -> bool {
    glyph.text.chars().any(char::is_numeric)
}

/// The words of upright glyphs.
pub(super) fn words(mut glyphs: Vec<Glyph>) -> Vec<Word> {
    glyphs.sort_by(|one, other| one.baseline.total_cmp(&other.baseline));
    let mut words = Vec::new();
    let mut line: Vec<Glyph> = Vec::new();
    for glyph in glyphs {
        let is_below =
            |last: &Glyph| glyph.baseline - last.baseline > BASELINE * glyph.size.min(last.size);
        if line.last().is_some_and(is_below) {
            words.extend(of_line(std::mem::take(&mut line)));
        }
        line.push(glyph);
    }
    words.extend(of_line(line));
    words
}

/// The words of one line's glyphs.
fn of_line(mut line: Vec<Glyph>) -> Vec<Word> {
    line.sort_by(|one, other| one.area.left.total_cmp(&other.area.left));
    let mut words = Vec::new();
    let mut open: Vec<Glyph> = Vec::new();
    let mut after_space = false;
    let mut open_after_space = false;
    for glyph in without_repeats(line) {
        if glyph.text.trim().is_empty() {
            after_space = true;
            continue;
        }
        let is_same = open.last().is_some_and(|last| !after_space && is_joined(last, &glyph));
        if !is_same {
            words.extend(Word::of(std::mem::take(&mut open), open_after_space));
            open_after_space = after_space;
        }
        after_space = false;
        open.push(glyph);
    }
    words.extend(Word::of(open, open_after_space));
    words
}

/// Whether two glyphs, the one right of the other, are of one word.
fn is_joined(one: &Glyph, other: &Glyph) -> bool {
    let size = one.size.max(other.size);
    let are_alike = one.size.min(other.size) > size * SIZES
        && (one.baseline - other.baseline).abs() <= BASELINE * size;
    let gap = if is_letter(one) && is_letter(other) { LETTER_GAP } else { CHARACTER_GAP };
    are_alike && other.area.left - one.area.right <= gap * size
}

/// Leaves out glyphs drawn over themselves; where others are drawn over each other, says that they
/// cannot be read.
fn without_repeats(line: Vec<Glyph>) -> Vec<Glyph> {
    let mut kept: Vec<Glyph> = Vec::new();
    for glyph in line {
        if glyph.text.trim().is_empty() {
            kept.push(glyph);
            continue;
        }
        let narrow = |other: &Glyph| glyph.area.width().min(other.area.width());
        let offset = |other: &Glyph| glyph.area.left - other.area.left;
        let near = kept.iter_mut().rev().take(8).filter(|other| !other.text.trim().is_empty());
        let mut is_repeat = false;
        for other in near {
            if offset(other) > narrow(other) * 0.3 {
                continue;
            }
            if other.text.trim_end_matches(char::REPLACEMENT_CHARACTER) == glyph.text {
                is_repeat = true;
                break;
            }
            let is_read = |glyph: &Glyph| glyph.text.chars().all(char::is_alphanumeric);
            if is_read(other) && is_read(&glyph) && (is_digit(other) || is_digit(&glyph)) {
                other.text = char::REPLACEMENT_CHARACTER.to_string();
                is_repeat = true;
                break;
            }
        }
        if !is_repeat {
            kept.push(glyph);
        }
    }
    kept
}

/// A cell's or a line's words as text: lines from top to bottom, words from left to right.
pub(super) fn text_of(words: &[Word]) -> String {
    let lines: Vec<String> = lines_of(words).iter().map(|line| line_text(line)).collect();
    lines.join("\n")
}

/// Words by the lines they stand in, from the top, each from the left.
pub(super) fn lines_of(words: &[Word]) -> Vec<Vec<&Word>> {
    let mut sorted: Vec<&Word> = words.iter().collect();
    sorted.sort_by(|one, other| one.area.center().1.total_cmp(&other.area.center().1));
    let mut lines: Vec<(Area, Vec<&Word>)> = Vec::new();
    for word in sorted {
        let overlap = |area: &Area| {
            let common = area.bottom.min(word.area.bottom) - area.top.max(word.area.top);
            common > area.height().min(word.area.height()) * 0.5
        };
        match lines.last_mut().filter(|(area, _)| overlap(area)) {
            Some((area, line)) => {
                // A line is as high as its highest word, not as all of them.
                if word.area.height() > area.height() {
                    *area = Area { left: area.left, right: area.right, ..word.area };
                }
                line.push(word);
            }
            None => lines.push((word.area, vec![word])),
        }
    }
    let mut lines: Vec<Vec<&Word>> = lines.into_iter().map(|(_, line)| line).collect();
    for line in &mut lines {
        line.sort_by(|one, other| one.area.left.total_cmp(&other.area.left));
    }
    lines
}

/// A line's words with a space where there is one.
pub(super) fn line_text(line: &[&Word]) -> String {
    let mut text = String::new();
    let mut before: Option<&Word> = None;
    for word in line {
        let own = word.text();
        let Some(last) = before.replace(word) else {
            text.push_str(&own);
            continue;
        };
        let gap = word.area.left - last.area.right;
        let size = last.size.max(word.size);
        let is_mark = gap <= LETTER_GAP * size
            && word.size < last.size * SIZES
            && word.baseline < last.baseline - BASELINE * last.size
            && last.has_digit();
        if is_mark {
            text.extend(own.chars().map(raised));
            continue;
        }
        let is_latin = |glyph: Option<&Glyph>| glyph.is_some_and(is_letter);
        let is_apart = word.after_space
            || gap > CHARACTER_GAP * size
            || (is_latin(last.glyphs.last()) && is_latin(word.glyphs.first()));
        if is_apart {
            text.push(' ');
        }
        text.push_str(&own);
    }
    text
}

/// A digit as the mark of a note.
fn raised(character: char) -> char {
    match character {
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '0' => '⁰',
        '4'..='9' => {
            char::from_u32('⁴' as u32 + character as u32 - '4' as u32).unwrap_or(character)
        }
        other => other,
    }
}
