//! Every format holds the rows that JSON gives, read back by readers that are not of this project.

use std::{collections::BTreeMap, io::Cursor, path::Path};

use calamine::{Data, Reader, Xlsx};
use chrono::{DateTime, NaiveDate};
use reqwest::header;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    client::python,
    harness::{Server, Store, gongkai, stderr},
};

mod about;
mod export;
mod graphql;
mod heads;

/// A row, flat: its values by their dotted names.
pub type Row = BTreeMap<String, Value>;

/// Measures of every kind: printed, summed up, in cells of their own, money.
const MEASURES: &str = "requests.received,requests.denied,requests.granted.natural_person,lawsuits.total,\
                        disclosure_items.administrative_fees.amount";

/// The same of figures.
const FIGURES: &str = "requests.received,denial_rate,disclosure_items.administrative_fees.amount";

/// Every list, with questions that show all kinds of values.
const LISTS: [(&str, &[(&str, &str)]); 22] = [
    ("regions", &[("region", "370300")]),
    ("agencies", &[]),
    ("years", &[]),
    ("reports", &[]),
    ("reports", &[("measures", MEASURES), ("fields", "id,values,agency.name,published_on")]),
    ("disclosure-items", &[("sort", "-amount")]),
    ("requests", &[]),
    ("reviews", &[]),
    ("lawsuits", &[]),
    ("findings", &[]),
    ("changes", &[]),
    ("measures", &[]),
    ("indicators", &[]),
    ("statistics", &[("measures", FIGURES), ("group_by", "county,year,kind")]),
    ("statistics", &[("measures", FIGURES), ("group_by", "year"), ("function", "mean")]),
    ("rankings", &[("indicator", "denial_rate"), ("year", "2023")]),
    ("rankings", &[("measure", "requests.received"), ("by", "county"), ("year", "2023")]),
    ("series", &[("measures", FIGURES), ("by", "agency")]),
    ("search", &[("q", "公开")]),
    ("coverage", &[("region", "370323,321322"), ("group_by", "county,year,kind")]),
    ("expected-reports", &[("region", "370323"), ("year", "2023")]),
    ("differences", &[("measures", MEASURES)]),
];

/// Samples, a revision, and a report whose names and words begin as formulas do.
async fn store() -> Store {
    let store = Store::with_samples().await;
    let text =
        std::fs::read_to_string(crate::harness::samples().join("沭阳县水利局-2022.txt")).unwrap();
    let revised = store.folder.path().join("revised.txt");
    std::fs::write(&revised, text.replace("行政许可 | 63", "行政许可 | 64")).unwrap();
    let formulas = store.folder.path().join("formulas.json");
    let report = json!({
        "agency": {"name": "=国家税务总局", "region_code": "000000"}, "year": 2022, "template": "2021",
        "title": "@SUM(A1:A9)+cmd|' /C calc'!A0", "published_on": "2023-01-20",
        "disclosure_items": {"administrative_fees": {"amount": "1234567.891"}},
        "requests": {"received": {"natural_person": 999_999_999_999_999_999_i64, "total": 3}},
    });
    std::fs::write(&formulas, report.to_string()).unwrap();
    let summary = store.import(&[revised, formulas]).await;
    assert_eq!((summary.revised, summary.added), (1, 1), "{:?}", summary.refused);
    store
}

/// All rows of a question as JSON gives them, page by page.
async fn rows(server: &Server, resource: &str, params: &[(&str, &str)]) -> Vec<Value> {
    let (mut rows, mut after) = (Vec::new(), None::<String>);
    loop {
        let mut params = [params, &[("limit", "500")]].concat();
        params.extend(after.as_deref().map(|after| ("after", after)));
        let mut page = server.json(&format!("/{resource}"), &params).await;
        rows.append(page["data"].as_array_mut().unwrap());
        match page["page"]["next"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => return rows,
        }
    }
}

/// The lines that rows are in a table: each point of a series is one.
fn lines(resource: &str, rows: Vec<Value>) -> Vec<Value> {
    let line = |mut row: Value| {
        let points = match resource {
            "series" => row["points"].take(),
            _ => return vec![row],
        };
        let whose = row.as_object().unwrap().clone();
        let line = |point: &Value| {
            let mut line = whose.clone();
            line.remove("points");
            line.extend(point.as_object().unwrap().clone());
            Value::Object(line)
        };
        points.as_array().unwrap().iter().map(line).collect()
    };
    rows.into_iter().flat_map(line).collect()
}

/// A row's values in the order of columns; null where it has none, which is no other column's.
fn in_columns(row: &Value, columns: &[String]) -> Vec<Value> {
    let row = flat(row);
    for (name, value) in &row {
        assert!(columns.contains(name) || value.is_null(), "no column {name} for {value}");
    }
    columns.iter().map(|name| row.get(name).cloned().unwrap_or_default()).collect()
}

/// A row without its nesting.
pub fn flat(row: &Value) -> Row {
    let mut flat = Row::new();
    for (name, value) in row.as_object().unwrap() {
        match value {
            Value::Object(_) => flat.extend(
                self::flat(value)
                    .into_iter()
                    .map(|(inner, value)| (format!("{name}.{inner}"), value)),
            ),
            _ => {
                flat.insert(name.clone(), value.clone());
            }
        }
    }
    flat
}

/// A value as CSV writes it, the apostrophe aside.
fn printed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(printed).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// Whether two texts are the same number, but for what parsing a fraction takes or gives.
fn is_same_fraction(one: &str, other: &str) -> bool {
    let (one, other): (f64, f64) = (one.parse().unwrap(), other.parse().unwrap());
    (one - other).abs() <= other.abs() * 4.0 * f64::EPSILON
}

/// What Python reads of a file.
pub fn read(path: &Path) -> Value {
    let output = python().arg("formats/read.py").arg(path).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn fetch(
    store: &Store,
    server: &Server,
    (resource, params): (&str, &[(&str, &str)]),
    format: &str,
) -> std::path::PathBuf {
    let params = [params, &[("format", format)]].concat();
    let response = server.get(&format!("/{resource}"), &params).await;
    assert_eq!(response.status(), 200, "{resource} {format}");
    let name = format!("attachment; filename=\"{resource}.{format}\"");
    assert_eq!(response.headers()[header::CONTENT_DISPOSITION], name);
    let path = store.folder.path().join(format!("{resource}.{format}"));
    std::fs::write(&path, response.bytes().await.unwrap()).unwrap();
    path
}

/// The columns of a file, names and types, and its rows as Python reads them, each with the row of JSON.
async fn table(
    store: &Store,
    server: &Server,
    question: (&str, &[(&str, &str)]),
    format: &str,
) -> (Vec<(String, String)>, Vec<(Vec<Value>, Vec<Value>)>) {
    let answer = read(&fetch(store, server, question, format).await);
    let columns = columns(&answer);
    let names: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
    let (resource, params) = question;
    let expected = lines(resource, rows(server, resource, params).await);
    let read = answer["rows"].as_array().unwrap();
    assert_eq!(read.len(), expected.len(), "{resource}");
    let row = |(read, expected): (&Value, &Value)| {
        (read.as_array().unwrap().clone(), in_columns(expected, &names))
    };
    (columns, read.iter().zip(&expected).map(row).collect())
}

fn columns(answer: &Value) -> Vec<(String, String)> {
    let columns = answer["columns"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    columns.map(|column| (text(&column[0]), text(&column[1]))).collect()
}

#[tokio::test]
async fn ndjson_holds_every_row_of_json_one_a_line() {
    let store = store().await;
    let server = store.serve().await;
    for (resource, params) in LISTS {
        let path = fetch(&store, &server, (resource, params), "ndjson").await;
        let text = std::fs::read_to_string(path).unwrap();
        let lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines, rows(&server, resource, params).await, "{resource}");
        assert!(text.ends_with('\n'), "{resource}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn csv_read_by_python_holds_every_row_of_json() {
    let store = store().await;
    let server = store.serve().await;
    let mut guarded = 0;
    for (resource, params) in LISTS {
        let (columns, rows) = table(&store, &server, (resource, params), "csv").await;
        for (read, expected) in rows {
            for (((name, _), read), value) in columns.iter().zip(&read).zip(&expected) {
                let read = read.as_str().unwrap();
                let plain = read.strip_prefix('\'').unwrap_or(read);
                guarded += usize::from(plain != read);
                match value.is_f64() {
                    true => assert!(is_same_fraction(plain, &printed(value)), "{resource} {name}"),
                    false => assert_eq!(plain, printed(value), "{resource} {name}"),
                }
                let is_formula = read.starts_with(['=', '+', '-', '@', '\t', '\r']);
                assert!(!is_formula || read.parse::<f64>().is_ok(), "{resource} {name}: {read}");
            }
        }
    }
    assert!(guarded > 5, "{guarded} texts are like formulas");
}

#[tokio::test(flavor = "multi_thread")]
async fn parquet_read_by_duckdb_holds_every_row_of_json_with_its_types() {
    let store = store().await;
    let server = store.serve().await;
    let mut types = BTreeMap::new();
    for (resource, params) in LISTS {
        let (columns, rows) = table(&store, &server, (resource, params), "parquet").await;
        for (read, expected) in rows {
            for (((name, column_type), read), value) in columns.iter().zip(&read).zip(&expected) {
                same(column_type, read, value, &format!("{resource} {name}"));
                types.insert(format!("{resource}.{name}"), column_type.clone());
            }
        }
    }
    for (field, expected) in [
        ("requests.total", "BIGINT"),
        ("requests.agency_name", "VARCHAR"),
        ("reports.published_on", "DATE"),
        ("reports.values.requests.received", "BIGINT"),
        ("reports.values.disclosure_items.administrative_fees.amount", "DECIMAL(38,6)"),
        ("disclosure-items.amount", "DECIMAL(38,6)"),
        ("findings.left", "DECIMAL(38,6)"),
        ("changes.new_value", "DECIMAL(38,6)"),
        ("years.agency_deadline", "DATE"),
        ("measures.is_printed", "BOOLEAN"),
        ("statistics.values.denial_rate", "DOUBLE"),
        ("rankings.value", "BIGINT"),
        ("series.values.requests.received", "BIGINT"),
        ("series.values.disclosure_items.administrative_fees.amount", "DECIMAL(38,6)"),
    ] {
        assert_eq!(types[field], expected, "{field}");
    }
    assert!(types["changes.changed_at"].starts_with("TIMESTAMP"), "{types:?}");
}

/// A value of Parquet, as DuckDB prints it, is that of JSON.
fn same(column_type: &str, read: &Value, expected: &Value, field: &str) {
    let (Some(read), false) = (read.as_str(), expected.is_null()) else {
        assert_eq!((read, expected), (&Value::Null, &Value::Null), "{field}");
        return;
    };
    let expected = printed(expected);
    match column_type {
        "VARCHAR" | "BIGINT" | "BOOLEAN" | "DATE" => assert_eq!(read, expected, "{field}"),
        "DOUBLE" => {
            assert!(is_same_fraction(read, &expected), "{field}: {read} for {expected}");
        }
        "DECIMAL(38,6)" => {
            let of = |text: &str| text.parse::<Decimal>().unwrap();
            assert_eq!(of(read), of(&expected), "{field}");
        }
        _ => {
            let read = read.trim_end_matches("+00").replace(' ', "T") + "Z";
            let of = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
            assert_eq!(of(&read), of(&expected), "{field} {column_type}");
        }
    }
}

#[tokio::test]
async fn xlsx_read_by_calamine_holds_every_row_of_json_in_typed_cells() {
    let store = store().await;
    let server = store.serve().await;
    for (resource, params) in LISTS {
        let path = fetch(&store, &server, (resource, params), "xlsx").await;
        let bytes = std::fs::read(path).unwrap();
        let (head, read) = sheet(&bytes, resource);
        let expected = lines(resource, rows(&server, resource, params).await);
        assert_eq!(read.len(), expected.len(), "{resource}");
        for (read, expected) in read.iter().zip(expected) {
            let expected = in_columns(&expected, &head);
            for ((name, read), value) in head.iter().zip(read).zip(&expected) {
                cell(read, value, &format!("{resource} {name}"));
            }
        }
    }
}

/// The head and the rows of a file's first sheet, in which no cell is a formula.
pub fn sheet(bytes: &[u8], name: &str) -> (Vec<String>, Vec<Vec<Data>>) {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    assert_eq!(workbook.sheet_names()[0], name);
    let formulas = workbook.worksheet_formula(name).unwrap();
    assert!(formulas.cells().all(|(.., formula)| formula.is_empty()), "{name}");
    let range = workbook.worksheet_range(name).unwrap();
    let mut rows = range.rows().map(<[Data]>::to_vec);
    let head = rows.next().unwrap().iter().map(ToString::to_string).collect();
    (head, rows.collect())
}

/// A cell holds the value of JSON in its type.
fn cell(read: &Data, expected: &Value, field: &str) {
    let text = printed(expected);
    match read {
        Data::Empty => assert!(text.is_empty(), "{field}: {expected}"),
        Data::String(read) => {
            assert_eq!(*read, text, "{field}");
            let is_number = expected.is_number() || expected.is_boolean();
            // A number is a text only where a spreadsheet would round it.
            assert!(!is_number || text.len() > 15, "{field}: {expected}");
            assert!(text.parse::<NaiveDate>().is_err(), "{field}: {expected}");
        }
        Data::Float(read) => {
            let is_money = expected.is_string();
            assert!(expected.is_number() || is_money, "{field}: {expected}");
            let read = read.to_string();
            if expected.is_f64() {
                assert!(is_same_fraction(&read, &text), "{field}: {read} for {text}");
                return;
            }
            assert_eq!(
                read.parse::<Decimal>().unwrap(),
                text.parse::<Decimal>().unwrap(),
                "{field}"
            );
        }
        Data::Bool(read) => assert_eq!(json!(read), *expected, "{field}"),
        Data::DateTime(read) => {
            let (year, month, day, ..) = read.to_ymd_hms_milli();
            assert_eq!(format!("{year:04}-{month:02}-{day:02}"), text, "{field}");
        }
        other => panic!("{field}: {other:?} for {expected}"),
    }
}

#[tokio::test]
async fn accept_chooses_a_format_as_its_name_does() {
    let store = store().await;
    let server = store.serve().await;
    for (format, media_type) in [
        ("csv", "text/csv"),
        ("ndjson", "application/x-ndjson"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("parquet", "application/vnd.apache.parquet"),
    ] {
        let named = server.get("/reviews", &[("format", format)]).await.bytes().await.unwrap();
        let request = server.client.get(format!("{}/api/v1/reviews", server.base));
        let accept = format!("application/json;q=0.5, {media_type}");
        let accepted = request.header(header::ACCEPT, accept).send().await.unwrap();
        let served = accepted.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
        assert!(served.starts_with(media_type), "{format}: {served}");
        assert_eq!(accepted.bytes().await.unwrap(), named, "{format}: the same bytes");
    }
}

#[tokio::test]
async fn a_limit_cuts_every_format_and_says_where_it_goes_on() {
    let store = store().await;
    let server = store.serve().await;
    let first = server.json("/requests", &[("limit", "7")]).await;
    let next = first["page"]["next"].as_str().unwrap();
    let xlsx = server.get("/requests", &[("limit", "7"), ("format", "xlsx")]).await;
    assert!(xlsx.headers()[header::LINK].to_str().unwrap().contains(next));
    assert_eq!(sheet(&xlsx.bytes().await.unwrap(), "requests").1.len(), 7);
    let ndjson = [("limit", "7"), ("format", "ndjson"), ("after", next)];
    let ndjson = server.get("/requests", &ndjson).await.text().await.unwrap();
    assert_eq!(ndjson.lines().count(), 7);
}

#[tokio::test]
async fn the_command_line_writes_the_same_bytes() {
    let store = store().await;
    let server = store.serve().await;
    for format in ["csv", "ndjson", "xlsx", "parquet"] {
        let args = ["list", "findings", "--format", format, "--database-url", &store.url()];
        let by_command = gongkai(store.folder.path(), &args);
        let by_rest = server.get("/findings", &[("format", format)]).await.bytes().await.unwrap();
        assert_eq!(by_command.stdout, by_rest, "{format}: {}", stderr(&by_command));
    }
}

#[tokio::test]
async fn rows_that_are_there_whole_come_in_every_format() {
    let store = store().await;
    let server = store.serve().await;
    let id = server.json("/findings", &[("limit", "1")]).await["data"][0]["report_id"].take();
    let path = format!("reports/{}/findings", id.as_str().unwrap());
    let expected = rows_of_page(&server, &path).await;
    let ndjson =
        server.get(&format!("/{path}"), &[("format", "ndjson")]).await.text().await.unwrap();
    let lines: Vec<Value> =
        ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, expected);
    let xlsx = server.get(&format!("/{path}"), &[("format", "xlsx")]).await.bytes().await.unwrap();
    assert_eq!(sheet(&xlsx, "findings").1.len(), expected.len());
}

async fn rows_of_page(server: &Server, path: &str) -> Vec<Value> {
    let mut answer = server.json(&format!("/{path}"), &[]).await;
    answer["data"].as_array_mut().unwrap().drain(..).collect()
}
