//! One report: at its permanent address, by its id, and what belongs to it.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use entity::template::Scope;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Problem, Rest,
    list::whole,
    params::{NoParams, Params},
    resources::ListOf,
};
use crate::{
    canonical,
    error::{Error, Result},
    formats::OutputArgs,
    query::{
        canonical as stored,
        cell::{self, CellView},
        document,
        filter::codes,
        finding::{self, FindingView, Findings},
        report::{self, ReportView, Reports},
    },
    reading::MediaType,
};

/// Which of an agency's two reports on a year.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ScopeParam {
    /// `own` or `consolidated`; where the agency published both, the consolidated one is meant unless
    /// this says otherwise.
    scope: Option<String>,
}

/// A report's permanent address
///
/// The newest revision of an agency's report on a year, in full: the canonical report.
#[utoipa::path(
    get, path = "/agencies/{id}/reports/{year}", tag = "reports",
    params(
        ("id" = String, Path, description = "The agency's id"),
        ("year" = i32, Path, description = "The year reported on"),
        ScopeParam,
    ),
    responses(
        (status = 200, body = canonical::Report, description = "The report"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such report"),
    )
)]
pub async fn permanent(
    State(rest): State<Rest>,
    Path((id, year)): Path<(String, String)>,
    Params(ScopeParam { scope }): Params<ScopeParam>,
) -> Result<Json<canonical::Report>> {
    let number = canonical_year(&year)?;
    let scope = scope.map(|scope| codes::<Scope>("scope", &scope)).transpose()?;
    let scope = match scope.as_deref() {
        None => None,
        Some([scope]) => Some(*scope),
        Some(_) => return Err(Error::invalid("scope", "a report has one scope")),
    };
    let report = report::of_agency(&rest.connection, &id, number, scope).await?;
    stored::get(&rest.connection, &report.id).await.map(Json)
}

/// A year as an address writes it: one address a year, so no `+2023`.
pub fn canonical_year(text: &str) -> Result<i32> {
    let year = text.parse::<i32>().ok().filter(|year| year.to_string() == text);
    year.ok_or_else(|| Error::not_found("report year", text))
}

/// A report in full
///
/// The canonical report, in the revision that the id names.
#[utoipa::path(
    get, path = "/reports/{id}", tag = "reports",
    params(("id" = String, Path, description = "The report's id")),
    responses(
        (status = 200, body = canonical::Report, description = "The report"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such report"),
    )
)]
pub async fn by_id(
    State(rest): State<Rest>,
    Path(id): Path<String>,
    _: NoParams,
) -> Result<Json<canonical::Report>> {
    stored::get(&rest.connection, &id).await.map(Json)
}

/// The document a report was read from
///
/// Byte for byte as imported. It is a foreign page: browsers are told to save it, not to run it.
#[utoipa::path(
    get, path = "/reports/{id}/source", tag = "reports",
    params(("id" = String, Path, description = "The report's id")),
    responses(
        (status = 200, description = "The document, with its own media type", content(([u8] = "text/html"), ([u8] = "text/plain"))),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such report"),
    )
)]
pub async fn source(
    State(rest): State<Rest>,
    Path(id): Path<String>,
    _: NoParams,
) -> Result<Response> {
    let document = document::of_report(&rest.connection, &id).await?;
    let media_type = HeaderValue::from_str(&document.media_type).map_err(Error::internal)?;
    let extension = MediaType::of_name(&document.media_type).map_or("bin", MediaType::extension);
    let name = HeaderValue::from_str(&format!(
        "attachment; filename=\"{}.{extension}\"",
        &document.sha256[..16]
    ))
    .map_err(Error::internal)?;
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_DISPOSITION, name),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, document.bytes).into_response())
}

/// Every revision of a report
///
/// Newest first: another document for the same agency, year and scope is a new revision, and earlier
/// ones stay readable.
#[utoipa::path(
    get, path = "/reports/{id}/revisions", tag = "reports",
    params(("id" = String, Path, description = "The id of any of its revisions"), OutputArgs),
    responses(
        (status = 200, body = ListOf<ReportView>, description = "The revisions"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such report"),
    )
)]
pub async fn revisions(
    State(rest): State<Rest>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Params(output): Params<OutputArgs>,
) -> Result<Response> {
    whole::<Reports>(&headers, &output, report::revisions(&rest.connection, &id).await?)
}

/// What does not agree in a report
#[utoipa::path(
    get, path = "/reports/{id}/findings", tag = "reports",
    params(("id" = String, Path, description = "The report's id"), OutputArgs),
    responses(
        (status = 200, body = ListOf<FindingView>, description = "The findings"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such report"),
    )
)]
pub async fn findings(
    State(rest): State<Rest>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Params(output): Params<OutputArgs>,
) -> Result<Response> {
    whole::<Findings>(&headers, &output, finding::of_report(&rest.connection, &id).await?)
}

/// One number, and where it stands
///
/// The number as stored; the text as printed, the labels of its row and column as printed, how it was
/// read, and where it stands in the document: which bytes, which box on which page.
#[utoipa::path(
    get, path = "/reports/{id}/cells/{measure}", tag = "reports",
    params(
        ("id" = String, Path, description = "The report's id"),
        ("measure" = String, Path, description = "A measure's code: `requests.received.total`, `reviews.total`; `/measures` lists them"),
    ),
    responses(
        (status = 200, body = CellView, description = "The number"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such report, or no such measure"),
    )
)]
pub async fn cell(
    State(rest): State<Rest>,
    Path((id, measure)): Path<(String, String)>,
    _: NoParams,
) -> Result<Json<CellView>> {
    cell::get(&rest.connection, &id, &measure).await.map(Json)
}
