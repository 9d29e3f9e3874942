//! A canonical report as handed in -> `Draft`.
//!
//! Takes one JSON object. Only the agency's name and the year must be there; what the server makes
//! itself (`id`, `revision`, `findings`, `data_version`, `permalink`, the source's `sha256` and
//! `media_type`) is passed over. Gives exactly what is written. Refuses, by its JSON pointer, what it does not know or cannot keep.

use entity::template::{Code as _, Measure, Template};

use super::{
    is_json,
    node::Node,
    numbers,
    tree::{self, Tree},
};
use crate::{
    cells::Cells,
    error::{Code, Error, Result},
    extract::{
        draft::{Contact, Draft, Hints, Note, Period, Section},
        stated,
    },
    limits,
};

/// The fields of a report.
const REPORT: [&str; 20] = [
    "id",
    "agency",
    "year",
    "template",
    "scope",
    "title",
    "period",
    "published_on",
    "source",
    "revision",
    "disclosure_items",
    "requests",
    "reviews",
    "lawsuits",
    "sections",
    "cell_states",
    "findings",
    "notes",
    "data_version",
    "permalink",
];
const AGENCY: [&str; 6] = ["id", "name", "region_code", "kind", "level", "contact"];
const CONTACT: [&str; 4] = ["address", "postcode", "telephone", "email"];
/// Sections of a report: the form has six, numbered from 1.
const SECTIONS: std::ops::RangeInclusive<i64> = 1..=99;

/// A report as handed in.
#[derive(Clone, Debug)]
pub struct Stated {
    pub draft: Draft,
    /// The address its document was fetched from.
    pub url: Option<String>,
}

/// Reads a canonical report.
///
/// # Errors
/// `document_too_large`, `invalid_report`; `unknown_agency` and `ambiguous_agency` where the region is
/// not stated and the name does not tell it.
pub fn read(bytes: &[u8], hints: &Hints) -> Result<Stated> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        let detail = format!("the report has more than {} bytes", limits::DOCUMENT_BYTES);
        return Err(Error::new(Code::DocumentTooLarge, detail));
    }
    debug_assert!(is_json(bytes), "only JSON is read here");
    let bytes = bytes.strip_prefix(super::BYTE_ORDER_MARK).unwrap_or(bytes);
    let tree = tree::parse(bytes)
        .map_err(|error| Error::new(Code::InvalidReport, format!("the JSON is broken: {error}")))?;
    if matches!(tree, Tree::List(_)) {
        let detail =
            "this is a list; a report is one object, and several stand one a line (NDJSON)";
        return Err(Error::new(Code::InvalidReport, detail));
    }
    report(&Node::root(&tree), hints)
}

fn report(root: &Node<'_>, hints: &Hints) -> Result<Stated> {
    let fields = root.fields(REPORT)?;
    let field =
        |wanted: &str| fields.iter().find(|(name, _)| *name == wanted).map(|(_, node)| node);
    let mut cells = Cells::default();
    for (name, read) in [
        ("disclosure_items", numbers::disclosure_items as fn(&Node<'_>, &mut Cells) -> Result<()>),
        ("requests", numbers::requests),
        ("reviews", numbers::reviews),
        ("lawsuits", numbers::lawsuits),
        // Last: they say what the cells above leave open.
        ("cell_states", numbers::cell_states),
    ] {
        field(name).map(|node| read(node, &mut cells)).transpose()?;
    }
    let year = match (hints.year, field("year")) {
        (Some(year), _) => year,
        (None, Some(node)) => year(node)?,
        (None, None) => return Err(root.wrong("the year is missing").allowed(["\"year\": 2023"])),
    };
    let mut notes = field("notes").map(notes).transpose()?.unwrap_or_default();
    let Some(agency_node) = field("agency") else {
        let wrong = root.wrong("the agency is missing");
        return Err(wrong.allowed(["\"agency\": {\"name\": …}"]));
    };
    let agency = agency(agency_node, hints, &mut notes)?;
    let title = field("title").map(Node::short_text).transpose()?.flatten();
    let scope = field("scope").map(Node::code).transpose()?.flatten();
    let template = field("template").map(Node::code).transpose()?.flatten();
    let draft = Draft {
        year,
        template: template.or_else(|| template_of(&cells, year)),
        scope: scope
            .unwrap_or_else(|| stated::scope(agency.kind, title.as_deref().unwrap_or_default())),
        title,
        period: field("period").map(period).transpose()?.flatten(),
        published_on: field("published_on").map(Node::date).transpose()?.flatten(),
        sections: field("sections").map(sections).transpose()?.unwrap_or_default(),
        agency,
        cells,
        notes,
    };
    let url = field("source").map(url).transpose()?.flatten();
    Ok(Stated { draft, url })
}

fn year(node: &Node<'_>) -> Result<i32> {
    let year = i32::try_from(node.integer()?).ok().filter(|year| limits::YEARS.contains(year));
    year.ok_or_else(|| {
        let (first, last) = (limits::YEARS.start(), limits::YEARS.end());
        node.wrong("this is no report year").allowed([format!("{first} to {last}")])
    })
}

fn agency(
    node: &Node<'_>,
    hints: &Hints,
    notes: &mut Vec<Note>,
) -> Result<crate::extract::draft::Agency> {
    let fields = node.fields(AGENCY)?;
    let field =
        |wanted: &str| fields.iter().find(|(name, _)| *name == wanted).map(|(_, node)| node);
    let text = |name: &str| field(name).map(Node::short_text).transpose().map(Option::flatten);
    let contact = field("contact").map(contact).transpose()?.unwrap_or_default();
    let name = text("name")?.or_else(|| hints.agency.clone());
    let stated = stated::Agency {
        name: name.ok_or_else(|| node.wrong("the agency's name is missing"))?,
        id: text("id")?,
        region_code: text("region_code")?,
        kind: field("kind").map(Node::code).transpose()?.flatten(),
        level: field("level").map(Node::code).transpose()?.flatten(),
        contact,
    };
    stated.tell(hints, notes).map_err(|error| match error.code {
        // Stated in the report, not by the caller.
        Code::InvalidParameter if hints.region.is_none() => {
            let wrong = field("region_code").unwrap_or(node).wrong(error.detail);
            wrong.allowed(error.allowed)
        }
        _ => error,
    })
}

fn contact(node: &Node<'_>) -> Result<Contact> {
    let mut contact = Contact::default();
    for (name, node) in node.fields(CONTACT)? {
        let text = node.short_text()?;
        match name {
            "address" => contact.address = text,
            "postcode" => contact.postcode = text,
            "telephone" => contact.telephone = text,
            _ => contact.email = text,
        }
    }
    Ok(contact)
}

fn period(node: &Node<'_>) -> Result<Option<Period>> {
    let (mut from, mut to) = (None, None);
    for (name, node) in node.fields(["from", "to"])? {
        *(if name == "from" { &mut from } else { &mut to }) = node.date()?;
    }
    match (from, to) {
        (Some(from), Some(to)) => Ok(Some(Period { from, to })),
        (None, None) => Ok(None),
        _ => Err(node.wrong("a period has both days, `from` and `to`, or is null")),
    }
}

fn sections(node: &Node<'_>) -> Result<Vec<Section>> {
    let mut sections: Vec<Section> = Vec::new();
    for node in node.list()? {
        let mut section = Section { number: 0, heading: String::new(), text: String::new() };
        for (name, node) in node.fields(["number", "heading", "text"])? {
            match name {
                "number" => {
                    let number = Some(node.integer()?).filter(|number| SECTIONS.contains(number));
                    let number = number.and_then(|number| i16::try_from(number).ok());
                    section.number = number.ok_or_else(|| {
                        node.wrong("this is no section's number").allowed(["1 to 99"])
                    })?;
                }
                "heading" => section.heading = node.required_text()?,
                _ => section.text = node.text()?.unwrap_or_default().to_owned(),
            }
        }
        if section.number == 0 {
            return Err(node.wrong("the section has no number"));
        }
        if sections.iter().any(|other| other.number == section.number) {
            return Err(node.wrong(format_args!("section {} stands twice", section.number)));
        }
        sections.push(section);
    }
    Ok(sections)
}

fn notes(node: &Node<'_>) -> Result<Vec<Note>> {
    let list = node.list()?;
    if list.len() > limits::NOTES {
        return Err(node.wrong(format_args!("there are more than {} notes", limits::NOTES)));
    }
    let note = |node: &Node<'_>| {
        let mut note = Note { code: String::new(), message: String::new() };
        for (name, node) in node.fields(["code", "message"])? {
            *(if name == "code" { &mut note.code } else { &mut note.message }) =
                node.required_text()?;
        }
        if note.code.is_empty() { Err(node.wrong("the note has no code")) } else { Ok(note) }
    };
    list.iter().map(note).collect()
}

/// The address of the source; what else is said of it is the server's.
fn url(node: &Node<'_>) -> Result<Option<String>> {
    let fields = node.fields(["url", "media_type", "sha256"])?;
    let Some((_, node)) = fields.iter().find(|(name, _)| *name == "url") else { return Ok(None) };
    let url = node.short_text()?;
    let is_address = |url: &String| url.starts_with("http://") || url.starts_with("https://");
    if url.as_ref().is_some_and(|url| !is_address(url)) {
        return Err(node.wrong("this is no address").allowed(["http://…", "https://…"]));
    }
    Ok(url)
}

/// The template whose cells they are: section 2 tells first, then the rows of section 3, else the year.
fn template_of(cells: &Cells, year: i32) -> Option<Template> {
    if cells.is_empty() {
        return None;
    }
    let only_in = |template: Template| {
        let other = Template::ALL.iter().copied().find(|other| *other != template);
        let is_of = |measure: Measure| {
            measure.is_in(template) && other.is_some_and(|other| !measure.is_in(other))
        };
        let of_items =
            |measure: &Measure| matches!(measure, Measure::DisclosureItem(..)) && is_of(*measure);
        (cells.iter().any(|(measure, _)| of_items(&measure)), cells.iter().any(|(m, _)| is_of(m)))
    };
    let ((items_2019, _), (items_2021, any_2021)) =
        (only_in(Template::T2019), only_in(Template::T2021));
    Some(match () {
        () if items_2021 => Template::T2021,
        () if items_2019 => Template::T2019,
        () if any_2021 => Template::T2021,
        () => Template::of_year(year).unwrap_or(Template::T2019),
    })
}
