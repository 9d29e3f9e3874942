//! ETag, `If-None-Match` and `Cache-Control`: an answer changes only with the data and the program, so
//! both name it, and an answer that a client has is not sent again.

use std::{fmt::Write, sync::Arc};

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{kept::Key, newest::Seen};

/// A shared cache may answer for a minute without asking, and while it asks again for ten.
const CACHE_CONTROL: &str = "public, max-age=60, stale-while-revalidate=600";
/// Data as they stood do not change; a new program may say them otherwise.
const CACHE_CONTROL_SETTLED: &str = "public, max-age=86400, stale-while-revalidate=604800";
/// The version of the data, as `as_of` takes it.
pub const DATA_VERSION: HeaderName = HeaderName::from_static("data-version");
/// Bytes of its digest that tell one question from another in an ETag, two digits each.
const QUESTION_BYTES: usize = 6;
/// What stands for the version in the name of an answer that later data do not change.
const SETTLED: &str = "settled";
/// What an answer depends on beside its address.
const VARY: &str = "accept, accept-encoding";

/// What an answer is known again by.
#[derive(Clone, Debug)]
pub struct Name {
    pub key: Key,
    /// The data it is asked of: their instance tells the database from any other.
    pub seen: Arc<Seen>,
}

impl Name {
    /// The ETag: weak, since compression changes an answer's bytes.
    pub fn tag(&self) -> String {
        let Self { key: Key { question, version, .. }, seen } = self;
        let (program, instance) = (env!("CARGO_PKG_VERSION"), &seen.data.instance);
        let mut tag = format!("W/\"{program}-{instance}-");
        // Writing to a string does not fail.
        let _ = match version {
            Some(version) => write!(tag, "{version}-"),
            None => write!(tag, "{SETTLED}-"),
        };
        for byte in &question[..QUESTION_BYTES] {
            let _ = write!(tag, "{byte:02x}");
        }
        tag + "\""
    }

    /// Whether the client says that it has the answer of this name.
    pub fn is_known(&self, headers: &HeaderMap) -> bool {
        headers.contains_key(header::IF_NONE_MATCH) && has(headers, &self.tag())
    }

    /// That the client has it.
    pub fn not_modified(&self) -> Response {
        Self::put(Some(self), StatusCode::NOT_MODIFIED.into_response())
    }

    /// Puts its name on an answer, and how long it may be kept. An error has none, and neither has what
    /// says itself how long it may be kept, as an error in GraphQL.
    pub fn put(name: Option<&Self>, mut response: Response) -> Response {
        let Some(name) = name else { return response };
        let is_answer =
            response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
        if !is_answer || response.headers().contains_key(header::CACHE_CONTROL) {
            return response;
        }
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::from_str(&name.tag()) {
            headers.insert(header::ETAG, tag);
        }
        let is_settled = name.key.version.is_none();
        let keep = if is_settled { CACHE_CONTROL_SETTLED } else { CACHE_CONTROL };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.append(header::VARY, HeaderValue::from_static(VARY));
        response
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
