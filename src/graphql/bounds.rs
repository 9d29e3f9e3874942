//! The bounds async-graphql does not have: aliases; and the cost of a query in its answer.

use std::sync::{Arc, OnceLock};

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

/// Refuses queries with too many aliases, and says what a query cost.
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
        let document = next.run(context, query, variables).await?;
        let aliases = aliases(&document);
        if aliases > limits::GRAPHQL_ALIASES {
            return Err(too_large(aliases, "aliases", limits::GRAPHQL_ALIASES));
        }
        Ok(document)
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
    let error =
        Error::new(Code::QueryTooLarge, format!("the query has {has} {what}, more than {most}"));
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

fn aliases(document: &ExecutableDocument) -> usize {
    let operations =
        document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    let mut sets: Vec<&SelectionSet> = operations.chain(fragments).collect();
    let mut aliases = 0;
    while let Some(set) = sets.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    aliases += usize::from(field.node.alias.is_some());
                    sets.push(&field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => sets.push(&fragment.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    aliases
}
