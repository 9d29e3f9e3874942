//! Amounts of money: a cell's text and the unit stated for it -> CNY, exactly.
//!
//! Takes the unit from the cell, from brackets in it, from the head or a caption. A unit that is not
//! one of the yuan's, or two that differ, make the amount ambiguous; nothing is converted.

use std::sync::LazyLock;

use entity::template::CellState;
use regex::Regex;
use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

use super::number;
use crate::{
    cells::{Cell, Quantity},
    limits,
};

/// A unit of money, in CNY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    cny: u32,
}

/// What a text states as the unit of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stated {
    Nothing,
    Unit(Unit),
    /// A unit that is not the yuan's (美元), or more than one.
    Other,
}

/// An amount's cell, and whether its unit had to be assumed.
pub struct Amount {
    pub cell: Cell,
    pub is_assumed: bool,
}

/// Words that tell of money, a known unit or not.
const MONEY: [&str; 5] = ["元", "币", "镑", "美金", "外汇"];

static UNIT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"([^十百千万亿]?)(人民币)?([十百千万亿]*)元").ok());
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^[¥￥]?([+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?)([百千]?万?元|亿元|万)?(?:\(([^()]*)\))?$",
    )
    .ok()
});
// `单位：万元`, alone or at a line's end; not `我单位全年收取…元`.
static CAPTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\p{L}]|金额|计量|货币)单位 ?: ?([^。,;:()]{1,12})\)?$").ok()
});

impl Unit {
    pub const TEN_THOUSAND_YUAN: Self = Self { cny: 10_000 };

    /// The unit that a word such as 万元 is.
    fn of_word(word: &str) -> Option<Self> {
        let cny = match word.trim_end_matches('元') {
            "" => 1,
            "百" => 100,
            "千" => 1_000,
            "万" => 10_000,
            "十万" => 100_000,
            "百万" => 1_000_000,
            "千万" => 10_000_000,
            "亿" => 100_000_000,
            _ => return None,
        };
        Some(Self { cny })
    }

    fn decimal(self) -> Decimal {
        Decimal::from(self.cny)
    }
}

impl Stated {
    /// The unit a head or a remark states: `本年收费金额（单位：万元）`.
    pub fn in_text(text: &str) -> Self {
        let text = number::folded(text);
        let Some(unit) = UNIT.as_ref() else { return Self::Other };
        let mut stated = Self::Nothing;
        for found in unit.captures_iter(&text) {
            // 美元 is another currency's, 单元 is no unit; 金额万元 lost its bracket.
            let before = found[1].chars().next();
            let is_whole = found.get(2).is_some()
                || before.is_none_or(|c| !c.is_alphabetic() || "额位为".contains(c));
            let one = Unit::of_word(&found[3]).filter(|_| is_whole).map_or(Self::Other, Self::Unit);
            if stated != Self::Nothing && stated != one {
                return Self::Other;
            }
            stated = one;
        }
        if stated == Self::Nothing && MONEY.iter().any(|word| text.contains(word)) {
            return Self::Other;
        }
        stated
    }

    /// The unit a line above a table states.
    pub fn in_caption(line: &str) -> Self {
        let line: String = line.trim().nfkc().collect();
        let captures = CAPTION.as_ref().and_then(|caption| caption.captures(&line));
        captures.map_or(Self::Nothing, |captures| Self::in_text(&captures[1]))
    }

    /// This, or where it is nothing the other.
    pub fn or(self, other: Self) -> Self {
        if self == Self::Nothing { other } else { self }
    }
}

/// An amount in CNY. The cell's unit counts, else the head's, else the assumed one; an amount other
/// than 0 without any unit, or with one that is not known, is ambiguous.
pub fn amount(text: &str, head: Stated, assumed: Option<Unit>) -> Amount {
    let known = |cell: Cell| Amount { cell: cell.printed(text.trim()), is_assumed: false };
    if let Some(state) = number::written_none(text) {
        return known(Cell::missing(state));
    }
    let folded = number::folded(text);
    let captures = NUMBER.as_ref().and_then(|amount| amount.captures(&folded));
    let Some(captures) = captures.filter(|_| number::is_one(text)) else {
        return known(Cell::missing(number::unknown(&folded)));
    };
    let digits = captures[1].replace([',', '+'], "");
    let is_short = digits.chars().filter(char::is_ascii_digit).count() <= limits::NUMBER_DIGITS;
    let Some(number) = Decimal::from_str_exact(&digits).ok().filter(|_| is_short) else {
        return known(Cell::missing(CellState::Unreadable));
    };
    let behind = captures.get(2).map_or(Stated::Nothing, |unit| {
        Unit::of_word(unit.as_str()).map_or(Stated::Other, Stated::Unit)
    });
    let remark = captures.get(3).map_or("", |remark| remark.as_str());
    let stated = in_cell(number, behind, remark).or(head);
    let unit = match stated {
        Stated::Unit(unit) => Some(unit),
        Stated::Nothing => assumed,
        Stated::Other => None,
    };
    let Some(unit) = unit else {
        let is_zero = number.is_zero() && !remark.contains(|c: char| c.is_ascii_digit());
        let zero = is_zero.then_some(Cell::reported(Quantity::Amount(Decimal::ZERO)));
        return known(zero.unwrap_or(Cell::missing(CellState::Ambiguous)));
    };
    let cell = number.checked_mul(unit.decimal()).and_then(Quantity::amount).map(Cell::reported);
    let is_assumed = stated == Stated::Nothing && !number.is_zero();
    Amount { is_assumed, ..known(cell.unwrap_or(Cell::missing(CellState::Unreadable))) }
}

/// The unit a cell states, behind its number or in a bracket: 251000（元）. A bracket that holds another
/// amount is understood only where it is the same one: 12.5万元（125000元）.
fn in_cell(number: Decimal, behind: Stated, remark: &str) -> Stated {
    if !remark.contains(|c: char| c.is_ascii_digit()) {
        let stated = Stated::in_text(remark);
        return if behind == Stated::Nothing || stated == Stated::Nothing || stated == behind {
            behind.or(stated)
        } else {
            Stated::Other
        };
    }
    if !MONEY.iter().chain(&["万", "亿"]).any(|word| remark.contains(word)) {
        return behind;
    }
    let other = NUMBER.as_ref().and_then(|amount| amount.captures(remark)).and_then(|captures| {
        let digits = captures[1].replace([',', '+'], "");
        let unit = Unit::of_word(captures.get(2)?.as_str())?;
        Decimal::from_str_exact(&digits).ok()?.checked_mul(unit.decimal())
    });
    match behind {
        Stated::Unit(unit) if other.is_some() && number.checked_mul(unit.decimal()) == other => {
            behind
        }
        _ => Stated::Other,
    }
}

/// Whether a text is an amount.
pub fn is_amount(folded: &str) -> bool {
    NUMBER.as_ref().is_some_and(|number| number.is_match(folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN_THOUSAND: Stated = Stated::Unit(Unit::TEN_THOUSAND_YUAN);
    const ONE: Stated = Stated::Unit(Unit { cny: 1 });

    #[test]
    fn an_amount_is_exact_and_in_yuan() {
        for (text, head, cny) in [
            ("4166.241619", TEN_THOUSAND, Some("41662416.19")),
            ("251000元", TEN_THOUSAND, Some("251000.00")),
            ("251000（元）", TEN_THOUSAND, Some("251000.00")),
            ("12.5（万元）", ONE, Some("125000.00")),
            ("12.5万元（125000元）", ONE, Some("125000.00")),
            ("12.5（5元）", TEN_THOUSAND, None),
            ("12万元（元）", TEN_THOUSAND, None),
            ("12（含上年3项）", TEN_THOUSAND, Some("120000.00")),
            ("47.9659万元", Stated::Nothing, Some("479659.00")),
            ("5千元", ONE, Some("5000.00")),
            ("3,568,210.50元", Stated::Nothing, Some("3568210.50")),
            ("0", Stated::Nothing, Some("0.00")),
            ("12.5", Stated::Nothing, None),
            ("12.5", Stated::Other, None),
        ] {
            let cell = amount(text, head, None).cell;
            assert_eq!(cell.value.map(|value| value.to_string()).as_deref(), cny, "{text}");
            assert!(cell.value.is_some() || cell.state == CellState::Ambiguous, "{text}");
        }
        let assumed = amount("12.5", Stated::Nothing, Some(Unit::TEN_THOUSAND_YUAN));
        assert!(assumed.is_assumed && assumed.cell.value.is_some());
    }

    #[test]
    fn a_unit_is_a_whole_word() {
        for (text, stated) in [
            ("本年收费金额（单位：万元）", TEN_THOUSAND),
            ("本年收费金额万元", TEN_THOUSAND),
            ("采购总金额（人民币元）", ONE),
            ("采购总金额", Stated::Nothing),
            ("（单位：千元）", Stated::Unit(Unit { cny: 1_000 })),
            ("（单位：百万元）", Stated::Unit(Unit { cny: 1_000_000 })),
            ("（单位：美元）", Stated::Other),
            ("（单位：元/万元）", Stated::Other),
            ("（单位：港币）", Stated::Other),
        ] {
            assert_eq!(Stated::in_text(text), stated, "{text}");
        }
        for (line, stated) in [
            ("单位：万元", TEN_THOUSAND),
            ("（金额单位：元）", ONE),
            ("表一 单位：万元", TEN_THOUSAND),
            ("我单位全年收取费用523071元。", Stated::Nothing),
            ("填报单位：沂源县财政局", Stated::Nothing),
        ] {
            assert_eq!(Stated::in_caption(line), stated, "{line}");
        }
    }
}
