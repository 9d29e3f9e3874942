//! Questions across agencies: what is added up, ranked and followed over years, and what it covers.

mod coverage;
mod differences;
mod growth;
mod indicators;
pub mod made_up;
mod rankings;
mod series;
mod statistics;
mod summary;
