//! The tests go through the front door: bytes in, answer out.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answers;
mod browser;
mod cells;
mod cli;
mod client;
mod formats;
mod generated;
mod graphql;
mod harness;
mod history;
mod http;
mod import;
mod intake;
mod migration;
mod parity;
mod questions;
mod reading;
mod readme;
mod rest;
mod roundtrip;
mod samples;
mod search;
mod synthesize;
mod tidy;
