//! Which fields tell the rows of a file apart, and which lead to rows of another file.

/// The keys of a file.
pub struct Keys {
    pub resource: &'static str,
    /// The fields that tell its rows apart.
    pub primary: &'static [&'static str],
    /// Fields, each with the file and the field it leads to.
    pub foreign: &'static [(&'static str, &'static str, &'static str)],
}

/// What leads from a row of the form to whose it is.
const HEAD: &[(&str, &str, &str)] =
    &[("report_id", "reports", "id"), ("agency_id", "agencies", "id")];

/// Of every file; a test holds each against what the files hold.
#[rustfmt::skip]
const KEYS: &[Keys] = &[
    Keys { resource: "regions",          primary: &["code"],                 foreign: &[("parent_code", "regions", "code")] },
    Keys { resource: "agencies",         primary: &["id"],                   foreign: &[("region_code", "regions", "code")] },
    Keys { resource: "reports",          primary: &["id"],                   foreign: &[("agency.id", "agencies", "id")] },
    Keys { resource: "disclosure-items", primary: &["report_id", "item"],    foreign: HEAD },
    Keys { resource: "requests",         primary: &["report_id", "row"],     foreign: HEAD },
    Keys { resource: "reviews",          primary: &["report_id"],            foreign: HEAD },
    Keys { resource: "lawsuits",         primary: &["report_id", "lawsuit"], foreign: HEAD },
    Keys { resource: "findings",         primary: &["id"],                   foreign: HEAD },
    Keys { resource: "measures",         primary: &["code"],                 foreign: &[] },
];

/// The keys of a resource's file.
pub fn of(resource: &str) -> Option<&'static Keys> {
    KEYS.iter().find(|keys| keys.resource == resource)
}
