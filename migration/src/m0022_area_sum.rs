//! What regions come to, kept. Of what is stored before it the program makes them when it opens the
//! database.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("area_sum")
                    .col(string("region_code"))
                    .col(integer("year"))
                    .col(big_integer_null("head_id"))
                    .col(blob("head"))
                    .col(blob("own"))
                    .col(blob("below"))
                    .col(big_integer("reports"))
                    .col(big_integer("agencies"))
                    .col(big_integer("new_agencies"))
                    .primary_key(Index::create().col("region_code").col("year"))
                    .take(),
            )
            .await?;
        let made_of = string_null("area_sums_of");
        manager.alter_table(Table::alter().table("data_version").add_column(made_of).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = Table::alter().table("data_version").drop_column("area_sums_of").take();
        manager.alter_table(column).await?;
        manager.drop_table(Table::drop().table("area_sum").take()).await
    }
}
