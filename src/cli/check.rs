//! `gongkai check`: reads and checks documents without a database.

use std::{ops::ControlFlow, path::PathBuf};

use clap::{Args, ValueEnum};
use entity::template::{Code, Severity};

use super::{
    Ended,
    output::{self, Reader},
};
use crate::{
    canonical::Report,
    check::Coverage,
    config::Config,
    error::{Error, Result},
    extract::draft::Hints,
    reading::{self, Checked, HintArgs},
    source::{self, Fetcher, Item},
};

/// What to begin with.
const EXAMPLES: &str = "\
Examples:
  A report before it is published:
    gongkai check report.docx
  Every document of an archive, as JSON, one a line:
    gongkai check county.zip --format json
  A page on the web:
    gongkai check https://www.example.gov.cn/report.html";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckArgs {
    /// Files, archives, folders with all below them, http and https addresses; - for standard input
    #[arg(required = true, value_name = "PATH|URL")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    hints: HintArgs,
    /// `text` for people, `json` for programs: one object a document and line
    #[arg(long, value_enum, default_value_t)]
    format: CheckFormat,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum CheckFormat {
    #[default]
    Text,
    Json,
}

/// Checks each document; exit code 1 where one is refused or has an error finding.
pub fn run(args: &CheckArgs, config: &Config) -> Result<Ended> {
    let deadlines = config.deadlines();
    // What is wrong with the flags is wrong before any file is.
    let known = args.hints.hints(None)?;
    let fetcher = Fetcher::default();
    let mut ended = Ok(Ended::Well);
    for input in source::inputs(&args.paths) {
        let flow = input.read(&fetcher, &mut |item| {
            let Item { name, file_name, url, bytes, consumed: _ } = item;
            let hints = Hints { file_name, url, ..known.clone() };
            let checked = match bytes {
                Ok(bytes) => reading::check(&name, &bytes, &hints, &deadlines),
                Err(error) => Checked::refused(name, &error),
            };
            if has_faults(&checked) {
                ended = Ok(Ended::WithFaults);
            }
            match print(&checked, args.format) {
                Ok(Reader::Reads) => ControlFlow::Continue(()),
                Ok(Reader::HasLeft) => ControlFlow::Break(()),
                Err(error) => {
                    ended = Err(error);
                    ControlFlow::Break(())
                }
            }
        });
        if flow.is_break() {
            break;
        }
    }
    ended
}

fn print(checked: &Checked, format: CheckFormat) -> Result<Reader> {
    output::write(match format {
        CheckFormat::Json => serde_json::to_string(checked).map_err(Error::internal)? + "\n",
        CheckFormat::Text => text(checked),
    })
}

fn has_faults(checked: &Checked) -> bool {
    let error =
        |report: &Report| report.findings.iter().any(|finding| finding.severity == Severity::Error);
    checked.refused.is_some() || checked.report.iter().chain(&checked.further).any(error)
}

fn text(checked: &Checked) -> String {
    let mut text = format!("{}\n", checked.path);
    if let Some(refused) = &checked.refused {
        text += &format!("  refused 未接受: {} [{}]\n", refused.message, refused.code);
    }
    for report in checked.report.iter().chain(&checked.further) {
        text += &text_of(report);
    }
    if checked.report.is_none() {
        return text;
    }
    // A report of which nothing could be checked does not agree with itself.
    let Coverage { checked: count, identities, unknown_cells } = checked.coverage;
    text += &format!(
        "  {count} of {identities} identities checked 已核对勾稽关系{count}项（共{identities}项）\n"
    );
    let has_findings =
        checked.report.iter().chain(&checked.further).any(|report| !report.findings.is_empty());
    if !has_findings && count > 0 && unknown_cells == 0 {
        text += "  everything agrees 勾稽关系一致\n";
    }
    text
}

fn text_of(report: &Report) -> String {
    let mut text = String::new();
    let counts = report.requests.values().flatten().map(|(_, number)| number);
    let counts = counts.chain(report.disclosure_items.values().flatten().map(|(_, number)| number));
    let counts = counts.chain(report.reviews.values());
    let counts = counts.chain(report.lawsuits.values().flatten().map(|(_, number)| number));
    let (read, cells) = counts
        .fold((0, 0), |(read, cells), number| (read + usize::from(number.is_some()), cells + 1));
    let template = report.template.map_or("none", Code::code);
    text += &format!(
        "  {} ({}), {}, template {template}, {} sections, {read} of {cells} cells with a number\n",
        report.agency.name,
        report.agency.region_code,
        report.year,
        report.sections.len(),
    );
    for finding in &report.findings {
        text += &format!("  {} {}: {}\n", finding.severity, finding.check, finding.message);
        text += &format!("    {}：{}\n", finding.severity.label(), finding.message_zh);
    }
    for note in &report.notes {
        text += &format!("  note {}: {}\n", note.code, note.message);
    }
    text
}
