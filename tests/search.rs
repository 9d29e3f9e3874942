//! Search over the prose: exactly the sections that a naive scan finds, whatever became of their reports.

mod copied;
mod hits;
mod naive;
mod refused;
