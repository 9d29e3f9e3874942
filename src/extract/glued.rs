//! Text into which its tables have run: labels and digits without anything between.
//!
//! Takes long paragraphs apart at the headings inside them, and marks the cells whose digits stand
//! there but cannot be told apart as ambiguous. Telling them apart is not done here.

use std::sync::LazyLock;

use entity::template::{
    AppealResult, Applicant, CellState, Code, Item, ItemMeasure, LawsuitKind, Measure, SECTIONS,
    Template, heads,
};
use regex::Regex;

use super::{label, notes::Notes, section};
use crate::{
    cells::{Cell, Cells},
    document::{Block, Paragraph},
    limits,
};

/// Characters of a paragraph that may hold headings inside.
const LONG_CHARS: usize = 300;

static HEADING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[一二三四五六七]、[^，。；：、\d]{0,24}?(?:、[^，。；：、\d]{2,12}?)?(?:情况|事项|概述|措施)").ok()
});

/// The blocks with long paragraphs taken apart at headings; and the texts of tables that ran into them.
pub fn take_apart(blocks: Vec<Block>) -> (Vec<Block>, Vec<String>) {
    let mut apart = Vec::with_capacity(blocks.len());
    let mut tables = Vec::new();
    for block in blocks {
        match block {
            Block::Text(long) if long.text.chars().count() > LONG_CHARS => {
                paragraph(&long, &mut apart, &mut tables)
            }
            block => apart.push(block),
        }
    }
    (apart, tables)
}

fn paragraph(long: &Paragraph, apart: &mut Vec<Block>, tables: &mut Vec<String>) {
    let text = long.text.as_str();
    let mut rest_from = 0;
    let mut last = 0;
    let Some(heading) = HEADING.as_ref() else { return apart.push(Block::Text(long.clone())) };
    for found in heading.find_iter(text).take(limits::GLUED_HEADINGS) {
        let number = section::number_of(found.as_str()).map(|(number, ..)| number);
        let Some(number) = number.filter(|number| *number > last) else { continue };
        prose(long.part(rest_from..found.start()), last, apart, tables);
        // The form's own heading may go on where the wording first fits: 行政复议、行政诉讼情况.
        let exact =
            SECTIONS.iter().find(|section| section.number == number).map(|section| section.heading);
        let after_mark = found
            .as_str()
            .find('、')
            .map_or(found.start(), |at| found.start() + at + '、'.len_utf8());
        let end = exact
            .filter(|exact| text[after_mark..].starts_with(exact))
            .map_or(found.end(), |exact| after_mark + exact.len());
        apart.push(Block::Text(long.part(found.start()..end)));
        (rest_from, last) = (end, number);
    }
    prose(long.part(rest_from..text.len()), last, apart, tables);
}

/// A section's text, its table cut off.
fn prose(part: Paragraph, section: i16, apart: &mut Vec<Block>, tables: &mut Vec<String>) {
    let mark = match section {
        2 => heads::ARTICLE[0].to_owned(),
        3 => heads::IDENTITY.to_owned(),
        4 => format!("{}{}", heads::REVIEWS, heads::LAWSUITS),
        _ => String::new(),
    };
    let text = part.text.as_str();
    let at = text.find(&mark).filter(|_| !mark.is_empty());
    let (prose, table) = text.split_at(at.unwrap_or(text.len()));
    let prose = prose.trim().trim_end_matches(['（', '(']);
    if !prose.is_empty() {
        apart.push(Block::Text(Paragraph { text: prose.to_owned(), place: part.place }));
    }
    if !table.is_empty() {
        tables.push(table.to_owned());
    }
}

/// Marks the cells whose digits ran together as ambiguous; gives the template the labels tell.
pub fn mark(tables: &[String], cells: &mut Cells, notes: &mut Notes) -> Option<Template> {
    let text: String = tables.concat().chars().filter(|c| !c.is_whitespace()).collect();
    let text = letters(&text);
    let has = |label: &str| text.contains(&letters(label));
    let template = match (has(ItemMeasure::Issued.label()), has(ItemMeasure::NewlyMade.label())) {
        (true, false) => Some(Template::T2021),
        (false, true) => Some(Template::T2019),
        _ => None,
    };
    let mut marked = false;
    let mut mark = |measure: Measure, printed: &str| {
        marked = true;
        cells.set(measure, Cell::missing(CellState::Ambiguous).printed(printed));
    };
    for &item in Item::ALL {
        if let Some(digits) = digits_after(&text, &letters(item.label())).or_else(|| {
            item.form().wordings.iter().find_map(|wording| digits_after(&text, &letters(wording)))
        }) {
            for &measure in template.map_or(&[][..], |template| item.measures(template)) {
                mark(Measure::DisclosureItem(item, measure), digits);
            }
        }
    }
    for (key, row) in label::ROWS.keys() {
        let is_its_own = row != entity::template::RequestRow::Total;
        if let Some(digits) =
            digits_after(&text, key).filter(|_| is_its_own && has(heads::APPLICANTS))
        {
            for &column in Applicant::ALL {
                mark(Measure::Request(row, column), digits);
            }
        }
    }
    let total = format!("（七）{}", AppealResult::Total.label());
    if let Some(digits) = digits_after(&text, &letters(&total)) {
        for &column in Applicant::ALL {
            mark(Measure::Request(entity::template::RequestRow::Total, column), digits);
        }
    }
    let last = format!("{}{}", AppealResult::Pending.label(), AppealResult::Total.label());
    if let Some(digits) = digits_after(&text, &letters(&last)) {
        for &result in AppealResult::ALL {
            mark(Measure::Review(result), digits);
            for &kind in LawsuitKind::ALL {
                mark(Measure::Lawsuit(kind, result), digits);
            }
        }
    }
    if marked {
        notes.add("glued_table", "the tables' cells have run together without anything between; their numbers are not told apart");
    }
    template
}

/// The digits right after a label that stands in the text, the last time it does.
fn digits_after<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    let after = &text[text.rfind(label)? + label.len()..];
    let end =
        after.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-')).unwrap_or(after.len());
    (end > 0).then(|| &after[..end])
}

/// Letters, digits and the signs of numbers.
fn letters(text: &str) -> String {
    label::clean(text).chars().filter(|c| c.is_alphanumeric() || matches!(c, '.' | '-')).collect()
}
