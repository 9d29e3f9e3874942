//! An answer as bytes: whole, so that it can be sent many times, or too long for that.

use std::{
    io,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use tokio::time::{Instant, timeout_at};

use crate::{error::Error, limits};

/// An answer that is there whole.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// Whether it may be given to who asks later.
    is_kept: bool,
}

impl Answer {
    /// Reads an answer, up to so many bytes and so long.
    ///
    /// # Errors
    /// The answer again, where it is longer or takes longer.
    pub async fn whole(response: Response, most: usize, time: Duration) -> Result<Self, Response> {
        // What may not be stored anywhere is not kept here either: every error says so.
        let is_no_store = response
            .headers()
            .get(header::CACHE_CONTROL)
            .is_some_and(|control| control.as_bytes() == b"no-store");
        let is_kept = response.status() == StatusCode::OK && !is_no_store;
        let (parts, body) = response.into_parts();
        let mut stream = body.into_data_stream();
        let mut parts_read: Vec<Bytes> = Vec::new();
        let mut bytes = 0;
        let end = Instant::now() + time;
        loop {
            match timeout_at(end, stream.next()).await {
                Ok(Some(Ok(part))) => {
                    bytes += part.len();
                    parts_read.push(part);
                    if bytes > most {
                        break;
                    }
                }
                Ok(None) => {
                    let body = match &parts_read[..] {
                        [] => Bytes::new(),
                        [whole] => whole.clone(),
                        parts => parts.concat().into(),
                    };
                    return Ok(Self {
                        status: parts.status,
                        headers: parts.headers,
                        body,
                        is_kept,
                    });
                }
                Ok(Some(Err(error))) => return Ok(Self::broken(error).await),
                Err(_) => break,
            }
        }
        let read = stream::iter(parts_read.into_iter().map(Ok));
        Err(Response::from_parts(parts, Body::from_stream(read.chain(stream))))
    }

    /// What is answered where finding it failed before anything was sent.
    async fn broken(error: axum::Error) -> Self {
        let error = match error.into_inner().downcast::<Error>() {
            Ok(error) => *error,
            Err(error) => Error::internal(io::Error::other(error)),
        };
        let (parts, body) = error.into_response().into_parts();
        // A problem is there whole.
        let body = axum::body::to_bytes(body, limits::GRAPHQL_BYTES).await.unwrap_or_default();
        Self { status: parts.status, headers: parts.headers, body, is_kept: false }
    }

    /// The same answer in other bytes.
    pub fn with(&self, headers: HeaderMap, body: Bytes) -> Self {
        Self { status: self.status, headers, body, is_kept: self.is_kept }
    }

    pub const fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// What keeping it takes.
    pub fn bytes(&self) -> u64 {
        let headers: usize =
            self.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        (self.body.len() + headers) as u64 + limits::KEPT_ANSWER_OVERHEAD_BYTES
    }

    /// The answer, to be sent.
    pub fn response(&self) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        response
    }
}

/// An answer that one can take.
#[derive(Debug)]
pub struct Taken(Mutex<Option<Response>>);

impl Taken {
    pub const fn new(response: Response) -> Self {
        Self(Mutex::new(Some(response)))
    }

    pub fn take(&self) -> Response {
        let response = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        response.unwrap_or_else(|| Error::internal("an answer was taken twice").into_response())
    }
}
