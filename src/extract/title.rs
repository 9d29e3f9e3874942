//! The report's title: whose report, of which year.
//!
//! Takes the lines of a document, its metadata and its page's title; gives the title that says most.
//! A title may stand on two lines, name the year first or last, or leave out the agency.

use std::sync::LazyLock;

use regex::Regex;

use super::{date, label, name};
use crate::{
    document::{Block, Document},
    limits,
};

/// A title taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// As printed, white space aside.
    pub text: String,
    /// The agency's name in it; may be empty.
    pub agency: String,
    pub year: Option<i32>,
    /// Whether it is the blank form's: `××局20××年…`.
    pub is_placeholder: bool,
    /// The block it begins in; none for metadata.
    pub block: Option<usize>,
}

static REPORT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(.*?)(政府)?(?:信息|政务)公开(?:工作)?(?:情况)?的?(?:年度|年)?(?:工作)?(?:情况)?的?(?:报告|年报)",
        r"(?:\(?(\d{4})年?度?\)?|\(?全文\)?|\([^()]*\)|[-_|—].*)?$",
    ))
    .ok()
});
static YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(\d{4})年?度?的?").ok());
static CHINESE_YEAR: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[二][〇○零][一二三四五六七八九〇○零]{2}年").ok());
static PLACEHOLDER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[Xx×*_]{2,}|某|\(单位|\(机关|\(名称").ok());

/// Words of headlines about reports that are none.
const NEWS: [&str; 16] = [
    "发布",
    "公布",
    "印发",
    "做好",
    "报送",
    "编制",
    "开展",
    "解读",
    "一图",
    "图解",
    "通知",
    "召开",
    "关于报",
    "提交",
    "审议",
    "格式",
];
/// What a title ends with, but for the year.
const ENDS: [&str; 2] = ["报告", "年报"];
/// Metadata in which the title stands.
const NAMES: [&str; 5] = ["ArticleTitle", "标题", "名称", "信息名称", "文件名称"];

impl Title {
    /// Whether two titles can only be of two reports: of other years, or of agencies of which neither
    /// name is the other's short form.
    pub fn is_of_another(&self, other: &Self) -> bool {
        let (one, two) = (&self.agency, &other.agency);
        let is_short_form = one.ends_with(name::without_area_word(two).as_str())
            || two.ends_with(name::without_area_word(one).as_str());
        let is_other_agency = !one.is_empty() && !two.is_empty() && !is_short_form;
        let is_other_year = self.year.zip(other.year).is_some_and(|(one, two)| one != two);
        !self.is_placeholder && !other.is_placeholder && (is_other_agency || is_other_year)
    }
}

/// The titles that stand in the text, anywhere.
pub fn all(blocks: &[Block]) -> Vec<Title> {
    let texts = texts(blocks);
    (0..texts.len()).filter_map(|index| at(&texts, index)).take(limits::TITLES).collect()
}

fn texts(blocks: &[Block]) -> Vec<Option<&str>> {
    let texts = blocks.iter().map(|block| match block {
        Block::Text(paragraph) => Some(paragraph.text.as_str()),
        Block::Grid(_) => None,
    });
    texts.collect()
}

/// What a document states about itself, its title left out.
pub fn without_titles(metadata: &[(String, String)]) -> Vec<(String, String)> {
    metadata.iter().filter(|(name, _)| !NAMES.contains(&name.as_str())).cloned().collect()
}

/// The document's title.
pub fn find(document: &Document) -> Option<Title> {
    let texts = texts(&document.blocks[..document.blocks.len().min(limits::PREAMBLE_BLOCKS)]);
    let in_text = (0..texts.len()).filter_map(|index| at(&texts, index));
    let metadata = document.metadata.iter().filter(|(name, _)| NAMES.contains(&name.as_str()));
    let beside: Vec<Title> = metadata
        .map(|(_, value)| value)
        .chain(&document.title)
        .filter_map(|text| parse(text))
        .collect();
    let year = beside.iter().find_map(|title| title.year);
    // How much a title says; a list of other years' reports may stand above the report.
    let says = |title: &Title| (title.year.is_some(), title.year == year, !title.agency.is_empty());
    // The first of those that say most; the text before what stands beside it.
    in_text
        .chain(beside.iter().cloned())
        .reduce(|best, next| if says(&next) > says(&best) { next } else { best })
}

/// The title that begins at a line, over as many lines as it takes.
fn at(texts: &[Option<&str>], index: usize) -> Option<Title> {
    let first = texts[index]?;
    let more = texts[index + 1..].iter().take(2).map_while(|text| *text);
    if !is_worded([first].into_iter().chain(more.clone())) {
        return None;
    }
    let alone = parse(first).or_else(|| glued(first));
    if let Some(title) = &alone
        && title.agency.is_empty()
        && let Some(Some(before)) = index.checked_sub(1).and_then(|before| texts.get(before))
        && name::is_agency(before)
        && let Some(joined) = parse(&format!("{before}{first}"))
    {
        return Some(Title { block: Some(index - 1), ..joined });
    }
    let over_lines = || {
        // A line that is a title by itself does not end another one.
        let is_whole = |text: &str| parse(text).is_some_and(|title| !title.agency.is_empty());
        let mut joined = first.to_owned();
        more.take_while(|text| !is_whole(text)).find_map(|text| {
            joined.push_str(text);
            parse(&joined)
        })
    };
    alone.or_else(over_lines).map(|title| Title { block: Some(index), ..title })
}

/// Whether lines hold the letters that every title has; most have not.
fn is_worded<'a>(lines: impl Iterator<Item = &'a str> + Clone) -> bool {
    ['公', '报'].iter().all(|&letter| lines.clone().any(|line| line.contains(letter)))
}

/// A title at the beginning of a long line into which text without its markup has run.
fn glued(line: &str) -> Option<Title> {
    let (head, rest) = line.split_once(char::is_whitespace)?;
    (!rest.is_empty() && line.chars().count() > limits::TITLE_CHARS).then(|| parse(head)).flatten()
}

/// Where the title ends that a line begins with and other text goes on behind.
pub fn end_in(line: &str) -> Option<usize> {
    // The rest of the line may be a whole report.
    let line = line.char_indices().nth(limits::TITLE_CHARS * 2).map_or(line, |(at, _)| &line[..at]);
    let ends = ENDS.iter().flat_map(|end| line.match_indices(end).map(|(at, end)| at + end.len()));
    let is_title = |&end: &usize| parse(&line[..end]).is_some();
    let end = ends.filter(is_title).min()?;
    // The year may follow in brackets.
    let rest = &line[end..];
    let bracket = rest.find(['）', ')']).filter(|_| rest.starts_with(['（', '(']));
    let behind = bracket.map(|at| end + at + rest[at..].chars().next().map_or(0, char::len_utf8));
    behind.filter(is_title).or(Some(end))
}

/// Takes a line apart as a title.
pub fn parse(line: &str) -> Option<Title> {
    if line.chars().count() > limits::TITLE_CHARS * 2 {
        return None;
    }
    let clean = label::clean(line);
    let text = clean.trim_start_matches(['#', '*', '《']).trim_end_matches(['》', '*']);
    // What every title says; few other lines do.
    if !text.contains("公开") || !ENDS.iter().any(|word| text.contains(word)) {
        return None;
    }
    if text.chars().count() > limits::TITLE_CHARS || NEWS.iter().any(|word| text.contains(word)) {
        return None;
    }
    let western = western_year(text);
    let captures = REPORT.as_ref()?.captures(&western)?;
    let before = captures.get(1).map_or("", |before| before.as_str());
    let mut agency = before.trim_start_matches("关于").to_owned();
    let last_year = captures.get(3).and_then(|year| year.as_str().parse().ok());
    let year = YEAR.as_ref()?.captures_iter(before).find_map(|year| {
        let number: i32 = year[1].parse().ok().filter(|number| limits::YEARS.contains(number))?;
        agency = agency.replacen(&year[0], "", 1);
        Some(number)
    });
    // 人民政府 and 政府信息公开 may share the word.
    if agency.ends_with("人民") && captures.get(2).is_some() {
        agency.push_str("政府");
    }
    let is_placeholder = PLACEHOLDER.as_ref()?.is_match(&western);
    let agency = agency
        .trim_end_matches("关于")
        .trim_end_matches(['的', '度'])
        .trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')'));
    if agency.chars().count() > limits::AGENCY_CHARS || agency.contains(['。', ',', ':', ';', '>'])
    {
        return None;
    }
    Some(Title {
        text: text.to_owned(),
        agency: agency.to_owned(),
        year: year.or(last_year).filter(|year| limits::YEARS.contains(year)),
        is_placeholder,
        block: None,
    })
}

/// 二〇二三年 is 2023年.
fn western_year(text: &str) -> String {
    let Some(found) = CHINESE_YEAR.as_ref().and_then(|year| year.find(text)) else {
        return text.to_owned();
    };
    let year = date::chinese_number(found.as_str().trim_end_matches('年'));
    year.map_or_else(
        || text.to_owned(),
        |year| text.replacen(found.as_str(), &format!("{year}年"), 1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_taken_apart_however_they_are_worded() {
        for (text, agency, year) in [
            (
                "沂源县张家坡镇人民政府2023年政府信息公开工作年度报告",
                "沂源县张家坡镇人民政府",
                Some(2023),
            ),
            ("# 沐阳县人民政府 2025 年 政府信息公开工作年度报告", "沐阳县人民政府", Some(2025)),
            ("2020年沂源县自然资源局政府信息公开工作年度报告", "沂源县自然资源局", Some(2020)),
            (
                "沭阳县发展和改革局2023年政府信息公开年度报告-沭阳县发改局",
                "沭阳县发展和改革局",
                Some(2023),
            ),
            ("市科委2023政府信息公开年报", "市科委", Some(2023)),
            ("沂源县人民政府信息公开工作年度报告（2022年）", "沂源县人民政府", Some(2022)),
            ("沂源县人民政府关于2019年度政府信息公开工作情况的报告", "沂源县人民政府", Some(2019)),
            ("二〇二一年沂源县司法局政务公开工作年度报告", "沂源县司法局", Some(2021)),
            ("政府信息公开年报", "", None),
        ] {
            let title = parse(text).map(|title| (title.agency, title.year));
            assert_eq!(title, Some((agency.to_owned(), year)), "{text}");
        }
        for text in [
            "沂源县发布2023年政府信息公开工作年度报告",
            "2023年政府信息公开工作年度报告解读",
            "沂源县政府工作报告",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert!(
            parse("××局20××年政府信息公开工作年度报告").is_some_and(|title| title.is_placeholder)
        );
    }
}
