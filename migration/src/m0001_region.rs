//! Regions, from the whole country down to townships.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("region")
                    .col(string("code").primary_key())
                    .col(string_null("parent_code"))
                    .col(string("name"))
                    .col(text("level"))
                    .foreign_key(
                        ForeignKey::create().from("region", "parent_code").to("region", "code"),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx-region-parent_code")
                    .table("region")
                    .col("parent_code")
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("region").take()).await
    }
}
