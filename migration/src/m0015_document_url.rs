//! The address a document was fetched from, and whether its bytes alone told what it is.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let url = Table::alter().table("document").add_column(string_null("url")).take();
        manager.alter_table(url).await?;
        // Of the documents that are there nobody knows.
        let hinted = boolean("hinted").default(true).take();
        manager.alter_table(Table::alter().table("document").add_column(hinted).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["hinted", "url"] {
            let change = Table::alter().table("document").drop_column(column).take();
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}
