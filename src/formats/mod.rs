//! Rows -> bytes: one stream of rows, several encoders. REST and the command line share them.

mod csv;
mod fields;
mod json;
mod parts;

use futures::Stream;
use sea_orm::{DatabaseConnection, TransactionTrait};
use serde::Deserialize;
use tokio::time::timeout;
use utoipa::IntoParams;

use crate::{
    error::{Code, Error, Result},
    limits,
    query::{
        Resource,
        page::{Page, PageArgs, Paging},
    },
    seats::Seats,
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

/// Rows that are there whole, in a format.
///
/// # Errors
/// `invalid_parameter` for a field the resource does not have.
pub fn whole<R: Resource>(
    format: Format,
    output: &OutputArgs,
    rows: Vec<R::Row>,
) -> Result<Vec<u8>> {
    let (filter, fields) = (R::Filter::default(), output.fields.as_deref());
    Ok(match format {
        Format::Json => json::page(&Page::whole(rows), &Fields::of::<R>(&filter, fields)?),
        Format::Csv => {
            let fields = Fields::of_lines::<R>(&filter, fields)?;
            [csv::head(&fields), csv::rows::<R>(&rows, &fields)].concat()
        }
    })
}

/// A resource as CSV: all rows where the page does not say how many.
///
/// The rows are those of one moment, whatever is imported meanwhile, and a break is an error, never a
/// shorter file. A reader that stalls, or takes too long, loses its stream and not others their
/// connections.
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
    let fields = Fields::of_lines::<R>(&filter, output.fields.as_deref())?;
    let all = page.limit.is_none();
    let asked = page.paging()?;
    let limit = if all { R::ROWS_AT_ONCE } else { asked.limit };
    let mut paging = Paging { with_total: false, limit, ..asked };
    let place = STREAMS.take().await?;
    let snapshot = connection.begin().await?;
    let mut rows = R::list(&snapshot, &filter, &paging).await?;
    let next = rows.next().filter(|_| !all).map(str::to_owned);
    let (sender, body) = parts::parts();
    tokio::spawn(async move {
        let sending = async {
            sender.send(csv::head(&fields)).await?;
            loop {
                sender.send(csv::rows::<R>(&rows.rows, &fields)).await?;
                let Some(after) = rows.next().filter(|_| all) else { return Ok(()) };
                paging.after = Some(after.to_owned());
                rows = R::list(&snapshot, &filter, &paging).await?;
            }
        };
        let ended = timeout(limits::STREAM_TIME, sending).await.unwrap_or_else(|_| {
            let seconds = limits::STREAM_TIME.as_secs();
            Err(Error::new(Code::TimedOut, format!("the list took more than {seconds} seconds")))
        });
        sender.end(ended);
        drop(place);
    });
    Ok(Encoded { body, next })
}

/// So that long lists never take all connections.
static STREAMS: Seats = Seats::new(limits::STREAMS_AT_ONCE, "long lists are being sent");
