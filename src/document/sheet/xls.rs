//! XLS -> sheets: the records of Excel 95 to 2003.

use std::{collections::HashMap, sync::Arc};

use super::{
    Count, Position, Region, Sheet, biff,
    biff::{Record, Records, Strings},
    blocks, format,
};
use crate::{
    document::{
        Document, MediaType,
        flow::too_large,
        ole::{Ole, u16_at, u32_at},
    },
    error::{Code, Error, Result},
    limits,
};

/// The types of the records that are read.
mod kind {
    pub const END: u16 = 0x000A;
    pub const BEGIN: u16 = 0x0809;
    pub const CONTINUE: u16 = 0x003C;
    pub const ENCRYPTED: u16 = 0x002F;
    pub const CODE_PAGE: u16 = 0x0042;
    pub const EPOCH: u16 = 0x0022;
    pub const FONT: u16 = 0x0031;
    pub const FORMAT: u16 = 0x041E;
    pub const LOOK: u16 = 0x00E0;
    pub const SHEET: u16 = 0x0085;
    pub const SHARED_STRINGS: u16 = 0x00FC;
    pub const ROW: u16 = 0x0208;
    pub const COLUMNS: u16 = 0x007D;
    pub const MERGED: u16 = 0x00E5;
    pub const NUMBER: u16 = 0x0203;
    pub const PACKED_NUMBER: u16 = 0x027E;
    pub const PACKED_NUMBERS: u16 = 0x00BD;
    pub const SHARED_STRING: u16 = 0x00FD;
    pub const LABEL: u16 = 0x0204;
    pub const RICH_LABEL: u16 = 0x00D6;
    pub const BOOLEAN_OR_ERROR: u16 = 0x0205;
    pub const FORMULA: u16 = 0x0006;
    pub const FORMULA_STRING: u16 = 0x0207;
}

const VERSION_OF_1997: u16 = 0x0600;
const VERSION_OF_1995: u16 = 0x0500;
/// Fonts are counted without a fifth one.
const FONT_NOT_COUNTED: usize = 4;
const ERROR: &str = "#REF!";

/// What the cells' numbers and looks are resolved by.
#[derive(Default)]
struct Book {
    strings: Strings,
    shared: Vec<Arc<str>>,
    formats: HashMap<u16, String>,
    /// By font: whether it strikes out.
    fonts: Vec<bool>,
    /// By look: its font and its format.
    looks: Vec<(u16, u16)>,
    is_1904: bool,
    /// The sheets, and where each begins.
    sheets: Vec<(Sheet, usize)>,
}

/// Reads a workbook.
pub fn read(ole: &mut Ole<'_>) -> Result<Document> {
    let name = if ole.has("Workbook") { "Workbook" } else { "Book" };
    let stream = ole.stream(name)?;
    let mut book = Book::read(&stream)?;
    let mut count = Count::default();
    let mut sheets = Vec::new();
    for (mut sheet, at) in std::mem::take(&mut book.sheets) {
        if !sheet.is_hidden {
            let mut reader = SheetReader { book: &book, sheet: &mut sheet, count: &mut count };
            reader.read(&stream, at)?;
        }
        sheets.push(sheet);
    }
    blocks(sheets, MediaType::Xls)
}

impl Book {
    fn read(stream: &[u8]) -> Result<Self> {
        let mut book = Self::default();
        let mut shared: Vec<&[u8]> = Vec::new();
        let mut last = 0;
        for record in Records::new(stream, 0) {
            match record.kind {
                kind::END => break,
                kind::ENCRYPTED => {
                    return Err(Error::new(Code::EncryptedDocument, "the workbook is encrypted"));
                }
                kind::BEGIN => match record.u16(0) {
                    Some(VERSION_OF_1997) => {}
                    Some(VERSION_OF_1995) => book.strings.is_unicode = false,
                    _ => {
                        let detail = "the workbook is older than Excel 95";
                        return Err(Error::new(Code::UnsupportedFormat, detail));
                    }
                },
                kind::SHARED_STRINGS => shared.push(record.bytes),
                kind::CONTINUE if last == kind::SHARED_STRINGS => shared.push(record.bytes),
                _ => {
                    book.global(record);
                }
            }
            if record.kind != kind::CONTINUE {
                last = record.kind;
            }
            if book.sheets.len() > limits::SHEETS {
                return Err(too_large("sheets"));
            }
        }
        book.shared = biff::shared(&shared)?;
        Ok(book)
    }

    /// Takes in a record of the workbook; none where it breaks off.
    fn global(&mut self, record: Record<'_>) -> Option<()> {
        match record.kind {
            kind::CODE_PAGE => self.strings.set_code_page(record.u16(0)?),
            kind::EPOCH => self.is_1904 = record.u16(0)? == 1,
            kind::FONT => self.fonts.push(record.u16(2)? & 8 != 0),
            kind::FORMAT => {
                let length_bytes = if self.strings.is_unicode { 2 } else { 1 };
                let format = self.strings.read(record.bytes.get(2..)?, length_bytes)?;
                self.formats.insert(record.u16(0)?, format);
            }
            kind::LOOK => self.looks.push((record.u16(0)?, record.u16(2)?)),
            kind::SHEET => {
                let [state, sort] = record.bytes.get(4..6)?.try_into().ok()?;
                let name = self.strings.read(record.bytes.get(6..)?, 1)?;
                let is_hidden = state & 3 != 0 || sort != 0;
                let at = usize::try_from(record.u32(0)?).ok()?;
                self.sheets.push((Sheet { name, is_hidden, ..Sheet::default() }, at));
            }
            _ => {}
        }
        Some(())
    }

    fn is_struck(&self, look: u16) -> bool {
        let look = self.looks.get(usize::from(look));
        let font = look.map_or(0, |(font, _)| usize::from(*font));
        self.fonts.get(font - usize::from(font > FONT_NOT_COUNTED)).copied().unwrap_or(false)
    }

    fn shown(&self, number: f64, look: u16) -> Arc<str> {
        let id = self.looks.get(usize::from(look)).map_or(0, |(_, format)| *format);
        let format = self.formats.get(&id).map_or(format::built_in(id), String::as_str);
        Arc::from(format::shown(number, format, self.is_1904))
    }
}

struct SheetReader<'a> {
    book: &'a Book,
    sheet: &'a mut Sheet,
    count: &'a mut Count,
}

impl SheetReader<'_> {
    fn read(&mut self, stream: &[u8], at: usize) -> Result<()> {
        // A chart in a sheet is a workbook's part of its own.
        let mut depth = 0_usize;
        let mut formula: Option<(Position, u16)> = None;
        for record in Records::new(stream, at) {
            match record.kind {
                kind::BEGIN => depth += 1,
                kind::END if depth <= 1 => break,
                kind::END => depth -= 1,
                _ if depth > 1 => {}
                kind::FORMULA_STRING => {
                    let text = self.book.strings.read(record.bytes, 2);
                    if let Some(((at, look), text)) = formula.take().zip(text) {
                        self.set(at, look, Arc::from(text))?;
                    }
                }
                kind::FORMULA => formula = self.formula(record)?,
                kind::PACKED_NUMBERS => self.numbers(record)?,
                kind::MERGED => self.merged(record)?,
                kind::ROW | kind::COLUMNS => {
                    self.hidden(record);
                }
                _ => {
                    if let Some((at, look, text)) = self.cell(record) {
                        self.set(at, look, text)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn set(&mut self, at: Position, look: u16, text: Arc<str>) -> Result<()> {
        if self.book.is_struck(look) {
            return Ok(());
        }
        self.sheet.set(at, text, self.count)
    }

    /// A cell that a record is by itself.
    fn cell(&self, record: Record<'_>) -> Option<(Position, u16, Arc<str>)> {
        let text = match record.kind {
            kind::NUMBER => self.book.shown(record.f64(6)?, record.u16(4)?),
            kind::PACKED_NUMBER => self.book.shown(packed(record.u32(6)?), record.u16(4)?),
            kind::SHARED_STRING => {
                let index = usize::try_from(record.u32(6)?).ok()?;
                self.book.shared.get(index).cloned().unwrap_or_else(|| Arc::from(ERROR))
            }
            kind::LABEL | kind::RICH_LABEL => {
                Arc::from(self.book.strings.read(record.bytes.get(6..)?, 2)?)
            }
            kind::BOOLEAN_OR_ERROR => Arc::from(match record.bytes.get(6..8)? {
                [0, 0] => "FALSE",
                [_, 0] => "TRUE",
                _ => ERROR,
            }),
            _ => return None,
        };
        let (at, look) = place(record)?;
        Some((at, look, text))
    }

    /// A formula's result; where it is a text, that comes next.
    fn formula(&mut self, record: Record<'_>) -> Result<Option<(Position, u16)>> {
        let result = record.bytes.get(6..14).zip(place(record)).zip(record.f64(6));
        let Some(((result, (at, look)), number)) = result else { return Ok(None) };
        let text = match result {
            [0, .., 0xFF, 0xFF] => return Ok(Some((at, look))),
            [1, _, value, .., 0xFF, 0xFF] => Arc::from(if *value == 0 { "FALSE" } else { "TRUE" }),
            [2, .., 0xFF, 0xFF] => Arc::from(ERROR),
            [3, .., 0xFF, 0xFF] => Arc::from(""),
            _ => self.book.shown(number, look),
        };
        self.set(at, look, text)?;
        Ok(None)
    }

    /// Numbers of cells beside each other.
    fn numbers(&mut self, record: Record<'_>) -> Result<()> {
        let Some((row, first)) = record.u16(0).zip(record.u16(2)) else { return Ok(()) };
        let numbers = record.bytes.get(4..record.bytes.len().saturating_sub(2)).unwrap_or_default();
        for (number, column) in numbers.chunks_exact(6).zip(first..) {
            if let Some((look, number)) = u16_at(number, 0).zip(u32_at(number, 2)) {
                let text = self.book.shown(packed(number), look);
                self.set((u32::from(row), column), look, text)?;
            }
        }
        Ok(())
    }

    fn merged(&mut self, record: Record<'_>) -> Result<()> {
        for region in record.bytes.get(2..).unwrap_or_default().chunks_exact(8) {
            let at = |index| u16_at(region, index).unwrap_or(0);
            let first = (u32::from(at(0)), at(4));
            self.sheet.merge(Region { first, last: (u32::from(at(2)), at(6)) })?;
        }
        Ok(())
    }

    fn hidden(&mut self, record: Record<'_>) -> Option<()> {
        if record.kind == kind::ROW {
            if record.u16(12)? & 0x20 != 0 {
                self.sheet.hidden_rows.insert(u32::from(record.u16(0)?));
            }
        } else if record.u16(8)? & 1 != 0
            && self.sheet.hidden_columns.len() < limits::MERGED_REGIONS
        {
            self.sheet.hidden_columns.push(record.u16(0)?..=record.u16(2)?);
        }
        Some(())
    }
}

/// Where a cell's record says that it stands, and its look.
fn place(record: Record<'_>) -> Option<(Position, u16)> {
    Some(((u32::from(record.u16(0)?), record.u16(2)?), record.u16(4)?))
}

/// A number in thirty bits: a whole one or the upper half of a fraction, by a hundred or not.
fn packed(number: u32) -> f64 {
    let value = if number & 2 == 0 {
        f64::from_bits(u64::from(number & !3) << 32)
    } else {
        f64::from(number.cast_signed() >> 2)
    };
    if number & 1 == 0 { value } else { value / 100.0 }
}
