//! NDJSON: a line is a document, and a file may have any size.

use std::{fs, io::Write, process::Command};

use serde_json::json;
use tempfile::tempdir;

use super::{answers, checked, feed, report, said};
use crate::harness::{gongkai, stderr};

#[test]
fn each_line_is_a_document_and_a_wrong_one_is_refused_by_its_number() {
    let folder = tempdir().unwrap();
    let (one, two) = (report(1).to_string(), report(2).to_string());
    let wrong = json!({"agency": {"name": "沭阳县水利局"}}).to_string();
    let lines = format!("\u{feff}{one}\r\n\n{wrong}\n  \n{{\"agency\": \nnothing\n{two}");
    fs::write(folder.path().join("a.ndjson"), lines).unwrap();
    assert_eq!(
        checked(folder.path(), &["a.ndjson"]),
        said(&[
            ("a.ndjson:1", "沭阳县天天地局"),
            ("a.ndjson:3", "invalid_report"),
            ("a.ndjson:5", "invalid_report"),
            ("a.ndjson:6", "not_a_report"),
            ("a.ndjson:7", "沭阳县天天玄局"),
        ])
    );
    // The first line may be the broken one.
    fs::write(folder.path().join("b.ndjson"), format!("{}\n{two}\n", &one[..one.len() - 4]))
        .unwrap();
    assert_eq!(
        checked(folder.path(), &["b.ndjson"]),
        said(&[("b.ndjson:1", "invalid_report"), ("b.ndjson:2", "沭阳县天天玄局")])
    );
}

#[test]
fn one_report_over_many_lines_is_one_document() {
    let folder = tempdir().unwrap();
    let pretty = format!("\n{:#}\n\n", report(3));
    assert!(pretty.lines().count() > 10);
    fs::write(folder.path().join("a.json"), &pretty).unwrap();
    fs::write(folder.path().join("b.json"), report(3).to_string()).unwrap();
    let expected = said(&[("a.json", "沭阳县天天黄局"), ("b.json", "沭阳县天天黄局")]);
    assert_eq!(checked(folder.path(), &["a.json", "b.json"]), expected);
    let output = feed(folder.path(), &["check", "-", "--format", "json"], pretty.as_bytes());
    assert_eq!(answers(&output), said(&[("-", "沭阳县天天黄局")]));
}

#[cfg(unix)]
#[test]
fn a_line_of_a_gigabyte_is_refused_in_little_memory_and_the_rest_goes_on() {
    let folder = tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_gongkai");
    let script = format!("ulimit -v 600000; exec '{program}' check --format json -");
    let mut child = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"{\"title\": \"").unwrap();
    let part = vec![b'a'; 1 << 20];
    for _ in 0..1 << 10 {
        stdin.write_all(&part).unwrap();
    }
    stdin.write_all(format!("\"}}\n{}\n", report(5)).as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let expected = said(&[("-:1", "document_too_large"), ("-:2", "沭阳县天天宙局")]);
    assert_eq!(answers(&output), expected, "{}", stderr(&output));
}

#[test]
fn a_document_without_end_is_refused_before_its_end() {
    let folder = tempdir().unwrap();
    let args = ["check", "-", "--format", "json"];
    let output = feed(folder.path(), &args, &vec![b'a'; 40 << 20]);
    assert_eq!(answers(&output), said(&[("-", "document_too_large")]));
    let nothing = gongkai(folder.path(), &["check", "--format", "json", "/dev/null"]);
    assert_eq!(answers(&nothing), said(&[("/dev/null", "empty_document")]));
}
