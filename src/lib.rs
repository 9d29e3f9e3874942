pub mod cells;
pub mod error;
pub mod limits;
pub mod extract {
    pub mod draft;
}
