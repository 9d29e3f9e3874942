//! A batch of documents -> the database: each read, checked and stored, or refused by name.
//!
//! A report is stored in one transaction of its own: wherever a batch ends, what is stored is whole.

use serde::Serialize;

use crate::{
    check::Deadlines,
    database::Database,
    error::{Error, Result},
    extract::draft::Hints,
    reading::{self, CheckedDocument, CheckedDraft, Refused},
    store::{self, Document, Outcome},
};

/// What became of a batch.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// Reports that are new.
    pub added: usize,
    /// Reports of which there was another document: each a new revision.
    pub revised: usize,
    /// Documents whose bytes were imported before.
    pub unchanged: usize,
    /// Findings of severity `error` in what is new.
    pub error_findings: usize,
    /// Documents that were refused, and why.
    pub refused: Vec<RefusedDocument>,
}

/// A document that was refused.
#[derive(Clone, Debug, Serialize)]
pub struct RefusedDocument {
    pub path: String,
    #[serde(flatten)]
    pub why: Refused,
}

impl Summary {
    /// Notes that a document was refused.
    pub fn refuse(&mut self, path: &str, error: &Error) {
        self.refused.push(RefusedDocument { path: path.to_owned(), why: error.into() });
    }

    /// How many documents there were.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.added + self.revised + self.unchanged + self.refused.len()
    }
}

/// Where reports go: into a database, or nowhere, to see what would come of it.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    Database(&'a Database),
    Nowhere,
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
    let reading = match reading::read(&bytes, hints, deadlines) {
        Ok(reading) => reading,
        Err(error) => {
            summary.refuse(path, &error);
            return Ok(());
        }
    };
    let CheckedDocument { reports, media_type } = reading;
    let document =
        Document { bytes, media_type: media_type.to_owned(), file_name: hints.file_name.clone() };
    for CheckedDraft { draft, findings } in reports {
        let outcome = match target {
            Target::Database(database) => {
                store::save(&database.write, &document, &draft, &findings, deadlines).await?
            }
            Target::Nowhere => Outcome::Added,
        };
        match outcome {
            Outcome::Added => summary.added += 1,
            Outcome::Revised(_) => summary.revised += 1,
            Outcome::Unchanged => summary.unchanged += 1,
        }
        if outcome != Outcome::Unchanged {
            let is_error = |finding: &&crate::check::Finding| {
                finding.severity == entity::template::Severity::Error
            };
            summary.error_findings += findings.iter().filter(is_error).count();
        }
    }
    Ok(())
}
