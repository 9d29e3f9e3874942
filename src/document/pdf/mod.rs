//! PDF -> pages as they are drawn.
//!
//! Takes a file with a text layer; draws its pages. Refuses what is encrypted with a password, broken,
//! without text or larger than the limits. Never guesses what a glyph means.

mod device;
mod streams;

use std::{
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Instant,
};

use hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings,
    hayro_syntax::{DecryptionError, LoadPdfError, Pdf},
    interpret_page,
    kurbo::{Affine, Rect},
};

use super::{
    Document, MediaType,
    drawn::{self, Pages},
};
use crate::{
    error::{Code, Error, Result},
    limits,
};
use device::Device;

/// Threads that still read files whose time is over.
static HANGING: AtomicUsize = AtomicUsize::new(0);

/// Reads a PDF file.
pub(super) fn read(bytes: &[u8]) -> Result<Document> {
    streams::refuse_bombs(bytes)?;
    if HANGING.load(Ordering::Relaxed) >= limits::PDF_HANGING {
        let detail = "too many PDF files are being read that do not come to an end";
        return Err(Error::new(Code::TooBusy, detail));
    }
    let bytes = bytes.to_vec();
    let (answer, answered) = mpsc::sync_channel(1);
    // Set by the first of the two, the thread and who waits for it, to be done with it.
    let is_done = Arc::new(AtomicBool::new(false));
    let is_read = Arc::clone(&is_done);
    // A thread of its own: what the file nests needs a stack, and a file without end must not take
    // its reader along.
    thread::Builder::new()
        .name("pdf".to_owned())
        .stack_size(limits::PDF_STACK_BYTES)
        .spawn(move || {
            let read = panic::catch_unwind(AssertUnwindSafe(|| pages(bytes)));
            // Nobody waits any more where the time is over.
            let _ = answer.send(read.unwrap_or_else(|_| Err(broken("reading it failed"))));
            if is_read.swap(true, Ordering::Relaxed) {
                HANGING.fetch_sub(1, Ordering::Relaxed);
            }
        })
        .map_err(Error::internal)?;
    let pages = answered.recv_timeout(limits::PAGES_TIME * 2).unwrap_or_else(|_| {
        if !is_done.swap(true, Ordering::Relaxed) {
            HANGING.fetch_add(1, Ordering::Relaxed);
        }
        Err(drawn::too_long())
    })?;
    pages.document(MediaType::Pdf)
}

fn broken(detail: &str) -> Error {
    Error::new(Code::BrokenDocument, format!("the PDF file is damaged: {detail}"))
}

/// The pages of a file.
fn pages(bytes: Vec<u8>) -> Result<Pages> {
    let deadline = Instant::now() + limits::PAGES_TIME;
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
    streams::refuse_encrypted_bombs(&file)?;
    let sources = file.pages();
    if sources.is_empty() {
        return Err(broken("it has no pages"));
    }
    drawn::refuse_many(sources.len())?;
    let cache = InterpreterCache::new();
    let has_substitute = Arc::new(AtomicBool::new(false));
    let mut pages = Pages::default();
    for source in sources.iter() {
        let (width, height) = source.render_dimensions();
        let transform = Affine::new(source.initial_transform(true).as_coeffs());
        let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut settings = InterpreterSettings::default();
        let (substitute, is_asked) =
            (Arc::clone(&settings.font_resolver), Arc::clone(&has_substitute));
        settings.font_resolver = Arc::new(move |query| {
            is_asked.store(true, Ordering::Relaxed);
            substitute(query)
        });
        let mut context = Context::new(transform, bounds, &cache, file.xref(), settings);
        pages.add((width, height), deadline, |canvas| {
            let mut device = Device { canvas, has_substitute: &has_substitute };
            interpret_page(source, &mut context, &mut device);
            Ok(())
        })?;
    }
    Ok(pages)
}
