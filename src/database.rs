//! Opening the database: one connection that writes, a few that read, one that asks for the data version.
//!
//! Takes an address, gives connections, refuses a database that is missing, locked or not writable
//! with a sentence that says so. Knows no table: `store` writes, `query` reads.

use std::path::Path;

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, Database as SeaOrm, DatabaseConnection, DbErr, RuntimeErr,
    sqlx::{
        self,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

use crate::{
    error::{Code, Error, Result},
    limits, store,
};

/// The database: connections to the same file, each kind for its own work.
#[derive(Clone, Debug)]
pub struct Database {
    /// For `store` alone: a single connection, since SQLite has one writer.
    pub write: DatabaseConnection,
    /// For `query` alone: cannot write.
    pub read: DatabaseConnection,
    /// For the data version alone, which every question asks for: it never waits behind a long one.
    pub version: DatabaseConnection,
}

impl Database {
    /// Opens the database at an address, makes it where it is not there yet, and brings its schema
    /// up to date.
    ///
    /// # Errors
    /// `invalid_config`, `database_missing`, `database_read_only`, `database_locked`.
    pub async fn open(url: &str) -> Result<Self> {
        let path = sqlite_path(url)?;
        let write = connect(url, path, Use::Write).await?;
        Migrator::up(&write, None).await.map_err(|error| at(url, error))?;
        store::prepare(&write).await.map_err(|error| at(url, error))?;
        let read = connect(url, path, Use::Read).await?;
        let version = connect(url, path, Use::Version).await?;
        Ok(Self { write, read, version })
    }

    /// Opens a database that is there, to ask it: a question makes no database.
    ///
    /// # Errors
    /// As [`Database::open`], and `database_missing` where there is none yet.
    pub async fn open_existing(url: &str) -> Result<Self> {
        let path = sqlite_path(url)?;
        if !path.is_file() {
            let detail = format!("{url} does not exist yet; `gongkai import` makes it");
            return Err(Error::new(Code::DatabaseMissing, detail));
        }
        Self::open(url).await
    }

    /// Closes the connections; what was written is then in the one file.
    pub async fn close(self) {
        for connection in [self.version, self.read, self.write] {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "closing the database");
            }
        }
    }
}

fn sqlite_path(url: &str) -> Result<&Path> {
    let path = url
        .strip_prefix("sqlite://")
        .or_else(|| url.strip_prefix("sqlite:"))
        .filter(|path| !path.is_empty());
    let path = path.ok_or_else(|| {
        let detail = format!("--database-url {url:?} is no address of an SQLite database");
        Error::new(Code::InvalidConfig, detail).allowed(["sqlite://PATH"])
    })?;
    if path.contains(":memory:") || path.contains('?') {
        let detail =
            "--database-url takes a file's path: each connection to memory is another database";
        return Err(Error::new(Code::InvalidConfig, detail).allowed(["sqlite://PATH"]));
    }
    let path = Path::new(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        let detail = format!("the folder {} of --database-url does not exist", folder.display());
        return Err(Error::new(Code::DatabaseMissing, detail));
    }
    Ok(path)
}

/// What connections are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Write,
    Read,
    Version,
}

async fn connect(url: &str, path: &Path, to: Use) -> Result<DatabaseConnection> {
    let path = path.to_owned();
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(if to == Use::Read { limits::READ_CONNECTIONS } else { 1 })
        .connect_lazy(to == Use::Version) // a command that asks once needs none
        .acquire_timeout(limits::DATABASE_ACQUIRE)
        .test_before_acquire(false) // a file does not go away as a server does
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| {
            let options = options
                .filename(&path)
                .foreign_keys(true)
                .busy_timeout(limits::DATABASE_BUSY)
                .synchronous(SqliteSynchronous::Normal);
            match to {
                Use::Read | Use::Version => options.read_only(true),
                Use::Write => options.create_if_missing(true).journal_mode(SqliteJournalMode::Wal),
            }
        });
    SeaOrm::connect(options).await.map_err(|error| at(url, error))
}

/// The error with the address in it.
fn at(url: &str, error: impl Into<Error>) -> Error {
    let mut error = error.into();
    if error.code != Code::Internal {
        error.detail = format!("{}: {url}", error.detail);
    }
    error
}

/// The database's errors that a user can do something about; every other one is internal.
impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if let DbErr::ConnectionAcquire(_) = error {
            return Self::new(Code::TooBusy, "all connections to the database are taken")
                .because(error);
        }
        let (code, detail) = match sqlite_code(&error) {
            Some(5 | 6) => (Code::DatabaseLocked, "another program is writing to it"),
            Some(8) => (Code::DatabaseReadOnly, "it is open for reading only"),
            Some(14) => (Code::DatabaseMissing, "the file cannot be opened"),
            Some(13) => (Code::DatabaseUnavailable, "the disk is full"),
            Some(11 | 26) => {
                (Code::DatabaseUnavailable, "the file is no SQLite database, or a damaged one")
            }
            _ => return Self::internal(error),
        };
        Self::new(code, detail).because(error)
    }
}

/// SQLite's primary result code, out of the extended one.
fn sqlite_code(error: &DbErr) -> Option<u32> {
    let (DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return None;
    };
    let sqlx::Error::Database(error) = &**error else { return None };
    error.code()?.parse::<u32>().ok().map(|code| code & 0xff)
}
