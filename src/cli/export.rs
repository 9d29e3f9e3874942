//! `gongkai export`: bulk files of everything or of a filter.

use std::path::PathBuf;

use clap::Args;

use super::{Ended, output};
use crate::{
    config::{Config, DatabaseArgs},
    database::Database,
    error::{Error, Result},
    export::export,
    formats::Bulk,
    query::filter::ReportFilter,
};

/// What to begin with.
const EXAMPLES: &str = "\
A file a resource: regions, agencies, reports (with every number in a column of its own),
disclosure-items, requests, reviews, lawsuits, findings, measures; and datapackage.json, which says of
each file what its columns are, how the files belong together, and its SHA-256.

The same data give the same bytes. An earlier export in the folder is replaced once the new one is
whole.

Examples:
  Everything, as spreadsheets read it:
    gongkai export --out everything
  The reports of a province on two years, for DuckDB, pandas or R:
    gongkai export --region 370000 --year 2022..2023 --format parquet --out shandong";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExportArgs {
    #[command(flatten)]
    filter: ReportFilter,
    /// `csv`, `ndjson`, `xlsx` or `parquet`
    #[arg(long, default_value = "csv")]
    format: String,
    /// The folder to write: one that is not there yet, is empty, or holds an earlier export
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Exports, and says what was written.
pub async fn run(args: ExportArgs, config: &Config) -> Result<Ended> {
    let format = Bulk::named(&args.format)?;
    let database = Database::open_existing(&config.database_url(&args.database)).await?;
    let written = tokio::select! {
        written = export(&database.read, &args.filter, format, &args.out) => written?,
        told = tokio::signal::ctrl_c() => {
            told.map_err(Error::internal)?;
            return Ok(Ended::Stopped);
        }
    };
    for file in &written {
        output::write(format!("{} {} rows, {} bytes\n", file.path, file.rows, file.bytes))?;
    }
    database.close().await;
    Ok(Ended::Well)
}
