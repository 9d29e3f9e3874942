//! What there is below the root of REST, made of the routes.

use serde::Serialize;
use utoipa::openapi::OpenApi;

/// An address that answers GET.
#[derive(Clone, Debug, Serialize)]
struct Address {
    path: String,
    summary: String,
}

/// What there is.
#[derive(Clone, Debug, Serialize)]
pub struct Index {
    data: Vec<Address>,
    openapi: &'static str,
    docs: &'static str,
    graphql: &'static str,
}

impl Index {
    /// Of all routes, in their order.
    pub fn of(document: &OpenApi) -> Self {
        let address = |(path, item): (&String, &utoipa::openapi::PathItem)| {
            let summary = item.get.as_ref()?.summary.clone().unwrap_or_default();
            Some(Address { path: path.clone(), summary })
        };
        Self {
            data: document.paths.paths.iter().filter_map(address).collect(),
            openapi: super::OPENAPI,
            docs: "/docs",
            graphql: "/graphql",
        }
    }
}
