//! Text whose tables have run together: a number is read right, or not.

use proptest::prelude::*;

use super::sample::sample;
use crate::reading::form::Table;

fn glued(table: &Table) -> String {
    table.iter().flatten().map(|cell| cell.text.as_str()).collect::<String>() + "\n"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn of_glued_text_no_number_is_wrong(sample in sample()) {
        let text = sample.report().text(&glued);
        prop_assert_eq!(sample.differences(text.as_bytes(), true), Vec::<String>::new());
    }
}
