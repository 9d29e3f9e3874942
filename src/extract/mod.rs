//! The second stage: blocks -> `Draft`.
//!
//! Takes a document's blocks and what the caller knows besides; gives every value of the form with its
//! text as printed, and notes of what was not understood. Refuses what is no annual report, the blank
//! form, a document that breaks off, one whose agency or year cannot be told. Never touches the
//! database, never panics, never puts a number where it may not belong.

mod agency;
mod appeals;
mod columns;
mod contact;
mod date;
mod detached;
mod disclosure_items;
pub mod draft;
mod glued;
mod label;
mod money;
mod name;
mod notes;
mod number;
mod origin;
mod refusal;
mod requests;
mod section;
mod several;
pub mod stated;
mod table;
mod title;
mod whole_table;
mod year;

use entity::template::{AgencyKind, CellState, Item, Measure, RequestRow, Scope, Template};

use crate::{
    cells::{Cell, Cells},
    document::{self, Block, Document, MediaType},
    error::{Error, Result},
};
use draft::{Draft, Hints};
pub use name::MINISTRIES;
use notes::Notes;

/// A document as read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The reports it holds, one at least.
    pub drafts: Vec<Draft>,
    pub media_type: MediaType,
}

/// Reads bytes as the reports they hold, most often one: both stages.
///
/// # Errors
/// Every refusal of `document`, and `not_a_report`, `several_reports`, `blank_form`,
/// `truncated_document`, `unknown_agency`, `ambiguous_agency`, `unknown_year`.
pub fn read(bytes: &[u8], hints: &Hints) -> Result<Reading> {
    let mut document = document::read(bytes)?;
    let media_type = document.media_type;
    let blocks = whole_table::take_apart(std::mem::take(&mut document.blocks));
    document.blocks = glued::take_apart(blocks);
    let documents = several::apart(document)?;
    let many = documents.len();
    let named = |(index, document): (usize, Document)| {
        if many == 1 {
            return extract(document, hints);
        }
        let title = title::find(&document).map_or_else(String::new, |title| title.text);
        extract(document, hints).map_err(|error| {
            let of = format!("report {} of {many}, {title:?}", index + 1);
            Error { detail: format!("{of}: {}", error.detail), ..error }
        })
    };
    let drafts = documents.into_iter().enumerate().map(named).collect::<Result<Vec<Draft>>>()?;
    several::refuse_same(&drafts)?;
    Ok(Reading { drafts, media_type })
}

/// The agency of a name as an operator states it, with its region's code where the name exists in several.
///
/// # Errors
/// `unknown_agency`, `ambiguous_agency`, `invalid_parameter` for a region that is not known.
pub fn agency_named(name: &str, region: Option<&str>) -> Result<draft::Agency> {
    let hints = Hints { region: region.map(str::to_owned), ..Hints::default() };
    let contact = draft::Contact::default();
    let sources = agency::Sources {
        hints: &hints,
        // As a title would say it: the name is then completed by its region's.
        title: name,
        signature: "",
        metadata: &[],
        contact: &contact,
        text: "",
    };
    agency::tell(&sources, &mut Notes::default())
}

/// Reads the blocks of one report.
fn extract(mut document: Document, hints: &Hints) -> Result<Draft> {
    let (blocks, glued) = glued::take_out(std::mem::take(&mut document.blocks));
    document.blocks = blocks;
    let mut notes = Notes::default();
    let title = title::find(&document);
    let all_headings = section::all_headings(&document.blocks);
    let headings = section::headings(&all_headings);
    let mut tables = table::find(&document.blocks);
    tables.keep_to_sections(&headings, &all_headings);
    detached::attach(&mut tables);
    refusal::not_a_report(title.as_ref(), &headings, &tables)?;

    let mut cells = Cells::default();
    let template = disclosure_items::read(&tables, &mut cells, &mut notes);
    requests::read(&tables, &mut cells, &mut notes);
    appeals::read(&tables, &mut cells, &mut notes);
    let template = template.or(glued::set(glued, &mut cells, &mut notes));
    let signature = section::signature(&document.blocks, &headings);
    let end = refusal::End {
        document: &document,
        headings: &headings,
        tables: &tables,
        cells: &cells,
        is_signed: signature.is_some(),
    };
    end.refuse_truncated(title.as_ref().and_then(|title| title.year))?;

    let preamble = preamble(&document.blocks, headings.first().map(|heading| heading.block));
    let contact = contact::read(&preamble);
    let period = contact::period(&preamble, &mut notes);
    refusal::blank_form(title.as_ref(), &cells)?;
    let text = all_text(&document.blocks);
    let sources = agency::Sources {
        hints,
        title: title
            .as_ref()
            .filter(|title| !title.is_placeholder)
            .map_or("", |title| &title.agency),
        signature: signature.as_ref().map_or("", |signature| &signature.agency),
        metadata: &document.metadata,
        contact: &contact,
        text: &text,
    };
    let agency =
        agency::tell(&sources, &mut notes).map_err(|error| refusal::blank_or(error, &cells))?;
    let agency = draft::Agency { contact, ..agency };
    let dates = year::Dates {
        title: title.as_ref(),
        period,
        signature: signature.as_ref(),
        preamble: &preamble,
        document: &document,
    };
    let year = dates.year(hints, &mut notes)?;
    end.refuse_truncated(Some(year))?;
    let published_on = dates.published_on(year, &mut notes);
    let template =
        (!cells.is_empty()).then(|| template.unwrap_or_else(|| template_of(&cells, year)));
    missing_rows(template, &cells, year, &mut notes);
    let sections = section::read(&document.blocks, &headings, &tables.is_table, signature.as_ref());
    let title = title.map(|title| title.text);
    let scope = scope(agency.kind, title.as_deref().unwrap_or_default());
    if agency.kind == AgencyKind::Government && scope == Scope::Own {
        notes.origin("scope", "that it is the government's own report is told by the title");
    }
    Ok(Draft {
        agency,
        year,
        template,
        scope,
        title,
        period,
        published_on,
        sections,
        cells,
        notes: notes.into_vec(),
    })
}

/// The text before the first section, or all of a document without sections.
fn preamble(blocks: &[Block], end: Option<usize>) -> String {
    all_text(&blocks[..end.unwrap_or(blocks.len())])
}

fn all_text(blocks: &[Block]) -> String {
    let texts = blocks.iter().filter_map(|block| match block {
        Block::Text(paragraph) => Some(paragraph.text.as_str()),
        Block::Grid(_) => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// The template the rows tell, where no head of section 2 does; else the year's.
fn template_of(cells: &Cells, year: i32) -> Template {
    let is_2021 = cells.request_rows().any(|row| !row.is_in(Template::T2019));
    if is_2021 { Template::T2021 } else { Template::of_year(year).unwrap_or(Template::T2019) }
}

/// A government's report is of its whole area, unless it says it is of the government alone.
fn scope(kind: AgencyKind, title: &str) -> Scope {
    let is_own = title.contains("本级") || title.contains("本机关");
    if kind == AgencyKind::Government && !is_own { Scope::Consolidated } else { Scope::Own }
}

/// Notes the rows of the template that the document's tables do not have.
fn missing_rows(template: Option<Template>, cells: &Cells, year: i32, notes: &mut Notes) {
    let Some(template) = template else {
        if Template::of_year(year).is_some() {
            notes.add("missing_table", "the document holds none of the form's tables");
        }
        return;
    };
    let is_there = |measure: Measure| cells.get(measure).state != CellState::NotInTemplate;
    let has = |is_part: fn(Measure) -> bool| {
        Measure::cells().iter().any(|&measure| is_part(measure) && is_there(measure))
    };
    if has(|measure| matches!(measure, Measure::DisclosureItem(..))) {
        for item in <Item as entity::template::Code>::ALL {
            let measures = item.measures(template);
            if !measures.is_empty()
                && !measures
                    .iter()
                    .any(|&measure| is_there(Measure::DisclosureItem(*item, measure)))
            {
                notes.add(
                    "missing_row",
                    format!("the table of section 2 has no row {}", label_of(*item)),
                );
            }
        }
    } else {
        notes.add("missing_table", "the document has no table of section 2");
    }
    if has(|measure| matches!(measure, Measure::Request(..))) {
        let there: Vec<RequestRow> = cells.request_rows().collect();
        for row in <RequestRow as entity::template::Code>::ALL {
            if row.is_in(template) && !there.contains(row) {
                notes.add(
                    "missing_row",
                    format!("the requests table has no row {}", label_of(*row)),
                );
            }
        }
    } else {
        notes.add("missing_table", "the document has no table of section 3");
    }
    if !refusal::has_reviews(cells) {
        notes.add("missing_table", "the document has no table of section 4");
    }
}

fn label_of<C: entity::template::Code>(code: C) -> &'static str {
    code.label()
}

/// Sets a cell. What is printed twice alike counts once; what is printed twice and differs is
/// ambiguous.
fn set(cells: &mut Cells, notes: &mut Notes, measure: Measure, cell: Cell) {
    let before = cells.get(measure);
    let is_new = matches!(before.state, CellState::NotInTemplate);
    let is_same = before.value == cell.value && before.state == cell.state;
    if is_new || (before.state == CellState::Blank && cell.value.is_some()) {
        cells.set(measure, cell);
    } else if !is_same && cell.state != CellState::Blank {
        let printed = |cell: &Cell| cell.printed.clone().unwrap_or_default();
        let (one, other) = (printed(before), printed(&cell));
        notes.add(
            "contradiction",
            format!("{} is printed twice, as {one:?} and as {other:?}", measure.label()),
        );
        cells.set(measure, Cell::missing(CellState::Ambiguous).printed(format!("{one} | {other}")));
    }
}
