//! ETag, `If-None-Match` and `Cache-Control`: an answer changes only with the data and the program, so
//! both name it, and an answer that a client has is not computed again.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sea_orm::DatabaseConnection;

use crate::{error::Error, fingerprint, query::version};

/// A shared cache may answer for a minute without asking, and while it asks again for ten.
const CACHE_CONTROL: &str = "public, max-age=60, stale-while-revalidate=600";
/// Hexadecimal digits that tell one question from another in an ETag.
const QUESTION_DIGITS: usize = 12;
/// What an answer depends on beside its address.
const VARY: &str = "accept, accept-encoding";

/// Adds the headers to what a GET answers, and answers 304 where the client has it.
pub async fn conditional(
    State(connection): State<DatabaseConnection>,
    request: Request,
    next: Next,
) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let question = question(&request);
    let tag = match tag(&connection, &question).await {
        Ok(tag) => tag,
        Err(error) => return error.into_response(),
    };
    let has_it = has(request.headers(), &tag);
    let mut response =
        if has_it { StatusCode::NOT_MODIFIED.into_response() } else { next.run(request).await };
    // What says itself how long it may be kept, an error in GraphQL, is not named.
    let says_itself = response.headers().contains_key(header::CACHE_CONTROL);
    let is_answer = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    if is_answer && !says_itself {
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE_CONTROL));
        headers.append(header::VARY, HeaderValue::from_static(VARY));
    }
    response
}

/// Whether the client says that it has the answer of this name: the weak comparison of RFC 9110. `*` is
/// not taken up, since only answering tells whether there is an answer.
#[must_use]
pub fn has(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let tags = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    tags.flat_map(|tags| tags.split(',')).any(|known| opaque(known) == opaque(tag))
}

/// Names the answer: weak, since compression changes its bytes.
async fn tag(connection: &DatabaseConnection, question: &str) -> Result<String, Error> {
    let data = version::get(connection).await?;
    let program = env!("CARGO_PKG_VERSION");
    Ok(format!("W/\"{program}-{}-{}-{question}\"", data.instance, data.version))
}

/// Names what was asked: the address, and what else the answer depends on.
fn question(request: &Request) -> String {
    let accept = request.headers().get(header::ACCEPT).map_or(&b""[..], HeaderValue::as_bytes);
    let question = [request.uri().to_string().as_bytes(), b"\n", accept].concat();
    fingerprint::short(question, QUESTION_DIGITS)
}
