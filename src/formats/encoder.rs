//! What every format of whole results does: rows in, bytes out, piece by piece.

use std::io;

use serde_json::Value;
use tokio::task::spawn_blocking;

use super::{
    Bulk, Fields, Labels, about::About, csv::Csv, ndjson::Ndjson, parquet::Parquet, xlsx::Xlsx,
};
use crate::{
    error::{Error, Result},
    query::Resource,
};

/// Writes a format.
pub trait Encoder: Send {
    /// Takes rows, and gives the bytes that are ready.
    ///
    /// # Errors
    /// What the format cannot hold.
    fn rows(&mut self, rows: Vec<Value>) -> Result<Vec<u8>>;

    /// Takes what is said of the answer, where the format has room for it.
    fn about(&mut self, _about: About) {}

    /// The bytes that are left once all rows are in.
    ///
    /// # Errors
    /// What the format cannot hold.
    fn end(self: Box<Self>) -> Result<Box<dyn io::Read + Send>>;
}

/// An encoder at work. Encoding is work for the processor: it keeps no other answer waiting.
pub struct Encoding {
    encoder: Box<dyn Encoder>,
    format: Bulk,
}

impl Encoding {
    /// Begins a file of rows of a resource.
    ///
    /// # Errors
    /// What the format cannot hold.
    pub fn new(format: Bulk, name: &str, fields: Fields, labels: Labels) -> Result<Self> {
        let encoder: Box<dyn Encoder> = match format {
            Bulk::Csv => Box::new(Csv::new(fields, labels)?),
            Bulk::Ndjson => Box::new(Ndjson { fields }),
            Bulk::Xlsx => Box::new(Xlsx::new(name, fields, labels)?),
            Bulk::Parquet => Box::new(Parquet::new(name, fields)?),
        };
        Ok(Self { encoder, format })
    }

    /// Takes what is said of the answer.
    pub fn about(&mut self, about: About) {
        self.encoder.about(about);
    }

    /// Takes rows of the resource, and gives the bytes that are ready.
    ///
    /// # Errors
    /// What the format cannot hold.
    pub async fn rows<R: Resource>(self, rows: Vec<R::Row>) -> Result<(Self, Vec<u8>)>
    where
        R::Row: 'static,
    {
        let Self { mut encoder, format } = self;
        let encode = move || {
            let lines = rows.iter().map(|row| match format.is_table() {
                true => R::lines(row),
                false => Ok(vec![serde_json::to_value(row).map_err(Error::internal)?]),
            });
            let lines = lines.collect::<Result<Vec<Vec<Value>>>>()?;
            let bytes = encoder.rows(lines.into_iter().flatten().collect())?;
            Ok((Self { encoder, format }, bytes))
        };
        spawn_blocking(encode).await.map_err(Error::internal)?
    }

    /// The bytes that are left once all rows are in.
    ///
    /// # Errors
    /// What the format cannot hold.
    pub async fn end(self) -> Result<Box<dyn io::Read + Send>> {
        spawn_blocking(|| self.encoder.end()).await.map_err(Error::internal)?
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
