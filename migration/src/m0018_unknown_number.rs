//! Which numbers of a report are unknown. Of the reports that are there the program finds out when it
//! opens the database.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("unknown_number")
                    .col(string("measure"))
                    .col(big_integer("report_id"))
                    .primary_key(Index::create().col("measure").col("report_id"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("unknown_number", "report_id")
                            .to("report", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await?;
        let count = integer_null("unknown_numbers");
        manager.alter_table(Table::alter().table("report").add_column(count).take()).await?;
        // Empty once all are filled in, so that looking for more costs nothing.
        manager
            .create_index(
                Index::create()
                    .name("idx-report-not-filled")
                    .table("report")
                    .col("id")
                    .and_where(Expr::col("unknown_numbers").is_null())
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name("idx-report-not-filled").table("report").to_owned();
        manager.drop_index(index).await?;
        let column = Table::alter().table("report").drop_column("unknown_numbers").take();
        manager.alter_table(column).await?;
        manager.drop_table(Table::drop().table("unknown_number").take()).await
    }
}
