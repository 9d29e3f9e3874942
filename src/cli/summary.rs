//! `gongkai summary`: a region and year in the national form.

use clap::Args;
use sea_orm::TransactionTrait;

use super::{Ended, output};
use crate::{
    config::{BindArgs, Config, DatabaseArgs, PublicArgs},
    database::Database,
    error::Result,
    form::{self, FormFormat},
    formats::OutputArgs,
    query::summary::{self, SummaryFilter},
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
    /// the form, or a line a cell as `csv`, `ndjson` or `parquet`; `citation`, a sentence to cite it by.
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    public: PublicArgs,
}

/// Answers on standard output.
pub async fn run(args: SummaryArgs, config: &Config) -> Result<Ended> {
    let SummaryArgs { filter, output, database, public } = args;
    let format = output.format.as_deref().map_or(Ok(FormFormat::Json), FormFormat::named)?;
    // As of a server that listens where the configuration says.
    let public_url = config.public_url(&public, config.bind(&BindArgs::default())?)?;
    let database = Database::open_existing(&config.database_url(&database)).await?;
    // Its statements see the data of one moment.
    let snapshot = database.read.begin().await?;
    let (region, year, at) = filter.meant(&snapshot).await?;
    let summary = summary::get(&snapshot, &region, year, at).await?;
    let permalink = summary::permalink(&snapshot, &region, year, at, Vec::new()).await?;
    snapshot.commit().await?;
    let mut bytes = form::encode(summary, format, &output, &permalink, &public_url).await?;
    if format == FormFormat::Json {
        bytes.push(b'\n');
    }
    output::write(bytes)?;
    database.close().await;
    Ok(Ended::Well)
}
