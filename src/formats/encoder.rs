//! What every format of whole results does: rows in, bytes out, piece by piece.

use std::io;

use serde::Serialize;
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::{Bulk, Fields, Labels, csv::Csv, ndjson::Ndjson, parquet::Parquet, xlsx::Xlsx};
use crate::error::{Error, Result};

/// Writes a format.
pub trait Encoder: Send {
    /// Takes rows, and gives the bytes that are ready.
    ///
    /// # Errors
    /// What the format cannot hold.
    fn rows(&mut self, rows: Vec<Value>) -> Result<Vec<u8>>;

    /// The bytes that are left once all rows are in.
    ///
    /// # Errors
    /// What the format cannot hold.
    fn end(self: Box<Self>) -> Result<Box<dyn io::Read + Send>>;
}

/// An encoder at work. Encoding is work for the processor: it keeps no other answer waiting.
pub struct Encoding(Box<dyn Encoder>);

impl Encoding {
    /// Begins a file of rows of a resource.
    ///
    /// # Errors
    /// What the format cannot hold.
    pub fn new(format: Bulk, name: &str, fields: Fields, labels: Labels) -> Result<Self> {
        Ok(Self(match format {
            Bulk::Csv => Box::new(Csv::new(fields, labels)?),
            Bulk::Ndjson => Box::new(Ndjson { fields }),
            Bulk::Xlsx => Box::new(Xlsx::new(name, fields, labels)?),
            Bulk::Parquet => Box::new(Parquet::new(name, fields)?),
        }))
    }

    /// Takes rows, and gives the bytes that are ready.
    ///
    /// # Errors
    /// What the format cannot hold.
    pub async fn rows<T: Serialize + Send + 'static>(
        self,
        rows: Vec<T>,
    ) -> Result<(Self, Vec<u8>)> {
        let Self(mut encoder) = self;
        let encode = move || {
            let rows = rows.iter().map(serde_json::to_value).collect::<Result<_, _>>();
            let bytes = encoder.rows(rows.map_err(Error::internal)?)?;
            Ok((Self(encoder), bytes))
        };
        spawn_blocking(encode).await.map_err(Error::internal)?
    }

    /// The bytes that are left once all rows are in.
    ///
    /// # Errors
    /// What the format cannot hold.
    pub async fn end(self) -> Result<Box<dyn io::Read + Send>> {
        spawn_blocking(|| self.0.end()).await.map_err(Error::internal)?
    }
}

/// A value as a text: nothing where there is none; a list's values separated by spaces.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
