//! The agency and scope of a report handed in as data: told as those of a document are, where they are
//! not stated.

use entity::template::{AgencyKind, Level, Scope};

use super::{
    agency::{self, Sources},
    draft::{self, Contact, Hints, Note},
    notes::Notes,
};
use crate::{error::Result, regions};

/// Whose report it is, as stated.
#[derive(Clone, Debug)]
pub struct Agency {
    pub name: String,
    pub id: Option<String>,
    pub region_code: Option<String>,
    pub kind: Option<AgencyKind>,
    pub level: Option<Level>,
    pub contact: Contact,
}

impl Agency {
    /// Tells the agency; what is stated of its kind and level holds.
    ///
    /// # Errors
    /// `unknown_agency`, `ambiguous_agency`, `invalid_parameter` for a region that the name
    /// contradicts or that is no code.
    pub fn tell(self, hints: &Hints, notes: &mut Vec<Note>) -> Result<draft::Agency> {
        if let Some(own) = self.of_this_record(hints) {
            return Ok(own);
        }
        let mut told_notes = Notes::default();
        let region = hints.region.clone().or_else(|| self.known_region(&mut told_notes));
        let hints = Hints { region, agency: hints.agency.clone(), ..Hints::default() };
        let sources = Sources {
            hints: &hints,
            title: &self.name,
            signature: "",
            metadata: &[],
            contact: &self.contact,
            text: "",
        };
        let told = agency::tell(&sources, &mut told_notes)?;
        for note in told_notes.into_vec() {
            // What is stated needs no note of where it was found.
            if !note.code.ends_with("_origin") && !notes.contains(&note) {
                notes.push(note);
            }
        }
        let (kind, level) = (self.kind.unwrap_or(told.kind), self.level.unwrap_or(told.level));
        Ok(draft::Agency { kind, level, contact: self.contact, ..told })
    }

    /// An agency as this program writes it, known by its id: its name stays as it is.
    fn of_this_record(&self, hints: &Hints) -> Option<draft::Agency> {
        let Self { name, id, region_code, kind, level, contact } = self;
        if hints.agency.is_some() || hints.region.is_some() {
            return None;
        }
        let region = regions::get(region_code.as_deref()?)?;
        let agency = draft::Agency {
            name: name.clone(),
            own_name: String::new(),
            region_code: region.code.clone(),
            kind: (*kind)?,
            level: (*level)?,
            contact: contact.clone(),
        };
        let id = id.as_deref()?;
        let mut own_names = name.char_indices().map(|(at, _)| &name[at..]);
        let own = own_names.find(|own| {
            draft::Agency { own_name: (*own).to_owned(), ..agency.clone() }.id() == id
        })?;
        Some(draft::Agency { own_name: own.to_owned(), ..agency })
    }

    /// The region stated; a code newer than the list belongs under the nearest one known.
    fn known_region(&self, notes: &mut Notes) -> Option<String> {
        let code = self.region_code.as_deref()?;
        let is_code = matches!(code.len(), 6 | 9) && code.bytes().all(|b| b.is_ascii_digit());
        if !is_code || regions::get(code).is_some() {
            return Some(code.to_owned());
        }
        let near = regions::nearest_known(code);
        notes.add(
            "unknown_region",
            format!("the list of regions has no {code}; it is kept under {}", near.name),
        );
        Some(near.code.clone())
    }
}

/// The scope of a report that does not state it.
#[must_use]
pub fn scope(kind: AgencyKind, title: &str) -> Scope {
    super::scope(kind, title)
}
