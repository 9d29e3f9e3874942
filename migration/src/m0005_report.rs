//! Reports: a row a revision, with the totals that lists sort and filter by.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The row totals of section 3, its groups, and the numbers of section 4.
const TOTALS: [&str; 49] = [
    "requests_received",
    "requests_carried_over_in",
    "requests_granted",
    "requests_partially_granted",
    "requests_denied_state_secret",
    "requests_denied_prohibited_by_law",
    "requests_denied_security_and_stability",
    "requests_denied_third_party_rights",
    "requests_denied_internal_affairs",
    "requests_denied_process_information",
    "requests_denied_enforcement_files",
    "requests_denied_administrative_inquiry",
    "requests_not_held",
    "requests_requires_creation",
    "requests_unclear_after_correction",
    "requests_petition_or_complaint",
    "requests_repeated",
    "requests_published_material",
    "requests_excessive_repetition",
    "requests_reconfirmation",
    "requests_not_corrected_in_time",
    "requests_fee_unpaid",
    "requests_other",
    "requests_total",
    "requests_carried_over_out",
    "requests_denied",
    "requests_unavailable",
    "requests_not_processed",
    "requests_other_results",
    "reviews_upheld",
    "reviews_corrected",
    "reviews_other",
    "reviews_pending",
    "reviews_total",
    "lawsuits_direct_upheld",
    "lawsuits_direct_corrected",
    "lawsuits_direct_other",
    "lawsuits_direct_pending",
    "lawsuits_direct_total",
    "lawsuits_after_review_upheld",
    "lawsuits_after_review_corrected",
    "lawsuits_after_review_other",
    "lawsuits_after_review_pending",
    "lawsuits_after_review_total",
    "lawsuits_upheld",
    "lawsuits_corrected",
    "lawsuits_other",
    "lawsuits_pending",
    "lawsuits_total",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("report")
            .col(big_pk_auto("id"))
            .col(string("agency_id"))
            .col(integer("year"))
            .col(text("scope"))
            .col(integer("revision"))
            .col(boolean("is_current"))
            .col(string("region_code"))
            .col(string("agency_name"))
            .col(text_null("template"))
            .col(string_null("title"))
            .col(date_null("period_from"))
            .col(date_null("period_to"))
            .col(date_null("published_on"))
            .col(string_null("contact_address"))
            .col(string_null("contact_postcode"))
            .col(string_null("contact_telephone"))
            .col(string_null("contact_email"))
            .col(big_integer("document_id"))
            .col(timestamp_with_time_zone("imported_at"))
            .col(integer("error_findings"))
            .foreign_key(ForeignKey::create().from("report", "agency_id").to("agency", "id"))
            .foreign_key(ForeignKey::create().from("report", "year").to("year", "year"))
            .foreign_key(ForeignKey::create().from("report", "document_id").to("document", "id"));
        for total in TOTALS {
            table.col(big_integer_null(total));
        }
        manager.create_table(table).await?;
        manager
            .create_index(
                Index::create()
                    .name("idx-report-revision")
                    .table("report")
                    .col("agency_id")
                    .col("year")
                    .col("scope")
                    .col("revision")
                    .unique()
                    .take(),
            )
            .await?;
        // One revision of a report is the newest.
        manager
            .create_index(
                Index::create()
                    .name("idx-report-current")
                    .table("report")
                    .col("agency_id")
                    .col("year")
                    .col("scope")
                    .unique()
                    .and_where(Expr::col("is_current").eq(true))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx-report-document_id")
                    .table("report")
                    .col("document_id")
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx-report-year-region")
                    .table("report")
                    .col("is_current")
                    .col("year")
                    .col("region_code")
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx-report-region")
                    .table("report")
                    .col("is_current")
                    .col("region_code")
                    .col("year")
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("report").take()).await
    }
}
