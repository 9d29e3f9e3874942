//! Cursors: where a list goes on.
//!
//! A cursor holds the sort values of the last row, so that going on costs the same on every page and
//! rows that come in between neither repeat nor hide others. It is bound to its question: with another
//! filter or another order it is refused.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sea_orm::{EntityTrait, FromQueryResult, QueryResult, sea_query::Expr};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{page::Paging, permalink::AS_OF};
use crate::error::{Code, Error, Result};

/// A value rows are sorted by, as a cursor keeps it; a missing one comes last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum KeyValue {
    Number(i64),
    /// A rate, by the bits of the number: JSON would not keep each as it is.
    Rate {
        bits: u64,
    },
    Text(String),
    Missing(()),
}

impl KeyValue {
    pub(super) fn expr(&self) -> Option<Expr> {
        match self {
            Self::Number(number) => Some(Expr::value(*number)),
            Self::Rate { bits } => Some(Expr::value(f64::from_bits(*bits))),
            Self::Text(text) => Some(Expr::value(text.clone())),
            Self::Missing(()) => None,
        }
    }
}

/// A row with the values it is sorted by.
pub(super) struct Keyed<M> {
    pub model: M,
    pub keys: Vec<KeyValue>,
}

impl<M: FromQueryResult> FromQueryResult for Keyed<M> {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        let mut keys = Vec::new();
        loop {
            let name = key_name(keys.len());
            if !row.column_names().contains(&name) {
                break;
            }
            keys.push(key(row, &name)?.unwrap_or(KeyValue::Missing(())));
        }
        Ok(Self { model: M::from_query_result(row, prefix)?, keys })
    }
}

/// A value to sort by, of whichever type its column has.
fn key(row: &QueryResult, name: &str) -> Result<Option<KeyValue>, sea_orm::DbErr> {
    if let Ok(number) = row.try_get_by::<Option<i64>, _>(name) {
        return Ok(number.map(KeyValue::Number));
    }
    if let Ok(rate) = row.try_get_by::<Option<f64>, _>(name) {
        return Ok(rate.map(|rate| KeyValue::Rate { bits: rate.to_bits() }));
    }
    Ok(row.try_get_by::<Option<String>, _>(name)?.map(KeyValue::Text))
}

pub(super) fn key_name(number: usize) -> String {
    format!("sort_key_{number}")
}

/// What a cursor says.
#[derive(Serialize, Deserialize)]
pub(super) struct Cursor {
    /// The cursor's version, so that one of an older program is refused, not misread.
    v: u8,
    /// The question it belongs to.
    q: String,
    /// The values of the row it stands after.
    k: Vec<KeyValue>,
}

const CURSOR_VERSION: u8 = 1;

impl Cursor {
    /// The cursor after a row with these sort values.
    pub(super) fn after(question: &str, keys: Vec<KeyValue>) -> Self {
        Self { v: CURSOR_VERSION, q: question.to_owned(), k: keys }
    }

    pub(super) fn encode(&self) -> String {
        let text = serde_json::to_vec(self).expect("numbers and strings are JSON");
        BASE64_URL_SAFE_NO_PAD.encode(text)
    }

    pub(super) fn decode(text: &str, question: &str, keys: usize) -> Result<Vec<KeyValue>> {
        let cursor = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
        let cursor: Option<Self> = cursor.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let fault = match cursor {
            Some(Self { v: CURSOR_VERSION, q, k }) if q == question && k.len() == keys => {
                return Ok(k);
            }
            Some(_) => "the cursor in `after` belongs to a question with another filter or order",
            None => "the text in `after` is no cursor of this server",
        };
        Err(Error { parameter: Some("after".to_owned()), ..Error::new(Code::InvalidCursor, fault) })
    }
}

/// Names the question a cursor belongs to: the resource, its filter and its order, not the page's size. Nor the
/// version of the data: a page's permalink goes on where the page did.
pub(super) fn fingerprint<E: EntityTrait>(question: &impl Serialize, paging: &Paging) -> String {
    named(E::default().table_name(), question, paging)
}

/// The same of a resource that is no table.
pub(super) fn named(resource: &str, question: &impl Serialize, paging: &Paging) -> String {
    let mut question = serde_json::to_value(question).expect("filters are texts by their names");
    without_version(&mut question);
    let digest = Sha256::digest(format!("{resource} {question} {:?}", paging.sort));
    BASE64_URL_SAFE_NO_PAD.encode(&digest[..6])
}

fn without_version(question: &mut Value) {
    match question {
        Value::Object(fields) => {
            fields.shift_remove(AS_OF);
            fields.values_mut().for_each(without_version);
        }
        Value::Array(parts) => parts.iter_mut().for_each(without_version),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key_value() -> impl Strategy<Value = KeyValue> {
        prop_oneof![
            any::<i64>().prop_map(KeyValue::Number),
            any::<u64>().prop_map(|bits| KeyValue::Rate { bits }),
            any::<String>().prop_map(KeyValue::Text),
            Just(KeyValue::Missing(())),
        ]
    }

    proptest! {
        #[test]
        fn a_cursor_decodes_to_what_it_encoded(k in proptest::collection::vec(key_value(), 0..5)) {
            let cursor = Cursor::after("question", k.clone()).encode();
            prop_assert_eq!(Cursor::decode(&cursor, "question", k.len()).ok(), Some(k.clone()));
            prop_assert!(Cursor::decode(&cursor, "another", k.len()).is_err());
        }

        #[test]
        fn no_text_makes_a_cursor_panic(text in ".*") {
            let _ = Cursor::decode(&text, "question", 1);
        }
    }
}
