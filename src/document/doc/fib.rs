//! Where a DOC file keeps what: its head, and the table of the pieces its text is in.

use encoding_rs::WINDOWS_1252;

use crate::{
    document::{
        ole::{u16_at, u32_at},
        package::broken,
    },
    error::{Code, Error, Result},
};

/// The mark that a file of Word 97 or later begins with.
const IDENT: u16 = 0xA5EC;
const IDENT_OF_1995: u16 = 0xA5DC;
/// The version from which on tables have a stream of their own.
const VERSION_OF_1997: u16 = 0x00C0;
const IS_ENCRYPTED: u16 = 0x0100;
const HAS_SECOND_TABLES: u16 = 0x0200;
/// Bytes before the parts whose lengths are stated.
const BASE_BYTES: usize = 32;
/// Which of the lengths is the main text's; which of the pairs are the looks', the paragraphs' and the
/// pieces'.
const MAIN_TEXT: usize = 3;
const LOOKS: usize = 12;
const PARAGRAPHS: usize = 13;
const PIECES: usize = 33;

/// Bytes of a stream: where they begin, and how many they are.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    from: usize,
    length: usize,
}

impl Part {
    pub fn of(self, stream: &[u8]) -> Option<&[u8]> {
        stream.get(self.from..self.from.checked_add(self.length)?)
    }
}

/// The file's head.
#[derive(Debug)]
pub struct Fib {
    pub table_stream: &'static str,
    pub looks: Part,
    pub paragraphs: Part,
    pieces: Part,
    /// Characters of the main text.
    characters: usize,
}

/// A character, and where its bytes are.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    pub character: char,
    pub offset: u32,
}

/// Reads the head.
pub fn read(stream: &[u8]) -> Result<Fib> {
    let ident = u16_at(stream, 0);
    let version = u16_at(stream, 2).unwrap_or(0);
    let flags = u16_at(stream, 10).unwrap_or(0);
    match ident {
        Some(IDENT | IDENT_OF_1995) if flags & IS_ENCRYPTED != 0 => {
            Err(Error::new(Code::EncryptedDocument, "the file asks for a password"))
        }
        Some(IDENT) if version >= VERSION_OF_1997 => {
            head(stream, flags).ok_or_else(|| broken("the file's head breaks off"))
        }
        Some(IDENT | IDENT_OF_1995) => {
            Err(Error::new(Code::UnsupportedFormat, "the document is older than Word 97"))
        }
        _ => Err(broken("the file's head is not Word's")),
    }
}

fn head(stream: &[u8], flags: u16) -> Option<Fib> {
    let words = usize::from(u16_at(stream, BASE_BYTES)?);
    let lengths = BASE_BYTES + 2 + words * 2;
    let count = usize::from(u16_at(stream, lengths)?);
    let pairs = lengths + 2 + count * 4 + 2;
    let number = |at| usize::try_from(u32_at(stream, at)?).ok();
    let part = |index: usize| {
        let at = pairs + index * 8;
        Some(Part { from: number(at)?, length: number(at + 4)? })
    };
    Some(Fib {
        table_stream: if flags & HAS_SECOND_TABLES == 0 { "0Table" } else { "1Table" },
        looks: part(LOOKS)?,
        paragraphs: part(PARAGRAPHS)?,
        pieces: part(PIECES)?,
        characters: number(lengths + 2 + MAIN_TEXT * 4)?,
    })
}

impl Fib {
    /// The main text, character by character.
    pub fn texts(&self, stream: &[u8], tables: &[u8]) -> Result<Vec<Text>> {
        // Each takes a byte at least, and none is there twice.
        if self.characters > stream.len() {
            return Err(broken("the text is longer than the file"));
        }
        self.read_texts(stream, tables).ok_or_else(|| broken("the text is not where it should be"))
    }

    fn read_texts(&self, stream: &[u8], tables: &[u8]) -> Option<Vec<Text>> {
        let pieces = pieces(self.pieces.of(tables)?)?;
        let count = pieces.len().checked_sub(4)? / 12;
        let mut texts = Vec::new();
        for index in 0..count {
            let position = |index: usize| usize::try_from(u32_at(pieces, index * 4)?).ok();
            let from = position(index)?.min(self.characters);
            let characters = position(index + 1)?.min(self.characters).checked_sub(from)?;
            let place = u32_at(pieces, (count + 1) * 4 + index * 8 + 2)?;
            let is_narrow = place & 0x4000_0000 != 0;
            let place = place & 0x3FFF_FFFF;
            if is_narrow {
                narrow(stream, place / 2, characters, &mut texts)?;
            } else {
                wide(stream, place, characters, &mut texts)?;
            }
            if texts.len() > stream.len() {
                return None;
            }
        }
        Some(texts)
    }
}

/// The table of pieces, behind what changes their looks.
fn pieces(part: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    while *part.get(at)? == 1 {
        at += 3 + usize::from(u16_at(part, at + 1)?);
    }
    let length = usize::try_from(u32_at(part, at + 1)?).ok()?;
    (part[at] == 2).then(|| part.get(at + 5..(at + 5).checked_add(length)?)).flatten()
}

fn narrow(stream: &[u8], place: u32, characters: usize, texts: &mut Vec<Text>) -> Option<()> {
    let from = usize::try_from(place).ok()?;
    let bytes = stream.get(from..from.checked_add(characters)?)?;
    for (byte, offset) in bytes.iter().zip(place..) {
        let text = WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(byte)).0;
        texts.push(Text { character: text.chars().next()?, offset });
    }
    Some(())
}

fn wide(stream: &[u8], place: u32, characters: usize, texts: &mut Vec<Text>) -> Option<()> {
    let from = usize::try_from(place).ok()?;
    let bytes = stream.get(from..from.checked_add(characters.checked_mul(2)?)?)?;
    let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let mut offset = place;
    for character in char::decode_utf16(units) {
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        texts.push(Text { character, offset });
        offset += if u32::from(character) > 0xFFFF { 4 } else { 2 };
    }
    Some(())
}
