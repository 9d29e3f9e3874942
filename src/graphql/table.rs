//! The data of a query -> CSV, where they are one list: a line a row, its fields in the order asked for.
//!
//! Refuses what is no list, several, and lists within a list's rows.

use serde_json::Value;

use super::order::Order;
use crate::{
    error::{Code, Error, Result},
    formats,
};

/// What is asked for instead.
const ALLOWED: [&str; 2] =
    ["a query with one list: `nodes` of one connection, without lists in its rows", "JSON"];

/// A list in an answer.
struct List<'a> {
    /// Its name, dotted: `region.agencies.nodes`.
    name: String,
    rows: &'a [Value],
    /// What was asked of its rows.
    asked: &'a Order,
}

/// A column: the names that lead to it.
type Column = Vec<String>;

/// The one list of an answer as CSV.
///
/// # Errors
/// `not_acceptable` where it is not one list.
pub fn csv(data: &Value, asked: &Order) -> Result<Vec<u8>> {
    let mut lists = Vec::new();
    find(data, asked, String::new(), &mut lists);
    let [List { name, rows, asked }] = &lists[..] else {
        let detail = match &lists[..] {
            [] => "the answer holds no list, and csv is asked for".to_owned(),
            several => {
                let names: Vec<&str> = several.iter().map(|list| list.name.as_str()).collect();
                format!("the answer holds several lists, and csv is one: {}", names.join(", "))
            }
        };
        return Err(refused(detail));
    };
    let mut columns = Vec::new();
    let all: Vec<&Value> = rows.iter().collect();
    add_columns(asked, &all, &[], name, &mut columns)?;
    let heads: Vec<String> = columns.iter().map(|column| column.join(".")).collect();
    let lines = rows.iter().map(|row| columns.iter().map(|column| value(row, column)).collect());
    formats::table(&heads, lines)
}

fn refused(detail: String) -> Error {
    Error::new(Code::NotAcceptable, detail).allowed(ALLOWED)
}

/// The lists of things in a value, outside other lists.
fn find<'a>(value: &'a Value, asked: &'a Order, name: String, lists: &mut Vec<List<'a>>) {
    match value {
        Value::Array(rows) if !asked.is_leaf() => lists.push(List { name, rows, asked }),
        Value::Object(fields) => {
            for (field, asked) in asked.fields() {
                let dot = if name.is_empty() { "" } else { "." };
                if let Some(value) = fields.get(field) {
                    find(value, asked, format!("{name}{dot}{field}"), lists);
                }
            }
        }
        _ => {}
    }
}

/// The columns of rows: what was asked, and of a map of numbers every code that one of them has.
fn add_columns(
    asked: &Order,
    rows: &[&Value],
    above: &[String],
    list: &str,
    columns: &mut Vec<Column>,
) -> Result<()> {
    for (field, asked) in asked.fields() {
        let name = [above, &[field.to_owned()]].concat();
        let values: Vec<&Value> = rows.iter().filter_map(|row| row.get(field)).collect();
        if !asked.is_leaf() {
            if values.iter().any(|value| value.is_array()) {
                let inner = name.join(".");
                return Err(refused(format!(
                    "the rows of {list} hold a list, {inner}, and csv has one value a cell"
                )));
            }
            add_columns(asked, &values, &name, list, columns)?;
            continue;
        }
        let mut codes: Vec<&String> = Vec::new();
        for code in values.iter().filter_map(|value| value.as_object()).flat_map(|map| map.keys()) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        if codes.is_empty() {
            columns.push(name);
        } else {
            columns.extend(
                codes.into_iter().map(|code| [&name[..], std::slice::from_ref(code)].concat()),
            );
        }
    }
    Ok(())
}

fn value<'a>(row: &'a Value, column: &[String]) -> &'a Value {
    column.iter().try_fold(row, |value, name| value.get(name)).unwrap_or(&Value::Null)
}
