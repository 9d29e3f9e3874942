//! The data version, read once for all who ask at the same time.
//!
//! Another process may import at any moment, so what was read before a question came says nothing about
//! it: every question waits for a reading that began after it came. One reading serves all that came while
//! the one before was under way, so a thousand questions a second cost as much as one.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::HeaderValue;
use sea_orm::DatabaseConnection;
use tokio::sync::oneshot;

use crate::{
    error::{Code, Error, Result},
    query::version::{self, DataVersion},
};

/// The data version as it was read.
#[derive(Debug)]
pub struct Seen {
    pub data: DataVersion,
    /// It as a header says it.
    pub header: HeaderValue,
}

/// Reads the data version.
#[derive(Debug)]
pub struct Newest(Arc<Reader>);

#[derive(Debug)]
struct Reader {
    connection: DatabaseConnection,
    asked: Mutex<Asked>,
}

#[derive(Debug, Default)]
struct Asked {
    /// Whether somebody reads, and goes on until nobody waits.
    is_read: bool,
    waiting: Vec<oneshot::Sender<Answer>>,
}

/// What was read, or why it was not, to be told to many.
type Answer = Result<Arc<Seen>, Refused>;

#[derive(Clone, Debug)]
struct Refused {
    code: Code,
    detail: String,
}

impl Newest {
    pub fn new(connection: DatabaseConnection) -> Self {
        Self(Arc::new(Reader { connection, asked: Mutex::default() }))
    }

    /// The data version, read after this was asked.
    ///
    /// # Errors
    /// What the database says.
    pub async fn get(&self) -> Result<Arc<Seen>> {
        let (tell, told) = oneshot::channel();
        let is_read = {
            let mut asked = self.0.lock();
            asked.waiting.push(tell);
            mem::replace(&mut asked.is_read, true)
        };
        if !is_read {
            tokio::spawn(Arc::clone(&self.0).read());
        }
        match told.await {
            Ok(Ok(seen)) => Ok(seen),
            Ok(Err(Refused { code, detail })) => Err(Error::new(code, detail)),
            Err(_) => Err(Error::internal("reading the data version ended without a word")),
        }
    }
}

impl Reader {
    fn lock(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads for those who wait, again for those who came meanwhile, until nobody waits.
    async fn read(self: Arc<Self>) {
        let mut reading = Reading { reader: &self, is_done: false };
        while let Some(waiting) = reading.next() {
            let answer = self.once().await;
            for tell in waiting {
                // Whoever has left needs not be told.
                let _ = tell.send(answer.clone());
            }
        }
    }

    async fn once(&self) -> Answer {
        let seen = version::get(&self.connection).await.and_then(|data| {
            let header = HeaderValue::from_str(&format!("v{}", data.version));
            Ok(Arc::new(Seen { data, header: header.map_err(Error::internal)? }))
        });
        seen.map_err(|error| {
            error.log();
            Refused { code: error.code, detail: error.detail }
        })
    }
}

/// Somebody who reads. Where it ends other than by having nobody left, who waits is let go.
struct Reading<'a> {
    reader: &'a Reader,
    is_done: bool,
}

impl Reading<'_> {
    fn next(&mut self) -> Option<Vec<oneshot::Sender<Answer>>> {
        let mut asked = self.reader.lock();
        if asked.waiting.is_empty() {
            asked.is_read = false;
            self.is_done = true;
            return None;
        }
        Some(mem::take(&mut asked.waiting))
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            *self.reader.lock() = Asked::default();
        }
    }
}
