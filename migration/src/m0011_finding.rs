//! Findings: what does not agree.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("finding")
                    .col(big_pk_auto("id"))
                    .col(big_integer("report_id"))
                    .col(string("check_id"))
                    .col(text("severity"))
                    .col(text("cells"))
                    .col(string_null("left_side"))
                    .col(string_null("right_side"))
                    .col(text("message"))
                    .col(text("message_zh"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("finding", "report_id")
                            .to("report", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx-finding-report_id")
                    .table("finding")
                    .col("report_id")
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx-finding-check_id")
                    .table("finding")
                    .col("check_id")
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("finding").take()).await
    }
}
