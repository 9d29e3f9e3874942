//! Real documents, damaged: none makes the reader panic or take long, and no number is read that does
//! not stand in the document.
//!
//! The damage is made from a seed, so it is the same every time. `GONGKAI_MUTATIONS` says how many
//! documents are damaged, `GONGKAI_SEED` where to begin.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use gongkai::{
    cells::Quantity,
    document::{self, Block},
    extract::draft::Hints,
    reading,
};

/// Damaged documents of an ordinary run: some ten seconds without optimisation.
const MUTATIONS: u64 = 2_000;
/// How long one may take: a hundred times what a whole document takes without optimisation.
const TIME: Duration = Duration::from_secs(10);

/// Marks that mean something to a reader.
const MARKS: [&str; 24] = [
    "<td>",
    "</td>",
    "<tr>",
    "</tr>",
    "<table>",
    "</table>",
    "<p>",
    "</p>",
    "<br>",
    "<b>",
    "<s>",
    "</div>",
    "<!--",
    "-->",
    "<td colspan=3>",
    "<td rowspan=2>",
    "|",
    "\t",
    "\n",
    " ",
    "&nbsp;",
    "<script>",
    "<pre>",
    "一、",
];

/// Numbers that follow from a seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap()
    }

    fn range(&mut self, length: usize, longest: usize) -> std::ops::Range<usize> {
        let from = self.below(length + 1);
        from..(from + self.below(longest)).min(length)
    }
}

fn folders() -> [PathBuf; 2] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    [root.join("samples/documents"), root.join("../shared/reports")]
}

/// Every document there is.
fn documents() -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = folders()
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension != "json"))
        .collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Where tags and lines begin.
fn seams(bytes: &[u8]) -> Vec<usize> {
    let is_seam = |at: &usize| matches!(bytes[*at], b'<' | b'\n' | b'>');
    (0..bytes.len()).filter(is_seam).collect()
}

/// A document with one more damage.
fn damaged(mut bytes: Vec<u8>, others: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let length = bytes.len();
    let seams = seams(&bytes);
    let seam = |chance: &mut Chance| seams.get(chance.below(seams.len())).copied().unwrap_or(0);
    match chance.below(9) {
        0 if length > 0 => {
            let at = chance.below(length);
            bytes[at] ^= 1 << chance.below(8);
        }
        1 => drop(bytes.drain(chance.range(length, 60))),
        2 => {
            let part = bytes[chance.range(length, 400)].to_vec();
            let at = chance.below(length + 1);
            bytes.splice(at..at, part);
        }
        3 => {
            let other = &others[chance.below(others.len())];
            let part = other[chance.range(other.len(), 2_000)].to_vec();
            bytes.splice(chance.range(length, 200), part);
        }
        4 => bytes.truncate(chance.below(length + 1)),
        5 => {
            let mark = MARKS[chance.below(MARKS.len())];
            let at = seam(chance);
            bytes.splice(at..at, mark.bytes());
        }
        6 => {
            let (from, to) = (seam(chance), seam(chance));
            bytes.drain(from.min(to)..to.min(from + 300).max(from.min(to)));
        }
        7 => {
            let (from, to) = (seam(chance), seam(chance));
            let part = bytes[from..(from + 200).min(length)].to_vec();
            bytes.splice(to..to, part);
        }
        _ => {
            let digits: Vec<usize> = (0..length).filter(|at| bytes[*at].is_ascii_digit()).collect();
            if let Some(at) = digits.get(chance.below(digits.len())) {
                bytes[*at] = b'0' + u8::try_from(chance.below(10)).unwrap();
            }
        }
    }
    bytes
}

/// The digits of a text, in one width, without what parts thousands.
fn digits(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc().filter(char::is_ascii_digit).collect()
}

/// The digits of every cell and of every paragraph.
fn printed(bytes: &[u8]) -> Vec<String> {
    let document = document::read(bytes).unwrap();
    let mut printed = BTreeSet::new();
    for block in &document.blocks {
        match block {
            Block::Text(paragraph) => drop(printed.insert(digits(&paragraph.text))),
            Block::Grid(grid) => {
                printed.extend(grid.rows.iter().flatten().map(|cell| digits(&cell.text)));
            }
        }
    }
    printed.into_iter().collect()
}

/// The numbers read that are printed nowhere.
fn invented(bytes: &[u8], document: &reading::CheckedDocument) -> Vec<String> {
    let printed = printed(bytes);
    let cells = document.reports.iter().flat_map(|report| report.draft.cells.iter());
    let numbers = cells.filter_map(|(measure, cell)| {
        // An amount is stored in CNY, whatever unit is printed: its cell's text has the digits.
        let number = match cell.value? {
            Quantity::Count(count) => count.unsigned_abs().to_string(),
            Quantity::Amount(_) => digits(cell.printed.as_deref().unwrap_or_default()),
        };
        let is_there = printed.iter().any(|text| text.contains(&number));
        (!is_there).then(|| format!("{measure}: {number} ({:?})", cell.printed))
    });
    numbers.collect()
}

fn number_of(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn no_damage_to_a_real_document_makes_it_panic_or_invent_a_number() {
    let documents = documents();
    let first = number_of("GONGKAI_SEED").unwrap_or(0);
    let last = first + number_of("GONGKAI_MUTATIONS").unwrap_or(MUTATIONS);
    let (mut read, mut numbers) = (0_usize, 0_usize);
    for seed in first..last {
        let mut chance = Chance(seed);
        let mut bytes = documents[chance.below(documents.len())].clone();
        for _ in 0..=chance.below(6) {
            bytes = damaged(bytes, &documents, &mut chance);
        }
        let start = Instant::now();
        let result = reading::read(&bytes, &Hints::default(), &<_>::default());
        assert!(start.elapsed() < TIME, "seed {seed} took {:?}", start.elapsed());
        let Ok(document) = result else { continue };
        let invented = invented(&bytes, &document);
        assert!(invented.is_empty(), "seed {seed}: {invented:#?}");
        read += 1;
        numbers +=
            document.reports.iter().map(|report| report.draft.cells.iter().count()).sum::<usize>();
    }
    // Most damage leaves a report; a run that reads none tests nothing.
    assert!(read as u64 > (last - first) / 4, "{read} of {} were read", last - first);
    assert!(numbers > read * 50, "{numbers} cells in {read} reports");
}
