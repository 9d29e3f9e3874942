//! `gongkai synthesize`: made-up reports as canonical NDJSON.

use std::{
    fs::File,
    io::{self, BufWriter, Stdout, Write},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use clap::Args;
use entity::template::Scope;
use flate2::{Compression, write::GzEncoder};
use serde::Serialize;

use super::Ended;
use crate::{
    error::{Code, Error, Result},
    query::span,
    synthesize::{Defect, MadeUp, Order, Synthesis},
};

/// Bytes written at once.
const PART_BYTES: usize = 256 * 1024;

/// What to begin with.
const EXAMPLES: &str = "\
Reports of real places and made-up numbers, a canonical report a line, as `import` takes them. Each
says that it is made up: in its title, its first sentence and a note. Numbers agree within a report,
from year to year, and the consolidated reports of governments add up those of their area. The same
seed gives the same bytes. Small numbers of reports are of few counties with few departments; about a
million on seven years are those of every agency.

Examples:
  Ten thousand reports into a database of their own:
    gongkai synthesize --reports 10000 --seed 7 | gongkai import - --database-url sqlite://made-up.db
  Two in a hundred with something wrong, and a list of what:
    gongkai synthesize --reports 10000 --defects 0.02 --defects-file wrong.ndjson --out made-up.ndjson.zst";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SynthesizeArgs {
    /// How many reports
    #[arg(long, value_name = "N")]
    reports: usize,
    /// What decides on everything that is made up
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Report years: `2023`, `2019..2025`
    #[arg(long, value_name = "YEARS", default_value = "2019..2025")]
    years: String,
    /// The file to write; compressed where it is called .gz or .zst. Standard output where it is not
    /// said
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The share of reports in which something is wrong: 0.02 is two in a hundred
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, requires = "defects_file")]
    defects: f64,
    /// The file to list them in, as NDJSON: agency, year, scope, the check that finds it, the cells that
    /// are wrong
    #[arg(long, value_name = "FILE", requires = "defects")]
    defects_file: Option<PathBuf>,
}

/// A line of the list of defects.
#[derive(Serialize)]
struct Wrong<'a> {
    agency_id: String,
    agency: &'a str,
    region_code: &'a str,
    year: i32,
    scope: Scope,
    check: &'static str,
    cells: Vec<String>,
}

impl<'a> Wrong<'a> {
    fn of(report: &'a MadeUp, defect: &Defect) -> Self {
        let agency = &report.draft.agency;
        Self {
            agency_id: agency.id(),
            agency: &agency.name,
            region_code: &agency.region_code,
            year: report.draft.year,
            scope: report.draft.scope,
            check: defect.check,
            cells: defect.cells.iter().map(|cell| cell.cell_code()).collect(),
        }
    }
}

/// Makes reports up and writes them.
pub fn run(args: &SynthesizeArgs) -> Result<Ended> {
    let SynthesizeArgs { reports, seed, years, out, defects, defects_file } = args;
    let [years] = &span::years_of("years", years)?[..] else {
        let wrong = Error::invalid("years", format!("{years:?} is no span of years"));
        return Err(wrong.allowed(["2019..2025"]));
    };
    let order = Order { reports: *reports, seed: *seed, years: years.clone(), defects: *defects };
    let synthesis = Synthesis::new(order)?;
    let mut wrong = defects_file.as_deref().map(create).transpose()?;
    let mut out = Out::new(out.as_deref())?;
    let mut written = Ok(());
    let (mut reports, mut defects) = (0, 0);
    let flow = synthesis.run(&mut |report| {
        reports += 1;
        defects += usize::from(report.defect.is_some());
        let listed = match (&mut wrong, &report.defect) {
            (Some(file), Some(defect)) => line(file, &Wrong::of(&report, defect)),
            _ => Ok(()),
        };
        match listed.and_then(|()| line(&mut out, &report.canonical())) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                written = Err(error);
                ControlFlow::Break(())
            }
        }
    });
    let ended = match written {
        Ok(()) => out.finish(),
        Err(error) => Err(error),
    };
    let listed = wrong.as_mut().map_or(Ok(()), Write::flush);
    match ended.and(listed) {
        // Whoever read has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Ended::Well),
        ended => ended.map_err(|error| Error::new(Code::OutputFailed, error.to_string()))?,
    }
    debug_assert!(flow.is_continue(), "only what cannot be written breaks it off");
    eprintln!("gongkai: {reports} made-up reports, {defects} with something wrong");
    Ok(Ended::Well)
}

fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

fn create(path: &Path) -> Result<BufWriter<File>> {
    let file = File::create(path)
        .map_err(|error| Error::new(Code::OutputFailed, format!("{}: {error}", path.display())))?;
    Ok(BufWriter::with_capacity(PART_BYTES, file))
}

/// Where the reports go.
enum Out {
    Standard(BufWriter<Stdout>),
    File(BufWriter<File>),
    Gzip(GzEncoder<BufWriter<File>>),
    Zstd(zstd::Encoder<'static, BufWriter<File>>),
}

impl Out {
    fn new(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else {
            return Ok(Self::Standard(BufWriter::with_capacity(PART_BYTES, io::stdout())));
        };
        let file = create(path)?;
        Ok(match path.extension().and_then(|extension| extension.to_str()) {
            Some("gz") => Self::Gzip(GzEncoder::new(file, Compression::fast())),
            Some("zst") => {
                let level = zstd::DEFAULT_COMPRESSION_LEVEL;
                let encoder = zstd::Encoder::new(file, level).map_err(Error::internal)?;
                Self::Zstd(encoder)
            }
            _ => Self::File(file),
        })
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Standard(mut out) => out.flush(),
            Self::File(mut out) => out.flush(),
            Self::Gzip(out) => out.finish()?.flush(),
            Self::Zstd(out) => out.finish()?.flush(),
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::File(out) => out.write(bytes),
            Self::Gzip(out) => out.write(bytes),
            Self::Zstd(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::File(out) => out.flush(),
            Self::Gzip(out) => out.flush(),
            Self::Zstd(out) => out.flush(),
        }
    }
}
