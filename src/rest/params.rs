//! Query strings -> parameters. A parameter that is not known is refused by name.

use std::collections::HashMap;

use axum::{
    extract::{FromRequestParts, RawQuery},
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use crate::{
    error::{Code, Error, Result, nearest},
    formats::{CitationArgs, OutputArgs},
    limits,
    query::{as_of::AsOf, page::PageArgs},
};

/// The parameters of a list: a filter, a page, an output.
#[derive(Clone, Debug)]
pub struct ListQuery<F> {
    pub filter: F,
    pub page: PageArgs,
    pub output: OutputArgs,
}

impl<F: IntoParams + DeserializeOwned, S: Send + Sync> FromRequestParts<S> for ListQuery<F> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let given = given(parts, state).await?;
        known(&given, [names::<F>(), names::<PageArgs>(), names::<OutputArgs>()].concat())?;
        Ok(Self { filter: take(&given)?, page: take(&given)?, output: take(&given)? })
    }
}

/// The parameters of a single answer.
#[derive(Clone, Debug)]
pub struct Params<P>(pub P);

impl<P: IntoParams + DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let given = given(parts, state).await?;
        known(&given, names::<P>())?;
        Ok(Self(take(&given)?))
    }
}

/// The parameters of a single answer that may be asked `as_of`.
#[derive(Clone, Debug)]
pub struct Seen<P> {
    pub as_of: AsOf,
    pub own: P,
}

impl<P: IntoParams + DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Seen<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let given = given(parts, state).await?;
        known(&given, [names::<P>(), names::<AsOf>()].concat())?;
        Ok(Self { as_of: take(&given)?, own: take(&given)? })
    }
}

/// The parameters of a single answer that may be asked `as_of`, and cited.
#[derive(Clone, Debug)]
pub struct Citable<P> {
    pub seen: Seen<P>,
    pub shown: CitationArgs,
}

impl<P: IntoParams + DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Citable<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let given = given(parts, state).await?;
        known(&given, [names::<P>(), names::<AsOf>(), names::<CitationArgs>()].concat())?;
        let seen = Seen { as_of: take(&given)?, own: take(&given)? };
        Ok(Self { seen, shown: take(&given)? })
    }
}

/// No parameters at all: any is refused.
#[derive(Clone, Debug)]
pub struct NoParams;

impl<S: Send + Sync> FromRequestParts<S> for NoParams {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        known(&given(parts, state).await?, Vec::new())?;
        Ok(Self)
    }
}

type Given = HashMap<String, String>;

async fn given<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Given> {
    // Infallible: an address without a query is an empty one.
    let RawQuery(query) =
        RawQuery::from_request_parts(parts, state).await.unwrap_or(RawQuery(None));
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(query.as_deref().unwrap_or_default()).map_err(|error| {
            Error::new(Code::InvalidParameter, format!("the query string cannot be read: {error}"))
        })?;
    let mut given = Given::new();
    for (name, value) in pairs {
        if value.chars().count() > limits::PARAMETER_CHARS {
            let detail = format!("{name} has more than {} characters", limits::PARAMETER_CHARS);
            return Err(Error::invalid(name, detail));
        }
        // What is no UTF-8 is decoded with this in its place, and would be another question.
        if value.contains(char::REPLACEMENT_CHARACTER) {
            return Err(Error::invalid(name, "the value is not UTF-8"));
        }
        if given.contains_key(&name) {
            let detail = format!("{name} is given twice; several values are separated by commas");
            return Err(Error::invalid(name, detail));
        }
        given.insert(name, value);
    }
    Ok(given)
}

/// The names a set of parameters is documented with: what is documented is what is accepted.
fn names<P: IntoParams>() -> Vec<String> {
    P::into_params(|| None).into_iter().map(|parameter| parameter.name).collect()
}

fn known(given: &Given, known: Vec<String>) -> Result<()> {
    let mut unknown: Vec<&String> = given.keys().filter(|name| !known.contains(name)).collect();
    unknown.sort();
    let Some(name) = unknown.first() else { return Ok(()) };
    let hint = nearest(name, known.iter().map(String::as_str));
    let hint = hint.map(|hint| format!("; did you mean {hint}?")).unwrap_or_default();
    let error =
        Error::new(Code::UnknownParameter, format!("there is no parameter {name} here{hint}"));
    Err(Error { parameter: Some((*name).clone()), ..error }.allowed(known))
}

fn take<P: DeserializeOwned>(given: &Given) -> Result<P> {
    let fields: Map<String, Value> =
        given.iter().map(|(name, value)| (name.clone(), Value::String(value.clone()))).collect();
    // Every parameter is text as typed: this fails for no query string.
    serde_json::from_value(Value::Object(fields)).map_err(Error::internal)
}
