//! `gongkai summary`: a region and year in the national form.

use clap::Args;
use sea_orm::TransactionTrait;

use super::{Ended, output};
use crate::{
    config::{Config, DatabaseArgs},
    database::Database,
    error::Result,
    form::{self, FormFormat},
    formats::OutputArgs,
    query::summary::SummaryFilter,
};

/// What to begin with.
const EXAMPLES: &str = "\
Examples:
  A county's departments and townships added up in the form, to print:
    gongkai summary --region 370323 --year 2023 --format xlsx > summary.xlsx
  Each cell beside what the county's own consolidated report says:
    gongkai summary --region 370323 --year 2023 --format csv";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SummaryArgs {
    #[command(flatten)]
    filter: SummaryFilter,
    /// What of it is shown, and how it is written: `json`, the default, `html`, `xlsx`, which prints like
    /// the form, or a line a cell as `csv`, `ndjson` or `parquet`.
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Answers on standard output.
pub async fn run(args: SummaryArgs, config: &Config) -> Result<Ended> {
    let SummaryArgs { filter, output, database } = args;
    let format = output.format.as_deref().map_or(Ok(FormFormat::Json), FormFormat::named)?;
    let database = Database::open_existing(&config.database_url(&database)).await?;
    // Its statements see the data of one moment.
    let snapshot = database.read.begin().await?;
    let summary = filter.get(&snapshot).await?;
    snapshot.commit().await?;
    let address = format!("/api/v1/regions/{}/summary/{}", summary.region.code, summary.year);
    let mut bytes = form::encode(summary, format, &output, &address).await?;
    if format == FormFormat::Json {
        bytes.push(b'\n');
    }
    output::write(bytes)?;
    database.close().await;
    Ok(Ended::Well)
}
