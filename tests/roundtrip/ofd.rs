//! OFD, laid out by hand: characters where they stand, a box around every cell.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use proptest::prelude::*;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    office::{Part, escaped, parts},
    sample::{Sample, sample},
};
use crate::reading::form::Table;

/// A page in millimetres: A3, lying.
const PAGE: (f64, f64) = (420.0, 297.0);
const MARGIN: f64 = 20.0;
/// The size of the text, and the height of a line.
const SIZE: f64 = 3.5;
const LINE: f64 = 4.5;
/// Between a cell's line and its text.
const PADDING: f64 = 1.0;

/// Whether the steps between characters are written one by one, or counted where they repeat.
#[derive(Clone, Copy, Debug)]
struct Style {
    counts_steps: bool,
    /// Characters drawn in their own coordinates, scaled by a matrix.
    is_scaled: bool,
}

/// Pages that are being filled.
struct Pages {
    style: Style,
    pages: Vec<String>,
    down: f64,
}

fn width(character: char) -> f64 {
    if character.is_ascii() { SIZE / 2.0 } else { SIZE }
}

/// The lines that a text takes in such a width.
fn lines(text: &str, room: f64) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for character in paragraph.chars() {
            let taken: f64 = line.chars().map(width).sum();
            if taken + width(character) > room && !character.is_ascii_digit() {
                lines.push(std::mem::take(&mut line));
            }
            line.push(character);
        }
        lines.push(line);
    }
    lines
}

impl Pages {
    fn new(style: Style) -> Self {
        Self { style, pages: vec![String::new()], down: MARGIN }
    }

    /// Begins another page where so much does not stand on this one.
    fn make_room(&mut self, height: f64) {
        if self.down + height > PAGE.1 - MARGIN {
            self.pages.push(String::new());
            self.down = MARGIN;
        }
    }

    fn line(&mut self, text: &str, x: f64, y: f64) {
        if text.is_empty() {
            return;
        }
        let scale = if self.style.is_scaled { 0.5 } else { 1.0 };
        let steps: Vec<f64> = text.chars().map(|c| width(c) / scale).collect();
        let steps = &steps[..steps.len() - 1];
        let mut written = String::new();
        if self.style.counts_steps {
            for run in steps.chunk_by(|one, other| one == other) {
                let _ = match run {
                    [step] => write!(written, "{step} "),
                    run => write!(written, "g {} {} ", run.len(), run[0]),
                };
            }
        } else {
            steps.iter().for_each(|step| write!(written, "{step} ").unwrap());
        }
        let matrix = if self.style.is_scaled { " CTM=\"0.5 0 0 0.5 0 0\"" } else { "" };
        let (size, baseline) = (SIZE / scale, SIZE / scale * 0.88);
        let all: f64 = text.chars().map(width).sum();
        let page = self.pages.last_mut().unwrap();
        let _ = write!(
            page,
            "<ofd:TextObject ID=\"1\" Boundary=\"{x} {y} {all} {LINE}\" Font=\"3\" Size=\"{size}\"{matrix}><ofd:FillColor Value=\"0 0 0\"/><ofd:TextCode X=\"0\" Y=\"{baseline}\" DeltaX=\"{}\">{}</ofd:TextCode></ofd:TextObject>",
            written.trim_end(),
            escaped(text)
        );
    }

    fn frame(&mut self, (x, y): (f64, f64), (width, height): (f64, f64)) {
        let page = self.pages.last_mut().unwrap();
        let _ = write!(
            page,
            "<ofd:PathObject ID=\"2\" Boundary=\"{x} {y} {width} {height}\" LineWidth=\"0.25\"><ofd:StrokeColor Value=\"0 0 0\"/><ofd:AbbreviatedData>M 0 0 L {width} 0 L {width} {height} L 0 {height} C</ofd:AbbreviatedData></ofd:PathObject>"
        );
    }

    fn paragraph(&mut self, text: &str) {
        for line in lines(text, PAGE.0 - 2.0 * MARGIN) {
            self.make_room(LINE);
            self.line(&line, MARGIN, self.down);
            self.down += LINE;
        }
        self.down += LINE;
    }

    fn table(&mut self, table: &Table) {
        let columns: usize = table[0].iter().map(|cell| cell.columns).sum();
        let column = (PAGE.0 - 2.0 * MARGIN) / columns as f64;
        // Where each cell begins, and how high each row must be.
        let mut placed = Vec::new();
        let mut covered = vec![0_usize; columns];
        let mut heights = vec![0.0_f64; table.len()];
        for (row, cells) in table.iter().enumerate() {
            let mut at = 0;
            for cell in cells {
                while covered[at] > row {
                    at += 1;
                }
                let text = lines(&cell.text, column * cell.columns as f64 - 2.0 * PADDING);
                let needed = text.len() as f64 * LINE + 2.0 * PADDING;
                heights[row] = heights[row].max(needed / cell.rows as f64);
                covered[at..at + cell.columns].fill(row + cell.rows);
                placed.push((row, at, cell, text));
                at += cell.columns;
            }
        }
        self.make_room(heights.iter().sum());
        for (row, at, cell, text) in placed {
            let top = self.down + heights[..row].iter().sum::<f64>();
            let left = MARGIN + at as f64 * column;
            let height = heights[row..row + cell.rows].iter().sum::<f64>();
            self.frame((left, top), (cell.columns as f64 * column, height));
            for (index, line) in text.iter().enumerate() {
                self.line(line, left + PADDING, top + PADDING + index as f64 * LINE);
            }
        }
        self.down += heights.iter().sum::<f64>() + LINE;
    }

    /// The file, its pages standing on a template with a line at the foot.
    fn file(self) -> Vec<u8> {
        const OFD: &str = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let mut add = |name: &str, content: String| {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        };
        let names = (0..self.pages.len()).map(|page| {
            format!("<ofd:Page ID=\"{page}\" BaseLoc=\"Pages/Page_{page}/Content.xml\"/>")
        });
        let (width, height) = PAGE;
        add(
            "OFD.xml",
            format!(
                "<ofd:OFD {OFD} DocType=\"OFD\"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
            ),
        );
        add(
            "Doc_0/Document.xml",
            format!(
                "<ofd:Document {OFD}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 {width} {height}</ofd:PhysicalBox></ofd:PageArea><ofd:TemplatePage ID=\"90\" BaseLoc=\"Tpls/Tpl_0/Content.xml\"/></ofd:CommonData><ofd:Pages>{}</ofd:Pages></ofd:Document>",
                names.collect::<String>()
            ),
        );
        let content = |head: &str, objects: &str| {
            format!(
                "<ofd:Page {OFD}>{head}<ofd:Content><ofd:Layer ID=\"80\">{objects}</ofd:Layer></ofd:Content></ofd:Page>"
            )
        };
        add(
            "Doc_0/Tpls/Tpl_0/Content.xml",
            content(
                "",
                "<ofd:PathObject ID=\"5\" Boundary=\"20 285 380 1\"><ofd:AbbreviatedData>M 0 0 L 380 0</ofd:AbbreviatedData></ofd:PathObject>",
            ),
        );
        for (page, objects) in self.pages.iter().enumerate() {
            let name = format!("Doc_0/Pages/Page_{page}/Content.xml");
            add(&name, content("<ofd:Template TemplateID=\"90\"/>", objects));
        }
        zip.finish().unwrap().into_inner()
    }
}

fn ofd(sample: &Sample, style: Style) -> Vec<u8> {
    let report = sample.report();
    let mut pages = Pages::new(style);
    for part in parts(&report) {
        match part {
            Part::Line(line) => pages.paragraph(&line),
            Part::Table(table) => pages.table(table),
        }
    }
    pages.file()
}

fn style() -> impl Strategy<Value = Style> {
    any::<(bool, bool)>().prop_map(|(counts_steps, is_scaled)| Style { counts_steps, is_scaled })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn ofd_reads_back(sample in sample(), style in style()) {
        let file = ofd(&sample, style);
        prop_assert_eq!(sample.differences(&file, false), Vec::<String>::new());
    }
}
