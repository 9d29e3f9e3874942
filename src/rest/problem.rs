//! Errors -> RFC 9457 `application/problem+json`.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Code, Error};

/// What went wrong, in a form for programs and people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem: `urn:gongkai:error:` and the code.
    pub r#type: String,
    /// The same for every problem of this code.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What programs branch on; `docs/errors.md` lists them.
    pub code: &'static str,
    /// What was wrong with which input.
    pub detail: String,
    /// The parameter at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// What is allowed instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
    /// What can be done about it.
    pub advice: &'static str,
}

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Seconds after which a client that was told to come back may.
const RETRY_AFTER_SECONDS: &str = "1";

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.log();
        let Error { code, detail, parameter, allowed, cause: _ } = error;
        Self {
            r#type: format!("urn:gongkai:error:{}", code.code()),
            title: code.title(),
            status: code.status(),
            code: code.code(),
            detail,
            parameter,
            allowed,
            advice: code.advice(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // Strings and a number alone are in it: it cannot fail to be JSON.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.code == Code::TooBusy.code() {
            let seconds = HeaderValue::from_static(RETRY_AFTER_SECONDS);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}
