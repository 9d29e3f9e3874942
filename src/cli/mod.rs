//! The command line: words to questions, answers to text. Results go to standard output, everything
//! else to standard error.
//!
//! One file a command. The flags of a list are the fields of the filter that REST and GraphQL take.

mod agency;
mod check;
mod demo;
mod export;
mod import;
mod list;
mod operations;
mod output;
mod progress;
mod report;
mod serve;
mod summary;
mod synthesize;

use clap::{FromArgMatches, Parser, Subcommand};

use crate::{
    config::{Config, ConfigArgs},
    error::{Code, Error, Result},
    query::{
        coverage::{CoverageQuery, CoverageRows},
        ranking::{RankingQuery, Rankings},
        search::{Search, SearchFilter},
        series::{AllSeries, SeriesQuery},
        statistics::{Statistics, StatisticsQuery},
    },
};

/// What a script branches on.
const EXIT_CODES: &str = "\
Exit codes: 0 all well; 1 some inputs were refused, or check found errors; 2 bad usage;
3 the database or network failed; 130 an import was stopped by Ctrl-C";

/// China's annual reports on open government information as one public record.
///
/// gongkai (公开, "made public") reads the reports that Chinese agencies publish each year
/// (政府信息公开工作年度报告), checks that their numbers agree, keeps them in a database and answers
/// questions about them: on the command line, over REST and GraphQL, and in a browser.
#[derive(Debug, Parser)]
#[command(name = "gongkai", version, max_term_width = 100, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(flatten)]
    config: ConfigArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a server with the sample reports, to look around: nothing to set up
    Demo(demo::DemoArgs),
    /// Start the server
    Serve(serve::ServeArgs),
    /// Read reports from files, archives, folders and addresses into the database
    Import(import::ImportArgs),
    /// Read and check reports without a database: before you publish, or to see what is read
    Check(check::CheckArgs),
    /// Ask the database: the same questions as REST, the same answers
    List(Box<list::ListArgs>),
    /// Write everything, or the reports of a filter, into files: a data package
    Export(Box<export::ExportArgs>),
    /// Add up measures and indicators over reports, grouped, each counted once
    Stats(Box<list::Question<StatisticsQuery>>),
    /// Rank agencies or regions by a measure or an indicator, among their peers
    Rank(Box<list::Question<RankingQuery>>),
    /// Follow measures and indicators over years, for agencies or regions
    Series(Box<list::Question<SeriesQuery>>),
    /// Add up the reports of an area in the national form itself, beside its own consolidated report
    Summary(Box<summary::SummaryArgs>),
    /// Look for words in the prose of reports, in Chinese from one character up
    Search(Box<list::Question<SearchFilter>>),
    /// Count who reported, who is missing and who was late, by region, level, kind and year
    Coverage(Box<list::Question<CoverageQuery>>),
    /// Make reports up, of as many agencies as you like: for load tests and demonstrations
    Synthesize(synthesize::SynthesizeArgs),
    /// Correct who is who: merge agencies that are one
    Agency(agency::AgencyArgs),
    /// Correct single reports: withdraw one, or say whose it is
    Report(report::ReportArgs),
    /// Make the database, or bring its schema up to date
    Migrate(operations::MigrateArgs),
    /// Print the GraphQL schema
    Schema,
    /// Print the OpenAPI document
    Openapi,
}

/// How a command ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All well.
    Well,
    /// Some inputs were refused, or a check found errors.
    WithFaults,
    /// It was stopped by Ctrl-C; what was done by then is whole.
    Stopped,
}

impl Ended {
    const fn exit(self) -> u8 {
        match self {
            Self::Well => 0,
            Self::WithFaults => 1,
            // As shells say of a program that Ctrl-C ended.
            Self::Stopped => 130,
        }
    }
}

/// Runs the command line of this process, and gives its exit code: 0 all well; 1 some inputs were
/// refused, or there are error findings; 2 bad usage; 3 the database or network failed; 130 stopped.
#[must_use]
pub fn run() -> u8 {
    let matches = command().try_get_matches();
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers; the rest is bad usage. A closed pipe is nobody's fault.
            let _ = error.print();
            return if error.use_stderr() { Code::Usage.exit() } else { 0 };
        }
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&Error::internal(error)),
    };
    match runtime.block_on(dispatch(cli)) {
        Ok(ended) => ended.exit(),
        Err(error) => fail(&error),
    }
}

async fn dispatch(cli: Cli) -> Result<Ended> {
    let config = Config::read(&cli.config)?;
    match cli.command {
        Command::Demo(args) => demo::run(args, &config).await,
        Command::Serve(args) => serve::run(args, &config).await,
        Command::Import(args) => import::run(args, &config).await,
        Command::Check(args) => check::run(&args, &config),
        Command::List(args) => list::run(*args, &config).await,
        Command::Export(args) => export::run(*args, &config).await,
        Command::Stats(question) => list::answer::<Statistics>(*question, &config).await,
        Command::Rank(question) => list::answer::<Rankings>(*question, &config).await,
        Command::Series(question) => list::answer::<AllSeries>(*question, &config).await,
        Command::Summary(args) => summary::run(*args, &config).await,
        Command::Search(question) => list::answer::<Search>(*question, &config).await,
        Command::Coverage(question) => list::answer::<CoverageRows>(*question, &config).await,
        Command::Synthesize(args) => synthesize::run(&args),
        Command::Agency(args) => agency::run(args, &config).await,
        Command::Report(args) => report::run(args, &config).await,
        Command::Migrate(args) => operations::migrate(&args, &config).await,
        Command::Schema => operations::print(&crate::graphql::sdl()),
        Command::Openapi => operations::print(&operations::openapi()?),
    }
}

fn fail(error: &Error) -> u8 {
    eprintln!("gongkai: {error}");
    if let Some(cause) = &error.cause {
        eprintln!("  cause: {cause}");
    }
    eprintln!("  {}", error.code.advice());
    error.code.exit()
}

/// What answers in an order of its own: `--sort`, which every list takes, is refused there.
const IN_THEIR_OWN_ORDER: [&str; 4] = ["stats", "rank", "series", "coverage"];
/// The same of `gongkai list`.
const LISTED_IN_THEIR_OWN_ORDER: [&str; 3] = ["differences", "expected-reports", "revisions"];

/// The whole command line, as it is understood and documented.
#[must_use]
pub fn command() -> clap::Command {
    let hide_sort = |names: &'static [&'static str]| {
        move |command: clap::Command| match names.contains(&command.get_name()) {
            true => command.mut_arg("sort", |sort| sort.hide(true)),
            false => command,
        }
    };
    let of_list = |command: clap::Command| match command.get_name() {
        "list" => command.mut_subcommands(hide_sort(&LISTED_IN_THEIR_OWN_ORDER)),
        _ => command,
    };
    let command = <Cli as clap::CommandFactory>::command();
    command.mut_subcommands(hide_sort(&IN_THEIR_OWN_ORDER)).mut_subcommands(of_list)
}
