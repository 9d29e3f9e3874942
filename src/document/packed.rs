//! Office documents, told from their content: ZIP packages by their main part, OLE files by their
//! streams. A file's name says nothing: a page saved as .doc is a page.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{
    Document, doc, docx, ofd,
    ole::Ole,
    package::Package,
    sheet,
    xml::{Event, Xml},
};
use crate::error::{Code, Error, Result};

const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// The document, where the bytes are a package; none where they are something else.
pub(super) fn read(bytes: &[u8]) -> Option<Result<Document>> {
    let read = match bytes {
        _ if bytes.starts_with(ZIP) => package,
        _ if bytes.starts_with(OLE) => ole,
        _ => return None,
    };
    // What unpacks these files is others' code: a panic there is a broken file, and no more.
    let caught = catch_unwind(AssertUnwindSafe(|| read(bytes)));
    Some(caught.unwrap_or_else(|_| {
        Err(Error::new(Code::BrokenDocument, "the file is not made as its kind is"))
    }))
}

fn package(bytes: &[u8]) -> Result<Document> {
    let mut package = Package::open(bytes)?;
    if package.has("OFD.xml") {
        return ofd::read(&mut package);
    }
    let Some(main) = package.main_part()? else {
        return Err(unsupported("a ZIP archive that is no Office document"));
    };
    match root(&mut package, &main)?.as_str() {
        "document" => docx::read(&mut package, &main),
        "workbook" => sheet::read_xlsx(&mut package, &main),
        name => Err(unsupported(&format!("an Office document of another kind ({name})"))),
    }
}

fn ole(bytes: &[u8]) -> Result<Document> {
    let mut ole = Ole::open(bytes)?;
    if ole.has("EncryptedPackage") {
        return Err(Error::new(Code::EncryptedDocument, "the file asks for a password"));
    }
    if ole.has("Workbook") || ole.has("Book") {
        return sheet::read_xls(&mut ole);
    }
    if ole.has("WordDocument") {
        return doc::read(&mut ole);
    }
    Err(unsupported("an old Office file of a kind that is not read"))
}

fn unsupported(what: &str) -> Error {
    Error::new(Code::UnsupportedFormat, format!("the document is {what}"))
}

/// The name of a part's outermost element; none of what is no XML.
fn root(package: &mut Package<'_>, part: &str) -> Result<String> {
    let text = package.part(part)?.unwrap_or_default();
    let mut xml = Xml::new(&text);
    loop {
        match xml.next()? {
            Event::Open(element) => return Ok(element.name().to_owned()),
            Event::End => return Ok(String::new()),
            _ => {}
        }
    }
}
