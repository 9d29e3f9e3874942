//! Section 2 in glued text: the numbers of each item, where only one way to split them can be meant.
//!
//! No sum tells these numbers apart. A cell may be blank, which glued text does not show: so only what
//! every split has, blank cells among them, is read: `007`, `2648-18…`.

use std::sync::Arc;

use entity::template::{Code, Item, ItemMeasure, Measure, Template, heads};

use super::{
    Reading, ambiguous, run,
    run::{Sign, Text, pieces},
};
use crate::{
    cells::Method,
    extract::{
        label::{self, ITEM_MEASURES, ITEMS},
        money::{self, Stated, Unit},
        number,
    },
    limits,
};

/// Words behind an amount.
const UNITS: [&str; 3] = ["万元", "亿元", "元"];

/// What a cell may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Count,
    Signed,
    Amount,
}

impl Kind {
    const fn of(measure: ItemMeasure) -> Self {
        match measure {
            ItemMeasure::Change => Self::Signed,
            ItemMeasure::Amount => Self::Amount,
            _ => Self::Count,
        }
    }
}

/// The items in a text.
pub fn read(text: &Text) -> Reading {
    let mut reading = Reading::default();
    let pieces = pieces(&text.text);
    // The heads above the item, and the unit they state.
    let (mut heads, mut unit) = (String::new(), Stated::Nothing);
    let (mut last, mut end) = (0, 0);
    for piece in pieces {
        if piece.label.start < end {
            continue;
        }
        let printed = &text.text[piece.label.clone()];
        if let Some((_, above)) = printed.rsplit_once(heads::CONTENT) {
            (heads, unit) = (label::key(above), Stated::in_text(above));
        }
        let Some(item) = item_of(printed).filter(|item| item.number() > last) else { continue };
        let from = piece.run.bytes().start;
        let value = value_at(&text.text[from..]);
        last = item.number();
        end = from + value.len();
        reading.bytes = Some(reading.bytes.map_or(piece.label.start, |bytes| bytes.start)..end);
        reading.rows += 1;
        let is_closed = is_closed(&text.text[end..]);
        let template = template_of(item, &heads);
        reading.template = reading.template.or(template);
        let Some(template) = template else {
            reading.unsplit.push(item.label());
            continue;
        };
        let measures = item.measures(template);
        let assumed = (item == Item::AdministrativeFees).then_some(Unit::TEN_THOUSAND_YUAN);
        let spans = match is_closed {
            true => spans(value, measures),
            false => vec![None; measures.len()],
        };
        if spans.iter().any(Option::is_none) {
            reading.unsplit.push(item.label());
        }
        for (&measure, span) in measures.iter().zip(spans) {
            let cell = match span {
                None => ambiguous(text, from..end),
                Some(span) => {
                    let part = text.part(from + span.start..from + span.end);
                    let is_alone = measures.len() == 1;
                    let method = if is_alone { Method::Plain } else { Method::SplitByIdentities };
                    let cell = match Kind::of(measure) {
                        Kind::Amount => {
                            let amount = money::amount(&part.text, unit, assumed);
                            reading.has_assumed_unit |= amount.is_assumed;
                            amount.cell
                        }
                        kind => number::count(&part.text, kind == Kind::Signed),
                    };
                    cell.at(part.place, method)
                }
            };
            let (row, column) = (Arc::from(item.label()), Arc::from(measure.label()));
            let cell = cell.labelled(Some(&row), Some(&column));
            reading.cells.push((Measure::DisclosureItem(item, measure), cell));
        }
    }
    reading
}

/// The item a label ends with.
fn item_of(printed: &str) -> Option<Item> {
    ITEMS.fuzzy(printed).or_else(|| {
        let key = label::key(printed);
        let ends = ITEMS.keys().filter(|(known, _)| key.ends_with(known));
        ends.max_by_key(|(known, _)| known.len()).map(|(_, item)| item)
    })
}

/// The digits and signs at a text's beginning, with the unit behind them.
fn value_at(text: &str) -> &str {
    let is_value =
        |c: char| run::sign(c).is_some() || c.is_whitespace() || matches!(c, '.' | ',' | '，');
    let mut end = text.find(|c| !is_value(c)).unwrap_or(text.len());
    // A sign at the end is no part of a number.
    end = text[..end].trim_end_matches(['.', ',', '，']).len();
    if let Some(unit) = UNITS.iter().find(|unit| text[end..].starts_with(**unit)) {
        end += unit.len();
    }
    text[..end].trim_end()
}

/// Whether what follows a value shows that it ends there: nothing, a bar, another item.
fn is_closed(rest: &str) -> bool {
    let key = label::key(rest.lines().next().unwrap_or_default());
    let begins = |known: &str| key.starts_with(known);
    rest.trim().is_empty()
        || (rest.starts_with('\n') && key.is_empty())
        || begins(heads::CONTENT)
        || begins(heads::ARTICLE[0])
        || ITEMS.keys().any(|(known, _)| begins(known))
}

/// The template whose measures of the item the heads name, in its order.
fn template_of(item: Item, heads: &str) -> Option<Template> {
    let mut named: Vec<(usize, usize, ItemMeasure)> = ITEM_MEASURES
        .keys()
        .flat_map(|(known, measure)| {
            heads.match_indices(known).map(move |(at, found)| (at, at + found.len(), measure))
        })
        .collect();
    named.sort_by_key(|(from, to, _)| (*from, std::cmp::Reverse(*to)));
    let mut measures: Vec<ItemMeasure> = Vec::new();
    let mut end = 0;
    for (from, to, measure) in named {
        if from >= end {
            measures.push(measure);
            end = to;
        }
    }
    Template::ALL.iter().copied().find(|template| item.measures(*template) == measures)
}

/// Where each cell of a value stands, as far as all ways to split it have it at the same place.
fn spans(value: &str, measures: &[ItemMeasure]) -> Vec<Option<std::ops::Range<usize>>> {
    let chars: Vec<(usize, char)> =
        value.char_indices().map(|(at, c)| (at, in_one_width(c))).collect();
    if chars.len() > limits::GLUED_DIGITS {
        return vec![None; measures.len()];
    }
    let kinds: Vec<Kind> = measures.iter().map(|&measure| Kind::of(measure)).collect();
    let mut search = Search { chars: &chars, kinds: &kinds, found: None, spans: Vec::new() };
    search.from(0);
    let end_of = |at: usize| chars.get(at).map_or(value.len(), |(byte, _)| *byte);
    let agreed = search.found.unwrap_or_else(|| vec![None; kinds.len()]);
    let range = |(from, to): (usize, usize)| end_of(from)..end_of(to);
    agreed.into_iter().map(|span| span.map(range)).collect()
}

fn in_one_width(c: char) -> char {
    match run::sign(c) {
        Some(Sign::Digit(digit)) => char::from(b'0' + digit),
        Some(Sign::Slash) => '/',
        Some(Sign::Dash) => '-',
        None if c == '，' => ',',
        None => c,
    }
}

/// The search for every way to split a value.
struct Search<'a> {
    chars: &'a [(usize, char)],
    kinds: &'a [Kind],
    spans: Vec<(usize, usize)>,
    /// By cell: where it stands, if it stands there in all ways found so far.
    found: Option<Vec<Option<(usize, usize)>>>,
}

impl Search<'_> {
    fn from(&mut self, at: usize) {
        let at = at + self.chars[at..].iter().take_while(|(_, c)| c.is_whitespace()).count();
        let Some(kind) = self.kinds.get(self.spans.len()) else {
            if at == self.chars.len() {
                self.keep();
            }
            return;
        };
        for end in at..=self.chars.len() {
            let token: String = self.chars[at..end].iter().map(|(_, c)| c).collect();
            if token.is_empty() || is_cell(&token, *kind) {
                self.spans.push((at, end));
                self.from(end);
                self.spans.pop();
            }
        }
    }

    fn keep(&mut self) {
        match &mut self.found {
            None => self.found = Some(self.spans.iter().copied().map(Some).collect()),
            Some(found) => {
                for (agreed, span) in found.iter_mut().zip(&self.spans) {
                    *agreed = agreed.filter(|agreed| agreed == span);
                }
            }
        }
    }
}

/// Whether a cell may hold this and nothing else.
fn is_cell(token: &str, kind: Kind) -> bool {
    if matches!(token, "/" | "-" | "--") {
        return true;
    }
    let is_whole = |digits: &str| {
        let first_is_zero = digits.starts_with('0') && digits.len() > 1;
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && !first_is_zero
    };
    let is_grouped = |digits: &str| {
        let mut groups = digits.split(',');
        let first = groups.next().unwrap_or_default();
        is_whole(first)
            && first.len() <= 3
            && groups.all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_number = |digits: &str| is_whole(digits) || is_grouped(digits);
    match kind {
        Kind::Count => is_number(token),
        Kind::Signed => is_number(token.strip_prefix(['-', '+']).unwrap_or(token)),
        Kind::Amount => {
            let number = token.trim_end_matches(['万', '亿', '元']);
            let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
            is_number(whole) && decimals.bytes().all(|b| b.is_ascii_digit()) && !decimals.is_empty()
        }
    }
}
