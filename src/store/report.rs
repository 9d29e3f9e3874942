//! A draft with its findings -> the rows of one report.

use chrono::Utc;
use entity::{
    cell_state, disclosure_item, document, finding, lawsuit, note, report, request, review,
    section,
    template::{
        AppealResult, Applicant, CellState, Code, Item, ItemMeasure, LawsuitKind, Measure, Severity,
    },
    year,
};
use rust_decimal::prelude::ToPrimitive;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::{Document, Outcome, agency};
use crate::{
    cells::{Cells, MICRO_CNY, Quantity},
    check::{Deadlines, Finding, MonthDay},
    error::{Error, Result},
    extract::draft::Draft,
};

/// Stores the report, unless the same bytes were stored for it before.
pub async fn save(
    connection: &impl ConnectionTrait,
    document: &Document,
    draft: &Draft,
    findings: &[Finding],
    deadlines: &Deadlines,
) -> Result<Outcome> {
    let agency_id = draft.agency.id();
    let same_report = report::Column::AgencyId
        .eq(&agency_id)
        .and(report::Column::Year.eq(draft.year))
        .and(report::Column::Scope.eq(draft.scope));
    let revisions = report::Entity::find()
        .filter(same_report.clone())
        .order_by_desc(report::Column::Revision)
        .all(connection)
        .await?;
    let sha256 = document.sha256();
    let known = document_id(connection, &sha256).await?;
    if revisions.iter().any(|revision| Some(revision.document_id) == known) {
        return Ok(Outcome::Unchanged);
    }
    let document_id = match known {
        Some(id) => id,
        None => save_document(connection, document, sha256).await?,
    };
    agency::save(connection, draft).await?;
    save_year(connection, draft.year, deadlines).await?;
    report::Entity::update_many()
        .col_expr(report::Column::IsCurrent, Expr::value(false))
        .filter(same_report)
        .exec(connection)
        .await?;
    let revision = revisions.first().map_or(1, |newest| newest.revision + 1);
    let row = report_row(draft, findings, agency_id, document_id, revision);
    let report_id = report::Entity::insert(row).exec(connection).await?.last_insert_id;
    save_tables(connection, report_id, &draft.cells).await?;
    save_text(connection, report_id, draft).await?;
    save_findings(connection, report_id, findings).await?;
    Ok(if revision == 1 { Outcome::Added } else { Outcome::Revised(revision) })
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
        bytes: Set(document.bytes.clone()),
        imported_at: Set(Utc::now()),
        ..Default::default()
    };
    Ok(document::Entity::insert(row).exec(connection).await?.last_insert_id)
}

/// The deadlines are configuration: the year keeps those in force at its last import.
async fn save_year(
    connection: &impl ConnectionTrait,
    report_year: i32,
    deadlines: &Deadlines,
) -> Result<()> {
    let due = |day: MonthDay| {
        let due = day.in_year(report_year + 1);
        due.ok_or_else(|| Error::internal(format!("no {day} after {report_year}")))
    };
    let row = year::ActiveModel {
        year: Set(report_year),
        agency_deadline: Set(due(deadlines.agencies)?),
        government_deadline: Set(due(deadlines.governments)?),
    };
    let update = OnConflict::column(year::Column::Year)
        .update_columns([year::Column::AgencyDeadline, year::Column::GovernmentDeadline])
        .to_owned();
    year::Entity::insert(row).on_conflict(update).exec_without_returning(connection).await?;
    Ok(())
}

fn report_row(
    draft: &Draft,
    findings: &[Finding],
    agency_id: String,
    document_id: i64,
    revision: i32,
) -> report::ActiveModel {
    let contact = &draft.agency.contact;
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let mut row = report::ActiveModel {
        agency_id: Set(agency_id),
        year: Set(draft.year),
        scope: Set(draft.scope),
        revision: Set(revision),
        is_current: Set(true),
        region_code: Set(draft.agency.region_code.clone()),
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
        document_id: Set(document_id),
        imported_at: Set(Utc::now()),
        error_findings: Set(i32::try_from(errors).unwrap_or(i32::MAX)),
        ..Default::default()
    };
    for measure in Measure::all() {
        if let Some(column) = report::total_column(measure) {
            row.set(column, value_of(&draft.cells, measure).into());
        }
    }
    row
}

/// A count, as the database keeps it.
fn value_of(cells: &Cells, measure: Measure) -> Option<i64> {
    match cells.value(measure) {
        Ok(Quantity::Count(count)) => Some(count),
        _ => None,
    }
}

async fn save_tables(
    connection: &impl ConnectionTrait,
    report_id: i64,
    cells: &Cells,
) -> Result<()> {
    let items = Item::ALL
        .iter()
        .filter(|&&item| {
            ItemMeasure::ALL
                .iter()
                .any(|&measure| cells.has(Measure::DisclosureItem(item, measure)))
        })
        .map(|&item| item_row(report_id, cells, item))
        .collect::<Result<Vec<_>>>()?;
    disclosure_item::Entity::insert_many(items).exec_without_returning(connection).await?;

    let requests = cells.request_rows().map(|row| {
        let value = |column| Set(value_of(cells, Measure::Request(row, column)));
        request::ActiveModel {
            report_id: Set(report_id),
            row: Set(row),
            natural_person: value(Applicant::NaturalPerson),
            commercial_enterprise: value(Applicant::CommercialEnterprise),
            research_institution: value(Applicant::ResearchInstitution),
            public_welfare_organization: value(Applicant::PublicWelfareOrganization),
            legal_service_organization: value(Applicant::LegalServiceOrganization),
            other: value(Applicant::Other),
            total: value(Applicant::Total),
        }
    });
    request::Entity::insert_many(requests).exec_without_returning(connection).await?;

    let stands = |measure: fn(AppealResult) -> Measure| {
        AppealResult::ALL.iter().any(|&result| cells.has(measure(result)))
    };
    if stands(Measure::Review) {
        let value = |result| Set(value_of(cells, Measure::Review(result)));
        let row = review::ActiveModel {
            report_id: Set(report_id),
            upheld: value(AppealResult::Upheld),
            corrected: value(AppealResult::Corrected),
            other: value(AppealResult::Other),
            pending: value(AppealResult::Pending),
            total: value(AppealResult::Total),
        };
        review::Entity::insert(row).exec_without_returning(connection).await?;
    }
    let lawsuits = LawsuitKind::ALL
        .iter()
        .filter(|&&kind| {
            AppealResult::ALL.iter().any(|&result| cells.has(Measure::Lawsuit(kind, result)))
        })
        .map(|&kind| {
            let value = |result| Set(value_of(cells, Measure::Lawsuit(kind, result)));
            lawsuit::ActiveModel {
                report_id: Set(report_id),
                kind: Set(kind),
                upheld: value(AppealResult::Upheld),
                corrected: value(AppealResult::Corrected),
                other: value(AppealResult::Other),
                pending: value(AppealResult::Pending),
                total: value(AppealResult::Total),
            }
        });
    lawsuit::Entity::insert_many(lawsuits).exec_without_returning(connection).await?;

    // `blank` is what a cell without a number is where nothing else is said.
    let states = cells
        .iter()
        .filter(|(_, cell)| !matches!(cell.state, CellState::Reported | CellState::Blank))
        .map(|(measure, cell)| cell_state::ActiveModel {
            report_id: Set(report_id),
            cell: Set(measure.cell_code()),
            state: Set(cell.state),
        });
    cell_state::Entity::insert_many(states).exec_without_returning(connection).await?;
    Ok(())
}

fn item_row(report_id: i64, cells: &Cells, item: Item) -> Result<disclosure_item::ActiveModel> {
    let value = |measure| Set(value_of(cells, Measure::DisclosureItem(item, measure)));
    let amount = cells.get(Measure::DisclosureItem(item, ItemMeasure::Amount));
    let amount_micro_cny = match amount.value {
        Some(Quantity::Amount(amount)) => Some((amount * MICRO_CNY).to_i64().ok_or_else(|| {
            Error::internal(format!("{amount} CNY is more than the database holds"))
        })?),
        _ => None,
    };
    Ok(disclosure_item::ActiveModel {
        report_id: Set(report_id),
        item: Set(item),
        issued: value(ItemMeasure::Issued),
        repealed: value(ItemMeasure::Repealed),
        in_force: value(ItemMeasure::InForce),
        newly_made: value(ItemMeasure::NewlyMade),
        newly_disclosed: value(ItemMeasure::NewlyDisclosed),
        total_disclosed: value(ItemMeasure::TotalDisclosed),
        previous_items: value(ItemMeasure::PreviousItems),
        change: value(ItemMeasure::Change),
        decisions: value(ItemMeasure::Decisions),
        projects: value(ItemMeasure::Projects),
        amount_micro_cny: Set(amount_micro_cny),
        amount_printed: Set(amount.printed.clone()),
    })
}

async fn save_text(connection: &impl ConnectionTrait, report_id: i64, draft: &Draft) -> Result<()> {
    let sections = draft.sections.iter().map(|section| section::ActiveModel {
        report_id: Set(report_id),
        number: Set(section.number),
        heading: Set(section.heading.clone()),
        text: Set(section.text.clone()),
    });
    section::Entity::insert_many(sections).exec_without_returning(connection).await?;
    let notes = (1..).zip(&draft.notes).map(|(number, note)| note::ActiveModel {
        report_id: Set(report_id),
        number: Set(number),
        code: Set(note.code.clone()),
        message: Set(note.message.clone()),
    });
    note::Entity::insert_many(notes).exec_without_returning(connection).await?;
    Ok(())
}

async fn save_findings(
    connection: &impl ConnectionTrait,
    report_id: i64,
    findings: &[Finding],
) -> Result<()> {
    let findings = findings.iter().map(|finding| {
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
            ..Default::default()
        }
    });
    finding::Entity::insert_many(findings).exec_without_returning(connection).await?;
    Ok(())
}
