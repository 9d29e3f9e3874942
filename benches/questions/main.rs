//! How many questions a second the server answers, over made-up reports: `benches/README.md`.
//!
//! Each question is asked through HTTP, on this machine, with one connection and with many; its answer
//! is compared first with what is computed in the plainest way from the reports as they were made up.
//! Each is asked of two servers of the same database, one that keeps no answers and one that does: the second
//! says what the same question again takes. Beside them a plain axum handler sends the same bytes in the
//! same run, since machines differ and are busy.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on has failed")]
#![allow(clippy::disallowed_macros, reason = "a table that nobody reads may end the bench")]

mod client;
mod data;
mod made_up;
mod questions;

use std::{net::SocketAddr, time::Duration};

use axum::{Router, body::Bytes, http::header, routing::any};
use clap::Parser;
use gongkai::{answers::Answers, check::Deadlines, database::Database, limits, server};

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
    /// Bytes of answers that the second server keeps
    #[arg(long, default_value_t = limits::CACHE_BYTES)]
    cache_bytes: u64,
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
    let (finding, _) = served(&database, 0).await;
    let (keeping, answers) = served(&database, args.cache_bytes).await;
    let many = args.connections;
    println!(
        "\n{} reports; {many} connections, {} s each; \"plain\" is a handler that sends the same bytes\n",
        args.reports, args.seconds
    );
    println!(
        "| question | bytes | 1 connection: ms | {many}: answers/s | {many}: refused | of plain | kept, 1: ms | kept, {many}: answers/s | kept, of plain | plain, {many}: answers/s |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let is_asked = |question: &Question| {
        args.only.as_ref().is_none_or(|only| question.name.contains(only.as_str()))
    };
    for question in questions::of(&known).iter().filter(|question| is_asked(question)) {
        let request = question.request();
        let body = client::Connection::open(finding).await.ask(&request).await;
        (question.check)(&question.read(&body), &known);
        // Kept or not, it is the same.
        for _ in 0..2 {
            assert_eq!(client::Connection::open(keeping).await.ask(&request).await, body);
        }
        let plain = plain(body.clone().into()).await;
        let time = Duration::from_secs_f64(args.seconds);
        let alone = client::rate(finding, &request, 1, time).await;
        let together = client::rate(finding, &request, many, time).await;
        let found = answers.figures().found;
        let kept_alone = client::rate(keeping, &request, 1, time).await;
        let kept = client::rate(keeping, &request, many, time).await;
        assert_eq!((answers.figures().found, kept.refused), (found, 0), "it is not kept");
        let Rate { per_second: of_plain, .. } = client::rate(plain, &request, many, time).await;
        println!(
            "| {} | {} | {:.2} | {:.0} | {} | {:.4} | {:.3} | {:.0} | {:.2} | {:.0} |",
            question.name,
            body.len(),
            alone.milliseconds,
            together.per_second,
            together.refused,
            together.per_second / of_plain,
            kept_alone.milliseconds,
            kept.per_second,
            kept.per_second / of_plain,
            of_plain
        );
    }
    println!("\n{:?}", answers.figures());
    database.close().await;
}

/// A server of the database that keeps so many bytes of answers.
async fn served(database: &Database, cache_bytes: u64) -> (SocketAddr, Answers) {
    let listener = server::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    // Both are known by one address, so that both give the same bytes.
    let answers = Answers::new(database, "http://gongkai.example", cache_bytes);
    let router = server::router(database, &answers, Deadlines::default());
    tokio::spawn(server::serve(listener, router, std::future::pending()));
    (address, answers)
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
