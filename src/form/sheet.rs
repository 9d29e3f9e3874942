//! A summary -> XLSX: the form as it is printed on A4, and beside it each cell with what the consolidated
//! report says.
//!
//! Nothing in the file says when it was written: the same summary gives the same bytes.

use std::collections::HashMap;

use entity::template::Measure;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use super::{
    Language, by_measure,
    layout::{Cell, Content, Table, Text, tables},
    printed, words,
};
use crate::{
    error::{Error, Result},
    formats,
    query::summary::{SummaryCell, SummaryView},
};

/// Columns of the sheet, of which a table's columns take several: its tables are divided differently.
const COLUMNS: u16 = 33;
/// How wide one is, in characters.
const COLUMN_CHARS: f64 = 2.7;
/// How many of the form's characters stand in one, of which a Chinese one counts twice.
const COLUMN_FITS: f64 = 3.4;
/// How high a line of text is, in points.
const LINE_POINTS: f64 = 14.5;
/// ISO 216's A4, by the number that spreadsheets have for it.
const A4: u8 = 9;

/// Draws the summary in a language.
///
/// # Errors
/// `internal`.
pub fn sheet(summary: &SummaryView, language: Language) -> Result<Vec<u8>> {
    draw(summary, language).map_err(Error::internal)
}

fn draw(summary: &SummaryView, language: Language) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The first day of which a ZIP file can tell: none is known.
    let unknown = ExcelDateTime::from_ymd(1980, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&unknown));
    let say = |text: &Text| match language {
        Language::Zh => text.zh.clone(),
        Language::En => text.en.clone(),
    };
    let drawing =
        Drawing { say: &say, cells: by_measure(summary), formats: Formats::new(language) };

    let form = workbook.add_worksheet();
    form.set_name(say(&Text::new("汇总表", "Summary")))?;
    form.set_paper_size(A4).set_print_fit_to_pages(1, 1).set_print_center_horizontally(true);
    form.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    form.set_footer("&C&P / &N");
    for column in 0..COLUMNS {
        form.set_column_width(column, COLUMN_CHARS)?;
    }
    let mut row = 0;
    drawing.line(form, &mut row, &words::title(summary), &drawing.formats.title, 1.8)?;
    drawing.line(form, &mut row, &words::parts(summary), &drawing.formats.note, 2.0)?;
    for table in tables(summary.template) {
        row += 1;
        drawing.line(form, &mut row, &table.heading, &drawing.formats.heading, 1.4)?;
        drawing.table(form, &mut row, &table)?;
    }
    row += 1;
    let legend = Text::new(
        "底色标出的数与本地区自己的汇总报告不同，或有报告未计入，见“对照”。空格：各报告均未填数。",
        "Shaded numbers differ from the region's own consolidated report, or leave reports out: see \"Comparison\". Empty: no report prints a number.",
    );
    drawing.line(form, &mut row, &legend, &drawing.formats.note, 2.0)?;

    let comparison = workbook.add_worksheet();
    comparison.set_name(say(&Text::new("对照", "Comparison")))?;
    drawing.comparison(comparison, summary)?;

    let notes = workbook.add_worksheet();
    notes.set_name(say(&Text::new("说明", "Notes")))?;
    notes.set_column_width(0, 42)?.set_column_width(1, 90)?;
    notes.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    for (row, (name, value)) in (0_u32..).zip(words::facts(summary)) {
        notes.write_string_with_format(row, 0, say(&name), &drawing.formats.head_of_list)?;
        notes.write_string(row, 1, say(&value))?;
    }
    workbook.save_to_buffer()
}

struct Formats {
    title: Format,
    heading: Format,
    note: Format,
    head: Format,
    label: Format,
    number: Format,
    shaded: Format,
    head_of_list: Format,
}

impl Formats {
    fn new(language: Language) -> Self {
        // English words are longer than the cells that the form has for Chinese ones.
        let size = if language == Language::Zh { 10 } else { 8 };
        let plain = || Format::new().set_font_name("SimSun").set_font_size(size).set_text_wrap();
        let centred =
            || plain().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
        let cell = || centred().set_border(FormatBorder::Thin);
        Self {
            title: centred().set_font_size(15).set_bold(),
            heading: plain().set_font_size(12).set_bold().set_align(FormatAlign::VerticalCenter),
            note: plain().set_font_size(9).set_align(FormatAlign::VerticalCenter),
            head: cell().set_bold(),
            label: cell().set_align(FormatAlign::Left),
            number: cell(),
            shaded: cell().set_background_color(Color::RGB(0xff_ec_b3)),
            head_of_list: Format::new().set_bold(),
        }
    }
}

struct Drawing<'a> {
    say: &'a dyn Fn(&Text) -> String,
    cells: HashMap<Measure, &'a SummaryCell>,
    formats: Formats,
}

impl Drawing<'_> {
    /// A text over the whole width.
    fn line(
        &self,
        sheet: &mut Worksheet,
        row: &mut u32,
        text: &Text,
        format: &Format,
        lines: f64,
    ) -> std::result::Result<(), XlsxError> {
        sheet.merge_range(*row, 0, *row, COLUMNS - 1, &(self.say)(text), format)?;
        sheet.set_row_height(*row, LINE_POINTS * lines)?;
        *row += 1;
        Ok(())
    }

    fn table(
        &self,
        sheet: &mut Worksheet,
        row: &mut u32,
        table: &Table,
    ) -> std::result::Result<(), XlsxError> {
        let starts: Vec<u16> = table
            .widths
            .iter()
            .scan(0, |end, width| {
                *end += width;
                Some(*end - width)
            })
            .collect();
        let end = |column: usize| starts.get(column).copied().unwrap_or(COLUMNS);
        let mut lines = vec![1; table.rows];
        for cell in &table.cells {
            let (first, last) = (end(cell.column), end(cell.column + cell.columns) - 1);
            self.cell(sheet, *row, first, last, cell)?;
            if let (Content::Head(text) | Content::Label(text), 1) = (&cell.content, cell.rows) {
                let width = f64::from(last + 1 - first) * COLUMN_FITS;
                lines[cell.row] = lines_of(&(self.say)(text), width).max(lines[cell.row]);
            }
        }
        for lines in lines {
            sheet.set_row_height(*row, LINE_POINTS * f64::from(lines) + 3.0)?;
            *row += 1;
        }
        Ok(())
    }

    fn cell(
        &self,
        sheet: &mut Worksheet,
        top: u32,
        first: u16,
        last: u16,
        cell: &Cell,
    ) -> std::result::Result<(), XlsxError> {
        let row = |row: usize| top + u32::try_from(row).unwrap_or(u32::MAX - top);
        let (from, to) = (row(cell.row), row(cell.row + cell.rows - 1));
        let (text, format) = match &cell.content {
            Content::Head(text) => ((self.say)(text), &self.formats.head),
            Content::Label(text) => ((self.say)(text), &self.formats.label),
            Content::Number(measure) => {
                let cell = self.cells.get(measure);
                let is_marked = cell.is_some_and(|cell| cell.differs() || cell.unknown > 0);
                let format = if is_marked { &self.formats.shaded } else { &self.formats.number };
                let text = cell.and_then(|cell| cell.value).map(|value| printed(value).to_string());
                (text.unwrap_or_default(), format)
            }
        };
        if from == to && first == last {
            sheet.write_string_with_format(from, first, &text, format)?;
        } else {
            sheet.merge_range(from, first, to, last, &text, format)?;
        }
        if let (Content::Number(_), Some(number)) = (&cell.content, formats::sheet_number(&text)) {
            sheet.write_number_with_format(from, first, number, format)?;
        }
        Ok(())
    }

    /// Every cell with what the consolidated report says, money in CNY.
    fn comparison(
        &self,
        sheet: &mut Worksheet,
        summary: &SummaryView,
    ) -> std::result::Result<(), XlsxError> {
        let heads = [
            (Text::new("指标代码", "measure"), 46),
            (Text::new("项目（金额单位：元）", "cell (money in CNY)"), 60),
            (Text::new("汇总数", "sum"), 14),
            (Text::new("汇总报告所载", "consolidated report"), 18),
            (Text::new("差额", "difference"), 14),
            (Text::new("未计入的报告数", "reports left out"), 16),
        ];
        for (column, (head, width)) in (0_u16..).zip(heads) {
            sheet.set_column_width(column, width)?;
            sheet.write_string_with_format(
                0,
                column,
                (self.say)(&head),
                &self.formats.head_of_list,
            )?;
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet
            .set_paper_size(A4)
            .set_landscape()
            .set_print_fit_to_pages(1, 0)
            .set_repeat_rows(0, 0)?;
        for (row, cell) in (1_u32..).zip(&summary.cells) {
            let label = Text::new(&cell.label, &cell.label_en);
            sheet.write_string(row, 0, &cell.measure)?.write_string(row, 1, (self.say)(&label))?;
            let numbers = [cell.value, cell.consolidated, cell.difference];
            for (column, number) in (2_u16..).zip(numbers) {
                let Some(text) = number.map(|number| number.to_string()) else { continue };
                match formats::sheet_number(&text) {
                    Some(number) => sheet.write_number(row, column, number)?,
                    None => sheet.write_string(row, column, text)?,
                };
            }
            sheet.write_number(row, 5, cell.unknown as f64)?;
        }
        Ok(())
    }
}

/// How many lines a text takes in a width in characters, of which a Chinese one takes two.
fn lines_of(text: &str, width: f64) -> u32 {
    let chars: u32 = text.chars().map(|char| if char.is_ascii() { 1 } else { 2 }).sum();
    (f64::from(chars) / width.max(1.0)).ceil() as u32
}
