//! The number of requests that the prose states, against the table.
//!
//! Takes sections 1 and 3 of a draft. A finding is read in public, so only the wordings that say it
//! beyond doubt are read: a sentence on another year, on a part of the requests, on one way they came
//! in, or by a subject that is not the report's own is passed over.

use entity::template::{Applicant, Measure, RequestRow, Scope};
use unicode_normalization::UnicodeNormalization;

use super::{Check, Deadlines, Finding, numeral};
use crate::{cells::Quantity, extract::draft::Draft};

/// The sections whose prose states numbers of the year.
const SECTIONS: [i16; 2] = [1, 3];

/// What ends a sentence.
const ENDS: [char; 5] = ['。', ';', '!', '\n', '?'];
/// What divides a sentence (the text is in NFKC: a full-width comma is a comma).
const DIVIDES: [char; 5] = [',', '、', ':', '(', ')'];

/// That requests came in.
const RECEIVED: [&str; 4] = ["新收到", "收到", "新收", "接到"];
/// That none did, before what tells that they came in.
const NOT: [&str; 5] = ["未", "没有", "尚未", "没", "从未"];
/// What came in: the longest first.
const REQUESTS: [&str; 12] = [
    "依申请公开政府信息申请",
    "政府信息依申请公开申请",
    "政府信息公开的申请",
    "依申请公开信息申请",
    "政府信息公开申请",
    "公开政府信息申请",
    "依申请公开申请",
    "信息公开的申请",
    "信息公开申请",
    "依申请公开件",
    "公开申请",
    "依申请公开",
];
/// Words that may stand between.
const FILLERS: [&str; 8] = ["有关", "关于", "任何", "各类", "的", "了", "到", "过"];
/// Words between requests and their number.
const COUNTED: [&str; 7] = ["事项", "共计", "总计", "数量", "共", "为", "表"];
/// A sentence with one of these is of other requests than those the table counts, or of some of them.
const OTHERWISE: [&str; 44] = [
    "累计",
    "历年",
    "以来",
    "上年",
    "上一年",
    "去年",
    "同期",
    "其中",
    "电话",
    "网络",
    "网上",
    "网站",
    "当面",
    "现场",
    "信函",
    "邮寄",
    "信件",
    "邮件",
    "传真",
    "平台",
    "通过",
    "系统",
    "线上",
    "线下",
    "窗口",
    "转办",
    "季度",
    "半年",
    "月份",
    "分别",
    "投诉",
    "举报",
    "咨询",
    "复议",
    "诉讼",
    "自然人",
    "法人",
    "企业",
    "部门",
    "办公室",
    "下属",
    "所属",
    "下辖",
    "日均",
];
/// Subjects and adverbs that leave no doubt whose requests are meant, in any report.
const NEUTRAL: [&str; 25] = [
    "报告期内",
    "本年度",
    "一年来",
    "这一年",
    "全年",
    "当年",
    "本年",
    "今年",
    "年内",
    "年度",
    "期间",
    "依法",
    "共计",
    "总共",
    "一共",
    "合计",
    "总计",
    "共",
    "均",
    "也",
    "并",
    "还",
    "我们",
    "期内",
    "受理方面",
];
/// What an agency calls itself: our, this, the whole.
const OWN: [&str; 3] = ["我", "本", "全"];
/// What it is, where it speaks of itself alone.
const AGENCY: [&str; 18] = [
    "行政机关",
    "街道办事处",
    "街道办",
    "街道",
    "管委会",
    "办事处",
    "单位",
    "机关",
    "中心",
    "局",
    "委",
    "办",
    "厅",
    "镇",
    "乡",
    "院",
    "会",
    "队",
];
/// What it governs, where it speaks of the whole area.
const AREA: [&str; 7] = ["省", "市", "州", "县", "区", "旗", "盟"];
/// Units that requests and pieces of information are counted in.
pub(super) const UNITS: [char; 8] = ['件', '条', '宗', '份', '起', '项', '例', '个'];

/// A number of requests that the prose states.
struct Stated {
    requests: i64,
    /// Whether it says that they were new this year, so that none carried over is among them.
    is_new: bool,
    sentence: String,
}

/// Whether the prose states as many requests as the table.
pub(super) fn requests(check: &Check, draft: &Draft, _: &Deadlines) -> Vec<Finding> {
    let total = |row| draft.cells.get(Measure::Request(row, Applicant::Total)).value;
    let cell = Measure::Request(RequestRow::Received, Applicant::Total);
    let Some(Quantity::Count(received)) = total(RequestRow::Received) else { return Vec::new() };
    let Some(Quantity::Count(carried_over)) = total(RequestRow::CarriedOverIn) else {
        return Vec::new();
    };
    let mut findings: Vec<Finding> = Vec::new();
    for stated in texts(draft).flat_map(|text| stated(&text, draft)) {
        let agrees = stated.requests == received
            || (!stated.is_new && stated.requests == received.saturating_add(carried_over));
        let left = Some(Quantity::Count(stated.requests));
        if agrees || findings.iter().any(|finding| finding.left == left) {
            continue;
        }
        findings.push(Finding {
            check: check.id,
            severity: check.severity,
            cells: vec![cell],
            left,
            right: Some(Quantity::Count(received)),
            message: format!(
                "the prose says {} requests were received (“{}”), but {} is {received}",
                stated.requests,
                stated.sentence,
                cell.label_en()
            ),
            message_zh: format!(
                "文字部分称收到申请{}件（“{}”），而表格中{}为{received}",
                stated.requests,
                stated.sentence,
                cell.label()
            ),
        });
    }
    findings
}

/// The prose of the sections read, as it is compared: in NFKC, without blanks.
pub(super) fn texts(draft: &Draft) -> impl Iterator<Item = String> + '_ {
    let sections = draft.sections.iter().filter(|section| SECTIONS.contains(&section.number));
    sections.map(|section| {
        let text: String = section.text.nfkc().collect();
        text.chars().filter(|character| *character == '\n' || !character.is_whitespace()).collect()
    })
}

/// The numbers of requests that a text states beyond doubt.
fn stated(text: &str, draft: &Draft) -> Vec<Stated> {
    text.split(ENDS).filter_map(|sentence| stated_in(sentence, draft)).collect()
}

fn stated_in(sentence: &str, draft: &Draft) -> Option<Stated> {
    let (at, verb) = RECEIVED
        .iter()
        .filter_map(|verb| sentence.find(verb).map(|at| (at, *verb)))
        .min_by_key(|(at, verb)| (*at, usize::MAX - verb.len()))?;
    let (before, after) = (&sentence[..at], &sentence[at + verb.len()..]);
    let not = NOT.iter().find_map(|not| before.strip_suffix(not));
    if OTHERWISE.iter().any(|word| before.contains(word)) || !is_of_year(before, draft.year) {
        return None;
    }
    if !is_own(not.unwrap_or(before), draft) {
        return None;
    }
    let after = without(after, &FILLERS);
    let said = |requests| Stated {
        requests,
        is_new: verb.starts_with('新'),
        sentence: sentence.chars().take(SENTENCE_CHARS).collect(),
    };
    if not.is_some() {
        let rest = REQUESTS.iter().find_map(|requests| after.strip_prefix(requests))?;
        return is_end(rest).then(|| said(0));
    }
    // 收到政府信息公开申请21件
    if let Some(rest) = REQUESTS.iter().find_map(|requests| after.strip_prefix(requests)) {
        let (count, rest) = counted(without(rest, &COUNTED))?;
        return (!rest.starts_with('次')).then(|| said(count));
    }
    // 收到21件政府信息公开申请
    let (count, rest) = counted(after)?;
    let rest = without(rest, &FILLERS);
    let rest = REQUESTS.iter().find_map(|requests| rest.strip_prefix(requests))?;
    is_end(rest).then(|| said(count))
}

/// Characters of a sentence quoted in a finding.
const SENTENCE_CHARS: usize = 60;

/// A number with its unit.
fn counted(text: &str) -> Option<(i64, &str)> {
    let (count, rest) = numeral::leading(text)?;
    Some((count, rest.strip_prefix(UNITS)?))
}

fn is_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(DIVIDES)
}

/// The text after any of these words.
fn without<'a>(mut text: &'a str, words: &[&str]) -> &'a str {
    while let Some(rest) = words.iter().find_map(|word| text.strip_prefix(word)) {
        text = rest;
    }
    text
}

/// Whether no other year, and no part of this one, is named.
fn is_of_year(text: &str, year: i32) -> bool {
    let year = year.to_string();
    let mut digits = String::new();
    for character in text.chars().chain([' ']) {
        if character.is_ascii_digit() {
            digits.push(character);
            continue;
        }
        let is_year = digits.len() == 4 && digits.starts_with("20");
        if is_year && digits != year {
            return false;
        }
        digits.clear();
    }
    // From 1 January to 31 December is the year; any other month is a part of it.
    let whole = text.replace("1月1日", "").replace("12月31日", "");
    !whole.contains('月')
}

/// Whether the subject before the verb is the report's own, or none.
fn is_own(before: &str, draft: &Draft) -> bool {
    let clause = before.rsplit(DIVIDES).next().unwrap_or(before);
    let mut rest = clause;
    let own_name = draft.agency.own_name.as_str();
    let (own, words) = match draft.scope {
        Scope::Own => (own_name, &AGENCY[..]),
        // An office that speaks of itself does not speak of its area.
        Scope::Consolidated => ("", &AREA[..]),
    };
    'words: while !rest.is_empty() {
        let named = [draft.agency.name.as_str(), own];
        let known = NEUTRAL.iter().copied().chain(named).filter(|word| !word.is_empty());
        for word in known {
            if let Some(after) = rest.strip_prefix(word) {
                rest = after;
                continue 'words;
            }
        }
        for pronoun in OWN {
            let after = rest.strip_prefix(pronoun);
            let after =
                after.and_then(|after| words.iter().find_map(|word| after.strip_prefix(word)));
            if let Some(after) = after {
                rest = after;
                continue 'words;
            }
        }
        // A date: those of the year alone have come so far.
        let date = rest.trim_start_matches(|character: char| {
            character.is_ascii_digit()
                || ['年', '月', '日', '自', '起', '至', '止', '到', '在'].contains(&character)
        });
        if date.len() == rest.len() {
            return false;
        }
        rest = date;
    }
    true
}
