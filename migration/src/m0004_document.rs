//! Documents as imported.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("document")
                    .col(big_pk_auto("id"))
                    .col(string_uniq("sha256"))
                    .col(string("media_type"))
                    .col(string_null("file_name"))
                    .col(blob("bytes"))
                    .col(timestamp_with_time_zone("imported_at"))
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("document").take()).await
    }
}
