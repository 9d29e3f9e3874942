//! A cheap look at HTML before it is parsed: how deep it nests, how much a parser makes of it, and
//! whether it breaks off inside a table.
//!
//! html5ever takes time by depth for every element, and repeats unclosed formatting elements; a page
//! made to hurt costs hours and gigabytes. So what is beyond the limits is refused here. The scan
//! counts too much rather than too little.

use crate::{
    error::{Code, Error, Result},
    limits,
};

/// Elements that hold nothing.
const VOID: [&str; 15] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "keygen", "link", "meta", "param",
    "source", "track", "wbr",
];
/// Elements whose end tag may be left out: the next of their kind ends them, so they do not nest.
const SELF_ENDING: [&str; 13] = [
    "p", "li", "td", "th", "tr", "tbody", "thead", "tfoot", "dd", "dt", "option", "colgroup",
    "caption",
];
/// Elements a parser opens again after every block that ends before they do.
const FORMATTING: [&str; 14] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];
/// Elements whose content is no markup.
const RAW: [&str; 4] = ["script", "style", "title", "textarea"];

/// What the scan saw, as far as it goes.
#[derive(Default)]
struct Scan<'a> {
    open: Vec<&'a str>,
    formatting: Vec<Formatting<'a>>,
    elements: usize,
    is_foreign: bool,
}

enum Formatting<'a> {
    Table,
    Cell,
    Element(&'a str),
}

/// Whether the page breaks off inside a table.
///
/// # Errors
/// `document_too_large` for what a parser would choke on.
pub(super) fn ends_inside_table(html: &str) -> Result<bool> {
    let mut scan = Scan::default();
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        rest = scan.tag(tag)?;
    }
    Ok(scan.open.iter().any(|name| name.eq_ignore_ascii_case("table")))
}

impl<'a> Scan<'a> {
    /// Takes what follows a `<`; gives what follows the tag.
    fn tag(&mut self, tag: &'a str) -> Result<&'a str> {
        if let Some(comment) = tag.strip_prefix("!--") {
            return Ok(after_comment(comment));
        }
        if tag.starts_with(['!', '?']) {
            return Ok(tag.split_once('>').map_or("", |(_, rest)| rest));
        }
        let (is_end, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Ok(tag);
        }
        let end = tag
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
            .unwrap_or(tag.len());
        let (name, attributes) = tag.split_at(end);
        let rest = after_attributes(attributes)?;
        if is_end {
            self.end(name)
        } else {
            self.start(name)
        }
        self.check()?;
        let is_raw = !is_end && !self.is_foreign && is_one_of(name, &RAW);
        Ok(if is_raw { after_raw(rest, name) } else { rest })
    }

    fn start(&mut self, name: &'a str) {
        if is_one_of(name, &["svg", "math"]) {
            self.is_foreign = true;
        }
        if name.eq_ignore_ascii_case("table") {
            self.formatting.push(Formatting::Table);
        } else if is_one_of(name, &["td", "th"]) {
            self.end_cell();
            // A cell's beginning ends all that the cell before it left open.
            let frame = self.open.iter().rposition(|open| is_one_of(open, &["table", "template"]));
            if let Some(frame) = frame.filter(|_| !self.is_foreign) {
                self.open.truncate(frame + 1);
            }
            if self.formatting.iter().any(|entry| matches!(entry, Formatting::Table)) {
                self.formatting.push(Formatting::Cell);
            }
        } else if is_one_of(name, &FORMATTING) {
            self.formatting.push(Formatting::Element(name));
        }
        let nests = self.is_foreign || !is_one_of(name, &SELF_ENDING);
        if nests && !is_one_of(name, &VOID) {
            self.open.push(name);
        }
    }

    fn end(&mut self, name: &'a str) {
        if is_one_of(name, &["td", "th", "tr", "table"]) {
            self.end_cell();
        }
        if name.eq_ignore_ascii_case("table") {
            let table =
                self.formatting.iter().rposition(|entry| matches!(entry, Formatting::Table));
            table.map(|index| self.formatting.remove(index));
        }
        let is_it = |entry: &Formatting<'_>| matches!(entry, Formatting::Element(open) if open.eq_ignore_ascii_case(name));
        if let Some(index) = self.formatting.iter().rposition(is_it) {
            self.formatting.remove(index);
        }
        if let Some(index) = self.open.iter().rposition(|open| open.eq_ignore_ascii_case(name)) {
            self.open.truncate(index);
        }
    }

    /// What a cell opened and left open ends with it.
    fn end_cell(&mut self) {
        let last =
            self.formatting.iter().rposition(|entry| !matches!(entry, Formatting::Element(_)));
        if let Some(index) =
            last.filter(|&index| matches!(self.formatting[index], Formatting::Cell))
        {
            self.formatting.truncate(index);
        }
    }

    fn check(&mut self) -> Result<()> {
        if self.open.len() > limits::HTML_DEPTH {
            let detail = format!("the page nests more than {} elements", limits::HTML_DEPTH);
            return Err(Error::new(Code::DocumentTooLarge, detail));
        }
        let active = self
            .formatting
            .iter()
            .rev()
            .take_while(|entry| matches!(entry, Formatting::Element(_)));
        self.elements += 1 + active.count();
        if self.elements > limits::HTML_ELEMENTS {
            let detail = format!("the page makes more than {} elements", limits::HTML_ELEMENTS);
            return Err(Error::new(Code::DocumentTooLarge, detail));
        }
        Ok(())
    }
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// What follows a comment, which `>` right at its beginning ends too.
fn after_comment(comment: &str) -> &str {
    if let Some(rest) = comment.strip_prefix('>').or_else(|| comment.strip_prefix("->")) {
        return rest;
    }
    let ends =
        ["-->", "--!>"].iter().filter_map(|mark| comment.find(mark).map(|at| at + mark.len()));
    ends.min().map_or("", |end| &comment[end..])
}

/// What follows the content of an element that holds no markup.
fn after_raw<'a>(content: &'a str, name: &str) -> &'a str {
    let mut rest = content;
    while let Some((_, tag)) = rest.split_once("</") {
        if tag.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name)) {
            return &rest[rest.len() - tag.len() - 2..];
        }
        rest = tag;
    }
    ""
}

/// What follows the `>` that ends a tag, its attributes counted.
fn after_attributes(attributes: &str) -> Result<&str> {
    let mut count = 0_usize;
    let mut quote = None;
    let (mut is_between, mut is_value) = (true, false);
    for (at, byte) in attributes.bytes().enumerate() {
        match quote {
            Some(mark) if byte == mark => (quote, is_between, is_value) = (None, true, false),
            Some(_) => {}
            None if byte == b'>' => return Ok(&attributes[at + 1..]),
            None if is_value && matches!(byte, b'"' | b'\'') => quote = Some(byte),
            None if byte.is_ascii_whitespace() || byte == b'/' => is_between = true,
            None if byte == b'=' => (is_between, is_value) = (false, true),
            None => {
                count += usize::from(is_between && !is_value);
                (is_between, is_value) = (false, false);
            }
        }
        if count > limits::HTML_ATTRIBUTES {
            let detail = format!(
                "an element of the page has more than {} attributes",
                limits::HTML_ATTRIBUTES
            );
            return Err(Error::new(Code::DocumentTooLarge, detail));
        }
    }
    Ok("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_made_to_hurt_are_refused() {
        let nested = "<div>".repeat(100_000);
        let unclosed =
            (0..1_000).map(|id| format!("<b id={id}>")).collect::<String>() + &"<p>".repeat(10_000);
        let foreign = format!("<svg><style>{}", "<g>".repeat(10_000));
        let attributes =
            format!("<p {}>", (0..10_000).map(|id| format!("a{id} ")).collect::<String>());
        for page in [nested, unclosed, foreign, attributes] {
            let refusal = ends_inside_table(&page).map_err(|error| error.code);
            assert_eq!(refusal, Err(Code::DocumentTooLarge));
        }
    }

    #[test]
    fn pages_with_end_tags_left_out_are_not() {
        let page = format!("<table>{}</table>", "<tr><td><font color=red><p>1<td>2".repeat(2_000));
        assert_eq!(ends_inside_table(&page).ok(), Some(false));
        let cut =
            "<body><script>if (a<b) '<table>'</script><!-- <table> --><table><tr><td title='>'>1";
        assert_eq!(ends_inside_table(cut).ok(), Some(true));
        assert_eq!(ends_inside_table(&format!("{cut}</body>")).ok(), Some(false));
    }
}
