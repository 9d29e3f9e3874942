//! Answers -> standard output.

use std::io::{ErrorKind, Write};

use crate::error::{Code, Error, Result};

/// Whether somebody still reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Reads,
    /// Whoever read has read enough, as `head` does: that is no error.
    HasLeft,
}

/// Writes to standard output.
///
/// # Errors
/// `output_failed`.
pub fn write(bytes: impl AsRef<[u8]>) -> Result<Reader> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes.as_ref()).and_then(|()| out.flush()) {
        Ok(()) => Ok(Reader::Reads),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Reader::HasLeft),
        Err(error) => Err(Error::new(Code::OutputFailed, error.to_string())),
    }
}
