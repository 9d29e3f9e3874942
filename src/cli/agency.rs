//! `gongkai agency`: corrections of who is who.

use clap::{Args, Subcommand, ValueEnum};

use super::{Ended, output};
use crate::{
    config::{Config, DatabaseArgs},
    database::Database,
    error::Result,
    store::correction::{self, Keep, Merged},
};

#[derive(Debug, Args)]
pub struct AgencyArgs {
    #[command(subcommand)]
    correction: AgencyCorrection,
}

#[derive(Debug, Subcommand)]
enum AgencyCorrection {
    /// Merge an agency into another that it turned out to be
    ///
    /// Its reports move to the other, under new ids; its id leads to the other's (308), and what is imported
    /// under its name goes there. What stood before can be asked for with `as_of`.
    Merge(MergeArgs),
}

#[derive(Debug, Args)]
struct MergeArgs {
    /// The id of the agency that is another
    from: String,
    /// The id of the one it is
    into: String,
    /// Whose report stands where both have one on the same year and scope; it is refused where this is not
    /// said
    #[arg(long)]
    keep: Option<KeepArg>,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KeepArg {
    /// The one of the agency that is merged, as a new revision
    From,
    /// The one of the agency it is merged into
    Into,
}

/// Corrects, and says what came of it.
pub async fn run(args: AgencyArgs, config: &Config) -> Result<Ended> {
    let AgencyCorrection::Merge(MergeArgs { from, into, keep, database }) = args.correction;
    let keep = keep.map(|keep| match keep {
        KeepArg::From => Keep::From,
        KeepArg::Into => Keep::Into,
    });
    let database = Database::open_existing(&config.database_url(&database)).await?;
    let merged = correction::merge(&database.write, &from, &into, keep, &config.deadlines()).await;
    database.close().await;
    let Merged { moved, ended } = merged?;
    let mut text = format!("agency {from} is {into}: {moved} reports moved");
    if ended > 0 {
        text += &format!(", {ended} did not stand");
    }
    output::write(text + "\n")?;
    Ok(Ended::Well)
}
