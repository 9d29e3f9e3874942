//! One number of a report, with where it stands in the document: what a journalist checks before
//! print.
//!
//! Places are not stored: they are found again from the stored document, by the reader that found
//! them when it was imported. A number that is read otherwise today is answered as stored, and said
//! to be so.

use std::{collections::HashMap, sync::Arc};

use entity::{
    document as stored_document, report,
    template::{CellState, Measure},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::{as_of::At, canonical, measure};
use crate::{
    canonical::Source,
    cells::{Cell, Cells, Method, Number, Quantity},
    document,
    error::{self, Error, Result},
    extract::draft::Hints,
    limits,
    place::Place,
    reading,
    seats::Seats,
};

/// One number of a report, and where it stands in the document.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[schema(as = Cell)]
#[graphql(name = "Cell")]
pub struct CellView {
    /// The report's id.
    pub report_id: String,
    /// The measure's code.
    pub measure: String,
    /// Its label in the form, from the outside in.
    pub label: String,
    /// Its English label.
    pub label_en: String,
    /// The number; null where none is printed, or none can be told.
    #[schema(value_type = Number)]
    pub value: Option<Quantity>,
    /// What stands in the cell; null for a sum that the form does not print.
    pub state: Option<CellState>,
    /// Why there is no number: a cell state, `unknown_part` or `no_part`.
    pub missing: Option<String>,
    /// For a sum that the form does not print, the codes of the cells that add up to it.
    pub parts: Vec<String>,
    /// The text as printed.
    pub printed: Option<String>,
    /// The label of its row as printed; null where the row has none, as in section 4.
    pub row_label: Option<String>,
    /// The heads of its column as printed, from the outside in.
    pub column_label: Option<String>,
    /// How it was read.
    pub method: Option<Method>,
    /// Where it stands in the document.
    pub place: Option<PlaceView>,
    /// Why the place is not known, where it is not.
    pub note: Option<String>,
    /// The document: `/reports/{id}/source` gives it byte for byte.
    pub source: Source,
}

/// A place in a document; what is said depends on the kind of document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[schema(as = Place)]
#[graphql(name = "Place")]
pub struct PlaceView {
    /// Text, HTML: the first byte of the file that belongs to it, from 0.
    pub from_byte: Option<u32>,
    /// Text, HTML: the first byte of the file behind it.
    pub to_byte: Option<u32>,
    /// PDF, OFD: the page, from 1.
    pub page: Option<u16>,
    /// PDF, OFD: left, top, right and bottom of its box, in points from the page's upper left corner.
    pub r#box: Option<Vec<f32>>,
    /// DOCX, DOC: the paragraph, from 1, where it stands in no table.
    pub paragraph: Option<u32>,
    /// DOCX, DOC: the table, from 1.
    pub table: Option<u16>,
    /// XLSX, XLS: the sheet, from 1.
    pub sheet: Option<u16>,
    /// The row of the table or sheet, from 1.
    pub row: Option<u32>,
    /// The column of the table or sheet, from 1.
    pub column: Option<u16>,
}

impl From<Place> for PlaceView {
    fn from(place: Place) -> Self {
        let nowhere = Self::default();
        match place {
            Place::Bytes { from, to } => {
                Self { from_byte: Some(from), to_byte: Some(to), ..nowhere }
            }
            Place::Page { page, left, top, right, bottom } => {
                // Hundredths of a point are finer than anything that is printed.
                let corners = [left, top, right, bottom];
                let rounded = corners.map(|point| (point * 100.0).round() / 100.0);
                Self { page: Some(page), r#box: Some(rounded.to_vec()), ..nowhere }
            }
            Place::Paragraph { paragraph } => Self { paragraph: Some(paragraph), ..nowhere },
            Place::Table { table, row, column } => {
                Self { table: Some(table), row: Some(row.into()), column: Some(column), ..nowhere }
            }
            Place::Sheet { sheet, row, column } => {
                Self { sheet: Some(sheet), row: Some(row), column: Some(column), ..nowhere }
            }
        }
    }
}

/// One number of a report, by the report's id and the measure's code.
///
/// # Errors
/// `not_found`; `too_busy` where as many documents as may be are being read.
pub async fn get(
    connection: &impl ConnectionTrait,
    report_id: &str,
    code: &str,
    at: At,
) -> Result<CellView> {
    let measure = measure::parse("measure", code).map_err(|error| Error {
        code: error::Code::NotFound,
        parameter: None,
        ..error
    })?;
    let row = super::report::row(connection, report_id, at).await?;
    let explained = by_reports(connection, &[row.id]).await?.remove(&row.id);
    let explained = explained.ok_or_else(|| Error::not_found("report", report_id))?;
    Ok(explained.cell(report_id, measure))
}

/// The numbers of a report, as stored and as read again.
#[derive(Debug)]
pub struct Explained {
    stored: Cells,
    /// As read again; an empty one where the document is refused today.
    read: Cells,
    source: Source,
}

impl Explained {
    /// One of them.
    #[must_use]
    pub fn cell(&self, report_id: &str, measure: Measure) -> CellView {
        let stored = self.stored.get(measure);
        let read = self.read.get(measure);
        let value = self.stored.value(measure);
        let is_same = is_same(stored, read);
        let origin = read.origin.as_deref().filter(|_| is_same);
        let label = |label: &Option<Arc<str>>| label.as_ref().map(|label| label.to_string());
        let note = (measure.is_cell() && !is_same)
            .then(|| "this version of the program reads the document otherwise".to_owned());
        CellView {
            report_id: report_id.to_owned(),
            measure: measure.code(),
            label: measure.label(),
            label_en: measure.label_en(),
            value: value.as_ref().ok().copied(),
            state: measure.is_cell().then_some(stored.state),
            missing: value.err().map(|missing| missing.code().to_owned()),
            parts: match measure.is_cell() {
                true => Vec::new(),
                false => measure.parts().into_iter().map(Measure::cell_code).collect(),
            },
            printed: read.printed.clone().filter(|_| is_same),
            row_label: origin.and_then(|origin| label(&origin.row_label)),
            column_label: origin.and_then(|origin| label(&origin.column_label)),
            method: origin.and_then(|origin| origin.method),
            place: origin.and_then(|origin| origin.place).map(PlaceView::from),
            note,
            source: self.source.clone(),
        }
    }
}

fn is_same(stored: &Cell, read: &Cell) -> bool {
    stored.value == read.value && stored.state == read.state
}

/// So that reading leaves processors to those who only ask.
static READINGS: Seats = Seats::new(limits::READINGS_AT_ONCE, "documents are being read again");

/// The numbers of reports with their places, by the reports' row ids.
///
/// # Errors
/// What the database says; `too_busy`.
pub async fn by_reports(
    connection: &impl ConnectionTrait,
    row_ids: &[i64],
) -> Result<HashMap<i64, Arc<Explained>>> {
    let mut cells = canonical::cells(connection, row_ids).await?;
    let reports = report::Entity::find()
        .filter(report::Column::Id.is_in(row_ids.iter().copied()))
        .find_also_related(stored_document::Entity)
        .all(connection)
        .await?;
    let mut explained = HashMap::new();
    for (report, document) in reports {
        let missing = || Error::internal(format!("report {} has no document", report.id));
        let document = document.ok_or_else(missing)?;
        let stored = cells.remove(&report.id).unwrap_or_default();
        let stored_document::Model { url, media_type, sha256, bytes, .. } = document;
        let source = Source { url, media_type, sha256 };
        let hints = Hints {
            agency: Some(report.agency_name),
            region: Some(report.region_code),
            year: Some(report.year),
            ..Hints::default()
        };
        let seat = READINGS.take().await?;
        // Reading is work for the processor, not for the thread that serves others.
        let read = tokio::task::spawn_blocking(move || {
            let read = read_again(&bytes, &hints, &stored);
            // The seat is free when the work is done, whether or not somebody still waits for it.
            drop(seat);
            Explained { stored, read, source }
        });
        explained.insert(report.id, Arc::new(read.await.map_err(Error::internal)?));
    }
    Ok(explained)
}

/// The document's numbers as read today: of several reports in it, those of the one that is stored.
fn read_again(bytes: &[u8], hints: &Hints, stored: &Cells) -> Cells {
    // What a report was moved to by the operator may contradict what its document says.
    let unhinted = Hints { year: hints.year, ..Hints::default() };
    let drafts =
        [hints, &unhinted].into_iter().find_map(|hints| reading::drafts(bytes, hints).ok());
    let drafts = drafts.map(|read| read.drafts).unwrap_or_default();
    let alike = |read: &Cells| {
        let same = stored.iter().filter(|(measure, cell)| is_same(cell, read.get(*measure)));
        same.count()
    };
    let read = drafts.into_iter().map(|draft| draft.cells).max_by_key(alike).unwrap_or_default();
    in_file(bytes, &read)
}

/// The cells with their places as they stand in the file.
fn in_file(bytes: &[u8], read: &Cells) -> Cells {
    let place = |cell: &Cell| cell.origin.as_ref().and_then(|origin| origin.place);
    let places: Vec<Place> = read.iter().filter_map(|(_, cell)| place(cell)).collect();
    let mut in_file = document::places_in_file(bytes, &places).into_iter();
    let mut cells = Cells::default();
    for (measure, cell) in read.iter() {
        let mut cell = cell.clone();
        if let Some(origin) = cell.origin.as_mut().filter(|origin| origin.place.is_some()) {
            origin.place = in_file.next().flatten();
        }
        cells.set(measure, cell);
    }
    cells
}
