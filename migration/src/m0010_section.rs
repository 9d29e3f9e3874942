//! Sections: the prose.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("section")
                    .col(big_integer("report_id"))
                    .col(small_integer("number"))
                    .col(string("heading"))
                    .col(text("text"))
                    .primary_key(Index::create().col("report_id").col("number"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("section", "report_id")
                            .to("report", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("section").take()).await
    }
}
