//! Section 4: lawsuits.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("lawsuit")
                    .col(big_integer("report_id"))
                    .col(small_integer("kind"))
                    .col(big_integer_null("upheld"))
                    .col(big_integer_null("corrected"))
                    .col(big_integer_null("other"))
                    .col(big_integer_null("pending"))
                    .col(big_integer_null("total"))
                    .primary_key(Index::create().col("report_id").col("kind"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("lawsuit", "report_id")
                            .to("report", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("lawsuit").take()).await
    }
}
