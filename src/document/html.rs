//! HTML -> blocks: paragraphs in the page's order, tables as grids with their spans resolved.
//!
//! Words broken over spans are joined; lines of a cell are kept apart by line ends. Scripts, styles,
//! forms, comments, and what is hidden or struck out are left out. The page is walked without recursion.

use std::collections::HashMap;

use ego_tree::{NodeId, iter::Edge};
use encoding_rs::Encoding;
use scraper::{Html, Node, node::Element};

use super::{
    Block, Cell, Document, MediaType, Paragraph,
    grid::{Builder, CellCount},
    layout, metadata, scan,
};
use crate::error::Result;

/// Elements whose content is not shown, or no text of the page's, or struck out.
const LEFT_OUT: [&str; 22] = [
    "script", "style", "noscript", "template", "select", "textarea", "title", "svg", "math",
    "iframe", "object", "button", "xml", "audio", "video", "canvas", "datalist", "rt", "rp", "del",
    "s", "strike",
];
/// Styles that hide an element; `mso-hide` is Word's.
const HIDING: [&str; 3] = ["display:none", "visibility:hidden", "mso-hide:all"];
/// Elements that end a paragraph where they begin and where they end.
const BLOCKS: [&str; 36] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "ul",
    "ucapcontent",
];

/// Reads a page.
pub(super) fn read(html: &str, encoding: &'static Encoding) -> Result<Document> {
    let ends_inside_table = scan::ends_inside_table(html)?;
    let page = Html::parse_document(html);
    let mut walk = Walk { grids: layout::grids(&page), ..Walk::default() };
    let mut skipped: Option<NodeId> = None;
    for edge in page.tree.root().traverse() {
        match (edge, skipped) {
            (Edge::Close(node), Some(id)) if node.id() == id => skipped = None,
            (_, Some(_)) => {}
            (Edge::Open(node), None) => match node.value() {
                Node::Text(text) => walk.text(text),
                Node::Element(element) if is_left_out(element) => {
                    if element.name() == "title" && walk.title.is_none() {
                        let title: String = node
                            .children()
                            .filter_map(|child| child.value().as_text().map(|text| &**text))
                            .collect();
                        walk.title = Some(one_line(&title)).filter(|title| !title.is_empty());
                    }
                    skipped = Some(node.id());
                }
                Node::Element(element) => walk.open(node.id(), element)?,
                _ => {}
            },
            (Edge::Close(node), None) => {
                if let Node::Element(element) = node.value() {
                    walk.close(node.id(), element)?;
                }
            }
        }
    }
    walk.end_paragraph();
    let Walk { title, metadata, blocks, .. } = walk;
    Ok(Document {
        media_type: MediaType::Html,
        encoding: Some(encoding),
        title,
        metadata,
        blocks,
        ends_inside_table,
    })
}

/// Where the walk through the page stands.
#[derive(Default)]
struct Walk {
    grids: HashMap<NodeId, bool>,
    title: Option<String>,
    metadata: Vec<(String, String)>,
    blocks: Vec<Block>,
    paragraph: String,
    /// How many headings are open: in one, a line's end does not end the paragraph.
    headings: usize,
    /// The grid that is open; a table within it is but a frame.
    grid: Option<OpenGrid>,
    cells: CellCount,
    has_grid: bool,
}

struct OpenGrid {
    id: NodeId,
    builder: Builder,
    cell: Option<OpenCell>,
}

struct OpenCell {
    id: NodeId,
    text: String,
    columns: usize,
    rows: usize,
}

impl Walk {
    fn text(&mut self, text: &str) {
        match self.cell() {
            Some(cell) => cell.text.push_str(text),
            None => self.paragraph.push_str(text),
        }
    }

    fn cell(&mut self) -> Option<&mut OpenCell> {
        self.grid.as_mut().and_then(|grid| grid.cell.as_mut())
    }

    fn open(&mut self, id: NodeId, element: &Element) -> Result<()> {
        let name = element.name();
        if name == "meta" {
            let pair = element.attr("name").zip(element.attr("content"));
            self.metadata.extend(pair.and_then(|(name, content)| metadata::of_meta(name, content)));
            return Ok(());
        }
        self.headings += usize::from(is_heading(name));
        if name == "br" {
            // A heading goes on over the line's end.
            if self.headings == 0 || self.cell().is_some() {
                self.boundary();
            }
        }
        // A note's mark stands beside a number, not in it.
        if BLOCKS.contains(&name) || (matches!(name, "sup" | "sub") && self.cell().is_some()) {
            self.boundary();
        }
        match &mut self.grid {
            None if name == "table" && self.grids.get(&id) == Some(&true) => {
                self.grid = Some(OpenGrid { id, builder: Builder::default(), cell: None });
            }
            Some(OpenGrid { builder, cell: None, .. }) if name == "tr" => builder.start_row()?,
            Some(OpenGrid { cell: cell @ None, .. }) if matches!(name, "td" | "th") => {
                let span = |name| {
                    element.attr(name).and_then(|span| span.trim().parse().ok()).unwrap_or(1)
                };
                *cell = Some(OpenCell {
                    id,
                    text: String::new(),
                    columns: span("colspan"),
                    rows: span("rowspan"),
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, id: NodeId, element: &Element) -> Result<()> {
        let name = element.name();
        self.headings -= usize::from(is_heading(name) && self.headings > 0);
        if BLOCKS.contains(&name) {
            self.boundary();
        }
        let Some(grid) = &mut self.grid else { return Ok(()) };
        if let Some(cell) = grid.cell.take_if(|cell| cell.id == id) {
            let text = lines(&cell.text);
            grid.builder.cell(Cell::new(&text, None), cell.columns, cell.rows)?;
        }
        if grid.id == id
            && let Some(grid) = self.grid.take()
        {
            self.end_grid(grid)?;
        }
        Ok(())
    }

    fn end_grid(&mut self, grid: OpenGrid) -> Result<()> {
        let grid = grid.builder.finish();
        self.cells.add(&grid)?;
        match metadata::of_grid(&grid) {
            Some(pairs) => self.metadata.extend(pairs),
            None if grid.rows.iter().flatten().all(|cell| cell.text.is_empty()) => {}
            None => {
                self.has_grid = true;
                self.blocks.push(Block::Grid(grid));
            }
        }
        Ok(())
    }

    /// A paragraph's end, or a line's end in a cell.
    fn boundary(&mut self) {
        match self.cell() {
            Some(cell) => cell.text.push('\u{2028}'),
            None => self.end_paragraph(),
        }
    }

    fn end_paragraph(&mut self) {
        let text = one_line(&std::mem::take(&mut self.paragraph));
        if text.is_empty() {
            return;
        }
        match metadata::of_line(&text) {
            Some(pairs) if !self.has_grid => {
                self.metadata.extend(pairs);
            }
            _ => self.blocks.push(Block::Text(Paragraph { text, place: None })),
        }
    }
}

/// Whether an element's content is not shown, or struck out. A whole page is not: scripts show it.
pub(super) fn is_left_out(element: &Element) -> bool {
    let is_hidden = || {
        let style = element.attr("style").unwrap_or_default();
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
        let style = style.to_ascii_lowercase();
        element.attr("hidden").is_some() || HIDING.iter().any(|hiding| style.contains(hiding))
    };
    LEFT_OUT.contains(&element.name())
        || (!matches!(element.name(), "html" | "body") && is_hidden())
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// A cell's lines, each as [`one_line`], the empty ones left out.
fn lines(text: &str) -> String {
    let lines: Vec<String> =
        text.split('\u{2028}').map(one_line).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// White space as a browser shows it: a run is one space, and none where it only breaks a line of
/// Chinese text in the source.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut gap: Option<bool> = None;
    for c in text.chars() {
        if matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{200C}' | '\u{200D}') {
            continue;
        }
        if c.is_whitespace() {
            let is_line_end = matches!(c, '\n' | '\r');
            gap = Some(gap.unwrap_or(false) || is_line_end);
            continue;
        }
        let is_broken_line = gap == Some(true) && line.ends_with(is_wide) && is_wide(c);
        if gap.is_some() && !line.is_empty() && !is_broken_line {
            line.push(' ');
        }
        gap = None;
        line.push(c);
    }
    line
}

fn is_wide(c: char) -> bool {
    c >= '\u{2E80}'
}
