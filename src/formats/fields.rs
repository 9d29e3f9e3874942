//! Which fields of a row are shown: chosen, or all, in the row's order.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{
    error::{Error, Result, nearest},
    query::{
        Resource,
        field::{self, Field, flatten},
    },
};

/// The fields of a list, chosen or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    fields: Vec<Field>,
    chosen: bool,
}

impl Fields {
    /// The fields of a resource that `fields` chooses.
    ///
    /// # Errors
    /// `invalid_parameter` for a field the resource does not have.
    pub fn of<R: Resource>(filter: &R::Filter, fields: Option<&str>) -> Result<Self> {
        let known = field::of::<R>(filter)?;
        let Some(fields) = fields else { return Ok(Self { fields: known, chosen: false }) };
        let row = serde_json::to_value(R::example(filter)?).map_err(Error::internal)?;
        let mut chosen = Vec::new();
        for name in fields.split(',').map(str::trim) {
            let group = format!("{name}.");
            let before = chosen.len();
            let named =
                known.iter().filter(|known| known.name == name || known.name.starts_with(&group));
            chosen.extend(named.cloned());
            // A group without fields in this question, `values` without measures, chooses none.
            if chosen.len() == before && !row.get(name).is_some_and(Value::is_object) {
                let known = || known.iter().map(|known| known.name.as_str());
                let hint = nearest(name, known());
                let hint = hint.map(|hint| format!("; did you mean {hint}?")).unwrap_or_default();
                return Err(Error::invalid("fields", format!("{name:?} is no field here{hint}"))
                    .allowed(known()));
            }
        }
        Ok(Self { fields: chosen, chosen: true })
    }

    /// Them, in their order.
    #[must_use]
    pub fn list(&self) -> &[Field] {
        &self.fields
    }

    /// A row with these fields alone, nested as it was.
    pub(super) fn pick(&self, row: Value) -> Value {
        if !self.chosen {
            return row;
        }
        let mut picked = Map::new();
        for (name, value) in flatten(&row) {
            if self.fields.iter().any(|field| field.name == name) {
                insert(&mut picked, &path(&name), value.clone());
            }
        }
        Value::Object(picked)
    }

    /// A row's values in the order of these fields; null where it has none.
    pub(super) fn values<'a>(&self, row: &'a Value) -> Vec<&'a Value> {
        let values: HashMap<String, &Value> = flatten(row).into_iter().collect();
        self.fields
            .iter()
            .map(|field| values.get(&field.name).copied().unwrap_or(&Value::Null))
            .collect()
    }
}

/// A name's path: the codes of measures, which have dots of their own, are one step.
fn path(name: &str) -> Vec<&str> {
    match name.split_once('.') {
        Some((first, rest)) => vec![first, rest],
        None => vec![name],
    }
}

fn insert(object: &mut Map<String, Value>, path: &[&str], value: Value) {
    match path {
        [name] => {
            object.insert((*name).to_owned(), value);
        }
        [first, rest @ ..] => {
            let inner = object.entry(*first).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
        [] => {}
    }
}
