//! Plain text, its tables as rows between bars and as a cell a line.

use proptest::prelude::*;

use super::sample::sample;
use crate::reading::form::{Table, bars, padded};

/// Every cell on a line of its own behind a tab, a blank line behind every row.
fn cell_a_line(table: &Table) -> String {
    let row = |row: Vec<String>| {
        let cells: String = row.iter().map(|cell| format!("\t{cell}\n")).collect();
        cells + "\n"
    };
    padded(table).into_iter().map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn rows_between_bars_read_back(sample in sample(), has_rule in any::<bool>()) {
        let text = sample.report().text(&|table| bars(&padded(table), has_rule));
        prop_assert_eq!(sample.differences(text.as_bytes(), false), Vec::<String>::new());
    }

    #[test]
    fn a_cell_a_line_reads_back(sample in sample()) {
        let text = sample.report().text(&cell_a_line);
        prop_assert_eq!(sample.differences(text.as_bytes(), false), Vec::<String>::new());
    }
}
