//! Gongkai (公开, "made public"): the annual reports on open government information as one public
//! record.
//!
//! The way of the data:
//! ```text
//! document -> extract -> check -> store -> | database | -> query -> rest | graphql | web | cli
//! bytes       Draft      Findings  rows                    Page<T>   translation only
//! ```
//! Only `store` writes, only `query` reads. `ARCHITECTURE.md` says what each room takes, gives, may
//! refuse and never does; `tests/tidy.rs` holds the arrows.

pub mod answers;
pub mod canonical;
pub mod cells;
pub mod check;
pub mod cli;
pub mod config;
pub mod database;
pub mod document;
pub mod error;
pub mod export;
pub mod extract;
pub mod fingerprint;
pub mod form;
pub mod formats;
pub mod graphql;
pub mod import;
pub mod limits;
pub mod place;
pub mod prose;
pub mod query;
pub mod reading;
pub mod regions;
pub mod rest;
pub mod seats;
pub mod server;
pub mod source;
pub mod store;
pub mod synthesize;
pub mod web;
