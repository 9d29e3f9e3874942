//! How many questions a second the server answers, over made-up reports: `benches/README.md`.
//!
//! Each question is asked through HTTP, on this machine, with one connection and with many; its answer
//! is compared first with what is computed in the plainest way from the reports as they were made up.
//! Beside it a plain axum handler sends the same bytes in the same run, since machines differ and are
//! busy.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on has failed")]
#![allow(clippy::disallowed_macros, reason = "a table that nobody reads may end the bench")]

mod client;
mod data;
mod made_up;
mod questions;

use std::{net::SocketAddr, time::Duration};

use axum::{Router, body::Bytes, http::header, routing::any};
use clap::Parser;
use gongkai::{check::Deadlines, server};

use client::Rate;
use questions::Question;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Asks each question over made-up reports.
#[derive(Debug, Parser)]
struct Args {
    /// How many reports
    #[arg(long, default_value_t = 10_000)]
    reports: usize,
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// How long each question is asked, with each number of connections
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Connections at once, beside one
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Only questions whose names have this in them
    #[arg(long)]
    only: Option<String>,
    /// As cargo says it.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() {
    let args = Args::parse();
    let (known, database) = data::made(args.reports, args.seed).await;
    let listener = server::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = server::router(&database.read, Deadlines::default(), &format!("http://{address}"));
    tokio::spawn(server::serve(listener, router, std::future::pending()));
    let many = args.connections;
    println!(
        "\n{} reports; {many} connections, {} s each; \"plain\" is a handler that sends the same bytes\n",
        args.reports, args.seconds
    );
    println!(
        "| question | bytes | 1 connection: ms | {many}: answers/s | {many}: ms | {many}: refused | plain, {many}: answers/s | of plain |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let is_asked = |question: &Question| {
        args.only.as_ref().is_none_or(|only| question.name.contains(only.as_str()))
    };
    for question in questions::of(&known).iter().filter(|question| is_asked(question)) {
        let request = question.request(address);
        let body = client::Connection::open(address).await.ask(&request).await;
        (question.check)(&serde_json::from_slice(&body).unwrap(), &known);
        let plain = plain(body.clone().into()).await;
        let time = Duration::from_secs_f64(args.seconds);
        let alone = client::rate(address, &request, 1, time).await;
        let together = client::rate(address, &request, many, time).await;
        let Rate { per_second: of_plain, .. } = client::rate(plain, &request, many, time).await;
        println!(
            "| {} | {} | {:.2} | {:.0} | {:.2} | {} | {:.0} | {:.4} |",
            question.name,
            body.len(),
            alone.milliseconds,
            together.per_second,
            together.milliseconds,
            together.refused,
            of_plain,
            together.per_second / of_plain
        );
    }
    database.close().await;
}

/// A server whose one handler sends these bytes.
async fn plain(bytes: Bytes) -> SocketAddr {
    let json = [(header::CONTENT_TYPE, "application/json")];
    let router = Router::new().fallback(any(move |_asked: Bytes| {
        let bytes = bytes.clone();
        async move { (json, bytes) }
    }));
    let listener = server::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}
