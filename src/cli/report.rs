//! `gongkai report`: corrections of single reports.

use clap::{Args, Subcommand};
use entity::template::{Code as _, Scope};

use super::{Ended, output};
use crate::{
    config::{Config, DatabaseArgs},
    database::Database,
    error::{Error, Result},
    extract, limits,
    store::correction::{self, Reassignment, Whose},
};

/// What to begin with.
const EXAMPLES: &str = "\
Examples:
  A document that is no report of this agency at all:
    gongkai report withdraw r12 --reason \"a draft that was never published\"
  A report that was read as of a bureau of the same name in another county:
    gongkai report reassign r12 --agency 水利局 --region 321322";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ReportArgs {
    #[command(subcommand)]
    correction: ReportCorrection,
}

#[derive(Debug, Subcommand)]
enum ReportCorrection {
    /// Take a report out of the record
    ///
    /// Its permanent address then answers 410 and says why; by its own id, and with `as_of`, it stays
    /// readable. Importing the same document again does not bring it back; another document does.
    Withdraw(WithdrawArgs),
    /// Correct whose report it is, or on which year
    ///
    /// It is stored anew where it belongs, under an id of its own; where there is a report already, it is a
    /// new revision of that.
    Reassign(ReassignArgs),
}

#[derive(Debug, Args)]
struct WithdrawArgs {
    /// The report's id, that of its current revision
    id: String,
    /// Why; the public reads it
    #[arg(long)]
    reason: String,
    /// Withdraw this revision alone: the one before it stands again, as a new revision
    #[arg(long)]
    revision: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Debug, Args)]
struct ReassignArgs {
    /// The report's id, that of its current revision
    id: String,
    /// The agency whose report it is: its id, or its name
    #[arg(long, required_unless_present_any = ["year", "scope"])]
    agency: Option<String>,
    /// The code of the agency's region, where its name exists in several
    #[arg(long, requires = "agency")]
    region: Option<String>,
    /// The year reported on
    #[arg(long)]
    year: Option<i32>,
    /// Whose numbers it holds: `own` or `consolidated`
    #[arg(long)]
    scope: Option<String>,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Corrects, and says what came of it.
pub async fn run(args: ReportArgs, config: &Config) -> Result<Ended> {
    match args.correction {
        ReportCorrection::Withdraw(args) => withdraw(args, config).await,
        ReportCorrection::Reassign(args) => reassign(args, config).await,
    }
}

async fn withdraw(args: WithdrawArgs, config: &Config) -> Result<Ended> {
    let WithdrawArgs { id, reason, revision, database } = args;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > limits::REASON_CHARS {
        let detail = format!("--reason takes 1 to {} characters", limits::REASON_CHARS);
        return Err(Error::invalid("reason", detail));
    }
    let database = Database::open_existing(&config.database_url(&database)).await?;
    let withdrawn =
        correction::withdraw(&database.write, &id, reason, revision, &config.deadlines()).await;
    database.close().await;
    let again = withdrawn?.map(|again| format!("; what stood before it is now {again}"));
    output::write(format!("report {id} is withdrawn{}\n", again.unwrap_or_default()))?;
    Ok(Ended::Well)
}

async fn reassign(args: ReassignArgs, config: &Config) -> Result<Ended> {
    let ReassignArgs { id, agency, region, year, scope, database } = args;
    if let Some(year) = year.filter(|year| !limits::YEARS.contains(year)) {
        let (first, last) = (limits::YEARS.start(), limits::YEARS.end());
        return Err(Error::invalid("year", format!("{year} is no report year"))
            .allowed([format!("{first} to {last}")]));
    }
    let scope = scope.map(|code| {
        Scope::of(&code).ok_or_else(|| {
            Error::invalid("scope", format!("scope {code:?} is not known"))
                .allowed(Scope::ALL.iter().map(|scope| scope.code()))
        })
    });
    let agency = match agency {
        None => Whose::Same,
        Some(id) if region.is_none() && is_agency_id(&id) => Whose::Known(id),
        Some(name) => Whose::Named(Box::new(extract::agency_named(&name, region.as_deref())?)),
    };
    let to = Reassignment { agency, year, scope: scope.transpose()? };
    let database = Database::open_existing(&config.database_url(&database)).await?;
    let reassigned = correction::reassign(&database.write, &id, to, &config.deadlines()).await;
    database.close().await;
    output::write(format!("report {id} is now {}\n", reassigned?))?;
    Ok(Ended::Well)
}

fn is_agency_id(text: &str) -> bool {
    let digits = text.strip_prefix('a');
    digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}
