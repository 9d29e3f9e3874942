//! Printed labels -> codes of the vocabulary.
//!
//! Two labels are the same where their letters are, numbering, punctuation, widths and white space
//! aside. A label whose letters were lost or mistaken in conversion is known where it can be only one.

use std::sync::LazyLock;

use entity::template::{
    AppealResult, Applicant, Code, Group, Item, ItemMeasure, LawsuitKind, RequestRow,
};
use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// Letters a label must have for letters to be lost or mistaken in it.
const FUZZY_CHARS: usize = 5;

static NUMBERING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:[#*>·•]+|\([一二三四五六七八九十\d]{1,3}\)[、.,:]*",
        r"|[一二三四五六七八九十]{1,4}[、.,:)]+|\d{1,2}[、.,:)]+)",
    ))
    .ok()
});

/// The text in one width without white space: NFKC.
pub fn clean(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200B}' | '\u{FEFF}')).collect()
}

/// A cleaned text without the numbering in front of it, and that numbering.
pub fn split_numbering(clean: &str) -> (&str, &str) {
    let mut rest = clean;
    while rest.starts_with(may_number)
        && let Some(found) = NUMBERING.as_ref().and_then(|numbering| numbering.find(rest))
    {
        rest = &rest[found.end()..];
    }
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if (1..=2).contains(&digits) && rest[digits..].starts_with(char::is_alphabetic) {
        rest = &rest[digits..];
    }
    (&clean[..clean.len() - rest.len()], rest)
}

/// Whether numbering may begin with this.
fn may_number(c: char) -> bool {
    c.is_ascii_digit() || "#*>·•(一二三四五六七八九十".contains(c)
}

/// What labels are compared by: letters and digits only, without numbering.
pub fn key(text: &str) -> String {
    let clean = clean(text);
    split_numbering(&clean).1.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The key of a label without the remark in brackets behind it.
fn key_without_remark(text: &str) -> String {
    let clean = clean(text);
    let label = split_numbering(&clean).1;
    key(label.split_once('(').map_or(label, |(label, _)| label))
}

/// The labels and wordings of one of the form's lists.
pub struct Vocabulary<C> {
    keys: Vec<(String, C)>,
}

impl<C: Code + PartialEq> Vocabulary<C> {
    fn new(wordings: fn(C) -> &'static [&'static str]) -> Self {
        let labels = |code: C| std::iter::once(code.label()).chain(wordings(code).iter().copied());
        let keys = C::ALL
            .iter()
            .flat_map(|&code| labels(code).map(move |label| (key(label), code)))
            .collect();
        Self { keys }
    }

    /// The code whose label or wording this is.
    pub fn exact(&self, text: &str) -> Option<C> {
        // No label is without a Chinese letter; most cells are numbers.
        if text.is_ascii() {
            return None;
        }
        let bare = || text.contains(['(', '（']).then(|| key_without_remark(text));
        self.of_key(&key(text)).or_else(|| self.of_key(&bare()?))
    }

    fn of_key(&self, key: &str) -> Option<C> {
        self.keys.iter().find(|(known, _)| known == key).map(|(_, code)| *code)
    }

    /// The code whose label this is, letters lost or mistaken.
    pub fn fuzzy(&self, text: &str) -> Option<C> {
        if text.is_ascii() {
            return None;
        }
        self.exact(text).or_else(|| {
            let key = key_without_remark(text);
            if key.chars().count() < FUZZY_CHARS {
                return None;
            }
            let mut near =
                self.keys.iter().filter(|(known, _)| is_near(&key, known)).map(|(_, code)| *code);
            let first = near.next()?;
            near.all(|other| other == first).then_some(first)
        })
    }

    /// The keys, for a search in running text.
    pub fn keys(&self) -> impl Iterator<Item = (&str, C)> {
        self.keys.iter().map(|(key, code)| (key.as_str(), *code))
    }
}

/// Whether a key is a known one with letters lost, or with one or two mistaken.
fn is_near(key: &str, known: &str) -> bool {
    let (chars, known_chars) = (key.chars().count(), known.chars().count());
    if known_chars < FUZZY_CHARS || chars > known_chars * 2 {
        return false;
    }
    let mut letters = known.chars();
    let is_subsequence = key.chars().all(|c| letters.any(|letter| letter == c));
    let mistakes = if known_chars < 9 { 1 } else { 2 };
    let is_mistaken = || {
        chars.abs_diff(known_chars) <= mistakes
            && strsim::damerau_levenshtein(key, known) <= mistakes
    };
    (is_subsequence && chars * 2 >= known_chars) || is_mistaken()
}

pub static ROWS: LazyLock<Vocabulary<RequestRow>> =
    LazyLock::new(|| Vocabulary::new(|row| row.form().wordings));
pub static GROUPS: LazyLock<Vocabulary<Group>> =
    LazyLock::new(|| Vocabulary::new(|group| group.form().wordings));
pub static APPLICANTS: LazyLock<Vocabulary<Applicant>> =
    LazyLock::new(|| Vocabulary::new(|column| column.form().wordings));
pub static ITEMS: LazyLock<Vocabulary<Item>> =
    LazyLock::new(|| Vocabulary::new(|item| item.form().wordings));
pub static ITEM_MEASURES: LazyLock<Vocabulary<ItemMeasure>> =
    LazyLock::new(|| Vocabulary::new(|measure| measure.form().wordings));
pub static RESULTS: LazyLock<Vocabulary<AppealResult>> =
    LazyLock::new(|| Vocabulary::new(|result| result.form().wordings));
pub static LAWSUITS: LazyLock<Vocabulary<LawsuitKind>> =
    LazyLock::new(|| Vocabulary::new(|kind| kind.form().wordings));

/// Whether a text is one of the form's heads, such as 信息内容.
pub fn is_head(text: &str, head: &str) -> bool {
    !text.is_ascii() && key(text) == head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_known_however_they_are_numbered_and_written() {
        for (text, row) in [
            ("1.属于国家机密", RequestRow::DeniedStateSecret),
            ("一、本年新收政府信息公开申请数量", RequestRow::Received),
            (
                "（二）部分公开（区分处理的，只记这一情形，不计其他情形）",
                RequestRow::PartiallyGranted,
            ),
            ("3．危及\"三安全一稳定\"", RequestRow::DeniedSecurityAndStability),
            ("2.其他法律行政止公开", RequestRow::DeniedProhibitedByLaw),
            (
                "1、申请人无正当理由逾期不补正，行政机关不再处理其政府信息公开申请",
                RequestRow::NotCorrectedInTime,
            ),
            ("5要求行政机关确认或 重新出具已获取信息", RequestRow::Reconfirmation),
            ("四、结转下年度继续办理", RequestRow::CarriedOverOut),
        ] {
            assert_eq!(ROWS.fuzzy(text), Some(row), "{text}");
        }
        assert_eq!(ROWS.fuzzy("三、本年度办理结果"), None);
        assert_eq!(GROUPS.exact("（三）不予公开"), Some(Group::Denied));
        assert_eq!(ITEM_MEASURES.exact("本年收费金额（单位：万元）"), Some(ItemMeasure::Amount));
        assert_eq!(ITEM_MEASURES.exact("本年增／减"), Some(ItemMeasure::Change));
        assert_eq!(APPLICANTS.exact("商业\n企业"), Some(Applicant::CommercialEnterprise));
    }
}
