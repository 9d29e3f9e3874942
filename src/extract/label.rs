//! Printed labels -> codes of the vocabulary.
//!
//! Two labels are the same where their letters are, numbering, punctuation, widths and white space
//! aside. A label whose letters were lost or mistaken in conversion is known where it can be only one.

use std::{cell::RefCell, rc::Rc, sync::LazyLock};

use entity::template::{
    AppealResult, Applicant, Code, Group, Item, ItemMeasure, LawsuitKind, RequestRow,
};
use foldhash::{HashMap, HashMapExt};
use unicode_normalization::UnicodeNormalization;

use crate::limits;

/// Letters a label must have for letters to be lost or mistaken in it.
const FUZZY_CHARS: usize = 5;

/// The text in one width without white space: NFKC.
pub fn clean(text: &str) -> String {
    quickly_clean(text).unwrap_or_else(|| {
        let is_kept = |c: &char| !c.is_whitespace() && !matches!(c, '\u{200B}' | '\u{FEFF}');
        text.nfkc().filter(is_kept).collect()
    })
}

/// The text cleaned, where it is made of characters alone whose NFKC needs no table.
pub(super) fn quickly_clean(text: &str) -> Option<String> {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '!'..='~' | '\u{4E00}'..='\u{9FFF}' | '、'..='】' | '“' | '”' | '‘' | '’' | '—' =>
            {
                clean.push(c);
            }
            ' ' | '\t' | '\n' | '\r' | '\u{A0}' | '\u{3000}' | '\u{200B}' | '\u{FEFF}' => {}
            // Full width: as ASCII stands, further up.
            '！'..='～' => clean.push(char::from_u32(u32::from(c) - 0xFEE0)?),
            _ => return None,
        }
    }
    Some(clean)
}

/// A cleaned text without the numbering in front of it, and that numbering.
pub fn split_numbering(clean: &str) -> (&str, &str) {
    let mut rest = clean;
    while let Some(end) = numbering(rest) {
        rest = &rest[end..];
    }
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if (1..=2).contains(&digits) && rest[digits..].starts_with(char::is_alphabetic) {
        rest = &rest[digits..];
    }
    (&clean[..clean.len() - rest.len()], rest)
}

/// Where one numbering ends that a text begins with: `##`, `(三)、`, `三、`, `12.`
fn numbering(text: &str) -> Option<usize> {
    const BULLETS: [char; 5] = ['#', '*', '>', '·', '•'];
    let numeral = |c: char| "一二三四五六七八九十".contains(c);
    let digit = |c: char| c.is_ascii_digit();
    /// How far a text goes on with such characters: so many, and so many bytes.
    fn run(text: &str, is_it: impl Fn(char) -> bool) -> (usize, usize) {
        text.chars()
            .take_while(|c| is_it(*c))
            .fold((0, 0), |(chars, bytes), c| (chars + 1, bytes + c.len_utf8()))
    }
    let first = text.chars().next()?;
    if BULLETS.contains(&first) {
        return Some(run(text, |c| BULLETS.contains(&c)).1);
    }
    let parting = |c: char| matches!(c, '、' | '.' | ',' | ':');
    if let Some(inner) = text.strip_prefix('(') {
        let (chars, bytes) = run(inner, |c| numeral(c) || digit(c));
        let after = inner[bytes..].strip_prefix(')').filter(|_| (1..=3).contains(&chars))?;
        return Some(text.len() - after.len() + run(after, parting).1);
    }
    let (most, (chars, bytes)) =
        if numeral(first) { (4, run(text, numeral)) } else { (2, run(text, digit)) };
    let (_, parts) = run(&text[bytes..], |c| parting(c) || c == ')');
    ((1..=most).contains(&chars) && parts > 0).then_some(bytes + parts)
}

/// What labels are compared by: letters and digits only, without numbering.
pub fn key(text: &str) -> String {
    let clean = clean(text);
    let is_letter = |c: &char| ('\u{4E00}'..='\u{9FFF}').contains(c) || c.is_alphanumeric();
    split_numbering(&clean).1.chars().filter(is_letter).collect()
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
    /// Where each key stands first.
    by_key: HashMap<String, u16>,
    /// Which of the form's lists it is.
    list: usize,
}

/// How many lists there are.
const LISTS: usize = 7;

/// What a text was found to be in one list: nothing known yet, no label, or the key at an index.
#[derive(Clone, Copy, Debug, Default)]
enum Found {
    #[default]
    Unknown,
    None,
    Key(u16),
}

/// What is known of a text, by list.
#[derive(Debug, Default)]
struct Known {
    key: Option<Rc<str>>,
    exact: [Found; LISTS],
    fuzzy: [Found; LISTS],
}

thread_local! {
    /// Labels are the same in every report, and asked for many times in each.
    static KNOWN: RefCell<HashMap<String, Known>> = RefCell::new(HashMap::new());
}

impl<C: Code + PartialEq> Vocabulary<C> {
    fn new(list: usize, wordings: fn(C) -> &'static [&'static str]) -> Self {
        let labels = |code: C| std::iter::once(code.label()).chain(wordings(code).iter().copied());
        let keys: Vec<(String, C)> = C::ALL
            .iter()
            .flat_map(|&code| labels(code).map(move |label| (key(label), code)))
            .collect();
        let mut by_key = HashMap::with_capacity(keys.len());
        for (at, (key, _)) in (0_u16..).zip(&keys) {
            by_key.entry(key.clone()).or_insert(at);
        }
        Self { keys, by_key, list }
    }

    /// The code whose label or wording this is.
    pub fn exact(&self, text: &str) -> Option<C> {
        // No label is without a Chinese letter; most cells are numbers.
        if text.is_ascii() {
            return None;
        }
        self.code(self.remembered(text, |known| &mut known.exact, Self::find_exact))
    }

    /// The code whose label this is, letters lost or mistaken.
    pub fn fuzzy(&self, text: &str) -> Option<C> {
        if text.is_ascii() {
            return None;
        }
        self.code(self.remembered(text, |known| &mut known.fuzzy, Self::find_fuzzy))
    }

    fn code(&self, found: Found) -> Option<C> {
        match found {
            Found::Key(at) => self.keys.get(usize::from(at)).map(|(_, code)| *code),
            Found::None | Found::Unknown => None,
        }
    }

    /// What was found of a text before, or is found now.
    fn remembered(
        &self,
        text: &str,
        part: fn(&mut Known) -> &mut [Found; LISTS],
        find: fn(&Self, &str) -> Found,
    ) -> Found {
        if text.len() > limits::LABEL_REMEMBERED_BYTES {
            return find(self, text);
        }
        KNOWN.with_borrow_mut(|texts| {
            if let Some(known) = texts.get_mut(text) {
                let found = &mut part(known)[self.list];
                if matches!(found, Found::Unknown) {
                    *found = find(self, text);
                }
                return *found;
            }
            if texts.len() >= limits::LABELS_REMEMBERED {
                texts.clear();
            }
            let found = find(self, text);
            let mut known = Known::default();
            part(&mut known)[self.list] = found;
            texts.insert(text.to_owned(), known);
            found
        })
    }

    fn find_exact(&self, text: &str) -> Found {
        let bare = || text.contains(['(', '（']).then(|| key_without_remark(text));
        let at = self.by_key.get(&key(text)).or_else(|| self.by_key.get(&bare()?));
        at.map_or(Found::None, |at| Found::Key(*at))
    }

    fn find_fuzzy(&self, text: &str) -> Found {
        if let found @ Found::Key(_) = self.find_exact(text) {
            return found;
        }
        let key = key_without_remark(text);
        if key.chars().count() < FUZZY_CHARS {
            return Found::None;
        }
        let mut near = (0_u16..).zip(&self.keys).filter(|(_, (known, _))| is_near(&key, known));
        let Some((at, (_, first))) = near.next() else { return Found::None };
        if near.all(|(_, (_, other))| other == first) { Found::Key(at) } else { Found::None }
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
    LazyLock::new(|| Vocabulary::new(0, |row| row.form().wordings));
pub static GROUPS: LazyLock<Vocabulary<Group>> =
    LazyLock::new(|| Vocabulary::new(1, |group| group.form().wordings));
pub static APPLICANTS: LazyLock<Vocabulary<Applicant>> =
    LazyLock::new(|| Vocabulary::new(2, |column| column.form().wordings));
pub static ITEMS: LazyLock<Vocabulary<Item>> =
    LazyLock::new(|| Vocabulary::new(3, |item| item.form().wordings));
pub static ITEM_MEASURES: LazyLock<Vocabulary<ItemMeasure>> =
    LazyLock::new(|| Vocabulary::new(4, |measure| measure.form().wordings));
pub static RESULTS: LazyLock<Vocabulary<AppealResult>> =
    LazyLock::new(|| Vocabulary::new(5, |result| result.form().wordings));
pub static LAWSUITS: LazyLock<Vocabulary<LawsuitKind>> =
    LazyLock::new(|| Vocabulary::new(6, |kind| kind.form().wordings));

/// The key of a text, remembered.
pub fn known_key(text: &str) -> Rc<str> {
    if text.len() > limits::LABEL_REMEMBERED_BYTES {
        return Rc::from(key(text));
    }
    KNOWN.with_borrow_mut(|texts| {
        if let Some(known) = texts.get_mut(text) {
            return known.key.get_or_insert_with(|| Rc::from(key(text))).clone();
        }
        if texts.len() >= limits::LABELS_REMEMBERED {
            texts.clear();
        }
        let key: Rc<str> = Rc::from(key(text));
        texts.insert(text.to_owned(), Known { key: Some(key.clone()), ..Known::default() });
        key
    })
}

/// Whether a text is one of the form's heads, such as 信息内容.
pub fn is_head(text: &str, head: &str) -> bool {
    !text.is_ascii() && *known_key(text) == *head
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
