//! What a row is, and the vocabulary of the national form.
pub mod template;
