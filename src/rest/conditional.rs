//! ETag, `If-None-Match` and `Cache-Control`: an answer changes only with the data and the program, so
//! both name it, and an answer that a client has is not computed again.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sea_orm::DatabaseConnection;
use sha2::{Digest, Sha256};

use crate::{error::Error, query::version};

/// A shared cache may answer for a minute without asking, and while it asks again for ten.
const CACHE_CONTROL: &str = "public, max-age=60, stale-while-revalidate=600";
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
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE_CONTROL));
        headers.append(header::VARY, HeaderValue::from_static(VARY));
    }
    response
}

/// Whether the client says that it has the answer of this name.
#[must_use]
pub fn has(headers: &HeaderMap, tag: &str) -> bool {
    headers.get_all(header::IF_NONE_MATCH).iter().any(|tags| {
        tags.to_str().is_ok_and(|tags| {
            tags.split(',').any(|known| known.trim() == tag || known.trim() == "*")
        })
    })
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
    let mut question = Sha256::new();
    question.update(request.uri().to_string());
    question.update(b"\n");
    question.update(accept);
    question.finalize()[..6].iter().map(|byte| format!("{byte:02x}")).collect()
}
