//! What is refused: no report, the blank form, a document that breaks off.

use entity::template::{CellState, Code as _, Measure, RequestRow};

use super::{
    section::Heading,
    table::{Part, Tables},
    title::Title,
};
use crate::{
    cells::Cells,
    document::{Block, Document},
    error::{Code, Error, Result},
};

/// Headings that make a text with a report's title a report.
const HEADINGS: usize = 2;
/// Rows that make a table one of the form's.
const ROWS: usize = 4;

/// Refuses a document without the form's tables and without a report's title and sections.
pub fn not_a_report(title: Option<&Title>, headings: &[Heading], tables: &Tables) -> Result<()> {
    let rows: usize = tables.tables.iter().map(|table| table.rows.len()).sum();
    let has_sections = title.is_some() && headings.len() >= HEADINGS;
    if rows >= ROWS || has_sections {
        return Ok(());
    }
    let detail = format!(
        "looked for a title such as …2023年政府信息公开工作年度报告 ({}), for the six sections' headings ({} found) and for the form's tables ({rows} rows found)",
        if title.is_some() { "found" } else { "not found" },
        headings.len(),
    );
    Err(Error::new(Code::NotAReport, detail))
}

/// Refuses the form with placeholders in its title and no number in its cells.
pub fn blank_form(title: Option<&Title>, cells: &Cells) -> Result<()> {
    if title.is_some_and(|title| title.is_placeholder) && is_blank(cells) {
        return Err(Error::new(
            Code::BlankForm,
            "the title holds placeholders, and no cell holds a number",
        ));
    }
    Ok(())
}

/// A form that names no agency and holds no number is blank.
pub fn blank_or(error: Error, cells: &Cells) -> Error {
    if error.code == Code::UnknownAgency && !cells.is_empty() && is_blank(cells) {
        return Error::new(Code::BlankForm, "no agency is named, and no cell holds a number");
    }
    error
}

/// Whether the numbers of section 4 are there.
pub fn has_reviews(cells: &Cells) -> bool {
    cells.iter().any(|(measure, _)| matches!(measure, Measure::Review(_) | Measure::Lawsuit(..)))
}

fn is_blank(cells: &Cells) -> bool {
    cells.iter().all(|(_, cell)| cell.value.is_none() && cell.state != CellState::Ambiguous)
}

/// Refuses a document that ends inside one of the form's tables.
pub fn truncated(
    document: &Document,
    headings: &[Heading],
    tables: &Tables,
    cells: &Cells,
) -> Result<()> {
    let ends_with_grid = matches!(document.blocks.last(), Some(Block::Grid(_)))
        || tables.is_table.last().copied().unwrap_or(false);
    let has_row = |row| cells.request_rows().any(|there| there == row);
    let has_requests = tables.of(Part::Requests).next().is_some();
    let has_later = headings.iter().any(|heading| heading.number >= 4)
        || tables.of(Part::Appeals).next().is_some();
    let unfinished = if has_requests && !has_row(RequestRow::CarriedOverOut) && !has_later {
        Some(RequestRow::CarriedOverOut.label())
    } else if ends_with_grid && tables.of(Part::Appeals).next().is_some() && !has_reviews(cells) {
        Some("the numbers of section 4")
    } else if ends_with_grid
        && !has_requests
        && !has_later
        && tables.of(Part::DisclosureItems).next().is_some()
    {
        Some("what follows section 2")
    } else if document.ends_inside_table && ends_with_grid {
        Some("the table's end")
    } else {
        None
    };
    let lacks = |measure: &&Measure| cells.get(**measure).state == CellState::NotInTemplate;
    match unfinished {
        Some(what) => {
            let lacking = Measure::cells().iter().filter(lacks).count();
            Err(Error::new(
                Code::TruncatedDocument,
                format!(
                    "the document ends before {what}; {lacking} cells of the form are not in it"
                ),
            ))
        }
        None => Ok(()),
    }
}
