//! ETag, `If-None-Match` and `Cache-Control`: an answer changes only with the data and the program, so
//! both name it, and an answer that a client has is not computed again.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sea_orm::DatabaseConnection;

use crate::{
    fingerprint,
    query::{
        as_of::{self, At},
        version::{self, DataVersion},
    },
};

/// A shared cache may answer for a minute without asking, and while it asks again for ten.
const CACHE_CONTROL: &str = "public, max-age=60, stale-while-revalidate=600";
/// Data as they stood do not change; a new program may say them otherwise.
const CACHE_CONTROL_SETTLED: &str = "public, max-age=86400, stale-while-revalidate=604800";
/// The version of the data, as `as_of` takes it.
pub const DATA_VERSION: HeaderName = HeaderName::from_static("data-version");
/// Hexadecimal digits that tell one question from another in an ETag.
const QUESTION_DIGITS: usize = 12;
/// What an answer depends on beside its address.
const VARY: &str = "accept, accept-encoding";

/// What names an answer beside what was asked.
#[derive(Clone, Debug)]
pub struct Conditional {
    pub connection: DatabaseConnection,
    /// Citations hold it.
    pub public_url: Arc<str>,
}

/// Adds the headers to what a GET answers, and answers 304 where the client has it.
pub async fn conditional(
    State(Conditional { connection, public_url }): State<Conditional>,
    request: Request,
    next: Next,
) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let data = match version::get(&connection).await {
        Ok(data) => data,
        Err(error) => return error.into_response(),
    };
    let (question, as_of) = (question(&request, &public_url), as_of_asked(&request));
    let settled = settled(&connection, as_of.as_deref()).await;
    let tag = tag(&data, settled, &question);
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
        let keep = if settled.is_some() { CACHE_CONTROL_SETTLED } else { CACHE_CONTROL };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.append(header::VARY, HeaderValue::from_static(VARY));
    }
    if let Ok(version) = HeaderValue::from_str(&format!("v{}", data.version)) {
        response.headers_mut().insert(DATA_VERSION, version);
    }
    response
}

/// The parameter `as_of`, where there is one.
fn as_of_asked(request: &Request) -> Option<String> {
    let query = request.uri().query().filter(|query| query.contains("as_of"))?;
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).ok()?;
    pairs.into_iter().find(|(name, _)| name == "as_of").map(|(_, as_of)| as_of)
}

/// The version that `as_of` names for ever, where it does: its answers do not change with the data.
async fn settled(connection: &DatabaseConnection, as_of: Option<&str>) -> Option<i64> {
    let as_of = as_of.filter(|as_of| as_of::is_settled(as_of))?;
    match as_of::at(connection, Some(as_of)).await {
        Ok(At::Version(version)) => Some(version),
        // The answer says what is wrong with it.
        Ok(At::Now) | Err(_) => None,
    }
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
fn tag(data: &DataVersion, settled: Option<i64>, question: &str) -> String {
    let program = env!("CARGO_PKG_VERSION");
    let version = settled.unwrap_or(data.version);
    format!("W/\"{program}-{}-{version}-{question}\"", data.instance)
}

/// Names what was asked: the address, and what else the answer depends on.
fn question(request: &Request, public_url: &str) -> String {
    let accept = request.headers().get(header::ACCEPT).map_or(&b""[..], HeaderValue::as_bytes);
    let address = request.uri().to_string();
    let question = [address.as_bytes(), b"\n", accept, b"\n", public_url.as_bytes()].concat();
    fingerprint::short(question, QUESTION_DIGITS)
}
