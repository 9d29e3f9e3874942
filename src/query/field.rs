//! The fields of a resource's rows: their names, types and labels.
//!
//! Names follow from a row as it is serialized, types from the row's schema, the one that OpenAPI
//! prints; numbers under their codes are what the vocabulary says of them.

use std::collections::HashMap;

use entity::template::Measure;
use serde_json::Value;
use utoipa::{
    ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{AdditionalProperties, KnownFormat, Object, SchemaFormat, SchemaType, Type},
    },
};

use super::{Resource, label::Label};
use crate::error::{Error, Result};

/// What the values of a field are. Any of them may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    Text,
    Integer,
    /// A number that is computed: a rate, a mean.
    Number,
    Boolean,
    Date,
    /// A moment in UTC.
    Time,
    /// An exact decimal, as a string: money in CNY; of a field that holds counts too, an integer.
    Decimal,
    /// Several texts or numbers.
    List,
}

/// The format by which a schema says that a string is an exact decimal.
const DECIMAL: &str = "decimal";

impl FieldType {
    /// What the number of a measure is; one of no measure is computed.
    #[must_use]
    pub fn of_measure(code: &str) -> Self {
        match code.parse::<Measure>() {
            Ok(measure) if measure.is_amount() => Self::Decimal,
            Ok(_) => Self::Integer,
            Err(_) => Self::Number,
        }
    }
}

/// A field of a resource's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, dotted where it is nested: `agency.name`, `values.requests.received`.
    pub name: String,
    pub field_type: FieldType,
    /// Whether every row has a value.
    pub is_required: bool,
    /// The values that there are, of a field that holds codes.
    pub codes: Vec<String>,
    /// What it is, as OpenAPI says it.
    pub description: String,
    pub label: Label,
}

/// The fields of a resource's rows, in their order.
///
/// # Errors
/// `invalid_parameter` where the filter decides the fields and is not valid.
pub fn of<R: Resource>(filter: &R::Filter) -> Result<Vec<Field>> {
    let row = serde_json::to_value(R::example(filter)?).map_err(Error::internal)?;
    fields::<R>(filter, &row, &Schemas::of::<R::Row>())
}

/// The fields of the lines that a resource's rows are in a table, in their order.
///
/// # Errors
/// `invalid_parameter` where the filter decides the fields and is not valid.
pub fn of_lines<R: Resource>(filter: &R::Filter) -> Result<Vec<Field>> {
    let lines = R::lines(&R::example(filter)?)?;
    fields::<R>(filter, lines.first().unwrap_or(&Value::Null), &R::line_schemas())
}

fn fields<R: Resource>(filter: &R::Filter, row: &Value, schemas: &Schemas) -> Result<Vec<Field>> {
    let field = |name: String| {
        let found = schemas.find(&schemas.root, &name, true);
        let found = found.ok_or_else(|| {
            Error::internal(format!("the schema of {} has no field {name}", R::NAME))
        })?;
        let code = found.code.as_deref();
        let label = Label::of_field::<R>(&name, code);
        let leaf = schemas.leaf(found.schema);
        let leaf = if leaf.is_figure {
            let field_type = R::value_type(filter, code.unwrap_or(&name));
            Leaf { field_type, is_nullable: true, ..Leaf::default() }
        } else {
            leaf
        };
        Ok(Field {
            is_required: found.is_required && !leaf.is_nullable,
            name,
            field_type: leaf.field_type,
            codes: leaf.codes,
            description: leaf.description,
            label,
        })
    };
    flatten(row).into_iter().map(|(name, _)| field(name)).collect()
}

/// The leaves of a row with their dotted names. Lists are leaves.
#[must_use]
pub fn flatten(row: &Value) -> Vec<(String, &Value)> {
    let Value::Object(fields) = row else { return Vec::new() };
    let mut leaves = Vec::new();
    for (name, value) in fields {
        match value {
            Value::Object(_) => leaves.extend(
                flatten(value).into_iter().map(|(inner, value)| (format!("{name}.{inner}"), value)),
            ),
            _ => leaves.push((name.clone(), value)),
        }
    }
    leaves
}

/// What a row is.
pub struct Schemas {
    root: RefOr<Schema>,
    /// The schemas that others refer to, by their names.
    named: HashMap<String, RefOr<Schema>>,
}

/// The schema of a field.
struct Found<'a> {
    schema: &'a RefOr<Schema>,
    /// Whether each object on the way has it.
    is_required: bool,
    /// The code it goes by in a map of numbers.
    code: Option<String>,
}

/// What the schema of a leaf says.
struct Leaf {
    field_type: FieldType,
    /// Whether it may hold a count, money or a rate.
    is_figure: bool,
    is_nullable: bool,
    codes: Vec<String>,
    description: String,
}

impl Default for Leaf {
    fn default() -> Self {
        Self {
            field_type: FieldType::List,
            is_figure: false,
            is_nullable: false,
            codes: Vec::new(),
            description: String::new(),
        }
    }
}

impl Schemas {
    /// What a row of this type is.
    #[must_use]
    pub fn of<T: ToSchema>() -> Self {
        let mut named = Vec::new();
        T::schemas(&mut named);
        Self { root: T::schema(), named: named.into_iter().collect() }
    }

    fn named(&self, reference: &str) -> Option<&RefOr<Schema>> {
        self.named.get(reference.rsplit('/').next().unwrap_or_default())
    }

    /// The schema behind a dotted name.
    fn find<'a>(
        &'a self,
        schema: &'a RefOr<Schema>,
        name: &str,
        is_required: bool,
    ) -> Option<Found<'a>> {
        let any = |items: &'a [RefOr<Schema>], is_required| {
            items.iter().find_map(|item| self.find(item, name, is_required))
        };
        match schema {
            RefOr::Ref(reference) => {
                self.find(self.named(&reference.ref_location)?, name, is_required)
            }
            RefOr::T(Schema::AllOf(all)) => any(&all.items, is_required),
            RefOr::T(Schema::OneOf(one)) => any(&one.items, false),
            RefOr::T(Schema::AnyOf(one)) => any(&one.items, false),
            RefOr::T(Schema::Object(object)) => {
                if let Some(AdditionalProperties::RefOr(schema)) =
                    object.additional_properties.as_deref()
                {
                    return Some(Found { schema, is_required: false, code: Some(name.to_owned()) });
                }
                let (first, rest) = match name.split_once('.') {
                    Some((first, rest)) => (first, Some(rest)),
                    None => (name, None),
                };
                let schema = object.properties.get(first)?;
                let is_required =
                    is_required && object.required.iter().any(|required| required == first);
                match rest {
                    Some(rest) => self.find(schema, rest, is_required),
                    None => Some(Found { schema, is_required, code: None }),
                }
            }
            RefOr::T(_) => None,
        }
    }

    fn leaf(&self, schema: &RefOr<Schema>) -> Leaf {
        match schema {
            RefOr::Ref(reference) => {
                let named = self.named(&reference.ref_location);
                let leaf = named.map(|schema| self.leaf(schema)).unwrap_or_default();
                // What the field says of itself says more than its type.
                match reference.description.as_str() {
                    "" => leaf,
                    own => Leaf { description: own.to_owned(), ..leaf },
                }
            }
            // A type that may be null is one of it and null.
            RefOr::T(Schema::OneOf(one)) => {
                let is_null = |item: &&RefOr<Schema>| {
                    let RefOr::T(Schema::Object(object)) = item else { return false };
                    object.schema_type == SchemaType::Type(Type::Null)
                };
                let leaf = one.items.iter().find(|item| !is_null(item));
                let leaf = leaf.map(|item| self.leaf(item)).unwrap_or_default();
                Leaf {
                    is_nullable: leaf.is_nullable || one.items.iter().any(|item| is_null(&item)),
                    ..leaf
                }
            }
            RefOr::T(Schema::Object(object)) => leaf(object),
            RefOr::T(Schema::Array(array)) => {
                let description = array.description.clone().unwrap_or_default();
                Leaf { description, ..Leaf::default() }
            }
            RefOr::T(_) => Leaf::default(),
        }
    }
}

fn leaf(object: &Object) -> Leaf {
    let types = match &object.schema_type {
        SchemaType::Type(one) => vec![one.clone()],
        SchemaType::Array(several) => several.clone(),
        SchemaType::AnyValue => Vec::new(),
    };
    let field_type = match types.iter().find(|one| **one != Type::Null) {
        Some(Type::Boolean) => FieldType::Boolean,
        Some(Type::Number) => FieldType::Number,
        Some(Type::Integer) if types.contains(&Type::String) => FieldType::Decimal,
        Some(Type::Integer) => FieldType::Integer,
        Some(Type::String) => match &object.format {
            Some(SchemaFormat::KnownFormat(KnownFormat::Date)) => FieldType::Date,
            Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)) => FieldType::Time,
            Some(SchemaFormat::Custom(format)) if format == DECIMAL => FieldType::Decimal,
            _ => FieldType::Text,
        },
        _ => FieldType::List,
    };
    let codes = object.enum_values.iter().flatten();
    Leaf {
        field_type,
        is_figure: types.contains(&Type::Number) && types.contains(&Type::String),
        is_nullable: types.contains(&Type::Null),
        codes: codes.filter_map(|code| code.as_str().map(str::to_owned)).collect(),
        description: object.description.clone().unwrap_or_default(),
    }
}
