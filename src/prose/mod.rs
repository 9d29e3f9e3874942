//! The words of prose, in the one form in which they are looked for and compared.
//!
//! Takes text, gives it in its normal form: NFKC, lower case, without whitespace. Between two Latin
//! letters or digits (of ASCII) whitespace stays, as one blank: `open data` is two words, `2022 年` is what
//! `2022年` is. Refuses nothing; knows no database.

pub mod grams;
pub mod shingles;

use std::ops::Range;

use unicode_normalization::{
    UnicodeNormalization,
    char::{canonical_combining_class, decompose_compatible, is_combining_mark},
};

/// A text in its normal form.
#[must_use]
pub fn normal(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    each(text, |character, _| normal.push(character));
    normal
}

/// The characters of a text's normal form, each with the characters of the text that it stands for.
#[must_use]
pub fn placed(text: &str) -> Vec<(char, Range<usize>)> {
    let mut placed = Vec::new();
    each(text, |character, place| placed.push((character, place)));
    placed
}

/// Gives each character of a text's normal form. What NFKC may join is taken together, so that each
/// character of it is known by its place.
fn each(text: &str, mut take: impl FnMut(char, Range<usize>)) {
    let mut characters = text.chars().enumerate().peekable();
    let mut together = String::new();
    let mut last = None;
    let mut is_parted = false;
    while let Some((start, first)) = characters.next() {
        let mut end = start + 1;
        together.clear();
        together.push(first);
        while let Some((_, next)) = characters.next_if(|(_, next)| joins(*next)) {
            together.push(next);
            end += 1;
        }
        let mut give = |character: char| {
            if character.is_whitespace() {
                is_parted = true;
                return;
            }
            let is_latin = |character: char| character.is_ascii_alphanumeric();
            if is_parted && is_latin(character) && last.is_some_and(is_latin) {
                take(' ', start..start);
            }
            take(character, start..end);
            last = Some(character);
            is_parted = false;
        };
        if end == start + 1 && is_plain(first) {
            give(first.to_ascii_lowercase());
        } else {
            together.nfkc().flat_map(char::to_lowercase).for_each(give);
        }
    }
}

/// Whether a character is its own normal form, but for ASCII's capitals. Nearly all are.
const fn is_plain(character: char) -> bool {
    matches!(character, '\0'..='\x7f' | '\u{4e00}'..='\u{9fff}')
}

/// Whether NFKC may join a character with one before it.
fn joins(character: char) -> bool {
    if character < '\u{300}' || is_plain(character) {
        return false;
    }
    let mut first = None;
    decompose_compatible(character, |part| first = first.or(Some(part)));
    first.is_some_and(|first| {
        canonical_combining_class(first) != 0
            || is_combining_mark(first)
            // Vowels and final consonants of Hangul syllables.
            || matches!(first, '\u{1161}'..='\u{1175}' | '\u{11a8}'..='\u{11c2}')
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whitespace_parts_latin_words_and_digits_and_nothing_else() {
        for (text, expected) in [
            ("政府 信息\n公开", "政府信息公开"),
            ("Open  Data\n2022 年", "open data 2022年"),
            ("ＯＰＥＮ　ｄａｔａ", "open data"),
            ("收到12\u{a0}3件", "收到12 3件"),
            ("㈱ ① ℡", "(株)1 tel"),
            ("\u{20000}\u{20000} e\u{301}", "\u{20000}\u{20000}é"),
            ("ｶﾞ", "ガ"),
            (" \n\t", ""),
        ] {
            assert_eq!(normal(text), expected, "{text:?}");
        }
        let places: Vec<_> = placed("a 政 ㈱").into_iter().map(|(_, place)| place).collect();
        assert_eq!(places, [0..1, 2..3, 4..5, 4..5, 4..5]);
    }

    proptest! {
        #[test]
        fn the_normal_form_is_that_of_the_text_as_a_whole(text in "(\\PC|[\u{300}-\u{310}ｶﾞﾟ가-힣\u{1100}-\u{11ff} \n가a1])*") {
            let whole: String = text
                .nfkc()
                .flat_map(char::to_lowercase)
                .filter(|character| !character.is_whitespace())
                .collect();
            prop_assert_eq!(normal(&text).replace(' ', ""), whole);
        }

        #[test]
        fn every_character_knows_its_place(text in "[ a-zA-Z0-9，。政府信息公开㈱\u{301}\n]*") {
            let count = text.chars().count();
            let mut before = 0;
            for (_, place) in placed(&text) {
                prop_assert!(before <= place.start && place.end <= count);
                before = place.start;
            }
        }
    }
}
