//! What one input unpacks to, measured while it is read: what grows without end is cut off.

use std::{
    cell::Cell,
    io::{self, Read, Seek, SeekFrom},
    rc::Rc,
};

use crate::limits;

/// The bytes of one input, packed and unpacked, and the members of its archives.
#[derive(Debug, Default)]
pub struct Meter {
    packed: Cell<u64>,
    unpacked: Cell<u64>,
    members: Cell<u64>,
}

impl Meter {
    /// How many bytes of the input are read.
    pub fn packed(&self) -> u64 {
        self.packed.get()
    }

    /// Counts a member of an archive.
    pub fn member(&self) {
        self.members.set(self.members.get() + 1);
    }

    /// Whether more has come out than may.
    pub fn is_over(&self) -> bool {
        let may =
            limits::UNPACKED_BYTES.max(self.packed.get().saturating_mul(limits::UNPACKED_RATIO));
        self.unpacked.get() > may || self.members.get() > limits::ARCHIVE_MEMBERS
    }
}

/// Counts what is read of the input itself.
pub struct Packed<R> {
    pub inner: R,
    pub meter: Rc<Meter>,
}

impl<R: Read> Read for Packed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.meter.packed.set(self.meter.packed.get() + count as u64);
        Ok(count)
    }
}

impl<R: Seek> Seek for Packed<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// Counts what comes out of a compressed stream, and ends it with an error where that is too much.
pub struct Unpacked<R> {
    pub inner: R,
    pub meter: Rc<Meter>,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.meter.is_over() {
            return Err(io::Error::other("more comes out of the archive than may"));
        }
        let count = self.inner.read(buffer)?;
        self.meter.unpacked.set(self.meter.unpacked.get() + count as u64);
        Ok(count)
    }
}
