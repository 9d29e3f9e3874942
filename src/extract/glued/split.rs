//! Every way to take a run of digits apart into so many cells.
//!
//! A cell holds a number without leading zeros, or one of the signs for none. White space is a border
//! between cells. Refuses runs that are too long, and gives up where there are too many ways.

use super::run::{Atom, Sign};
use crate::limits;

/// A cell of a split: the atoms it is made of.
pub type Span = (usize, usize);

/// The number a span holds; a sign for none counts 0.
pub fn value(atoms: &[Atom], (from, to): Span) -> i64 {
    atoms[from..to].iter().fold(0, |value, atom| match atom.sign {
        Sign::Digit(digit) => value * 10 + i64::from(digit),
        _ => value,
    })
}

/// Calls `found` with every split of the atoms into so many cells; false where there are too many.
pub fn each(atoms: &[Atom], cells: usize, found: &mut dyn FnMut(&[Span])) -> bool {
    if atoms.len() > limits::GLUED_DIGITS {
        return false;
    }
    let least = least_cells(atoms);
    let mut search =
        Search { atoms, cells, least, spans: Vec::new(), left: limits::GLUED_STEPS, found };
    search.from(0)
}

/// Where cells that begin at an atom may end.
pub fn ends(atoms: &[Atom], from: usize) -> impl Iterator<Item = usize> {
    let first = atoms.get(from).map(|atom| atom.sign);
    let longest = match first {
        None => 0,
        Some(Sign::Digit(0) | Sign::Slash) => 1,
        // Two dashes may be one sign.
        Some(Sign::Dash) => 2,
        Some(Sign::Digit(_)) => limits::GLUED_NUMBER_DIGITS,
    };
    let is_same = move |atom: &Atom| {
        let is_digit = |sign| matches!(sign, Sign::Digit(_));
        !atom.is_apart
            && first
                .is_some_and(|first| first == atom.sign || (is_digit(first) && is_digit(atom.sign)))
    };
    let first_atom = atoms.get(from).map(|_| from + 1);
    let more = (from + 1..atoms.len().min(from + longest))
        .take_while(move |&at| is_same(&atoms[at]))
        .map(|at| at + 1);
    first_atom.into_iter().chain(more)
}

/// By atom: the fewest cells it and all behind it can be.
fn least_cells(atoms: &[Atom]) -> Vec<usize> {
    let mut least = vec![0; atoms.len() + 1];
    for from in (0..atoms.len()).rev() {
        least[from] = 1 + ends(atoms, from).map(|end| least[end]).min().unwrap_or(0);
    }
    least
}

struct Search<'a> {
    atoms: &'a [Atom],
    cells: usize,
    least: Vec<usize>,
    spans: Vec<Span>,
    /// Steps that may still be taken.
    left: usize,
    found: &'a mut dyn FnMut(&[Span]),
}

impl Search<'_> {
    fn from(&mut self, at: usize) -> bool {
        let cells = self.cells - self.spans.len();
        let atoms = self.atoms.len() - at;
        if cells > atoms || self.least[at] > cells {
            return true;
        }
        if cells == 0 {
            (self.found)(&self.spans);
            return true;
        }
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        let ends: Vec<usize> = ends(self.atoms, at).collect();
        ends.into_iter().all(|end| {
            self.spans.push((at, end));
            let goes_on = self.from(end);
            self.spans.pop();
            goes_on
        })
    }
}

/// How likely it is that numbers that have nothing to do with each other look like a sum: the last digits
/// of a total are met by chance. 0 where the sum is of another length.
pub fn chance(sum: i64, total: i64) -> f64 {
    let digits = |number: i64| number.checked_ilog10().map_or(1, |log| log + 1);
    if digits(sum) != digits(total) {
        return 0.0;
    }
    match digits(total) {
        1 => 0.1,
        more => 1.0 / (9.0 * 10_f64.powi(i32::try_from(more).unwrap_or(i32::MAX) - 1)),
    }
}
