//! The rows of a question -> the parts of a file, page by page.

use std::{
    io::{self, Read},
    mem,
};

use sea_orm::ConnectionTrait;

use super::{about::About, encoder::Encoding, xlsx};
use crate::{
    error::{Error, Result},
    limits,
    query::{
        Resource,
        page::{Page, Paging},
        statistics::Coverage,
    },
};

/// The rows of a question on their way into a format.
pub struct Rows<R: Resource> {
    filter: R::Filter,
    paging: Paging,
    /// Whether it goes on after the page asked for.
    all: bool,
    count: u64,
    state: State<R::Row>,
}

enum State<T> {
    /// A page is read, and waits to be encoded.
    Page(Box<Page<T>>, Encoding),
    /// The next page is to be read, after this cursor.
    After(String, Encoding),
    /// All rows are in.
    Rest(Box<dyn Read + Send>),
    /// It is whole, or broken.
    Ended,
}

impl<R: Resource> Rows<R>
where
    R::Row: 'static,
{
    /// Reads the first page, so that a question that is refused is refused before anything is sent.
    ///
    /// # Errors
    /// What the question is refused for.
    pub(super) async fn begin(
        connection: &impl ConnectionTrait,
        filter: R::Filter,
        asked: Paging,
        all: bool,
        encoding: Encoding,
    ) -> Result<Self> {
        let limit = if all { R::ROWS_AT_ONCE } else { asked.limit };
        let mut paging = Paging { limit, ..asked };
        let page = R::list(connection, &filter, &paging).await?;
        paging.with_total = false;
        Ok(Self { filter, paging, all, count: 0, state: State::Page(Box::new(page), encoding) })
    }

    /// Refuses more rows than a sheet holds before any is sent.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub(super) fn fit_a_sheet(&self) -> Result<()> {
        match &self.state {
            State::Page(page, _) if self.all => {
                xlsx::fits(page.total.unwrap_or(0), limits::SHEET_ROWS)
            }
            _ => Ok(()),
        }
    }

    /// What the rows cover, where they add up.
    pub(super) fn coverage(&self) -> Option<&Coverage> {
        match &self.state {
            State::Page(page, _) => page.coverage.as_ref(),
            _ => None,
        }
    }

    /// Takes what is said of the answer.
    pub(super) fn about(&mut self, about: About) {
        if let State::Page(_, encoding) = &mut self.state {
            encoding.about(about);
        }
    }

    /// The cursor of the next page, where it is another question's.
    pub(super) fn next_page(&self) -> Option<&str> {
        match &self.state {
            State::Page(page, _) if !self.all => page.next(),
            _ => None,
        }
    }

    /// How many rows are in so far.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The next part of the file, which may be empty; none once it is whole.
    ///
    /// # Errors
    /// What the database says; what the format cannot hold.
    pub async fn part(&mut self, connection: &impl ConnectionTrait) -> Result<Option<Vec<u8>>> {
        let (page, encoding) = match mem::replace(&mut self.state, State::Ended) {
            State::Page(page, encoding) => (*page, encoding),
            State::After(cursor, encoding) => {
                self.paging.after = Some(cursor);
                (R::list(connection, &self.filter, &self.paging).await?, encoding)
            }
            State::Rest(mut rest) => {
                let part = read(&mut rest).map_err(Error::internal)?;
                if part.is_empty() {
                    return Ok(None);
                }
                self.state = State::Rest(rest);
                return Ok(Some(part));
            }
            State::Ended => return Ok(None),
        };
        let next = page.next().filter(|_| self.all).map(str::to_owned);
        self.count += page.rows.len() as u64;
        let (encoding, part) = encoding.rows::<R>(page.rows).await?;
        self.state = match next {
            Some(cursor) => State::After(cursor, encoding),
            None => State::Rest(encoding.end().await?),
        };
        Ok(Some(part))
    }
}

fn read(rest: &mut Box<dyn Read + Send>) -> io::Result<Vec<u8>> {
    let mut part = Vec::new();
    rest.take(limits::STREAM_PART_BYTES).read_to_end(&mut part)?;
    Ok(part)
}
