//! Several reports in one document: the blocks of each.
//!
//! Takes a document's blocks; gives the parts that are reports of their own: titles of another agency or
//! year, each with sections below it. Links to other reports have none, and a report that stands there
//! twice is one. Refuses more reports than a document may hold, and one that goes on after another.

use std::{collections::BTreeSet, ops::Range};

use super::{
    draft::Draft,
    section::{self, Heading},
    title::{self, Title},
};
use crate::{
    document::{Block, Document},
    error::{Code, Error, Result},
    limits,
};

/// Headings that two titles must both have below them to be of two reports.
const HEADINGS: usize = 2;

/// A title, and the sections that stand below it.
struct Part {
    title: Title,
    from: usize,
    sections: BTreeSet<i16>,
}

/// The documents that a document holds, one for each report in it.
///
/// # Errors
/// `several_reports`.
pub fn apart(document: Document) -> Result<Vec<Document>> {
    let headings = section::all_headings(&document.blocks);
    let parts = parts(&document.blocks, &headings);
    if parts.len() < 2 {
        return Ok(vec![document]);
    }
    if parts.len() > limits::REPORTS {
        let detail =
            format!("{} reports were found, the limit is {}", parts.len(), limits::REPORTS);
        return Err(Error::new(Code::SeveralReports, detail));
    }
    for (index, part) in parts.iter().enumerate() {
        if let Some(same) =
            parts[..index].iter().find(|before| !before.title.is_of_another(&part.title))
        {
            let detail = format!(
                "{:?} and {:?} may be one report, and another stands between them",
                same.title.text, part.title.text
            );
            return Err(Error::new(Code::SeveralReports, detail));
        }
    }
    let ends = parts.iter().skip(1).map(|part| part.from).chain([document.blocks.len()]);
    let ranges: Vec<Range<usize>> = parts
        .iter()
        .zip(ends)
        .enumerate()
        .map(|(index, (part, end))| if index == 0 { 0..end } else { part.from..end })
        .collect();
    let last = ranges.len() - 1;
    let of_range = |(index, range): (usize, Range<usize>)| Document {
        media_type: document.media_type,
        encoding: document.encoding,
        // The page's title is of one of them, or of none.
        title: None,
        metadata: title::without_titles(&document.metadata),
        blocks: document.blocks[range].to_vec(),
        ends_inside_table: document.ends_inside_table && index == last,
    };
    Ok(ranges.into_iter().enumerate().map(of_range).collect())
}

/// Refuses reports of one document that are of the same agency, year and scope.
///
/// # Errors
/// `several_reports`.
pub fn refuse_same(drafts: &[Draft]) -> Result<()> {
    let name = |draft: &Draft| (draft.agency.id(), draft.year, draft.scope);
    for (index, draft) in drafts.iter().enumerate() {
        if drafts[..index].iter().any(|before| name(before) == name(draft)) {
            let detail = format!(
                "more than one of its reports is taken for that of {} for {}",
                draft.agency.name, draft.year
            );
            return Err(Error::new(Code::SeveralReports, detail));
        }
    }
    Ok(())
}

/// Each title that names another agency or year than another, and has sections of its own.
fn parts(blocks: &[Block], headings: &[Heading]) -> Vec<Part> {
    let is_repeated = |heading: &&Heading| {
        headings.iter().filter(|other| other.number == heading.number).count() > 1
    };
    if headings.iter().filter(is_repeated).count() < HEADINGS * 2 {
        return Vec::new();
    }
    // Each title with the sections below it, up to the next title of another report.
    let mut parts: Vec<Part> = Vec::new();
    let titles = title::all(blocks);
    for (index, title) in titles.iter().enumerate() {
        let from = title.block.unwrap_or_default();
        let end = titles.get(index + 1).and_then(|next| next.block).unwrap_or(blocks.len());
        let below = headings
            .iter()
            .filter(|heading| (from..end).contains(&heading.block))
            .map(|heading| heading.number);
        match parts.last_mut().filter(|last| !last.title.is_of_another(title)) {
            Some(last) => last.sections.extend(below),
            None => parts.push(Part { title: title.clone(), from, sections: below.collect() }),
        }
    }
    let is_report = |part: &Part| {
        parts.iter().any(|other| {
            part.title.is_of_another(&other.title)
                && part.sections.intersection(&other.sections).count() >= HEADINGS
        })
    };
    let kept: Vec<bool> = parts.iter().map(is_report).collect();
    let mut reports: Vec<Part> = Vec::new();
    for (part, _) in parts.into_iter().zip(kept).filter(|(_, kept)| *kept) {
        // A link stood between the two halves of one.
        match reports.last_mut().filter(|last| !last.title.is_of_another(&part.title)) {
            Some(last) => last.sections.extend(part.sections),
            None => reports.push(part),
        }
    }
    reports
}
