//! Which fields of a row are shown: their names, dotted where nested, in the row's order.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    error::{Error, Result, nearest},
    query::Resource,
};

/// The fields of a list, chosen or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    names: Vec<String>,
    chosen: bool,
}

impl Fields {
    /// The fields of a resource that `fields` chooses.
    ///
    /// # Errors
    /// `invalid_parameter` for a field the resource does not have.
    pub fn of<R: Resource>(filter: &R::Filter, fields: Option<&str>) -> Result<Self> {
        let row = serde_json::to_value(R::example(filter)?).map_err(Error::internal)?;
        Self::chosen(&row, fields)
    }

    /// The fields of the lines that a resource is in a table.
    ///
    /// # Errors
    /// `invalid_parameter` for a field the lines do not have.
    pub fn of_lines<R: Resource>(filter: &R::Filter, fields: Option<&str>) -> Result<Self> {
        let lines = R::lines(&R::example(filter)?);
        Self::chosen(lines.first().unwrap_or(&Value::Null), fields)
    }

    fn chosen(row: &Value, fields: Option<&str>) -> Result<Self> {
        let known: Vec<String> = flatten(row).into_iter().map(|(name, _)| name).collect();
        let Some(fields) = fields else { return Ok(Self { names: known, chosen: false }) };
        let mut names = Vec::new();
        for name in fields.split(',').map(str::trim) {
            let group = format!("{name}.");
            let before = names.len();
            names.extend(
                known.iter().filter(|known| *known == name || known.starts_with(&group)).cloned(),
            );
            // A group without fields in this question, `values` without measures, chooses none.
            if names.len() == before && !row.get(name).is_some_and(Value::is_object) {
                let hint = nearest(name, known.iter().map(String::as_str));
                let hint = hint.map(|hint| format!("; did you mean {hint}?")).unwrap_or_default();
                return Err(Error::invalid("fields", format!("{name:?} is no field here{hint}"))
                    .allowed(known));
            }
        }
        Ok(Self { names, chosen: true })
    }

    /// Their names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A row with these fields alone, nested as it was.
    pub fn pick(&self, row: &impl Serialize) -> Value {
        let row = serde_json::to_value(row).unwrap_or_default();
        if !self.chosen {
            return row;
        }
        self.picked(row, "").unwrap_or_else(|| Value::Object(Map::new()))
    }

    /// What of a value is among these fields, whose names begin with its own.
    fn picked(&self, value: Value, name: &str) -> Option<Value> {
        let Value::Object(fields) = value else {
            // An object that a row does not have is null.
            let group = format!("{name}.");
            let is_chosen = |chosen: &String| chosen == name || chosen.starts_with(&group);
            return self.names.iter().any(is_chosen).then_some(value);
        };
        let dotted =
            |inner: &str| if name.is_empty() { inner.into() } else { format!("{name}.{inner}") };
        let picked: Map<String, Value> = fields
            .into_iter()
            .filter_map(|(inner, value)| {
                Some((inner.clone(), self.picked(value, &dotted(&inner))?))
            })
            .collect();
        (!picked.is_empty()).then_some(Value::Object(picked))
    }

    /// A row's values in the order of these fields; null where it has none.
    pub fn values(&self, row: &impl Serialize) -> Vec<Value> {
        let row = serde_json::to_value(row).unwrap_or_default();
        let values: Map<String, Value> = flatten(&row).into_iter().collect();
        self.names.iter().map(|name| values.get(name).cloned().unwrap_or_default()).collect()
    }
}

/// The leaves of a row with their dotted names. Lists are leaves.
fn flatten(row: &Value) -> Vec<(String, Value)> {
    let Value::Object(fields) = row else { return Vec::new() };
    let mut leaves = Vec::new();
    for (name, value) in fields {
        match value {
            Value::Object(_) => leaves.extend(
                flatten(value).into_iter().map(|(inner, value)| (format!("{name}.{inner}"), value)),
            ),
            _ => leaves.push((name.clone(), value.clone())),
        }
    }
    leaves
}
