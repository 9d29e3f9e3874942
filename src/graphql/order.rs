//! The order of an answer's fields: as asked, which the specification demands and tables rely on.
//! async-graphql gives them as they finish.

use async_graphql::{
    Name, Value,
    indexmap::IndexMap,
    parser::types::{DocumentOperations, ExecutableDocument, Selection, SelectionSet},
};

/// The fields of an object in the order they were asked for, each with those of its own value.
pub struct Order(Vec<(Name, Order)>);

impl Order {
    /// The order a query asks for; its size is bounded before it is run.
    pub fn of_query(query: &str, operation_name: Option<&str>) -> Option<Self> {
        let document = async_graphql::parser::parse_query(query).ok()?;
        let operation = match (&document.operations, operation_name) {
            (DocumentOperations::Single(operation), _) => operation,
            (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name)?,
            (DocumentOperations::Multiple(_), None) => return None,
        };
        Some(Self::of_sets(&[&operation.node.selection_set.node], &document))
    }

    /// The fields asked for, each with those of its own value.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Self)> {
        self.0.iter().map(|(name, order)| (name.as_str(), order))
    }

    /// Whether nothing is asked of it but itself.
    pub const fn is_leaf(&self) -> bool {
        self.0.is_empty()
    }

    fn of_sets(sets: &[&SelectionSet], document: &ExecutableDocument) -> Self {
        let mut fields: IndexMap<&Name, Vec<&SelectionSet>> = IndexMap::new();
        for set in sets {
            collect(set, document, &mut fields);
        }
        Self(
            fields
                .into_iter()
                .map(|(key, sets)| (key.clone(), Self::of_sets(&sets, document)))
                .collect(),
        )
    }

    /// The value with its fields in this order.
    pub fn applied(&self, value: Value) -> Value {
        match value {
            Value::Object(mut fields) => {
                let asked = self.0.iter().filter_map(|(key, order)| {
                    fields.swap_remove(key).map(|value| (key.clone(), order.applied(value)))
                });
                let mut ordered: IndexMap<Name, Value> = asked.collect();
                ordered.extend(fields);
                Value::Object(ordered)
            }
            Value::List(values) => {
                Value::List(values.into_iter().map(|value| self.applied(value)).collect())
            }
            other => other,
        }
    }
}

fn collect<'a>(
    set: &'a SelectionSet,
    document: &'a ExecutableDocument,
    fields: &mut IndexMap<&'a Name, Vec<&'a SelectionSet>>,
) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                let key = &field.node.response_key().node;
                fields.entry(key).or_default().push(&field.node.selection_set.node);
            }
            Selection::InlineFragment(fragment) => {
                collect(&fragment.node.selection_set.node, document, fields);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    collect(&fragment.node.selection_set.node, document, fields);
                }
            }
        }
    }
}
