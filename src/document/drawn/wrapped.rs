//! Numbers that the end of a line cuts inside their cell.
//!
//! Takes the words of a ruled cell; gives the number they are, where lines hold nothing but digits and each
//! but the last is so full that the next digit had no room in it. Else two numbers may stand below each
//! other, as where the line between two rows is not drawn: whoever reads the cell finds them apart.

use super::{
    boxes::Area,
    tables::Ruled,
    words::{self, Word},
};

/// In sizes of the text: the gap between two lines of one number at most.
const LINE_GAP: f32 = 1.0;
/// In sizes of the text: the space that a cell leaves beside its text at most.
const PADDING: f32 = 0.8;
/// Points by which lines that begin, end or are centered alike may differ.
const ALIGNED: f32 = 1.0;

/// The least space that the table's cells leave beside their words.
pub(super) fn padding(table: &Ruled, cells: &[Vec<Word>]) -> f32 {
    let beside = |(cell, words): (usize, &Vec<Word>)| {
        let area = table.cell_area(cell);
        let own = words.iter().map(move |word| {
            (word.area.left - area.left).min(area.right - word.area.right).max(0.0)
        });
        own.fold(f32::INFINITY, f32::min)
    };
    cells.iter().enumerate().map(beside).fold(f32::INFINITY, f32::min)
}

/// The number that several lines of a cell are.
pub(super) fn number(words: &[Word], cell: Area, padding: f32) -> Option<String> {
    let lines = words::lines_of(words);
    let lines: Option<Vec<&Word>> = lines
        .iter()
        .map(|line| match line[..] {
            [word] if is_number(word) => Some(word),
            _ => None,
        })
        .collect();
    let lines = lines.filter(|lines| lines.len() > 1)?;
    let goes_on = |pair: &[&Word]| match pair {
        [line, next] => goes_on(line, next, cell, padding),
        _ => false,
    };
    lines.windows(2).all(goes_on).then(|| lines.iter().map(|line| line.text()).collect())
}

/// Whether a cell's number has no room for another digit, so that it may go on elsewhere.
pub(super) fn is_full(words: &[Word], cell: Area, padding: f32) -> bool {
    let lines = words::lines_of(words);
    let Some([last]) = lines.last().map(Vec::as_slice) else { return false };
    let width = last.glyphs.last().map_or(0.0, |glyph| glyph.area.width());
    words.iter().all(is_number) && has_no_room(last, width, cell, padding)
}

/// Whether a text is made of digits, and of what stands between them.
pub(super) fn is_part(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９' | ',' | '，' | '.' | '-');
    text.chars().all(is_part) && text.contains(char::is_numeric)
}

fn is_number(word: &Word) -> bool {
    is_part(&word.text())
}

/// Whether a line is too full for so wide a digit.
fn has_no_room(line: &Word, digit: f32, cell: Area, padding: f32) -> bool {
    let room = cell.width() - 2.0 * padding.min(PADDING * line.size);
    line.area.width() + digit > room
}

/// Whether a line is full, and the next one stands right below it and begins, ends or is centered as it does.
fn goes_on(line: &Word, next: &Word, cell: Area, padding: f32) -> bool {
    let Some(first) = next.glyphs.first() else { return false };
    let size = line.size.min(next.size);
    let is_full = has_no_room(line, first.area.width(), cell, padding);
    let is_below = next.area.top - line.area.bottom < LINE_GAP * size;
    let sides = |word: &Word| [word.area.left, word.area.center().0, word.area.right];
    let is_aligned =
        sides(line).iter().zip(sides(next)).any(|(one, other)| (one - other).abs() < ALIGNED);
    let is_alike = (line.size - next.size).abs() < 0.1 * size;
    is_full && is_below && is_aligned && is_alike
}
