//! The formats: by which names and media types they are asked for, and what else is said of an answer.

use serde::Deserialize;
use utoipa::IntoParams;

use super::Fields;
use crate::{
    error::{Error, Result},
    query::{Resource, citation::Language},
};

/// The format of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A page.
    Json,
    /// The whole result.
    Bulk(Bulk),
    /// A sentence to cite it by.
    Citation,
}

/// A format that gives the whole result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bulk {
    Csv,
    Ndjson,
    Xlsx,
    Parquet,
}

impl Format {
    /// Every format; where several are liked equally, the first.
    pub const ALL: [Self; 6] = [
        Self::Json,
        Self::Bulk(Bulk::Csv),
        Self::Bulk(Bulk::Ndjson),
        Self::Bulk(Bulk::Xlsx),
        Self::Bulk(Bulk::Parquet),
        Self::Citation,
    ];

    const fn bulk(self) -> Option<Bulk> {
        match self {
            Self::Json | Self::Citation => None,
            Self::Bulk(bulk) => Some(bulk),
        }
    }

    /// The name it is asked for by, and which its files end with.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Bulk(bulk) => bulk.name(),
            Self::Citation => "citation",
        }
    }

    /// The media type it is served as, without its parameters.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Bulk(bulk) => bulk.media_type(),
            Self::Citation => "text/plain",
        }
    }

    /// The media type with its parameters.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Bulk(Bulk::Csv) => "text/csv; charset=utf-8; header=present",
            Self::Bulk(bulk) => bulk.media_type(),
            Self::Citation => "text/plain; charset=utf-8",
        }
    }
}

impl Bulk {
    /// The format of a name.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn named(name: &str) -> Result<Self> {
        let bulks = || Format::ALL.into_iter().filter_map(Format::bulk);
        bulks().find(|bulk| bulk.name() == name).ok_or_else(|| {
            Error::invalid("format", format!("format {name:?} is not offered"))
                .allowed(bulks().map(Self::name))
        })
    }

    /// The name it is asked for by, and which its files end with.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Ndjson => "application/x-ndjson",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// Whether it is a table, in which a row may take several lines.
    pub(super) const fn is_table(self) -> bool {
        !matches!(self, Self::Ndjson)
    }

    /// The fields of a resource in this format that `fields` chooses.
    ///
    /// # Errors
    /// `invalid_parameter` for a field the resource does not have.
    pub(super) fn fields<R: Resource>(
        self,
        filter: &R::Filter,
        fields: Option<&str>,
    ) -> Result<Fields> {
        if self.is_table() {
            Fields::of_lines::<R>(filter, fields)
        } else {
            Fields::of::<R>(filter, fields)
        }
    }

    /// Whether its columns have heads to label.
    const fn has_heads(self) -> bool {
        matches!(self, Self::Csv | Self::Xlsx)
    }
}

/// What stands in the heads of columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Labels {
    /// The names of the fields.
    #[default]
    Code,
    /// Their Chinese labels.
    Zh,
    /// Their English labels.
    En,
}

impl Labels {
    /// The heads of the columns of these fields.
    pub(super) fn heads(self, fields: &Fields) -> Vec<String> {
        let fields = fields.list().iter();
        match self {
            Self::Code => fields.map(|field| field.name.clone()).collect(),
            Self::Zh => fields.map(|field| field.label.zh.clone()).collect(),
            Self::En => fields.map(|field| field.label.en.clone()).collect(),
        }
    }
}

/// Whether a single answer is given as it is, or as a sentence to cite it by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CitationArgs {
    /// `json`, the default; or `citation`, a sentence to cite it by, as plain text.
    pub format: Option<String>,
    /// The language of the citation: `zh`, the default, or `en`.
    pub labels: Option<String>,
}

impl CitationArgs {
    /// The language of the sentence, where one is asked for.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn language(&self) -> Result<Option<Language>> {
        let Self { format, labels } = self;
        match (format.as_deref(), labels) {
            (None | Some("json"), None) => Ok(None),
            (None | Some("json"), Some(_)) => {
                let detail = "labels are the language of a citation, and json is asked for";
                Err(Error::invalid("labels", detail).allowed(["with format=citation: zh, en"]))
            }
            (Some("citation"), labels) => {
                let output = OutputArgs { labels: labels.clone(), ..OutputArgs::default() };
                output.language().map(Some)
            }
            (Some(other), _) => {
                let detail = format!("format {other:?} is not offered");
                Err(Error::invalid("format", detail).allowed(["json", "citation"]))
            }
        }
    }
}

/// What of each row is shown, and how it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams, clap::Args)]
#[into_params(parameter_in = Query)]
pub struct OutputArgs {
    /// The fields to show, separated by commas, nested ones with dots: `year,agency.name`; all where it
    /// is not said.
    #[arg(long)]
    pub fields: Option<String>,
    /// `json`, a page of rows; or all rows as `csv` (UTF-8 with BOM, for spreadsheets), `ndjson` (an
    /// object a line), `xlsx` (typed cells, up to 1,048,575 rows) or `parquet` (typed columns); or
    /// `citation`, a sentence to cite the answer by.
    #[arg(long)]
    pub format: Option<String>,
    /// What stands in the heads of `csv` and `xlsx`: `code`, the default, the names of the fields; `zh`
    /// or `en`, their labels. Of a citation its language: `zh`, the default, or `en`.
    #[arg(long)]
    pub labels: Option<String>,
}

impl OutputArgs {
    /// The format asked for by name.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn format(&self) -> Result<Option<Format>> {
        let Some(name) = self.format.as_deref() else { return Ok(None) };
        let known = Format::ALL.into_iter().find(|format| format.name() == name);
        known.map(Some).ok_or_else(|| {
            Error::invalid("format", format!("format {name:?} is not offered"))
                .allowed(Format::ALL.map(Format::name))
        })
    }

    /// The language of a citation.
    ///
    /// # Errors
    /// `invalid_parameter` for one that is not offered.
    pub fn language(&self) -> Result<Language> {
        match self.labels.as_deref() {
            None | Some("zh") => Ok(Language::Zh),
            Some("en") => Ok(Language::En),
            Some(other) => {
                let detail = format!("a citation is not offered in {other:?}");
                Err(Error::invalid("labels", detail).allowed(["zh", "en"]))
            }
        }
    }

    /// What of an answer in a format is chosen, by the names of the parameters.
    pub(super) fn shown(&self, format: Format) -> [(&'static str, Option<&str>); 3] {
        let name = matches!(format, Format::Bulk(_)).then(|| format.name());
        [
            ("fields", self.fields.as_deref().filter(|_| format != Format::Citation)),
            ("format", name),
            ("labels", self.labels.as_deref().filter(|_| name.is_some())),
        ]
    }

    /// What stands in the heads of a format's columns.
    ///
    /// # Errors
    /// `invalid_parameter` for labels that there are not, or where there are no heads.
    pub fn labels(&self, format: Format) -> Result<Labels> {
        let labels = match self.labels.as_deref() {
            None | Some("code") => return Ok(Labels::Code),
            Some("zh") => Labels::Zh,
            Some("en") => Labels::En,
            Some(other) => {
                return Err(Error::invalid("labels", format!("labels {other:?} are not offered"))
                    .allowed(["code", "zh", "en"]));
            }
        };
        let has_labels = match format {
            Format::Json => false,
            Format::Bulk(bulk) => bulk.has_heads(),
            Format::Citation => true,
        };
        if has_labels {
            return Ok(labels);
        }
        let detail =
            format!("{} has no heads to label: its fields keep their names", format.name());
        Err(Error::invalid("labels", detail).allowed(["code"]))
    }
}
