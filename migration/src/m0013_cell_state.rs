//! Cell states: why a cell has no number.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("cell_state")
                    .col(big_integer("report_id"))
                    .col(string("cell"))
                    .col(text("state"))
                    .primary_key(Index::create().col("report_id").col("cell"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("cell_state", "report_id")
                            .to("report", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("cell_state").take()).await
    }
}
