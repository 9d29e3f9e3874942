//! OLE files: what DOC and XLS files, and encrypted ones of any kind, are -> their streams.

use std::io::{Cursor, Read};

use super::package::broken;
use crate::{
    error::{Code, Error, Result},
    limits,
};

/// An open file.
pub(super) struct Ole<'a>(cfb::CompoundFile<Cursor<&'a [u8]>>);

impl<'a> Ole<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        Ok(Self(cfb::CompoundFile::open(Cursor::new(bytes)).map_err(broken)?))
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.exists(name)
    }

    /// A stream's bytes.
    pub fn stream(&mut self, name: &str) -> Result<Vec<u8>> {
        let stream = self.0.open_stream(name).map_err(broken)?;
        let mut bytes = Vec::new();
        // A chain of sectors may lead in a circle.
        let limit = limits::DOCUMENT_BYTES as u64;
        stream.take(limit + 1).read_to_end(&mut bytes).map_err(broken)?;
        if bytes.len() > limits::DOCUMENT_BYTES {
            return Err(Error::new(Code::BrokenDocument, "a stream is longer than the file"));
        }
        Ok(bytes)
    }
}

/// Two bytes at a place, the lower first.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

/// Four bytes at a place, the lowest first.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}
