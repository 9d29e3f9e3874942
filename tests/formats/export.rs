//! `gongkai export`: a data package that holds what the lists hold, and nothing half done.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use gongkai::fingerprint;
use serde_json::{Value, json};

use super::{Row, columns, flat, read, same, sheet, store};
use crate::{
    client::python,
    harness::{Store, gongkai, stderr, stdout},
};

/// Its files, in their order.
const FILES: [&str; 9] = [
    "regions",
    "agencies",
    "reports",
    "disclosure-items",
    "requests",
    "reviews",
    "lawsuits",
    "findings",
    "measures",
];

fn export(store: &Store, args: &[&str]) -> Output {
    let url = store.url();
    gongkai(store.folder.path(), &[&["export", "--database-url", &url], args].concat())
}

/// The bytes of every file of a folder.
fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = folder.read_dir().unwrap().map(|entry| entry.unwrap());
    files
        .map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap()))
        .collect()
}

fn package(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("datapackage.json")).unwrap()).unwrap()
}

/// All rows of a resource, as the command line gives them.
fn rows(store: &Store, resource: &str, args: &[&str]) -> Vec<Row> {
    let url = store.url();
    let args = [&["list", resource, "--format", "ndjson", "--database-url", &url], args].concat();
    let output = gongkai(store.folder.path(), &args);
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output).lines().map(|line| flat(&serde_json::from_str(line).unwrap())).collect()
}

fn every_measure(store: &Store) -> String {
    let codes = rows(store, "measures", &[]);
    codes.iter().map(|row| row["code"].as_str().unwrap()).collect::<Vec<_>>().join(",")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_what_the_lists_hold_in_every_format() {
    let store = store().await;
    let measures = every_measure(&store);
    // Those of the agencies, and what these lie in.
    let of_agencies = around(&rows(&store, "agencies", &["--year", "2022"]));
    let mut regions = rows(&store, "regions", &[]);
    assert!(regions.len() > 40_000);
    regions.retain(|row| of_agencies.contains(row["code"].as_str().unwrap()));
    for format in ["csv", "ndjson", "xlsx", "parquet"] {
        let output = export(&store, &["--format", format, "--out", format, "--year", "2022"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let folder = store.folder.path().join(format);
        let files: HashSet<String> = bytes(&folder).into_keys().collect();
        let expected = FILES.map(|name| format!("{name}.{format}"));
        let expected = expected.into_iter().chain(["datapackage.json".to_owned()]);
        assert_eq!(files, expected.collect(), "{format}");
        for name in FILES {
            let of_year = ["--year", "2022"];
            let expected = match name {
                "regions" => regions.clone(),
                "measures" => rows(&store, name, &[]),
                "reports" => {
                    rows(&store, name, &[&of_year[..], &["--measures", &measures]].concat())
                }
                _ => rows(&store, name, &of_year),
            };
            let path = folder.join(format!("{name}.{format}"));
            holds(&path, name, &expected);
        }
    }
}

/// The codes of the regions of agencies, and of all that they may lie in.
fn around(agencies: &[Row]) -> HashSet<String> {
    let codes = agencies.iter().map(|agency| agency["region_code"].as_str().unwrap());
    let cut = |code: &str| {
        [
            code.to_owned(),
            code[..6].to_owned(),
            format!("{}00", &code[..4]),
            format!("{}0000", &code[..2]),
        ]
    };
    codes.flat_map(cut).chain(["000000".to_owned()]).collect()
}

/// A file holds these rows.
fn holds(path: &Path, name: &str, expected: &[Row]) {
    let format = path.extension().unwrap().to_str().unwrap();
    let read: Vec<Value> = match format {
        "ndjson" => {
            let text = fs::read_to_string(path).unwrap();
            let lines = text.lines().map(|line| flat(&serde_json::from_str(line).unwrap()));
            assert_eq!(lines.collect::<Vec<_>>(), expected, "{name}");
            return;
        }
        "xlsx" => {
            let (head, read) = sheet(&fs::read(path).unwrap(), name);
            assert_eq!(read.len(), expected.len(), "{name}");
            for (read, expected) in read.iter().zip(expected) {
                for (name, read) in head.iter().zip(read) {
                    super::cell(read, &expected[name], name);
                }
            }
            return;
        }
        _ => vec![read(path)],
    };
    let columns = columns(&read[0]);
    let read = read[0]["rows"].as_array().unwrap();
    assert_eq!(read.len(), expected.len(), "{name}");
    for (read, expected) in read.iter().zip(expected) {
        assert_eq!(columns.len(), expected.len(), "{name}");
        for ((field, column_type), read) in columns.iter().zip(read.as_array().unwrap()) {
            if format == "csv" {
                let read = read.as_str().unwrap();
                let plain = read.strip_prefix('\'').unwrap_or(read);
                assert_eq!(plain, super::printed(&expected[field]), "{name} {field}");
            } else {
                same(column_type, read, &expected[field], &format!("{name} {field}"));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_package_describes_its_files_as_frictionless_finds_them() {
    let store = store().await;
    let output = export(&store, &["--out", "whole"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let folder = store.folder.path().join("whole");
    let mut command = python();
    let checked = command.arg("formats/validate.py").arg(folder.join("datapackage.json"));
    let checked = checked.output().unwrap();
    assert!(checked.status.success(), "{}{}", stdout(&checked), stderr(&checked));
    let package = package(&folder);
    assert_eq!(package["gongkai"]["filter"], json!({}));
    let version = package["gongkai"]["data_version"].as_i64().unwrap();
    assert_eq!(package["version"], format!("v{version}"));
    let names: Vec<&str> = resources(&package).map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(names, FILES);
    for file in resources(&package) {
        let bytes = fs::read(folder.join(file["path"].as_str().unwrap())).unwrap();
        assert_eq!(file["bytes"], bytes.len());
        assert_eq!(file["hash"], format!("sha256:{}", fingerprint::sha256(&bytes)));
    }
    // A changed number is found: the check is one.
    let reviews = folder.join("reviews.csv");
    let text = fs::read_to_string(&reviews).unwrap();
    fs::write(&reviews, text.replacen(",2022,", ",2O22,", 1)).unwrap();
    assert!(!command.output().unwrap().status.success());
}

fn resources(package: &Value) -> impl Iterator<Item = &Value> {
    package["resources"].as_array().unwrap().iter()
}

#[tokio::test]
async fn the_same_data_give_the_same_bytes_in_every_format() {
    let store = store().await;
    for format in ["csv", "ndjson", "xlsx", "parquet"] {
        let export = |folder: &str, as_of: &[&str]| {
            let args = ["--format", format, "--out", folder, "--region", "321322"];
            let output = export(&store, &[&args, as_of].concat());
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            bytes(&store.folder.path().join(folder))
        };
        let first = export("first", &["--as-of", "v20"]);
        // Times in a ZIP file are of two seconds.
        std::thread::sleep(std::time::Duration::from_millis(2_100));
        assert!(first == export("second", &["--as-of", "v20"]), "{format}");
        assert!(first != export("second", &[]), "{format}: what came since is in it");
    }
}

#[tokio::test]
async fn an_export_of_a_filter_says_so_and_holds_together() {
    let store = store().await;
    let args =
        ["--out", "some", "--q", "水利", "--where", "requests.received>=0", "--quality", "passed"];
    let output = export(&store, &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("regions.csv 4 rows, "), "{}", stdout(&output));
    let folder = store.folder.path().join("some");
    let filter = &package(&folder)["gongkai"]["filter"];
    assert_eq!(*filter, json!({"q": "水利", "where": "requests.received>=0", "quality": "passed"}));
    let column = |file: &str, field: &str| -> HashSet<String> {
        let answer = read(&folder.join(file));
        let at = columns(&answer).iter().position(|(name, _)| name == field).unwrap();
        let rows = answer["rows"].as_array().unwrap();
        rows.iter().map(|row| row[at].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(column("reports.csv", "agency.id"), column("agencies.csv", "id"));
    assert_eq!(column("reports.csv", "id"), column("reviews.csv", "report_id"));
}

#[tokio::test]
async fn what_is_refused_leaves_everything_as_it_was() {
    let store = store().await;
    let folder = |name: &str| -> PathBuf { store.folder.path().join(name) };
    let refused = |args: &[&str], code: i32, says: &str| {
        let before: HashSet<_> = bytes_of_all(store.folder.path());
        let output = export(&store, args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(says), "{args:?}: {}", stderr(&output));
        assert_eq!(bytes_of_all(store.folder.path()), before, "{args:?}");
    };
    fs::create_dir(folder("mine")).unwrap();
    fs::write(folder("mine").join("thesis.txt"), "years of work").unwrap();
    refused(&["--out", "mine"], 2, "mine holds thesis.txt, which is of no export");
    refused(&["--out", "."], 2, ". is the working folder");
    refused(&["--out", "no/such/folder"], 3, "no/such/folder");
    refused(&["--out", "new", "--region", "999999"], 2, "no region has the code \"999999\"");
    refused(&["--out", "new", "--format", "json"], 2, "allowed: csv, ndjson, xlsx, parquet");
    // An earlier export is replaced whole, by one of another format too.
    for format in ["csv", "parquet", "csv"] {
        let output = export(&store, &["--out", "mine too", "--format", format]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(bytes(&folder("mine too")).len(), FILES.len() + 1);
    }
    refused(&["--out", "mine too", "--where", "requests.recieved>1"], 2, "requests.recieved");
    fs::write(folder("mine too").join("notes.txt"), "beside it").unwrap();
    refused(&["--out", "mine too"], 2, "mine too holds notes.txt, which is of no export");
}

/// Every file below a folder, the database's aside.
fn bytes_of_all(folder: &Path) -> HashSet<(PathBuf, Vec<u8>)> {
    let mut all = HashSet::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.insert((path.clone(), Vec::new()));
            all.extend(bytes_of_all(&path));
        } else if !path.display().to_string().contains("gongkai.db") {
            all.insert((path.clone(), fs::read(&path).unwrap()));
        }
    }
    all
}
