//! Configuration: a flag, else the environment, else the TOML file, else the default.

use std::{net::SocketAddr, path::PathBuf};

use serde::Deserialize;

use crate::{
    check::Deadlines,
    error::{Code, Error, Result},
    limits,
};

/// Where the database is when nothing says so.
const DATABASE_URL: &str = "sqlite://gongkai.db";
/// Where the server listens when nothing says so: this machine only.
const BIND: &str = "127.0.0.1:8080";
/// The file that is read when it is there and no other is named.
const FILE: &str = "gongkai.toml";

/// Options of every command.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ConfigArgs {
    /// The configuration file, in TOML [default: gongkai.toml, where it is there]
    #[arg(long, env = "GONGKAI_CONFIG", value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
}

/// Where the database is.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct DatabaseArgs {
    /// The database, made on first use [default: sqlite://gongkai.db in the working folder]
    #[arg(long, env = "GONGKAI_DATABASE_URL", value_name = "URL")]
    pub database_url: Option<String>,
}

/// Where the server listens.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct BindArgs {
    /// The address to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "GONGKAI_BIND", value_name = "ADDRESS:PORT")]
    pub bind: Option<String>,
    #[command(flatten)]
    pub public: PublicArgs,
}

/// What is kept in memory of answers.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct CacheArgs {
    /// How many bytes of answers are kept in memory for who asks the same again, until the data change; 0
    /// keeps none [default: 67108864, 64 MiB]
    #[arg(long, env = "GONGKAI_CACHE_BYTES", value_name = "BYTES")]
    pub cache_bytes: Option<u64>,
}

/// By which address the world knows the server.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct PublicArgs {
    /// The address by which the server is known to its readers, for citations:
    /// `https://gongkai.example.org` [default: http:// and the address it listens on]
    #[arg(long, env = "GONGKAI_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
}

/// What the TOML file may say.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database_url: Option<String>,
    bind: Option<String>,
    public_url: Option<String>,
    cache_bytes: Option<u64>,
    deadlines: Option<Deadlines>,
}

/// The configuration as meant.
#[derive(Clone, Debug, Default)]
pub struct Config {
    file: File,
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// `invalid_config` for a file that is named and not there, or says what is not known.
    pub fn read(args: &ConfigArgs) -> Result<Self> {
        let path = args.config.clone().unwrap_or_else(|| FILE.into());
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && args.config.is_none() => {
                String::new()
            }
            Err(error) => {
                return Err(Error::new(
                    Code::InvalidConfig,
                    format!("{}: {error}", path.display()),
                ));
            }
        };
        let file = toml::from_str(&text).map_err(|error| {
            Error::new(
                Code::InvalidConfig,
                format!("{}: {}", path.display(), error.to_string().trim_end()),
            )
        })?;
        Ok(Self { file })
    }

    /// The database's address.
    #[must_use]
    pub fn database_url(&self, args: &DatabaseArgs) -> String {
        args.database_url
            .clone()
            .or_else(|| self.file.database_url.clone())
            .unwrap_or_else(|| DATABASE_URL.to_owned())
    }

    /// The address to listen on.
    ///
    /// # Errors
    /// `invalid_config` for what is no address.
    pub fn bind(&self, args: &BindArgs) -> Result<SocketAddr> {
        let text =
            args.bind.clone().or_else(|| self.file.bind.clone()).unwrap_or_else(|| BIND.to_owned());
        text.parse().map_err(|_| {
            Error::new(Code::InvalidConfig, format!("--bind {text:?} is no address with a port"))
                .allowed(["ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080"])
        })
    }

    /// The address by which the server is known, without a slash at its end; `address` is where it listens.
    ///
    /// # Errors
    /// `invalid_config` for what is no address of the web.
    pub fn public_url(&self, args: &PublicArgs, address: SocketAddr) -> Result<String> {
        let stated = args.public_url.as_ref().or(self.file.public_url.as_ref());
        let Some(text) = stated else { return Ok(format!("http://{address}")) };
        let parsed = text.parse::<axum::http::Uri>().ok();
        let is_web = |url: &axum::http::Uri| {
            matches!(url.scheme_str(), Some("http" | "https"))
                && url.host().is_some_and(|host| !host.is_empty())
                && url.query().is_none()
        };
        match parsed.filter(is_web) {
            Some(_) => Ok(text.trim_end_matches('/').to_owned()),
            None => Err(Error::new(
                Code::InvalidConfig,
                format!("--public-url {text:?} is no address of the web"),
            )
            .allowed(["https://gongkai.example.org, without a query"])),
        }
    }

    /// How many bytes of answers are kept in memory.
    #[must_use]
    pub fn cache_bytes(&self, args: &CacheArgs) -> u64 {
        args.cache_bytes.or(self.file.cache_bytes).unwrap_or(limits::CACHE_BYTES)
    }

    /// The days reports are due (Article 49): 31 January and 31 March where the file does not say.
    #[must_use]
    pub fn deadlines(&self) -> Deadlines {
        self.file.deadlines.unwrap_or_default()
    }
}
