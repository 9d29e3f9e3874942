//! What an answer covers is said in every format.

use std::io::Cursor;

use calamine::{Reader, Xlsx};
use serde_json::{Value, json};

use crate::{
    client::python,
    harness::{Store, gongkai, stderr, stdout},
};

const ASKED: [(&str, &str); 3] =
    [("measures", "requests.received,denial_rate"), ("group_by", "county"), ("year", "2023")];

#[tokio::test(flavor = "multi_thread")]
async fn a_total_says_what_it_covers_in_every_format() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let whole = server.json("/statistics", &ASKED).await;
    let of = |format| [&ASKED[..], &[("format", format)]].concat();
    for format in ["csv", "ndjson", "xlsx", "parquet"] {
        let answer = server.get("/statistics", &of(format)).await;
        let covered: Value =
            serde_json::from_str(answer.headers()["coverage"].to_str().unwrap()).unwrap();
        assert_eq!(covered, whole["coverage"], "{format}");
    }
    let facts = json!({
        "data_version": "v26",
        "permalink": "/api/v1/statistics?year=2023&measures=requests.received,denial_rate&group_by=county&format=FORMAT&as_of=v26",
        "coverage.reports": "2", "coverage.taken.county": "2", "coverage.excluded": "7",
        "coverage.missing": "2", "coverage.unknown.requests.received": "0",
        "coverage.unknown.denial_rate": "0",
    });
    let expected = |format| facts.to_string().replace("FORMAT", format);

    let bytes = server.get("/statistics", &of("xlsx")).await.bytes().await.unwrap();
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    assert_eq!(workbook.sheet_names(), ["statistics", "about"]);
    let sheet = workbook.worksheet_range("about").unwrap();
    let read: Value =
        sheet.rows().map(|row| (row[0].to_string(), json!(row[1].to_string()))).collect();
    assert_eq!(read.to_string(), expected("xlsx"));

    let path = store.folder.path().join("statistics.parquet");
    std::fs::write(&path, server.get("/statistics", &of("parquet")).await.bytes().await.unwrap())
        .unwrap();
    let script = "import duckdb, json, sys; \
                  rows = duckdb.sql(f\"select key, value from parquet_kv_metadata('{sys.argv[1]}')\").fetchall(); \
                  print(json.dumps({key.decode(): value.decode() for key, value in rows}))";
    let read = python().args(["-c", script]).arg(&path).output().unwrap();
    assert!(read.status.success(), "{}", stderr(&read));
    let read: Value = serde_json::from_str(&stdout(&read)).unwrap();
    assert_eq!(read.to_string(), expected("parquet"));

    let url = store.url();
    let mut args = vec!["stats", "--format", "csv", "--database-url", &url];
    let words = ASKED.map(|(name, value)| format!("--{}={value}", name.replace('_', "-")));
    args.extend(words.iter().map(String::as_str));
    let output = gongkai(store.folder.path(), &args);
    let said = "2 reports counted, 7 left out so that nothing counts twice, 2 missing\n";
    assert_eq!(stderr(&output), said);
}
