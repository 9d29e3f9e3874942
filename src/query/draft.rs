//! A stored report -> the draft it was stored from: what a correction stores anew, and what is checked
//! again.

use entity::{agency, report};
use sea_orm::{ConnectionTrait, EntityTrait};

use super::canonical;
use crate::{
    error::{Error, Result},
    extract::draft::{Agency, Contact, Draft, Period},
};

/// The draft of a report, by its row.
///
/// # Errors
/// What the database says.
pub async fn of_row(connection: &impl ConnectionTrait, row: report::Model) -> Result<Draft> {
    let agency = agency::Entity::find_by_id(&row.agency_id).one(connection).await?;
    let agency = agency.ok_or_else(|| Error::internal(format!("no agency {}", row.agency_id)))?;
    let mut cells = canonical::cells(connection, &[row.id]).await?;
    let mut sections = canonical::sections(connection, &[row.id]).await?;
    Ok(Draft {
        agency: Agency {
            name: row.agency_name,
            own_name: agency.own_name,
            region_code: agency.region_code,
            kind: agency.kind,
            level: agency.level,
            contact: Contact {
                address: row.contact_address,
                postcode: row.contact_postcode,
                telephone: row.contact_telephone,
                email: row.contact_email,
            },
        },
        year: row.year,
        template: row.template,
        scope: row.scope,
        title: row.title,
        period: row.period_from.zip(row.period_to).map(|(from, to)| Period { from, to }),
        published_on: row.published_on,
        sections: sections.remove(&row.id).unwrap_or_default(),
        cells: cells.remove(&row.id).unwrap_or_default(),
        notes: canonical::notes(connection, row.id).await?,
    })
}
