//! The numbered sections: their headings, their prose, and the signature below the last.
//!
//! Headings are known by their wording, whatever their number; tables, captions and what pages put
//! below an article are left out of the prose.

use std::sync::LazyLock;

use entity::template::SECTIONS;

use super::{date, draft::Section, label, name, table};
use crate::{
    document::{Block, Paragraph},
    limits,
};

/// A heading found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    pub block: usize,
    pub number: i16,
    /// As printed, without its number.
    pub text: String,
    /// Whether it is worded as the form words it.
    is_exact: bool,
}

/// What stands below the last section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// The agency's name; may be empty.
    pub agency: String,
    pub date: Option<date::Printed>,
    /// The block it begins in.
    pub block: usize,
    /// The prose before it in that block.
    before: String,
}

/// What pages put below an article; prose that holds it ends there.
const CHROME: [&str; 14] = [
    "附件下载",
    "分享到",
    "打印本页",
    "关闭窗口",
    "【打印",
    "【关闭",
    "上一篇",
    "下一篇",
    "版权所有",
    "主办单位",
    "主办：",
    "ICP备",
    "扫一扫",
    "网站地图",
];

/// The headings of the form as labels are compared.
static KEYS: LazyLock<Vec<String>> =
    LazyLock::new(|| SECTIONS.iter().map(|section| label::key(section.heading)).collect());

/// The section a line is the heading of: its number and its wording.
pub fn number_of(line: &str) -> Option<(i16, String, bool)> {
    if line.chars().count() > limits::HEADING_CHARS {
        return None;
    }
    let clean = label::clean(line);
    let (mark, heading) = label::split_numbering(&clean);
    let heading = heading.trim_end_matches(['。', ':', ';', '*']);
    if mark.contains(['(', ')']) || heading.contains(['。', ';', ',']) {
        return None;
    }
    let key = label::key(heading);
    let exact = SECTIONS.iter().zip(KEYS.iter()).find(|(_, known)| **known == key);
    let exact = exact.map(|(section, _)| section);
    let is_numbered =
        mark.contains(|c: char| "一二三四五六七八九十".contains(c)) || mark.contains('#');
    // The later sections' wordings are the more special ones.
    let special = [4, 5, 6, 3, 2, 1]
        .into_iter()
        .filter_map(|number| SECTIONS.iter().find(|section| section.number == number));
    let worded = special.into_iter().find(|section| {
        let holds = |words: &&[&str]| words.iter().all(|word| heading.contains(word));
        section.wordings.iter().any(holds)
    });
    let section = exact.or(worded.filter(|_| is_numbered))?;
    if table::part_of(line).is_some() {
        return None;
    }
    Some((section.number, heading.to_owned(), exact.is_some()))
}

/// Every line that is worded as a section's heading: also those of a list of contents, or of a second
/// report in the document.
pub fn all_headings(blocks: &[Block]) -> Vec<Heading> {
    blocks
        .iter()
        .enumerate()
        .filter_map(|(block, content)| match content {
            Block::Text(paragraph) => number_of(&paragraph.text)
                .map(|(number, text, is_exact)| Heading { block, number, text, is_exact }),
            Block::Grid(_) => None,
        })
        .take(limits::HEADINGS)
        .collect()
}

/// The headings, each section's one: the run of rising numbers that holds most of them.
pub fn headings(found: &[Heading]) -> Vec<Heading> {
    // For each heading: the worth of the best run that ends there, and the heading before it. Of equal
    // runs the later one counts: a list of contents stands before what it lists.
    let mut best: Vec<(usize, Option<usize>)> = Vec::new();
    for (index, heading) in found.iter().enumerate() {
        let before = (0..index).filter(|&before| found[before].number < heading.number);
        let before = before.max_by_key(|&before| best[before].0);
        let worth = if heading.is_exact { 3 } else { 2 };
        best.push((worth + before.map_or(0, |before| best[before].0), before));
    }
    let last = (0..found.len()).max_by_key(|&index| best[index].0);
    let mut run: Vec<Heading> = std::iter::successors(last, |&index| best[index].1)
        .map(|index| found[index].clone())
        .collect();
    run.reverse();
    run
}

/// The sections' prose.
pub fn read(
    blocks: &[Block],
    headings: &[Heading],
    is_table: &[bool],
    signature: Option<&Signature>,
) -> Vec<Section> {
    let mut sections = Vec::new();
    for (index, heading) in headings.iter().enumerate() {
        let end = headings.get(index + 1).map_or(blocks.len(), |next| next.block);
        let mut text: Vec<&str> = Vec::new();
        for block in heading.block + 1..end {
            let Block::Text(Paragraph { text: line, .. }) = &blocks[block] else { continue };
            if let Some(signature) = signature.filter(|signature| signature.block <= block) {
                if signature.block == block && !signature.before.is_empty() {
                    text.push(&signature.before);
                }
                break;
            }
            if index + 1 == headings.len() && CHROME.iter().any(|chrome| line.contains(chrome)) {
                break;
            }
            if !is_table[block] && table::part_of(line).is_none() {
                text.push(line);
            }
        }
        sections.push(Section {
            number: heading.number,
            heading: heading.text.clone(),
            text: text.join("\n"),
        });
    }
    sections
}

/// The signature after the last heading: a date alone or behind the agency's name, the name before it.
pub fn signature(blocks: &[Block], headings: &[Heading]) -> Option<Signature> {
    let from = headings.last().map_or(0, |heading| heading.block + 1);
    let lines: Vec<(usize, &str)> = blocks
        .iter()
        .enumerate()
        .skip(from)
        .filter_map(|(block, content)| match content {
            Block::Text(paragraph) => Some((block, paragraph.text.as_str())),
            Block::Grid(_) => None,
        })
        .collect();
    let dated = lines.iter().enumerate().find_map(|(index, (block, line))| {
        let signature = dated(line)?;
        let before = index.checked_sub(1).map(|before| lines[before]);
        match before.filter(|(_, line)| signature.agency.is_empty() && name::is_agency(line)) {
            Some((block, agency)) => {
                Some(Signature { agency: label::clean(agency), block, ..signature })
            }
            None => Some(Signature { block: *block, ..signature }),
        }
    });
    dated.or_else(|| {
        let (block, agency) = lines
            .iter()
            .rev()
            .find(|(_, line)| name::is_agency(line) && !name::readings(line).is_empty())?;
        Some(Signature { agency: label::clean(agency), block: *block, ..Signature::default() })
    })
}

/// A line that ends with a date, and holds but a name before it, or after its last sentence.
fn dated(line: &str) -> Option<Signature> {
    let clean = label::clean(line);
    let date = date::find_all(&clean).into_iter().next_back()?;
    if clean[date.range.end..].contains(char::is_alphanumeric) {
        return None;
    }
    let before = clean[..date.range.start].trim_end_matches(['(', '[']);
    let (prose, agency) = match before.rfind('。') {
        Some(at) => before.split_at(at + '。'.len_utf8()),
        None => ("", before),
    };
    let agency = agency.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')'));
    // Where words run together, what follows the last white space may be the name.
    let last = line.rsplit_once(char::is_whitespace).map(|(_, last)| label::clean(last));
    let (prose, agency) = match last.filter(|_| !agency.is_empty() && !name::is_agency(agency)) {
        Some(last) => {
            let end = date::find_all(&last).first().map_or(0, |date| date.range.start);
            (before.strip_suffix(&last[..end]).unwrap_or(before), last[..end].to_owned())
        }
        None => (prose, agency.to_owned()),
    };
    let is_signature = agency.is_empty() && prose.is_empty() || name::is_agency(&agency);
    is_signature.then(|| Signature {
        agency,
        before: as_printed(line, prose),
        date: Some(date),
        block: 0,
    })
}

/// The beginning of a line that, cleaned, is this text.
fn as_printed(line: &str, clean: &str) -> String {
    let mut cleaned_bytes = 0;
    let is_within = |c: &char| {
        cleaned_bytes += label::clean(c.encode_utf8(&mut [0; 4])).len();
        cleaned_bytes <= clean.len()
    };
    line.chars().take_while(is_within).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_by_their_wording() {
        for (line, number) in [
            ("一、总体情况", 1),
            ("## 二、主动公开政府信息情况", 2),
            ("三三、收到和处理政府信息公开申请情况", 3),
            ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", 4),
            ("五、存在的主要问题及整改措施", 5),
            ("其他需要报告的事项", 6),
            ("一、政府信息公开工作的基本情况", 1),
        ] {
            assert_eq!(number_of(line).map(|(number, ..)| number), Some(number), "{line}");
        }
        for line in [
            "（一）主动公开政府信息情况",
            "一、本年新收政府信息公开申请数量",
            "（二）依申请公开情况",
            "一是主动公开情况良好。",
        ] {
            assert_eq!(number_of(line), None, "{line}");
        }
    }
}
