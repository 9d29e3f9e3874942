//! `gongkai serve`: the HTTP server.

use clap::Args;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

use super::{Ended, output};
use crate::{
    answers::{Answers, Figures},
    config::{BindArgs, CacheArgs, Config, DatabaseArgs, PublicArgs},
    database::Database,
    error::Result,
    server,
};

#[derive(Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    bind: BindArgs,
    #[command(flatten)]
    cache: CacheArgs,
}

/// Serves until it is told to stop.
pub async fn run(args: ServeArgs, config: &Config) -> Result<Ended> {
    let address = config.bind(&args.bind)?;
    // The port first: where it is taken, nothing is made.
    let listener = server::listen(address).await?;
    let database = Database::open(&config.database_url(&args.database)).await?;
    serve(listener, database, config, &args.bind.public, &args.cache).await
}

/// Serves a database, and says where.
pub async fn serve(
    listener: tokio::net::TcpListener,
    database: Database,
    config: &Config,
    public: &PublicArgs,
    cache: &CacheArgs,
) -> Result<Ended> {
    log();
    let address = listener.local_addr().map_err(crate::error::Error::internal)?;
    let public_url = config.public_url(public, address)?;
    output::write(format!(
        "gongkai listens on http://{address}\n  \
         http://{address}/                what it is and where things are\n  \
         http://{address}/docs            REST, to try\n  \
         http://{address}/graphiql        GraphQL, to try\n  \
         http://{address}/api/v1/reports  the reports\n"
    ))?;
    let answers = Answers::new(&database, &public_url, config.cache_bytes(cache));
    let router = server::router(&database, &answers, config.deadlines());
    server::serve(listener, router, server::stop_signal()).await?;
    let Figures { answers, bytes, found, waiting } = answers.figures();
    tracing::info!(answers, bytes, found, waiting, "stopped; answers that were kept");
    database.close().await;
    Ok(Ended::Well)
}

/// Logs to standard error: text on a terminal, JSON elsewhere; how much, `RUST_LOG` says.
fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber in one process is refused; the first one goes on.
    let _ = if std::io::stderr().is_terminal() { log.try_init() } else { log.json().try_init() };
}
