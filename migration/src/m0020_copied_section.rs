//! Which sections are nearly the same as another report's. What is stored before it the program compares
//! when it opens the database.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_report = |table: &'static str| {
            ForeignKey::create()
                .from(table, "report_id")
                .to("report", "id")
                .on_delete(ForeignKeyAction::Cascade)
                .take()
        };
        manager
            .create_table(
                Table::create()
                    .table("section_sketch")
                    .col(big_integer("run"))
                    .col(string("region_code"))
                    .col(string("agency_id"))
                    .col(text("scope"))
                    .col(big_integer("report_id"))
                    .primary_key(
                        Index::create().col("run").col("region_code").col("agency_id").col("scope"),
                    )
                    .foreign_key(&mut of_report("section_sketch"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("copied_section")
                    .col(big_pk_auto("id"))
                    .col(big_integer("report_id"))
                    .col(small_integer("number"))
                    .col(text("copied_from"))
                    .col(big_integer("source_report_id"))
                    .col(integer("shared_runs"))
                    .col(integer("runs"))
                    .col(big_integer("from_version"))
                    .col(big_integer_null("until_version"))
                    .foreign_key(&mut of_report("copied_section"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx-copied_section-report_id")
                    .table("copied_section")
                    .col("report_id")
                    .take(),
            )
            .await?;
        let count = integer_null("compared_sections");
        manager.alter_table(Table::alter().table("report").add_column(count).take()).await?;
        // Empty once all are compared, so that looking for more costs nothing.
        manager
            .create_index(
                Index::create()
                    .name("idx-report-not-compared")
                    .table("report")
                    .col("id")
                    .and_where(Expr::col("compared_sections").is_null())
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name("idx-report-not-compared").table("report").to_owned();
        manager.drop_index(index).await?;
        let column = Table::alter().table("report").drop_column("compared_sections").take();
        manager.alter_table(column).await?;
        manager.drop_table(Table::drop().table("copied_section").take()).await?;
        manager.drop_table(Table::drop().table("section_sketch").take()).await
    }
}
