//! Lines of a stream, each bounded: a line that is too long is passed over, not kept.

use std::io::{self, BufRead, Read};

use crate::limits;

/// A line without its end.
pub struct Line {
    /// Counted from 1.
    pub number: u64,
    /// The bytes; none where there are more than a document may have.
    pub bytes: Option<Vec<u8>>,
}

impl Line {
    pub fn is_blank(&self) -> bool {
        self.bytes.as_ref().is_some_and(|bytes| bytes.iter().all(u8::is_ascii_whitespace))
    }
}

/// Reads lines, and counts them.
pub struct Lines<R> {
    reader: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, number: 0 }
    }

    /// The stream after the lines read.
    pub fn rest(self) -> R {
        self.reader
    }

    /// The next line with the bytes that end it; none at the end.
    pub fn next(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let most = limits::DOCUMENT_BYTES as u64 + 1;
        if self.reader.by_ref().take(most).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let is_too_long = bytes.len() > limits::DOCUMENT_BYTES;
        if is_too_long && !bytes.ends_with(b"\n") {
            drop(std::mem::take(&mut bytes));
            self.reader.skip_until(b'\n')?;
        }
        Ok(Some(Line { number: self.number, bytes: (!is_too_long).then_some(bytes) }))
    }
}

/// Whether a line is a whole JSON object by itself, by its brackets.
pub fn is_whole(line: &[u8]) -> bool {
    let (mut depth, mut in_string, mut is_escaped) = (0_i64, false, false);
    for &byte in line {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth -= 1,
            _ => {}
        }
    }
    depth == 0 && !in_string
}

/// Whether two lines are an object each, though the first is broken: inside an object another one
/// follows only a colon, a comma or a bracket.
pub fn are_objects(first: &[u8], second: &[u8]) -> bool {
    let end = first.iter().rfind(|byte| !byte.is_ascii_whitespace());
    let opens = !matches!(end, Some(b':' | b',' | b'[' | b'{'));
    opens && second.trim_ascii_start().starts_with(b"{")
}
