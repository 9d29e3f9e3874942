//! `gongkai migrate`, `schema`, `openapi`: what operators and builders of clients need.

use clap::Args;

use super::{Ended, output};
use crate::{
    config::{Config, DatabaseArgs},
    database::Database,
    error::{Error, Result},
    rest,
};

#[derive(Debug, Args)]
pub struct MigrateArgs {
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Makes the database where it is not there, and brings its schema up to date.
pub async fn migrate(args: &MigrateArgs, config: &Config) -> Result<Ended> {
    let url = config.database_url(&args.database);
    Database::open(&url).await?.close().await;
    print(&format!("{url} is up to date"))
}

/// Prints a document.
pub fn print(text: &str) -> Result<Ended> {
    output::write(format!("{}\n", text.trim_end()))?;
    Ok(Ended::Well)
}

/// The OpenAPI document as text.
pub fn openapi() -> Result<String> {
    rest::document().to_pretty_json().map_err(Error::internal)
}
