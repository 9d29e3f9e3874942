//! The stored report in its canonical form, and the numbers of stored reports.

use std::collections::HashMap;

use entity::{
    agency, cell_state, disclosure_item, document, lawsuit, note, report, request, review, section,
    template::{AppealResult, Applicant, CellState, Item, ItemMeasure, Measure, Template},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    as_of::At,
    finding,
    report::{public_id, row},
};
use crate::{
    canonical::{Agency, Report, Source},
    cells::{Cell, Cells, Quantity},
    error::{Error, Result},
    extract::draft::{Contact, Note, Period, Section},
};

/// A report in full, by its id.
///
/// # Errors
/// `not_found`.
pub async fn get(connection: &impl ConnectionTrait, id: &str, at: At) -> Result<Report> {
    let report = row(connection, id, at).await?;
    let missing = |what| Error::internal(format!("report {} has no {what}", report.id));
    let agency = agency::Entity::find_by_id(&report.agency_id).one(connection).await?;
    let agency = agency.ok_or_else(|| missing("agency"))?;
    let source =
        source(connection, report.document_id).await?.ok_or_else(|| missing("document"))?;
    let cells = cells(connection, &[report.id]).await?.remove(&report.id).unwrap_or_default();
    let sections = sections(connection, &[report.id]).await?.remove(&report.id).unwrap_or_default();
    let notes = notes(connection, report.id).await?;
    let findings = finding::by_reports(connection, &[report.id], at).await?;
    let findings = findings.into_values().flatten().map(|view| view.finding);
    let empty = Report {
        id: Some(public_id(report.id)),
        agency: Agency {
            id: agency.id,
            name: report.agency_name,
            region_code: agency.region_code,
            kind: agency.kind,
            level: agency.level,
            contact: Contact {
                address: report.contact_address,
                postcode: report.contact_postcode,
                telephone: report.contact_telephone,
                email: report.contact_email,
            },
        },
        year: report.year,
        template: report.template,
        scope: report.scope,
        title: report.title,
        period: report.period_from.zip(report.period_to).map(|(from, to)| Period { from, to }),
        published_on: report.published_on,
        source,
        revision: Some(report.revision),
        disclosure_items: Default::default(),
        requests: Default::default(),
        reviews: Default::default(),
        lawsuits: Default::default(),
        sections,
        cell_states: Default::default(),
        findings: findings.collect(),
        notes,
    };
    Ok(empty.with_cells(&cells))
}

async fn source(connection: &impl ConnectionTrait, document_id: i64) -> Result<Option<Source>> {
    let row: Option<(Option<String>, String, String)> = document::Entity::find_by_id(document_id)
        .select_only()
        .columns([document::Column::Url, document::Column::MediaType, document::Column::Sha256])
        .into_tuple()
        .one(connection)
        .await?;
    Ok(row.map(|(url, media_type, sha256)| Source { url, media_type, sha256 }))
}

/// The notes of a report, in the document's order.
pub(super) async fn notes(connection: &impl ConnectionTrait, report_id: i64) -> Result<Vec<Note>> {
    let rows = note::Entity::find()
        .filter(note::Column::ReportId.eq(report_id))
        .order_by_asc(note::Column::Number)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| Note { code: row.code, message: row.message }).collect())
}

/// The sections of reports, by the reports' row ids.
///
/// # Errors
/// What the database says.
pub async fn sections(
    connection: &impl ConnectionTrait,
    report_ids: &[i64],
) -> Result<HashMap<i64, Vec<Section>>> {
    let rows = section::Entity::find()
        .filter(section::Column::ReportId.is_in(report_ids.iter().copied()))
        .order_by_asc(section::Column::Number)
        .all(connection)
        .await?;
    let mut by_report: HashMap<i64, Vec<Section>> = HashMap::new();
    for section::Model { report_id, number, heading, text } in rows {
        by_report.entry(report_id).or_default().push(Section { number, heading, text });
    }
    Ok(by_report)
}

/// The numbers of reports, by the reports' row ids: six statements, however many reports.
///
/// # Errors
/// What the database says.
pub async fn cells(
    connection: &impl ConnectionTrait,
    report_ids: &[i64],
) -> Result<HashMap<i64, Cells>> {
    let ids = || report_ids.iter().copied();
    let templates: Vec<(i64, Option<Template>)> = report::Entity::find()
        .select_only()
        .columns([report::Column::Id, report::Column::Template])
        .filter(report::Column::Id.is_in(ids()))
        .into_tuple()
        .all(connection)
        .await?;
    let templates: HashMap<i64, Option<Template>> = templates.into_iter().collect();
    let mut cells: HashMap<i64, Cells> = HashMap::new();
    let items =
        disclosure_item::Entity::find().filter(disclosure_item::Column::ReportId.is_in(ids()));
    for row in items.all(connection).await? {
        let template = templates.get(&row.report_id).copied().flatten();
        item_cells(cells.entry(row.report_id).or_default(), &row, template);
    }
    let requests = request::Entity::find().filter(request::Column::ReportId.is_in(ids()));
    for row in requests.all(connection).await? {
        let cells = cells.entry(row.report_id).or_default();
        for (column, count) in [
            (Applicant::NaturalPerson, row.natural_person),
            (Applicant::CommercialEnterprise, row.commercial_enterprise),
            (Applicant::ResearchInstitution, row.research_institution),
            (Applicant::PublicWelfareOrganization, row.public_welfare_organization),
            (Applicant::LegalServiceOrganization, row.legal_service_organization),
            (Applicant::Other, row.other),
            (Applicant::Total, row.total),
        ] {
            cells.set(Measure::Request(row.row, column), counted(count));
        }
    }
    let reviews = review::Entity::find().filter(review::Column::ReportId.is_in(ids()));
    for row in reviews.all(connection).await? {
        let cells = cells.entry(row.report_id).or_default();
        for (result, count) in
            results([row.upheld, row.corrected, row.other, row.pending, row.total])
        {
            cells.set(Measure::Review(result), counted(count));
        }
    }
    let lawsuits = lawsuit::Entity::find().filter(lawsuit::Column::ReportId.is_in(ids()));
    for row in lawsuits.all(connection).await? {
        let cells = cells.entry(row.report_id).or_default();
        for (result, count) in
            results([row.upheld, row.corrected, row.other, row.pending, row.total])
        {
            cells.set(Measure::Lawsuit(row.kind, result), counted(count));
        }
    }
    let states = cell_state::Entity::find().filter(cell_state::Column::ReportId.is_in(ids()));
    for row in states.all(connection).await? {
        let measure = row.cell.parse().map_err(Error::internal)?;
        cells.entry(row.report_id).or_default().set(measure, Cell::missing(row.state));
    }
    Ok(cells)
}

fn results(counts: [Option<i64>; 5]) -> impl Iterator<Item = (AppealResult, Option<i64>)> {
    use AppealResult::{Corrected, Other, Pending, Total, Upheld};
    [Upheld, Corrected, Other, Pending, Total].into_iter().zip(counts)
}

/// A cell without a number is blank where `cell_state` says nothing else.
fn counted(count: Option<i64>) -> Cell {
    count.map_or(Cell::missing(CellState::Blank), |count| Cell::reported(Quantity::Count(count)))
}

/// The cells of an item: those its template has, and any other in which a number stands.
fn item_cells(cells: &mut Cells, row: &disclosure_item::Model, template: Option<Template>) {
    let item: Item = row.item;
    for (measure, count) in [
        (ItemMeasure::Issued, row.issued),
        (ItemMeasure::Repealed, row.repealed),
        (ItemMeasure::InForce, row.in_force),
        (ItemMeasure::NewlyMade, row.newly_made),
        (ItemMeasure::NewlyDisclosed, row.newly_disclosed),
        (ItemMeasure::TotalDisclosed, row.total_disclosed),
        (ItemMeasure::PreviousItems, row.previous_items),
        (ItemMeasure::Change, row.change),
        (ItemMeasure::Decisions, row.decisions),
        (ItemMeasure::Projects, row.projects),
    ] {
        if count.is_some()
            || template.is_some_and(|template| item.measures(template).contains(&measure))
        {
            cells.set(Measure::DisclosureItem(item, measure), counted(count));
        }
    }
    let has_amount =
        template.is_some_and(|template| item.measures(template).contains(&ItemMeasure::Amount));
    if has_amount || row.amount_micro_cny.is_some() {
        let amount = row.amount_micro_cny.map(Quantity::of_micro_cny);
        let cell = amount.map_or(Cell::missing(CellState::Blank), Cell::reported);
        let cell = Cell { printed: row.amount_printed.clone(), ..cell };
        cells.set(Measure::DisclosureItem(item, ItemMeasure::Amount), cell);
    }
}
