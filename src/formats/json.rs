//! Rows -> JSON.

use serde::Serialize;
use serde_json::json;

use super::Fields;
use crate::query::page::Page;

/// A page: `{"data": […], "page": {"next": cursor|null, "total": n|null}}`.
pub fn page<T: Serialize>(page: &Page<T>, fields: &Fields) -> Vec<u8> {
    let data: Vec<_> = page.rows.iter().map(|row| fields.pick(row)).collect();
    let body = json!({"data": data, "page": {"next": page.next(), "total": page.total}});
    body.to_string().into_bytes()
}
