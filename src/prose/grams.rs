//! What a section is found by: the pairs of characters that stand in it, and the last one of each run.
//!
//! A word of two characters is one pair; a longer one is all of its pairs, and those who have them are
//! looked at; a single character is the beginning of a pair, or the last one of a run. A pair is written as
//! letters and digits, since an index of texts takes those for a word whatever the characters are.

use std::collections::BTreeSet;

/// Letters and digits of a character's code: 36 to the fourth is more than there are characters.
const DIGITS: usize = 4;

/// What a text in its normal form is found by, separated by blanks.
#[must_use]
pub fn of_text(normal: &str) -> String {
    let mut grams = BTreeSet::new();
    for run in normal.split(' ') {
        let characters: Vec<char> = run.chars().collect();
        grams.extend(characters.windows(2).map(code));
        grams.extend(characters.last().map(|&last| code(&[last])));
    }
    let mut text = String::with_capacity(grams.len() * (2 * DIGITS + 1));
    for gram in grams {
        text.push_str(&gram);
        text.push(' ');
    }
    text
}

/// What a text must be found by to hold a word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gram {
    /// All of it.
    Whole(String),
    /// What it begins with.
    Beginning(String),
}

/// What every text that holds a word in its normal form is found by.
#[must_use]
pub fn of_word(normal: &str) -> BTreeSet<Gram> {
    let characters: Vec<char> = normal.chars().collect();
    match &characters[..] {
        [single] => BTreeSet::from([Gram::Beginning(code(&[*single]))]),
        several => several.windows(2).map(|pair| Gram::Whole(code(pair))).collect(),
    }
}

/// Whether a text that is found by all of a word's pairs holds the word.
#[must_use]
pub fn is_exact(normal: &str) -> bool {
    normal.chars().count() <= 2
}

fn code(characters: &[char]) -> String {
    let mut text = String::with_capacity(characters.len() * DIGITS);
    for &character in characters {
        let mut digits = ['0'; DIGITS];
        let mut rest = character as u32;
        for digit in digits.iter_mut().rev() {
            *digit = char::from_digit(rest % 36, 36).unwrap_or('0');
            rest /= 36;
        }
        text.extend(digits);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_is_found_by_every_word_in_it(text in "\\PC*( \\PC+)*", from in 0..40_usize, most in 1..7_usize) {
            let text = crate::prose::normal(&text);
            let grams = of_text(&text);
            let grams: Vec<&str> = grams.split(' ').collect();
            let word: String = text.chars().skip(from).take(most).take_while(|c| *c != ' ').collect();
            for gram in of_word(&word) {
                let is_found = match gram {
                    Gram::Whole(code) => grams.contains(&code.as_str()),
                    Gram::Beginning(code) => grams.iter().any(|gram| gram.starts_with(&code)),
                };
                prop_assert!(is_found);
            }
        }

        #[test]
        fn codes_are_letters_and_digits_of_one_length(one: char, other: char) {
            let (first, both) = (code(&[one]), code(&[one, other]));
            prop_assert!(both.len() == 2 * DIGITS && both.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            prop_assert_eq!(code(&[other]) == first, one == other);
            prop_assert!(both.starts_with(&first));
        }
    }
}
