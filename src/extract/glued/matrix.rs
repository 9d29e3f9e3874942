//! Which split of each row of the requests matrix is meant.
//!
//! Takes the rows' runs; gives for each the one split that can be meant, or none. A split must add up to
//! the row's total. Where more than one does, the columns decide, if exactly one choice for all rows
//! makes a whole family of columns add up. The agency itself may have added up wrongly: a row that the
//! columns do not bear out is taken only where nothing speaks for another split of it.

use entity::template::{Applicant, Code as _, RequestRow};

use super::{
    run::Atom,
    split::{self, Span},
};
use crate::limits;

/// The columns of the matrix.
pub const COLUMNS: usize = Applicant::ALL.len();
/// Numbers of a row, the total last.
type Values = [i64; COLUMNS];

/// A split of a row whose total is the sum of the others.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub values: Values,
    pub spans: [Span; COLUMNS],
}

/// A row, and the ways its digits can be meant.
#[derive(Clone, Debug)]
pub struct Row {
    pub row: RequestRow,
    /// The digits; without the last, too, where that may number the next label.
    variants: Vec<Vec<Atom>>,
    /// The splits that add up.
    pub candidates: Vec<Candidate>,
    /// All splits.
    splits: usize,
    /// How many splits can be expected to add up by chance.
    chance: f64,
    /// Whether a split with blank cells adds up as well.
    may_have_blanks: bool,
}

/// How sure a row without the columns' help must be: the product of how often rows do not add up and of
/// how many splits add up by chance.
const DOUBT: f64 = 0.000_1;
/// Rows that do not add up, of all rows met in reports: one in a thousand. Counted in beforehand, as
/// if this many rows had been seen.
const ROWS_SEEN: (f64, f64) = (0.05, 50.0);

impl Row {
    /// A row's ways to be meant; the first variant is of all its digits.
    pub fn of(row: RequestRow, variants: Vec<Vec<Atom>>) -> Self {
        let mut candidates: Vec<Candidate> = Vec::new();
        let (mut splits, mut chance) = (0_usize, 0.0);
        let mut is_whole = true;
        for atoms in &variants {
            is_whole &= split::each(atoms, COLUMNS, &mut |spans| {
                splits += 1;
                let Ok(spans) = <[Span; COLUMNS]>::try_from(spans) else { return };
                let values = spans.map(|span| split::value(atoms, span));
                let sum = parts(&values);
                let total = values[COLUMNS - 1];
                chance += split::chance(sum, total);
                if sum == total {
                    candidates.push(Candidate { values, spans });
                }
            });
        }
        if !is_whole {
            candidates.clear();
        }
        let is_to_ask = candidates.len() == 1 && splits > 1;
        let may_have_blanks = is_to_ask && variants.iter().any(|atoms| adds_up_with_blanks(atoms));
        Self { row, variants, candidates, splits, chance, may_have_blanks }
    }

    /// A row that stands there twice, with other digits.
    pub fn is_of_other_digits(&self, variants: &[Vec<Atom>]) -> bool {
        let signs = |variants: &[Vec<Atom>]| {
            variants.first().map(|atoms| atoms.iter().map(|atom| atom.sign).collect::<Vec<_>>())
        };
        signs(&self.variants) != signs(variants)
    }
}

/// Whether the digits of fewer cells than seven add up, so that some may be blank.
fn adds_up_with_blanks(atoms: &[Atom]) -> bool {
    let mut adds_up = false;
    for cells in 2..COLUMNS {
        let is_whole = split::each(atoms, cells, &mut |spans| {
            let Some((total, parts)) = spans.split_last() else { return };
            let total = split::value(atoms, *total);
            let sum: i64 = parts.iter().map(|span| split::value(atoms, *span)).sum();
            adds_up |= sum == total && total > 0;
        });
        if adds_up || !is_whole {
            return true;
        }
    }
    false
}

fn parts(values: &Values) -> i64 {
    values[..COLUMNS - 1].iter().sum()
}

/// Rows whose columns add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    /// The total is the sum of the results.
    Results,
    /// What came in and was carried over is what was dealt with and is carried over.
    Flow,
}

impl Family {
    const ALL: [Self; 2] = [Self::Results, Self::Flow];

    /// The side of the sum a row stands on; 0 where it is not of the family.
    fn side(self, row: RequestRow) -> i64 {
        match (self, row) {
            (_, RequestRow::Total) => -1,
            (Self::Results, row) => i64::from(row.form().is_result),
            (Self::Flow, RequestRow::Received | RequestRow::CarriedOverIn) => 1,
            (Self::Flow, RequestRow::CarriedOverOut) => -1,
            (Self::Flow, _) => 0,
        }
    }

    /// Whether its rows are there, each with a split that adds up.
    fn is_whole(self, rows: &[Row]) -> bool {
        let of = || rows.iter().filter(|row| self.side(row.row) != 0);
        let has_total = of().any(|row| row.row == RequestRow::Total);
        let is_whole = match self {
            Self::Results => of().count() > 2,
            Self::Flow => of().count() == 4,
        };
        has_total && is_whole && of().all(|row| !row.candidates.is_empty())
    }

    /// By how much its columns do not add up.
    fn remainder(self, rows: &[Row], choice: &[usize]) -> Values {
        let mut remainder = [0; COLUMNS];
        for (row, &chosen) in rows.iter().zip(choice) {
            if let Some(candidate) = row.candidates.get(chosen) {
                add(&mut remainder, self.side(row.row), &candidate.values);
            }
        }
        remainder
    }
}

fn add(sum: &mut Values, side: i64, values: &Values) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += side * value;
    }
}

/// For each row the candidate that is meant, as far as that can be told.
pub fn decide(rows: &[Row]) -> Vec<Option<usize>> {
    let whole: Vec<Family> =
        Family::ALL.into_iter().filter(|family| family.is_whole(rows)).collect();
    let mut meant = vec![Meant::Unknown; rows.len()];
    if whole.len() < 2 || !agree(rows, &whole, &mut meant) {
        for family in &whole {
            agree(rows, &[*family], &mut meant);
        }
    }
    let broken = rows.iter().filter(|row| row.candidates.is_empty()).count();
    let (of_broken, of_rows) = ROWS_SEEN;
    let share_broken = (broken as f64 + of_broken) / (rows.len() as f64 + of_rows);
    let alone = |index: usize| {
        let row: &Row = &rows[index];
        let is_sure = row.splits == 1
            || (share_broken * row.chance < DOUBT && !is_better_otherwise(rows, index, &whole));
        (row.candidates.len() == 1 && !row.may_have_blanks && is_sure).then_some(0)
    };
    let decided = meant.iter().enumerate().map(|(index, meant)| match meant {
        Meant::Candidate(candidate) => Some(*candidate),
        Meant::Contradicted => None,
        Meant::Unknown => alone(index),
    });
    decided.collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meant {
    Unknown,
    Candidate(usize),
    Contradicted,
}

/// Finds the choices for which all columns of the families add up, and takes of each row what all of them
/// have. Whether there is any.
fn agree(rows: &[Row], families: &[Family], meant: &mut [Meant]) -> bool {
    let is_of = |row: &Row| families.iter().any(|family| family.side(row.row) != 0);
    let open: Vec<usize> = (0..rows.len())
        .filter(|&index| is_of(&rows[index]) && rows[index].candidates.len() > 1)
        .collect();
    let choices = open.iter().try_fold(1_usize, |choices, &index| {
        choices
            .checked_mul(rows[index].candidates.len())
            .filter(|choices| *choices <= limits::GLUED_CHOICES)
    });
    let Some(choices) = choices else { return false };
    let mut solution: Option<Vec<Option<usize>>> = None;
    for number in 0..choices {
        let mut choice = vec![0; rows.len()];
        let mut rest = number;
        for &index in &open {
            choice[index] = rest % rows[index].candidates.len();
            rest /= rows[index].candidates.len();
        }
        if families.iter().any(|family| family.remainder(rows, &choice) != [0; COLUMNS]) {
            continue;
        }
        match &mut solution {
            None => solution = Some(choice.into_iter().map(Some).collect()),
            Some(solution) => {
                for (agreed, chosen) in solution.iter_mut().zip(choice) {
                    *agreed = agreed.filter(|agreed| *agreed == chosen);
                }
            }
        }
    }
    let Some(solution) = solution else { return false };
    for (index, agreed) in
        solution.into_iter().enumerate().filter(|(index, _)| is_of(&rows[*index]))
    {
        meant[index] = match (meant[index], agreed) {
            (Meant::Candidate(before), Some(agreed)) if before != agreed => Meant::Contradicted,
            (before, None) => before,
            (Meant::Contradicted, _) => Meant::Contradicted,
            (_, Some(agreed)) => Meant::Candidate(agreed),
        };
    }
    true
}

/// Whether the matrix has no more errors where the row is split otherwise, be it that it does not add up.
fn is_better_otherwise(rows: &[Row], index: usize, whole: &[Family]) -> bool {
    let choice = vec![0; rows.len()];
    let row = &rows[index];
    let families: Vec<(i64, Values)> = whole
        .iter()
        .filter(|family| family.side(row.row) != 0)
        .map(|family| (family.side(row.row), family.remainder(rows, &choice)))
        .collect();
    let errors = |families: &[(i64, Values)]| -> usize {
        families.iter().map(|(_, values)| values.iter().filter(|value| **value != 0).count()).sum()
    };
    let errors_now = errors(&families);
    let Some(now) = row.candidates.first() else { return false };
    let mut is_better = false;
    for atoms in &row.variants {
        split::each(atoms, COLUMNS, &mut |spans| {
            let Ok(spans) = <[Span; COLUMNS]>::try_from(spans) else { return };
            let values = spans.map(|span| split::value(atoms, span));
            if values == now.values {
                return;
            }
            let mut otherwise = families.clone();
            for (side, remainder) in &mut otherwise {
                add(remainder, -*side, &now.values);
                add(remainder, *side, &values);
            }
            let row_error = usize::from(parts(&values) != values[COLUMNS - 1]);
            is_better |= !families.is_empty() && errors(&otherwise) + row_error <= errors_now;
        });
    }
    is_better
}
