//! Section 4 in glued text: fifteen numbers, three times four and their total.

use std::sync::Arc;

use entity::template::{AppealResult, Code, LawsuitKind, Measure, heads};

use super::{
    Reading, ambiguous, cell,
    run::{Atom, Text, end_of, goes_on, pieces},
    split::{self, Span},
};
use crate::{extract::label, limits};

/// Numbers of a kind, its total last.
const RESULTS: usize = AppealResult::ALL.len();
/// Reviews, and the two kinds of lawsuits.
const KINDS: usize = 3;
/// Splits that can be expected to add up by chance where one is still taken: no other number of the
/// report bears it out.
const CHANCE: f64 = 0.005;

/// The numbers of section 4 in a text.
pub fn read(text: &Text) -> Reading {
    let mut reading = Reading::default();
    let heads = heads_in_order();
    let pieces = pieces(&text.text);
    let is_headed = |label: &str| label::key(label).ends_with(&heads);
    let Some(piece) = pieces.iter().find(|piece| is_headed(&text.text[piece.label.clone()])) else {
        return reading;
    };
    let run = &piece.run;
    let atoms = match run.has_mark {
        true => &run.atoms[..run.atoms.len() - 1],
        false => &run.atoms[..],
    };
    let spans = split(atoms).filter(|_| !goes_on(&text.text, run));
    for (index, measure) in measures().into_iter().enumerate() {
        let read = match &spans {
            Some(spans) => cell(text, atoms, spans[index]),
            None => ambiguous(text, run.bytes()),
        };
        let head = Arc::from(AppealResult::ALL[index % RESULTS].label());
        let read = read.labelled(None, Some(&head));
        reading.cells.push((measure, read));
    }
    match spans {
        Some(_) => reading.split += 1,
        None => reading.unsplit.push(heads::REVIEWS),
    }
    reading.rows = 1;
    let end = match goes_on(&text.text, run) {
        true => end_of(&text.text, run),
        false => atoms.last().map_or(piece.label.end, |last| last.bytes.end),
    };
    reading.bytes = Some(piece.label.start..end);
    reading
}

fn measures() -> Vec<Measure> {
    let reviews = AppealResult::ALL.iter().map(|&result| Measure::Review(result));
    let lawsuits = LawsuitKind::ALL.iter().flat_map(|&kind| {
        AppealResult::ALL.iter().map(move |&result| Measure::Lawsuit(kind, result))
    });
    reviews.chain(lawsuits).collect()
}

/// The heads of the form in the order in which its rows print them.
fn heads_in_order() -> String {
    let results: String = AppealResult::ALL.iter().map(|result| result.label()).collect();
    let kinds: String = LawsuitKind::ALL.iter().map(|kind| kind.label()).collect();
    format!("{}{}{results}{kinds}{results}{results}", heads::REVIEWS, heads::LAWSUITS)
}

/// The one split in which every total is the sum of its four; none where there are more or none, or where
/// one could be expected by chance.
fn split(atoms: &[Atom]) -> Option<Vec<Span>> {
    if atoms.len() > limits::GLUED_DIGITS {
        return None;
    }
    let mut kinds = Kinds { atoms, left: limits::GLUED_STEPS, from: Vec::new() };
    for from in 0..=atoms.len() {
        kinds.from.push(Vec::new());
        if !kinds.collect(from, from, &mut Vec::new()) {
            return None;
        }
    }
    let (ways, by_chance) = kinds.chains();
    let spans = kinds.only_chain(&ways)?;
    let is_sure = by_chance < CHANCE || atoms.len() == KINDS * RESULTS;
    is_sure.then_some(spans)
}

/// The ways to read a kind's five numbers, by the atom they begin at.
struct Kinds<'a> {
    atoms: &'a [Atom],
    /// Steps that may still be taken.
    left: usize,
    from: Vec<Vec<Kind>>,
}

/// Five numbers, the atom behind them, whether they add up, and else how likely they do by chance.
struct Kind {
    spans: Vec<Span>,
    end: usize,
    adds_up: bool,
    chance: f64,
}

impl Kinds<'_> {
    fn collect(&mut self, from: usize, at: usize, spans: &mut Vec<Span>) -> bool {
        if spans.len() == RESULTS {
            let values: Vec<i64> =
                spans.iter().map(|span| split::value(self.atoms, *span)).collect();
            let (total, sum) = (values[RESULTS - 1], values[..RESULTS - 1].iter().sum());
            let chance = split::chance(sum, total);
            if total == sum || chance > 0.0 {
                let adds_up = total == sum;
                self.from[from].push(Kind { spans: spans.clone(), end: at, adds_up, chance });
            }
            return true;
        }
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        let ends: Vec<usize> = split::ends(self.atoms, at).collect();
        ends.into_iter().all(|end| {
            spans.push((at, end));
            let goes_on = self.collect(from, end, spans);
            spans.pop();
            goes_on
        })
    }

    /// By number of kinds and first atom: in how many ways so many kinds that add up reach the last atom;
    /// and how many chains of three can be expected to add up by chance.
    fn chains(&self) -> (Vec<Vec<u64>>, f64) {
        let last = self.atoms.len();
        let mut ways = vec![vec![0; last + 1]];
        let mut chances = vec![0.0; last + 1];
        (ways[0][last], chances[last]) = (1, 1.0);
        for number in 0..KINDS {
            let before: &Vec<u64> = &ways[number];
            let of = |from: &Vec<Kind>| -> u64 {
                let ends = from.iter().filter(|kind| kind.adds_up).map(|kind| before[kind.end]);
                ends.fold(0, u64::saturating_add)
            };
            let next = self.from.iter().map(of).collect();
            let chance =
                |from: &Vec<Kind>| from.iter().map(|kind| kind.chance * chances[kind.end]).sum();
            chances = self.from.iter().map(chance).collect();
            ways.push(next);
        }
        (ways, chances[0])
    }

    /// The numbers of the one chain of three kinds that add up; none where there are none or more.
    fn only_chain(&self, ways: &[Vec<u64>]) -> Option<Vec<Span>> {
        if ways[KINDS][0] != 1 {
            return None;
        }
        let mut spans = Vec::new();
        let mut at = 0;
        for left in (0..KINDS).rev() {
            let mut kinds = self.from[at].iter();
            let kind = kinds.find(|kind| kind.adds_up && ways[left][kind.end] == 1)?;
            spans.extend(&kind.spans);
            at = kind.end;
        }
        Some(spans)
    }
}
