//! How much of a text stands in another one: the runs of eight letters that both have.
//!
//! Only letters count, Chinese ones and others: where last year's words stand again with this year's
//! numbers, all of it is the same. Eight letters are more than a term (行政执法案卷 has six) and less than a
//! sentence, so that a sentence with a word changed is the same but for that word.

use super::normal;
use crate::limits;

/// Letters of a run.
const LETTERS: usize = 8;

/// A run of letters, by a number that is the same on every machine and in every version: it is stored.
type Hash = u64;

/// The runs of a text, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shingles(Vec<Hash>);

impl Shingles {
    /// The runs of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let text = normal(text);
        let letters = text.chars().filter(|c| c.is_alphabetic());
        let letters: Vec<char> = letters.take(limits::COPIED_LETTERS).collect();
        let mut runs: Vec<Hash> = letters.windows(LETTERS).map(hash).collect();
        runs.sort_unstable();
        runs.dedup();
        Self(runs)
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// How many of them another text has too.
    #[must_use]
    pub fn shared(&self, other: &Self) -> usize {
        let mut others = other.0.iter().peekable();
        let is_there = |run: &&Hash| {
            while others.next_if(|other| other < run).is_some() {}
            others.peek() == Some(run)
        };
        self.0.iter().filter(is_there).count()
    }

    /// The least of the runs in each of several orders (MinHash). Two texts that share a part `j` of the
    /// runs of both have one of them in common in `1 - (1 - j)^4` of all cases. `salt` tells apart what is
    /// not to be compared.
    #[must_use]
    pub fn sketch(&self, salt: u64) -> Vec<i64> {
        let least = |order: u64| {
            let seed = mixed(salt ^ mixed(order));
            let least = self.0.iter().map(|run| mixed(run ^ seed)).min();
            least.map(|least| mixed(least ^ seed).cast_signed())
        };
        (1..=ORDERS).filter_map(least).collect()
    }
}

/// Orders in which the least run is kept.
const ORDERS: u64 = 4;

/// FNV-1a over the letters' codes, mixed.
fn hash(letters: &[char]) -> Hash {
    let step = |hash: u64, letter: &char| {
        (hash ^ u64::from(*letter as u32)).wrapping_mul(0x0100_0000_01b3)
    };
    mixed(letters.iter().fold(0xcbf2_9ce4_8422_2325, step))
}

/// The last step of SplitMix64: each bit decides on every other.
const fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_marks_and_blanks_do_not_count() {
        let last = Shingles::of("2022年，本机关共收到政府信息公开申请12件。");
        let this = Shingles::of("2023 年,本机关共收到\n政府信息公开申请 7 件");
        assert_eq!((last.count(), this.shared(&last)), (9, 9));
        assert_eq!(this, last);
        assert_eq!(Shingles::of("七个字不成一串").count(), 0);
        assert_eq!(this.sketch(1), last.sketch(1));
        assert_ne!(this.sketch(1), this.sketch(2));
    }

    /// Kept in databases: another number would compare what was stored with what is not.
    #[test]
    fn the_numbers_of_runs_stay_what_they_are() {
        assert_eq!(Shingles::of("政府信息公开工作").sketch(0).len(), 4);
        assert_eq!(hash(&['政', '府', '信', '息', '公', '开', '工', '作']), STORED);
    }

    const STORED: u64 = 0xd916_aeaa_1e64_c86e;

    proptest! {
        #[test]
        fn what_is_shared_is_what_two_sets_share(one in "[甲乙丙丁]{0,60}", other in "[甲乙丙丁]{0,60}") {
            let runs = |text: &str| -> HashSet<Vec<char>> {
                text.chars().collect::<Vec<_>>().windows(8).map(<[char]>::to_vec).collect()
            };
            let shared = runs(&one).intersection(&runs(&other)).count();
            let (first, second) = (Shingles::of(&one), Shingles::of(&other));
            prop_assert_eq!(first.count(), runs(&one).len());
            prop_assert_eq!(first.shared(&second), shared);
        }
    }
}
