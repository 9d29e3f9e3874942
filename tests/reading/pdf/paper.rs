//! A small writer of PDF files: text and lines at places, as tests need them.
//!
//! Characters are written by their code points in a font that is not embedded; a map in the file says
//! that they are what they are.

use std::{collections::BTreeSet, fmt::Write as _};

/// A page's width and height in points.
pub const SIZE: (f32, f32) = (595.0, 842.0);

/// What stands on a page. Distances are counted from its upper left corner.
#[derive(Clone, Default)]
pub struct Paper {
    pub content: String,
    pub rotate: i32,
}

impl Paper {
    /// Writes text; `x`, `y` are where its baseline begins.
    pub fn text(&mut self, x: f32, y: f32, size: f32, text: &str) -> &mut Self {
        self.matrix(&format!("1 0 0 1 {x} {}", SIZE.1 - y), size, text)
    }

    /// Writes text with a matrix of its own.
    pub fn matrix(&mut self, matrix: &str, size: f32, text: &str) -> &mut Self {
        let codes: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
        writeln!(self.content, "BT /F0 {size} Tf {matrix} Tm <{codes}> Tj ET").unwrap();
        self
    }

    /// Adds operators as they stand.
    pub fn raw(&mut self, operators: &str) -> &mut Self {
        writeln!(self.content, "{operators}").unwrap();
        self
    }

    /// Draws a table's cells: each with its first column and row, its columns and rows, its text,
    /// whose lines stand in the middle of it.
    pub fn table(
        &mut self,
        left: f32,
        top: f32,
        (width, height): (f32, f32),
        cells: &[(usize, usize, usize, usize, &str)],
    ) -> &mut Self {
        const TEXT: f32 = 9.0;
        for &(column, row, columns, rows, text) in cells {
            let x = left + width * column as f32;
            let y = top + height * row as f32;
            let (wide, high) = (width * columns as f32, height * rows as f32);
            writeln!(self.content, "{x} {} {wide} {high} re S", SIZE.1 - y - high).unwrap();
            let lines: Vec<&str> = text.split('\n').collect();
            let first =
                y + high / 2.0 - TEXT * 1.2 * (lines.len() as f32 - 1.0) / 2.0 + TEXT * 0.38;
            for (index, line) in lines.iter().enumerate() {
                let length: f32 =
                    line.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum::<f32>() * TEXT;
                let y = first + TEXT * 1.2 * index as f32;
                self.text(x + (wide - length) / 2.0, y, TEXT, line);
            }
        }
        self
    }
}

/// The file of these pages.
pub fn file(pages: &[Paper]) -> Vec<u8> {
    file_with(pages, "", &[])
}

/// The file of these pages, with more in its trailer and more objects, which are numbered from 10 on.
pub fn file_with(pages: &[Paper], trailer: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let mut codes: BTreeSet<u16> = BTreeSet::new();
    for page in pages {
        for part in page.content.split('<').skip(1) {
            let hex = part.split('>').next().unwrap_or_default();
            let units = hex.as_bytes().chunks(4);
            codes.extend(
                units.filter_map(|unit| u16::from_str_radix(str::from_utf8(unit).ok()?, 16).ok()),
            );
        }
    }
    // What is in no language means nothing.
    let map: String = codes
        .iter()
        .filter(|code| **code != 0xFFFF)
        .map(|code| format!("<{code:04X}> <{code:04X}>\n"))
        .collect();
    let map = format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n{} beginbfchar\n{map}endbfchar endcmap end end",
        codes.len()
    );
    let first_page = 10 + more.len();
    let kids: Vec<String> =
        (0..pages.len()).map(|index| format!("{} 0 R", first_page + index * 2)).collect();
    let mut objects: Vec<(usize, Vec<u8>)> = vec![
        (1, b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()),
        (
            2,
            format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len())
                .into_bytes(),
        ),
        (
            3,
            b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
                .to_vec(),
        ),
        (
            4,
            format!(
                "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 /W [32 [{}]] /FontDescriptor << /Type /FontDescriptor /FontName /Song /Flags 4 >> >>",
                "500 ".repeat(95)
            )
            .into_bytes(),
        ),
        (5, stream("", map.as_bytes())),
    ];
    objects.extend(more.iter().enumerate().map(|(index, object)| (10 + index, object.clone())));
    for (index, page) in pages.iter().enumerate() {
        let number = first_page + index * 2;
        let resources: String =
            (0..more.len()).map(|index| format!("/X{index} {} 0 R ", 10 + index)).collect();
        let dictionary = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] /Rotate {} /Resources << /Font << /F0 3 0 R >> /XObject << {resources} >> >> /Contents {} 0 R >>",
            SIZE.0,
            SIZE.1,
            page.rotate,
            number + 1
        );
        objects.push((number, dictionary.into_bytes()));
        objects.push((number + 1, stream("", page.content.as_bytes())));
    }
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in &objects {
        places.push((*number, bytes.len()));
        bytes.extend(format!("{number} 0 obj\n").into_bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let table = bytes.len();
    bytes.extend(b"xref\n");
    for (number, place) in &places {
        bytes.extend(format!("{number} 1\n{place:010} 00000 n \n").into_bytes());
    }
    let size = places.last().map_or(0, |(number, _)| number + 1);
    bytes.extend(
        format!("trailer << /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF")
            .into_bytes(),
    );
    bytes
}

/// A stream with more in its dictionary.
pub fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = format!("<< {dictionary} /Length {} >>\nstream\n", data.len()).into_bytes();
    bytes.extend(data);
    bytes.extend(b"\nendstream");
    bytes
}
