//! Documents as imported.

use entity::document;
use sea_orm::{ConnectionTrait, EntityTrait};

use super::as_of::At;
use crate::error::{Error, Result};

/// A document as imported, byte for byte.
#[derive(Clone, Debug)]
pub struct DocumentView {
    pub bytes: Vec<u8>,
    pub media_type: String,
    pub sha256: String,
}

/// The document a report was read from.
///
/// # Errors
/// `not_found`.
pub async fn of_report(
    connection: &impl ConnectionTrait,
    report_id: &str,
    at: At,
) -> Result<DocumentView> {
    let report = super::report::row(connection, report_id, at).await?;
    let row = document::Entity::find_by_id(report.document_id).one(connection).await?;
    let row = row.ok_or_else(|| Error::not_found("document of report", report_id))?;
    let document::Model { sha256, media_type, bytes, .. } = row;
    Ok(DocumentView { bytes, media_type, sha256 })
}
