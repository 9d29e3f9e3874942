//! Rows -> XLSX: one sheet with typed cells. A text is a text, whatever it begins with.
//!
//! Nothing in the file says when it was written: the same rows give the same bytes.

use std::io::{self, Seek};

use rust_decimal::Decimal;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde_json::Value;

use super::{
    Fields, Labels,
    about::About,
    encoder::{Encoder, text},
};
use crate::{
    error::{Error, Result},
    limits,
    query::field::FieldType,
};

/// Digits that a spreadsheet keeps of a number: one of more is written as a text.
const DIGITS: usize = 15;
/// Widths of columns, in characters of which a Chinese one takes two.
const WIDTHS: std::ops::RangeInclusive<usize> = 8..=60;

/// Writes XLSX. The rows wait in a temporary file: the format has its directory at the end.
pub struct Xlsx {
    fields: Fields,
    workbook: Workbook,
    row: u32,
    widths: Vec<usize>,
    formats: Formats,
    labels: Labels,
    about: About,
}

struct Formats {
    head: Format,
    integer: Format,
    money: Format,
    date: Format,
}

impl Xlsx {
    pub fn new(name: &str, fields: Fields, labels: Labels) -> Result<Self> {
        let formats = Formats {
            head: Format::new().set_bold(),
            integer: Format::new().set_num_format("0"),
            money: Format::new().set_num_format("#,##0.00####"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
        };
        let heads = labels.heads(&fields);
        let widths = heads.iter().map(|head| width(head)).collect();
        let mut workbook = Workbook::new();
        begin(&mut workbook, name, &heads, &formats.head).map_err(|error| refused(&error))?;
        Ok(Self { fields, workbook, row: 1, widths, formats, labels, about: Vec::new() })
    }
}

fn begin(
    workbook: &mut Workbook,
    name: &str,
    heads: &[String],
    head: &Format,
) -> Result<(), XlsxError> {
    // The first day of which a ZIP file can tell: none is known.
    let unknown = ExcelDateTime::from_ymd(1980, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&unknown));
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name(name)?.set_freeze_panes(1, 0)?;
    for (column, text) in (0_u16..).zip(heads) {
        sheet.write_string_with_format(0, column, text, head)?;
    }
    Ok(())
}

impl Encoder for Xlsx {
    fn rows(&mut self, rows: Vec<Value>) -> Result<Vec<u8>> {
        let sheet = self.workbook.worksheet_from_index(0).map_err(Error::internal)?;
        for row in &rows {
            fits(u64::from(self.row), limits::SHEET_ROWS)?;
            let values = self.fields.values(row).into_iter().zip(self.fields.list());
            for ((column, (value, field)), widest) in (0_u16..).zip(values).zip(&mut self.widths) {
                let cell = Cell { row: self.row, column, value, field_type: field.field_type };
                *widest = width(&text(value)).max(*widest);
                cell.write(sheet, &self.formats).map_err(|error| refused(&error))?;
            }
            self.row += 1;
        }
        Ok(Vec::new())
    }

    fn about(&mut self, about: About) {
        self.about = about;
    }

    fn end(mut self: Box<Self>) -> Result<Box<dyn io::Read + Send>> {
        let sheet = self.workbook.worksheet_from_index(0).map_err(Error::internal)?;
        for (column, widest) in (0_u16..).zip(&self.widths) {
            let width = u32::try_from(*widest.clamp(WIDTHS.start(), WIDTHS.end())).unwrap_or(0);
            sheet.set_column_width(column, width).map_err(Error::internal)?;
        }
        if !self.about.is_empty() {
            self.write_about().map_err(|error| refused(&error))?;
        }
        let mut file = tempfile::tempfile().map_err(Error::internal)?;
        self.workbook.save_to_writer(&mut file).map_err(Error::internal)?;
        file.rewind().map_err(Error::internal)?;
        Ok(Box::new(file))
    }
}

impl Xlsx {
    /// A sheet of its own says what the rows are made of.
    fn write_about(&mut self) -> Result<(), XlsxError> {
        let name = if matches!(self.labels, Labels::Zh) { "说明" } else { "about" };
        let sheet = self.workbook.add_worksheet().set_name(name)?;
        for (row, (name, value)) in (0_u32..).zip(&self.about) {
            sheet.write_string_with_format(row, 0, name, &self.formats.head)?;
            let field_type = if value.is_number() { FieldType::Integer } else { FieldType::Text };
            Cell { row, column: 1, value, field_type }.write(sheet, &self.formats)?;
        }
        sheet.set_column_width(0, *WIDTHS.end() as f64 / 2.0)?;
        sheet.set_column_width(1, *WIDTHS.end() as f64)?;
        Ok(())
    }
}

/// Refuses more rows, head included, than a sheet holds.
///
/// # Errors
/// `invalid_parameter`.
pub fn fits(rows: u64, most: u64) -> Result<()> {
    if rows < most {
        return Ok(());
    }
    let detail = format!("a sheet holds {} rows beside its head, and these are more", most - 1);
    Err(Error::invalid("format", detail)
        .allowed(["csv, ndjson or parquet", "xlsx with fewer rows: a region, a year, a limit"]))
}

/// One cell to be written.
struct Cell<'a> {
    row: u32,
    column: u16,
    value: &'a Value,
    field_type: FieldType,
}

impl Cell<'_> {
    fn write(&self, sheet: &mut Worksheet, formats: &Formats) -> Result<(), XlsxError> {
        let Self { row, column, value, field_type } = *self;
        match (field_type, value) {
            (_, Value::Null) => return Ok(()),
            (FieldType::Boolean, Value::Bool(value)) => sheet.write_boolean(row, column, *value)?,
            // What is computed is no exact number anywhere.
            (FieldType::Number, Value::Number(number)) => {
                sheet.write_number(row, column, number.as_f64().unwrap_or(f64::NAN))?
            }
            (FieldType::Integer | FieldType::Decimal | FieldType::Number, value) => {
                let format = if value.is_string() { &formats.money } else { &formats.integer };
                let printed = text(value);
                match number(&printed) {
                    Some(number) => sheet.write_number_with_format(row, column, number, format)?,
                    None => sheet.write_string(row, column, printed)?,
                }
            }
            (FieldType::Date, Value::String(date)) => match ExcelDateTime::parse_from_str(date) {
                Ok(date) => sheet.write_datetime_with_format(row, column, date, &formats.date)?,
                // Spreadsheets know no day before 1900.
                Err(_) => sheet.write_string(row, column, date)?,
            },
            // A moment stays a text: spreadsheets know neither UTC nor less than a millisecond.
            (_, value) => sheet.write_string(row, column, text(value))?,
        };
        Ok(())
    }
}

/// A number, where a spreadsheet keeps it as it is.
#[must_use]
pub fn number(printed: &str) -> Option<f64> {
    let number: f64 = printed.parse().ok()?;
    let digits = match printed.parse::<Decimal>() {
        Ok(decimal) => decimal.normalize().mantissa().unsigned_abs().to_string().len(),
        Err(_) => return None,
    };
    (digits <= DIGITS).then_some(number)
}

fn width(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum::<usize>() + 1
}

/// What a sheet cannot hold: a text too long, too many columns.
fn refused(error: &XlsxError) -> Error {
    Error::invalid("format", format!("xlsx cannot hold this: {error}"))
        .allowed(["csv, ndjson or parquet", "xlsx with other fields or measures"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_rows_than_a_sheet_holds_are_refused() {
        assert!(fits(3, 4).is_ok());
        let error = fits(4, 4).map_err(|error| error.detail);
        assert_eq!(
            error,
            Err("a sheet holds 3 rows beside its head, and these are more".to_owned())
        );
    }

    #[test]
    fn a_number_that_a_spreadsheet_would_round_is_a_text() {
        assert_eq!(number("523071.00"), Some(523_071.0));
        assert_eq!(number("-12"), Some(-12.0));
        assert_eq!(number("9223372036.123456"), None);
        assert_eq!(number("922337203.123456"), Some(922_337_203.123_456));
        assert_eq!(number("999999999999999999"), None);
    }
}
