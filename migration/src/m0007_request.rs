//! Section 3: the requests matrix, a row an outcome.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("request")
                    .col(big_integer("report_id"))
                    .col(small_integer("row"))
                    .col(big_integer_null("natural_person"))
                    .col(big_integer_null("commercial_enterprise"))
                    .col(big_integer_null("research_institution"))
                    .col(big_integer_null("public_welfare_organization"))
                    .col(big_integer_null("legal_service_organization"))
                    .col(big_integer_null("other"))
                    .col(big_integer_null("total"))
                    .primary_key(Index::create().col("report_id").col("row"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("request", "report_id")
                            .to("report", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("request").take()).await
    }
}
