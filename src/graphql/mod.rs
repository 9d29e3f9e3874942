//! GraphQL: the same model, filters and measure codes as REST, nested both ways.
//!
//! Translation only: every resolver asks `query`. Nested fields go through data loaders, so that the
//! number of SQL statements depends on the query's shape, never on its rows.

mod bounds;
mod connection;
mod error;
mod http;
mod loader;
mod node;
mod objects;
mod order;
mod root;
mod table;
mod totals;

pub use http::{GraphQl, answer, question};

use std::sync::Arc;

use async_graphql::{EmptyMutation, EmptySubscription, Schema, dataloader::DataLoader};
use sea_orm::DatabaseConnection;

use crate::limits;
use loader::Loader;

/// The schema with its data.
pub type GraphQlSchema = Schema<root::Query, EmptyMutation, EmptySubscription>;

/// The address by which readers know the server, without a slash at its end.
struct PublicUrl(Arc<str>);

/// The schema over a database, with every bound set.
#[must_use]
pub fn schema(connection: &DatabaseConnection, public_url: Arc<str>) -> GraphQlSchema {
    builder().data(connection.clone()).data(PublicUrl(public_url)).finish()
}

/// The schema as committed in `schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    use async_graphql::SDLExportOptions;
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    builder().finish().sdl_with_options(options)
}

fn builder() -> async_graphql::SchemaBuilder<root::Query, EmptyMutation, EmptySubscription> {
    Schema::build(root::Query::default(), EmptyMutation, EmptySubscription)
        .register_output_type::<node::Node>()
        .limit_depth(limits::GRAPHQL_DEPTH)
        .limit_complexity(limits::GRAPHQL_COMPLEXITY)
        .limit_recursive_depth(limits::GRAPHQL_NESTING)
        .limit_directives(limits::GRAPHQL_DIRECTIVES)
        .extension(bounds::Bounds)
        .extension(error::Errors)
}

/// What a request's resolvers work with: data loaded once a request, never kept between requests.
fn request_data(connection: &DatabaseConnection) -> DataLoader<Loader> {
    // Fields of one level ask in the same turn: waiting longer for more would only cost time.
    DataLoader::new(Loader::new(connection.clone()), tokio::spawn).delay(std::time::Duration::ZERO)
}
