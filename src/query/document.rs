//! Documents as imported.

use entity::{document, report, template::Scope};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

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

/// A report that was read from a document: which it is.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct ReportKey {
    pub agency_id: String,
    pub agency_name: String,
    pub region_code: String,
    pub year: i32,
    pub scope: Scope,
}

/// The reports read from a document with these bytes that came in under the same name and address, and
/// of which nobody stated what it does not say: read again, it would say the same. Empty where there
/// is no such document.
///
/// # Errors
/// What the database says.
pub async fn reports_of(
    connection: &impl ConnectionTrait,
    sha256: &str,
    file_name: Option<&str>,
    url: Option<&str>,
) -> Result<Vec<ReportKey>> {
    let row: Option<(i64, Option<String>, Option<String>)> = document::Entity::find()
        .select_only()
        .columns([document::Column::Id, document::Column::FileName, document::Column::Url])
        .filter(document::Column::Sha256.eq(sha256))
        .filter(document::Column::Hinted.eq(false))
        .into_tuple()
        .one(connection)
        .await?;
    let id = row.and_then(|(id, name, address)| {
        // A report in JSON states its address itself, whatever it was fetched from.
        let is_same = name.as_deref() == file_name && (url.is_none() || address.as_deref() == url);
        is_same.then_some(id)
    });
    let Some(id) = id else { return Ok(Vec::new()) };
    let reports = report::Entity::find()
        .select_only()
        .columns([
            report::Column::AgencyId,
            report::Column::AgencyName,
            report::Column::RegionCode,
            report::Column::Year,
            report::Column::Scope,
        ])
        .filter(report::Column::DocumentId.eq(id))
        .order_by_asc(report::Column::Id)
        .into_model::<ReportKey>()
        .all(connection)
        .await?;
    Ok(reports)
}
