//! A batch of documents -> the database: each read, checked and stored, or refused by name.
//!
//! The reports of a document are stored in one transaction: wherever a batch ends, what is stored is
//! whole, and the same batch again goes on from there.

mod batch;
mod gate;
mod report_file;
mod summary;

pub use batch::{Batch, Finish};
pub use report_file::ReportFile;
pub use summary::{RefusedDocument, Summary};

use entity::template::{CellState, Scope, Severity};

use crate::{
    check::Deadlines,
    database::Database,
    error::Result,
    extract::draft::{Draft, Hints},
    query::document::ReportKey,
    reading::{self, CheckedDocument, CheckedDraft},
    store::{self, Document, Outcome},
};

/// Where reports go: into a database, or nowhere, to see what would come of it.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    Database(&'a Database),
    Nowhere,
}

/// What became of a document.
#[derive(Debug)]
pub struct Done {
    /// As it is called in answers.
    pub path: String,
    /// Its reports, one at least; or why it is refused.
    pub reports: Result<Vec<DoneReport>>,
    /// How many bytes of its input were read by then.
    pub consumed: u64,
    /// Which of the inputs it was in.
    pub input: usize,
}

/// What became of a report.
#[derive(Clone, Debug)]
pub struct DoneReport {
    pub agency_id: String,
    pub agency: String,
    pub region_code: String,
    pub year: i32,
    pub scope: Scope,
    pub outcome: Outcome,
    /// What was counted when it was read; none where it was known by its bytes.
    pub counts: Option<Counts>,
}

/// How much of a report was read, and what does not agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Cells with a number.
    pub cells_read: usize,
    /// Cells in which something stands that could not be read, or not told apart.
    pub cells_not_read: usize,
    /// Findings by severity: errors, warnings, notices.
    pub findings: [usize; 3],
}

impl Counts {
    fn of(checked: &CheckedDraft) -> Self {
        let cells = || checked.draft.cells.iter().map(|(_, cell)| cell);
        let is_not_read = |state| matches!(state, CellState::Ambiguous | CellState::Unreadable);
        let count = |severity| {
            checked.findings.iter().filter(|finding| finding.severity == severity).count()
        };
        Self {
            cells_read: cells().filter(|cell| cell.value.is_some()).count(),
            cells_not_read: cells().filter(|cell| is_not_read(cell.state)).count(),
            findings: [Severity::Error, Severity::Warning, Severity::Notice].map(count),
        }
    }
}

impl DoneReport {
    fn of(checked: &CheckedDraft, outcome: Outcome) -> Self {
        let Draft { agency, year, scope, .. } = &checked.draft;
        Self {
            agency_id: agency.id(),
            agency: agency.name.clone(),
            region_code: agency.region_code.clone(),
            year: *year,
            scope: *scope,
            outcome,
            counts: Some(Counts::of(checked)),
        }
    }

    /// A report whose document was there before, known by its bytes.
    fn known(key: ReportKey) -> Self {
        let ReportKey { agency_id, agency_name, region_code, year, scope } = key;
        Self {
            agency_id,
            agency: agency_name,
            region_code,
            year,
            scope,
            outcome: Outcome::Unchanged,
            counts: None,
        }
    }
}

/// Reads, checks and stores one document; a refusal is noted, and the batch goes on.
///
/// # Errors
/// What the database says: then the batch ends.
pub async fn document(
    target: Target<'_>,
    path: &str,
    bytes: Vec<u8>,
    hints: &Hints,
    deadlines: &Deadlines,
    summary: &mut Summary,
) -> Result<()> {
    let reports = match reading::read(&bytes, hints, deadlines) {
        Ok(reading) => Ok(store(target, bytes, reading, hints, deadlines).await?),
        Err(error) => Err(error),
    };
    summary.add(&Done { path: path.to_owned(), reports, consumed: 0, input: 0 });
    Ok(())
}

/// Stores what was read of a document.
async fn store(
    target: Target<'_>,
    bytes: Vec<u8>,
    reading: CheckedDocument,
    hints: &Hints,
    deadlines: &Deadlines,
) -> Result<Vec<DoneReport>> {
    let CheckedDocument { reports, media_type, url } = reading;
    let file_name = hints.file_name.clone();
    let outcomes = match target {
        Target::Database(database) => {
            let document = Document {
                bytes,
                media_type: media_type.to_owned(),
                file_name,
                url,
                hinted: hints.is_stated(),
            };
            let drafts: Vec<_> =
                reports.iter().map(|report| (&report.draft, report.findings.as_slice())).collect();
            store::save(&database.write, &document, &drafts, deadlines).await?
        }
        Target::Nowhere => vec![Outcome::Added; reports.len()],
    };
    let done =
        reports.iter().zip(outcomes).map(|(report, outcome)| DoneReport::of(report, outcome));
    Ok(done.collect())
}
