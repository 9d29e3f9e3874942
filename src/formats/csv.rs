//! Rows -> CSV: UTF-8 with a byte order mark, so that spreadsheets read Chinese; RFC 4180.

use csv::{Terminator, WriterBuilder};
use serde_json::Value;

use super::Fields;
use crate::query::Resource;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The head: the names of the fields.
pub fn head(fields: &Fields) -> Vec<u8> {
    let mut bytes = BYTE_ORDER_MARK.as_bytes().to_vec();
    bytes.extend(records([fields.names().to_vec()]));
    bytes
}

/// The rows, each in its lines.
pub fn rows<R: Resource>(rows: &[R::Row], fields: &Fields) -> Vec<u8> {
    let lines = rows.iter().flat_map(|row| R::lines(row));
    records(lines.map(|line| fields.values(&line).into_iter().map(cell).collect()))
}

fn records(records: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for record in records {
        writer
            .write_record(&record)
            .expect("records have the same number of fields and memory does not fail");
    }
    writer.into_inner().expect("memory does not fail to flush")
}

/// A number or a word as it is; nothing where there is none; a list's values separated by spaces.
fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Array(values) => values.into_iter().map(cell).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
