//! Filter, page and measures -> views. The only room that reads the database.
//!
//! One file a resource: its filter, its view, `list` and `get`. Knows nothing of HTTP, GraphQL or the
//! command line, which translate and nothing more; writes nothing.

pub mod agency;
pub mod as_of;
pub mod canonical;
pub mod cell;
pub mod change;
pub mod citation;
pub mod coverage;
mod cursor;
pub mod difference;
pub mod disclosure_item;
pub mod document;
pub mod draft;
pub mod expected_report;
pub mod field;
pub mod figure;
pub mod filter;
pub mod finding;
pub mod indicator;
pub mod label;
pub mod lawsuit;
pub mod measure;
pub mod page;
pub mod permalink;
pub mod ranking;
pub mod region;
pub mod report;
pub mod request;
pub mod review;
pub mod revision;
pub mod row;
pub mod search;
pub mod selected;
pub mod series;
pub mod span;
pub mod standing;
pub mod statistics;
pub mod summary;
mod sums;
pub mod template;
pub mod version;
mod window;
pub mod year;

use async_graphql::OutputType;
use sea_orm::ConnectionTrait;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    error::{Error, Result},
    limits,
};
use field::{FieldType, Schemas};
use label::Label;
use page::{Page, Paging};

/// A resource that is listed: the same on REST, GraphQL and the command line.
pub trait Resource {
    /// Its name in the URL and on the command line: `reports`.
    const NAME: &'static str;
    /// Rows that are read at once where all are asked for.
    const ROWS_AT_ONCE: u64 = limits::PAGE_ROWS;
    /// What selects its rows.
    type Filter: IntoParams + DeserializeOwned + Serialize + Default + Clone + Send + Sync;
    /// One of its rows.
    type Row: Serialize + ToSchema + OutputType + Default + Send;

    /// Fields of the filter that stand in its address, and not behind it.
    const IN_ADDRESS: &'static [&'static str] = &[];

    /// Its address, below the root of all.
    #[must_use]
    fn address(_filter: &Self::Filter) -> String {
        format!("/{}", Self::NAME)
    }

    /// A row with every field that the filter's rows have.
    ///
    /// # Errors
    /// `invalid_parameter` where the filter decides the fields and is not valid.
    fn example(_filter: &Self::Filter) -> Result<Self::Row> {
        Ok(Self::Row::default())
    }

    /// What a field is that may hold a count, money or a rate, by its code or name: what the measure of
    /// that code is.
    fn value_type(_filter: &Self::Filter, code: &str) -> FieldType {
        FieldType::of_measure(code)
    }

    /// The label of a field that is named by a code of the form.
    #[must_use]
    fn label(_name: &str) -> Option<Label> {
        None
    }

    /// The lines that a row is in a table: itself, or one for each thing in a list that it holds.
    ///
    /// # Errors
    /// A row that cannot be written.
    fn lines(row: &Self::Row) -> Result<Vec<Value>> {
        Ok(vec![serde_json::to_value(row).map_err(Error::internal)?])
    }

    /// What a line is.
    fn line_schemas() -> Schemas {
        Schemas::of::<Self::Row>()
    }

    /// One page of it.
    fn list(
        connection: &impl ConnectionTrait,
        filter: &Self::Filter,
        paging: &Paging,
    ) -> impl Future<Output = Result<Page<Self::Row>>> + Send;
}
