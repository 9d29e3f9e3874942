//! Rows -> JSON.

use serde::Serialize;
use serde_json::{Value, json};

use super::Fields;
use crate::{
    error::{Error, Result},
    query::{page::Page, permalink::Permalink},
};

/// A page: `{"data": […], "page": {"next": cursor|null, "total": n|null}}`, `coverage` where it adds up, and
/// where it stays.
pub fn page<T: Serialize>(
    page: &Page<T>,
    fields: &Fields,
    permalink: &Permalink,
) -> Result<Vec<u8>> {
    let data = page.rows.iter().map(|row| serde_json::to_value(row).map(|row| fields.pick(row)));
    let data: Vec<Value> = data.collect::<Result<_, _>>().map_err(Error::internal)?;
    let mut body = json!({"data": data, "page": {"next": page.next(), "total": page.total}});
    if let Some(coverage) = &page.coverage {
        body["coverage"] = json!(coverage);
    }
    body["data_version"] = json!(permalink.stamp.as_of());
    body["permalink"] = json!(permalink.address);
    Ok(body.to_string().into_bytes())
}
