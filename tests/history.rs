//! The record over time: revisions, what they changed, corrections, and the data as they stood.

mod as_of;
mod changes;
mod citing;
mod corrections;
mod prose;
mod years;

use std::{fs, path::PathBuf};

use crate::harness::{Store, samples};

/// A sample that says much: requests carried over, prose with numbers.
const SAMPLE: &str = "沭阳县水利局-2022.txt";
/// Its agency's id.
const BUREAU: &str = "a123c2c1d18ca6";

/// The sample as a report on a year, with changes.
fn report(year: i32, changes: &[(&str, &str)]) -> String {
    let mut text = fs::read_to_string(samples().join(SAMPLE)).unwrap();
    text = text.replace("2023年", "来年").replace("2022", &year.to_string());
    text = text.replace("来年", &format!("{}年", year + 1));
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text
}

/// Writes a text into the store's folder.
fn written(store: &Store, name: &str, text: &str) -> PathBuf {
    let path = store.folder.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

/// Imports a text.
async fn import(store: &Store, name: &str, text: &str) {
    let summary = store.import(&[written(store, name, text)]).await;
    assert!(summary.refused.is_empty(), "{:?}", summary.refused);
}
