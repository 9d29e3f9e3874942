//! The first stage: bytes -> blocks.
//!
//! Takes a document's bytes; gives its paragraphs and grids in their order, its title and metadata.
//! Refuses what is empty, too large, of no kind it reads, or unreadable. Never knows the national
//! form, and never trusts a file's name.

mod doc;
mod docx;
mod drawn;
mod encoding;
mod flow;
mod grid;
mod html;
mod kind;
mod metadata;
mod ofd;
mod ole;
mod package;
mod packed;
mod pdf;
mod sheet;
mod text;
mod xml;

pub use grid::{Cell, Grid};
pub use kind::MediaType;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use encoding_rs::Encoding;

use crate::{
    error::{Code, Error, Result},
    limits,
    place::Place,
};

/// A document as blocks.
#[derive(Clone, Debug)]
pub struct Document {
    pub media_type: MediaType,
    /// The encoding its bytes were read in; none where the file is no text.
    pub encoding: Option<&'static Encoding>,
    /// The page's own title, which may hold the site's name too.
    pub title: Option<String>,
    /// What the page states about itself, names as printed: 索引号, 发布机构, 公开日期.
    pub metadata: Vec<(String, String)>,
    pub blocks: Vec<Block>,
    /// Whether the document breaks off inside a table.
    pub ends_inside_table: bool,
}

/// A piece of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph, or a line of plain text; never blank.
    Text(Paragraph),
    Grid(Grid),
}

/// A paragraph's text, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Paragraph {
    pub text: String,
    pub place: Option<Place>,
}

impl Paragraph {
    /// A part of it, by the bytes of its text.
    ///
    /// # Panics
    /// Where the range does not end between characters.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let place = match self.place {
            // What stands in the file as it was read can be told to the byte.
            Some(Place::Bytes { from, to }) if (to - from) as usize == self.text.len() => {
                Some(Place::bytes(from as usize + range.start, from as usize + range.end))
            }
            place => place,
        };
        Self { text: self.text[range].to_owned(), place }
    }
}

/// Reads bytes as a document.
///
/// # Errors
/// `empty_document`, `document_too_large`, `unsupported_format`, `unreadable_text`,
/// `encrypted_document`, `broken_document`, `no_text`.
pub fn read(bytes: &[u8]) -> Result<Document> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        let detail = format!(
            "the document has {} bytes, the limit is {}",
            bytes.len(),
            limits::DOCUMENT_BYTES
        );
        return Err(Error::new(Code::DocumentTooLarge, detail));
    }
    let document = match packed::read(bytes) {
        Some(document) => document?,
        None if kind::is_pdf(bytes) => pdf::read(bytes)?,
        None => unpacked(bytes)?,
    };
    if document.blocks.is_empty() {
        return Err(Error::new(Code::EmptyDocument, "the document holds no text"));
    }
    if document.blocks.len() > limits::BLOCKS {
        let detail = format!(
            "the document has {} paragraphs, the limit is {}",
            document.blocks.len(),
            limits::BLOCKS
        );
        return Err(Error::new(Code::DocumentTooLarge, detail));
    }
    Ok(document)
}

/// A document that is text.
fn unpacked(bytes: &[u8]) -> Result<Document> {
    kind::refuse_unsupported(bytes)?;
    let (text, encoding) = encoding::decode(bytes)?;
    if kind::is_html(&text) { html::read(&text, encoding) } else { text::read(&text, encoding) }
}

/// Places as they stand in the file: bytes of its text become bytes of the file. None for text that is
/// not there.
#[must_use]
pub fn places_in_file(bytes: &[u8], places: &[Place]) -> Vec<Option<Place>> {
    let ends = places.iter().flat_map(|place| match place {
        Place::Bytes { from, to } => vec![*from as usize, *to as usize],
        _ => Vec::new(),
    });
    let ends: BTreeSet<usize> = ends.collect();
    let in_file = match encoding::decode(bytes) {
        Ok((_, encoding)) if !ends.is_empty() => encoding::in_file(bytes, encoding, &ends),
        _ => BTreeMap::new(),
    };
    let of_place = |place: &Place| match place {
        Place::Bytes { from, to } => {
            let at = |text: u32| in_file.get(&(text as usize)).copied();
            at(*from).zip(at(*to)).map(|(from, to)| Place::bytes(from, to))
        }
        place => Some(*place),
    };
    places.iter().map(of_place).collect()
}
