//! Drafts and findings -> rows. The only room that writes.
//!
//! One transaction a report: all of it is there or none. Never called to answer a question.

mod agency;
mod area_sums;
mod copied;
pub mod correction;
mod history;
pub mod kept;
mod region;
mod report;
mod section_index;
mod tables;
mod unknown;
mod years;

use chrono::Utc;
use entity::data_version;
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DatabaseConnection, EntityTrait, TransactionTrait,
};

use crate::{
    check::{Deadlines, Finding},
    error::Result,
    extract::draft::Draft,
    fingerprint,
};

/// A document as it came in.
#[derive(Clone, Debug)]
pub struct Document {
    pub bytes: Vec<u8>,
    pub media_type: String,
    /// The name of the file it came from, without its folder.
    pub file_name: Option<String>,
    /// The address it was fetched from.
    pub url: Option<String>,
    /// Whether the caller stated whose report it is, or of which year.
    pub hinted: bool,
}

impl Document {
    /// The fingerprint by which the same bytes are known again.
    #[must_use]
    pub fn sha256(&self) -> String {
        fingerprint::sha256(&self.bytes)
    }
}

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is the first of its agency, year and scope.
    Added,
    /// Another document of the same agency, year and scope was there: this is a new revision.
    Revised(i32),
    /// The same bytes were imported before, be it that the report was withdrawn or moved since.
    Unchanged,
}

/// Makes ready what every report refers to, the regions and the data version, and what reports stored
/// by an older program lack.
///
/// # Errors
/// What the database says.
pub async fn prepare(connection: &DatabaseConnection) -> Result<()> {
    let transaction = connection.begin().await?;
    region::seed(&transaction).await?;
    data_version(&transaction).await?;
    transaction.commit().await?;
    unknown::fill(connection).await?;
    section_index::fill(connection).await?;
    area_sums::fill(connection).await?;
    copied::fill(connection).await
}

/// Hexadecimal digits of the name by which a database is told from any other.
const INSTANCE_DIGITS: usize = 8;

async fn data_version(connection: &impl ConnectionTrait) -> Result<()> {
    if data_version::Entity::find_by_id(1_i16).one(connection).await?.is_none() {
        let now = Utc::now();
        let seed = format!("{now:?} {}", std::process::id());
        let row = data_version::ActiveModel {
            id: Set(1),
            instance: Set(fingerprint::short(seed, INSTANCE_DIGITS)),
            version: Set(0),
            changed_at: Set(now),
            area_sums_of: Set(None),
        };
        data_version::Entity::insert(row).exec(connection).await?;
    }
    Ok(())
}

/// Stores the reports of a document, each with its findings: all of them or none, so that a document
/// that is there is there whole.
///
/// # Errors
/// What the database says; then nothing of the document is stored.
pub async fn save(
    connection: &DatabaseConnection,
    document: &Document,
    reports: &[(&Draft, &[Finding])],
    deadlines: &Deadlines,
) -> Result<Vec<Outcome>> {
    let transaction = connection.begin().await?;
    let mut outcomes = Vec::with_capacity(reports.len());
    for (draft, findings) in reports {
        outcomes.push(report::save(&transaction, document, draft, findings, deadlines).await?);
    }
    transaction.commit().await?;
    Ok(outcomes)
}
