//! The identities of the form (勾稽关系).

use entity::template::{Identity, Measure, identities};

use super::{Check, Deadlines, Finding};
use crate::{
    cells::{Cell, Cells, Quantity},
    extract::draft::Draft,
};

/// Cells of a side named in a sentence; the sum of twenty is named as one.
const CELLS_NAMED: usize = 6;

/// The words of a language for a sum.
struct Words {
    label: fn(Measure) -> String,
    number: fn(String, Quantity) -> String,
    rest: fn(usize) -> String,
    plus: &'static str,
}

const ENGLISH: Words = Words {
    label: Measure::label_en,
    number: |label, value| format!("{label} ({value})"),
    rest: |cells| format!("{cells} more cells"),
    plus: " + ",
};
const CHINESE: Words = Words {
    label: Measure::label,
    number: |label, value| format!("{label}（{value}）"),
    rest: |cells| format!("其余{cells}项"),
    plus: "+ ",
};

/// The identities of a check that do not hold. One with an unknown cell is not checked, nor is one of
/// whose cells none is reported.
pub(super) fn run(check: &Check, draft: &Draft, _: &Deadlines) -> Vec<Finding> {
    let mut findings = Vec::new();
    for identity in identities().iter().filter(|identity| identity.check == check.id) {
        let cells: Vec<Measure> = identity.left.iter().chain(&identity.right).copied().collect();
        if cells.iter().all(|&cell| draft.cells.get(cell).value.is_none()) {
            continue;
        }
        let sides = draft.cells.sum(&identity.left).ok().zip(draft.cells.sum(&identity.right).ok());
        let Some((left, right)) = sides.filter(|(left, right)| left != right) else { continue };
        let [left_name, right_name] =
            [&identity.left, &identity.right].map(|side| name(side, &draft.cells, &ENGLISH));
        let [left_name_zh, right_name_zh] =
            [&identity.left, &identity.right].map(|side| name(side, &draft.cells, &CHINESE));
        findings.push(Finding {
            check: check.id,
            severity: check.severity,
            cells,
            left: Some(left),
            right: Some(right),
            message: format!("{left_name} is {left}, but {right_name} is {right}"),
            message_zh: format!("{left_name_zh}为{left}，而{right_name_zh}为{right}"),
        });
    }
    findings
}

/// How much of a report the identities say something about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Identities that could be checked: no cell of theirs is unknown, and at least one is reported.
    pub checked: usize,
    /// Identities of the form.
    pub identities: usize,
    /// Cells that are ambiguous or unreadable.
    pub unknown_cells: usize,
}

impl std::iter::Sum for Coverage {
    fn sum<I: Iterator<Item = Self>>(several: I) -> Self {
        several.fold(Self::default(), |sum, one| Self {
            checked: sum.checked + one.checked,
            identities: sum.identities + one.identities,
            unknown_cells: sum.unknown_cells + one.unknown_cells,
        })
    }
}

/// How much of a report could be checked.
#[must_use]
pub fn coverage(draft: &Draft) -> Coverage {
    let is_checked = |identity: &&Identity| {
        let mut cells = identity.left.iter().chain(&identity.right);
        cells.any(|&cell| draft.cells.get(cell).value.is_some())
            && draft.cells.sum(&identity.left).is_ok()
            && draft.cells.sum(&identity.right).is_ok()
    };
    let is_unknown = |cell: &Cell| cell.value.is_none() && !cell.state.counts_as_zero();
    Coverage {
        checked: identities().iter().filter(is_checked).count(),
        identities: identities().len(),
        unknown_cells: draft.cells.iter().filter(|(_, cell)| is_unknown(cell)).count(),
    }
}

/// A side in words: its cells with their numbers, those that hold 0 left out where there are many.
fn name(side: &[Measure], cells: &Cells, words: &Words) -> String {
    let Words { label, number, rest, plus } = words;
    let is_long = side.len() > CELLS_NAMED;
    let worth = |cell: Measure| cells.get(cell).value;
    let named: Vec<Measure> = side
        .iter()
        .copied()
        .filter(|&cell| !is_long || worth(cell).is_some_and(|value| !value.is_zero()))
        .take(CELLS_NAMED)
        .collect();
    let mut parts: Vec<String> = named
        .iter()
        .map(|&cell| match worth(cell) {
            Some(value) if side.len() > 1 => number(label(cell), value),
            _ => label(cell),
        })
        .collect();
    let others = side.len() - named.len();
    if others > 0 {
        parts.push(rest(others));
    }
    parts.join(plus)
}
