//! A draft with its findings -> the rows of one report.

use chrono::Utc;
use entity::{
    deadline, document, finding, report,
    template::{Measure, Severity},
    year,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::{
    Document, Outcome, agency, area_sums, copied, history, section_index,
    tables::{save_tables, save_text, value_of},
    unknown,
    years::{self, Place},
};
use crate::{
    check::{Deadlines, Finding, MonthDay},
    error::{Error, Result},
    extract::draft::Draft,
    query::canonical,
};

/// Stores the report, unless the same bytes were stored for it before, be it as a report that was
/// withdrawn or moved since: what the operator took out comes back only with another document.
pub async fn save(
    connection: &impl ConnectionTrait,
    document: &Document,
    draft: &Draft,
    findings: &[Finding],
    deadlines: &Deadlines,
) -> Result<Outcome> {
    let own_id = draft.agency.id();
    let agency_id = agency::meant(connection, &own_id).await?;
    let place = Place { agency_id, year: draft.year, scope: draft.scope };
    let sha256 = document.sha256();
    let known = document_id(connection, &sha256).await?;
    let of_place = revisions(connection, &place).await?;
    let was_here = |id| of_place.iter().any(|revision| revision.document_id == id);
    if let Some(id) = known {
        // Before agencies were merged the same bytes were stored under the name they bear.
        let moved = report::Entity::find()
            .filter(report::Column::DocumentId.eq(id))
            .filter(report::Column::AgencyId.eq(&own_id))
            .filter(report::Column::Year.eq(draft.year))
            .filter(report::Column::Scope.eq(draft.scope));
        let was_moved = place.agency_id != own_id && moved.count(connection).await? > 0;
        if was_here(id) || was_moved {
            return Ok(Outcome::Unchanged);
        }
    }
    let version = history::next_version(connection).await?;
    let document_id = match known {
        Some(id) => {
            if document.hinted {
                say_hinted(connection, id).await?;
            }
            id
        }
        None => save_document(connection, document, sha256).await?,
    };
    if place.agency_id == own_id {
        agency::save(connection, draft).await?;
    }
    let new = New { draft, findings, document_id, version };
    let (_, revision) = insert(connection, &place, &new, deadlines).await?;
    agency::refresh(connection, &place.agency_id).await?;
    years::recheck(connection, &place, version).await?;
    copied::recheck(connection, &place, version).await?;
    Ok(if revision == 1 { Outcome::Added } else { Outcome::Revised(revision) })
}

/// Every revision of a report, newest first.
async fn revisions(connection: &impl ConnectionTrait, place: &Place) -> Result<Vec<report::Model>> {
    let revisions = report::Entity::find()
        .filter(report::Column::AgencyId.eq(&place.agency_id))
        .filter(report::Column::Year.eq(place.year))
        .filter(report::Column::Scope.eq(place.scope))
        .order_by_desc(report::Column::Revision)
        .all(connection)
        .await?;
    Ok(revisions)
}

/// A report that becomes current.
pub struct New<'a> {
    pub draft: &'a Draft,
    pub findings: &'a [Finding],
    pub document_id: i64,
    pub version: i64,
}

/// Writes a report as the newest revision of its place, and what it changes; gives its row's id and its
/// revision.
pub async fn insert(
    connection: &impl ConnectionTrait,
    place: &Place,
    new: &New<'_>,
    deadlines: &Deadlines,
) -> Result<(i64, i32)> {
    let New { draft, findings, version, .. } = new;
    save_year(connection, place.year, deadlines, *version).await?;
    let revisions = revisions(connection, place).await?;
    let current = revisions.iter().find(|revision| revision.is_current);
    if let Some(current) = current {
        history::end(connection, current.id, *version).await?;
    }
    let revision = revisions.first().map_or(1, |newest| newest.revision + 1);
    let unknown = unknown::of(&draft.cells);
    let region_code = agency::region_of(connection, &place.agency_id).await?;
    let mut row = report_row(place, &region_code, new, revision);
    unknown::set(&mut row, &draft.cells, &unknown);
    let report_id = report::Entity::insert(row).exec(connection).await?.last_insert_id;
    save_tables(connection, report_id, &draft.cells).await?;
    unknown::save(connection, report_id, &unknown).await?;
    save_text(connection, report_id, draft).await?;
    section_index::save(connection, report_id, &draft.sections).await?;
    let part = area_sums::Part {
        id: report_id,
        agency_id: place.agency_id.clone(),
        region_code,
        year: place.year,
        scope: place.scope,
        template: draft.template,
    };
    area_sums::came(connection, part, &draft.cells).await?;
    let rows = findings.iter().map(|finding| finding_row(report_id, finding, *version));
    finding::Entity::insert_many(rows).exec_without_returning(connection).await?;
    if let Some(before) = current.map(|current| current.id) {
        let mut cells = canonical::cells(connection, &[before, report_id]).await?;
        let mut of = |id| cells.remove(&id).unwrap_or_default();
        let (cells, before_cells) = (of(report_id), of(before));
        let revision = history::Revision {
            report_id,
            cells: &cells,
            before_id: before,
            before: &before_cells,
        };
        history::note_cells(connection, *version, &revision).await?;
    }
    Ok((report_id, revision))
}

/// The row of a document with the same bytes, where there is one.
async fn document_id(connection: &impl ConnectionTrait, sha256: &str) -> Result<Option<i64>> {
    let id = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .filter(document::Column::Sha256.eq(sha256))
        .into_tuple()
        .one(connection)
        .await?;
    Ok(id)
}

/// Notes that a document's bytes alone do not tell its reports.
async fn say_hinted(connection: &impl ConnectionTrait, document_id: i64) -> Result<()> {
    document::Entity::update_many()
        .col_expr(document::Column::Hinted, Expr::value(true))
        .filter(document::Column::Id.eq(document_id))
        .exec(connection)
        .await?;
    Ok(())
}

async fn save_document(
    connection: &impl ConnectionTrait,
    document: &Document,
    sha256: String,
) -> Result<i64> {
    let row = document::ActiveModel {
        sha256: Set(sha256),
        media_type: Set(document.media_type.clone()),
        file_name: Set(document.file_name.clone()),
        url: Set(document.url.clone()),
        hinted: Set(document.hinted),
        bytes: Set(document.bytes.clone()),
        imported_at: Set(Utc::now()),
        ..Default::default()
    };
    Ok(document::Entity::insert(row).exec(connection).await?.last_insert_id)
}

/// The deadlines are configuration: the year keeps those in force at its last import, and when they
/// were other ones.
async fn save_year(
    connection: &impl ConnectionTrait,
    report_year: i32,
    deadlines: &Deadlines,
    version: i64,
) -> Result<()> {
    let due = |day: MonthDay| {
        let due = day.in_year(report_year + 1);
        due.ok_or_else(|| Error::internal(format!("no {day} after {report_year}")))
    };
    let (agencies, governments) = (due(deadlines.agencies)?, due(deadlines.governments)?);
    let known = year::Entity::find_by_id(report_year).one(connection).await?;
    let same = known.as_ref().is_some_and(|known| {
        known.agency_deadline == agencies && known.government_deadline == governments
    });
    if same {
        return Ok(());
    }
    let row = year::ActiveModel {
        year: Set(report_year),
        agency_deadline: Set(agencies),
        government_deadline: Set(governments),
    };
    let update = OnConflict::column(year::Column::Year)
        .update_columns([year::Column::AgencyDeadline, year::Column::GovernmentDeadline])
        .to_owned();
    year::Entity::insert(row).on_conflict(update).exec_without_returning(connection).await?;
    let row = deadline::ActiveModel {
        year: Set(report_year),
        from_version: Set(version),
        agency_deadline: Set(agencies),
        government_deadline: Set(governments),
    };
    // A correction may write several reports of a year in one version.
    let replace = OnConflict::columns([deadline::Column::Year, deadline::Column::FromVersion])
        .update_columns([deadline::Column::AgencyDeadline, deadline::Column::GovernmentDeadline])
        .to_owned();
    deadline::Entity::insert(row).on_conflict(replace).exec_without_returning(connection).await?;
    Ok(())
}

fn report_row(
    place: &Place,
    region_code: &str,
    new: &New<'_>,
    revision: i32,
) -> report::ActiveModel {
    let New { draft, findings, document_id, version } = new;
    let contact = &draft.agency.contact;
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let mut row = report::ActiveModel {
        agency_id: Set(place.agency_id.clone()),
        year: Set(place.year),
        scope: Set(place.scope),
        revision: Set(revision),
        is_current: Set(true),
        from_version: Set(*version),
        until_version: Set(None),
        region_code: Set(region_code.to_owned()),
        agency_name: Set(draft.agency.name.clone()),
        template: Set(draft.template),
        title: Set(draft.title.clone()),
        period_from: Set(draft.period.map(|period| period.from)),
        period_to: Set(draft.period.map(|period| period.to)),
        published_on: Set(draft.published_on),
        contact_address: Set(contact.address.clone()),
        contact_postcode: Set(contact.postcode.clone()),
        contact_telephone: Set(contact.telephone.clone()),
        contact_email: Set(contact.email.clone()),
        document_id: Set(*document_id),
        imported_at: Set(Utc::now()),
        error_findings: Set(i32::try_from(errors).unwrap_or(i32::MAX)),
        indexed_sections: Set(Some(section_index::count(&draft.sections))),
        ..Default::default()
    };
    for measure in Measure::all() {
        if let Some(column) = report::total_column(measure) {
            row.set(column, value_of(&draft.cells, measure).into());
        }
    }
    row
}

/// The row of a finding.
pub fn finding_row(report_id: i64, finding: &Finding, version: i64) -> finding::ActiveModel {
    let cells: Vec<String> = finding.cells.iter().map(|cell| cell.cell_code()).collect();
    finding::ActiveModel {
        report_id: Set(report_id),
        check: Set(finding.check.to_owned()),
        severity: Set(finding.severity),
        cells: Set(cells.join(" ")),
        left: Set(finding.left.map(|left| left.to_string())),
        right: Set(finding.right.map(|right| right.to_string())),
        message: Set(finding.message.clone()),
        message_zh: Set(finding.message_zh.clone()),
        from_version: Set(version),
        until_version: Set(None),
        ..Default::default()
    }
}
