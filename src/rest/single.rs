//! Single things: a region, an agency, a year, a template.

use axum::{
    Json,
    extract::{Path, State},
};
use entity::template::{Code, Template};

use super::{Problem, Rest, params::NoParams, report::canonical_year};
use crate::{
    error::{Error, Result},
    query::{
        agency::{self, AgencyDetail},
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
    params(("code" = String, Path, description = "Six digits, nine for a township; `000000` is the whole country")),
    responses(
        (status = 200, body = RegionDetail, description = "The region"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such region"),
    )
)]
pub async fn region(
    State(rest): State<Rest>,
    Path(code): Path<String>,
    _: NoParams,
) -> Result<Json<RegionDetail>> {
    region::detail(&rest.connection, &code).await.map(Json)
}

/// An agency
///
/// The names it was written with over the years, and the years it reported on.
#[utoipa::path(
    get, path = "/agencies/{id}", tag = "agencies",
    params(("id" = String, Path, description = "The agency's id")),
    responses(
        (status = 200, body = AgencyDetail, description = "The agency"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such agency"),
    )
)]
pub async fn agency(
    State(rest): State<Rest>,
    Path(id): Path<String>,
    _: NoParams,
) -> Result<Json<AgencyDetail>> {
    agency::detail(&rest.connection, &id).await.map(Json)
}

/// A report year
///
/// Reports in, agencies missing, reports late, and the deadlines.
#[utoipa::path(
    get, path = "/years/{year}", tag = "years",
    params(("year" = i32, Path, description = "The year reported on")),
    responses(
        (status = 200, body = YearDetail, description = "The year"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A parameter is not known"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No report on this year is in"),
    )
)]
pub async fn year(
    State(rest): State<Rest>,
    Path(year): Path<String>,
    _: NoParams,
) -> Result<Json<YearDetail>> {
    year::detail(&rest.connection, canonical_year(&year)?).await.map(Json)
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
