//! Section 2: disclosure items.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("disclosure_item")
                    .col(big_integer("report_id"))
                    .col(small_integer("item"))
                    .col(big_integer_null("issued"))
                    .col(big_integer_null("repealed"))
                    .col(big_integer_null("in_force"))
                    .col(big_integer_null("newly_made"))
                    .col(big_integer_null("newly_disclosed"))
                    .col(big_integer_null("total_disclosed"))
                    .col(big_integer_null("previous_items"))
                    .col(big_integer_null("change"))
                    .col(big_integer_null("decisions"))
                    .col(big_integer_null("projects"))
                    .col(big_integer_null("amount_micro_cny"))
                    .col(string_null("amount_printed"))
                    .primary_key(Index::create().col("report_id").col("item"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("disclosure_item", "report_id")
                            .to("report", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("disclosure_item").take()).await
    }
}
