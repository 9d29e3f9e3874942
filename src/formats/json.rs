//! Rows -> JSON.

use serde::Serialize;
use serde_json::json;

use super::Fields;
use crate::query::page::Page;

/// A page: `{"data": […], "page": {"next": cursor|null, "total": n|null}}`, and `coverage` where it adds up.
pub fn page<T: Serialize>(page: &Page<T>, fields: &Fields) -> Vec<u8> {
    let data: Vec<_> = page.rows.iter().map(|row| fields.pick(row)).collect();
    let mut body = json!({"data": data, "page": {"next": page.next(), "total": page.total}});
    if let Some(coverage) = &page.coverage {
        body["coverage"] = json!(coverage);
    }
    body.to_string().into_bytes()
}
