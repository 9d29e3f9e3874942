//! The formats of a summary: by which names and media types they are asked for, and its bytes in each.

use super::{Language, page, sheet};
use crate::{
    error::{Error, Result},
    formats::{self, Bulk, Format, OutputArgs},
    query::{
        Resource, citation,
        permalink::Permalink,
        summary::{SummaryCells, SummaryView},
    },
};

/// The format of a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormFormat {
    /// The whole summary.
    Json,
    /// A page to read and to print.
    Html,
    /// The form as it is printed.
    Xlsx,
    /// A line a cell.
    Cells(Bulk),
    /// A sentence to cite it by.
    Citation,
}

impl FormFormat {
    /// Every format; where several are liked equally, the first.
    pub const ALL: [Self; 7] = [
        Self::Json,
        Self::Html,
        Self::Xlsx,
        Self::Cells(Bulk::Csv),
        Self::Cells(Bulk::Ndjson),
        Self::Cells(Bulk::Parquet),
        Self::Citation,
    ];

    /// The format of a name.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn named(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| {
            Error::invalid("format", format!("format {name:?} is not offered of a summary"))
                .allowed(Self::ALL.map(Self::name))
        })
    }

    /// The name it is asked for by, and which its files end with.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            _ => self.of_rows().name(),
        }
    }

    /// The media type it is served as, without its parameters.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html",
            _ => self.of_rows().media_type(),
        }
    }

    /// The media type with its parameters.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            _ => self.of_rows().content_type(),
        }
    }

    /// The list's format of this name.
    const fn of_rows(self) -> Format {
        match self {
            Self::Json | Self::Html => Format::Json,
            Self::Xlsx => Format::Bulk(Bulk::Xlsx),
            Self::Cells(bulk) => Format::Bulk(bulk),
            Self::Citation => Format::Citation,
        }
    }
}

/// Writes a summary, which stays at this address of the public one.
///
/// # Errors
/// `invalid_parameter` for fields or labels that the format has not.
pub async fn encode(
    summary: SummaryView,
    format: FormFormat,
    output: &OutputArgs,
    permalink: &Permalink,
    public_url: &str,
) -> Result<Vec<u8>> {
    if output.fields.is_some() && !matches!(format, FormFormat::Cells(_)) {
        let detail = format!("{} is the form whole, without fields to choose", format.name());
        return Err(Error::invalid("fields", detail).allowed(["with csv, ndjson or parquet"]));
    }
    match format {
        FormFormat::Xlsx => sheet(&summary, Language::parse(output.labels.as_deref())?),
        FormFormat::Json => {
            output.labels(Format::Json)?;
            serde_json::to_vec(&summary).map_err(Error::internal)
        }
        FormFormat::Html => {
            if output.labels.is_some() {
                let detail = "html is in both languages";
                return Err(Error::invalid("labels", detail).allowed(["with csv or xlsx"]));
            }
            let (address, _) = permalink.address.split_once('?').unwrap_or_default();
            Ok(page(&summary, address).into_bytes())
        }
        FormFormat::Citation => {
            let (coverage, language) = (Some(&summary.coverage), output.language()?);
            let name = SummaryCells::NAME;
            let text = citation::of_list(name, permalink, None, coverage, public_url, language);
            Ok((text + "\n").into_bytes())
        }
        FormFormat::Cells(bulk) => {
            formats::whole::<SummaryCells>(bulk, output, summary.cells).await
        }
    }
}
