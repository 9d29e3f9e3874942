//! The numbers and the prose of a draft -> the rows of a report.

use entity::{
    cell_state, disclosure_item, lawsuit, note, request, review, section,
    template::{AppealResult, Applicant, CellState, Code, Item, ItemMeasure, LawsuitKind, Measure},
};
use rust_decimal::prelude::ToPrimitive;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use crate::{
    cells::{Cells, MICRO_CNY, Quantity},
    error::{Error, Result},
    extract::draft::Draft,
};

/// A count, as the database keeps it.
pub fn value_of(cells: &Cells, measure: Measure) -> Option<i64> {
    match cells.value(measure) {
        Ok(Quantity::Count(count)) => Some(count),
        _ => None,
    }
}

pub async fn save_tables(
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

pub async fn save_text(
    connection: &impl ConnectionTrait,
    report_id: i64,
    draft: &Draft,
) -> Result<()> {
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
