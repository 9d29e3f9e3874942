//! Office documents and PDF as LibreOffice writes them, from documents in its own format.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use tempfile::TempDir;

use super::sample::{Sample, sample};
use crate::{
    harness::stderr,
    reading::form::{Report, Table},
};

/// Reports of one run: each costs a second a format.
const REPORTS: usize = 12;
/// Seconds for one format.
const SECONDS: &str = "240";

/// The same reports in every run.
fn samples() -> Vec<Sample> {
    let mut runner = TestRunner::deterministic();
    (0..REPORTS).map(|_| sample().new_tree(&mut runner).unwrap().current()).collect()
}

/// The sections of a report: headings and text, and between them tables.
pub(super) enum Part<'a> {
    Line(String),
    Table(&'a Table),
}

pub(super) fn parts(report: &Report) -> Vec<Part<'_>> {
    let mut tables = report.tables.iter();
    let text = report.text(&|_| "\t\n".into());
    let part = |line: &str| match line {
        "\t" => Part::Table(tables.next().unwrap()),
        line => Part::Line(line.to_owned()),
    };
    text.lines().filter(|line| !line.is_empty()).map(part).collect()
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A table's rows; `write` writes a cell's attributes and content.
fn rows(table: &Table, write: &dyn Fn(&str) -> (String, String)) -> String {
    let mut covered: Vec<usize> = Vec::new();
    let mut xml = String::new();
    for row in table {
        xml += "<table:table-row>";
        let mut column = 0;
        let mut cells = row.iter();
        loop {
            if covered.len() <= column {
                covered.resize(column + 1, 0);
            }
            if covered[column] > 0 {
                covered[column] -= 1;
                xml += "<table:covered-table-cell/>";
                column += 1;
                continue;
            }
            let Some(cell) = cells.next() else { break };
            let (attributes, content) = write(&cell.text);
            let _ = write!(
                xml,
                "<table:table-cell table:style-name=\"C\" table:number-columns-spanned=\"{}\" table:number-rows-spanned=\"{}\"{attributes}>{content}</table:table-cell>",
                cell.columns, cell.rows
            );
            covered.resize(covered.len().max(column + cell.columns), 0);
            for below in &mut covered[column..column + cell.columns] {
                *below = cell.rows - 1;
            }
            xml += &"<table:covered-table-cell/>".repeat(cell.columns - 1);
            column += cell.columns;
        }
        xml += "</table:table-row>";
    }
    xml
}

fn columns(table: &Table) -> usize {
    table[0].iter().map(|cell| cell.columns).sum()
}

/// Numbers are broken over spans, as they are where somebody changed a digit.
fn paragraph(text: &str) -> (String, String) {
    let text = escaped(text);
    let content = match text.char_indices().nth(1) {
        Some((at, _)) if text.len() < 12 => {
            format!("{}<text:span text:style-name=\"B\">{}</text:span>", &text[..at], &text[at..])
        }
        _ => text,
    };
    (String::new(), format!("<text:p>{content}</text:p>"))
}

const NAMESPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" office:version=\"1.3\"";
/// Width and height of a page: wide enough for a number of eight digits in a cell, and A4, where such a
/// number is cut by the ends of lines.
const WIDE: [&str; 2] = ["42cm", "29.7cm"];
const A4: [&str; 2] = ["21cm", "29.7cm"];

/// Styles of a document on pages of this size.
fn styles([width, height]: [&str; 2]) -> String {
    format!(
        "<office:automatic-styles><style:style style:name=\"B\" style:family=\"text\"><style:text-properties fo:font-weight=\"bold\"/></style:style><style:style style:name=\"C\" style:family=\"table-cell\"><style:table-cell-properties fo:border=\"0.5pt solid #000000\" fo:padding=\"0.05cm\"/></style:style><style:page-layout style:name=\"P\"><style:page-layout-properties fo:page-width=\"{width}\" fo:page-height=\"{height}\"/></style:page-layout></office:automatic-styles><office:master-styles><style:master-page style:name=\"Standard\" style:page-layout-name=\"P\"/></office:master-styles>"
    )
}

/// A text document.
fn text_document(sample: &Sample, page: [&str; 2]) -> String {
    let styles = styles(page);
    let report = sample.report();
    let mut body = String::new();
    for (index, part) in parts(&report).iter().enumerate() {
        match part {
            Part::Line(line) => body += &paragraph(line).1,
            Part::Table(table) => {
                let _ = write!(
                    body,
                    "<table:table table:name=\"T{index}\"><table:table-column table:number-columns-repeated=\"{}\"/>{}</table:table>",
                    columns(table),
                    rows(table, &paragraph)
                );
            }
        }
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document {NAMESPACES} office:mimetype=\"application/vnd.oasis.opendocument.text\">{styles}<office:body><office:text>{body}</office:text></office:body></office:document>"
    )
}

/// A workbook of one sheet; numbers are numbers where they are plainly written.
fn workbook(sample: &Sample) -> String {
    let styles = styles(WIDE);
    let report = sample.report();
    let cell = |text: &str| {
        let is_number = text.parse::<f64>().is_ok();
        let value = if is_number {
            format!(" office:value-type=\"float\" office:value=\"{text}\"")
        } else {
            " office:value-type=\"string\"".to_owned()
        };
        let content = format!("<text:p>{}</text:p>", escaped(text));
        if text.is_empty() { (String::new(), String::new()) } else { (value, content) }
    };
    let mut body = String::new();
    for part in parts(&report) {
        match part {
            Part::Line(line) => {
                let (attributes, content) = cell(&line);
                let _ = write!(
                    body,
                    "<table:table-row><table:table-cell{attributes}>{content}</table:table-cell></table:table-row>"
                );
            }
            Part::Table(table) => body += &rows(table, &cell),
        }
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document {NAMESPACES} office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\">{styles}<office:body><office:spreadsheet><table:table table:name=\"2023\">{body}</table:table></office:spreadsheet></office:body></office:document>"
    )
}

/// Has LibreOffice save documents in another format.
fn convert(folder: &Path, extension: &str, sources: &[PathBuf]) {
    let soffice = std::env::var("SOFFICE").unwrap_or_else(|_| "soffice".into());
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let output = Command::new("timeout")
        .args(["--kill-after=10", SECONDS, &soffice, &profile, "--headless", "--norestore"])
        .args(["--convert-to", extension, "--outdir"])
        .arg(folder)
        .args(sources)
        .output()
        .unwrap();
    assert_ne!(
        output.status.code(),
        Some(127),
        "LibreOffice is missing: tests/run installs it (libreoffice-writer-nogui, libreoffice-calc-nogui); SOFFICE names another one"
    );
    assert!(output.status.success(), "{}", stderr(&output));
}

/// Renders every sample and reads it back.
fn reads_back(source: &str, extension: &str, render: &dyn Fn(&Sample) -> String) {
    let folder = TempDir::new().unwrap();
    let samples = samples();
    let path = |index: usize, extension: &str| folder.path().join(format!("{index}.{extension}"));
    let mut sources = Vec::new();
    for (index, sample) in samples.iter().enumerate() {
        sources.push(path(index, source));
        fs::write(path(index, source), render(sample)).unwrap();
    }
    convert(folder.path(), extension, &sources);
    let mut wrong: Vec<String> = Vec::new();
    for (index, sample) in samples.iter().enumerate() {
        let bytes = fs::read(path(index, extension)).unwrap();
        let lines = sample.differences(&bytes, false);
        wrong.extend(lines.into_iter().map(|line| format!("{index}.{extension}: {line}")));
    }
    if !wrong.is_empty() {
        let kept = folder.keep();
        panic!("{}\nin {}", wrong.join("\n"), kept.display());
    }
}

#[test]
fn docx_reads_back() {
    reads_back("fodt", "docx", &|sample| text_document(sample, WIDE));
}

#[test]
fn doc_reads_back() {
    reads_back("fodt", "doc", &|sample| text_document(sample, WIDE));
}

#[test]
fn xlsx_reads_back() {
    reads_back("fods", "xlsx", &workbook);
}

#[test]
fn xls_reads_back() {
    reads_back("fods", "xls", &workbook);
}

#[test]
fn pdf_reads_back() {
    reads_back("fodt", "pdf", &|sample| text_document(sample, WIDE));
}

#[test]
fn pdf_on_a4_reads_back() {
    reads_back("fodt", "pdf", &|sample| text_document(sample, A4));
}
