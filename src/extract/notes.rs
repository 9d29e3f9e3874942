//! What was not understood, in the document's order.

use super::draft::Note;
use crate::limits;

/// The notes of one report.
#[derive(Debug, Default)]
pub struct Notes(Vec<Note>);

impl Notes {
    /// Notes something, once.
    pub fn add(&mut self, code: &str, message: impl Into<String>) {
        let note = Note { code: code.to_owned(), message: message.into() };
        if self.0.len() < limits::NOTES && !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    /// Notes where something the report is known by was found, where it is not where reports have it.
    /// `what`: `agency`, `region`, `year`, `scope`, `date`.
    pub fn origin(&mut self, what: &str, message: impl Into<String>) {
        self.add(&format!("{what}_origin"), message);
    }

    pub fn into_vec(self) -> Vec<Note> {
        self.0
    }
}
