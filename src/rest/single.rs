//! Single things: a region, an agency, a year, a template.

use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use entity::template::{Code, Template};

use super::{
    Problem, Rest,
    list::bookmarked,
    params::{NoParams, Params},
    report::canonical_year,
};
use crate::{
    error::{Error, Result},
    query::{
        agency::{self, AgencyDetail},
        as_of::{AsOf, At},
        permalink::{Permalink, Stamp},
        region::{self, RegionDetail},
        template::{self, TemplateView},
        year::{self, YearDetail},
    },
};

/// A region
///
/// Its parent, its children, and how many agencies and reports the area and all below it have.
#[utoipa::path(
    get, path = "/regions/{code}", tag = "regions",
    params(("code" = String, Path, description = "Six digits, nine for a township; `000000` is the whole country"), AsOf),
    responses(
        (status = 200, body = RegionDetail, description = "The region"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such region"),
    )
)]
pub async fn region(
    State(rest): State<Rest>,
    Path(code): Path<String>,
    Params(as_of): Params<AsOf>,
) -> Result<Response> {
    let at = as_of.at(&rest.connection).await?;
    let region = region::detail(&rest.connection, &code, at).await?;
    stays(&rest, &format!("/regions/{code}"), Json(region), at).await
}

/// A single answer, with the address at which it stays.
async fn stays(rest: &Rest, path: &str, answer: impl IntoResponse, at: At) -> Result<Response> {
    let stamp = Stamp::of(&rest.connection, at).await?;
    Ok(bookmarked(answer.into_response(), &Permalink::new(path, Vec::new(), stamp)))
}

/// An agency
///
/// The names it was written with over the years, and the years it reported on. An agency that turned out to
/// be another leads there.
#[utoipa::path(
    get, path = "/agencies/{id}", tag = "agencies",
    params(("id" = String, Path, description = "The agency's id"), AsOf),
    responses(
        (status = 200, body = AgencyDetail, description = "The agency"),
        (status = 308, description = "The agency was merged into another: `Location` leads there"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such agency"),
    )
)]
pub async fn agency(
    State(rest): State<Rest>,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    Params(as_of): Params<AsOf>,
) -> Result<Response> {
    let at = as_of.at(&rest.connection).await?;
    let agency = agency::detail(&rest.connection, &id, at).await?;
    match merged(&uri, &id, &agency.agency.id) {
        Some(elsewhere) => Ok(elsewhere),
        None => stays(&rest, &format!("/agencies/{id}"), Json(agency), at).await,
    }
}

/// Where an agency that was merged into another is answered: at the other's address.
pub fn merged(uri: &Uri, asked: &str, found: &str) -> Option<Response> {
    if asked == found {
        return None;
    }
    let path = uri.path().replacen(asked, found, 1);
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let location = HeaderValue::from_str(&format!("{path}{query}")).ok()?;
    Some((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response())
}

/// A report year
///
/// Reports in, agencies missing, reports late, and the deadlines.
#[utoipa::path(
    get, path = "/years/{year}", tag = "years",
    params(("year" = i32, Path, description = "The year reported on"), AsOf),
    responses(
        (status = 200, body = YearDetail, description = "The year"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No report on this year is in"),
    )
)]
pub async fn year(
    State(rest): State<Rest>,
    Path(year): Path<String>,
    Params(as_of): Params<AsOf>,
) -> Result<Response> {
    let at = as_of.at(&rest.connection).await?;
    let detail = year::detail(&rest.connection, canonical_year(&year)?, at).await?;
    stays(&rest, &format!("/years/{year}"), Json(detail), at).await
}

/// The national form
///
/// Rows, columns, items, results, identities and checks of a template, with Chinese and English labels.
#[utoipa::path(
    get, path = "/template/{template}", tag = "template",
    params(("template" = String, Path, description = "`2019` (report years 2019 and 2020) or `2021` (from 2021 on)")),
    responses(
        (status = 200, body = TemplateView, description = "The template"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such template"),
    )
)]
pub async fn template(Path(code): Path<String>, _: NoParams) -> Result<Json<TemplateView>> {
    let template = Template::of(&code).ok_or_else(|| {
        Error::not_found("template", &code)
            .allowed(Template::ALL.iter().map(|template| template.code()))
    })?;
    Ok(Json(template::get(template)))
}
