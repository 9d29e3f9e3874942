//! Rows -> NDJSON: a JSON object a line, as in the `data` of JSON.

use std::io;

use serde_json::Value;

use super::{Fields, encoder::Encoder};
use crate::error::{Error, Result};

/// Writes NDJSON.
pub struct Ndjson {
    pub fields: Fields,
}

impl Encoder for Ndjson {
    fn rows(&mut self, rows: Vec<Value>) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for row in rows {
            serde_json::to_writer(&mut bytes, &self.fields.pick(row)).map_err(Error::internal)?;
            bytes.push(b'\n');
        }
        Ok(bytes)
    }

    fn end(self: Box<Self>) -> Result<Box<dyn io::Read + Send>> {
        Ok(Box::new(io::empty()))
    }
}
