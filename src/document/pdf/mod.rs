//! PDF -> blocks: paragraphs and grids, each with its box on its page.
//!
//! Takes a file with a text layer; gives what its pages show, in their order: ruled tables as grids,
//! text as paragraphs, page numbers and running lines left out. A table that a page's end cuts goes
//! on. Refuses what is encrypted with a password, broken, without text or larger than the limits.
//! Never reads what a page does not show, and never guesses what a glyph means.

mod blocks;
mod boxes;
mod breaks;
mod canvas;
mod cells;
mod characters;
mod columns;
mod furniture;
mod lines;
mod pages;
mod rules;
mod streams;
mod tables;
mod words;
mod wrapped;

use std::{
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Instant,
};

use hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings,
    hayro_syntax::{DecryptionError, LoadPdfError, Pdf, page::Page as Source},
    interpret_page,
    kurbo::{Affine, Rect},
};

use super::{Document, MediaType};
use crate::{
    error::{Code, Error, Result},
    limits,
};
use canvas::{Canvas, Stop};
use pages::Page;

/// Reads a PDF file.
pub(super) fn read(bytes: &[u8]) -> Result<Document> {
    streams::refuse_bombs(bytes)?;
    let bytes = bytes.to_vec();
    let (answer, answered) = mpsc::sync_channel(1);
    // A thread of its own: what the file nests needs a stack, and a file without end must not take
    // its reader along.
    thread::Builder::new()
        .name("pdf".to_owned())
        .stack_size(limits::PDF_STACK_BYTES)
        .spawn(move || {
            let read = panic::catch_unwind(AssertUnwindSafe(|| read_pages(bytes)));
            // Nobody waits any more where the time is over.
            let _ = answer.send(read.unwrap_or_else(|_| Err(broken("reading it failed"))));
        })
        .map_err(Error::internal)?;
    let pages = answered.recv_timeout(limits::PDF_TIME * 2).unwrap_or_else(|_| Err(too_long()))?;
    let (blocks, metadata) = blocks::of(pages)?;
    Ok(Document {
        media_type: MediaType::Pdf,
        encoding: None,
        title: None,
        metadata,
        blocks,
        ends_inside_table: false,
    })
}

fn broken(detail: &str) -> Error {
    Error::new(Code::BrokenDocument, format!("the PDF file is damaged: {detail}"))
}

fn too_long() -> Error {
    let detail = format!("reading its pages takes more than {} s", limits::PDF_TIME.as_secs());
    Error::new(Code::DocumentTooLarge, detail)
}

fn too_many(what: &str, limit: usize) -> Error {
    Error::new(Code::DocumentTooLarge, format!("it has more than {limit} {what}"))
}

/// The pages of a file that show text.
fn read_pages(bytes: Vec<u8>) -> Result<Vec<Page>> {
    let deadline = Instant::now() + limits::PDF_TIME;
    let file = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Error::new(
            Code::EncryptedDocument,
            "the PDF file cannot be opened without its password",
        ),
        LoadPdfError::Decryption(_) => Error::new(
            Code::EncryptedDocument,
            "the PDF file is encrypted in a way that is not known",
        ),
        LoadPdfError::Invalid => broken("it has no pages that can be found"),
    })?;
    let sources = file.pages();
    if sources.is_empty() {
        return Err(broken("it has no pages"));
    }
    if sources.len() > limits::PDF_PAGES {
        return Err(too_many("pages", limits::PDF_PAGES));
    }
    let cache = InterpreterCache::new();
    let has_substitute = Arc::new(AtomicBool::new(false));
    let mut pages = Vec::new();
    let (mut seen, mut unseen) = (0, 0);
    for (index, source) in sources.iter().enumerate() {
        let page = page(source, index, &file, &cache, (deadline, &has_substitute))?;
        seen += page.words.len();
        unseen += page.unseen;
        if seen > limits::PDF_WORDS {
            return Err(too_many("words", limits::PDF_WORDS));
        }
        pages.push(page);
    }
    match (seen, unseen) {
        (0, 0) => Err(Error::new(Code::NoText, "its pages are pictures, as of a scan")),
        (0, _) => Err(Error::new(
            Code::NoText,
            "its pages are pictures; the text behind them is that of character recognition, not what is printed",
        )),
        _ => Ok(pages),
    }
}

fn page<'a>(
    source: &'a Source<'a>,
    index: usize,
    file: &'a Pdf,
    cache: &InterpreterCache<'a>,
    (deadline, has_substitute): (Instant, &Arc<AtomicBool>),
) -> Result<Page> {
    let (width, height) = source.render_dimensions();
    let transform = Affine::new(source.initial_transform(true).as_coeffs());
    let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let mut settings = InterpreterSettings::default();
    let (substitute, is_asked) = (Arc::clone(&settings.font_resolver), Arc::clone(has_substitute));
    settings.font_resolver = Arc::new(move |query| {
        is_asked.store(true, Ordering::Relaxed);
        substitute(query)
    });
    let mut context = Context::new(transform, bounds, cache, file.xref(), settings);
    let mut canvas = Canvas::new((width, height), deadline, Arc::clone(has_substitute));
    let drawn = panic::catch_unwind(AssertUnwindSafe(|| {
        interpret_page(source, &mut context, &mut canvas);
    }));
    if let Err(payload) = drawn {
        return Err(match payload.downcast_ref::<Stop>() {
            Some(Stop::TooMuch(what, limit)) => too_many(what, *limit),
            Some(Stop::TooLong) => too_long(),
            None => broken("a page cannot be drawn"),
        });
    }
    if Instant::now() > deadline {
        return Err(too_long());
    }
    let number = u16::try_from(index + 1).unwrap_or(u16::MAX);
    Page::of(canvas, number, (width, height))
}
