//! Reports of any numbers, and what is to be read of each.

use std::collections::BTreeMap;

use entity::template::{
    AppealResult, Applicant, CellState, Code, Item, ItemMeasure, LawsuitKind, Measure, RequestRow,
    Template,
};
use gongkai::{
    cells::{Cell, Quantity},
    extract::{self, draft::Hints},
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::reading::form::{self, Report, Table};

/// A report's numbers as printed, and how it is printed.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Of the table of section 2.
    pub template: Template,
    /// Of the requests table: agencies mix them.
    pub requests: Template,
    pub left_out: Vec<RequestRow>,
    pub printed: BTreeMap<String, String>,
}

/// What an agency prints where it has nothing to count.
#[derive(Clone, Copy, Debug)]
struct Zero {
    text: &'static str,
    everywhere: bool,
}

/// How numbers are written.
#[derive(Clone, Copy, Debug)]
enum Digits {
    Plain,
    Grouped,
    FullWidth,
}

/// Rows that copies of the form lack, none of them the first of a group.
const OPTIONAL: [RequestRow; 5] = [
    RequestRow::DeniedAdministrativeInquiry,
    RequestRow::RequiresCreation,
    RequestRow::PublishedMaterial,
    RequestRow::ExcessiveRepetition,
    RequestRow::FeeUnpaid,
];

fn count() -> impl Strategy<Value = i64> {
    prop_oneof![12 => Just(0), 6 => 1_i64..60, 2 => 60_i64..5_000, 1 => 10_000_000_i64..99_999_999]
}

fn zero() -> impl Strategy<Value = Zero> {
    let text = prop::sample::select(vec!["0", "0", "", "/", "-", "—", "无"]);
    (text, any::<bool>()).prop_map(|(text, everywhere)| Zero { text, everywhere })
}

fn digits() -> impl Strategy<Value = Digits> {
    prop_oneof![6 => Just(Digits::Plain), 1 => Just(Digits::Grouped), 1 => Just(Digits::FullWidth)]
}

fn money() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("0".to_owned()),
        (1_u32..9_999).prop_map(|whole| whole.to_string()),
        (0_u32..9_999, 1_u32..99).prop_map(|(whole, cents)| format!("{whole}.{cents:02}")),
        (0_u32..9_999, 1_u32..999_999).prop_map(|(whole, part)| format!("{whole}.{part:06}")),
    ]
}

fn template() -> impl Strategy<Value = Template> {
    prop_oneof![Just(Template::T2021), Just(Template::T2019)]
}

/// A table's rows without its spans.
pub type Rows = fn(&Table) -> Vec<Vec<String>>;

/// What becomes of the cells that spans cover: blanks, blanks where they are below, nothing.
pub fn rows() -> impl Strategy<Value = Rows> {
    prop::sample::select(vec![form::padded as Rows, form::ragged, form::narrow])
}

/// Any report.
pub fn sample() -> impl Strategy<Value = Sample> {
    (
        (template(), prop::bool::weighted(0.2)),
        prop::sample::subsequence(OPTIONAL.to_vec(), 0..=1),
        prop::collection::vec(count(), 400),
        prop::collection::vec(money(), 4),
        (zero(), digits()),
        // How many numbers do not add up.
        prop_oneof![2 => Just(0_usize), 1 => 1_usize..6],
    )
        .prop_map(|((template, is_mixed), left_out, counts, money, (zero, digits), errors)| {
            let other = if template == Template::T2021 { Template::T2019 } else { Template::T2021 };
            let requests = if is_mixed { other } else { template };
            let mut numbers = Numbers { counts, next: 0, values: BTreeMap::new() };
            numbers.requests(requests, &left_out);
            numbers.appeals();
            numbers.disclosure_items(template);
            numbers.mistake(errors);
            let mut printed: BTreeMap<String, String> = numbers
                .values
                .iter()
                .map(|(measure, number)| (measure.clone(), write(*number, measure, zero, digits)))
                .collect();
            let amounts =
                Item::ALL.iter().map(|&item| Measure::DisclosureItem(item, ItemMeasure::Amount));
            for (measure, amount) in amounts.filter(|amount| amount.is_in(template)).zip(money) {
                printed.insert(measure.cell_code(), amount);
            }
            Sample { template, requests, left_out, printed }
        })
}

fn write(number: i64, measure: &str, zero: Zero, digits: Digits) -> String {
    let is_organization = ["enterprise", "institution", "organization", ".other"]
        .iter()
        .any(|column| measure.contains(column));
    // One number at least is printed: a report without any is the blank form.
    if number == 0 && (zero.everywhere || is_organization) {
        return zero.text.to_owned();
    }
    let plain = number.to_string();
    match digits {
        Digits::Plain => plain,
        Digits::Grouped if number >= 1_000 => {
            let (head, tail) = plain.split_at(plain.len() - 3);
            if head.len() > 3 {
                let (million, head) = head.split_at(head.len() - 3);
                format!("{million},{head},{tail}")
            } else {
                format!("{head},{tail}")
            }
        }
        Digits::Grouped => plain,
        Digits::FullWidth => plain
            .chars()
            .map(|c| c.to_digit(10).and_then(|d| char::from_u32('０' as u32 + d)).unwrap_or(c))
            .collect(),
    }
}

struct Numbers {
    counts: Vec<i64>,
    next: usize,
    values: BTreeMap<String, i64>,
}

impl Numbers {
    fn draw(&mut self) -> i64 {
        self.next += 1;
        self.counts[self.next % self.counts.len()]
    }

    fn set(&mut self, measure: Measure, number: i64) {
        self.values.insert(measure.cell_code(), number);
    }

    /// A matrix that adds up, along its rows and down its columns.
    fn requests(&mut self, template: Template, left_out: &[RequestRow]) {
        let columns = Applicant::ALL.iter().filter(|column| **column != Applicant::Total);
        let columns: Vec<Applicant> = columns.copied().collect();
        let rows: Vec<RequestRow> = RequestRow::ALL
            .iter()
            .copied()
            .filter(|row| row.is_in(template) && !left_out.contains(row))
            .collect();
        let is_result = |row: &RequestRow| row.form().is_result;
        for &column in &columns {
            let mut total = 0;
            for &row in rows.iter().filter(|row| is_result(row)) {
                let number = self.draw();
                total += number;
                self.set(Measure::Request(row, column), number);
            }
            // One applicant at least: a report of blanks is the blank form.
            let out = self.draw() + i64::from(column == Applicant::NaturalPerson);
            let carried = self.draw().min(total + out);
            self.set(Measure::Request(RequestRow::Total, column), total);
            self.set(Measure::Request(RequestRow::CarriedOverOut, column), out);
            self.set(Measure::Request(RequestRow::CarriedOverIn, column), carried);
            self.set(Measure::Request(RequestRow::Received, column), total + out - carried);
        }
        for &row in &rows {
            let cells = columns.iter().map(|&column| Measure::Request(row, column).cell_code());
            let total = cells.map(|code| self.values[&code]).sum();
            self.set(Measure::Request(row, Applicant::Total), total);
        }
    }

    fn appeals(&mut self) {
        let of_kind: Vec<Box<dyn Fn(AppealResult) -> Measure>> = vec![
            Box::new(Measure::Review),
            Box::new(|result| Measure::Lawsuit(LawsuitKind::Direct, result)),
            Box::new(|result| Measure::Lawsuit(LawsuitKind::AfterReview, result)),
        ];
        for measure in of_kind {
            let mut total = 0;
            for &result in AppealResult::ALL.iter().filter(|result| **result != AppealResult::Total)
            {
                let number = self.draw() % 1_000;
                total += number;
                self.set(measure(result), number);
            }
            self.set(measure(AppealResult::Total), total);
        }
    }

    fn disclosure_items(&mut self, template: Template) {
        for &item in Item::ALL {
            for &measure in item.measures(template) {
                let number = self.draw();
                let signed = measure == ItemMeasure::Change && number % 2 == 1;
                if measure != ItemMeasure::Amount {
                    let measure = Measure::DisclosureItem(item, measure);
                    self.set(measure, if signed { -number } else { number });
                }
            }
        }
    }

    /// Numbers that agencies get wrong, one a row: two in a row can make it look like one whose cells
    /// moved.
    fn mistake(&mut self, errors: usize) {
        let row = |code: &str| code.rsplit_once('.').map_or(String::new(), |(row, _)| row.into());
        let mut codes: Vec<String> = self.values.keys().cloned().collect();
        for _ in 0..errors {
            let at = usize::try_from(self.draw()).unwrap_or(0) * 31 + self.next * 7;
            let code = codes[at % codes.len()].clone();
            codes.retain(|other| row(other) != row(&code));
            if let Some(number) = self.values.get_mut(&code).filter(|number| **number >= 0) {
                *number += 11;
            }
        }
    }
}

impl Sample {
    fn text_of(&self, measure: Measure) -> String {
        self.printed.get(&measure.cell_code()).cloned().unwrap_or_default()
    }

    /// The report, to be rendered.
    pub fn report(&self) -> Report {
        let of = |template| form::report(template, &|measure| self.text_of(measure));
        let mut report = of(self.template);
        report.tables[1] = of(self.requests).tables[1].clone();
        for row in &self.left_out {
            without_row(&mut report.tables[1], row.label());
        }
        report
    }

    /// What was read otherwise than printed. `may_be_marked`: whether a number may be marked as one that
    /// cannot be read.
    pub fn differences(&self, bytes: &[u8], may_be_marked: bool) -> Vec<String> {
        let draft = match extract::read(bytes, &Hints::default()) {
            Ok(reading) => reading.drafts.into_iter().next().unwrap(),
            Err(error) => return vec![error.to_string()],
        };
        let mut wrong = Vec::new();
        for &measure in Measure::cells() {
            let cell = draft.cells.get(measure);
            let printed = self.printed.get(&measure.cell_code());
            let is_marked = cell.value.is_none() && cell.state != CellState::Blank;
            if !(is_same(measure, printed, cell) || may_be_marked && is_marked) {
                wrong.push(format!("{measure}: printed {printed:?}, read as {cell:?}"));
            }
        }
        if !wrong.is_empty() {
            wrong.extend(draft.notes.iter().map(|note| format!("{}: {}", note.code, note.message)));
        }
        wrong
    }
}

/// Whether a cell holds what is printed: the number, exactly, or that there is none.
fn is_same(measure: Measure, printed: Option<&String>, cell: &Cell) -> bool {
    let Some(printed) = printed else { return cell.value.is_none() };
    let none = match printed.as_str() {
        "" => Some(CellState::Blank),
        "/" => Some(CellState::Slash),
        "-" | "—" => Some(CellState::Dash),
        "无" => Some(CellState::None),
        _ => None,
    };
    if let Some(state) = none {
        return cell.value.is_none() && cell.state == state;
    }
    let plain: String = printed
        .chars()
        .filter(|c| *c != ',')
        .map(|c| if ('０'..='９').contains(&c) { char::from(c as u8 - 0x10 + b'0') } else { c })
        .collect();
    let number: Decimal = plain.parse().unwrap();
    // The form as it is rendered states 万元 for the fees, 元 for procurement.
    let in_ten_thousands = matches!(measure, Measure::DisclosureItem(Item::AdministrativeFees, _));
    let factor = if measure.is_amount() && in_ten_thousands { 10_000 } else { 1 };
    cell.value.map(Quantity::decimal) == Some(number * Decimal::from(factor))
}

/// Takes out the row of a label; what spans it spans one row less.
fn without_row(table: &mut Table, label: &str) {
    let is_it = |row: &Vec<form::Cell>| row.iter().any(|cell| cell.text.ends_with(label));
    let Some(at) = table.iter().position(is_it) else { return };
    assert!(table[at].iter().all(|cell| cell.rows == 1), "{label} begins a group");
    for (index, row) in table[..at].iter_mut().enumerate() {
        for cell in row.iter_mut().filter(|cell| index + cell.rows > at) {
            cell.rows -= 1;
        }
    }
    table.remove(at);
}
