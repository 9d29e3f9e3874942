//! Section 4: reviews and lawsuits, fifteen numbers in a row.
//!
//! Takes the section's tables; gives the numbers under their heads: by position where every number has
//! its result and its kind above it, else by order where the heads are the form's and the numbers are
//! as many as they.

use std::{collections::BTreeMap, sync::Arc};

use entity::template::{AppealResult, CellState, Code, LawsuitKind, Measure, heads};
use rust_decimal::Decimal;

use super::{
    label::{self, LAWSUITS, RESULTS},
    notes::Notes,
    number,
    table::{Part, Table, Tables},
};
use crate::{
    cells::{Cell, Cells, Method, Quantity},
    document,
    place::Place,
};

/// What the numbers of a table, or of some of its columns, are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Review,
    Lawsuit(LawsuitKind),
}

const KINDS: [Kind; 3] =
    [Kind::Review, Kind::Lawsuit(LawsuitKind::Direct), Kind::Lawsuit(LawsuitKind::AfterReview)];

impl Kind {
    fn measure(self, result: AppealResult) -> Measure {
        match self {
            Self::Review => Measure::Review(result),
            Self::Lawsuit(kind) => Measure::Lawsuit(kind, result),
        }
    }

    /// The kind a head names.
    fn of_head(text: &str) -> Option<Self> {
        let review = label::is_head(text, heads::REVIEWS).then_some(Self::Review);
        review.or_else(|| LAWSUITS.fuzzy(text).map(Self::Lawsuit))
    }

    /// The kind a caption names: `行政诉讼（未经复议直接起诉）`.
    fn of_caption(text: &str) -> Option<Self> {
        let key = label::key(text);
        let lawsuit = LawsuitKind::ALL.iter().find(|kind| key.contains(&label::key(kind.label())));
        match lawsuit {
            Some(&kind) => Some(Self::Lawsuit(kind)),
            None => Self::of_head(text),
        }
    }
}

/// Reads the section's tables into the cells.
pub fn read(tables: &Tables, cells: &mut Cells, notes: &mut Notes) {
    for table in tables.of(Part::Appeals) {
        read_table(table, cells, notes);
    }
}

fn read_table(table: &Table, cells: &mut Cells, notes: &mut Notes) {
    let rows: Vec<&[document::Cell]> = table.rows.iter().flat_map(|row| split(row)).collect();
    let (head_rows, value_rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| is_head(row));
    if head_rows.is_empty() {
        return;
    }
    let filled: Vec<&[document::Cell]> = value_rows
        .iter()
        .copied()
        .filter(|row| row.iter().any(|cell| !cell.text.is_empty()))
        .collect();
    // Numbers stand in one row; a blank one is meant where no other is there.
    let rows = if filled.is_empty() { &value_rows[..value_rows.len().min(1)] } else { &filled[..] };
    let caption_text =
        table.captions.iter().rev().find(|caption| Kind::of_caption(caption).is_some());
    let caption = caption_text.and_then(|caption| Kind::of_caption(caption));
    let labels = labels_of(&head_rows, caption_text.map(String::as_str));
    let narrowest = table.rows.iter().map(Vec::len).min().unwrap_or(0);
    for row in rows {
        let by_position = by_position(&head_rows, row, caption)
            .or_else(|| by_groups(&head_rows, row))
            .zip(Some(Method::Plain));
        let by_order = || by_order(&head_rows, row, caption, narrowest).zip(Some(Method::InOrder));
        let Some((measures, method)) = by_position.or_else(by_order) else {
            unsplit(&head_rows, row, caption, cells, notes);
            continue;
        };
        for (measure, printed) in measures {
            let text = &*printed.text;
            let cell = number::count(text, false)
                .at(printed.place, method)
                .labelled(None, labels.get(&measure));
            if matches!(cell.state, CellState::Unreadable | CellState::Ambiguous) {
                let message =
                    format!("{} holds {text:?}, which is not one number", measure.label());
                notes.add("unreadable_cell", message);
            }
            super::set(cells, notes, measure, cell);
        }
    }
}

/// Numbers that cannot be told apart are ambiguous.
fn unsplit(
    heads: &[&[document::Cell]],
    row: &[document::Cell],
    caption: Option<Kind>,
    cells: &mut Cells,
    notes: &mut Notes,
) {
    let printed = row.iter().map(|cell| &*cell.text).collect::<Vec<_>>().join(" ");
    if !row.iter().any(|cell| number::is_value(&cell.text)) {
        return;
    }
    // A list of indicators has such a row, too.
    if !heads.iter().copied().flatten().any(|cell| RESULTS.fuzzy(&cell.text).is_some()) {
        let message =
            format!("section 4 has numbers that no head of the form stands over: {printed:?}");
        return notes.add("unknown_row", message);
    }
    notes.add(
        "unsplit_row",
        format!("the numbers of reviews and lawsuits cannot be told apart: {printed:?}"),
    );
    let named = KINDS.into_iter().filter(|kind| {
        heads.iter().copied().flatten().any(|cell| Kind::of_head(&cell.text) == Some(*kind))
    });
    let kinds: Vec<Kind> = named.chain(caption).collect();
    for kind in kinds {
        for &result in AppealResult::ALL {
            let place = row.iter().filter_map(|cell| cell.place).reduce(Place::and);
            let cell =
                Cell::missing(CellState::Ambiguous).printed(printed.as_str()).at(place, None);
            super::set(cells, notes, kind.measure(result), cell);
        }
    }
}

/// A row in which heads run into numbers, taken apart.
fn split(row: &[document::Cell]) -> Vec<&[document::Cell]> {
    match row.iter().rposition(is_head_cell) {
        Some(last)
            if row[last + 1..]
                .iter()
                .any(|cell| number::is_value(&cell.text) && !cell.text.is_empty()) =>
        {
            vec![&row[..=last], &row[last + 1..]]
        }
        _ => vec![row],
    }
}

/// The heads as printed, from the outside in, by the number that stands below them.
fn labels_of(heads: &[&[document::Cell]], caption: Option<&str>) -> BTreeMap<Measure, Arc<str>> {
    let printed = |is: &dyn Fn(&str) -> bool| {
        let cells = heads.iter().copied().flatten();
        cells.map(|cell| &*cell.text).find(|text| is(text)).map(|text| text.replace('\n', ""))
    };
    let mut labels = BTreeMap::new();
    for kind in KINDS {
        let of_kind = printed(&|text| Kind::of_head(text) == Some(kind)).or_else(|| {
            caption.filter(|caption| Kind::of_caption(caption) == Some(kind)).map(str::to_owned)
        });
        for &result in AppealResult::ALL {
            let of_result = printed(&|text| RESULTS.fuzzy(text) == Some(result));
            if let (Some(kind_label), Some(result_label)) = (&of_kind, of_result) {
                let label = format!("{kind_label} {result_label}");
                labels.insert(kind.measure(result), Arc::from(label));
            }
        }
    }
    labels
}

fn is_head_cell(cell: &document::Cell) -> bool {
    let text = &cell.text;
    RESULTS.fuzzy(text).is_some()
        || Kind::of_head(text).is_some()
        || label::is_head(text, heads::LAWSUITS)
}

fn is_head(row: &[document::Cell]) -> bool {
    row.iter().any(is_head_cell)
}

/// The numbers under their heads; none unless every number has one of its own.
fn by_position<'a>(
    heads: &[&[document::Cell]],
    row: &'a [document::Cell],
    caption: Option<Kind>,
) -> Option<Vec<(Measure, &'a document::Cell)>> {
    let has_kinds = heads.iter().copied().flatten().any(|cell| Kind::of_head(&cell.text).is_some());
    let mut read: Vec<(Measure, &document::Cell)> = Vec::new();
    for (column, cell) in row.iter().enumerate() {
        let above = || heads.iter().filter_map(|row| row.get(column));
        let mut results = above().filter_map(|cell| RESULTS.fuzzy(&cell.text));
        let mut kinds = above().filter_map(|cell| Kind::of_head(&cell.text));
        let (result, kind) = (results.next(), kinds.next());
        if results.any(|other| Some(other) != result) || kinds.any(|other| Some(other) != kind) {
            return None;
        }
        let kind = if has_kinds { kind } else { caption };
        match result.zip(kind) {
            Some((result, kind)) if !cell.is_continuation => {
                read.push((kind.measure(result), cell))
            }
            None if cell.text.is_empty() => {}
            _ => return None,
        }
    }
    let is_repeated = |at: usize| read[..at].iter().any(|(measure, _)| *measure == read[at].0);
    let is_whole = !read.is_empty() && read.len().is_multiple_of(AppealResult::ALL.len());
    (is_whole && !(0..read.len()).any(is_repeated)).then_some(read)
}

/// The numbers under their results, where the kinds' heads lost their spans and each stands over the
/// first of its five: no other kind can begin there.
fn by_groups<'a>(
    heads: &[&[document::Cell]],
    row: &'a [document::Cell],
) -> Option<Vec<(Measure, &'a document::Cell)>> {
    let above = |column: usize| heads.iter().filter_map(move |row| row.get(column));
    let mut read: Vec<(Measure, &document::Cell)> = Vec::new();
    for (index, group) in row.chunks(AppealResult::ALL.len()).enumerate() {
        let first = index * AppealResult::ALL.len();
        let kind = above(first).filter_map(|cell| Kind::of_head(&cell.text)).next_back()?;
        for ((&result, cell), column) in AppealResult::ALL.iter().zip(group).zip(first..) {
            let mut results = above(column).filter_map(|cell| RESULTS.fuzzy(&cell.text));
            let mut kinds = above(column).filter_map(|cell| Kind::of_head(&cell.text));
            let is_its_own = results.next() == Some(result) && results.next().is_none();
            if !is_its_own || kinds.any(|other| other != kind) || cell.is_continuation {
                return None;
            }
            read.push((kind.measure(result), cell));
        }
    }
    (!is_shifted(row)
        && read.len() == KINDS.len() * AppealResult::ALL.len()
        && heads.iter().all(|head| head.len() <= row.len()))
    .then_some(read)
}

/// The numbers in the order of the heads, where the heads are the form's in the form's order. A row that
/// has more cells than the narrowest was not filled up with blanks.
fn by_order<'a>(
    heads: &[&[document::Cell]],
    row: &'a [document::Cell],
    caption: Option<Kind>,
    narrowest: usize,
) -> Option<Vec<(Measure, &'a document::Cell)>> {
    let is_unfilled = row.len() > narrowest;
    let cells = || heads.iter().copied().flatten().filter(|cell| !cell.is_continuation);
    let results: Vec<AppealResult> = cells().filter_map(|cell| RESULTS.fuzzy(&cell.text)).collect();
    let kinds: Vec<Kind> = cells().filter_map(|cell| Kind::of_head(&cell.text)).collect();
    let kinds = if kinds.is_empty() { caption.into_iter().collect() } else { kinds };
    let is_form = kinds == KINDS || kinds.len() == 1;
    let measures: Vec<Measure> = kinds
        .iter()
        .flat_map(|kind| AppealResult::ALL.iter().map(|&result| kind.measure(result)))
        .collect();
    let is_form =
        is_form && results.chunks(AppealResult::ALL.len()).all(|chunk| chunk == AppealResult::ALL);
    let blank = row.iter().rev().take_while(|cell| cell.text.is_empty()).count();
    let row = &row[..row.len() - blank.min(row.len().saturating_sub(measures.len()))];
    let is_whole = is_form && results.len() == measures.len() && row.len() == measures.len();
    let is_merged = row.iter().any(|cell| cell.is_continuation && !cell.text.is_empty());
    (is_whole && !is_merged && (is_unfilled || is_sure(row)))
        .then(|| measures.into_iter().zip(row).collect())
}

/// Whether no number can be missing: no blank stands at an end, or the totals are their parts' sums.
fn is_sure(row: &[document::Cell]) -> bool {
    let has_blank_end =
        [row.first(), row.last()].into_iter().flatten().any(|cell| cell.text.is_empty());
    let is_blank = row.iter().all(|cell| cell.text.is_empty());
    is_blank || !has_blank_end || adds_up(&worths(row))
}

/// Whether the numbers seem to have moved: the last total is blank over parts that are not, and all adds
/// up if a cell without a number was lost somewhere and the row filled up at its end.
fn is_shifted(row: &[document::Cell]) -> bool {
    let worths = worths(row);
    let Some((last, before)) = row.split_last() else { return false };
    let moved = &worths[..before.len()];
    last.text.is_empty()
        && !adds_up(&worths)
        && (0..=moved.len()).any(|lost| {
            let (kept, moved) = moved.split_at(lost);
            adds_up(&[kept, &[Decimal::ZERO], moved].concat())
        })
}

fn worths(row: &[document::Cell]) -> Vec<Decimal> {
    let worth = |cell: &document::Cell| {
        number::count(&cell.text, false).value.map_or(Decimal::ZERO, Quantity::decimal)
    };
    row.iter().map(worth).collect()
}

/// Whether each kind's total is the sum of its results.
fn adds_up(worths: &[Decimal]) -> bool {
    worths.chunks(AppealResult::ALL.len()).all(|kind| match kind {
        [parts @ .., total] => parts.iter().sum::<Decimal>() == *total,
        [] => true,
    })
}
