//! Errors -> GraphQL errors with `extensions.code`.
//!
//! async-graphql lets any `Display` error through `?`. What is not of the errors table is logged and
//! shown as `internal`, with nothing of it.

use std::sync::Arc;

use async_graphql::{
    Response, ServerError,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextRequest},
};

use super::loader::Shared;
use crate::error::{Code, Error};

/// Gives every error its code, and hides what is none of ours.
pub struct Errors;

impl ExtensionFactory for Errors {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for Errors {
    async fn request(&self, context: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let mut response = next.run(context).await;
        for error in &mut response.errors {
            give_code(error);
        }
        response
    }
}

fn give_code(error: &mut ServerError) {
    let shown = if let Some(shared) = error.source::<Shared>() {
        show(shared)
    } else if let Some(own) = error.source::<Error>() {
        show(own)
    } else if error.source.is_some() {
        show(&Error::internal(error.message.clone()))
    } else {
        // Without a source it comes from parsing or validating the query.
        let too_large = ["too complex", "too deep", "recursion depth", "directives"];
        let is_too_large = too_large.iter().any(|word| error.message.contains(word));
        let code = if is_too_large { Code::QueryTooLarge } else { Code::InvalidQuery };
        show(&Error::new(code, said(&error.message)))
    };
    fill(error, &shown);
}

/// An error that no resolver met.
pub fn of(error: &Error) -> ServerError {
    let mut shown = ServerError::new(error.detail.clone(), None);
    fill(&mut shown, error);
    shown
}

fn fill(error: &mut ServerError, shown: &Error) {
    error.message = shown.detail.clone();
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", shown.code.code());
    extensions.set("title", shown.code.title());
    extensions.set("advice", shown.code.advice());
    if let Some(parameter) = &shown.parameter {
        extensions.set("parameter", parameter.as_str());
    }
    if !shown.allowed.is_empty() {
        extensions.set("allowed", shown.allowed.clone());
    }
}

/// What a parser says without the query it quotes: `expected selection_set`.
fn said(message: &str) -> String {
    let said = if message.starts_with(" --> ") {
        message.rsplit("= ").next().unwrap_or(message)
    } else {
        message
    };
    said.trim().to_owned()
}

/// What is shown of an error; what caused it goes to the log.
fn show(error: &Error) -> Error {
    error.log();
    let Error { code, detail, parameter, allowed, cause: _ } = error;
    Error {
        code: *code,
        detail: detail.clone(),
        parameter: parameter.clone(),
        allowed: allowed.clone(),
        cause: None,
    }
}
