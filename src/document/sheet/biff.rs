//! The records of an XLS file, and the strings in them.

use std::sync::Arc;

use encoding_rs::{Encoding, GBK, UTF_16LE};

use crate::{
    document::{
        flow::too_large,
        ole::{u16_at, u32_at},
    },
    error::Result,
    limits,
};

/// A record: its type and its bytes.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    pub kind: u16,
    pub bytes: &'a [u8],
}

/// The records from a place on.
pub struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

/// How strings are kept.
#[derive(Clone, Copy, Debug)]
pub struct Strings {
    /// Whether they say themselves how: since 1997.
    pub is_unicode: bool,
    pub encoding: &'static Encoding,
}

impl<'a> Records<'a> {
    pub const fn new(stream: &'a [u8], at: usize) -> Self {
        Self { stream, at }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let kind = u16_at(self.stream, self.at)?;
        let length = usize::from(u16_at(self.stream, self.at + 2)?);
        let from = self.at + 4;
        let bytes = self.stream.get(from..from + length)?;
        self.at = from + length;
        Some(Record { kind, bytes })
    }
}

impl<'a> Record<'a> {
    pub fn u16(&self, at: usize) -> Option<u16> {
        u16_at(self.bytes, at)
    }

    pub fn u32(&self, at: usize) -> Option<u32> {
        u32_at(self.bytes, at)
    }

    pub fn f64(&self, at: usize) -> Option<f64> {
        self.bytes.get(at..at + 8)?.try_into().ok().map(f64::from_le_bytes)
    }
}

impl Default for Strings {
    fn default() -> Self {
        Self { is_unicode: true, encoding: GBK }
    }
}

impl Strings {
    /// Takes in the code page that a file names.
    pub fn set_code_page(&mut self, code_page: u16) {
        self.encoding = match code_page {
            950 => encoding_rs::BIG5,
            1252 => encoding_rs::WINDOWS_1252,
            65001 => encoding_rs::UTF_8,
            _ => GBK,
        };
    }

    /// A string with its length before it, in one byte or two.
    pub fn read(self, bytes: &[u8], length_bytes: usize) -> Option<String> {
        let chars = match length_bytes {
            1 => usize::from(*bytes.first()?),
            _ => usize::from(u16_at(bytes, 0)?),
        };
        let rest = bytes.get(length_bytes..)?;
        if !self.is_unicode {
            return Some(self.encoding.decode(rest.get(..chars)?).0.into_owned());
        }
        let (flags, rest) = rest.split_first()?;
        // A rich string says first how many runs of looks follow it.
        let skipped = if flags & 8 == 0 { 0 } else { 2 } + if flags & 4 == 0 { 0 } else { 4 };
        let rest = rest.get(skipped..)?;
        characters(rest, chars, flags & 1 == 1)
    }
}

fn characters(bytes: &[u8], chars: usize, is_wide: bool) -> Option<String> {
    Some(if is_wide {
        UTF_16LE.decode_without_bom_handling(bytes.get(..chars * 2)?).0.into_owned()
    } else {
        bytes.get(..chars)?.iter().map(|&byte| char::from(byte)).collect()
    })
}

/// The texts that cells share: a record that goes on over others.
pub fn shared(parts: &[&[u8]]) -> Result<Vec<Arc<str>>> {
    let mut reader = Parts { parts, part: 0, at: 8 };
    let mut found = Vec::new();
    while let Some(text) = reader.string() {
        found.push(Arc::from(text));
        if found.len() > limits::SHARED_STRINGS {
            return Err(too_large("texts"));
        }
    }
    Ok(found)
}

struct Parts<'a> {
    parts: &'a [&'a [u8]],
    part: usize,
    at: usize,
}

impl Parts<'_> {
    fn byte(&mut self) -> Option<u8> {
        while self.at >= self.parts.get(self.part)?.len() {
            (self.part, self.at) = (self.part + 1, 0);
        }
        let byte = self.parts[self.part][self.at];
        self.at += 1;
        Some(byte)
    }

    fn number(&mut self, bytes: u32) -> Option<usize> {
        let mut number = 0;
        for index in 0..bytes {
            number |= usize::from(self.byte()?) << (8 * index);
        }
        Some(number)
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let left = self.parts.get(self.part)?.len().saturating_sub(self.at);
            let step = left.min(bytes);
            self.at += step;
            bytes -= step;
            if bytes > 0 {
                (self.part, self.at) = (self.part + 1, 0);
            }
        }
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        let chars = self.number(2)?;
        let flags = self.byte()?;
        let runs = if flags & 8 == 0 { 0 } else { self.number(2)? };
        let extension = if flags & 4 == 0 { 0 } else { self.number(4)? };
        let mut is_wide = flags & 1 == 1;
        let mut units: Vec<u16> = Vec::new();
        while units.len() < chars {
            // Where a string goes on in the next record, that says anew how it is kept.
            if self.at >= self.parts.get(self.part)?.len() {
                (self.part, self.at) = (self.part + 1, 0);
                is_wide = self.byte()? & 1 == 1;
            }
            units.push(u16::try_from(self.number(if is_wide { 2 } else { 1 })?).ok()?);
        }
        self.skip(runs * 4)?;
        self.skip(extension)?;
        Some(String::from_utf16_lossy(&units))
    }
}
