//! What became of a batch, counted.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Done, DoneReport};
use crate::{limits, reading::Refused, store::Outcome};

/// What became of a batch.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    documents: usize,
    /// Reports that are new.
    pub added: usize,
    /// Reports of which there was another document: each a new revision.
    pub revised: usize,
    /// Reports whose document was imported before.
    pub unchanged: usize,
    /// Findings of severity `error` in what is new.
    pub error_findings: usize,
    /// Findings of severity `warning` in what is new.
    pub warning_findings: usize,
    /// Findings of severity `notice` in what is new.
    pub notice_findings: usize,
    /// Documents that were refused, by the code of the reason.
    pub refused_by_code: BTreeMap<String, usize>,
    /// The first documents that were refused, and why.
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
    /// Counts a document.
    pub fn add(&mut self, done: &Done) {
        self.documents += 1;
        match &done.reports {
            Ok(reports) => reports.iter().for_each(|report| self.add_report(report)),
            Err(error) => {
                let why = Refused::from(error);
                *self.refused_by_code.entry(why.code.clone()).or_default() += 1;
                if self.refused.len() < limits::REFUSALS_LISTED {
                    self.refused.push(RefusedDocument { path: done.path.clone(), why });
                }
            }
        }
    }

    fn add_report(&mut self, report: &DoneReport) {
        match report.outcome {
            Outcome::Added => self.added += 1,
            Outcome::Revised(_) => self.revised += 1,
            Outcome::Unchanged => self.unchanged += 1,
        }
        if let Some(counts) = report.counts.filter(|_| report.outcome != Outcome::Unchanged) {
            let [errors, warnings, notices] = counts.findings;
            self.error_findings += errors;
            self.warning_findings += warnings;
            self.notice_findings += notices;
        }
    }

    /// How many documents there were.
    #[must_use]
    pub const fn documents(&self) -> usize {
        self.documents
    }

    /// How many of them were refused.
    #[must_use]
    pub fn refused_count(&self) -> usize {
        self.refused_by_code.values().sum()
    }
}
