//! A section's text and the words found in it -> the part that shows them.

use std::{cmp::Reverse, ops::Range};

use crate::{limits, prose::placed};

/// Characters shown before the first word, where there are more.
const LEAD_CHARS: usize = 40;
/// Places of words that are looked at for the part that shows most of them: a frequent character stands
/// in a long text thousands of times.
const PLACES: usize = 500;

/// A part of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// As printed, but for whitespace and line ends, which are one blank each.
    pub text: String,
    /// Where words stand in it: the first character and the one after the last, by code points.
    pub highlights: Vec<Vec<u32>>,
}

/// Where a word stands in the text as shown.
struct Place {
    word: usize,
    at: Range<usize>,
}

/// The part of a text that shows the most of these words; without words, its beginning.
#[must_use]
pub fn snippet(text: &str, words: &[String]) -> Snippet {
    let shown = Shown::of(text);
    let places = shown.places(text, words);
    let length = shown.characters.len().min(limits::SNIPPET_CHARS);
    let last = shown.characters.len() - length;
    let begins = |place: &Place| {
        let lead = LEAD_CHARS.min(length.saturating_sub(place.at.len()));
        place.at.start.saturating_sub(lead).min(last)
    };
    let shows = |start: usize| {
        let mut shown: Vec<usize> =
            within(&places, start..start + length).map(|place| place.word).collect();
        shown.sort_unstable();
        shown.dedup();
        shown.len()
    };
    let start = places.iter().map(begins).max_by_key(|&start| (shows(start), Reverse(start)));
    let start = start.unwrap_or(0);
    let mut highlights: Vec<Vec<u32>> = Vec::new();
    let mut end = start;
    for place in within(&places, start..start + length) {
        // Of words that overlap the first one is shown, and of those that begin together the longest.
        if place.at.start >= end {
            end = place.at.end;
            let within = |at: usize| u32::try_from(at - start).unwrap_or(u32::MAX);
            highlights.push(vec![within(place.at.start), within(place.at.end)]);
        }
    }
    Snippet { text: shown.characters[start..start + length].iter().collect(), highlights }
}

fn within(places: &[Place], part: Range<usize>) -> impl Iterator<Item = &Place> {
    places.iter().filter(move |place| part.start <= place.at.start && place.at.end <= part.end)
}

/// A text with each run of whitespace as one blank.
struct Shown {
    characters: Vec<char>,
    /// Where each character of the text stands in it.
    at: Vec<usize>,
}

impl Shown {
    fn of(text: &str) -> Self {
        let (mut characters, mut at): (Vec<char>, Vec<usize>) = (Vec::new(), Vec::new());
        for character in text.trim_end().chars() {
            let is_blank = character.is_whitespace();
            if is_blank && characters.last().is_none_or(|&last| last == ' ') {
                at.push(characters.len().saturating_sub(1));
                continue;
            }
            at.push(characters.len());
            characters.push(if is_blank { ' ' } else { character });
        }
        Self { characters, at }
    }

    /// Where the words stand, in order; of those that begin together the longest first.
    fn places(&self, text: &str, words: &[String]) -> Vec<Place> {
        let normal = placed(text);
        let mut places = Vec::new();
        for (number, word) in words.iter().enumerate() {
            let word: Vec<char> = word.chars().collect();
            let holds = |part: &&[(char, Range<usize>)]| {
                part.iter().map(|(character, _)| character).eq(&word)
            };
            let found = normal.windows(word.len()).filter(holds).take(PLACES);
            places.extend(found.filter_map(|part| {
                let (first, last) = (&part.first()?.1, &part.last()?.1);
                let (start, end) = (*self.at.get(first.start)?, self.at.get(last.end - 1)? + 1);
                Some(Place { word: number, at: start..end })
            }));
        }
        places.sort_by_key(|place| (place.at.start, Reverse(place.at.end)));
        places.truncate(PLACES);
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, words: &[&str]) -> (String, Vec<Vec<u32>>) {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let Snippet { text, highlights } = snippet(text, &words);
        (text, highlights)
    }

    #[test]
    fn a_short_text_is_shown_whole_with_each_word() {
        let text = "  政府\n信息公开，\t公开 信息。\n";
        let shown = "政府 信息公开， 公开 信息。".to_owned();
        assert_eq!(of(text, &["信息"]), (shown.clone(), vec![vec![3, 5], vec![12, 14]]));
        assert_eq!(of(text, &["政府信息"]), (shown.clone(), vec![vec![0, 5]]));
        let both = vec![vec![1, 5], vec![5, 7], vec![9, 11]];
        assert_eq!(of(text, &["公开", "府信息"]), (shown.clone(), both));
        assert_eq!(of(text, &["不在"]), (shown, Vec::new()));
        assert_eq!(of("", &["政"]), (String::new(), Vec::new()));
    }

    #[test]
    fn of_a_long_text_the_part_is_shown_that_has_most_words() {
        let text = format!("甲{}乙{}甲{}", "。".repeat(300), "，".repeat(100), "；".repeat(300));
        let (shown, highlights) = of(&text, &["甲", "乙"]);
        assert_eq!(shown.chars().count(), 200);
        assert_eq!(highlights, [[40, 41], [141, 142]]);
        let (shown, highlights) = of(&text, &["甲"]);
        assert!(shown.starts_with('甲') && highlights == [[0, 1]]);
        let word = "；".repeat(300);
        assert_eq!(of(&text, &[&word]).1, Vec::<Vec<u32>>::new());
    }

    #[test]
    fn a_character_that_stands_for_several_is_shown_whole() {
        assert_eq!(of("甲㈱乙", &["株"]), ("甲㈱乙".to_owned(), vec![vec![1, 2]]));
        assert_eq!(of("Ｏｐｅｎ ①号", &["open", "1号"]).1, [[0, 4], [5, 7]]);
    }
}
