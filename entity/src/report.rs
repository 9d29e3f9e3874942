//! A report: one agency, year and scope, in one of its revisions.
//!
//! The totals of the requests matrix and of section 4 stand here as columns, so that lists sort and
//! filter by them without touching cells, and so do rates: see `docs/design/storage.md`. A column is named
//! by its measure's code with `_` for `.`, or its indicator's; a test holds that.

use std::{collections::HashMap, sync::LazyLock};

use sea_orm::entity::prelude::*;

use crate::{
    indicator::Indicator,
    template::{Code, Measure, Scope, Template},
};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique_key = "revision")]
    pub agency_id: String,
    #[sea_orm(unique_key = "revision")]
    pub year: i32,
    #[sea_orm(unique_key = "revision")]
    pub scope: Scope,
    /// 1 for the first document imported, one more for each that differs.
    #[sea_orm(unique_key = "revision")]
    pub revision: i32,
    /// Whether it is the newest revision: the one that answers show.
    pub is_current: bool,
    /// The data version from which it was current.
    pub from_version: i64,
    /// The data version from which it no longer was: revised, withdrawn or moved.
    pub until_version: Option<i64>,
    /// The agency's region, so that lists of an area need no join.
    pub region_code: String,
    /// The agency's full name as this report writes it.
    pub agency_name: String,
    pub template: Option<Template>,
    pub title: Option<String>,
    pub period_from: Option<Date>,
    pub period_to: Option<Date>,
    pub published_on: Option<Date>,
    pub contact_address: Option<String>,
    pub contact_postcode: Option<String>,
    pub contact_telephone: Option<String>,
    pub contact_email: Option<String>,
    #[sea_orm(indexed)]
    pub document_id: i64,
    pub imported_at: DateTimeUtc,
    /// Findings of severity `error`; 0: the report passes.
    pub error_findings: i32,
    /// How many of its measures are unknown, which `unknown_number` lists; null in a report stored before
    /// that was kept.
    pub unknown_numbers: Option<i32>,
    /// How many of its sections `section_index` finds; null in a report stored before that was kept.
    pub indexed_sections: Option<i32>,
    /// How many of its sections `section_sketch` has: none once it is not current; null in a report that was
    /// not compared yet.
    pub compared_sections: Option<i32>,
    pub requests_received: Option<i64>,
    pub requests_carried_over_in: Option<i64>,
    pub requests_granted: Option<i64>,
    pub requests_partially_granted: Option<i64>,
    pub requests_denied_state_secret: Option<i64>,
    pub requests_denied_prohibited_by_law: Option<i64>,
    pub requests_denied_security_and_stability: Option<i64>,
    pub requests_denied_third_party_rights: Option<i64>,
    pub requests_denied_internal_affairs: Option<i64>,
    pub requests_denied_process_information: Option<i64>,
    pub requests_denied_enforcement_files: Option<i64>,
    pub requests_denied_administrative_inquiry: Option<i64>,
    pub requests_not_held: Option<i64>,
    pub requests_requires_creation: Option<i64>,
    pub requests_unclear_after_correction: Option<i64>,
    pub requests_petition_or_complaint: Option<i64>,
    pub requests_repeated: Option<i64>,
    pub requests_published_material: Option<i64>,
    pub requests_excessive_repetition: Option<i64>,
    pub requests_reconfirmation: Option<i64>,
    pub requests_not_corrected_in_time: Option<i64>,
    pub requests_fee_unpaid: Option<i64>,
    pub requests_other: Option<i64>,
    pub requests_total: Option<i64>,
    pub requests_carried_over_out: Option<i64>,
    pub requests_denied: Option<i64>,
    pub requests_unavailable: Option<i64>,
    pub requests_not_processed: Option<i64>,
    pub requests_other_results: Option<i64>,
    pub reviews_upheld: Option<i64>,
    pub reviews_corrected: Option<i64>,
    pub reviews_other: Option<i64>,
    pub reviews_pending: Option<i64>,
    pub reviews_total: Option<i64>,
    pub lawsuits_direct_upheld: Option<i64>,
    pub lawsuits_direct_corrected: Option<i64>,
    pub lawsuits_direct_other: Option<i64>,
    pub lawsuits_direct_pending: Option<i64>,
    pub lawsuits_direct_total: Option<i64>,
    pub lawsuits_after_review_upheld: Option<i64>,
    pub lawsuits_after_review_corrected: Option<i64>,
    pub lawsuits_after_review_other: Option<i64>,
    pub lawsuits_after_review_pending: Option<i64>,
    pub lawsuits_after_review_total: Option<i64>,
    pub lawsuits_upheld: Option<i64>,
    pub lawsuits_corrected: Option<i64>,
    pub lawsuits_other: Option<i64>,
    pub lawsuits_pending: Option<i64>,
    pub lawsuits_total: Option<i64>,
    pub disclosure_rate: Option<f64>,
    pub denial_rate: Option<f64>,
    pub unavailable_rate: Option<f64>,
    pub not_processed_rate: Option<f64>,
    pub other_results_rate: Option<f64>,
    pub completion_rate: Option<f64>,
    pub review_correction_rate: Option<f64>,
    pub lawsuit_correction_rate: Option<f64>,
    #[sea_orm(belongs_to, from = "agency_id", to = "id")]
    pub agency: BelongsTo<super::agency::Entity>,
    #[sea_orm(belongs_to, from = "year", to = "year")]
    pub report_year: BelongsTo<super::year::Entity>,
    #[sea_orm(belongs_to, from = "document_id", to = "id")]
    pub document: BelongsTo<super::document::Entity>,
    #[sea_orm(has_many)]
    pub requests: HasMany<super::request::Entity>,
    #[sea_orm(has_many)]
    pub lawsuits: HasMany<super::lawsuit::Entity>,
    #[sea_orm(has_one)]
    pub review: HasOne<super::review::Entity>,
    #[sea_orm(has_many)]
    pub disclosure_items: HasMany<super::disclosure_item::Entity>,
    #[sea_orm(has_many)]
    pub sections: HasMany<super::section::Entity>,
    #[sea_orm(has_many)]
    pub findings: HasMany<super::finding::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

static TOTAL_COLUMNS: LazyLock<HashMap<Measure, Column>> = LazyLock::new(|| {
    let column = |measure: Measure| measure.code().replace('.', "_").parse().ok();
    Measure::all().filter_map(|measure| Some((measure, column(measure)?))).collect()
});

/// The column that holds a measure, where the report row has one.
#[must_use]
pub fn total_column(measure: Measure) -> Option<Column> {
    TOTAL_COLUMNS.get(&measure).copied()
}

static RATE_COLUMNS: LazyLock<HashMap<Indicator, Column>> = LazyLock::new(|| {
    let column = |indicator: &Indicator| Some((*indicator, indicator.code().parse().ok()?));
    Indicator::ALL.iter().filter_map(column).collect()
});

/// The column that holds an indicator's quotient: null where a part is unknown or the denominator is not
/// more than 0.
#[must_use]
pub fn rate_column(indicator: Indicator) -> Option<Column> {
    RATE_COLUMNS.get(&indicator).copied()
}

#[cfg(test)]
mod tests {
    use crate::{
        indicator::Indicator,
        template::{Applicant, Code, Measure},
    };

    use super::{rate_column, total_column};

    #[test]
    fn every_indicator_has_a_column() {
        for &indicator in Indicator::ALL {
            assert!(rate_column(indicator).is_some(), "{indicator}");
        }
    }

    #[test]
    fn every_total_has_a_column_and_no_other_measure_has_one() {
        for measure in Measure::all() {
            let is_total = !matches!(measure, Measure::DisclosureItem(..))
                && !matches!(measure, Measure::Request(_, column) if column != Applicant::Total);
            assert_eq!(total_column(measure).is_some(), is_total, "{measure}");
        }
    }
}
