//! What became of each document -> a CSV file, a line a report, written as the batch goes: a batch
//! that is ended leaves whole lines.

use std::{fs::File, io::Write, path::Path};

use csv::{Terminator, WriterBuilder};

use super::{Counts, Done, DoneReport};
use crate::{
    error::{Code, Error, Result},
    reading::Refused,
    store::Outcome,
};

/// So that spreadsheets read Chinese.
const BYTE_ORDER_MARK: &str = "\u{feff}";
const COLUMNS: [&str; 13] = [
    "path",
    "agency_id",
    "agency",
    "region_code",
    "year",
    "scope",
    "outcome",
    "code",
    "message",
    "cells_read",
    "cells_not_read",
    "error_findings",
    "findings",
];
/// How a text begins that a spreadsheet takes for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The file of a batch's outcomes.
#[derive(Debug)]
pub struct ReportFile(File);

impl ReportFile {
    /// Makes the file, in the place of one that is there.
    ///
    /// # Errors
    /// `output_failed`.
    pub fn create(path: &Path) -> Result<Self> {
        let file = File::create(path).map_err(|error| {
            Error::new(Code::OutputFailed, format!("{}: {error}", path.display()))
        })?;
        let mut report = Self(file);
        let mut head = BYTE_ORDER_MARK.as_bytes().to_vec();
        head.extend(record(&COLUMNS.map(str::to_owned)));
        report.write(&head)?;
        Ok(report)
    }

    /// Writes what became of a document.
    ///
    /// # Errors
    /// `output_failed`.
    pub fn add(&mut self, done: &Done) -> Result<()> {
        let path = text(&done.path);
        let lines = match &done.reports {
            Ok(reports) => reports.iter().flat_map(|report| record(&line(&path, report))).collect(),
            Err(error) => {
                let Refused { code, message } = Refused::from(error);
                let mut line = COLUMNS.map(|_| String::new());
                line[0] = path;
                line[6..9].clone_from_slice(&["refused".to_owned(), code, text(&message)]);
                record(&line)
            }
        };
        self.write(&lines)
    }

    /// Whole lines in one go, so that none is ever half there.
    fn write(&mut self, lines: &[u8]) -> Result<()> {
        let written = self.0.write_all(lines);
        written.map_err(|error| Error::new(Code::OutputFailed, format!("the report file: {error}")))
    }
}

fn line(path: &str, report: &DoneReport) -> [String; 13] {
    let outcome = match report.outcome {
        Outcome::Added => "added",
        Outcome::Revised(_) => "revised",
        Outcome::Unchanged => "unchanged",
    };
    let count = |count: fn(&Counts) -> usize| {
        report.counts.as_ref().map(|counts| count(counts).to_string()).unwrap_or_default()
    };
    [
        path.to_owned(),
        report.agency_id.clone(),
        text(&report.agency),
        report.region_code.clone(),
        report.year.to_string(),
        report.scope.to_string(),
        outcome.to_owned(),
        String::new(),
        String::new(),
        count(|counts| counts.cells_read),
        count(|counts| counts.cells_not_read),
        count(|counts| counts.findings[0]),
        count(|counts| counts.findings.iter().sum()),
    ]
}

fn record(fields: &[String]) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(fields).expect("memory does not fail");
    writer.into_inner().expect("memory does not fail to flush")
}

/// A text that no spreadsheet takes for a formula. The dash alone is standard input.
fn text(text: &str) -> String {
    if text.len() > 1 && text.starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() }
}
