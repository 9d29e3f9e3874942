//! The bounds async-graphql does not have, and the cost of a query in its answer.
//!
//! They hold before validation, which walks every fragment as often as it is spread.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use async_graphql::{
    Response, ServerError, ServerResult, ValidationResult, Variables,
    extensions::{
        Extension, ExtensionContext, ExtensionFactory, NextParseQuery, NextRequest, NextValidation,
    },
    parser::types::{ExecutableDocument, Selection, SelectionSet},
    value,
};

use crate::{
    error::{Code, Error},
    limits,
};

/// Refuses queries that are too large, and says what a query cost.
pub struct Bounds;

impl ExtensionFactory for Bounds {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(OfRequest::default())
    }
}

/// What was found of one request.
#[derive(Default)]
struct OfRequest {
    cost: OnceLock<(usize, usize)>,
}

#[async_trait::async_trait]
impl Extension for OfRequest {
    async fn request(&self, context: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let response = next.run(context).await;
        let Some((complexity, depth)) = self.cost.get().copied() else { return response };
        response.extension(
            "cost",
            value!({
                "complexity": complexity, "complexity_limit": limits::GRAPHQL_COMPLEXITY,
                "depth": depth, "depth_limit": limits::GRAPHQL_DEPTH,
            }),
        )
    }

    async fn parse_query(
        &self,
        context: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let nesting = nesting(query);
        if nesting > limits::GRAPHQL_NESTING {
            return Err(too_large(nesting, "levels", limits::GRAPHQL_NESTING));
        }
        // Parsed once more here, since what parses below walks every fragment as often as it is spread.
        // A text that does not parse is for it to name.
        if let Ok(document) = async_graphql::parser::parse_query(query) {
            let size = Sizes::of(&document)?;
            if size.aliases > limits::GRAPHQL_ALIASES {
                return Err(too_large(size.aliases, "aliases", limits::GRAPHQL_ALIASES));
            }
            if size.fields > limits::GRAPHQL_FIELDS {
                return Err(too_large(size.fields, "fields", limits::GRAPHQL_FIELDS));
            }
            if size.levels > limits::GRAPHQL_DEPTH {
                return Err(too_large(size.levels, "levels", limits::GRAPHQL_DEPTH));
            }
        }
        next.run(context, query, variables).await
    }

    async fn validation(
        &self,
        context: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let result = next.run(context).await?;
        // The first to set it is the only one: a request is validated once.
        let _ = self.cost.set((result.complexity, result.depth));
        Ok(result)
    }
}

fn too_large(has: usize, what: &str, most: usize) -> ServerError {
    refused(Error::new(
        Code::QueryTooLarge,
        format!("the query has {has} {what}, more than {most}"),
    ))
}

fn refused(error: Error) -> ServerError {
    async_graphql::Error::new_with_source(error).into_server_error(Default::default())
}

/// How deep brackets are nested in the text, before it is parsed: a parser that descends would take
/// the stack with it. Brackets in strings count too, which no honest query comes near.
fn nesting(query: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for character in query.bytes() {
        match character {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// What a query is once its fragments are spread: a fragment that spreads another twice doubles it, so
/// each fragment is measured once and multiplied, before anything walks what it spreads to.
#[derive(Clone, Copy, Default)]
struct Size {
    fields: usize,
    aliases: usize,
    levels: usize,
}

impl Size {
    fn and(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
            levels: self.levels.max(other.levels),
        }
    }
}

/// The sizes of the fragments measured so far; none while one is being measured.
struct Sizes<'a> {
    document: &'a ExecutableDocument,
    known: HashMap<&'a str, Option<Size>>,
}

impl<'a> Sizes<'a> {
    fn of(document: &'a ExecutableDocument) -> ServerResult<Size> {
        let mut sizes = Self { document, known: HashMap::new() };
        let mut size = Size::default();
        for (_, operation) in document.operations.iter() {
            size = size.and(sizes.of_set(&operation.node.selection_set.node)?);
        }
        Ok(size)
    }

    fn of_set(&mut self, set: &'a SelectionSet) -> ServerResult<Size> {
        let mut size = Size::default();
        for selection in &set.items {
            size = size.and(match &selection.node {
                Selection::Field(field) => {
                    let inner = self.of_set(&field.node.selection_set.node)?;
                    Size {
                        fields: inner.fields.saturating_add(1),
                        aliases: inner
                            .aliases
                            .saturating_add(usize::from(field.node.alias.is_some())),
                        levels: inner.levels + 1,
                    }
                }
                Selection::InlineFragment(fragment) => {
                    self.of_set(&fragment.node.selection_set.node)?
                }
                Selection::FragmentSpread(spread) => {
                    self.of_fragment(&spread.node.fragment_name.node)?
                }
            });
        }
        Ok(size)
    }

    fn of_fragment(&mut self, name: &'a str) -> ServerResult<Size> {
        match self.known.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => {
                let error =
                    Error::new(Code::InvalidQuery, format!("the fragment {name} spreads itself"));
                return Err(refused(error));
            }
            None => {}
        }
        // A fragment that is not there is for validation to name.
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Size::default()) };
        self.known.insert(name, None);
        let size = self.of_set(&fragment.node.selection_set.node)?;
        self.known.insert(name, Some(size));
        Ok(size)
    }
}
