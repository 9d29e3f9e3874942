//! The address at which an answer stays as it is: the question, and the version of the data it is made of.
//!
//! The parameters stand in the order of their documentation, so that the same question has one address.

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use super::{
    Resource,
    as_of::{self, At, moments},
    page::PageArgs,
    version,
};
use crate::error::{Error, Result};

/// What all addresses of answers begin with.
const ROOT: &str = "/api/v1";
pub(super) const AS_OF: &str = "as_of";

/// The version of the data that an answer is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub version: i64,
    /// The day it began, in UTC.
    pub began: Option<NaiveDate>,
}

impl Stamp {
    /// The version of the data as they are seen.
    ///
    /// # Errors
    /// What the database says.
    pub async fn of(connection: &impl ConnectionTrait, at: At) -> Result<Self> {
        let version = match at {
            At::Version(version) => version,
            At::Now => version::get(connection).await?.version,
        };
        let began = moments(connection, [version]).await?.remove(&version);
        Ok(Self { version, began: began.and_then(|time| time.get(..10)?.parse().ok()) })
    }

    /// The version as `as_of` takes it: `v12`.
    #[must_use]
    pub fn as_of(self) -> String {
        format!("v{}", self.version)
    }
}

/// Where an answer stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permalink {
    /// The version of the data it is made of.
    pub stamp: Stamp,
    /// The address on any server that has these data: `/api/v1/reports?region=370323&as_of=v12`.
    pub address: String,
    /// What is asked, without `as_of`.
    pub asked: Vec<(String, String)>,
}

impl Permalink {
    /// Of a single thing below the root, with its parameters.
    #[must_use]
    pub fn new(path: &str, asked: Vec<(String, String)>, stamp: Stamp) -> Self {
        Self::with_as_of(path, asked, Some(stamp.as_of()), stamp)
    }

    fn with_as_of(
        path: &str,
        asked: Vec<(String, String)>,
        as_of: Option<String>,
        stamp: Stamp,
    ) -> Self {
        let as_of = as_of.map(|version| (AS_OF.to_owned(), version));
        let pairs: Vec<&(String, String)> = asked.iter().chain(&as_of).collect();
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        // Both may stand in a query as they are (RFC 3986), and are read more easily so.
        let query = query.replace("%2C", ",").replace("%3A", ":");
        let mark = if query.is_empty() { "" } else { "?" };
        Self { stamp, address: format!("{ROOT}{path}{mark}{query}"), asked }
    }

    /// Of a page of a list; `shown` is what else of the answer was chosen: its fields, its format.
    ///
    /// # Errors
    /// `invalid_parameter` for an `as_of` that is none; what the database says.
    pub async fn of_list<R: Resource>(
        connection: &impl ConnectionTrait,
        filter: &R::Filter,
        page: &PageArgs,
        shown: &[(&str, Option<&str>)],
    ) -> Result<Self> {
        let filter_as_asked = serde_json::to_value(filter).map_err(Error::internal)?;
        let mut fields = match filter_as_asked {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        for name in R::IN_ADDRESS {
            fields.shift_remove(*name);
        }
        let as_of = fields.shift_remove(AS_OF);
        let at = as_of::at(connection, as_of.as_ref().and_then(Value::as_str)).await?;
        let stamp = Stamp::of(connection, at).await?;
        let PageArgs { sort, limit, after } = page;
        let page = [("sort", sort), ("limit", limit), ("after", after)];
        let page = page.map(|(name, value)| (name, value.as_deref()));
        let asked = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let asked = asked.chain(page).chain(shown.iter().copied());
        let asked = asked.filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
        // What never changes takes no `as_of`.
        let takes_as_of = R::Filter::into_params(|| None).iter().any(|known| known.name == AS_OF);
        let as_of = takes_as_of.then(|| stamp.as_of());
        Ok(Self::with_as_of(&R::address(filter), asked.collect(), as_of, stamp))
    }
}
