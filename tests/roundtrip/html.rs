//! A page, its tables with spans and without.

use proptest::prelude::*;

use super::sample::{Rows, rows, sample};
use crate::reading::form::{Table, html_table};

fn without_spans(table: &Table, rows: Rows) -> String {
    let row = |row: Vec<String>| {
        let cells: String = row.iter().map(|cell| format!("<td>{cell}</td>")).collect();
        format!("<tr>{cells}</tr>")
    };
    format!("<table>{}</table>", rows(table).into_iter().map(row).collect::<String>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_page_with_spans_reads_back(sample in sample()) {
        let page = sample.report().html(&|table| html_table(table, &str::to_owned));
        prop_assert_eq!(sample.differences(page.as_bytes(), false), Vec::<String>::new());
    }

    #[test]
    fn a_page_without_spans_reads_back(sample in sample(), rows in rows()) {
        let page = sample.report().html(&|table| without_spans(table, rows));
        prop_assert_eq!(sample.differences(page.as_bytes(), false), Vec::<String>::new());
    }
}
