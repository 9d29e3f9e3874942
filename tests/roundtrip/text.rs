//! Plain text, its tables as rows between bars and as a cell a line.

use proptest::prelude::*;

use super::sample::{Rows, rows, sample};
use crate::reading::form::{Table, bars};

/// Every cell on a line of its own behind a tab, a blank line behind every row.
fn cell_a_line(table: &Table, rows: Rows) -> String {
    let row = |row: Vec<String>| {
        let cells: String = row.iter().map(|cell| format!("\t{cell}\n")).collect();
        cells + "\n"
    };
    rows(table).into_iter().map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn rows_between_bars_read_back(sample in sample(), rows in rows(), has_rule in any::<bool>()) {
        let text = sample.report().text(&|table| bars(&rows(table), has_rule));
        prop_assert_eq!(sample.differences(text.as_bytes(), false), Vec::<String>::new());
    }

    #[test]
    fn a_cell_a_line_reads_back(sample in sample(), rows in rows()) {
        let text = sample.report().text(&|table| cell_a_line(table, rows));
        prop_assert_eq!(sample.differences(text.as_bytes(), false), Vec::<String>::new());
    }
}
