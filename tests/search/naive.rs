//! Made-up prose, and a scan of it that knows nothing of how the program searches.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use crate::{harness::Store, questions::made_up::Dice};

/// What texts are made of: Chinese, punctuation, blanks and line ends, digits, Latin, full-width forms,
/// characters beyond the first plane, characters that NFKC takes apart or joins.
const PIECES: [&str; 40] = [
    "政府",
    "信息",
    "公开",
    "工作",
    "的",
    "的",
    "的",
    "的",
    "的",
    "的",
    "，",
    "。",
    "、",
    " ",
    "\n",
    "\u{3000}",
    "2023年",
    "12 3",
    "件",
    "Open Data",
    "ＷＰＳ",
    "Office",
    "𠀀",
    "𠮷",
    "（",
    "）",
    "行政执法案卷",
    "申请",
    "不予",
    "《条例》",
    "①",
    "e\u{301}",
    "ﬁ",
    "㈱",
    "依申请",
    "县",
    "问题",
    "不",
    "府信",
    "a",
];

/// A text of some of these.
pub fn text(dice: &mut Dice, most: usize) -> String {
    (0..=dice.throw(most)).map(|_| *dice.pick(&PIECES)).collect()
}

/// A report: its agency's name, its year, the texts of its sections.
#[derive(Clone, Debug)]
pub struct Report {
    pub agency: String,
    pub region: &'static str,
    pub year: i32,
    pub sections: BTreeMap<i16, String>,
}

/// Places of agencies: counties, townships and a province.
const PLACES: [(&str, &str); 5] = [
    ("321322", "江苏省宿迁市沭阳县"),
    ("370323", "山东省淄博市沂源县"),
    ("370300", "山东省淄博市"),
    ("370000", "山东省"),
    ("110105", "北京市朝阳区"),
];

impl Report {
    pub fn made_up(dice: &mut Dice, number: usize) -> Self {
        let (region, place) = PLACES[number % PLACES.len()];
        let sections = (1..=6).map(|number| (number, text(dice, 20))).collect();
        let year = 2021 + i32::try_from(number / PLACES.len() % 3).unwrap();
        let agency = format!("{place}第{}局", number / PLACES.len() / 3);
        Self { agency, region, year, sections }
    }

    pub fn line(&self) -> String {
        let section = |(number, text): (&i16, &String)| json!({"number": number, "heading": "标题", "text": text});
        let sections: Vec<Value> = self.sections.iter().map(section).collect();
        json!({
            "agency": {"name": self.agency, "region_code": self.region, "kind": "department"},
            "year": self.year, "template": "2021", "sections": sections,
        })
        .to_string()
    }
}

/// Imports reports as one file.
pub async fn import(store: &Store, name: &str, reports: &[Report]) {
    let lines: Vec<String> = reports.iter().map(Report::line).collect();
    let path = store.folder.path().join(name);
    std::fs::write(&path, lines.join("\n")).unwrap();
    let args = ["import", path.to_str().unwrap(), "--database-url", &store.url()];
    let imported = crate::harness::gongkai(store.folder.path(), &args);
    assert_eq!(imported.status.code(), Some(0), "{}", crate::harness::stderr(&imported));
}

/// A text as it is looked in: NFKC, lower case, without whitespace but between Latin words and digits.
pub fn plain(text: &str) -> String {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let mut plain = String::new();
    for part in lower.split_whitespace() {
        let is_latin =
            |character: Option<char>| character.is_some_and(|c| c.is_ascii_alphanumeric());
        if is_latin(plain.chars().last()) && is_latin(part.chars().next()) {
            plain.push(' ');
        }
        plain += part;
    }
    plain
}

/// The words of a question.
pub fn words(q: &str) -> BTreeSet<String> {
    let lower: String = q.nfkc().flat_map(char::to_lowercase).collect();
    lower.split_whitespace().map(str::to_owned).collect()
}

/// A section by agency, year and number.
pub type Key = (String, i32, i16);

/// The sections that have all words.
pub fn scan(texts: &BTreeMap<Key, String>, q: &str) -> BTreeSet<Key> {
    let words = words(q);
    let holds = |text: &String| words.iter().all(|word| text.contains(word));
    texts.iter().filter(|(_, text)| holds(text)).map(|(key, _)| key.clone()).collect()
}
