//! `gongkai import`: documents into the database, with a progress bar and a summary.

use std::{num::NonZeroUsize, path::PathBuf, thread};

use clap::Args;

use super::{Ended, output, progress::Progress};
use crate::{
    config::{Config, DatabaseArgs},
    database::Database,
    error::Result,
    import::{Batch, Finish, ReportFile, Summary, Target},
    limits,
    reading::{HintArgs, Refused},
    source,
};

/// What to begin with.
const EXAMPLES: &str = "\
Inputs are told from their content, not from their names: documents, archives of them (ZIP, tar;
archives in archives too), what is compressed with gzip or zstd, reports in JSON, and NDJSON of any
size with a report a line.

Stopped at any point, by Ctrl-C or otherwise, the database holds whole reports only; the same command
goes on where it stopped.

Examples:
  A folder with all below it, into gongkai.db in this folder:
    gongkai import reports/
  An archive and a page on the web, with a line for each document in a file:
    gongkai import county.zip https://www.example.gov.cn/report.html --report outcome.csv
  Reports in JSON, one a line, from another program:
    other-program | gongkai import -
  A page that does not say whose it is:
    gongkai import page.html --agency 水利局 --region 321322 --year 2023";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ImportArgs {
    /// Files, archives, folders with all below them, http and https addresses; - for standard input
    #[arg(required = true, value_name = "PATH|URL")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    hints: HintArgs,
    /// Read and check everything, store nothing
    #[arg(long)]
    dry_run: bool,
    /// Documents read at once; as many as there are processors where it is not said
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Write a line for each document into this file, as CSV: path, agency, year, outcome, cells read
    /// (with a number) and not read (ambiguous or unreadable), findings. The numbers of what is
    /// unchanged are left empty
    #[arg(long, value_name = "FILE.csv")]
    report: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Imports each document; exit code 1 where one is refused.
pub async fn run(args: ImportArgs, config: &Config) -> Result<Ended> {
    // What is wrong with the flags is wrong before any file is.
    let hints = args.hints.hints(None)?;
    let mut report = args.report.as_deref().map(ReportFile::create).transpose()?;
    let database = match args.dry_run {
        true => None,
        false => Some(Database::open(&config.database_url(&args.database)).await?),
    };
    let inputs = source::inputs(&args.paths);
    let mut progress = Progress::of(&inputs)?;
    let mut summary = Summary::default();
    let batch = Batch {
        target: database.as_ref().map_or(Target::Nowhere, Target::Database),
        inputs,
        hints,
        deadlines: config.deadlines(),
        jobs: jobs(args.jobs),
    };
    let told = batch.run(told_to_stop(), |done| {
        summary.add(&done);
        progress.show(&done);
        report.as_mut().map_or(Ok(()), |report| report.add(&done))
    });
    let finish = told.await;
    progress.clear();
    if let Some(database) = database {
        database.close().await;
    }
    output::write(text(&summary, args.dry_run))?;
    match finish? {
        Finish::Stopped => {
            eprintln!("gongkai: stopped; the same command goes on from here");
            Ok(Ended::Stopped)
        }
        Finish::Whole if summary.refused_count() == 0 => Ok(Ended::Well),
        Finish::Whole => Ok(Ended::WithFaults),
    }
}

/// As many readers as asked for, or as there are processors.
fn jobs(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    let jobs = asked.or_else(|| thread::available_parallelism().ok());
    let most = NonZeroUsize::new(limits::JOBS).unwrap_or(NonZeroUsize::MIN);
    jobs.unwrap_or(NonZeroUsize::MIN).min(most)
}

/// Until Ctrl-C.
async fn told_to_stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn text(summary: &Summary, dry_run: bool) -> String {
    let mut text = String::new();
    if dry_run {
        text += "dry run: nothing is stored\n";
    }
    text += &format!("documents {}\n", summary.documents());
    let mut line = |label: &str, count: usize| text += &format!("{label:<18} {count}\n");
    let refused = summary.refused_count();
    line("  added", summary.added);
    line("  new revisions", summary.revised);
    line("  unchanged", summary.unchanged);
    line("  refused", refused);
    for (code, count) in &summary.refused_by_code {
        line(&format!("    {code}"), *count);
    }
    line("error findings", summary.error_findings);
    line("warning findings", summary.warning_findings);
    line("notice findings", summary.notice_findings);
    for document in &summary.refused {
        let Refused { code, message } = &document.why;
        text += &format!("refused {}: {message} [{code}]\n", document.path);
    }
    if refused > summary.refused.len() {
        text +=
            &format!("and {} more refused; --report lists all\n", refused - summary.refused.len());
    }
    if summary.added + summary.revised == 0 && refused == 0 {
        text += "nothing changed\n";
    }
    text
}
