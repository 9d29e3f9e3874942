//! Words of a ruled table -> rows of cells.
//!
//! A word belongs to the cell its middle lies in. One that stands over the line between two cells is
//! parted there only where a gap is; a number that a line runs through can be of either cell, and is
//! marked as one that cannot be read.

use std::sync::Arc;

use super::{
    boxes::Area,
    breaks::End,
    pages::Page,
    tables::Ruled,
    words::{self, Word, is_digit},
    wrapped,
};
use crate::{
    document::grid::{Cell, Grid},
    limits,
};

/// Of a number, in parts of its width: how much of it must lie in its cell.
const WITHIN: f32 = 0.8;
/// Of letters on both sides of a line, in parts of their size: the gap that shows them to be apart.
const APART: f32 = 0.12;
/// A picture as large as this may show a number.
const PICTURE: f32 = 3.0;

/// The table as rows, and how it ends; none where its cells hold prose, as where lines frame a page.
pub(super) fn grid(table: &Ruled, words: Vec<Word>, page: &Page) -> Result<(Grid, End), Vec<Word>> {
    let width = table.width();
    let places = width * table.height();
    let mut cells: Vec<Vec<Word>> = vec![Vec::new(); places];
    let whole = words.clone();
    for word in words {
        for (cell, word) in parted(table, word) {
            cells[cell].push(word);
        }
    }
    let mut texts: Vec<Cell> = Vec::with_capacity(places);
    let padding = wrapped::padding(table, &cells);
    for (cell, words) in cells.iter().enumerate() {
        let text = wrapped::number(words, table.cell_area(cell), padding)
            .unwrap_or_else(|| words::text_of(words));
        if text.chars().count() > limits::CELL_CHARS {
            return Err(whole);
        }
        let area = words.iter().map(|word| word.area).reduce(Area::and);
        texts.push(Cell::new(&text, area.map(|area| page.place(area))));
    }
    // A cell that shows a picture instead of text may show a number.
    for picture in page.pictures.iter().filter(|picture| table.area().encloses(**picture, 1.0)) {
        let cell = table.cell_of(table.place_of(picture.center()));
        let is_seen = picture.width().max(picture.height()) > PICTURE;
        let is_within = table.cell_area(cell).encloses(*picture, 1.0);
        if is_seen && is_within && texts[cell].text.is_empty() {
            let unread = char::REPLACEMENT_CHARACTER.to_string();
            texts[cell] = Cell::new(&unread, Some(page.place(*picture)));
        }
    }
    let rows = (0..table.height()).map(|row| {
        let cell = |column: usize| {
            let first = table.cell_of((row, column));
            let Cell { text, place, .. } = &texts[first];
            let is_continuation = first != row * width + column;
            Cell { text: Arc::clone(text), place: *place, is_continuation }
        };
        (0..width).map(cell).collect()
    });
    let mut rows: Vec<Vec<Cell>> = rows.collect();
    // Lines that end lower than the last of a page's rows make no row of their own.
    let begins = |row: usize| {
        (0..width).any(|column| {
            let is_above =
                row > 0 && table.cell_of((row, column)) == table.cell_of((row - 1, column));
            !is_above && !rows[row][column].text.is_empty()
        })
    };
    let kept: Vec<bool> = (0..table.height()).map(begins).collect();
    let last = kept.iter().rposition(|kept| *kept).unwrap_or(0);
    let is_full = |column: usize| {
        let cell = table.cell_of((last, column));
        wrapped::is_full(&cells[cell], table.cell_area(cell), padding)
    };
    let end = End { columns: table.columns.clone(), is_full: (0..width).map(is_full).collect() };
    let mut kept = kept.into_iter();
    rows.retain(|_| kept.next().unwrap_or(true));
    Ok((Grid { rows }, end))
}

/// A word by the cells it belongs to: one, or several where lines part it.
fn parted(table: &Ruled, word: Word) -> Vec<(usize, Word)> {
    let (row, _) = table.place_of(word.area.center());
    let inset = word.size * 0.1;
    let lines = table.lines_within(row, word.area.left + inset, word.area.right - inset);
    let mut parts: Vec<Word> = vec![word];
    for line in lines {
        let Some(last) = parts.pop() else { break };
        match gap_at(&last, line) {
            Some(at) => {
                let is_doubtful = {
                    let (one, other) = (&last.glyphs[at - 1], &last.glyphs[at]);
                    let gap = other.area.left - one.area.right;
                    is_digit(one) && is_digit(other) && gap < APART * last.size
                };
                let mut split = last.split(at);
                if is_doubtful {
                    split.iter_mut().for_each(Word::doubt);
                }
                parts.append(&mut split);
            }
            None => parts.push(last),
        }
    }
    parts.into_iter().flat_map(|word| placed(table, word)).collect()
}

/// The glyph before which a line runs through a gap.
fn gap_at(word: &Word, line: f32) -> Option<usize> {
    let at = word.glyphs.partition_point(|glyph| glyph.area.center().0 < line);
    let (before, behind) = (word.glyphs.get(at.checked_sub(1)?)?, word.glyphs.get(at)?);
    let slack = word.size * 0.2;
    (line >= before.area.right - slack && line <= behind.area.left + slack).then_some(at)
}

/// A word in its cell; a number that lies in two is in each, and in neither for certain.
fn placed(table: &Ruled, mut word: Word) -> Vec<(usize, Word)> {
    let (row, column) = table.place_of(word.area.center());
    let cell = table.cell_of((row, column));
    let area = table.cell_area(cell);
    let within = word.area.right.min(area.right) - word.area.left.max(area.left);
    if !word.has_digit() || within >= word.area.width() * WITHIN {
        return vec![(cell, word)];
    }
    word.doubt();
    let y = word.area.center().1;
    let mut cells: Vec<usize> = [word.area.left, word.area.center().0, word.area.right]
        .into_iter()
        .map(|x| table.cell_of(table.place_of((x, y))))
        .collect();
    cells.sort_unstable();
    cells.dedup();
    cells.into_iter().map(|cell| (cell, word.clone())).collect()
}
