//! Text into which the tables have run: what is read is right, what cannot be told apart is ambiguous.

use std::collections::BTreeMap;

use entity::template::{
    AppealResult, Applicant, CellState, Code, LawsuitKind, Measure, RequestRow, Template,
};
use proptest::{prelude::*, test_runner::TestRng};

use super::form::{self, Table, read, report};

type Numbers = BTreeMap<Measure, i64>;

/// A table with its cells run together.
fn glued(table: &Table) -> String {
    table.iter().flatten().map(|cell| cell.text.as_str()).collect()
}

/// The same, a row a line.
fn glued_rows(table: &Table) -> String {
    let line =
        |row: &Vec<form::Cell>| row.iter().map(|cell| cell.text.as_str()).collect::<String>();
    table.iter().map(|row| line(row) + "\n").collect()
}

/// A report without anything between its cells, as one paragraph, a section a paragraph, a row a line.
fn texts(template: Template, numbers: &Numbers) -> [String; 3] {
    let report = report(template, &|measure| printed(numbers, measure));
    let paragraphs = report.text(&|table| glued(table) + "\n");
    let whole = paragraphs.lines().skip(2).collect::<String>();
    let title = form::TITLE;
    [format!("{title}\n{whole}"), paragraphs, report.text(&glued_rows)]
}

fn printed(numbers: &Numbers, measure: Measure) -> String {
    numbers.get(&measure).copied().unwrap_or_default().to_string()
}

/// Numbers such as reports have: most are 0, some are large.
fn number(random: &mut TestRng) -> i64 {
    match random.random_range(0..20) {
        0..=12 => 0,
        13..=16 => random.random_range(1..10),
        17..=18 => random.random_range(10..100),
        _ => random.random_range(100..2_000),
    }
}

/// A matrix that adds up in rows and columns, and reviews and lawsuits that do.
fn consistent(template: Template, random: &mut TestRng) -> Numbers {
    let mut numbers = Numbers::new();
    let scale = random.random_range(0..3);
    for &column in Applicant::ALL.iter().filter(|column| **column != Applicant::Total) {
        let mut of_column = |row, value| numbers.insert(Measure::Request(row, column), value);
        let is_natural = column == Applicant::NaturalPerson;
        let mut total = 0;
        let results =
            RequestRow::ALL.iter().filter(|row| row.form().is_result && row.is_in(template));
        for &row in results {
            let value =
                if is_natural || random.random_range(0..3) < scale { number(random) } else { 0 };
            total += value;
            of_column(row, value);
        }
        let out = if is_natural { number(random) } else { 0 };
        let carried = if is_natural { number(random).min(total + out) } else { 0 };
        of_column(RequestRow::Total, total);
        of_column(RequestRow::CarriedOverOut, out);
        of_column(RequestRow::CarriedOverIn, carried);
        of_column(RequestRow::Received, total + out - carried);
    }
    for &row in RequestRow::ALL {
        let parts =
            Applicant::ALL.iter().filter_map(|&column| numbers.get(&Measure::Request(row, column)));
        let total = parts.sum();
        numbers.insert(Measure::Request(row, Applicant::Total), total);
    }
    let kinds = [None, Some(LawsuitKind::Direct), Some(LawsuitKind::AfterReview)];
    for kind in kinds {
        let measure =
            |result| kind.map_or(Measure::Review(result), |kind| Measure::Lawsuit(kind, result));
        let mut total = 0;
        for &result in AppealResult::ALL.iter().filter(|result| **result != AppealResult::Total) {
            let value = number(random) % 100;
            total += value;
            numbers.insert(measure(result), value);
        }
        numbers.insert(measure(AppealResult::Total), total);
    }
    numbers
}

/// The numbers read wrong, and how many were read at all.
fn wrong(template: Template, numbers: &Numbers, text: &str) -> (Vec<String>, usize) {
    let draft = read(text);
    let mut wrong = Vec::new();
    let mut read = 0;
    for &measure in Measure::cells().iter().filter(|measure| measure.is_in(template)) {
        let cell = draft.cells.get(measure);
        let expected = numbers.get(&measure).copied().unwrap_or_default();
        match cell.value {
            Some(value) if value.decimal() == expected.into() => read += 1,
            Some(value) => wrong.push(format!("{measure}: {expected} was read as {value}")),
            None if cell.state == CellState::Ambiguous => {}
            None => wrong.push(format!("{measure}: {expected} was read as {}", cell.state)),
        }
    }
    (wrong, read)
}

#[test]
#[ignore = "a measurement"]
fn how_much_is_read_and_how_much_wrong() {
    let mut random = TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha);
    for errors in [1, 3, 1000] {
        let (mut all, mut read, mut bad, mut bad_documents) = (0, 0, 0, 0);
        let documents = 300;
        for index in 0..documents {
            let template = if index % 2 == 0 { Template::T2019 } else { Template::T2021 };
            let mut numbers = consistent(template, &mut random);
            let cells: Vec<Measure> = numbers.keys().copied().collect();
            for _ in 0..errors {
                let cell = cells[random.random_range(0..cells.len())];
                if let Some(value) = numbers.get_mut(&cell) {
                    *value = match random.random_range(0..3) {
                        0 => *value + random.random_range(1..10),
                        1 => (*value - random.random_range(1..3)).max(0),
                        _ => number(&mut random),
                    };
                }
            }
            let text = &texts(template, &numbers)[index % 3];
            let (wrong, right) = wrong(template, &numbers, text);
            all += Measure::cells().iter().filter(|measure| measure.is_in(template)).count();
            read += right;
            bad += wrong.len();
            bad_documents += usize::from(!wrong.is_empty());
            if bad_documents < 4 && !wrong.is_empty() {
                eprintln!("{errors} errors: {wrong:?}");
            }
        }
        eprintln!(
            "{errors} errors a document: of {all} numbers {read} read, {bad} wrong in {bad_documents} of {documents} documents"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers_that_add_up_are_read_right_or_not_at_all(seed in any::<[u8; 32]>(), is_2019: bool, layout in 0..3_usize) {
        let mut random = TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &seed);
        let template = if is_2019 { Template::T2019 } else { Template::T2021 };
        let numbers = consistent(template, &mut random);
        let (wrong, read) = wrong(template, &numbers, &texts(template, &numbers)[layout]);
        prop_assert!(wrong.is_empty(), "{wrong:#?}");
        prop_assert!(read > 100, "{read}");
    }
}

#[test]
fn digits_without_end_are_not_split() {
    let numbers = Numbers::new();
    let text = &texts(Template::T2021, &numbers)[0];
    for digits in ["1".repeat(10_000), "1 ".repeat(5_000), "0".repeat(10_000), "-1".repeat(5_000)] {
        let text = text.replace("重复申请0000000", &format!("重复申请{digits}"));
        let text = text.replace("审结总计000000000000000", &format!("审结总计{digits}"));
        let text = text.replace("规章000", &format!("规章{digits}"));
        let started = std::time::Instant::now();
        let draft = read(&text);
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
        for code in ["requests.repeated", "reviews.total", "disclosure_items.rules.issued"] {
            let cell = code.parse().map(|measure| draft.cells.get(measure).state);
            assert_eq!(cell.ok(), Some(CellState::Ambiguous), "{code}");
        }
    }
}
