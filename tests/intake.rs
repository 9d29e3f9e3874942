//! How documents come in: archives, lines, addresses, canonical JSON, batches and their ends.

mod addresses;
mod archives;
mod batches;
mod json;
mod killed;
mod lines;

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};

use crate::harness::{gongkai, samples, stderr, stdout};

/// A sample's bytes.
fn sample(name: &str) -> Vec<u8> {
    fs::read(samples().join(name)).unwrap()
}

/// A page, in plain text, of an agency of its own.
fn page(number: usize) -> Vec<u8> {
    let text = String::from_utf8(sample("沭阳县水利局-2022.txt")).unwrap();
    text.replace("水利局", &own_name(number)).into_bytes()
}

/// A name for each number below 8,000.
fn own_name(number: usize) -> String {
    let words: Vec<char> = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往".chars().collect();
    let word = |at: usize| words[number / at % 20];
    format!("{}{}{}局", word(400), word(20), word(1))
}

/// A canonical report of an agency of its own.
fn report(number: usize) -> Value {
    json!({
        "agency": {"name": format!("沭阳县{}", own_name(number)), "region_code": "321322"},
        "year": 2023,
        "requests": {"received": {"natural_person": number, "total": number}},
        "sections": [{"number": 1, "heading": "总体情况", "text": format!("本年收到申请{number}件。")}],
    })
}

/// A program that is handed bytes.
fn fed(folder: &Path, args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .current_dir(folder)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What a program says of bytes handed to it.
fn feed(folder: &Path, args: &[&str], bytes: &[u8]) -> Output {
    let mut child = fed(folder, args);
    // It may have read enough before the end.
    let _ = child.stdin.take().unwrap().write_all(bytes);
    child.wait_with_output().unwrap()
}

/// Path, agency and code of what `check` prints of inputs.
fn checked(folder: &Path, args: &[&str]) -> Vec<(String, String)> {
    answers(&gongkai(folder, &[&["check", "--format", "json"], args].concat()))
}

fn answers(output: &Output) -> Vec<(String, String)> {
    let text = stdout(output);
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let answer = |line: Value| {
        let said = line["report"]["agency"]["name"].as_str().or(line["refused"]["code"].as_str());
        let said = said.unwrap_or_else(|| panic!("{line} {}", stderr(output)));
        (line["path"].as_str().unwrap().to_owned(), said.to_owned())
    };
    lines.map(answer).collect()
}

fn said(answers: &[(&str, &str)]) -> Vec<(String, String)> {
    answers.iter().map(|(path, said)| ((*path).to_owned(), (*said).to_owned())).collect()
}
