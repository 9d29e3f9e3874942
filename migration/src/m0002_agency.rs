//! Agencies, known by region and own name.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("agency")
                    .col(string("id").primary_key())
                    .col(string("region_code"))
                    .col(string("own_name"))
                    .col(string("name"))
                    .col(text("kind"))
                    .col(text("level"))
                    .foreign_key(
                        ForeignKey::create().from("agency", "region_code").to("region", "code"),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx-agency-own_name")
                    .table("agency")
                    .col("region_code")
                    .col("own_name")
                    .unique()
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("agency").take()).await
    }
}
