//! Packages: the ZIP files that DOCX, XLSX and OFD are -> their parts.
//!
//! Refuses what is encrypted or broken, and what unpacks to more than is read. Sizes are counted while
//! unpacking: what a package says of itself is not believed.

use std::{
    borrow::Cow,
    io::{Cursor, Read},
};

use encoding_rs::{Encoding, UTF_8};
use zip::{ZipArchive, result::ZipError};

use super::xml::{Event, Xml};
use crate::{
    error::{Code, Error, Result},
    limits,
};

/// An open package.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still be unpacked.
    left: usize,
}

/// A pointer of one part to another.
pub(super) struct Relationship {
    pub id: String,
    /// What it is for: the last word of its type.
    pub kind: String,
    /// The part's name.
    pub target: String,
}

/// Refuses a document that is not what it begins as.
pub(super) fn broken(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    let cause = cause.into();
    Error::new(Code::BrokenDocument, cause.to_string().replace(['\n', '\r'], " "))
}

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(refusal)?;
        Ok(Self { archive, left: limits::PACKAGE_BYTES })
    }

    /// Whether there is a part of this name.
    pub fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// A part as text; none where it is not there.
    pub fn part(&mut self, name: &str) -> Result<Option<String>> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        let part = self.archive.by_index(index).map_err(refusal)?;
        let mut bytes = Vec::new();
        part.take(self.left as u64 + 1).read_to_end(&mut bytes).map_err(broken)?;
        if bytes.len() > self.left {
            let detail = format!(
                "its parts unpack to more than the limit of {} bytes",
                limits::PACKAGE_BYTES
            );
            return Err(Error::new(Code::DocumentTooLarge, detail));
        }
        self.left -= bytes.len();
        text(bytes).map(Some)
    }

    /// The parts that a part points to, inside the package.
    pub fn relationships(&mut self, part: &str) -> Result<Vec<Relationship>> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let separator = if folder.is_empty() { "" } else { "/" };
        let name = format!("{folder}{separator}_rels/{file}.rels");
        let Some(text) = self.part(&name)? else { return Ok(Vec::new()) };
        let mut xml = Xml::new(&text);
        let mut found = Vec::new();
        loop {
            match xml.next()? {
                Event::Open(element) if element.name() == "Relationship" => {
                    let is_external = element.attr("TargetMode")?.as_deref() == Some("External");
                    let kind = element.attr("Type")?.unwrap_or_default();
                    if let Some(target) = element.attr("Target")?.filter(|_| !is_external) {
                        found.push(Relationship {
                            id: element.attr("Id")?.unwrap_or_default(),
                            kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                            target: resolved(folder, &target),
                        });
                    }
                }
                Event::End => return Ok(found),
                _ => {}
            }
        }
    }

    /// The name of the part that is the document itself.
    pub fn main_part(&mut self) -> Result<Option<String>> {
        let main = self.relationships("")?.into_iter().find(|part| part.kind == "officeDocument");
        let usual = ["word/document.xml", "xl/workbook.xml"];
        let usual = || usual.into_iter().find(|name| self.has(name)).map(str::to_owned);
        Ok(main.map(|part| part.target).filter(|name| self.has(name)).or_else(usual))
    }
}

/// The name of a part as another in a folder names it.
pub(super) fn resolved(folder: &str, target: &str) -> String {
    let base = if target.starts_with('/') { "" } else { folder };
    let mut path: Vec<&str> = Vec::new();
    for step in base.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

fn refusal(error: ZipError) -> Error {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            Error::new(Code::EncryptedDocument, "its parts are encrypted")
        }
        error => broken(error),
    }
}

/// XML as text: UTF-8, or UTF-16 with its mark.
fn text(bytes: Vec<u8>) -> Result<String> {
    let damaged = || Error::new(Code::BrokenDocument, "a part holds characters that are none");
    match Encoding::for_bom(&bytes) {
        Some((encoding, mark)) if encoding != UTF_8 => encoding
            .decode_without_bom_handling_and_without_replacement(&bytes[mark..])
            .map(Cow::into_owned)
            .ok_or_else(damaged),
        _ => String::from_utf8(bytes).map_err(|_| damaged()),
    }
}
