//! What stands in a cell: a number, or one of the ways to write that there is none.
//!
//! Takes a cell's text; gives a count, or why there is no number; amounts of money are in `money`. Never takes
//! digits apart that do not stand as one number, and never puts such together.

use entity::template::CellState;
use regex::Regex;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

use super::{label, money};
use crate::{
    cells::{Cell, Quantity},
    limits,
};

// A number, a counting word, a remark: `22（其中修订16件）`, `22件，其中修订16件`.
static COUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.0+)?(?:件|条|项|个|宗|份|次|起|人|例)?(?:[,;]?其中[^|]*|\([^()]*\))?$").ok()
});
/// A count. `is_signed`: whether the cell may hold a negative number.
pub fn count(text: &str, is_signed: bool) -> Cell {
    // Most cells hold plain digits.
    let digits = text.trim();
    if !digits.is_empty()
        && digits.len() <= limits::NUMBER_DIGITS
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(number) = digits.parse()
    {
        return Cell::reported(Quantity::Count(number)).printed(digits);
    }
    if let Some(state) = written_none(text) {
        return Cell::missing(state).printed(text.trim());
    }
    let folded = folded(text);
    let captures = COUNT.as_ref().and_then(|count| count.captures(&folded));
    let number = captures.and_then(|captures| {
        let digits = captures[2].replace(',', "");
        let sign = &captures[1];
        let is_allowed = digits.len() <= limits::NUMBER_DIGITS && (is_signed || sign.is_empty());
        format!("{}{digits}", sign.replace('+', ""))
            .parse()
            .ok()
            .filter(|_| is_allowed && is_one(text))
    });
    match number {
        Some(number) => Cell::reported(Quantity::Count(number)),
        None => Cell::missing(unknown(&folded)),
    }
    .printed(text.trim())
}

/// Whether a text could stand in a cell for numbers: a number, or a way to write that there is none.
pub fn is_value(text: &str) -> bool {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    // Words without a digit are no value, but for the word that says there is none.
    let is_letter = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c) && c != '无';
    if text.contains(is_letter) && text.chars().all(is_never_digit) {
        return false;
    }
    let folded = folded(text);
    let is_count = || COUNT.as_ref().is_some_and(|count| count.is_match(&folded));
    let is_digits =
        || folded.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '+' | '-'));
    written_none(text).is_some() || is_count() || money::is_amount(&folded) || is_digits()
}

/// Whether a character is no digit however it is written: a Chinese letter, a sign, white space.
fn is_never_digit(c: char) -> bool {
    match c {
        '\u{4E00}'..='\u{9FFF}' | '、'..='】' | '（' | '）' | '，' | '：' | '；' => true,
        _ => c.is_ascii() && !c.is_ascii_digit(),
    }
}

/// The state of a cell in which no digit stands.
pub(super) fn written_none(text: &str) -> Option<CellState> {
    let text = folded(text);
    Some(match text.as_str() {
        "" => CellState::Blank,
        "无" | "无。" => CellState::None,
        _ if text.chars().all(|c| matches!(c, '/' | '\\')) => CellState::Slash,
        _ if text.chars().all(|c| c == '-') => CellState::Dash,
        _ => return None,
    })
}

pub(super) fn unknown(folded: &str) -> CellState {
    let digits = folded.chars().filter(char::is_ascii_digit).count();
    let others = folded
        .chars()
        .filter(|c| !c.is_ascii_digit() && !matches!(c, ',' | '.' | '、' | ';'))
        .count();
    if digits > 0 && others == 0 { CellState::Ambiguous } else { CellState::Unreadable }
}

/// Whether no white space parts digits: `1 2` may be 1 and 2, or 12.
pub(super) fn is_one(text: &str) -> bool {
    let text = without_marks(text.trim());
    let number_end = text.find(['(', '（', '其']).unwrap_or(text.len());
    let mut after_gap = false;
    let mut after_digit = false;
    for c in text[..number_end].nfkc() {
        if c.is_whitespace() {
            after_gap = after_digit;
            continue;
        }
        if after_gap && c.is_ascii_digit() {
            return false;
        }
        (after_gap, after_digit) = (false, c.is_ascii_digit() || matches!(c, ',' | '.'));
    }
    true
}

/// The text without the marks of notes behind its number: `47¹`, `47①`. NFKC would make digits of them.
fn without_marks(text: &str) -> String {
    let mut has_digit = false;
    let is_kept = |c: &char| {
        has_digit |= c.is_ascii_digit() || ('０'..='９').contains(c);
        !(has_digit && is_mark(*c))
    };
    text.chars().filter(is_kept).collect()
}

/// Whether it is a raised, lowered, circled or bracketed digit.
fn is_mark(c: char) -> bool {
    let is_raised = matches!(c, '²' | '³' | '¹' | '\u{2070}'..='\u{209C}');
    is_raised
        || matches!(c, '\u{2460}'..='\u{249B}' | '\u{24EA}'..='\u{24FF}' | '\u{2776}'..='\u{2793}' | '\u{3251}'..='\u{325F}' | '\u{32B1}'..='\u{32BF}')
}

/// One width of digits and signs, no white space.
pub(super) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.chars().filter(|c| !c.is_whitespace()).collect();
    }
    let clean = label::quickly_clean(text).unwrap_or_else(|| label::clean(&without_marks(text)));
    let is_dash = |c| matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '─' | '━' | 'ー' | '﹣');
    if clean.contains(is_dash) { clean.replace(is_dash, "-") } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<i64, CellState> {
        match count(text, false) {
            Cell { value: Some(Quantity::Count(count)), .. } => Ok(count),
            cell => Err(cell.state),
        }
    }

    #[test]
    fn counts_are_read_as_they_are_met() {
        for (text, number) in [
            ("0", 0),
            (" 22 ", 22),
            ("１２", 12),
            ("12,486", 12_486),
            ("12，486", 12_486),
            ("22（其中修订16件）", 22),
            ("9(其中修订2件)", 9),
            ("22件，其中修订16件", 22),
            ("3件", 3),
            ("12345678", 12_345_678),
            ("7.0", 7),
            ("47¹", 47),
            ("47①", 47),
            ("４７ ⑵件", 47),
        ] {
            assert_eq!(read(text), Ok(number), "{text}");
        }
    }

    #[test]
    fn a_cell_without_a_number_says_how() {
        for (text, state) in [
            ("", CellState::Blank),
            ("\u{a0}", CellState::Blank),
            ("/", CellState::Slash),
            ("／", CellState::Slash),
            ("-", CellState::Dash),
            ("—", CellState::Dash),
            ("——", CellState::Dash),
            ("－", CellState::Dash),
            ("无", CellState::None),
            ("1 2", CellState::Ambiguous),
            ("1\n2", CellState::Ambiguous),
            ("1,2", CellState::Ambiguous),
            ("0.5", CellState::Ambiguous),
            ("-3", CellState::Unreadable),
            ("若干", CellState::Unreadable),
            ("1234567890123456789", CellState::Ambiguous),
        ] {
            assert_eq!(read(text), Err(state), "{text}");
        }
        assert_eq!(count("-3", true).value, Some(Quantity::Count(-3)));
        assert_eq!(count("－28", true).value, Some(Quantity::Count(-28)));
    }
}
