//! Rows -> CSV: UTF-8 with a byte order mark, so that spreadsheets read Chinese; RFC 4180.
//!
//! A text that a spreadsheet would take for a formula has an apostrophe in front.

use std::{io, mem};

use csv::{Terminator, WriterBuilder};
use serde_json::Value;

use super::{
    Fields, Labels,
    encoder::{Encoder, text},
};
use crate::{
    error::{Error, Result},
    query::field::FieldType,
};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// What a text begins with that a spreadsheet takes for a formula, or cuts off to find one; the
/// full-width ones are taken for the others where one types Chinese.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Writes CSV.
pub struct Csv {
    fields: Fields,
    /// The head, until it is written.
    head: Vec<u8>,
}

impl Csv {
    pub fn new(fields: Fields, labels: Labels) -> Result<Self> {
        let mut head = BYTE_ORDER_MARK.as_bytes().to_vec();
        head.extend(records([labels.heads(&fields)])?);
        Ok(Self { fields, head })
    }
}

impl Encoder for Csv {
    fn rows(&mut self, rows: Vec<Value>) -> Result<Vec<u8>> {
        let cells = |row| {
            let values = self.fields.values(row).into_iter().zip(self.fields.list());
            values.map(|(value, field)| cell(value, field.field_type)).collect()
        };
        let mut bytes = mem::take(&mut self.head);
        bytes.extend(records(rows.iter().map(cells).collect::<Vec<Vec<String>>>())?);
        Ok(bytes)
    }

    fn end(self: Box<Self>) -> Result<Box<dyn io::Read + Send>> {
        Ok(Box::new(io::Cursor::new(self.head)))
    }
}

/// A table that is no resource's, with its head.
///
/// # Errors
/// What cannot be written.
pub fn table<'a>(heads: &[String], rows: impl Iterator<Item = Vec<&'a Value>>) -> Result<Vec<u8>> {
    let cells = |row: Vec<&Value>| {
        let of = |value: &Value| match value {
            // Money is a number, whatever sign it begins with.
            Value::String(text) if is_decimal(text) => FieldType::Decimal,
            Value::String(_) | Value::Array(_) => FieldType::Text,
            _ => FieldType::Number,
        };
        row.into_iter().map(|value| cell(value, of(value))).collect::<Vec<String>>()
    };
    let head = heads.iter().map(|head| cell(&Value::String(head.clone()), FieldType::Text));
    let mut bytes = BYTE_ORDER_MARK.as_bytes().to_vec();
    bytes.extend(records(std::iter::once(head.collect()).chain(rows.map(cells)))?);
    Ok(bytes)
}

/// Whether a text is a decimal as answers write it: `-5.00`.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.chars().all(|character| character.is_ascii_digit() || character == '.')
}

fn records(records: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for record in records {
        writer.write_record(&record).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.to_string()))
}

/// A number or a word as it is; nothing where there is none.
fn cell(value: &Value, field_type: FieldType) -> String {
    let text = text(value);
    let is_text = matches!(field_type, FieldType::Text | FieldType::List);
    if is_text && text.starts_with(FORMULA) { format!("'{text}") } else { text }
}
