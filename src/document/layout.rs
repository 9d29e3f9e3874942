//! Which tables of a page are tables: a grid of short cells, and not a means of layout.

use std::collections::HashMap;

use ego_tree::{NodeId, iter::Edge};
use scraper::{Html, Node};

use super::html::is_left_out;
use crate::limits;

/// What is known of a table while it is open.
#[derive(Default)]
struct Open {
    id: Option<NodeId>,
    cells: usize,
    cell_chars: usize,
    longest_cell_chars: usize,
    holds_grid: bool,
}

impl Open {
    /// One cell frames a text; cells that hold prose or other grids arrange them.
    fn is_grid(&self) -> bool {
        self.cells >= 2 && !self.holds_grid && self.longest_cell_chars <= limits::CELL_CHARS
    }
}

/// For every table of the page, whether it is a grid.
pub(super) fn grids(page: &Html) -> HashMap<NodeId, bool> {
    let mut tables = HashMap::new();
    let mut open: Vec<Open> = Vec::new();
    let mut skipped: Option<NodeId> = None;
    for edge in page.tree.root().traverse() {
        if let Some(id) = skipped {
            if matches!(edge, Edge::Close(node) if node.id() == id) {
                skipped = None;
            }
            continue;
        }
        match edge {
            Edge::Open(node) if node.value().as_element().is_some_and(is_left_out) => {
                skipped = Some(node.id());
            }
            Edge::Open(node) => match node.value() {
                Node::Element(element) if element.name() == "table" => {
                    open.push(Open { id: Some(node.id()), ..Open::default() });
                }
                Node::Element(element) if matches!(element.name(), "td" | "th") => {
                    if let Some(table) = open.last_mut() {
                        table.cells += 1;
                        table.cell_chars = 0;
                    }
                }
                Node::Text(text) => {
                    let chars = text.chars().filter(|c| !c.is_whitespace()).count();
                    if let Some(table) = open.last_mut() {
                        table.cell_chars += chars;
                        table.longest_cell_chars = table.longest_cell_chars.max(table.cell_chars);
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                let is_innermost = open.last().is_some_and(|table| table.id == Some(node.id()));
                let Some(table) = open.pop_if(|_| is_innermost) else { continue };
                tables.insert(node.id(), table.is_grid());
                if let Some(outer) = open.last_mut() {
                    outer.holds_grid |= table.is_grid() || table.holds_grid;
                    outer.cell_chars += table.longest_cell_chars;
                    outer.longest_cell_chars = outer.longest_cell_chars.max(outer.cell_chars);
                }
            }
        }
    }
    tables
}
