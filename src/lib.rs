pub mod cells;
pub mod check;
pub mod document;
pub mod error;
pub mod extract;
pub mod limits;
pub mod regions;
