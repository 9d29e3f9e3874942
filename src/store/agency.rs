//! The agency of a draft -> its row.

use entity::{agency, merge, report};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::{
    error::{Error, Result},
    extract::draft::{self, Draft},
};

/// Adds the agency of a draft, where it is not there yet.
pub async fn save(connection: &impl ConnectionTrait, draft: &Draft) -> Result<()> {
    add(connection, &draft.agency).await
}

/// Adds an agency, where it is not there yet; `refresh` says the rest of it.
pub async fn add(connection: &impl ConnectionTrait, agency: &draft::Agency) -> Result<()> {
    let draft::Agency { name, own_name, region_code, kind, level, contact: _ } = agency;
    let row = agency::ActiveModel {
        id: Set(agency.id()),
        region_code: Set(region_code.clone()),
        own_name: Set(own_name.clone()),
        name: Set(name.clone()),
        kind: Set(*kind),
        level: Set(*level),
        is_current: Set(false),
    };
    agency::Entity::insert(row).on_conflict_do_nothing().exec(connection).await?;
    Ok(())
}

/// The agency that an id means: itself, or the one that it was merged into.
pub async fn meant(connection: &impl ConnectionTrait, id: &str) -> Result<String> {
    let merged: Option<String> = merge::Entity::find()
        .select_only()
        .column(merge::Column::IntoId)
        .filter(merge::Column::FromId.eq(id))
        .filter(merge::Column::UntilVersion.is_null())
        .into_tuple()
        .one(connection)
        .await?;
    Ok(merged.unwrap_or_else(|| id.to_owned()))
}

/// An agency's row.
pub async fn row(connection: &impl ConnectionTrait, id: &str) -> Result<agency::Model> {
    let row = agency::Entity::find_by_id(id).one(connection).await?;
    row.ok_or_else(|| Error::not_found("agency", id))
}

/// The code of an agency's region.
pub async fn region_of(connection: &impl ConnectionTrait, id: &str) -> Result<String> {
    Ok(row(connection, id).await?.region_code)
}

/// Says of an agency what its reports do: whether it has a current one, and its name, which is the one
/// that the newest writes. Without a current one it keeps the name of the newest it had.
pub async fn refresh(connection: &impl ConnectionTrait, id: &str) -> Result<()> {
    let known = row(connection, id).await?;
    let newest: Option<(String, bool)> = report::Entity::find()
        .select_only()
        .columns([report::Column::AgencyName, report::Column::IsCurrent])
        .filter(report::Column::AgencyId.eq(id))
        .order_by_desc(report::Column::IsCurrent)
        .order_by_desc(report::Column::Year)
        .order_by_asc(report::Column::Scope)
        .order_by_desc(report::Column::Revision)
        .into_tuple()
        .one(connection)
        .await?;
    let Some((name, is_current)) = newest else { return Ok(()) };
    if known.name != name || known.is_current != is_current {
        let mut row: agency::ActiveModel = known.into();
        (row.name, row.is_current) = (Set(name), Set(is_current));
        agency::Entity::update(row).exec(connection).await?;
    }
    Ok(())
}
