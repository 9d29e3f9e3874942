//! A total that the prose states, and its parts: “64条。其中，…20条，…23条”.
//!
//! Takes sections 1 and 3 of a draft. A list that may not be the whole, or whose end is in doubt, is
//! passed over: among which is not always all of which.

use super::{
    Check, Deadlines, Finding, numeral,
    prose::{UNITS, texts},
};
use crate::{cells::Quantity, extract::draft::Draft};

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
pub(super) fn run(check: &Check, draft: &Draft, _: &Deadlines) -> Vec<Finding> {
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
        let (segment, after) = divider_in(rest).map_or((rest, ""), |at| rest.split_at(at));
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

/// Where the next part begins; a comma between digits is of the number.
fn divider_in(text: &str) -> Option<usize> {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    let divides = |(at, mark): &(usize, &str)| {
        *mark != "," || !(is_digit(bytes.get(at + 1)) && is_digit(bytes.get(at.wrapping_sub(1))))
    };
    text.match_indices([',', '、', ';']).find(divides).map(|(at, _)| at)
}

/// Whether the parts are said to be the whole: they divide it by their words, exceed it, or are so many
/// and so near to it that they are meant to.
fn is_whole(parts: &[(&str, i64)], sum: i64, total: i64) -> bool {
    let divides = |word: &str| parts.iter().skip(1).any(|(label, _)| label.starts_with(word));
    if parts.len() >= 2 && DIVIDING.iter().any(|word| divides(word)) {
        return true;
    }
    parts.len() >= PARTS && (sum > total || sum.saturating_mul(5) >= total.saturating_mul(4))
}
