//! What stands in a cell: a number, or one of the ways to write that there is none.
//!
//! Takes a cell's text; gives a count or an amount in CNY, or why there is no number. Never takes
//! digits apart that do not stand as one number, and never puts such together.

use entity::template::CellState;
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

use crate::{
    cells::{Cell, Quantity},
    limits,
};

/// A unit of money, in CNY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Yuan,
    TenThousandYuan,
    HundredMillionYuan,
}

impl Unit {
    /// The unit a text names: `本年收费金额（单位：万元）`.
    pub fn of(text: &str) -> Option<Self> {
        const UNITS: [(&str, Unit); 3] = [
            ("亿元", Unit::HundredMillionYuan),
            ("万元", Unit::TenThousandYuan),
            ("元", Unit::Yuan),
        ];
        let text = folded(text);
        UNITS.into_iter().find(|(name, _)| text.contains(name)).map(|(_, unit)| unit)
    }

    fn decimal(self) -> Decimal {
        Decimal::from(match self {
            Self::Yuan => 1,
            Self::TenThousandYuan => 10_000,
            Self::HundredMillionYuan => 100_000_000,
        })
    }
}

/// An amount's cell, and whether its unit had to be assumed.
pub struct Amount {
    pub cell: Cell,
    pub is_assumed: bool,
}

// A number, a counting word, a remark: `22（其中修订16件）`, `22件，其中修订16件`.
static COUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.0+)?(?:件|条|项|个|宗|份|次|起|人|例)?(?:[,;]?其中[^|]*|\([^()]*\))?$").ok()
});
static AMOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^[¥￥]?([+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?)(亿元|万元|元|万)?(?:\([^()]*\))?$",
    )
    .ok()
});

/// A count. `is_signed`: whether the cell may hold a negative number.
pub fn count(text: &str, is_signed: bool) -> Cell {
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

/// An amount in CNY. The cell's unit counts, else the head's, else the assumed one; an amount other
/// than 0 without any unit is ambiguous.
pub fn amount(text: &str, head: Option<Unit>, assumed: Option<Unit>) -> Amount {
    let known = |cell: Cell| Amount { cell: cell.printed(text.trim()), is_assumed: false };
    if let Some(state) = written_none(text) {
        return known(Cell::missing(state));
    }
    let folded = folded(text);
    let captures =
        AMOUNT.as_ref().and_then(|amount| amount.captures(&folded)).filter(|_| is_one(text));
    let Some(captures) = captures else { return known(Cell::missing(unknown(&folded))) };
    let digits = captures[1].replace([',', '+'], "");
    let unit = captures.get(2).and_then(|unit| match unit.as_str() {
        "万" => Some(Unit::TenThousandYuan),
        unit => Unit::of(unit),
    });
    let is_short = digits.chars().filter(char::is_ascii_digit).count() <= limits::NUMBER_DIGITS;
    let Some(number) = Decimal::from_str_exact(&digits).ok().filter(|_| is_short) else {
        return known(Cell::missing(CellState::Unreadable));
    };
    let stated = unit.or(head);
    let Some(unit) = stated.or(assumed) else {
        let zero = number.is_zero().then_some(Cell::reported(Quantity::Amount(Decimal::ZERO)));
        return known(zero.unwrap_or(Cell::missing(CellState::Ambiguous)));
    };
    let cell = number.checked_mul(unit.decimal()).and_then(Quantity::amount).map(Cell::reported);
    let is_assumed = stated.is_none() && !number.is_zero();
    Amount { is_assumed, ..known(cell.unwrap_or(Cell::missing(CellState::Unreadable))) }
}

/// Whether a text could stand in a cell for numbers: a number, or a way to write that there is none.
pub fn is_value(text: &str) -> bool {
    let folded = folded(text);
    let is_number = |number: &LazyLock<Option<Regex>>| {
        number.as_ref().is_some_and(|number| number.is_match(&folded))
    };
    let is_digits =
        || folded.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '+' | '-'));
    written_none(text).is_some() || is_number(&COUNT) || is_number(&AMOUNT) || is_digits()
}

/// The state of a cell in which no digit stands.
fn written_none(text: &str) -> Option<CellState> {
    let text = folded(text);
    Some(match text.as_str() {
        "" => CellState::Blank,
        "无" | "无。" => CellState::None,
        _ if text.chars().all(|c| matches!(c, '/' | '\\')) => CellState::Slash,
        _ if text.chars().all(|c| c == '-') => CellState::Dash,
        _ => return None,
    })
}

fn unknown(folded: &str) -> CellState {
    let digits = folded.chars().filter(char::is_ascii_digit).count();
    let others = folded
        .chars()
        .filter(|c| !c.is_ascii_digit() && !matches!(c, ',' | '.' | '、' | ';'))
        .count();
    if digits > 0 && others == 0 { CellState::Ambiguous } else { CellState::Unreadable }
}

/// Whether no white space parts digits: `1 2` may be 1 and 2, or 12.
fn is_one(text: &str) -> bool {
    let text = text.trim();
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

/// One width of digits and signs, no white space.
fn folded(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200B}' | '\u{FEFF}'))
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '─' | '━' | 'ー' | '﹣' => '-',
            c => c,
        })
        .collect()
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

    #[test]
    fn an_amount_is_exact_and_in_yuan() {
        let read = |text, head, assumed| {
            amount(text, head, assumed).cell.value.map(|value| value.to_string())
        };
        let ten_thousand = Some(Unit::TenThousandYuan);
        assert_eq!(read("4166.241619", ten_thousand, None).as_deref(), Some("41662416.19"));
        assert_eq!(read("251000元", ten_thousand, None).as_deref(), Some("251000.00"));
        assert_eq!(read("47.9659万元", None, None).as_deref(), Some("479659.00"));
        assert_eq!(read("3,568,210.50元", None, None).as_deref(), Some("3568210.50"));
        assert_eq!(read("0", None, None).as_deref(), Some("0.00"));
        assert_eq!(read("12.5", None, None), None);
        assert_eq!(amount("12.5", None, None).cell.state, CellState::Ambiguous);
        let assumed = amount("12.5", None, ten_thousand);
        assert!(assumed.is_assumed && assumed.cell.value.is_some());
        assert_eq!(Unit::of("本年收费金额（单位：万元）"), ten_thousand);
        assert_eq!(Unit::of("采购总金额"), None);
    }
}
