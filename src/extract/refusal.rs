//! What is refused: no report, the blank form, a document that breaks off.

use entity::template::{
    AppealResult, Applicant, CellState, Code as _, Measure, RequestRow, Template,
};

use super::{
    number,
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
/// The first section after those that are tables.
const AFTER_TABLES: i16 = 5;
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

/// What tells whether a document is whole.
pub struct End<'a> {
    pub document: &'a Document,
    pub headings: &'a [Heading],
    pub tables: &'a Tables,
    pub cells: &'a Cells,
    pub is_signed: bool,
}

impl End<'_> {
    /// Refuses a document that breaks off: inside one of the form's tables or right after one, or
    /// before the tables of a year that has them. `year`: the report year, as far as it is known.
    pub fn refuse_truncated(&self, year: Option<i32>) -> Result<()> {
        let Some(what) = self.missing(year) else { return Ok(()) };
        let lacks = |measure: &&Measure| !self.cells.has(**measure);
        let lacking = Measure::cells().iter().filter(lacks).count();
        let detail =
            format!("the document ends before {what}; {lacking} cells of the form are not in it");
        Err(Error::new(Code::TruncatedDocument, detail))
    }

    /// What is missing at the document's end.
    fn missing(&self, year: Option<i32>) -> Option<&'static str> {
        let has_form = !self.tables.tables.is_empty()
            || !self.cells.is_empty()
            || year.is_some_and(|year| Template::of_year(year).is_some());
        if !has_form {
            return None;
        }
        let ends_with_grid = matches!(self.document.blocks.last(), Some(Block::Grid(_)))
            || self.tables.is_table.last().copied().unwrap_or(false);
        let has_heading = |from| self.headings.iter().any(|heading| heading.number >= from);
        let has_end = has_heading(AFTER_TABLES) || self.is_signed;
        let has_table = |part| self.tables.of(part).next().is_some();
        let has_row = |row| self.cells.request_rows().any(|there| there == row);
        let has_later = has_heading(AFTER_TABLES - 1) || has_table(Part::Appeals);
        if has_table(Part::Requests) && !has_row(RequestRow::CarriedOverOut) && !has_later {
            return Some(RequestRow::CarriedOverOut.label());
        }
        if ends_with_grid && has_table(Part::Appeals) && !has_reviews(self.cells) {
            return Some("the numbers of section 4");
        }
        if ends_with_grid && (self.document.ends_inside_table || self.ends_inside_row()) {
            return Some("the table's end");
        }
        if has_end {
            return None;
        }
        if self.cells.request_rows().next().is_none() {
            return Some("the table of section 3");
        }
        if !has_reviews(self.cells) {
            return Some("the table of section 4");
        }
        ends_with_grid.then_some("what follows section 4")
    }

    /// Whether the last row of the last table has some of its numbers and not all.
    fn ends_inside_row(&self) -> bool {
        if self.tables.is_table.last() != Some(&true) {
            return false;
        }
        let Some(table) = self.tables.tables.last() else { return false };
        let Some(row) = table.rows.last() else { return false };
        let values = row.iter().rev().take_while(|cell| number::is_value(&cell.text)).count();
        let whole = match table.part {
            Part::Requests => Applicant::ALL.len(),
            // Tables of one kind each have five.
            Part::Appeals => AppealResult::ALL.len(),
            Part::DisclosureItems => return false,
        };
        (1..whole).contains(&values)
    }
}
