//! What kind of document it is, told from its content.

use super::encoding;
use crate::error::{Code, Error, Result};

/// A kind of document that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    Text,
    Html,
    Pdf,
    Docx,
    Doc,
    Xlsx,
    Xls,
    Ofd,
}

impl MediaType {
    /// Its name as the web knows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            Self::Html => "text/html",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Doc => "application/msword",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Xls => "application/vnd.ms-excel",
            Self::Ofd => "application/ofd",
        }
    }

    /// What the names of such files end with.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Doc => "doc",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ofd => "ofd",
        }
    }

    const ALL: [Self; 8] = [
        Self::Text,
        Self::Html,
        Self::Pdf,
        Self::Docx,
        Self::Doc,
        Self::Xlsx,
        Self::Xls,
        Self::Ofd,
    ];

    /// The kind that a name is of; what parameters follow it aside.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.split(';').next().unwrap_or_default().trim();
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl std::fmt::Display for MediaType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// How files of kinds that are not read begin, and what they are.
const SIGNATURES: [(&[u8], &str); 9] = [
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1F\x8B", "a gzip file"),
    (b"\x28\xB5\x2F\xFD", "a zstd file"),
    (b"Rar!\x1A\x07", "a RAR archive"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xFF\xD8\xFF", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
];

/// How far into a file a PDF's mark may stand, as readers of PDF allow.
const PDF_MARK_BYTES: usize = 1024;

/// Whether it is a PDF file: with its mark in front, or behind other bytes as some programs save it.
pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"%PDF-";
    let head = &bytes[..bytes.len().min(PDF_MARK_BYTES)];
    let is_marked = || head.windows(MARK.len()).any(|window| window == MARK);
    bytes.starts_with(MARK) || (bytes.contains(&0) && is_marked())
}

/// Refuses what is empty and what is no text.
pub(super) fn refuse_unsupported(bytes: &[u8]) -> Result<()> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::new(Code::EmptyDocument, "the document has no content"));
    }
    let has_mark = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    let is_utf16 = has_mark || encoding::utf16(bytes).is_some();
    let signature = SIGNATURES.iter().find(|(mark, _)| bytes.starts_with(mark));
    let name = match signature {
        Some((_, name)) => name,
        // No text encoding but UTF-16 has zero bytes.
        None if bytes.contains(&0) && !is_utf16 => "binary data",
        None => return Ok(()),
    };
    Err(Error::new(Code::UnsupportedFormat, format!("the document looks like {name}")))
}

/// Whether a text is HTML: its beginning has HTML's tags.
pub(super) fn is_html(text: &str) -> bool {
    const TAGS: [&str; 14] = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<meta",
        "<title",
        "<div",
        "<table",
        "<p>",
        "<p ",
        "<span",
        "<td",
        "<h1",
        "<article",
    ];
    const HEAD_BYTES: usize = 60_000;
    let end = text.len().min(HEAD_BYTES);
    let head = &text.as_bytes()[..end];
    let is_tag = |from: usize| {
        let begins = |tag: &str| {
            let there = head.get(from..from + tag.len());
            there.is_some_and(|there| there.eq_ignore_ascii_case(tag.as_bytes()))
        };
        TAGS.iter().any(|tag| begins(tag))
    };
    (0..end).any(|at| head[at] == b'<' && is_tag(at))
}
