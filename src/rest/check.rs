//! Checking a document without storing it: for an agency before it publishes.

use axum::{Json, body::Body, extract::State};

use super::{Problem, Rest, params::Params};
use crate::{
    error::{Code, Error, Result},
    limits,
    reading::{self, Checked, HintArgs},
    seats::Seats,
};

/// Checks a document
///
/// Reads the document in the body and says what does not agree, as `gongkai check` does; nothing is
/// stored. A document that is refused is answered with 200 and says why in `refused`.
#[utoipa::path(
    post, path = "/check", tag = "check",
    params(HintArgs),
    request_body(content = [u8], content_type = "application/octet-stream", description = "The document: as published, or a canonical report as JSON"),
    responses(
        (status = 200, body = Checked, description = "The report as read, or why it is refused"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is unknown or not valid"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "The document is larger than the limit"),
    )
)]
pub async fn check(
    State(rest): State<Rest>,
    Params(hints): Params<HintArgs>,
    body: Body,
) -> Result<Json<Checked>> {
    let bytes = axum::body::to_bytes(body, limits::DOCUMENT_BYTES).await.map_err(|_| {
        let detail =
            format!("the body has more than {} bytes, or broke off", limits::DOCUMENT_BYTES);
        Error::new(Code::BodyTooLarge, detail)
    })?;
    let hints = hints.hints(None)?;
    let place = CHECKS.take().await?;
    // Reading is work for the processor, not for the thread that serves others.
    tokio::task::spawn_blocking(move || {
        let checked = reading::check("-", &bytes, &hints, &rest.deadlines);
        // The place is free when the work is done, whether or not somebody still waits for it.
        drop(place);
        checked
    })
    .await
    .map(Json)
    .map_err(Error::internal)
}

/// So that reading leaves processors to those who only ask.
static CHECKS: Seats = Seats::new(limits::CHECKS_AT_ONCE, "documents are being read");
