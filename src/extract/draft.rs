//! What was read of a document, before anything is stored.

use chrono::NaiveDate;
use entity::template::{AgencyKind, Level, Scope, Template};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{cells::Cells, fingerprint};

/// A report as read: what `extract` gives, `check` looks at and `store` keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub agency: Agency,
    /// The year reported on.
    pub year: i32,
    /// The template the tables are of; none for a report without the national tables.
    pub template: Option<Template>,
    pub scope: Scope,
    pub title: Option<String>,
    pub period: Option<Period>,
    pub published_on: Option<NaiveDate>,
    pub sections: Vec<Section>,
    pub cells: Cells,
    /// What was not understood, in the document's order.
    pub notes: Vec<Note>,
}

/// The agency that reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Its full name as the record writes it: 沂源县张家坡镇人民政府.
    pub name: String,
    /// Its name without its region's chain of names, by which it is known again: 人民政府.
    pub own_name: String,
    /// The code of the region it belongs to: 6 or 9 digits, `000000` for a national agency.
    pub region_code: String,
    pub kind: AgencyKind,
    pub level: Level,
    pub contact: Contact,
}

/// Hexadecimal digits of an agency's id: 52 bits, so that two of 140,000 agencies share one with a
/// probability of 2 in a million.
const AGENCY_ID_DIGITS: usize = 13;

impl Agency {
    /// The agency's id: made from region code and own name alone, so the same on every instance and
    /// after every import.
    #[must_use]
    pub fn id(&self) -> String {
        let name = format!("{}\n{}", self.region_code, self.own_name);
        format!("a{}", fingerprint::short(name, AGENCY_ID_DIGITS))
    }
}

/// How the agency is reached, as its report states it.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct Contact {
    /// The postal address.
    pub address: Option<String>,
    /// The postcode: six digits.
    pub postcode: Option<String>,
    /// The telephone number, as printed.
    pub telephone: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
}

/// The days the report's numbers cover, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject)]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// A numbered section of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Section")]
pub struct Section {
    /// 1 to 6 in the national form.
    pub number: i16,
    /// The heading as printed, without its number.
    pub heading: String,
    /// The prose, paragraphs separated by line ends; tables are left out.
    pub text: String,
}

/// Something the reader did not understand or had to assume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Note")]
pub struct Note {
    /// What kind of note: `unknown_row`, `unit_assumed`, …
    pub code: String,
    /// What was met, in a sentence.
    pub message: String,
}

/// What the caller knows of a document besides its bytes; each overrules what the document says.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// The agency's name.
    pub agency: Option<String>,
    /// The code of its region.
    pub region: Option<String>,
    /// The report year.
    pub year: Option<i32>,
    /// The file's name: consulted last, where the document says nothing.
    pub file_name: Option<String>,
    /// The address it was fetched from: a date in its path tells the year of publication, where neither
    /// the document nor the file's name tells the report's year.
    pub url: Option<String>,
}

impl Hints {
    /// Whether the caller states whose report it is, or of which year.
    #[must_use]
    pub const fn is_stated(&self) -> bool {
        self.agency.is_some() || self.region.is_some() || self.year.is_some()
    }
}
