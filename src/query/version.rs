//! The data version: answers change only with it.

use entity::data_version;
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::error::{Error, Result};

/// Which data an answer comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataVersion {
    /// Tells this database from any other.
    pub instance: String,
    /// One more with every change.
    pub version: i64,
}

/// The version of the data as they stand.
///
/// # Errors
/// What the database says.
pub async fn get(connection: &impl ConnectionTrait) -> Result<DataVersion> {
    let row = data_version::Entity::find_by_id(1_i16).one(connection).await?;
    let row = row.ok_or_else(|| Error::internal("the data version is not there"))?;
    Ok(DataVersion { instance: row.instance, version: row.version })
}
