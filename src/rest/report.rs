//! One report: at its permanent address, by its id, and what belongs to it.

use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use entity::template::{Code, Scope};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Problem, Rest,
    list::{bookmarked, list, whole},
    params::{Citable, ListQuery, Params, Seen},
    resources::{ListOf, Stays},
    single::merged,
};
use crate::{
    canonical,
    error::{Error, Result},
    formats::{CitationArgs, Format, OutputArgs},
    query::{
        agency,
        as_of::{AsOf, At},
        canonical as stored,
        cell::{self, CellView},
        citation::{self, Language},
        document,
        filter::codes,
        finding::{self, FindingView, Findings},
        page::PageArgs,
        permalink::{Permalink, Stamp},
        report,
        revision::{RevisionFilter, RevisionView, Revisions},
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

/// A report in full, and where it stays as it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReportAnswer {
    #[serde(flatten)]
    report: canonical::Report,
    #[serde(flatten)]
    stays: Stays,
}

/// Answers a report, or the sentence to cite it by.
async fn answered(
    rest: &Rest,
    snapshot: &impl ConnectionTrait,
    (id, at): (&str, At),
    permalink: &Permalink,
    language: Option<Language>,
) -> Result<Response> {
    let response = match language {
        Some(language) => {
            let cited = citation::cited(snapshot, id, at).await?;
            sentence(&citation::of_report(&cited, permalink, &rest.public_url, language))
        }
        None => {
            let report = stored::get(snapshot, id, at).await?;
            Json(ReportAnswer { report, stays: Stays::from(permalink) }).into_response()
        }
    };
    Ok(bookmarked(response, permalink))
}

fn sentence(text: &str) -> Response {
    let media_type = [(header::CONTENT_TYPE, Format::Citation.content_type())];
    (media_type, format!("{text}\n")).into_response()
}

/// A report's permanent address
///
/// The newest revision of an agency's report on a year, in full: the canonical report. A report that the
/// operator withdrew or moved is gone (410), and says why.
#[utoipa::path(
    get, path = "/agencies/{id}/reports/{year}", tag = "reports",
    params(
        ("id" = String, Path, description = "The agency's id"),
        ("year" = i32, Path, description = "The year reported on"),
        ScopeParam,
        AsOf,
        CitationArgs,
    ),
    responses(
        (status = 200, content((ReportAnswer = "application/json"), (String = "text/plain")), description = "The report"),
        (status = 308, description = "The agency was merged into another: `Location` leads there"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such report"),
        (status = 410, body = Problem, content_type = "application/problem+json", description = "The operator withdrew or moved the report: `detail` says why"),
    )
)]
pub async fn permanent(
    State(rest): State<Rest>,
    Path((id, year)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    Citable { seen: Seen { as_of, own: ScopeParam { scope } }, shown }: Citable<ScopeParam>,
) -> Result<Response> {
    let number = canonical_year(&year)?;
    let scope = scope.map(|scope| codes::<Scope>("scope", &scope)).transpose()?;
    let scope = match scope.as_deref() {
        None => None,
        Some([scope]) => Some(*scope),
        Some(_) => return Err(Error::invalid("scope", "a report has one scope")),
    };
    let language = shown.language()?;
    // Of one moment, whatever is imported meanwhile.
    let snapshot = rest.connection.begin().await?;
    let at = as_of.at(&snapshot).await?;
    let agency = agency::found(&snapshot, vec![id.clone()], at).await?.remove(&id);
    if let Some(elsewhere) = agency.and_then(|agency| merged(&uri, &id, &agency.id)) {
        return Ok(elsewhere);
    }
    let report = report::of_agency(&snapshot, &id, number, scope, at).await?;
    let asked = vec![("scope".to_owned(), report.scope.code().to_owned())];
    let stamp = Stamp::of(&snapshot, at).await?;
    let permalink = Permalink::new(&format!("/agencies/{id}/reports/{number}"), asked, stamp);
    let answer = answered(&rest, &snapshot, (&report.id, at), &permalink, language).await?;
    snapshot.commit().await?;
    Ok(answer)
}

/// A year as an address writes it: one address a year, so no `+2023`.
pub fn canonical_year(text: &str) -> Result<i32> {
    let year = text.parse::<i32>().ok().filter(|year| year.to_string() == text);
    year.ok_or_else(|| Error::not_found("report year", text))
}

/// A report in full
///
/// The canonical report, in the revision that the id names, whether or not it is still the current one.
#[utoipa::path(
    get, path = "/reports/{id}", tag = "reports",
    params(("id" = String, Path, description = "The report's id"), AsOf, CitationArgs),
    responses(
        (status = 200, content((ReportAnswer = "application/json"), (String = "text/plain")), description = "The report"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such report"),
    )
)]
pub async fn by_id(
    State(rest): State<Rest>,
    Path(id): Path<String>,
    Seen { as_of, own: shown }: Seen<CitationArgs>,
) -> Result<Response> {
    let language = shown.language()?;
    let snapshot = rest.connection.begin().await?;
    let at = as_of.at(&snapshot).await?;
    let stamp = Stamp::of(&snapshot, at).await?;
    let permalink = Permalink::new(&format!("/reports/{id}"), Vec::new(), stamp);
    let answer = answered(&rest, &snapshot, (&id, at), &permalink, language).await?;
    snapshot.commit().await?;
    Ok(answer)
}

/// The document a report was read from
///
/// Byte for byte as imported. It is a foreign page: browsers are told to save it, not to run it.
#[utoipa::path(
    get, path = "/reports/{id}/source", tag = "reports",
    params(("id" = String, Path, description = "The report's id"), AsOf),
    responses(
        (status = 200, description = "The document, with its own media type", content(([u8] = "text/html"), ([u8] = "text/plain"))),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such report"),
    )
)]
pub async fn source(
    State(rest): State<Rest>,
    Path(id): Path<String>,
    Params(as_of): Params<AsOf>,
) -> Result<Response> {
    let at = as_of.at(&rest.connection).await?;
    let document = document::of_report(&rest.connection, &id, at).await?;
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
/// Newest first, each with the time for which it was current: another document for the same agency, year
/// and scope is a new revision, and earlier ones stay readable.
#[utoipa::path(
    get, path = "/reports/{id}/revisions", tag = "reports",
    params(("id" = String, Path, description = "The id of any of its revisions"), AsOf, PageArgs, OutputArgs),
    responses(
        (status = 200, body = ListOf<RevisionView>, description = "The revisions"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such report"),
    )
)]
pub async fn revisions(
    State(rest): State<Rest>,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    ListQuery { filter: AsOf { as_of }, page, output }: ListQuery<AsOf>,
) -> Result<Response> {
    let filter = RevisionFilter { report: Some(id), as_of };
    list::<Revisions>(&rest, &uri, &headers, ListQuery { filter, page, output }).await
}

/// What does not agree in a report
#[utoipa::path(
    get, path = "/reports/{id}/findings", tag = "reports",
    params(("id" = String, Path, description = "The report's id"), AsOf, OutputArgs),
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
    Seen { as_of, own: output }: Seen<OutputArgs>,
) -> Result<Response> {
    let snapshot = rest.connection.begin().await?;
    let at = as_of.at(&snapshot).await?;
    let findings = finding::of_report(&snapshot, &id, at).await?;
    let stamp = Stamp::of(&snapshot, at).await?;
    snapshot.commit().await?;
    let permalink = Permalink::new(&format!("/reports/{id}/findings"), Vec::new(), stamp);
    whole::<Findings>(&rest, &headers, &output, findings, &permalink).await
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
        AsOf,
        CitationArgs,
    ),
    responses(
        (status = 200, content((CellView = "application/json"), (String = "text/plain")), description = "The number"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such report, or no such measure"),
    )
)]
pub async fn cell(
    State(rest): State<Rest>,
    Path((id, measure)): Path<(String, String)>,
    Seen { as_of, own: shown }: Seen<CitationArgs>,
) -> Result<Response> {
    let language = shown.language()?;
    let at = as_of.at(&rest.connection).await?;
    let stamp = Stamp::of(&rest.connection, at).await?;
    // The numbers of a report's revision never change, so it needs not be of the same moment.
    let cell = cell::get(&rest.connection, &id, &measure, at).await?;
    let permalink = Permalink::new(&format!("/reports/{id}/cells/{measure}"), Vec::new(), stamp);
    let response = match language {
        Some(language) => {
            let cited = citation::cited(&rest.connection, &id, at).await?;
            let public_url = &rest.public_url;
            sentence(&citation::of_cell(&cell, &cited, &permalink, public_url, language))
        }
        None => Json(cell).into_response(),
    };
    Ok(bookmarked(response, &permalink))
}
