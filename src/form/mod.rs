//! A summary -> the national form as it is printed: a spreadsheet, a page.
//!
//! Both are drawn from one layout, which follows from the vocabulary.

mod format;
mod layout;
mod page;
mod sheet;
mod words;

use std::collections::HashMap;

use entity::template::Measure;
use rust_decimal::Decimal;

use crate::{
    cells::Quantity,
    error::{Error, Result},
    query::summary::{SummaryCell, SummaryView},
};
pub use format::{FormFormat, encode};
use page::page;
use sheet::sheet;

/// The language of a spreadsheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Zh,
    En,
}

impl Language {
    /// Understands `labels`: Chinese, as the form is printed, where it is not said.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn parse(labels: Option<&str>) -> Result<Self> {
        match labels {
            None | Some("zh") => Ok(Self::Zh),
            Some("en") => Ok(Self::En),
            Some(other) => {
                let detail = format!("labels {other:?} are not offered of the form");
                Err(Error::invalid("labels", detail).allowed(["zh", "en"]))
            }
        }
    }
}

/// CNY in the unit that the form prints amounts in.
const AMOUNT_UNIT_CNY: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);

/// A number as the form prints it: money in 万元.
fn printed(quantity: Quantity) -> Decimal {
    match quantity {
        Quantity::Count(count) => count.into(),
        Quantity::Amount(cny) => (cny / AMOUNT_UNIT_CNY).normalize(),
    }
}

/// The cells of a summary by their measures.
fn by_measure(summary: &SummaryView) -> HashMap<Measure, &SummaryCell> {
    let cells = summary.cells.iter();
    cells.filter_map(|cell| Some((cell.measure.parse().ok()?, cell))).collect()
}

/// The name of a file that holds a summary, without its ending.
#[must_use]
pub fn file_name(region: &str, year: i32) -> String {
    format!("summary-{region}-{year}")
}
