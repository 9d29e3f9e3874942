//! Section 4: administrative reviews.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("review")
                    .col(big_integer("report_id").primary_key())
                    .col(big_integer_null("upheld"))
                    .col(big_integer_null("corrected"))
                    .col(big_integer_null("other"))
                    .col(big_integer_null("pending"))
                    .col(big_integer_null("total"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("review", "report_id")
                            .to("report", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("review").take()).await
    }
}
