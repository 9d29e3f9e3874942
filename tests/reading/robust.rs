//! No document makes the reader panic, and what is rendered reads as the same.

use entity::template::{Measure, Template};
use gongkai::extract::{self, draft::Hints};
use proptest::prelude::*;

use super::form::{self, bars, html_table, padded, ragged, report};

/// What a document is cut into: lines, tags, characters.
fn pieces(text: &str) -> Vec<String> {
    text.split_inclusive(['\n', '>']).map(str::to_owned).collect()
}

fn fixture(is_page: bool) -> String {
    let report = report(Template::T2021, &|_| "12".into());
    if is_page {
        report.html(&|table| html_table(table, &str::to_owned))
    } else {
        report.text(&|table| bars(&ragged(table), true))
    }
}

#[derive(Clone, Debug)]
enum Change {
    Cut(usize),
    Drop(usize),
    Double(usize),
    Swap(usize, usize),
    Insert(usize, String),
}

fn change() -> impl Strategy<Value = Change> {
    let at = 0..4000_usize;
    prop_oneof![
        at.clone().prop_map(Change::Cut),
        at.clone().prop_map(Change::Drop),
        at.clone().prop_map(Change::Double),
        (at.clone(), at.clone()).prop_map(|(one, other)| Change::Swap(one, other)),
        (at, "\\PC{0,12}").prop_map(|(at, text)| Change::Insert(at, text)),
    ]
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut pieces = pieces(text);
    for change in changes {
        let length = pieces.len().max(1);
        match change {
            Change::Cut(at) => pieces.truncate(at % length + 1),
            Change::Drop(at) if !pieces.is_empty() => drop(pieces.remove(at % length)),
            Change::Double(at) if !pieces.is_empty() => {
                pieces.insert(at % length, pieces[at % length].clone())
            }
            Change::Swap(one, other) if !pieces.is_empty() => {
                pieces.swap(one % length, other % length)
            }
            Change::Insert(at, text) => pieces.insert(at % length, text.clone()),
            _ => {}
        }
    }
    pieces.concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        drop(extract::read(&bytes, &Hints::default()));
    }

    #[test]
    fn no_text_makes_it_panic(text in "(\\PC|[\\n\\t|<>/]|</?t[dr]>|[0-9一二三四五六、（）]){0,300}") {
        drop(extract::read(text.as_bytes(), &Hints { file_name: Some(text.clone()), agency: Some(text.clone()), ..Hints::default() }));
    }

    #[test]
    fn no_change_to_a_report_makes_it_panic(is_page in any::<bool>(), changes in proptest::collection::vec(change(), 1..8)) {
        drop(extract::read(changed(&fixture(is_page), &changes).as_bytes(), &Hints::default()));
    }

    #[test]
    fn what_is_rendered_reads_as_the_same(numbers in proptest::collection::vec(0..100_000_u32, 224), is_2019 in any::<bool>(), rendering in 0..4_usize) {
        let template = if is_2019 { Template::T2019 } else { Template::T2021 };
        let printed = |measure: Measure| {
            let at = Measure::cells().iter().position(|cell| *cell == measure).unwrap_or_default();
            if measure.is_amount() { "0".to_owned() } else { numbers[at % numbers.len()].to_string() }
        };
        let report = report(template, &printed);
        let document = match rendering {
            0 => report.html(&|table| html_table(table, &str::to_owned)),
            1 => report.text(&|table| bars(&padded(table), true)),
            2 => report.text(&|table| bars(&ragged(table), false)),
            _ => report.text(&|table| ragged(table).iter().map(|row| row.iter().map(|cell| format!("\t{cell}\n")).collect::<String>() + "\n").collect()),
        };
        let differences = form::differences(template, &printed, &form::read(&document));
        prop_assert!(differences.is_empty(), "{differences:#?}");
    }
}
