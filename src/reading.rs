//! A document read and checked: what `check` answers and `import` stores.

pub use crate::document::MediaType;

use std::path::Path;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    canonical::{self, Report, Source},
    check::{self, Coverage, Deadlines, Finding},
    error::{Code, Error, Result},
    extract::{
        self,
        draft::{Draft, Hints},
    },
    fingerprint, limits, regions,
};

/// What the reader knows of the document that it does not say, or says wrongly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams, clap::Args)]
#[into_params(parameter_in = Query)]
pub struct HintArgs {
    /// The agency's name, where the document does not say it or says it wrongly.
    #[arg(long)]
    pub agency: Option<String>,
    /// The code of the agency's region, where its name exists in several.
    #[arg(long)]
    pub region: Option<String>,
    /// The year reported on, where the document does not say it.
    #[arg(long)]
    pub year: Option<String>,
}

impl HintArgs {
    /// The hints for a document from a file of this name.
    ///
    /// # Errors
    /// `invalid_parameter` for a year that is none.
    pub fn hints(&self, path: Option<&Path>) -> Result<Hints> {
        let year = self.year.as_deref().map(|text| {
            let year = text.parse().ok().filter(|year| limits::YEARS.contains(year));
            let (first, last) = (limits::YEARS.start(), limits::YEARS.end());
            year.ok_or_else(|| {
                Error::invalid("year", format!("{text:?} is no report year"))
                    .allowed([format!("{first} to {last}")])
            })
        });
        if let Some(region) = self.region.as_deref().filter(|code| regions::get(code).is_none()) {
            return Err(Error::invalid("region", format!("no region has the code {region:?}"))
                .allowed(["a code of /api/v1/regions: six digits, nine for a township"]));
        }
        let file_name =
            path.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        Ok(Hints {
            agency: self.agency.clone(),
            region: self.region.clone(),
            year: year.transpose()?,
            file_name,
            ..Hints::default()
        })
    }
}

/// A document as read and checked.
#[derive(Clone, Debug)]
pub struct CheckedDocument {
    /// The reports it holds, one at least.
    pub reports: Vec<CheckedDraft>,
    pub media_type: &'static str,
    /// The address it was fetched from: what a report as JSON says of its source, or the caller.
    pub url: Option<String>,
}

/// A report as read and checked.
#[derive(Clone, Debug)]
pub struct CheckedDraft {
    pub draft: Draft,
    pub findings: Vec<Finding>,
}

/// A document as read.
#[derive(Clone, Debug)]
pub struct ReadDocument {
    /// The reports it holds, one at least.
    pub drafts: Vec<Draft>,
    pub media_type: &'static str,
    /// The address it states it was fetched from.
    pub url: Option<String>,
}

/// Reads a document: one that is JSON as a canonical report, any other as it is printed.
///
/// # Errors
/// Why it is refused.
pub fn drafts(bytes: &[u8], hints: &Hints) -> Result<ReadDocument> {
    let document = if canonical::is_json(bytes) {
        let canonical::read::Stated { draft, url } = canonical::read::read(bytes, hints)?;
        ReadDocument { drafts: vec![draft], media_type: canonical::MEDIA_TYPE, url }
    } else {
        let extract::Reading { drafts, media_type } = extract::read(bytes, hints)?;
        ReadDocument { drafts, media_type: media_type.name(), url: None }
    };
    let last = limits::last_year();
    if let Some(draft) = document.drafts.iter().find(|draft| draft.year > last) {
        let year = draft.year;
        let detail = format!("the year reported on is told to be {year}, which is not over");
        return Err(Error::new(Code::UnknownYear, detail).allowed([format!("{last} or earlier")]));
    }
    Ok(document)
}

/// Reads and checks a document.
///
/// # Errors
/// Why it is refused.
pub fn read(bytes: &[u8], hints: &Hints, deadlines: &Deadlines) -> Result<CheckedDocument> {
    let ReadDocument { drafts, media_type, url } = drafts(bytes, hints)?;
    let url = url.or_else(|| hints.url.clone());
    let checked = |draft: Draft| {
        let findings = check::check(&draft, deadlines);
        CheckedDraft { draft, findings }
    };
    let reports = drafts.into_iter().map(checked).collect();
    Ok(CheckedDocument { reports, media_type, url })
}

/// What `check` says of a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Checked {
    /// The path as given; `-` for a body or standard input.
    pub path: String,
    /// The report as read; null where the document is refused.
    pub report: Option<Report>,
    /// The other reports, where the document holds several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<Report>,
    /// Why it is refused.
    pub refused: Option<Refused>,
    /// How much of it could be checked.
    #[serde(skip)]
    pub coverage: Coverage,
}

impl Checked {
    /// What `check` says of a document that is refused.
    #[must_use]
    pub fn refused(path: String, error: &Error) -> Self {
        let refused = Some(Refused::from(error));
        Self { path, report: None, further: Vec::new(), refused, coverage: Coverage::default() }
    }
}

/// Why a document is refused.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Refused {
    /// The code, of `docs/errors.md`.
    pub code: String,
    /// What is wrong with the document.
    pub message: String,
}

impl From<&Error> for Refused {
    fn from(error: &Error) -> Self {
        Self { code: error.code.code().to_owned(), message: error.to_string() }
    }
}

/// Reads and checks a document, and says what came of it.
#[must_use]
pub fn check(path: &str, bytes: &[u8], hints: &Hints, deadlines: &Deadlines) -> Checked {
    let path = path.to_owned();
    match read(bytes, hints, deadlines) {
        Ok(CheckedDocument { reports, media_type, url }) => {
            let sha256 = fingerprint::sha256(bytes);
            let source = Source { url, media_type: media_type.to_owned(), sha256 };
            let report = |checked: &CheckedDraft| {
                Report::of_draft(&checked.draft, &checked.findings, source.clone())
            };
            Checked {
                path,
                report: reports.first().map(report),
                further: reports.iter().skip(1).map(report).collect(),
                refused: None,
                coverage: reports.iter().map(|checked| check::coverage(&checked.draft)).sum(),
            }
        }
        Err(error) => Checked::refused(path, &error),
    }
}
