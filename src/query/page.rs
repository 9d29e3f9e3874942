//! Pages of a list: what is asked for, and what is given.

use serde::Deserialize;
use utoipa::IntoParams;

use super::sums::coverage::Coverage;
use crate::{
    error::{Code, Error, Result},
    limits,
};

/// Which page of a list, and in what order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, IntoParams, clap::Args)]
#[into_params(parameter_in = Query)]
pub struct PageArgs {
    /// What to sort by, `-` in front for the highest or newest first; several separated by commas:
    /// `-year,region`, `-requests.received`. Rows without a value come last.
    #[arg(long, allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// How many rows, 1 to 500; 100 where it is not said. Every format but JSON gives all rows where it
    /// is not said.
    #[arg(long)]
    pub limit: Option<String>,
    /// Where to go on: the cursor in `page.next` of the answer before.
    #[arg(long)]
    pub after: Option<String>,
}

/// Which page of a list, understood.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Paging {
    pub sort: Option<String>,
    pub limit: u64,
    pub after: Option<String>,
    /// Whether to count all rows.
    pub with_total: bool,
}

impl PageArgs {
    /// Understands the page asked for.
    ///
    /// # Errors
    /// `invalid_parameter` for a limit that is none.
    pub fn paging(&self) -> Result<Paging> {
        let Self { sort, limit, after } = self.clone();
        let limit = match limit {
            None => limits::PAGE_ROWS_DEFAULT,
            Some(text) => match text.parse() {
                Ok(limit) if (1..=limits::PAGE_ROWS).contains(&limit) => limit,
                _ => {
                    let detail = format!("limit {text:?} is no number of rows");
                    return Err(Error::invalid("limit", detail)
                        .allowed([format!("1 to {}", limits::PAGE_ROWS)]));
                }
            },
        };
        Ok(Paging { sort, limit, after, with_total: true })
    }
}

/// A page of rows.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// The cursor of each row: `after` it the list goes on.
    pub cursors: Vec<String>,
    pub has_next: bool,
    /// All rows of the question, where they were counted.
    pub total: Option<u64>,
    /// Which reports it is made of, where it adds them up.
    pub coverage: Option<Coverage>,
}

impl<T> Page<T> {
    /// The cursor of the next page.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        self.cursors.last().filter(|_| self.has_next).map(String::as_str)
    }

    /// All rows of a question on one page, which nothing follows.
    #[must_use]
    pub fn whole(rows: Vec<T>) -> Self {
        let total = Some(rows.len() as u64);
        Self { rows, cursors: Vec::new(), has_next: false, total, coverage: None }
    }

    /// The page with other rows in the same places.
    #[must_use]
    pub fn with_rows<U>(self, rows: Vec<U>) -> Page<U> {
        debug_assert_eq!(rows.len(), self.cursors.len(), "a view for each row");
        let Self { rows: _, cursors, has_next, total, coverage } = self;
        Page { rows, cursors, has_next, total, coverage }
    }

    /// The page with each row as a view.
    #[must_use]
    pub fn map<U>(self, view: impl FnMut(T) -> U) -> Page<U> {
        let Self { rows, cursors, has_next, total, coverage } = self;
        Page { rows: rows.into_iter().map(view).collect(), cursors, has_next, total, coverage }
    }
}

/// A list that is there whole, as a page of it: cursors count its rows.
///
/// # Errors
/// `invalid_parameter` for a cursor that is none.
pub fn slice<T>(rows: Vec<T>, paging: &Paging) -> Result<Page<T>> {
    let total = rows.len();
    let start = match paging.after.as_deref() {
        None => 0,
        Some(after) => after
            .strip_prefix(ROW)
            .and_then(|number| number.parse::<usize>().ok())
            .filter(|number| (1..=total).contains(number))
            .ok_or_else(|| Error {
                parameter: Some("after".to_owned()),
                ..Error::new(Code::InvalidCursor, "the text in `after` is no cursor of this list")
            })?,
    };
    let limit = usize::try_from(paging.limit).unwrap_or(usize::MAX);
    let rows: Vec<T> = rows.into_iter().skip(start).take(limit).collect();
    Ok(Page {
        cursors: (1..=rows.len()).map(|row| format!("{ROW}{}", start + row)).collect(),
        has_next: start + rows.len() < total,
        total: Some(total as u64),
        coverage: None,
        rows,
    })
}

const ROW: &str = "row";
