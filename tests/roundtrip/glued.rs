//! Text whose tables have run together: a number is read right, or not.

use proptest::{prelude::*, test_runner::RngSeed};

use super::sample::sample;
use crate::reading::form::Table;

fn glued(table: &Table) -> String {
    table.iter().flatten().map(|cell| cell.text.as_str()).collect::<String>() + "\n"
}

proptest! {
    // From a seed: what stands in glued text is told by sums, which chance can meet.
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(20), ..ProptestConfig::with_cases(300) })]

    #[test]
    fn of_glued_text_no_number_is_wrong(sample in sample()) {
        let text = sample.report().text(&glued);
        prop_assert_eq!(sample.differences(text.as_bytes(), true), Vec::<String>::new());
    }
}
