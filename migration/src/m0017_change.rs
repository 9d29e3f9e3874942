//! What revisions changed, and which agencies were merged.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("change")
                    .col(big_pk_auto("id"))
                    .col(big_integer("report_id"))
                    .col(big_integer("version"))
                    .col(text("change"))
                    .col(big_integer_null("other_report_id"))
                    .col(string_null("cell"))
                    .col(string_null("old_value"))
                    .col(text_null("old_state"))
                    .col(string_null("new_value"))
                    .col(text_null("new_state"))
                    .col(text_null("reason"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("change", "report_id")
                            .to("report", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("merge")
                    .col(big_pk_auto("id"))
                    .col(string("from_id"))
                    .col(string("into_id"))
                    .col(big_integer("from_version"))
                    .col(big_integer_null("until_version"))
                    .foreign_key(ForeignKey::create().from("merge", "from_id").to("agency", "id"))
                    .foreign_key(ForeignKey::create().from("merge", "into_id").to("agency", "id"))
                    .take(),
            )
            .await?;
        let indexes = [
            ("change", "report_id"),
            ("change", "version"),
            ("merge", "from_id"),
            ("merge", "into_id"),
        ];
        for (table, column) in indexes {
            let name = format!("idx-{table}-{column}");
            let index = Index::create().name(name).table(table).col(column).take();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("merge").take()).await?;
        manager.drop_table(Table::drop().table("change").take()).await
    }
}
