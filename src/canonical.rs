//! The canonical report: the one shape of a report outside the database.
//!
//! `check` returns it of a document, `query` of what is stored; `read` takes it as a document.

mod node;
mod numbers;
pub mod read;
mod tree;

use chrono::NaiveDate;
use entity::template::{
    AgencyKind, AppealResult, Applicant, CellState, Item, ItemMeasure, LawsuitKind, Level, Measure,
    RequestRow, Scope, Severity, Template,
};
use indexmap::IndexMap;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    cells::{Cells, Number, Quantity},
    check,
    extract::draft::{Contact, Draft, Note, Period, Section},
};

/// A report in full: every number at its place in the form, the prose, and what does not agree.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = CanonicalReport)]
pub struct Report {
    /// The report's id; null where it is not stored.
    pub id: Option<String>,
    pub agency: Agency,
    /// The year reported on.
    pub year: i32,
    /// The template of its tables; null for a report without the national tables.
    pub template: Option<Template>,
    /// Whose numbers it holds.
    pub scope: Scope,
    /// The title as printed.
    pub title: Option<String>,
    /// The days its numbers cover.
    pub period: Option<Period>,
    /// The day it was published, as the document states it.
    pub published_on: Option<NaiveDate>,
    pub source: Source,
    /// 1 for the first document of this agency, year and scope; null where it is not stored.
    pub revision: Option<i32>,
    /// Section 2, by item and measure.
    #[schema(value_type = IndexMap<String, IndexMap<String, Number>>)]
    pub disclosure_items: IndexMap<Item, IndexMap<ItemMeasure, Option<Quantity>>>,
    /// Section 3, by row and column.
    #[schema(value_type = IndexMap<String, IndexMap<String, Option<i64>>>)]
    pub requests: IndexMap<RequestRow, IndexMap<Applicant, Option<Quantity>>>,
    /// Section 4, left side, by result.
    #[schema(value_type = IndexMap<String, Option<i64>>)]
    pub reviews: IndexMap<AppealResult, Option<Quantity>>,
    /// Section 4, right side, by kind and result.
    #[schema(value_type = IndexMap<String, IndexMap<String, Option<i64>>>)]
    pub lawsuits: IndexMap<LawsuitKind, IndexMap<AppealResult, Option<Quantity>>>,
    /// The sections with their prose.
    pub sections: Vec<Section>,
    /// Why a cell has no number, by its address, where it is not plainly blank.
    #[schema(value_type = IndexMap<String, CellState>)]
    pub cell_states: IndexMap<String, CellState>,
    /// What does not agree.
    pub findings: Vec<Finding>,
    /// What was not understood or had to be assumed.
    pub notes: Vec<Note>,
}

/// What a report as JSON is called on the web.
pub const MEDIA_TYPE: &str = "application/json";
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Whether bytes begin as a report in JSON does, or a list of them: no other document begins so.
#[must_use]
pub fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes).trim_ascii_start();
    let Some((first, rest)) = bytes.split_first() else { return false };
    match (first, rest.trim_ascii_start().first()) {
        (b'{', next) => matches!(next, None | Some(b'"' | b'}')),
        (b'[', next) => matches!(next, Some(b'{')),
        _ => false,
    }
}

/// The agency that reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CanonicalAgency)]
pub struct Agency {
    /// Made from region code and name, so the same on every instance.
    pub id: String,
    /// The full name.
    pub name: String,
    /// The code of its region.
    pub region_code: String,
    pub kind: AgencyKind,
    pub level: Level,
    pub contact: Contact,
}

/// The document a report was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject)]
pub struct Source {
    /// The address it was fetched from, where it was.
    pub url: Option<String>,
    /// `text/plain`, `text/html`, `application/json` and so on.
    pub media_type: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// Something that does not agree.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[schema(as = CanonicalFinding)]
#[graphql(name = "FindingBody")]
pub struct Finding {
    /// The check that found it: `requests.flow`.
    pub check: String,
    /// How much it weighs.
    pub severity: Severity,
    /// The addresses of the cells that disagree.
    pub cells: Vec<String>,
    /// What the left side adds up to.
    pub left: Option<Quantity>,
    /// What the right side adds up to.
    pub right: Option<Quantity>,
    /// What does not agree, in English.
    pub message: String,
    /// What does not agree, in Chinese.
    pub message_zh: String,
}

/// For the heads of an empty table only.
impl Default for Finding {
    fn default() -> Self {
        Self {
            check: String::new(),
            severity: Severity::Notice,
            cells: Vec::new(),
            left: None,
            right: None,
            message: String::new(),
            message_zh: String::new(),
        }
    }
}

impl From<&check::Finding> for Finding {
    fn from(finding: &check::Finding) -> Self {
        Self {
            check: finding.check.to_owned(),
            severity: finding.severity,
            cells: finding.cells.iter().map(|cell| cell.cell_code()).collect(),
            left: finding.left,
            right: finding.right,
            message: finding.message.clone(),
            message_zh: finding.message_zh.clone(),
        }
    }
}

impl Report {
    /// The report as read from a document, not stored.
    #[must_use]
    pub fn of_draft(draft: &Draft, findings: &[check::Finding], source: Source) -> Self {
        let agency = &draft.agency;
        Self {
            id: None,
            agency: Agency {
                id: agency.id(),
                name: agency.name.clone(),
                region_code: agency.region_code.clone(),
                kind: agency.kind,
                level: agency.level,
                contact: agency.contact.clone(),
            },
            year: draft.year,
            template: draft.template,
            scope: draft.scope,
            title: draft.title.clone(),
            period: draft.period,
            published_on: draft.published_on,
            source,
            revision: None,
            disclosure_items: IndexMap::new(),
            requests: IndexMap::new(),
            reviews: IndexMap::new(),
            lawsuits: IndexMap::new(),
            sections: draft.sections.clone(),
            cell_states: IndexMap::new(),
            findings: findings.iter().map(Finding::from).collect(),
            notes: draft.notes.clone(),
        }
        .with_cells(&draft.cells)
    }

    /// Puts every number at its place in the form.
    #[must_use]
    pub fn with_cells(mut self, cells: &Cells) -> Self {
        for (measure, cell) in cells.iter() {
            match measure {
                Measure::DisclosureItem(item, of_item) => {
                    self.disclosure_items.entry(item).or_default().insert(of_item, cell.value);
                }
                Measure::Request(row, column) => {
                    self.requests.entry(row).or_default().insert(column, cell.value);
                }
                Measure::Review(result) => {
                    self.reviews.insert(result, cell.value);
                }
                Measure::Lawsuit(kind, result) => {
                    self.lawsuits.entry(kind).or_default().insert(result, cell.value);
                }
                Measure::RequestGroup(_) | Measure::Lawsuits(_) => {}
            }
            if !matches!(cell.state, CellState::Reported | CellState::Blank) {
                self.cell_states.insert(measure.cell_code(), cell.state);
            }
        }
        self
    }
}
