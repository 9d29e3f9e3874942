//! The agency of a draft -> its row.

use entity::{agency, report};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};

use crate::{
    error::Result,
    extract::draft::{Agency, Draft},
};

/// Adds the agency, or keeps it and its name up to date.
pub async fn save(connection: &impl ConnectionTrait, draft: &Draft) -> Result<()> {
    let Agency { name, own_name, region_code, kind, level, contact: _ } = &draft.agency;
    let id = draft.agency.id();
    let Some(known) = agency::Entity::find_by_id(&id).one(connection).await? else {
        let row = agency::ActiveModel {
            id: Set(id),
            region_code: Set(region_code.clone()),
            own_name: Set(own_name.clone()),
            name: Set(name.clone()),
            kind: Set(*kind),
            level: Set(*level),
        };
        agency::Entity::insert(row).exec(connection).await?;
        return Ok(());
    };
    // The name is the one the newest report writes.
    let newest: Option<Option<i32>> = report::Entity::find()
        .select_only()
        .column_as(report::Column::Year.max(), "year")
        .filter(report::Column::AgencyId.eq(&id))
        .into_tuple()
        .one(connection)
        .await?;
    if known.name != *name && newest.flatten().is_none_or(|newest| draft.year >= newest) {
        let mut row: agency::ActiveModel = known.into();
        row.name = Set(name.clone());
        agency::Entity::update(row).exec(connection).await?;
    }
    Ok(())
}
