//! Numbers that the prose states, against the table and against each other.
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
const UNITS: [char; 8] = ['件', '条', '宗', '份', '起', '项', '例', '个'];

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
fn texts(draft: &Draft) -> impl Iterator<Item = String> + '_ {
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

/// Words that begin or stand in a part that is none: another statement, or one way of several.
const NO_PART: [&str; 30] = [
    "上年",
    "去年",
    "同比",
    "比上",
    "较",
    "增长",
    "减少",
    "占",
    "共",
    "合计",
    "累计",
    "通过",
    "网站",
    "微信",
    "微博",
    "公众号",
    "平台",
    "公报",
    "公开栏",
    "渠道",
    "媒体",
    "报纸",
    "电视",
    "涉及",
    "均",
    "同时",
    "约",
    "近",
    "超",
    "含",
];
const NO_PART_BEGINS: [&str; 7] = ["办结", "办理", "答复", "结转", "已", "另", "未"];
/// Parts that divide the whole by what they say: all of them are there.
const DIVIDING: [&str; 5] = ["自然人", "法人", "其他", "其它", "其余"];
/// Parts of which a breakdown has as many at least, where they do not say that they divide the whole.
const PARTS: usize = 3;

/// Whether the parts that the prose gives of a number add up to it.
pub(super) fn breakdown(check: &Check, draft: &Draft, _: &Deadlines) -> Vec<Finding> {
    let mut findings = Vec::new();
    for text in texts(draft) {
        for (at, among) in text.match_indices("其中") {
            let Some((total, unit)) = total_before(&text[..at]) else { continue };
            let after = text[at + among.len()..].trim_start_matches([',', ':']);
            let Some(parts) = parts(after, unit) else { continue };
            let sum: i64 = parts.iter().map(|(_, count)| count).sum();
            if sum == total || !is_whole(&parts, sum, total) {
                continue;
            }
            let named: Vec<String> =
                parts.iter().map(|(label, count)| format!("{label}{count}{unit}")).collect();
            let named = named.join("，");
            findings.push(Finding {
                check: check.id,
                severity: check.severity,
                cells: Vec::new(),
                left: Some(Quantity::Count(total)),
                right: Some(Quantity::Count(sum)),
                message: format!(
                    "the prose gives a total of {total}, but its parts add up to {sum} ({named})"
                ),
                message_zh: format!(
                    "文字部分总数为{total}{unit}，而所列各项之和为{sum}{unit}（{named}）"
                ),
            });
        }
    }
    findings
}

/// The number with its unit that a text ends with, before 其中.
fn total_before(text: &str) -> Option<(i64, char)> {
    let text = text.trim_end_matches([',', '。', ':', '(', ';']);
    let unit = text.chars().next_back().filter(|unit| UNITS.contains(unit))?;
    let text = &text[..text.len() - unit.len_utf8()];
    // Some 60, more than 60: no total.
    let is_exact = !numeral::label(text).ends_with(['约', '近', '超', '过', '第']);
    numeral::trailing(text).filter(|_| is_exact).map(|count| (count, unit))
}

/// The parts of a list: each a label, a number and the unit. None where it is not beyond doubt where the
/// list ends.
fn parts(text: &str, unit: char) -> Option<Vec<(&str, i64)>> {
    let sentence = text.split(['。', '\n', '!', ')']).next().unwrap_or(text);
    // What divides the first two parts divides all.
    let first_end = sentence.find(unit)? + unit.len_utf8();
    let divider = sentence[first_end..].chars().next()?;
    if ![',', '、', ';'].contains(&divider) {
        return None;
    }
    let mut parts = Vec::new();
    let mut rest = sentence;
    loop {
        let (segment, after) =
            rest.find([',', '、', ';']).map_or((rest, ""), |at| rest.split_at(at));
        let body = segment.strip_suffix(unit);
        let label = body.and_then(|body| Some((numeral::trailing(body)?, numeral::label(body))));
        let Some((count, label)) = label else {
            // Words without a number end the list; a number after them may yet be of it.
            let has_number = rest.char_indices().any(|(at, character)| {
                character == unit && numeral::trailing(&rest[..at]).is_some()
            });
            return (!has_number).then_some(parts);
        };
        let is_none = NO_PART.iter().any(|word| label.contains(word))
            || NO_PART_BEGINS.iter().any(|word| label.starts_with(word));
        if label.is_empty() || is_none {
            return None;
        }
        parts.push((label, count));
        let next = after.chars().next();
        if next != Some(divider) {
            // A stronger mark ends the list; a weaker one leaves in doubt what belongs to what.
            let is_stronger = match next {
                None | Some(';') => true,
                Some(',') => divider == '、',
                _ => false,
            };
            return is_stronger.then_some(parts);
        }
        rest = &after[divider.len_utf8()..];
    }
}

/// Whether the parts are said to be the whole: they divide it by their words, exceed it, or are so many
/// and so near to it that they are meant to.
fn is_whole(parts: &[(&str, i64)], sum: i64, total: i64) -> bool {
    let divides = |word: &&str| parts.iter().skip(1).any(|(label, _)| label.starts_with(*word));
    if parts.len() >= 2 && DIVIDING.iter().any(|word| divides(&word)) {
        return true;
    }
    parts.len() >= PARTS && (sum > total || sum.saturating_mul(5) >= total.saturating_mul(4))
}
