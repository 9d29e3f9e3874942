//! A resource -> the answer of a list, in the format asked for.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use futures::StreamExt;

use super::{Rest, params::ListQuery};
use crate::{
    error::{Code, Error, Result},
    formats::{self, Format, OutputArgs},
    query::{Resource, permalink::Permalink},
};

/// What an answer covers, as the JSON that `coverage` is beside the rows.
pub const COVERAGE: HeaderName = HeaderName::from_static("coverage");

/// Answers a list.
pub async fn list<R: Resource + 'static>(
    rest: &Rest,
    uri: &Uri,
    headers: &HeaderMap,
    query: ListQuery<R::Filter>,
) -> Result<Response>
where
    R::Filter: 'static,
    R::Row: 'static,
{
    let ListQuery { filter, page, output } = query;
    let format = format(headers, &output)?;
    let (body, next, permalink, coverage) = match format {
        Format::Json => {
            let encoded = formats::json::<R>(&rest.connection, &filter, &page, &output).await?;
            (Body::from(encoded.body), encoded.next, encoded.permalink, None)
        }
        Format::Citation => {
            let (connection, public_url) = (&rest.connection, &rest.public_url);
            let encoded =
                formats::citation::<R>(connection, &filter, &page, &output, public_url).await?;
            (Body::from(encoded.body), None, encoded.permalink, None)
        }
        Format::Bulk(bulk) => {
            let encoded =
                formats::bulk::<R>(bulk, &rest.connection, filter, &page, &output).await?;
            let body = encoded.body.inspect(|part| {
                if let Err(error) = part {
                    error.log();
                }
            });
            (Body::from_stream(body), encoded.next, encoded.permalink, encoded.coverage)
        }
    };
    let mut response = typed::<R>(format, body);
    // Where the rows leave no room for it.
    if let Some(coverage) = coverage {
        let coverage = serde_json::to_string(&coverage).map_err(Error::internal)?;
        let coverage = HeaderValue::from_str(&coverage).map_err(Error::internal)?;
        response.headers_mut().insert(COVERAGE, coverage);
    }
    if let Some(next) = next.and_then(|next| link(uri, &permalink, &next)) {
        response.headers_mut().insert(header::LINK, next);
    }
    Ok(bookmarked(response, &permalink))
}

/// Says of an answer where it stays.
pub fn bookmarked(mut response: Response, permalink: &Permalink) -> Response {
    let link = format!("<{}>; rel=\"bookmark\"", permalink.address);
    if let Ok(link) = HeaderValue::from_str(&link) {
        response.headers_mut().append(header::LINK, link);
    }
    response
}

/// The address of the next page: its parameters in the order of the permalink's, since the same question
/// has the same answer however it is written.
fn link(uri: &Uri, permalink: &Permalink, next: &str) -> Option<HeaderValue> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(uri.query().unwrap_or_default()).ok()?;
    let mut pairs: Vec<_> = pairs.into_iter().filter(|(name, _)| name != "after").collect();
    let place = |name: &str| permalink.asked.iter().position(|(known, _)| known == name);
    pairs.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
    pairs.push(("after".to_owned(), next.to_owned()));
    let query = serde_urlencoded::to_string(pairs).ok()?;
    HeaderValue::from_str(&format!("<{}?{query}>; rel=\"next\"", uri.path())).ok()
}

/// The format that the parameter names, else the one that `Accept` asks for.
fn format(headers: &HeaderMap, output: &OutputArgs) -> Result<Format> {
    output.format()?.map_or_else(|| accepted(headers), Ok)
}

/// The format that `Accept` likes best; of equals the first offered, JSON.
fn accepted(headers: &HeaderMap) -> Result<Format> {
    liked(headers, Format::ALL, Format::media_type)
}

/// What `Accept` likes best of what is offered; of equals the first.
///
/// # Errors
/// `not_acceptable` for what likes none.
pub fn liked<T: Copy, const N: usize>(
    headers: &HeaderMap,
    offered: [T; N],
    media_type: fn(T) -> &'static str,
) -> Result<T> {
    let Some(accept) = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()) else {
        return Ok(offered[0]);
    };
    formats::accepted(accept, &offered, media_type).ok_or_else(|| {
        let detail = format!("nothing of {accept:?} is offered here");
        Error::new(Code::NotAcceptable, detail).allowed(offered.map(media_type))
    })
}

/// A list that is there whole, in the format asked for.
pub async fn whole<R: Resource>(
    rest: &Rest,
    headers: &HeaderMap,
    output: &OutputArgs,
    rows: Vec<R::Row>,
    permalink: &Permalink,
) -> Result<Response>
where
    R::Row: 'static,
{
    let format = format(headers, output)?;
    let body = match format {
        Format::Json => formats::whole_json::<R>(output, rows, permalink)?,
        Format::Citation => {
            formats::whole_citation::<R>(output, &rows, permalink, &rest.public_url)?
        }
        Format::Bulk(bulk) => formats::whole::<R>(bulk, output, rows).await?,
    };
    Ok(bookmarked(typed::<R>(format, Body::from(body)), permalink))
}

fn typed<R: Resource>(format: Format, body: Body) -> Response {
    let mut response = ([(header::CONTENT_TYPE, format.content_type())], body).into_response();
    if let Format::Bulk(bulk) = format {
        let name = format!("attachment; filename=\"{}.{}\"", R::NAME, bulk.name());
        if let Ok(name) = HeaderValue::from_str(&name) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
        }
    }
    response
}
