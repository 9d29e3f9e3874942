//! The database schema, one change a file; a test proves it equal to the entities.

pub use sea_orm_migration::prelude::*;

mod m0001_region;
mod m0002_agency;
mod m0003_year;
mod m0004_document;
mod m0005_report;
mod m0006_disclosure_item;
mod m0007_request;
mod m0008_review;
mod m0009_lawsuit;
mod m0010_section;
mod m0011_finding;
mod m0012_note;
mod m0013_cell_state;
mod m0014_data_version;
mod m0015_document_url;
mod m0016_history;
mod m0017_change;
mod m0018_unknown_number;
mod m0019_section_index;
mod m0020_copied_section;
mod m0021_rates;
mod m0022_area_sum;
mod planner;

/// Every change, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_region::Migration),
            Box::new(m0002_agency::Migration),
            Box::new(m0003_year::Migration),
            Box::new(m0004_document::Migration),
            Box::new(m0005_report::Migration),
            Box::new(m0006_disclosure_item::Migration),
            Box::new(m0007_request::Migration),
            Box::new(m0008_review::Migration),
            Box::new(m0009_lawsuit::Migration),
            Box::new(m0010_section::Migration),
            Box::new(m0011_finding::Migration),
            Box::new(m0012_note::Migration),
            Box::new(m0013_cell_state::Migration),
            Box::new(m0014_data_version::Migration),
            Box::new(m0015_document_url::Migration),
            Box::new(m0016_history::Migration),
            Box::new(m0017_change::Migration),
            Box::new(m0018_unknown_number::Migration),
            Box::new(m0019_section_index::Migration),
            Box::new(m0020_copied_section::Migration),
            Box::new(m0021_rates::Migration),
            Box::new(m0022_area_sum::Migration),
        ]
    }
}
