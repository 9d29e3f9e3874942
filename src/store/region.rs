//! The built-in region tree -> rows.

use entity::region;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, PaginatorTrait};

use crate::{error::Result, regions};

/// Rows an insert: 4 variables each, 32,766 variables a statement.
const ROWS_A_STATEMENT: usize = 8_000;

/// Writes the regions where they are not there yet.
pub async fn seed(connection: &impl ConnectionTrait) -> Result<()> {
    let known = regions::all();
    if region::Entity::find().count(connection).await? >= known.len() as u64 {
        return Ok(());
    }
    // Parents stand before their children: the list is in the order of the tree.
    for chunk in known.chunks(ROWS_A_STATEMENT) {
        let rows = chunk.iter().map(|known| region::ActiveModel {
            code: Set(known.code.clone()),
            parent_code: Set(known.parent.clone()),
            name: Set(known.name.clone()),
            level: Set(known.level),
        });
        region::Entity::insert_many(rows).on_conflict_do_nothing().exec(connection).await?;
    }
    Ok(())
}
