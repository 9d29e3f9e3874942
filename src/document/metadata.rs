//! What a page states about itself beside its text: meta elements, the table above an article, the
//! line below its title.

use super::Grid;
use crate::limits;

/// Names under which pages state it.
const NAMES: [&str; 34] = [
    "标题",
    "名称",
    "信息名称",
    "文件名称",
    "索引号",
    "信息索引号",
    "索引",
    "分类",
    "主题分类",
    "体裁分类",
    "信息分类",
    "发布机构",
    "发布单位",
    "发文机关",
    "发文单位",
    "公开机构",
    "公开主体",
    "信息来源",
    "来源",
    "文章来源",
    "公开日期",
    "发布日期",
    "发布时间",
    "公开时间",
    "成文日期",
    "生成日期",
    "文号",
    "发文字号",
    "关键词",
    "主题词",
    "有效性",
    "公开方式",
    "公开时限",
    "浏览次数",
];
/// Names of meta elements Chinese government sites carry by rule.
const META_NAMES: [&str; 4] = ["ArticleTitle", "PubDate", "ContentSource", "SiteName"];
/// Bytes of a line that may be such a statement.
const LINE_BYTES: usize = 400;

/// The pair a meta element states.
pub(super) fn of_meta(name: &str, content: &str) -> Option<(String, String)> {
    let name = META_NAMES.iter().find(|known| known.eq_ignore_ascii_case(name.trim()))?;
    let content = content.trim();
    (!content.is_empty() && content.chars().count() <= limits::CELL_CHARS)
        .then(|| ((*name).to_owned(), content.to_owned()))
}

/// The pairs of a table above an article, where this is one: two names or more, each before its value.
pub(super) fn of_grid(grid: &Grid) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    let mut names = 0_usize;
    for row in &grid.rows {
        let mut cells = row.iter().filter(|cell| !cell.is_continuation).peekable();
        while let Some(cell) = cells.next() {
            let Some(name) = name_of(&cell.text) else { continue };
            names += 1;
            if let Some(value) = cells
                .next_if(|value| name_of(&value.text).is_none())
                .filter(|value| !value.text.is_empty())
            {
                pairs.push((name.to_owned(), value.text.replace('\n', "")));
            }
        }
    }
    (names >= 2).then_some(pairs)
}

/// The pairs of a line that begins with a name and a colon: `来源：… 发布时间：…`.
pub(super) fn of_line(line: &str) -> Option<Vec<(String, String)>> {
    if line.len() > LINE_BYTES {
        return None;
    }
    let mut pairs: Vec<(String, String)> = Vec::new();
    for word in line.split_whitespace() {
        let colon = word.find([':', '：']);
        let name = colon.and_then(|at| name_of(&word[..at]).zip(Some(at)));
        match (name, pairs.last_mut()) {
            (Some((name, at)), _) => {
                let value = word[at..].trim_start_matches([':', '：']);
                pairs.push((name.to_owned(), value.to_owned()));
            }
            (None, Some((_, value))) => {
                if !value.is_empty() {
                    value.push(' ');
                }
                value.push_str(word);
            }
            (None, None) => return None,
        }
    }
    pairs.retain(|(_, value)| !value.is_empty());
    Some(pairs)
}

/// The known name a text is, colon and spaces aside.
fn name_of(text: &str) -> Option<&'static str> {
    if text.is_ascii() {
        return None;
    }
    let name: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ':' | '：' | '【' | '】'))
        .collect();
    NAMES.iter().copied().find(|known| *known == name)
}
