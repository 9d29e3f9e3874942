//! Real reports damaged in the ways conversions damage them: what is still read is right.

use std::{collections::BTreeMap, path::Path};

use entity::template::Measure;
use gongkai::extract::{self, draft::Hints};
use proptest::{prelude::Rng, test_runner::TestRng};
use serde_json::Value;

/// A document, and what a person read in it.
struct Report {
    name: String,
    text: String,
    cells: BTreeMap<Measure, Value>,
}

fn cells(expected: &Value) -> BTreeMap<Measure, Value> {
    let cells = expected["cells"].as_object().into_iter().flatten();
    cells.filter_map(|(code, value)| Some((code.parse().ok()?, value.clone()))).collect()
}

/// The samples, and the reports outside the repository where they are there.
fn reports() -> Vec<Report> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let json = |path: &Path| -> Option<Value> {
        serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
    };
    let mut reports = Vec::new();
    let samples = json(&root.join("tests/fixtures/samples.expected.json")).unwrap_or_default();
    for (name, expected) in samples.as_object().into_iter().flatten() {
        let path = root.join("samples/documents").join(name);
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        reports.push(Report { name: name.clone(), text, cells: cells(expected) });
    }
    for id in ["000", "005", "008", "010", "011", "015"] {
        let folder = root.join("../shared/reports");
        let Some(expected) = json(&folder.join(format!("{id}.expected.json"))) else { continue };
        let name = expected["document"].as_str().unwrap_or_default().to_owned();
        let Ok(text) = std::fs::read_to_string(folder.join(&name)) else { continue };
        reports.push(Report { name, text, cells: cells(&expected) });
    }
    reports
}

fn below(random: &mut TestRng, end: usize) -> usize {
    usize::try_from(random.next_u64() % (end.max(1) as u64)).unwrap_or_default()
}

/// Where some kind of thing stands in a text.
fn places(text: &str, is: impl Fn(&str, usize) -> bool) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).filter(|&at| is(text, at)).collect()
}

/// Lines; of a page, rows of tables.
fn lines(text: &str) -> Vec<String> {
    if !text.contains("</tr>") {
        return text.split_inclusive('\n').map(str::to_owned).collect();
    }
    // Paragraphs inside a cell are the cell's own.
    text.split_inclusive("</tr>").map(str::to_owned).collect()
}

/// The kinds of damage.
const DAMAGES: [&str; 10] = [
    "a line lost",
    "two lines changed places",
    "a line twice",
    "a letter of a label lost",
    "a letter of a label mistaken",
    "a space inside a number",
    "a border between cells lost",
    "a number lost",
    "a line moved",
    "several lines lost",
];

fn damaged(text: &str, damage: usize, random: &mut TestRng) -> String {
    let mut lines = lines(text);
    let count = lines.len();
    let (one, other) = (below(random, count), below(random, count));
    let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
    let char_at = |text: &str, at: usize| text[at..].chars().next().unwrap_or(' ');
    match damage {
        0 => drop(lines.remove(one)),
        1 => lines.swap(one, other),
        2 => lines.insert(one, lines[one].clone()),
        3 | 4 => {
            let letters = places(text, |text, at| is_han(char_at(text, at)));
            let at = letters[below(random, letters.len())];
            let end = at + char_at(text, at).len_utf8();
            let instead = if damage == 3 { "" } else { "某" };
            return format!("{}{instead}{}", &text[..at], &text[end..]);
        }
        5 => {
            let inside = places(text, |text, at| {
                let before = text[..at].chars().next_back().is_some_and(|c| c.is_ascii_digit());
                before && char_at(text, at).is_ascii_digit()
            });
            if inside.is_empty() {
                return text.to_owned();
            }
            let at = inside[below(random, inside.len())];
            return format!("{} {}", &text[..at], &text[at..]);
        }
        6 => {
            let borders: Vec<&str> = ["|", "</td>", "\n\t", "\t"]
                .into_iter()
                .filter(|border| text.contains(border))
                .collect();
            let Some(border) = borders.first() else { return text.to_owned() };
            let found: Vec<usize> = text.match_indices(border).map(|(at, _)| at).collect();
            let at = found[below(random, found.len())];
            return format!("{}{}", &text[..at], &text[at + border.len()..]);
        }
        7 => {
            let digits = places(text, |text, at| {
                let begins = !text[..at].ends_with(|c: char| c.is_ascii_digit() || c == '.');
                begins && char_at(text, at).is_ascii_digit()
            });
            let at = digits[below(random, digits.len())];
            let end =
                text[at..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |end| at + end);
            // Glued digits lose no cell; they lose digits, and become others.
            if end - at > 5 {
                return text.to_owned();
            }
            return format!("{}{}", &text[..at], &text[end..]);
        }
        8 => {
            let line = lines.remove(one);
            lines.insert(other.min(lines.len()), line);
        }
        _ => {
            let end = (one + 1 + below(random, 12)).min(count);
            lines.drain(one..end);
        }
    }
    lines.concat()
}

/// The numbers read otherwise than a person read them; none of a document that is refused.
fn wrong(report: &Report, text: &str) -> Option<Vec<String>> {
    let hints = Hints { file_name: Some(report.name.clone()), ..Hints::default() };
    let drafts = extract::read(text.as_bytes(), &hints).ok()?.drafts;
    let cells = drafts.iter().flat_map(|draft| draft.cells.iter());
    let wrong = cells.filter_map(|(measure, cell)| {
        let value = serde_json::to_value(cell.value?).unwrap_or_default();
        let expected = report.cells.get(&measure);
        (expected != Some(&value)).then(|| format!("{measure}: {expected:?} was read as {value}"))
    });
    Some(wrong.collect())
}

fn run(rounds: usize) -> (usize, usize, Vec<String>) {
    let mut random = TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha);
    let (mut documents, mut refused) = (0, 0);
    let mut found = Vec::new();
    for report in reports() {
        for round in 0..rounds {
            let damage = round % DAMAGES.len();
            let text = damaged(&report.text, damage, &mut random);
            documents += 1;
            match wrong(&report, &text) {
                None => refused += 1,
                Some(wrong) if wrong.is_empty() => {}
                Some(wrong) => {
                    if std::env::var_os("KEEP_DAMAGED").is_some() {
                        let path = std::env::temp_dir().join(format!("damaged-{}", found.len()));
                        drop(std::fs::write(path, &text));
                    }
                    let some = &wrong[..wrong.len().min(3)];
                    found.push(format!(
                        "{}, {} (round {round}): {} wrong: {some:?}",
                        report.name,
                        DAMAGES[damage],
                        wrong.len()
                    ));
                }
            }
        }
    }
    (documents, refused, found)
}

#[test]
fn of_damaged_reports_no_number_is_read_wrong() {
    let (documents, refused, wrong) = run(10);
    assert!(wrong.is_empty(), "{} of {documents}, {refused} refused: {wrong:#?}", wrong.len());
}

#[test]
#[ignore = "takes minutes"]
fn of_many_damaged_reports_few_numbers_are_read_wrong() {
    let (documents, refused, wrong) = run(60);
    assert!(wrong.is_empty(), "{} of {documents}, {refused} refused: {wrong:#?}", wrong.len());
}
