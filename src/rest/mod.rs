//! REST: `/api/v1`. Translation only: an address to a question, an answer to bytes.
//!
//! `routes` is the table of contents; each route's documentation stands at its function, and OpenAPI
//! follows from both.

mod check;
mod index;
mod list;
mod openapi;
mod params;
mod problem;
mod report;
mod resources;
mod single;
mod summary;

pub use list::COVERAGE;
pub use openapi::document;
pub use problem::Problem;

use std::sync::Arc;

use axum::{Json, Router, routing::get};
use sea_orm::DatabaseConnection;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::check::Deadlines;

/// What the routes answer from.
#[derive(Clone, Debug)]
pub struct Rest {
    pub connection: DatabaseConnection,
    pub deadlines: Deadlines,
    /// The address by which readers know the server, without a slash at its end.
    pub public_url: Arc<str>,
}

/// The routes, with their documentation.
fn routes() -> OpenApiRouter<Rest> {
    let api = OpenApiRouter::new()
        .routes(routes!(resources::regions))
        .routes(routes!(single::region))
        .routes(routes!(summary::summary))
        .routes(routes!(resources::agencies))
        .routes(routes!(single::agency))
        .routes(routes!(resources::agency_reports))
        .routes(routes!(report::permanent))
        .routes(routes!(resources::years))
        .routes(routes!(single::year))
        .routes(routes!(resources::coverage))
        .routes(routes!(resources::expected_reports))
        .routes(routes!(resources::reports))
        .routes(routes!(report::by_id))
        .routes(routes!(report::source))
        .routes(routes!(report::revisions))
        .routes(routes!(report::findings))
        .routes(routes!(report::cell))
        .routes(routes!(resources::disclosure_items))
        .routes(routes!(resources::requests))
        .routes(routes!(resources::reviews))
        .routes(routes!(resources::lawsuits))
        .routes(routes!(resources::findings))
        .routes(routes!(resources::changes))
        .routes(routes!(resources::statistics))
        .routes(routes!(resources::rankings))
        .routes(routes!(resources::series))
        .routes(routes!(resources::differences))
        .routes(routes!(resources::search))
        .routes(routes!(resources::measures))
        .routes(routes!(resources::indicators))
        .routes(routes!(single::template))
        .routes(routes!(check::check));
    OpenApiRouter::with_openapi(openapi::Description::openapi()).nest("/api/v1", api)
}

/// Where the OpenAPI document is served.
pub const OPENAPI: &str = "/api/v1/openapi.json";
/// Where it is said what there is.
const ROOT: &str = "/api/v1";

/// The router.
pub fn router(rest: Rest) -> Router {
    let (router, document) = routes().split_for_parts();
    let index = Arc::new(index::Index::of(&document));
    let document = Arc::new(document);
    let openapi = get(move |_: params::NoParams| async move { Json(document.as_ref().clone()) });
    let index = get(move |_: params::NoParams| async move { Json(index.as_ref().clone()) });
    router.route(OPENAPI, openapi).route(ROOT, index).with_state(rest)
}
