//! DOCX -> blocks: paragraphs with their numbers, tables with their spans.
//!
//! Read is what a reader sees in the body: not what is deleted, moved away, hidden or struck out, nor
//! headers, footers, notes, comments, page numbers and tables of contents. A text box is read once.

mod numbering;
mod styles;

use super::{
    Document, MediaType,
    flow::{Fields, Flow, LINE_END, Merged, PICTURE_SIGN, Piece, Table, TableCell, is_shown},
    package::Package,
    xml::{Element, Event, Xml},
};
use crate::error::{Code, Error, Result};
use numbering::Numbering;
use styles::{Look, Styles};

/// Elements whose content is not shown, or shown elsewhere.
const LEFT_OUT: [&str; 14] = [
    "del",
    "moveFrom",
    "rt",
    "delText",
    "delInstrText",
    "sectPr",
    "pPrChange",
    "rPrChange",
    "tblPrChange",
    "trPrChange",
    "tcPrChange",
    "tblPr",
    "binData",
    "numberingChange",
];
/// The signs that the font Symbol shows as themselves, where Word keeps them.
const SYMBOL_SIGNS: std::ops::RangeInclusive<u32> = 0xF020..=0xF03F;

/// Reads a document whose main part is known.
pub(super) fn read(package: &mut Package<'_>, main: &str) -> Result<Document> {
    let related = package.relationships(main)?;
    let mut of_kind = |kind: &str| match related.iter().find(|part| part.kind == kind) {
        Some(part) => package.part(&part.target),
        None => Ok(None),
    };
    let styles = of_kind("styles")?.map_or(Ok(Styles::default()), |part| Styles::read(&part))?;
    let numbering =
        of_kind("numbering")?.map_or(Ok(Numbering::default()), |part| Numbering::read(&part))?;
    let text = package.part(main)?;
    let text = text.ok_or_else(|| Error::new(Code::BrokenDocument, "its text is missing"))?;
    let mut reader = Reader {
        xml: Xml::new(&text),
        styles,
        numbering,
        body: Vec::new(),
        paragraphs: Vec::new(),
        tables: Vec::new(),
        fields: Fields::default(),
        alternatives: Vec::new(),
        run: None,
        paragraph_number: 0,
        table_number: 0,
    };
    reader.read()?;
    let mut flow = Flow::new();
    flow.pieces(reader.body)?;
    flow.finish(MediaType::Docx)
}

struct Reader<'a> {
    xml: Xml<'a>,
    styles: Styles,
    numbering: Numbering,
    body: Vec<Piece>,
    /// The paragraphs that are open: one, and in it those of a text box.
    paragraphs: Vec<OpenParagraph>,
    tables: Vec<OpenTable>,
    fields: Fields,
    /// For every open choice of contents, whether one was read.
    alternatives: Vec<bool>,
    /// The look of the run that is open.
    run: Option<Look>,
    paragraph_number: u32,
    table_number: u16,
}

#[derive(Default)]
struct OpenParagraph {
    text: String,
    look: Look,
    /// Its list and the level in it.
    list: Option<(String, usize)>,
    level: Option<usize>,
}

#[derive(Default)]
struct OpenTable {
    number: u16,
    rows: Vec<Vec<TableCell>>,
    row: Vec<TableCell>,
    is_row_left_out: bool,
    cell: Option<TableCell>,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<()> {
        let mut in_text = false;
        let mut in_instruction = false;
        loop {
            match self.xml.next()? {
                Event::Open(element) => match element.name() {
                    "t" => in_text = self.run.is_some(),
                    "instrText" => in_instruction = true,
                    name if LEFT_OUT.contains(&name) => {
                        self.leave_out_row(name);
                        self.xml.skip()?;
                    }
                    _ => self.open(&element)?,
                },
                Event::Close(name) => match name.as_str() {
                    "t" => in_text = false,
                    "instrText" => in_instruction = false,
                    name => self.close(name)?,
                },
                Event::Text(text) if in_instruction => {
                    text.chars().for_each(|character| {
                        self.fields.instruct(character);
                    });
                }
                Event::Text(text) if in_text => self.text(&text),
                Event::Text(_) => {}
                Event::End => return Ok(()),
            }
        }
    }

    fn open(&mut self, element: &Element<'_>) -> Result<()> {
        match element.name() {
            "p" => {
                self.paragraph_number = self.paragraph_number.saturating_add(1);
                self.paragraphs.push(OpenParagraph::default());
            }
            "r" => {
                let look = self.paragraphs.last().map(|paragraph| paragraph.look);
                self.run = Some(look.unwrap_or_default());
            }
            "AlternateContent" => self.alternatives.push(false),
            "Choice" => {
                if let Some(chosen) = self.alternatives.last_mut() {
                    if *chosen {
                        self.xml.skip()?;
                    }
                    *chosen = true;
                }
            }
            "Fallback" if self.alternatives.last() == Some(&true) => self.xml.skip()?,
            // What asks to be filled in.
            "showingPlcHdr" if element.is_on("val")? => self.skip_placeholder()?,
            "fldChar" | "fldSimple" => self.field(element)?,
            "tbl" | "tr" | "tc" => self.open_table(element.name())?,
            "gridSpan" | "vMerge" | "hMerge" | "gridBefore" | "hidden" => {
                self.cell_property(element)?;
            }
            _ if self.run.is_some() => self.in_run(element)?,
            _ => self.paragraph_property(element)?,
        }
        Ok(())
    }

    /// A row whose properties say that it was deleted.
    fn leave_out_row(&mut self, name: &str) {
        if name == "del"
            && let Some(table) = self.tables.last_mut().filter(|table| table.cell.is_none())
        {
            table.is_row_left_out = true;
        }
    }

    fn paragraph_property(&mut self, element: &Element<'_>) -> Result<()> {
        let Some(paragraph) = self.paragraphs.last_mut() else { return Ok(()) };
        let value = || element.attr("val");
        match element.name() {
            "pStyle" => {
                let style = self.styles.get(&value()?.unwrap_or_default());
                paragraph.look = style.look;
                paragraph.list = style.list.map(|list| (list, style.level.unwrap_or(0)));
            }
            "ilvl" => {
                let level = element.number("val")?.unwrap_or(0);
                paragraph.level = Some(level);
                if let Some((_, of_list)) = &mut paragraph.list {
                    *of_list = level;
                }
            }
            "numId" => {
                let level = paragraph.level.unwrap_or(0);
                paragraph.list = value()?.map(|list| (list, level)).filter(|(list, _)| list != "0");
            }
            _ => {}
        }
        Ok(())
    }

    fn in_run(&mut self, element: &Element<'_>) -> Result<()> {
        let Some(look) = &mut self.run else { return Ok(()) };
        match element.name() {
            "rStyle" => {
                let style = self.styles.get(&element.attr("val")?.unwrap_or_default());
                *look = look.with(style.look);
            }
            "vanish" | "strike" | "dstrike" | "vertAlign" => look.set(element)?,
            "tab" | "ptab" => self.text(" "),
            "br" | "cr" => self.text(&LINE_END.to_string()),
            "noBreakHyphen" => self.text("-"),
            "footnoteReference" | "endnoteReference" => self.part_in_cell(),
            "sym" => {
                let font = element.attr("font")?.unwrap_or_default();
                let sign = element.attr("char")?;
                let sign = sign.and_then(|sign| u32::from_str_radix(sign.trim(), 16).ok());
                self.text(&symbol(&font, sign).to_string());
            }
            _ => {}
        }
        Ok(())
    }

    fn field(&mut self, element: &Element<'_>) -> Result<()> {
        if element.name() == "fldSimple" {
            if !is_shown(&element.attr("instr")?.unwrap_or_default()) {
                self.xml.skip()?;
            }
            return Ok(());
        }
        match element.attr("fldCharType")?.as_deref() {
            Some("begin") => self.fields.begin(),
            Some("separate") => self.fields.separate(),
            Some("end") => self.fields.end(),
            _ => {}
        }
        Ok(())
    }

    /// Goes on behind the control whose properties are being read.
    fn skip_placeholder(&mut self) -> Result<()> {
        // The control's content follows its properties.
        loop {
            match self.xml.next()? {
                Event::Open(element) if element.name() == "sdtContent" => return self.xml.skip(),
                Event::Close(name) if name == "sdt" => return Ok(()),
                Event::End => return Ok(()),
                _ => {}
            }
        }
    }

    fn text(&mut self, text: &str) {
        let is_shown = self.run.is_some_and(|look| !look.is_hidden && !look.is_struck)
            && !self.fields.is_left_out();
        if !is_shown {
            return;
        }
        let is_raised = self.run.is_some_and(|look| look.is_raised);
        if is_raised {
            self.part_in_cell();
        }
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push_str(text);
        }
        if is_raised {
            self.part_in_cell();
        }
    }

    /// A note's mark stands beside a number, not in it.
    fn part_in_cell(&mut self) {
        if !self.tables.is_empty()
            && let Some(paragraph) = self.paragraphs.last_mut()
        {
            paragraph.text.push(LINE_END);
        }
    }

    fn open_table(&mut self, name: &str) -> Result<()> {
        if name == "tbl" {
            self.table_number = self.table_number.saturating_add(1);
            self.tables.push(OpenTable { number: self.table_number, ..OpenTable::default() });
            return Ok(());
        }
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        if name == "tr" {
            table.row = Vec::new();
            table.is_row_left_out = false;
        } else {
            table.cell = Some(TableCell { columns: 1, ..TableCell::default() });
        }
        Ok(())
    }

    fn cell_property(&mut self, element: &Element<'_>) -> Result<()> {
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        let is_restart =
            || -> Result<bool> { Ok(element.attr("val")?.as_deref() == Some("restart")) };
        match (element.name(), &mut table.cell) {
            ("gridSpan", Some(cell)) => cell.columns = element.number("val")?.unwrap_or(1),
            ("vMerge", Some(cell)) if !is_restart()? => cell.merged = Merged::WithAbove,
            ("hMerge", Some(cell)) if !is_restart()? => cell.merged = Merged::WithLeft,
            ("gridBefore", None) => {
                let columns = element.number("val")?.unwrap_or(0);
                if columns > 0 {
                    table.row.push(TableCell { columns, ..TableCell::default() });
                }
            }
            ("hidden", None) if element.is_on("val")? => table.is_row_left_out = true,
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<()> {
        match name {
            "p" => self.end_paragraph(),
            "r" => self.run = None,
            "AlternateContent" => {
                self.alternatives.pop();
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    table.row.extend(table.cell.take());
                }
            }
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    let row = std::mem::take(&mut table.row);
                    if !table.is_row_left_out {
                        table.rows.push(row);
                    }
                }
            }
            "tbl" => {
                if let Some(table) = self.tables.pop() {
                    self.piece(Piece::Table(Table::new(table.number, table.rows)));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        let number = paragraph.list.and_then(|(list, level)| self.numbering.next(&list, level));
        let text = match number {
            Some(number) => format!("{number} {}", paragraph.text),
            None => paragraph.text,
        };
        // The run that holds a text box goes on behind it.
        self.run = self.paragraphs.last().map(|outer| outer.look);
        if !text.is_empty() {
            self.piece(Piece::Paragraph { text, number: self.paragraph_number });
        }
    }

    /// Puts a piece where it stands: in the cell that is open, else in the body.
    fn piece(&mut self, piece: Piece) {
        match self.tables.last_mut().and_then(|table| table.cell.as_mut()) {
            Some(cell) => cell.pieces.push(piece),
            None => self.body.push(piece),
        }
    }
}

/// A sign of a font, as a character.
fn symbol(font: &str, sign: Option<u32>) -> char {
    let sign = sign.unwrap_or(0);
    let sign = match sign {
        sign if SYMBOL_SIGNS.contains(&sign) && font == "Symbol" => sign - 0xF000,
        0xE000..=0xF8FF => return PICTURE_SIGN,
        sign => sign,
    };
    char::from_u32(sign).filter(|c| !c.is_control()).unwrap_or(PICTURE_SIGN)
}
