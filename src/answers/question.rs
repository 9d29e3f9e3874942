//! A request -> the question that it is, in one form however it is written.
//!
//! Two requests with the same question have the same answer on the same data. So its form holds all that
//! an answer depends on: the address with its parameters in one order, how well `Accept` likes what is
//! offered anywhere, a query in GraphQL, and the address by which readers know the server. What it depends
//! on beyond that, the encoding and the data, the key adds.

use std::sync::LazyLock;

use axum::{
    body::{Body, HttpBody, to_bytes},
    extract::Request,
    http::{HeaderMap, Method, Uri, header},
};
use futures::stream;
use sha2::{Digest, Sha256};

use super::{compression::Encoding, kept::Key};
use crate::{
    form::FormFormat,
    formats::{self, Format},
    graphql, limits,
    query::{as_of, version::DataVersion},
};

/// Where GraphQL is asked: the one address that is asked by POST as well.
const GRAPHQL: &str = "/graphql";

/// What was asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// Whether a GET or HEAD asks it: the answer has a name.
    pub is_get: bool,
    as_of: Option<String>,
    form: Vec<u8>,
}

impl Question {
    /// The question of a request, where it is one, and the request again. A query in a body is read only
    /// where answers are kept: it has no name.
    pub async fn of(request: Request, public_url: &str, keeps: bool) -> (Request, Option<Self>) {
        let is_get = matches!(*request.method(), Method::GET | Method::HEAD);
        if is_get {
            let question = Self::asked(is_get, request.uri(), request.headers(), public_url, b"");
            return (request, Some(question));
        }
        let is_query = request.method() == Method::POST && request.uri().path() == GRAPHQL;
        // A body that does not say its length, or has too much of it, is the handler's to refuse.
        let bytes = request.body().size_hint().upper();
        let is_short = bytes.is_some_and(|bytes| bytes <= limits::GRAPHQL_BYTES as u64);
        if !(keeps && is_query && is_short) {
            return (request, None);
        }
        let (parts, body) = request.into_parts();
        match to_bytes(body, limits::GRAPHQL_BYTES).await {
            Ok(body) => {
                let query = graphql::question(&body);
                let question = query.map(|query| {
                    Self::asked(is_get, &parts.uri, &parts.headers, public_url, query.as_bytes())
                });
                (Request::from_parts(parts, Body::from(body)), question)
            }
            // It broke off: as it would have for the handler.
            Err(error) => {
                let broken = Body::from_stream(stream::iter([Err::<Vec<u8>, _>(error)]));
                (Request::from_parts(parts, broken), None)
            }
        }
    }

    fn asked(is_get: bool, uri: &Uri, headers: &HeaderMap, public_url: &str, query: &[u8]) -> Self {
        let address = uri.query().unwrap_or_default();
        // An address is read so for every text.
        let mut pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(address).unwrap_or_default();
        // Handlers take parameters by their names.
        pairs.sort();
        // A format that is named decides.
        let is_named = pairs.iter().any(|(name, _)| name == "format");
        let likings = if is_named { Vec::new() } else { likings(headers) };
        let mut form = Vec::with_capacity(256);
        let mut add = |part: &[u8]| {
            form.extend_from_slice(&part.len().to_le_bytes());
            form.extend_from_slice(part);
        };
        add(env!("CARGO_PKG_VERSION").as_bytes());
        add(public_url.as_bytes());
        add(if is_get { b"GET" } else { b"POST" });
        add(uri.path().as_bytes());
        for (name, value) in &pairs {
            add(name.as_bytes());
            add(value.as_bytes());
        }
        add(&likings);
        add(query);
        let as_of = pairs.into_iter().find(|(name, _)| name == "as_of").map(|(_, as_of)| as_of);
        Self { is_get, as_of, form }
    }

    /// The key of its answer, without compression, on these data.
    pub fn key(&self, data: &DataVersion) -> Key {
        let mut digest = Sha256::new();
        digest.update(&self.form);
        digest.update(data.instance.as_bytes());
        let is_settled =
            self.as_of.as_deref().is_some_and(|as_of| as_of::is_settled(as_of, data.version));
        Key {
            question: digest.finalize().into(),
            version: (!is_settled).then_some(data.version),
            encoding: Encoding::Identity,
        }
    }
}

/// Everything that is offered anywhere: an answer depends on `Accept` by how well it likes these.
static OFFERED: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut offered: Vec<_> = Format::ALL.iter().map(|format| format.media_type()).collect();
    offered.extend(FormFormat::ALL.iter().map(|format| format.media_type()));
    offered.sort_unstable();
    offered.dedup();
    offered
});

/// How well `Accept` likes each of what is offered, by rank, 0 for what it does not take; nothing where it
/// likes all the same, as without it.
fn likings(headers: &HeaderMap) -> Vec<u8> {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    match accept {
        None | Some("*/*") => Vec::new(),
        Some(accept) => formats::ranks(accept, &OFFERED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(address: &str, accept: Option<&str>) -> Vec<u8> {
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept.and_then(|accept| accept.parse().ok()) {
            headers.insert(header::ACCEPT, accept);
        }
        let uri = address.parse().unwrap_or_default();
        Question::asked(true, &uri, &headers, "http://x", b"").form
    }

    #[test]
    fn a_question_has_one_form_however_it_is_written() {
        let asked = form("/r?year=2023&region=37%2C11", None);
        assert_eq!(form("/r?region=37,11&year=2023", None), asked);
        assert_eq!(form("/r?region=37,11&year=2023", Some("*/*")), asked);
        assert_eq!(form("/r?region=37,11&&year=2023", Some("text/html, */*")), asked);
        let csv = form("/r?format=csv", None);
        assert_eq!(form("/r?format=csv", Some("text/html,*/*;q=0.8")), csv);
    }

    #[test]
    fn questions_that_differ_have_forms_that_differ() {
        let mut forms: Vec<Vec<u8>> = [
            ("/r", None),
            ("/r?", Some("text/csv")),
            ("/r", Some("application/json")),
            ("/r", Some("application/json, text/csv;q=0.5")),
            ("/r", Some("application/json;q=0.5, text/csv")),
            ("/r", Some("image/png")),
            ("/r/", None),
            ("/r?a=b", None),
            ("/r?a=b&a=b", None),
            ("/r?a=&b=", None),
            ("/r?a=b=", None),
            ("/r?ab=", None),
            ("/r?=ab", None),
            ("/r?a=%26b%3D", None),
        ]
        .map(|(address, accept)| form(address, accept))
        .into();
        let all = forms.len();
        forms.sort();
        forms.dedup();
        assert_eq!(forms.len(), all);
    }
}
