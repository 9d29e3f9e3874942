//! Pages as a file draws them -> blocks: paragraphs and grids, each with its box on its page.
//!
//! Takes what pages draw, characters and lines with their places, whatever kind of file draws them;
//! gives what they show, in their order: ruled tables as grids, text as paragraphs, page numbers and
//! running lines left out. A table that a page's end cuts goes on. Refuses pages without text, and what
//! is larger than the limits. Never reads what a page does not show.

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
mod tables;
mod words;
mod wrapped;

pub(super) use canvas::{Canvas, EM, Look};
pub(super) use characters::printed;

use std::{
    panic::{self, AssertUnwindSafe},
    time::Instant,
};

use super::{Document, MediaType};
use crate::{
    error::{Code, Error, Result},
    limits,
};
use canvas::Stop;
use pages::Page;

/// The pages of a file, as seen.
#[derive(Default)]
pub(super) struct Pages {
    pages: Vec<Page>,
    words: usize,
    unseen: usize,
}

impl Pages {
    /// Adds the next page, of this width and height in points, as it is drawn.
    pub(super) fn add(
        &mut self,
        size: (f32, f32),
        deadline: Instant,
        draw: impl FnOnce(&mut Canvas) -> Result<()>,
    ) -> Result<()> {
        let mut canvas = Canvas::new(size, deadline);
        let drawn = panic::catch_unwind(AssertUnwindSafe(|| draw(&mut canvas)));
        drawn.unwrap_or_else(|payload| {
            Err(match payload.downcast_ref::<Stop>() {
                Some(Stop::TooMuch(what, limit)) => too_many(what, *limit),
                Some(Stop::TooLong) => too_long(),
                None => Error::new(Code::BrokenDocument, "a page cannot be drawn"),
            })
        })?;
        if Instant::now() > deadline {
            return Err(too_long());
        }
        let number = u16::try_from(self.pages.len() + 1).unwrap_or(u16::MAX);
        let page = Page::of(canvas, number, size)?;
        self.words += page.words.len();
        self.unseen += page.unseen;
        if self.words > limits::PAGES_WORDS {
            return Err(too_many("words", limits::PAGES_WORDS));
        }
        self.pages.push(page);
        Ok(())
    }

    /// What the pages show.
    pub(super) fn document(self, media_type: MediaType) -> Result<Document> {
        match (self.words, self.unseen) {
            (0, 0) => {
                return Err(Error::new(Code::NoText, "its pages are pictures, as of a scan"));
            }
            (0, _) => {
                return Err(Error::new(
                    Code::NoText,
                    "its pages are pictures; the text behind them is that of character recognition, not what is printed",
                ));
            }
            _ => {}
        }
        let (blocks, metadata) = blocks::of(self.pages)?;
        Ok(Document {
            media_type,
            encoding: None,
            title: None,
            metadata,
            blocks,
            ends_inside_table: false,
        })
    }
}

/// Refuses more pages than are read.
pub(super) fn refuse_many(pages: usize) -> Result<()> {
    if pages > limits::PAGES { Err(too_many("pages", limits::PAGES)) } else { Ok(()) }
}

/// Refuses a file whose pages take too long.
pub(super) fn too_long() -> Error {
    let detail = format!("reading its pages takes more than {} s", limits::PAGES_TIME.as_secs());
    Error::new(Code::DocumentTooLarge, detail)
}

fn too_many(what: &str, limit: usize) -> Error {
    Error::new(Code::DocumentTooLarge, format!("it has more than {limit} {what}"))
}
