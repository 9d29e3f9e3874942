//! What pages carry around their text: page numbers, running heads and feet.
//!
//! A page number is known by its form and by rising from page to page at one height; a running line
//! by standing at one height on several pages. Neither is text of the document, and neither ends a
//! table that goes on over the page's end.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::Regex;

use super::{lines, pages::Page, words::Word};

/// Of a page's height: how far from its upper or lower end such lines stand.
const MARGIN: f32 = 0.12;
/// Lines looked at from each end of a page.
const LINES: usize = 4;
/// Points by which such lines may differ in height from page to page.
const DRIFT: f32 = 4.0;

static PAGE_NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:[-—–－_·\s]{1,6}\d{1,3}[-—–－_·\s]{1,6}",
        r"|第?\s*\d{1,3}\s*页[\s,，/／]*(?:[共总]\s*\d{1,3}\s*页)?|第\s*[一二三四五六七八九十]{1,3}\s*页",
        r"|\d{1,3}\s*[/／]\s*\d{1,3}|Page\s*\d+(?:\s*of\s*\d+)?)$",
    ))
    .ok()
});

/// A line near a page's end, alone at its height.
struct Edge {
    page: usize,
    text: String,
    top: f32,
    bottom: f32,
    /// Its words, by their places among the page's.
    words: Vec<usize>,
}

/// Takes the page numbers and running lines off the pages.
pub(super) fn remove(pages: &mut [Page]) {
    let edges: Vec<Edge> =
        pages.iter().enumerate().flat_map(|(at, page)| edges(at, page)).collect();
    let mut leaving: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for edge in &edges {
        if is_page_number(&edge.text) || is_running(edge, &edges) {
            leaving.entry(edge.page).or_default().extend(&edge.words);
        }
    }
    for (page, words) in leaving {
        let mut index = 0;
        pages[page].words.retain(|_| {
            index += 1;
            !words.contains(&(index - 1))
        });
    }
}

fn is_page_number(text: &str) -> bool {
    PAGE_NUMBER.as_ref().is_some_and(|form| form.is_match(text.trim()))
}

/// Whether a line stands at its height on another page too, but for the page's number.
fn is_running(edge: &Edge, edges: &[Edge]) -> bool {
    let number = |edge: &Edge| edge.text.trim().parse::<usize>().ok();
    let masked = |edge: &Edge| -> String {
        edge.text.chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace()).collect()
    };
    edges
        .iter()
        .filter(|other| {
            other.page != edge.page
                && (other.top - edge.top).abs() < DRIFT
                && (other.bottom - edge.bottom).abs() < DRIFT
        })
        .any(|other| match (number(edge), number(other)) {
            // A bare number rises with its pages.
            (Some(own), Some(others)) => own + other.page == others + edge.page,
            (None, None) => masked(edge).chars().count() > 1 && masked(edge) == masked(other),
            _ => false,
        })
}

/// The lines near a page's ends.
fn edges(at: usize, page: &Page) -> Vec<Edge> {
    let height = page.size.1;
    let near: Vec<(usize, &Word)> = page
        .words
        .iter()
        .enumerate()
        .filter(|(_, word)| {
            word.area.bottom < height * MARGIN || word.area.top > height * (1.0 - MARGIN)
        })
        .collect();
    let words: Vec<Word> = near.iter().map(|(_, word)| (*word).clone()).collect();
    // A page number may stand over a table that reaches to the page's end.
    let alone = near.iter().map(|(index, word)| Edge {
        page: at,
        text: word.text(),
        top: word.area.top,
        bottom: word.area.bottom,
        words: vec![*index],
    });
    let alone = alone.filter(|edge| is_page_number(&edge.text));
    let alone: Vec<Edge> = alone.take(LINES).collect();
    let lines = lines::lines(&words);
    let last = lines.len().saturating_sub(LINES);
    lines
        .into_iter()
        .enumerate()
        .filter(|(index, _)| *index < LINES || *index >= last)
        .map(|(_, line)| {
            let is_in = |word: &Word| line.area.encloses(word.area, 0.01);
            let words =
                near.iter().filter(|(_, word)| is_in(word)).map(|(index, _)| *index).collect();
            Edge { page: at, text: line.text, top: line.area.top, bottom: line.area.bottom, words }
        })
        .chain(alone)
        .collect()
}
