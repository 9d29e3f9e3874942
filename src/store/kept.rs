//! What is kept beside the reports so that questions are answered fast: proved, and made anew.

use std::fmt;

use sea_orm::{DatabaseConnection, TransactionTrait};

use super::{area_sums, section_index};
use crate::{error::Result, query::report::public_id};

/// Something kept that is not what the reports say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The sums of a region on a year.
    Area { region_code: String, year: i32 },
    /// What a section is found by.
    Section { report_id: i64, number: i64 },
    /// The search index itself.
    Index { detail: String },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Area { region_code, year } => {
                write!(f, "the sums kept of {region_code} on {year} are not those of its reports")
            }
            Self::Section { report_id, number } => {
                let id = public_id(*report_id);
                write!(f, "section {number} of report {id} is not found by what stands in it")
            }
            Self::Index { detail } => write!(f, "the search index is broken: {detail}"),
        }
    }
}

/// Everything kept that is not what the reports say, as of one moment.
///
/// # Errors
/// What the database says.
pub async fn differences(connection: &DatabaseConnection) -> Result<Vec<Difference>> {
    let transaction = connection.begin().await?;
    let areas = area_sums::differences(&transaction).await?;
    let areas = areas.into_iter();
    let mut differences: Vec<Difference> =
        areas.map(|(region_code, year)| Difference::Area { region_code, year }).collect();
    differences.extend(section_index::differences(&transaction).await?);
    transaction.rollback().await?;
    Ok(differences)
}

/// Makes all of it anew.
///
/// # Errors
/// What the database says.
pub async fn rebuild(connection: &DatabaseConnection) -> Result<()> {
    area_sums::rebuild(connection).await?;
    section_index::rebuild(connection).await
}
