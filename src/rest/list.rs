//! A resource -> the answer of a list, in the format asked for.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use futures::StreamExt;

use super::{Rest, params::ListQuery};
use crate::{
    error::{Code, Error, Result},
    formats::{self, Format},
    query::Resource,
};

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
    let format = match output.format()? {
        Some(format) => format,
        None => accepted(headers)?,
    };
    let (body, next) = match format {
        Format::Json => {
            let encoded = formats::json::<R>(&rest.connection, &filter, &page, &output).await?;
            (Body::from(encoded.body), encoded.next)
        }
        Format::Csv => {
            let encoded = formats::csv::<R>(&rest.connection, filter, &page, &output).await?;
            let body = encoded.body.inspect(|part| {
                if let Err(error) = part {
                    error.log();
                }
            });
            (Body::from_stream(body), encoded.next)
        }
    };
    let mut response = ([(header::CONTENT_TYPE, format.media_type())], body).into_response();
    if format == Format::Csv {
        let name = format!("attachment; filename=\"{}.csv\"", R::NAME);
        if let Ok(name) = HeaderValue::from_str(&name) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
        }
    }
    if let Some(next) = next.and_then(|next| link(uri, &next)) {
        response.headers_mut().insert(header::LINK, next);
    }
    Ok(response)
}

/// The address of the next page.
fn link(uri: &Uri, next: &str) -> Option<HeaderValue> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(uri.query().unwrap_or_default()).ok()?;
    let mut pairs: Vec<_> = pairs.into_iter().filter(|(name, _)| name != "after").collect();
    pairs.push(("after".to_owned(), next.to_owned()));
    let query = serde_urlencoded::to_string(pairs).ok()?;
    HeaderValue::from_str(&format!("<{}?{query}>; rel=\"next\"", uri.path())).ok()
}

/// The format that `Accept` asks for; JSON where it does not mind.
fn accepted(headers: &HeaderMap) -> Result<Format> {
    let Some(accept) = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()) else {
        return Ok(Format::Json);
    };
    for range in accept.split(',') {
        match range.split(';').next().unwrap_or_default().trim() {
            "text/csv" => return Ok(Format::Csv),
            "application/json" | "application/*" | "*/*" | "text/html" => return Ok(Format::Json),
            _ => {}
        }
    }
    let detail = format!("nothing of {accept:?} is offered here");
    Err(Error::new(Code::NotAcceptable, detail).allowed(["application/json", "text/csv"]))
}
