//! What a row is, and the vocabulary of the national form.

pub mod template;

pub mod agency;
pub mod area_sum;
pub mod cell_state;
pub mod change;
pub mod copied_section;
pub mod data_version;
pub mod deadline;
pub mod disclosure_item;
pub mod document;
pub mod finding;
pub mod indicator;
pub mod lawsuit;
pub mod merge;
pub mod moment;
pub mod note;
pub mod region;
pub mod report;
pub mod request;
pub mod review;
pub mod section;
pub mod section_sketch;
pub mod unknown_number;
pub mod year;
