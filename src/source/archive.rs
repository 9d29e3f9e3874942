//! Archives -> their members: ZIP and tar.
//!
//! Directories, links and what systems leave behind are passed over. What a member's header says of
//! its size is not believed: what comes out is counted.

use std::{
    io::{self, Read},
    ops::ControlFlow,
    rc::Rc,
};

use tar::{Archive, EntryType};
use zip::{read::Config, result::ZipError, unstable::read::ZipIterable};

use super::{
    Seekable,
    meter::Unpacked,
    names::{Name, is_passed_over, of_member},
    unpack::{Unpacker, rewind},
};
use crate::{
    error::{Code, Error},
    limits,
};

/// Members by which a ZIP file is known to be a document.
const PARTS: [&str; 4] = ["[Content_Types].xml", "OFD.xml", "word/document.xml", "xl/workbook.xml"];
/// Members looked at for one of these: programs write them first.
const PARTS_WITHIN: usize = 100;

impl Unpacker<'_, '_> {
    /// The documents in a ZIP file, or itself where it is one.
    pub(super) fn zip(
        &mut self,
        name: &Name,
        mut file: &mut dyn Seekable,
        depth: usize,
    ) -> ControlFlow<()> {
        let is_document = match is_document(&mut file) {
            Ok(is_document) => is_document,
            Err(error) => return self.broken_zip(name, &error),
        };
        if is_document {
            return match rewind(file) {
                Ok(()) => self.document(name, &mut file),
                Err(error) => self.broken(name, &error),
            };
        }
        let mut archive = match ZipIterable::try_new(&mut file, Config::default()) {
            Ok(archive) => archive,
            Err(error) => return self.broken_zip(name, &error),
        };
        let files = match archive.files() {
            Ok(files) => files,
            Err(error) => return self.broken_zip(name, &error),
        };
        while let Some(member) = files.next() {
            self.meter.member();
            if self.meter.is_over() {
                return self.cut_off(name);
            }
            let member = match member {
                Ok(member) => member,
                // The directory cannot be followed beyond this.
                Err(error) => return self.broken_zip(name, &error),
            };
            let own_name = of_member(member.name_raw());
            if own_name.ends_with('/') || member.is_symlink() || is_passed_over(&own_name) {
                continue;
            }
            let name = name.member(&own_name);
            if member.encrypted() {
                let error = Error::new(Code::EncryptedDocument, "the archive asks for a password");
                self.refuse(&name, error)?;
                continue;
            }
            match member.with_reader(files.reader_mut(), Default::default()) {
                Ok(member) => {
                    let mut member = Unpacked { inner: member, meter: Rc::clone(&self.meter) };
                    self.contents(&name, &mut member, depth + 1)?;
                }
                Err(error) => self.broken_zip(&name, &error)?,
            }
        }
        ControlFlow::Continue(())
    }

    fn broken_zip(&mut self, name: &Name, error: &ZipError) -> ControlFlow<()> {
        match error {
            ZipError::Io(error) => self.broken(name, error),
            ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
                self.refuse(name, Error::new(Code::UnsupportedFormat, error.to_string()))
            }
            _ => self.refuse(name, Error::new(Code::BrokenDocument, error.to_string())),
        }
    }

    /// The documents in a tar archive.
    pub(super) fn tar(
        &mut self,
        name: &Name,
        stream: &mut dyn Read,
        depth: usize,
    ) -> ControlFlow<()> {
        let mut archive = Archive::new(stream);
        let members = match archive.entries() {
            Ok(members) => members.raw(true),
            Err(error) => return self.broken(name, &error),
        };
        // A name that is too long for a header stands in a member before the one it names.
        let mut long_name: Option<Vec<u8>> = None;
        for member in members {
            self.meter.member();
            if self.meter.is_over() {
                return self.cut_off(name);
            }
            let mut member = match member {
                Ok(member) => member,
                Err(error) => return self.broken(name, &error),
            };
            match member.header().entry_type() {
                EntryType::GNULongName => match bounded(&mut member) {
                    Ok(bytes) => {
                        long_name = Some(
                            bytes
                                .trim_ascii_end()
                                .split(|&b| b == 0)
                                .next()
                                .unwrap_or(&[])
                                .to_vec(),
                        );
                    }
                    Err(error) => return self.broken(name, &error),
                },
                EntryType::XHeader => match bounded(&mut member) {
                    Ok(bytes) => long_name = stated_path(&bytes),
                    Err(error) => return self.broken(name, &error),
                },
                EntryType::Regular | EntryType::Continuous => {
                    let header_name = member.header().path_bytes().into_owned();
                    let own_name = of_member(&long_name.take().unwrap_or(header_name));
                    if !own_name.ends_with('/') && !is_passed_over(&own_name) {
                        self.contents(&name.member(&own_name), &mut member, depth + 1)?;
                    }
                }
                _ => long_name = None,
            }
        }
        ControlFlow::Continue(())
    }
}

/// Whether a ZIP file is a document of an office program.
fn is_document(file: &mut &mut dyn Seekable) -> Result<bool, ZipError> {
    let mut archive = ZipIterable::try_new(file, Config::default())?;
    let members = archive.files()?.take(PARTS_WITHIN);
    // One that cannot be read is met again when the members are.
    let mut names = members.map_while(Result::ok).map(|member| of_member(member.name_raw()));
    Ok(names.any(|name| PARTS.iter().any(|part| name.eq_ignore_ascii_case(part))))
}

/// The bytes of a member that holds a name.
fn bounded(member: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    member.take(limits::MEMBER_NAME_BYTES as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The path that an extended header states.
fn stated_path(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut records = tar::PaxExtensions::new(bytes).filter_map(Result::ok);
    records.find(|record| record.key_bytes() == b"path").map(|record| record.value_bytes().to_vec())
}
