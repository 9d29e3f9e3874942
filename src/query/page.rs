//! Pages of a list: sorted, cut, and gone on with by a cursor.
//!
//! A cursor holds the sort values of the last row, so that going on costs the same on every page and
//! rows that come in between neither repeat nor hide others. It is bound to its question: with another
//! filter or another order it is refused.

use std::{collections::HashMap, fmt::Debug};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sea_orm::{
    Condition, ConnectionTrait, EntityTrait, FromQueryResult, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QueryResult, QuerySelect, QueryTrait, Select,
    sea_query::{
        Asterisk, Expr, ExprTrait, Func, NullOrdering, Query, SelectStatement, SimpleExpr,
        UnionType,
    },
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

use crate::{
    error::{Code, Error, Result, nearest},
    limits,
};

/// Which page of a list, and in what order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, IntoParams, clap::Args)]
#[into_params(parameter_in = Query)]
pub struct PageArgs {
    /// What to sort by, `-` in front for the highest or newest first; several separated by commas:
    /// `-year,region`, `-requests.received`. Rows without a value come last.
    #[arg(long, allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// How many rows, 1 to 500; 100 where it is not said. CSV gives all rows where it is not said.
    #[arg(long)]
    pub limit: Option<String>,
    /// Where to go on: the cursor in `page.next` of the answer before.
    #[arg(long)]
    pub after: Option<String>,
}

/// Which page of a list, understood.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Paging {
    pub sort: Option<String>,
    pub limit: u64,
    pub after: Option<String>,
    /// Whether to count all rows.
    pub with_total: bool,
}

impl PageArgs {
    /// Understands the page asked for.
    ///
    /// # Errors
    /// `invalid_parameter` for a limit that is none.
    pub fn paging(&self) -> Result<Paging> {
        let Self { sort, limit, after } = self.clone();
        let limit = match limit {
            None => limits::PAGE_ROWS_DEFAULT,
            Some(text) => match text.parse() {
                Ok(limit) if (1..=limits::PAGE_ROWS).contains(&limit) => limit,
                _ => {
                    let detail = format!("limit {text:?} is no number of rows");
                    return Err(Error::invalid("limit", detail)
                        .allowed([format!("1 to {}", limits::PAGE_ROWS)]));
                }
            },
        };
        Ok(Paging { sort, limit, after, with_total: true })
    }
}

/// A page of rows.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// The cursor of each row: `after` it the list goes on.
    pub cursors: Vec<String>,
    pub has_next: bool,
    /// All rows of the question, where they were counted.
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// The cursor of the next page.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        self.cursors.last().filter(|_| self.has_next).map(String::as_str)
    }

    /// The page with other rows in the same places.
    #[must_use]
    pub fn with_rows<U>(self, rows: Vec<U>) -> Page<U> {
        debug_assert_eq!(rows.len(), self.cursors.len(), "a view for each row");
        Page { rows, cursors: self.cursors, has_next: self.has_next, total: self.total }
    }

    /// The page with each row as a view.
    #[must_use]
    pub fn map<U>(self, view: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(view).collect(),
            cursors: self.cursors,
            has_next: self.has_next,
            total: self.total,
        }
    }
}

/// Something a list is sorted by.
#[derive(Clone, Debug)]
pub struct SortKey {
    expr: SimpleExpr,
    descending: bool,
}

impl SortKey {
    /// Lowest first.
    #[must_use]
    pub fn ascending(expr: impl Into<SimpleExpr>) -> Self {
        Self { expr: expr.into(), descending: false }
    }
}

/// A value rows are sorted by, as a cursor keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum KeyValue {
    Number(i64),
    Text(String),
    Missing(()),
}

impl KeyValue {
    fn expr(&self) -> Option<SimpleExpr> {
        match self {
            Self::Number(number) => Some(Expr::value(*number)),
            Self::Text(text) => Some(Expr::value(text.clone())),
            Self::Missing(()) => None,
        }
    }
}

/// A row with the values it is sorted by.
struct Keyed<M> {
    model: M,
    keys: Vec<KeyValue>,
}

impl<M: FromQueryResult> FromQueryResult for Keyed<M> {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        let mut keys = Vec::new();
        loop {
            let name = key_name(keys.len());
            if !row.column_names().contains(&name) {
                break;
            }
            let key = match row.try_get_by::<Option<i64>, _>(name.as_str()) {
                Ok(number) => number.map(KeyValue::Number),
                Err(_) => row.try_get_by::<Option<String>, _>(name.as_str())?.map(KeyValue::Text),
            };
            keys.push(key.unwrap_or(KeyValue::Missing(())));
        }
        Ok(Self { model: M::from_query_result(row, prefix)?, keys })
    }
}

fn key_name(number: usize) -> String {
    format!("sort_key_{number}")
}

/// What a cursor says.
#[derive(Serialize, Deserialize)]
struct Cursor {
    /// The cursor's version, so that one of an older program is refused, not misread.
    v: u8,
    /// The question it belongs to.
    q: String,
    /// The values of the row it stands after.
    k: Vec<KeyValue>,
}

const CURSOR_VERSION: u8 = 1;

impl Cursor {
    fn encode(&self) -> String {
        let text = serde_json::to_vec(self).expect("numbers and strings are JSON");
        BASE64_URL_SAFE_NO_PAD.encode(text)
    }

    fn decode(text: &str, question: &str, keys: usize) -> Result<Vec<KeyValue>> {
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

/// Understands a `sort` parameter.
///
/// # Errors
/// `invalid_parameter` for a key that `key` does not know; `known` is named as what is allowed.
pub fn sort_keys(
    sort: &str,
    known: &[&str],
    key: impl Fn(&str) -> Option<SimpleExpr>,
) -> Result<Vec<SortKey>> {
    let names: Vec<&str> = sort.split(',').map(str::trim).collect();
    if names.len() > limits::SORT_KEYS {
        let detail = format!("sort has {} keys, more than {}", names.len(), limits::SORT_KEYS);
        return Err(Error::invalid("sort", detail));
    }
    names
        .into_iter()
        .map(|name| {
            let (name, descending) =
                name.strip_prefix('-').map_or((name, false), |name| (name, true));
            let expr = key(name).ok_or_else(|| {
                let hint = nearest(name, known.iter().copied());
                let hint = hint.map(|hint| format!("; did you mean {hint}?")).unwrap_or_default();
                let detail = format!("{name:?} is nothing to sort by here{hint}");
                Error::invalid("sort", detail).allowed(known.iter().copied())
            })?;
            Ok(SortKey { expr, descending })
        })
        .collect()
}

/// One page of a selection, sorted by `keys`, the last of which are unique together.
///
/// # Errors
/// `invalid_cursor`; what the database says.
pub async fn page<E, M>(
    connection: &impl ConnectionTrait,
    select: Select<E>,
    keys: Vec<SortKey>,
    paging: &Paging,
    question: &impl Debug,
) -> Result<Page<M>>
where
    E: EntityTrait<Model = M>,
    M: FromQueryResult + Sized + Send + Sync,
{
    let question = fingerprint::<E>(question, paging);
    let total =
        if paging.with_total { Some(select.clone().count(connection).await?) } else { None };
    let rows =
        window(select, &keys, paging, &question)?.into_model::<Keyed<M>>().all(connection).await?;
    Ok(cut(rows, paging, &question, total))
}

/// Parents whose pages are asked for in one statement: SQLite takes 500 terms of a union.
const PARENTS_A_STATEMENT: usize = 100;

/// The same page of the rows of several parents: one statement for a hundred parents, two where the
/// total is asked for.
///
/// # Errors
/// `invalid_cursor`; what the database says.
pub async fn pages<E, M>(
    connection: &impl ConnectionTrait,
    selects: Vec<(String, Select<E>)>,
    keys: &[SortKey],
    paging: &Paging,
    question: &impl Debug,
) -> Result<HashMap<String, Page<M>>>
where
    E: EntityTrait<Model = M>,
    M: FromQueryResult + Sized + Send + Sync,
{
    let mut pages = HashMap::new();
    for chunk in selects.chunks(PARENTS_A_STATEMENT) {
        let mut windows = Vec::with_capacity(chunk.len());
        for (parent, select) in chunk {
            let question = fingerprint::<E>(&(parent, question), paging);
            windows.push((parent, window(select.clone(), keys, paging, &question)?.into_query()));
        }
        let mut rows: HashMap<String, Vec<Keyed<M>>> = HashMap::new();
        for row in connection.query_all(&union(windows, |inner| inner)).await? {
            let parent: String = row.try_get("", PARENT)?;
            rows.entry(parent).or_default().push(Keyed::from_query_result(&row, "")?);
        }
        let mut totals: HashMap<String, i64> = HashMap::new();
        if paging.with_total {
            let all = chunk
                .iter()
                .map(|(parent, select)| (parent, select.clone().into_query()))
                .collect();
            let count = |inner| {
                Query::select()
                    .expr_as(Func::count(Expr::cust("*")), TOTAL)
                    .from_subquery(inner, "counted")
                    .take()
            };
            for row in connection.query_all(&union(all, count)).await? {
                totals.insert(row.try_get("", PARENT)?, row.try_get("", TOTAL)?);
            }
        }
        for (parent, _) in chunk {
            let question = fingerprint::<E>(&(parent, question), paging);
            let total = paging
                .with_total
                .then(|| totals.get(parent).map_or(0, |total| total.unsigned_abs()));
            let page = cut(rows.remove(parent).unwrap_or_default(), paging, &question, total);
            pages.insert(parent.clone(), page);
        }
    }
    Ok(pages)
}

const PARENT: &str = "of_parent";
const TOTAL: &str = "total_rows";

/// The rows of all parents, each with its parent in a column.
fn union(
    selects: Vec<(&String, SelectStatement)>,
    shape: impl Fn(SelectStatement) -> SelectStatement,
) -> SelectStatement {
    let mut whole: Option<SelectStatement> = None;
    for (parent, select) in selects {
        let one = Query::select()
            .expr_as(Expr::value(parent.as_str()), PARENT)
            .column(Asterisk)
            .from_subquery(shape(select), "of_one")
            .take();
        match &mut whole {
            None => whole = Some(one),
            Some(whole) => {
                whole.union(UnionType::All, one);
            }
        }
    }
    whole.unwrap_or_default()
}

/// The rows of a page, and one more that tells whether the list goes on.
fn window<E: EntityTrait>(
    select: Select<E>,
    keys: &[SortKey],
    paging: &Paging,
    question: &str,
) -> Result<Select<E>> {
    let after = paging
        .after
        .as_deref()
        .map(|after| Cursor::decode(after, question, keys.len()))
        .transpose()?;
    let mut window = select.limit(paging.limit + 1);
    if let Some(after) = after {
        window = window.filter(beyond(keys, &after));
    }
    for (number, key) in keys.iter().enumerate() {
        let order = if key.descending { Order::Desc } else { Order::Asc };
        window = window.expr_as(key.expr.clone(), key_name(number)).order_by_with_nulls(
            key.expr.clone(),
            order,
            NullOrdering::Last,
        );
    }
    Ok(window)
}

fn cut<M>(mut rows: Vec<Keyed<M>>, paging: &Paging, question: &str, total: Option<u64>) -> Page<M> {
    let limit = usize::try_from(paging.limit).unwrap_or(usize::MAX);
    let has_next = rows.len() > limit;
    rows.truncate(limit);
    let (mut models, mut cursors) =
        (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for Keyed { model, keys } in rows {
        models.push(model);
        cursors.push(Cursor { v: CURSOR_VERSION, q: question.to_owned(), k: keys }.encode());
    }
    Page { rows: models, cursors, has_next, total }
}

/// Names the question a cursor belongs to: the resource, its filter and its order, not the page's size.
fn fingerprint<E: EntityTrait>(question: &impl Debug, paging: &Paging) -> String {
    let digest =
        Sha256::digest(format!("{} {question:?} {:?}", E::default().table_name(), paging.sort));
    BASE64_URL_SAFE_NO_PAD.encode(&digest[..6])
}

/// The rows that come after one with these sort values: for keys a, b, c those with a beyond, or a
/// equal and b beyond, or a and b equal and c beyond.
fn beyond(keys: &[SortKey], values: &[KeyValue]) -> Condition {
    let mut any = Condition::any();
    let mut equal = Condition::all();
    for (key, value) in keys.iter().zip(values) {
        match value.expr() {
            Some(value) => {
                let past = if key.descending {
                    key.expr.clone().lt(value.clone())
                } else {
                    key.expr.clone().gt(value.clone())
                };
                // Rows without a value come last, so after every row with one.
                let past = Condition::any().add(past).add(key.expr.clone().is_null());
                any = any.add(equal.clone().add(past));
                equal = equal.add(key.expr.clone().eq(value));
            }
            None => equal = equal.add(key.expr.clone().is_null()),
        }
    }
    any
}

/// A list that is there whole, as a page of it: cursors count its rows.
///
/// # Errors
/// `invalid_parameter` for a cursor that is none.
pub fn slice<T>(rows: Vec<T>, paging: &Paging) -> Result<Page<T>> {
    let total = rows.len();
    let start = match paging.after.as_deref() {
        None => 0,
        Some(after) => after
            .strip_prefix(ROW)
            .and_then(|number| number.parse::<usize>().ok())
            .filter(|number| (1..=total).contains(number))
            .ok_or_else(|| {
                Error::invalid("after", "the text in `after` is no cursor of this list")
            })?,
    };
    let limit = usize::try_from(paging.limit).unwrap_or(usize::MAX);
    let rows: Vec<T> = rows.into_iter().skip(start).take(limit).collect();
    Ok(Page {
        cursors: (1..=rows.len()).map(|row| format!("{ROW}{}", start + row)).collect(),
        has_next: start + rows.len() < total,
        total: Some(total as u64),
        rows,
    })
}

const ROW: &str = "row";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key_value() -> impl Strategy<Value = KeyValue> {
        prop_oneof![
            any::<i64>().prop_map(KeyValue::Number),
            any::<String>().prop_map(KeyValue::Text),
            Just(KeyValue::Missing(())),
        ]
    }

    proptest! {
        #[test]
        fn a_cursor_decodes_to_what_it_encoded(k in proptest::collection::vec(key_value(), 0..5)) {
            let cursor = Cursor { v: CURSOR_VERSION, q: "question".to_owned(), k: k.clone() }.encode();
            prop_assert_eq!(Cursor::decode(&cursor, "question", k.len()).ok(), Some(k.clone()));
            prop_assert!(Cursor::decode(&cursor, "another", k.len()).is_err());
        }

        #[test]
        fn no_text_makes_a_cursor_panic(text in ".*") {
            let _ = Cursor::decode(&text, "question", 1);
        }
    }
}
