//! Where the agency's name was found in a document, and the note that says so.

use super::notes::Notes;

/// Where a name of the agency stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Caller,
    Title,
    Signature,
    Metadata,
    FileName,
}

impl Origin {
    const fn words(self) -> &'static str {
        match self {
            Self::Caller => "what the caller states",
            Self::Title => "the title",
            Self::Signature => "the signature",
            Self::Metadata => "the metadata",
            Self::FileName => "the file's name",
        }
    }
}

/// Notes where the agency's name was found, unless it is the title.
pub fn note(found: &[(String, Origin)], name: &str, notes: &mut Notes) {
    let origin = found.iter().find(|(other, _)| other == name).map(|(_, origin)| *origin);
    if let Some(origin) = origin.filter(|origin| *origin != Origin::Title) {
        notes.origin("agency", format!("the agency is told by {}: {name:?}", origin.words()));
    }
}
