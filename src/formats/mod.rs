//! Rows -> bytes: one stream of rows, several encoders. REST and the command line share them.

mod csv;
mod fields;
mod json;

use futures::{Stream, StreamExt, TryStreamExt, stream};
use sea_orm::{DatabaseConnection, TransactionTrait};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    error::{Error, Result},
    limits,
    query::{
        Resource,
        page::{PageArgs, Paging},
    },
};
pub use fields::Fields;

/// The format of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Csv,
}

impl Format {
    /// The names a format is asked for by.
    pub const NAMES: [&'static str; 2] = ["json", "csv"];

    /// The media type it is served as.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
        }
    }
}

/// What of each row is shown, and how it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams, clap::Args)]
#[into_params(parameter_in = Query)]
pub struct OutputArgs {
    /// The fields to show, separated by commas, nested ones with dots: `year,agency.name`; all where it
    /// is not said.
    #[arg(long)]
    pub fields: Option<String>,
    /// `json` or `csv` (UTF-8 with BOM, for spreadsheets).
    #[arg(long)]
    pub format: Option<String>,
}

impl OutputArgs {
    /// The format asked for by name.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn format(&self) -> Result<Option<Format>> {
        match self.format.as_deref() {
            None => Ok(None),
            Some("json") => Ok(Some(Format::Json)),
            Some("csv") => Ok(Some(Format::Csv)),
            Some(other) => {
                Err(Error::invalid("format", format!("format {other:?} is not offered"))
                    .allowed(Format::NAMES))
            }
        }
    }
}

/// A list as bytes, and where it goes on.
pub struct Encoded<S> {
    pub body: S,
    /// The cursor of the next page.
    pub next: Option<String>,
}

/// One page of a resource as JSON.
///
/// # Errors
/// What the question is refused for.
pub async fn json<R: Resource>(
    connection: &DatabaseConnection,
    filter: &R::Filter,
    page: &PageArgs,
    output: &OutputArgs,
) -> Result<Encoded<Vec<u8>>> {
    let fields = Fields::of::<R>(filter, output.fields.as_deref())?;
    let page = R::list(connection, filter, &page.paging()?).await?;
    Ok(Encoded { next: page.next().map(str::to_owned), body: json::page(&page, &fields) })
}

/// A resource as CSV: all rows where the page does not say how many. The rows are those of one moment,
/// whatever is imported meanwhile, and a break is an error, never a shorter file.
///
/// # Errors
/// What the question is refused for; later errors are in the stream.
pub async fn csv<R: Resource + 'static>(
    connection: &DatabaseConnection,
    filter: R::Filter,
    page: &PageArgs,
    output: &OutputArgs,
) -> Result<Encoded<impl Stream<Item = Result<Vec<u8>>> + Send + use<R>>>
where
    R::Filter: 'static,
    R::Row: 'static,
{
    let fields = Fields::of::<R>(&filter, output.fields.as_deref())?;
    let all = page.limit.is_none();
    let paging = Paging { with_total: false, ..page.paging()? };
    let paging = if all { Paging { limit: limits::PAGE_ROWS, ..paging } } else { paging };
    let snapshot = connection.begin().await?;
    let first = R::list(&snapshot, &filter, &paging).await?;
    let next = first.next().filter(|_| !all).map(str::to_owned);
    let head = csv::head(&fields);
    let start = (snapshot, filter, paging, Some(first));
    let rows = stream::try_unfold(start, move |(snapshot, filter, paging, page)| {
        let fields = fields.clone();
        async move {
            let Some(page) = page else { return Ok(None) };
            let bytes = csv::rows(&page.rows, &fields);
            let following = match page.next().filter(|_| all) {
                Some(after) => {
                    let paging = Paging { after: Some(after.to_owned()), ..paging.clone() };
                    Some(R::list(&snapshot, &filter, &paging).await?)
                }
                None => None,
            };
            Ok::<_, Error>(Some((bytes, (snapshot, filter, paging, following))))
        }
    });
    let body = stream::once(async move { Ok(head) }).chain(rows.into_stream());
    Ok(Encoded { body, next })
}
