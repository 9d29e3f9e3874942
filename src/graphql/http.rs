//! HTTP -> GraphQL -> HTTP: POST with JSON, one query or a batch; GET with the query in the address.

use std::sync::Arc;

use async_graphql::{BatchRequest, BatchResponse, Request, Response};
use axum::{
    body::{Body, to_bytes},
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::IntoResponse,
};
use sea_orm::DatabaseConnection;

use super::{GraphQlSchema, order::Order, request_data, schema, table};
use crate::{
    error::{Code, Error},
    formats::{self, Bulk, Format},
    limits,
};

/// The schema and the database its requests load from.
#[derive(Clone)]
pub struct GraphQl {
    schema: GraphQlSchema,
    connection: DatabaseConnection,
}

impl GraphQl {
    /// GraphQL over a database.
    #[must_use]
    pub fn new(connection: DatabaseConnection, public_url: Arc<str>) -> Self {
        Self { schema: schema(&connection, public_url), connection }
    }

    /// Answers one query.
    pub async fn execute(&self, request: Request) -> Response {
        let (query, operation_name) = (request.query.clone(), request.operation_name.clone());
        let mut response = self.schema.execute(request.data(request_data(&self.connection))).await;
        if response.is_err() {
            return response;
        }
        if let Some(order) = Order::of_query(&query, operation_name.as_deref()) {
            response.data = order.applied(response.data);
        }
        response
    }
}

/// Answers a request to `/graphql`.
pub async fn answer(
    State(graphql): State<GraphQl>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> axum::response::Response {
    let is_get = matches!(method, Method::GET | Method::HEAD);
    let request = match is_get {
        true => of_address(query.as_deref()),
        false => of_body(body).await,
    };
    let format = format(query.as_deref(), &headers);
    match (request, format) {
        (Ok(BatchRequest::Single(request)), Ok(Format::Bulk(Bulk::Csv))) => {
            as_csv(&graphql, request).await
        }
        (Ok(BatchRequest::Batch(_)), Ok(Format::Bulk(_))) => {
            let detail = "a batch has an answer for each query, and csv is one";
            refused(&Error::new(Code::NotAcceptable, detail).allowed(["one query", "JSON"]))
        }
        (Ok(BatchRequest::Single(request)), Ok(_)) => {
            json(StatusCode::OK, &graphql.execute(request).await.into())
        }
        (Ok(BatchRequest::Batch(requests)), Ok(_)) => {
            let mut responses = Vec::with_capacity(requests.len());
            for request in requests {
                responses.push(graphql.execute(request).await);
            }
            json(StatusCode::OK, &BatchResponse::Batch(responses))
        }
        (Err(error), _) | (_, Err(error)) => refused(&error),
    }
}

/// What GraphQL is answered in, JSON first.
const FORMATS: [Format; 2] = [Format::Json, Format::Bulk(Bulk::Csv)];

/// The format that the address names, else the one that `Accept` likes better; JSON where it takes none.
fn format(query: Option<&str>, headers: &HeaderMap) -> Result<Format, Error> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(query.unwrap_or_default()).unwrap_or_default();
    if let Some((_, named)) = pairs.iter().find(|(name, _)| name == FORMAT) {
        return FORMATS.into_iter().find(|format| format.name() == named).ok_or_else(|| {
            Error::invalid(FORMAT, format!("format {named:?} is not offered"))
                .allowed(FORMATS.map(Format::name))
        });
    }
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    Ok(accept
        .and_then(|accept| formats::accepted(accept, &FORMATS, Format::media_type))
        .unwrap_or(Format::Json))
}

/// Answers a query whose data are one list as CSV.
async fn as_csv(graphql: &GraphQl, request: Request) -> axum::response::Response {
    let order = Order::of_query(&request.query, request.operation_name.as_deref());
    let response = graphql.execute(request).await;
    if response.is_err() {
        // Half a table would look like a whole one.
        return json(StatusCode::BAD_REQUEST, &response.into());
    }
    let data = response.data.into_json().unwrap_or_default();
    match order.map(|order| table::csv(&data, &order)) {
        Some(Ok(bytes)) => {
            let media_type = Format::Bulk(Bulk::Csv).content_type();
            let name = "attachment; filename=\"graphql.csv\"";
            let headers = [(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, name)];
            (headers, bytes).into_response()
        }
        Some(Err(error)) => refused(&error),
        // A query that is answered was read.
        None => refused(&Error::internal("the order of an answered query is not known")),
    }
}

fn refused(error: &Error) -> axum::response::Response {
    error.log();
    let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    json(status, &Response::from_errors(vec![super::error::of(error)]).into())
}

fn json(status: StatusCode, response: &BatchResponse) -> axum::response::Response {
    // Our own values alone are in it: it cannot fail to be JSON.
    let json = serde_json::to_vec(response).unwrap_or_default();
    let mut headers = HeaderMap::new();
    let media_type = HeaderValue::from_static("application/json; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, media_type);
    if !response.is_ok() {
        // An error may be over in a moment: nobody keeps it.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    (status, headers, json).into_response()
}

const FORMAT: &str = "format";
/// What GraphQL over HTTP takes in an address, and the format of the answer.
const PARAMETERS: [&str; 5] = ["query", "variables", "operationName", "extensions", FORMAT];

fn of_address(query: Option<&str>) -> Result<BatchRequest, Error> {
    let query = query.unwrap_or_default();
    within_bytes(query.len())?;
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).map_err(|error| {
        Error::new(Code::InvalidQuery, format!("the address cannot be read: {error}"))
    })?;
    if let Some((name, _)) = pairs.iter().find(|(name, _)| !PARAMETERS.contains(&name.as_str())) {
        let error =
            Error::new(Code::UnknownParameter, format!("there is no parameter {name} here"));
        return Err(Error { parameter: Some(name.clone()), ..error }.allowed(PARAMETERS));
    }
    let request = async_graphql::http::parse_query_string(query).map_err(|error| {
        Error::new(Code::InvalidQuery, format!("the address holds no GraphQL query: {error}"))
    })?;
    Ok(BatchRequest::Single(request))
}

async fn of_body(body: Body) -> Result<BatchRequest, Error> {
    let body = to_bytes(body, limits::GRAPHQL_BYTES).await.map_err(|_| {
        let most = limits::GRAPHQL_BYTES;
        Error::new(
            Code::QueryTooLarge,
            format!("the body has more than {most} bytes, or broke off"),
        )
    })?;
    of_bytes(&body)
}

/// What a body asks, in one form however its JSON is written: one query with its variables and the name of
/// its operation; nothing for a batch, or where it asks nothing.
#[must_use]
pub fn question(body: &[u8]) -> Option<String> {
    let BatchRequest::Single(request) = of_bytes(body).ok()? else { return None };
    serde_json::to_string(&(request.query, request.operation_name, request.variables)).ok()
}

fn of_bytes(body: &[u8]) -> Result<BatchRequest, Error> {
    let is_batch = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let batch = if is_batch {
        serde_json::from_slice(body).map(BatchRequest::Batch)
    } else {
        serde_json::from_slice(body).map(BatchRequest::Single)
    };
    let batch = batch.map_err(|_| {
        Error::new(Code::InvalidQuery, "the body is no GraphQL request").allowed([
            r#"{"query": "…", "variables": {…}, "operationName": "…"}, or a list of such"#,
        ])
    })?;
    match &batch {
        BatchRequest::Batch(requests) if requests.len() > limits::GRAPHQL_BATCH => {
            let detail = format!(
                "the batch has {} queries, more than {}",
                requests.len(),
                limits::GRAPHQL_BATCH
            );
            Err(Error::new(Code::QueryTooLarge, detail))
        }
        BatchRequest::Batch(requests) if requests.is_empty() => {
            Err(Error::new(Code::InvalidQuery, "the batch has no query"))
        }
        _ => Ok(batch),
    }
}

fn within_bytes(bytes: usize) -> Result<(), Error> {
    if bytes > limits::GRAPHQL_BYTES {
        let detail = format!("the query has {bytes} bytes, more than {}", limits::GRAPHQL_BYTES);
        return Err(Error::new(Code::QueryTooLarge, detail));
    }
    Ok(())
}
