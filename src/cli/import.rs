//! `gongkai import`: documents into the database, with a progress bar and a summary.

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Ended, input, output};
use crate::{
    config::{Config, DatabaseArgs},
    database::Database,
    error::{Error, Result},
    import::{self, Summary, Target},
    reading::{HintArgs, Refused},
};

/// What to begin with.
const EXAMPLES: &str = "\
Examples:
  A folder with all below it, into gongkai.db in this folder:
    gongkai import reports/
  A page that does not say whose it is:
    gongkai import page.html --agency 水利局 --region 321322 --year 2023";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ImportArgs {
    /// Files or folders with all below them; - for standard input
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    hints: HintArgs,
    /// Read and check everything, store nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Imports each document; exit code 1 where one is refused.
pub async fn run(args: ImportArgs, config: &Config) -> Result<Ended> {
    // What is wrong with the flags is wrong before any file is.
    args.hints.hints(None)?;
    let inputs = input::inputs(&args.paths);
    let hints =
        inputs.iter().map(|input| args.hints.hints(input.path())).collect::<Result<Vec<_>>>()?;
    let database = match args.dry_run {
        true => None,
        false => Some(Database::open(&config.database_url(&args.database)).await?),
    };
    let target = database.as_ref().map_or(Target::Nowhere, Target::Database);
    let bar = bar(inputs.len() as u64)?;
    let mut summary = Summary::default();
    let deadlines = config.deadlines();
    let mut failed = None;
    for (input, hints) in inputs.iter().zip(&hints) {
        let name = input.name();
        bar.set_message(hints.file_name.clone().unwrap_or_default());
        match input.bytes() {
            Ok(bytes) => {
                let stored =
                    import::document(target, &name, bytes, hints, &deadlines, &mut summary);
                if let Err(error) = stored.await {
                    failed = Some(error);
                    break;
                }
            }
            Err(error) => summary.refuse(&name, &error),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if let Some(database) = database {
        database.close().await;
    }
    output::write(text(&summary, args.dry_run))?;
    match failed {
        Some(error) => Err(error),
        None if summary.refused.is_empty() => Ok(Ended::Well),
        None => Ok(Ended::WithFaults),
    }
}

/// A bar on a terminal; nothing elsewhere.
fn bar(documents: u64) -> Result<ProgressBar> {
    let style = "{bar:30} {pos}/{len} documents, {per_sec}, {eta} left  {wide_msg}";
    let style = ProgressStyle::with_template(style).map_err(Error::internal)?;
    Ok(ProgressBar::new(documents).with_style(style))
}

fn text(summary: &Summary, dry_run: bool) -> String {
    let Summary { added, revised, unchanged, error_findings, refused } = summary;
    let mut text = String::new();
    if dry_run {
        text += "dry run: nothing is stored\n";
    }
    text += &format!(
        "documents {}\n  \
         added            {added}\n  \
         new revisions    {revised}\n  \
         unchanged        {unchanged}\n  \
         refused          {}\n\
         error findings     {error_findings}\n",
        summary.documents(),
        refused.len()
    );
    for document in refused {
        let Refused { code, message } = &document.why;
        text += &format!("refused {}: {message} [{code}]\n", document.path);
    }
    if added + revised == 0 && refused.is_empty() {
        text += "nothing changed\n";
    }
    text
}
