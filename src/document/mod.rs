//! The first stage: bytes -> blocks.
//!
//! Takes a document's bytes; gives its paragraphs and grids in their order, its title and metadata.
//! Refuses what is empty, too large, of no kind it reads, or unreadable. Never knows the national
//! form, and never trusts a file's name.

mod encoding;
mod grid;
mod html;
mod kind;
mod layout;
mod metadata;
mod scan;
mod text;

pub use grid::{Cell, Grid};
pub use kind::MediaType;

use crate::{
    error::{Code, Error, Result},
    limits,
};

/// A document as blocks.
#[derive(Clone, Debug)]
pub struct Document {
    pub media_type: MediaType,
    /// The encoding its bytes were read in.
    pub encoding: &'static str,
    /// The page's own title, which may hold the site's name too.
    pub title: Option<String>,
    /// What the page states about itself, names as printed: 索引号, 发布机构, 公开日期.
    pub metadata: Vec<(String, String)>,
    pub blocks: Vec<Block>,
    /// Whether the document breaks off inside a table.
    pub ends_inside_table: bool,
}

/// A piece of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph, or a line of plain text; never blank.
    Text(String),
    Grid(Grid),
}

/// Reads bytes as a document.
///
/// # Errors
/// `empty_document`, `document_too_large`, `unsupported_format`, `unreadable_text`.
pub fn read(bytes: &[u8]) -> Result<Document> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        let detail = format!(
            "the document has {} bytes, the limit is {}",
            bytes.len(),
            limits::DOCUMENT_BYTES
        );
        return Err(Error::new(Code::DocumentTooLarge, detail));
    }
    kind::refuse_unsupported(bytes)?;
    let (text, encoding) = encoding::decode(bytes)?;
    let document = match kind::of(&text) {
        MediaType::Html => html::read(&text, encoding)?,
        MediaType::Text => text::read(&text, encoding)?,
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
