//! DOCX and XLSX: what stands in a cell besides its number, what is not shown, and files made to harm.

use std::io::{Cursor, Write};

use entity::template::{Applicant, CellState, Measure, RequestRow, Template};
use gongkai::{
    error::Code,
    extract::{self, draft::Hints},
};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::form::{Report, Table, padded, read_bytes, report};

const RECEIVED: Measure = Measure::Request(RequestRow::Received, Applicant::NaturalPerson);
const WORD: &str = "word/document.xml";
const BOOK: &str = "<workbook><sheets><sheet name=\"2023\" id=\"r1\"/></sheets></workbook>";
const BOOK_PARTS: &str = "<Relationships><Relationship Id=\"r1\" Type=\"a/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"a/styles\" Target=\"styles.xml\"/></Relationships>";

/// A package of parts.
fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A table whose cells are what `cell` makes of their texts.
fn word_table(table: &Table, cell: &dyn Fn(&str) -> String) -> String {
    let mut reaching: Vec<usize> = Vec::new();
    let mut xml = String::from("<w:tbl>");
    for row in table {
        xml += "<w:tr>";
        let (mut column, mut cells) = (0, row.iter());
        loop {
            reaching.resize(reaching.len().max(column + 1), 0);
            if reaching[column] > 0 {
                reaching[column] -= 1;
                xml += "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>";
                column += 1;
                continue;
            }
            let Some(next) = cells.next() else { break };
            let merge = if next.rows > 1 { "<w:vMerge w:val=\"restart\"/>" } else { "" };
            xml += &format!(
                "<w:tc><w:tcPr><w:gridSpan w:val=\"{}\"/>{merge}</w:tcPr>{}</w:tc>",
                next.columns,
                cell(&next.text)
            );
            reaching.resize(reaching.len().max(column + next.columns), 0);
            for below in &mut reaching[column..column + next.columns] {
                *below = next.rows - 1;
            }
            column += next.columns;
        }
        xml += "</w:tr>";
    }
    xml + "</w:tbl>"
}

fn word(report: &Report, cell: &dyn Fn(&str) -> String) -> String {
    let text = report.text(&|table| word_table(table, cell) + "\n");
    let lines = text.lines().filter(|line| !line.is_empty());
    let body: String = lines
        .map(|line| if line.starts_with('<') { line.to_owned() } else { paragraph(line) })
        .collect();
    format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>")
}

/// A document in which one cell holds this markup, and others 0.
fn with_cell(markup: &str) -> Vec<u8> {
    let printed = |measure| if measure == RECEIVED { "HERE".into() } else { "0".into() };
    let cell = |text: &str| if text == "HERE" { markup.to_owned() } else { paragraph(text) };
    package(&[(WORD, &word(&report(Template::T2021, &printed), &cell))])
}

fn number(bytes: &[u8]) -> Result<String, CellState> {
    let draft = read_bytes(bytes);
    let cell = draft.cells.get(RECEIVED);
    cell.value.map(|value| value.to_string()).ok_or(cell.state)
}

fn refusal(bytes: &[u8]) -> Option<Code> {
    extract::read(bytes, &Hints::default()).err().map(|error| {
        assert!(!error.detail.is_empty());
        error.code
    })
}

#[test]
fn a_number_in_a_word_document_is_what_a_reader_sees() {
    let run = |properties: &str, text: &str| {
        format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>")
    };
    let field = |instruction: &str, result: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
            run("", result)
        )
    };
    let forty_seven = run("", "47");
    for (markup, expected) in [
        (forty_seven.clone(), Ok("47")),
        (format!("{}{}", run("", "4"), run("<w:b/>", "7")), Ok("47")),
        (
            format!(
                "<w:del><w:r><w:delText>46</w:delText></w:r></w:del><w:ins>{forty_seven}</w:ins>"
            ),
            Ok("47"),
        ),
        (format!("<w:moveFrom>{}</w:moveFrom>{forty_seven}", run("", "3")), Ok("47")),
        (format!("{}{forty_seven}", run("<w:strike/>", "46")), Ok("47")),
        (format!("{}{}", run("<w:strike w:val=\"0\"/>", "4"), run("", "7")), Ok("47")),
        (format!("{}{forty_seven}", run("<w:vanish/>", "1")), Ok("47")),
        (
            format!("{forty_seven}{}", run("<w:vertAlign w:val=\"superscript\"/>", "1")),
            Err(CellState::Ambiguous),
        ),
        (format!("{forty_seven}<w:r><w:footnoteReference w:id=\"1\"/></w:r>"), Ok("47")),
        (format!("{forty_seven}{}", field(" PAGE ", "3")), Ok("47")),
        (field(" =SUM(LEFT) ", "47"), Ok("47")),
        (
            format!("<w:fldSimple w:instr=\"PAGE\">{}</w:fldSimple>{forty_seven}", run("", "3")),
            Ok("47"),
        ),
        ("<w:r><w:t>4</w:t><w:softHyphen/><w:t>7</w:t></w:r>".to_owned(), Ok("47")),
        ("<w:r><w:t>4</w:t><w:tab/><w:t>7</w:t></w:r>".to_owned(), Err(CellState::Ambiguous)),
        ("<w:r><w:t>4</w:t><w:br/><w:t>7</w:t></w:r>".to_owned(), Err(CellState::Ambiguous)),
        (format!("<w:sdt><w:sdtContent>{forty_seven}</w:sdtContent></w:sdt>"), Ok("47")),
        (
            format!(
                "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{forty_seven}</w:sdtContent></w:sdt>"
            ),
            Err(CellState::Blank),
        ),
        (
            format!("{forty_seven}<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FC\"/></w:r>"),
            Err(CellState::Unreadable),
        ),
        (
            format!("<w:r><w:sym w:font=\"Symbol\" w:char=\"F034\"/></w:r>{}", run("", "7")),
            Ok("47"),
        ),
        ("<w:r><w:t>４&#55;</w:t></w:r>".to_owned(), Ok("47")),
        (
            format!(
                "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{0}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>{0}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>",
                paragraph("47")
            ),
            Ok("47"),
        ),
    ] {
        let document = with_cell(&format!("<w:p>{markup}</w:p>"));
        assert_eq!(number(&document), expected.map(str::to_owned), "{markup}");
    }
    let two = format!("{}{}", paragraph("4"), paragraph("7"));
    assert_eq!(number(&with_cell(&two)), Err(CellState::Ambiguous));
    let framed = format!("<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl><w:p/>", paragraph("47"));
    assert_eq!(number(&with_cell(&framed)), Ok("47".into()));
}

#[test]
fn tables_in_a_layout_table_and_deleted_rows_are_read_as_shown() {
    let report = report(Template::T2021, &|_| "12".into());
    let plain = word(&report, &paragraph);
    let framed = plain.replace("<w:body>", "<w:body><w:tbl><w:tr><w:tc>");
    let framed = framed.replace("</w:body>", "</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl></w:body>");
    let deleted = "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>规章</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>9</w:t></w:r></w:p></w:tc></w:tr>";
    let deleted = plain.replacen("<w:tbl><w:tr>", &format!("<w:tbl>{deleted}<w:tr>"), 1);
    for text in [plain, framed, deleted] {
        let draft = read_bytes(&package(&[(WORD, &text)]));
        assert!(draft.notes.is_empty(), "{:#?}", draft.notes);
        let cells = Measure::cells().iter().filter(|cell| cell.is_in(Template::T2021));
        for &measure in cells {
            assert!(draft.cells.get(measure).value.is_some(), "{measure}");
        }
        assert_eq!(draft.sections.len(), 6);
    }
}

#[test]
fn headings_that_word_numbers_are_found() {
    let text = word(&report(Template::T2021, &|_| "12".into()), &paragraph);
    let mut numbered = text;
    for number in ["一", "二", "三", "四", "五", "六"] {
        let list = "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>";
        // Not the rows of the form that are numbered alike.
        let heading = format!("<w:p><w:r><w:t>{number}、");
        let rows = ["本年", "上年", "结转"];
        numbered = numbered
            .split(&heading)
            .enumerate()
            .map(|(index, part)| match index {
                0 => part.to_owned(),
                _ if rows.iter().any(|row| part.starts_with(row)) => format!("{heading}{part}"),
                _ => format!("{list}{part}"),
            })
            .collect();
    }
    let numbering = "<w:numbering xmlns:w=\"w\"><w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"japaneseCounting\"/><w:lvlText w:val=\"%1、\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>";
    let related = "<Relationships><Relationship Id=\"r1\" Type=\"a/numbering\" Target=\"numbering.xml\"/></Relationships>";
    let draft = read_bytes(&package(&[
        (WORD, &numbered),
        ("word/numbering.xml", numbering),
        ("word/_rels/document.xml.rels", related),
    ]));
    let numbers: Vec<_> = draft.sections.iter().map(|section| section.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    assert!(draft.notes.is_empty(), "{:#?}", draft.notes);
}

/// A workbook of the report, one cell of which is this; `after` stands behind the cells.
fn book(cell: &str, after: &str) -> Vec<u8> {
    let printed = |measure| if measure == RECEIVED { "HERE".into() } else { "0".into() };
    let report = report(Template::T2021, &printed);
    let bars =
        |table: &Table| padded(table).iter().map(|row| row.join("\t") + "\n").collect::<String>();
    let rows = report.text(&bars).lines().enumerate().fold(String::new(), |rows, (index, line)| {
        let cells: String = line
            .split('\t')
            .map(|text| match text {
                "HERE" => cell.to_owned(),
                "" => "<c/>".to_owned(),
                "0" => "<c><v>0</v></c>".to_owned(),
                text => format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"),
            })
            .collect();
        format!("{rows}<row r=\"{}\">{cells}</row>", index + 1)
    });
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData>{after}</worksheet>");
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"0;-0;&quot;-&quot;\"/><numFmt numFmtId=\"171\" formatCode=\"0!.0,&quot;万&quot;\"/></numFmts><fonts><font/><font><strike/></font></fonts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/><xf numFmtId=\"171\"/><xf numFmtId=\"9\"/><xf numFmtId=\"0\" fontId=\"1\"/><xf numFmtId=\"3\"/></cellXfs></styleSheet>";
    package(&[
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_PARTS),
        ("xl/styles.xml", styles),
        ("xl/worksheets/sheet1.xml", &sheet),
    ])
}

#[test]
fn a_number_in_a_workbook_is_what_the_sheet_shows() {
    for (cell, expected) in [
        ("<c><v>47</v></c>", Ok("47")),
        ("<c><v>47.0</v></c>", Ok("47")),
        ("<c><v>4.7E1</v></c>", Ok("47")),
        ("<c><v>46.999999999999999</v></c>", Ok("47")),
        ("<c><f>SUM(A1:A3)</f><v>47</v></c>", Ok("47")),
        ("<c><f>SUM(A1:A3)</f></c>", Err(CellState::Unreadable)),
        ("<c t=\"str\"><f>A1</f><v>47</v></c>", Ok("47")),
        ("<c t=\"inlineStr\"><is><t>４７</t></is></c>", Ok("47")),
        (
            "<c t=\"inlineStr\"><is><r><t>4</t></r><r><t>7</t></r><rPh><t>9</t></rPh></is></c>",
            Ok("47"),
        ),
        (
            "<c t=\"inlineStr\"><is><r><rPr><strike/></rPr><t>46</t></r><r><t>47</t></r></is></c>",
            Ok("47"),
        ),
        ("<c t=\"e\"><v>#REF!</v></c>", Err(CellState::Unreadable)),
        ("<c t=\"b\"><v>1</v></c>", Err(CellState::Unreadable)),
        ("<c s=\"1\"><v>0</v></c>", Err(CellState::Dash)),
        ("<c s=\"1\"><v>47</v></c>", Ok("47")),
        ("<c s=\"2\"><v>470000</v></c>", Err(CellState::Unreadable)),
        ("<c s=\"3\"><v>0.47</v></c>", Err(CellState::Unreadable)),
        ("<c s=\"4\"><v>47</v></c>", Err(CellState::Blank)),
        ("<c s=\"5\"><v>1047</v></c>", Ok("1047")),
        ("<c><v>0.47</v></c>", Err(CellState::Ambiguous)),
        ("<c/>", Err(CellState::Blank)),
    ] {
        assert_eq!(number(&book(cell, "")), expected.map(str::to_owned), "{cell}");
    }
}

#[test]
fn what_a_workbook_hides_is_not_read() {
    let plain = book("<c><v>47</v></c>", "");
    let draft = read_bytes(&plain);
    assert_eq!((number(&plain), draft.sections.len()), (Ok("47".into()), 6));
    assert!(draft.notes.is_empty(), "{:#?}", draft.notes);
    let row = "<row r=\"900\" hidden=\"1\"><c t=\"inlineStr\"><is><t>行政许可</t></is></c><c><v>9</v></c></row>";
    let draft = read_bytes(&book("<c><v>47</v></c>", &format!("<sheetData>{row}</sheetData>")));
    assert!(draft.notes.is_empty(), "{:#?}", draft.notes);
    let far = "<mergeCells><mergeCell ref=\"A1:XFD1\"/></mergeCells>";
    assert_eq!(number(&book("<c><v>47</v></c>", far)), Ok("47".into()));
}

#[test]
fn an_office_file_made_to_harm_is_refused() {
    let word = |body: &str| package(&[(WORD, &format!("<w:document>{body}</w:document>"))]);
    let text = |body: &str| format!("<w:p><w:r><w:t>{body}</w:t></w:r></w:p>");
    assert_eq!(refusal(&word(&"<w:p/>".repeat(1_000))), Some(Code::NoText));
    assert_eq!(refusal(&word(&text(&"0".repeat(60 << 20)))), Some(Code::DocumentTooLarge));
    assert_eq!(refusal(&word(&"<w:tbl><w:tr><w:tc>".repeat(50_000))), Some(Code::DocumentTooLarge));
    assert_eq!(refusal(&word(&"<w:p/>".repeat(2_100_000))), Some(Code::DocumentTooLarge));
    assert_eq!(refusal(&word("<w:p>")), Some(Code::BrokenDocument));
    assert_eq!(refusal(&word(&text("&b;"))), Some(Code::BrokenDocument));
    let entities = "<!DOCTYPE d [<!ENTITY a \"0000000000\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>";
    let entities = format!("{entities}<w:document>{}</w:document>", text("&b;"));
    assert_eq!(refusal(&package(&[(WORD, &entities)])), Some(Code::BrokenDocument));
    let wide = "<w:tc><w:tcPr><w:gridSpan w:val=\"4000000000\"/></w:tcPr></w:tc>";
    let wide = format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", wide.repeat(3));
    assert_eq!(refusal(&word(&wide)), Some(Code::DocumentTooLarge));
    assert_eq!(refusal(&package(&[("a.txt", "text")])), Some(Code::UnsupportedFormat));
    let mut cut = with_cell(&paragraph("47"));
    cut.truncate(cut.len() / 2);
    assert_eq!(refusal(&cut), Some(Code::BrokenDocument));
    let mut ole = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    ole.create_stream("EncryptedPackage").unwrap().write_all(&[1; 5_000]).unwrap();
    ole.flush().unwrap();
    assert_eq!(refusal(ole.into_inner().get_ref()), Some(Code::EncryptedDocument));
}

#[test]
fn cells_at_the_ends_of_a_sheet_cost_nothing() {
    let sheet = |rows: &str| {
        let sheet = format!(
            "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{rows}</sheetData><mergeCells><mergeCell ref=\"A1:XFD1048576\"/></mergeCells></worksheet>"
        );
        package(&[
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", BOOK_PARTS),
            ("xl/worksheets/sheet1.xml", &sheet),
        ])
    };
    let ends = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row>";
    assert_eq!(refusal(&sheet(ends)), Some(Code::NotAReport));
    assert_eq!(
        refusal(&sheet("<row r=\"4294967295\"><c r=\"ZZZZZZ9\"><v>1</v></c></row>")),
        Some(Code::NotAReport)
    );
    let cells = "<row><c><v>1</v></c></row>".repeat(250_000);
    assert_eq!(refusal(&sheet(&cells)), Some(Code::DocumentTooLarge));
    assert_eq!(refusal(&sheet("")), Some(Code::NoText));
}
