//! `gongkai database`: what is kept beside the reports, proved and made anew.

use clap::{Args, Subcommand};

use super::{Ended, output};
use crate::{
    config::{Config, DatabaseArgs},
    database::Database,
    error::Result,
    store::kept,
};

#[derive(Debug, Args)]
pub struct DatabaseCommand {
    #[command(subcommand)]
    work: DatabaseWork,
}

#[derive(Debug, Subcommand)]
enum DatabaseWork {
    /// Prove that what is kept to answer fast is what the reports say
    ///
    /// Adds up every region and year from the reports and compares it with the sums that are kept, and the
    /// words of every section with the search index. Says what differs, and ends with 1 where anything does.
    Verify(WorkArgs),
    /// Make anew what is kept to answer fast: the sums of regions and the search index
    ///
    /// Imports and corrections keep both; this is for a database that `verify` finds something in. A search
    /// finds less until it has ended.
    Rebuild(WorkArgs),
}

#[derive(Debug, Args)]
struct WorkArgs {
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Proves it or makes it anew, and says what came of it.
pub async fn run(command: DatabaseCommand, config: &Config) -> Result<Ended> {
    match command.work {
        DatabaseWork::Verify(args) => verify(&args, config).await,
        DatabaseWork::Rebuild(args) => rebuild(&args, config).await,
    }
}

async fn verify(args: &WorkArgs, config: &Config) -> Result<Ended> {
    let database = Database::open_existing(&config.database_url(&args.database)).await?;
    let differences = kept::differences(&database.write).await;
    database.close().await;
    let differences = differences?;
    for difference in &differences {
        output::write(format!("{difference}\n"))?;
    }
    if differences.is_empty() {
        output::write("the sums of regions and the search index are what the reports say\n")?;
        return Ok(Ended::Well);
    }
    output::write("`gongkai database rebuild` makes them anew\n")?;
    Ok(Ended::WithFaults)
}

async fn rebuild(args: &WorkArgs, config: &Config) -> Result<Ended> {
    let database = Database::open_existing(&config.database_url(&args.database)).await?;
    let rebuilt = kept::rebuild(&database.write).await;
    database.close().await;
    rebuilt?;
    output::write("the sums of regions and the search index are made anew\n")?;
    Ok(Ended::Well)
}
