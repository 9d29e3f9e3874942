//! What sections are found by: an index of texts over the prose. What is stored before it the program
//! indexes when it opens the database.
//!
//! A row is a section's id in the index (see the entity `section`) and what it is found by, words of
//! letters and digits. SQLite keeps nothing but the lists of ids (contentless, without places and sizes),
//! and lists by the first four characters of a word, which is one character of prose. This is the one
//! table that is made otherwise on SQLite than elsewhere.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

const SQLITE: &str = "CREATE VIRTUAL TABLE section_index USING fts5(tokens, content='', detail=none, columnsize=0, prefix='4', tokenize='ascii')";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DbBackend::Sqlite => {
                manager.get_connection().execute_unprepared(SQLITE).await?;
            }
            _ => {
                let table = Table::create()
                    .table("section_index")
                    .col(big_integer("rowid").primary_key())
                    .col(text("tokens"))
                    .take();
                manager.create_table(table).await?;
            }
        }
        let count = integer_null("indexed_sections");
        manager.alter_table(Table::alter().table("report").add_column(count).take()).await?;
        // Empty once all are indexed, so that looking for more costs nothing.
        manager
            .create_index(
                Index::create()
                    .name("idx-report-not-indexed")
                    .table("report")
                    .col("id")
                    .and_where(Expr::col("indexed_sections").is_null())
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name("idx-report-not-indexed").table("report").to_owned();
        manager.drop_index(index).await?;
        let column = Table::alter().table("report").drop_column("indexed_sections").take();
        manager.alter_table(column).await?;
        manager.drop_table(Table::drop().table("section_index").take()).await
    }
}
