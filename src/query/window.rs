//! A selection -> one page of it: sorted, cut, and gone on with after a cursor.

use std::collections::HashMap;

use entity::{
    indicator::Indicator,
    template::{Code, Measure},
};
use sea_orm::{
    Condition, ConnectionTrait, EntityTrait, FromQueryResult, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Asterisk, Expr, ExprTrait, Func, NullOrdering, Query, SelectStatement, UnionType},
};
use serde::Serialize;

use super::{
    cursor::{Cursor, KeyValue, Keyed, fingerprint, key_name},
    page::{Page, Paging},
};
use crate::{
    error::{Error, Result, nearest},
    limits,
};

/// Something a list is sorted by.
#[derive(Clone, Debug)]
pub struct SortKey {
    expr: Expr,
    descending: bool,
    /// Whether a row may have none. To sort what is missing last is said of such keys alone: SQLite takes
    /// no index for an order in which it is said.
    may_be_missing: bool,
}

impl SortKey {
    /// What every row has, lowest first.
    #[must_use]
    pub fn ascending(expr: impl Into<Expr>) -> Self {
        Self { expr: expr.into(), descending: false, may_be_missing: false }
    }
}

/// Names that every row has a value of, wherever lists are sorted by them.
const NEVER_MISSING: [&str; 3] = ["year", "region", "name"];

/// Understands a `sort` parameter.
///
/// # Errors
/// `invalid_parameter` for a key that `key` does not know; `known` is named as what is allowed.
pub fn sort_keys(
    sort: &str,
    known: &[&str],
    key: impl Fn(&str) -> Option<Expr>,
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
                let measures: Vec<String> = Measure::all().map(Measure::code).collect();
                let indicators = Indicator::ALL.iter().map(|indicator| indicator.code());
                let codes = measures.iter().map(String::as_str).chain(indicators);
                let hint = nearest(name, known.iter().copied().chain(codes));
                let hint = hint.filter(|hint| key(hint).is_some());
                let hint = hint.map(|hint| format!("; did you mean {hint}?")).unwrap_or_default();
                let detail = format!("{name:?} is nothing to sort by here{hint}");
                Error::invalid("sort", detail).allowed(known.iter().copied())
            })?;
            Ok(SortKey { expr, descending, may_be_missing: !NEVER_MISSING.contains(&name) })
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
    question: &impl Serialize,
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
    question: &impl Serialize,
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
        window = window.expr_as(key.expr.clone(), key_name(number));
        window = match key.may_be_missing {
            true => window.order_by_with_nulls(key.expr.clone(), order, NullOrdering::Last),
            false => window.order_by(key.expr.clone(), order),
        };
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
        cursors.push(Cursor::after(question, keys).encode());
    }
    Page { rows: models, cursors, has_next, total, coverage: None }
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
                let mut past = Condition::any().add(past);
                if key.may_be_missing {
                    // Rows without a value come last, so after every row with one.
                    past = past.add(key.expr.clone().is_null());
                }
                any = any.add(equal.clone().add(past));
                equal = equal.add(key.expr.clone().eq(value));
            }
            None => equal = equal.add(key.expr.clone().is_null()),
        }
    }
    any
}
