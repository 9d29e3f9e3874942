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
        Self::chosen(known, &row, fields)
    }

    /// The fields of the lines that a resource is in a table.
    ///
    /// # Errors
    /// `invalid_parameter` for a field the lines do not have.
    pub fn of_lines<R: Resource>(filter: &R::Filter, fields: Option<&str>) -> Result<Self> {
        let known = field::of_lines::<R>(filter)?;
        let Some(fields) = fields else { return Ok(Self { fields: known, chosen: false }) };
        let lines = R::lines(&R::example(filter)?)?;
        Self::chosen(known, lines.first().unwrap_or(&Value::Null), fields)
    }

    fn chosen(known: Vec<Field>, row: &Value, fields: &str) -> Result<Self> {
        let mut chosen = Vec::new();
        for name in fields.split(',').map(str::trim) {
            let group = format!("{name}.");
            let before = chosen.len();
            let named =
                known.iter().filter(|known| known.name == name || known.name.starts_with(&group));
            chosen.extend(named.cloned());
            if chosen.len() == before && row.get(name).is_some_and(Value::is_object) {
                let detail = format!("{name:?} holds nothing here: name the numbers to show in it");
                return Err(Error::invalid("fields", detail).allowed(["with measures=CODE,CODE"]));
            }
            if chosen.len() == before {
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
        self.picked(row, "").unwrap_or_else(|| Value::Object(Map::new()))
    }

    /// What of a value is among these fields, whose names begin with its own.
    fn picked(&self, value: Value, name: &str) -> Option<Value> {
        let Value::Object(fields) = value else {
            // An object that a row does not have is null.
            let group = format!("{name}.");
            let is_chosen = |field: &Field| field.name == name || field.name.starts_with(&group);
            return self.fields.iter().any(is_chosen).then_some(value);
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
    pub(super) fn values<'a>(&self, row: &'a Value) -> Vec<&'a Value> {
        let values: HashMap<String, &Value> = flatten(row).into_iter().collect();
        self.fields
            .iter()
            .map(|field| values.get(&field.name).copied().unwrap_or(&Value::Null))
            .collect()
    }
}
