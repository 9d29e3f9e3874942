//! A document as imported, byte for byte.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// SHA-256 of the bytes, in hexadecimal.
    #[sea_orm(unique)]
    pub sha256: String,
    pub media_type: String,
    /// The name of the file it came from, without its folder.
    pub file_name: Option<String>,
    /// The address it was fetched from.
    pub url: Option<String>,
    /// Whether the caller ever stated whose report it is, or of which year: then its bytes alone do
    /// not tell.
    pub hinted: bool,
    #[sea_orm(column_type = "Blob")]
    pub bytes: Vec<u8>,
    pub imported_at: DateTimeUtc,
    #[sea_orm(has_many)]
    pub reports: HasMany<super::report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
