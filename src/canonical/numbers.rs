//! The numbers of a report as handed in -> cells.
//!
//! A cell that is null, or left out of a row that is there, has no number; a row that is left out is
//! not in the report. Never rounds: an amount is a string.

use std::str::FromStr;

use entity::template::{
    AppealResult, Applicant, CellState, Code, Item, ItemMeasure, LawsuitKind, Measure, RequestRow,
};
use rust_decimal::Decimal;

use super::{node::Node, tree::Tree};
use crate::{
    cells::{Cell, Cells, Method, Quantity},
    error::Result,
    limits,
};

/// The largest count that is kept.
const LARGEST_COUNT: i64 = 10_i64.pow(limits::NUMBER_DIGITS as u32) - 1;

fn codes<C: Code>() -> impl Iterator<Item = &'static str> {
    C::ALL.iter().map(|code| code.code())
}

/// The value of a name that `fields` let through.
fn known<C: Code>(name: &str, node: &Node<'_>) -> Result<C> {
    C::of(name).ok_or_else(|| node.wrong("this is not known"))
}

pub fn disclosure_items(node: &Node<'_>, cells: &mut Cells) -> Result<()> {
    for (name, item_node) in node.fields(codes::<Item>())? {
        let item: Item = known(name, &item_node)?;
        let is_cell = |measure: &&ItemMeasure| {
            Measure::cells().contains(&Measure::DisclosureItem(item, **measure))
        };
        let measures = ItemMeasure::ALL.iter().filter(is_cell).map(|measure| measure.code());
        for (name, node) in item_node.fields(measures)? {
            cell(&node, Measure::DisclosureItem(item, known(name, &node)?), cells)?;
        }
    }
    Ok(())
}

pub fn requests(node: &Node<'_>, cells: &mut Cells) -> Result<()> {
    for (name, row_node) in node.fields(codes::<RequestRow>())? {
        let row = known(name, &row_node)?;
        for (name, node) in row_node.fields(codes::<Applicant>())? {
            cell(&node, Measure::Request(row, known(name, &node)?), cells)?;
        }
    }
    Ok(())
}

pub fn reviews(node: &Node<'_>, cells: &mut Cells) -> Result<()> {
    for (name, node) in node.fields(codes::<AppealResult>())? {
        cell(&node, Measure::Review(known(name, &node)?), cells)?;
    }
    Ok(())
}

pub fn lawsuits(node: &Node<'_>, cells: &mut Cells) -> Result<()> {
    for (name, kind_node) in node.fields(codes::<LawsuitKind>())? {
        let kind = known(name, &kind_node)?;
        for (name, node) in kind_node.fields(codes::<AppealResult>())? {
            cell(&node, Measure::Lawsuit(kind, known(name, &node)?), cells)?;
        }
    }
    Ok(())
}

fn cell(node: &Node<'_>, measure: Measure, cells: &mut Cells) -> Result<()> {
    let cell = match node.tree {
        Tree::Null => Cell::missing(CellState::Blank),
        _ if measure.is_amount() => amount(node)?,
        _ => Cell::reported(Quantity::Count(count(node, measure)?)),
    };
    cells.set(measure, cell.at(None, Method::Stated));
    Ok(())
}

fn count(node: &Node<'_>, measure: Measure) -> Result<i64> {
    let count = node.integer()?;
    let may_be_negative = matches!(measure, Measure::DisclosureItem(_, ItemMeasure::Change));
    if count < 0 && !may_be_negative {
        return Err(node
            .wrong(format_args!("{count} is less than nothing"))
            .allowed(["0 or more"]));
    }
    if count.unsigned_abs() > LARGEST_COUNT.unsigned_abs() {
        let digits = limits::NUMBER_DIGITS;
        return Err(node.wrong(format_args!("{count} has more than {digits} digits")));
    }
    Ok(count)
}

fn amount(node: &Node<'_>) -> Result<Cell> {
    let text = match node.tree {
        Tree::Text(text) => text,
        _ => {
            let what = "an amount is a string in CNY, since programs round numbers";
            return Err(node.wrong(what).allowed(["\"2510.00\""]));
        }
    };
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_decimal = match digits.split_once('.') {
        Some((whole, part)) => is_digits(whole) && is_digits(part),
        None => is_digits(digits),
    };
    let amount = Decimal::from_str_exact(text).ok().filter(|_| is_decimal);
    match amount.and_then(Quantity::amount) {
        Some(amount) => Ok(Cell::reported(amount).printed(text)),
        None => {
            let what = format_args!("{text:?} is no amount in CNY that can be kept exactly");
            Err(node.wrong(what).allowed(["\"2510.00\", six decimals at most"]))
        }
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Why cells have no number, by their addresses.
pub fn cell_states(node: &Node<'_>, cells: &mut Cells) -> Result<()> {
    let addresses: Vec<String> = match node.tree {
        Tree::Object(object) => object.iter().map(|(address, _)| address.clone()).collect(),
        _ => Vec::new(),
    };
    for (address, node) in node.fields(addresses.iter().map(String::as_str))? {
        let measure = Measure::from_str(address)
            .ok()
            .filter(|measure| measure.is_cell() && Measure::cells().contains(measure));
        let Some(measure) = measure else {
            let codes: Vec<String> = Measure::cells().iter().map(|cell| cell.cell_code()).collect();
            let near = crate::error::nearest(address, codes.iter().map(String::as_str));
            let wrong = node.wrong(format_args!("{address:?} is no cell of the form"));
            return Err(wrong.allowed(near.map(str::to_owned)));
        };
        let Some(state) = node.code::<CellState>()? else { continue };
        match (cells.get(measure).value, state) {
            (Some(_), CellState::Reported) => {}
            (Some(_), _) => {
                let what = format_args!("{address} has a number, so it is not {state}");
                return Err(node.wrong(what).allowed([CellState::Reported.code()]));
            }
            (None, CellState::Reported) => {
                return Err(
                    node.wrong(format_args!("{address} has no number, so it is not reported"))
                );
            }
            (None, _) => cells.set(measure, Cell::missing(state).at(None, Method::Stated)),
        }
    }
    Ok(())
}
