//! Rows -> bytes: one stream of rows, several encoders. REST and the command line share them.

mod about;
mod accept;
mod csv;
mod encoder;
mod fields;
mod format;
mod json;
mod ndjson;
mod parquet;
mod parts;
mod rows;
mod xlsx;

use std::io::Read;

use futures::Stream;
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};
use tokio::time::timeout;

use crate::{
    error::{Code, Error, Result},
    limits,
    query::{
        Resource, citation,
        page::{Page, PageArgs, Paging},
        permalink::Permalink,
        statistics::Coverage,
    },
    seats::Seats,
};
pub use accept::{accepted, ranks};
pub use csv::table;
use encoder::Encoding;
pub use fields::Fields;
pub use format::{Bulk, CitationArgs, Format, Labels, OutputArgs};
pub use rows::Rows;
pub use xlsx::number as sheet_number;

/// A list as bytes, and where it goes on.
pub struct Encoded<S> {
    pub body: S,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// Where the same answer stays.
    pub permalink: Permalink,
    /// What it covers, where it adds up.
    pub coverage: Option<Coverage>,
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
    output.labels(Format::Json)?;
    let (page, permalink) = answered::<R>(connection, filter, page, output, Format::Json).await?;
    let body = json::page(&page, &fields, &permalink)?;
    let next = page.next().map(str::to_owned);
    Ok(Encoded { next, body, permalink, coverage: page.coverage })
}

/// The sentence to cite a page of a resource by.
///
/// # Errors
/// What the question is refused for.
pub async fn citation<R: Resource>(
    connection: &DatabaseConnection,
    filter: &R::Filter,
    page: &PageArgs,
    output: &OutputArgs,
    public_url: &str,
) -> Result<Encoded<Vec<u8>>> {
    let language = output.language()?;
    let (page, permalink) =
        answered::<R>(connection, filter, page, output, Format::Citation).await?;
    let (total, coverage) = (page.total, page.coverage.as_ref());
    let text = citation::of_list(R::NAME, &permalink, total, coverage, public_url, language) + "\n";
    Ok(Encoded { next: None, body: text.into_bytes(), permalink, coverage: page.coverage })
}

/// A page, and where it stays: both of one moment.
async fn answered<R: Resource>(
    connection: &DatabaseConnection,
    filter: &R::Filter,
    page: &PageArgs,
    output: &OutputArgs,
    format: Format,
) -> Result<(Page<R::Row>, Permalink)> {
    let paging = page.paging()?;
    let snapshot = connection.begin().await?;
    let shown = output.shown(format);
    let permalink = Permalink::of_list::<R>(&snapshot, filter, page, &shown).await?;
    let page = R::list(&snapshot, filter, &paging).await?;
    snapshot.commit().await?;
    Ok((page, permalink))
}

/// Rows that are there whole, as JSON.
///
/// # Errors
/// `invalid_parameter` for a field the resource does not have.
pub fn whole_json<R: Resource>(
    output: &OutputArgs,
    rows: Vec<R::Row>,
    permalink: &Permalink,
) -> Result<Vec<u8>> {
    output.labels(Format::Json)?;
    let fields = Fields::of::<R>(&R::Filter::default(), output.fields.as_deref())?;
    json::page(&Page::whole(rows), &fields, permalink)
}

/// The sentence to cite rows by that are there whole.
///
/// # Errors
/// `invalid_parameter` for a language that is not offered.
pub fn whole_citation<R: Resource>(
    output: &OutputArgs,
    rows: &[R::Row],
    permalink: &Permalink,
    public_url: &str,
) -> Result<Vec<u8>> {
    let (total, language) = (Some(rows.len() as u64), output.language()?);
    let text = citation::of_list(R::NAME, permalink, total, None, public_url, language);
    Ok((text + "\n").into_bytes())
}

/// Rows that are there whole, in a format for whole results.
///
/// # Errors
/// `invalid_parameter` for a field the resource does not have.
pub async fn whole<R: Resource>(
    format: Bulk,
    output: &OutputArgs,
    rows: Vec<R::Row>,
) -> Result<Vec<u8>>
where
    R::Row: 'static,
{
    let labels = output.labels(Format::Bulk(format))?;
    let fields = format.fields::<R>(&R::Filter::default(), output.fields.as_deref())?;
    let (encoding, mut bytes) =
        Encoding::new(format, R::NAME, fields, labels)?.rows::<R>(rows).await?;
    encoding.end().await?.read_to_end(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

/// A resource in a format for whole results: all rows where the page does not say how many.
///
/// The rows are those of one moment, whatever is imported meanwhile, and a break is an error, never a
/// shorter file. A reader that stalls, or takes too long, loses its stream and not others their
/// connections.
///
/// # Errors
/// What the question is refused for; later errors are in the stream.
pub async fn bulk<R: Resource + 'static>(
    format: Bulk,
    connection: &DatabaseConnection,
    filter: R::Filter,
    page: &PageArgs,
    output: &OutputArgs,
) -> Result<Encoded<impl Stream<Item = Result<Vec<u8>>> + Send + use<R>>>
where
    R::Filter: 'static,
    R::Row: 'static,
{
    let fields = format.fields::<R>(&filter, output.fields.as_deref())?;
    let labels = output.labels(Format::Bulk(format))?;
    let all = page.limit.is_none();
    let place = STREAMS.take().await?;
    let snapshot = connection.begin().await?;
    let shown = output.shown(Format::Bulk(format));
    let permalink = Permalink::of_list::<R>(&snapshot, &filter, page, &shown).await?;
    let encoding = Encoding::new(format, R::NAME, fields, labels)?;
    let paging = Paging { with_total: format == Bulk::Xlsx, ..page.paging()? };
    let mut rows = Rows::<R>::begin(&snapshot, filter, paging, all, encoding).await?;
    if format == Bulk::Xlsx {
        rows.fit_a_sheet()?;
    }
    let next = rows.next_page().map(str::to_owned);
    let coverage = rows.coverage().cloned();
    rows.about(about::about(&permalink, coverage.as_ref())?);
    let (sender, body) = parts::parts();
    tokio::spawn(async move {
        let sending = async {
            while let Some(part) = rows.part(&snapshot).await? {
                sender.send(part).await?;
            }
            Ok(())
        };
        let ended = timeout(limits::STREAM_TIME, sending).await.unwrap_or_else(|_| {
            let seconds = limits::STREAM_TIME.as_secs();
            Err(Error::new(Code::TimedOut, format!("the list took more than {seconds} seconds")))
        });
        sender.end(ended);
        drop(place);
    });
    Ok(Encoded { body, next, permalink, coverage })
}

/// All rows of a question as a file, and their fields, in a transaction of the caller's.
///
/// # Errors
/// What the question is refused for.
pub async fn file<R: Resource>(
    format: Bulk,
    snapshot: &impl ConnectionTrait,
    filter: R::Filter,
) -> Result<(Rows<R>, Fields)>
where
    R::Row: 'static,
{
    let fields = format.fields::<R>(&filter, None)?;
    let encoding = Encoding::new(format, R::NAME, fields.clone(), Labels::Code)?;
    let paging = PageArgs::default().paging()?;
    Ok((Rows::begin(snapshot, filter, paging, true, encoding).await?, fields))
}

/// So that long lists never take all connections.
static STREAMS: Seats = Seats::new(limits::STREAMS_AT_ONCE, "long lists are being sent");
