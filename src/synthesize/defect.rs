//! Slips of the pen, one a report: each breaks one check and no other.
//!
//! A slip is of one document: the consolidated reports add up what is true.

use entity::template::{
    AppealResult, Applicant, Code, Item, ItemMeasure, LawsuitKind, Measure, RequestRow, Template,
};

use super::{dice::Dice, numbers::Numbers};

/// What is wrong in a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defect {
    /// The check that finds it.
    pub check: &'static str,
    /// The cells that do not hold the true number; none where the prose is wrong.
    pub cells: Vec<Measure>,
    /// What the prose says too much: of requests received, and of a part of them.
    pub requests_said: i64,
    pub part_said: i64,
}

/// A report in which something is to be wrong.
pub struct Place<'a> {
    pub year: i32,
    /// Whether the agency reports on the year before too.
    pub has_last: bool,
    pub numbers: &'a mut Numbers,
    pub dice: &'a mut Dice,
}

/// The ways to go wrong; each gives nothing where a report does not allow it.
const SLIPS: [fn(&mut Place<'_>) -> Option<Defect>; 10] = [
    flow,
    results,
    applicants,
    |place| appeals(place, "reviews.total", Measure::Review(AppealResult::Total)),
    |place| {
        let total = Measure::Lawsuit(LawsuitKind::Direct, AppealResult::Total);
        appeals(place, "lawsuits.direct.total", total)
    },
    |place| {
        let total = Measure::Lawsuit(LawsuitKind::AfterReview, AppealResult::Total);
        appeals(place, "lawsuits.after_review.total", total)
    },
    carry_over,
    in_force,
    prose_requests,
    prose_breakdown,
];

/// Makes a slip.
pub fn make(mut place: Place<'_>) -> Option<Defect> {
    let first = place.dice.throw(SLIPS.len());
    let slips = SLIPS.iter().cycle().skip(first).take(SLIPS.len());
    slips.into_iter().find_map(|slip| slip(&mut place))
}

impl Place<'_> {
    /// A number that is not 0, most often small.
    fn some(&mut self) -> i64 {
        1 + self.dice.throw(3) as i64
    }

    /// Adds to a row, in a column and its total.
    fn add(&mut self, row: RequestRow, column: Applicant, number: i64) -> [Measure; 2] {
        [column, Applicant::Total].map(|column| {
            let cell = Measure::Request(row, column);
            self.numbers.add(cell, number);
            cell
        })
    }
}

fn defect(check: &'static str, cells: impl Into<Vec<Measure>>) -> Option<Defect> {
    Some(Defect { check, cells: cells.into(), ..Defect::default() })
}

/// More received than handled.
fn flow(place: &mut Place<'_>) -> Option<Defect> {
    let some = place.some();
    defect("requests.flow", place.add(RequestRow::Received, Applicant::NaturalPerson, some))
}

/// A result counted that the total does not have.
fn results(place: &mut Place<'_>) -> Option<Defect> {
    let some = place.some();
    defect("requests.results", place.add(RequestRow::Granted, Applicant::NaturalPerson, some))
}

/// A number a row too low.
fn applicants(place: &mut Place<'_>) -> Option<Defect> {
    let rows: Vec<Measure> = RequestRow::ALL
        .iter()
        .filter(|row| row.form().is_result && row.is_in(Template::T2019))
        .map(|&row| Measure::Request(row, Applicant::NaturalPerson))
        .collect();
    let at = rows.windows(2).position(|pair| place.numbers.get(pair[0]) > 0)?;
    place.numbers.add(rows[at], -1);
    place.numbers.add(rows[at + 1], 1);
    defect("requests.applicants", [rows[at], rows[at + 1]])
}

fn appeals(place: &mut Place<'_>, check: &'static str, total: Measure) -> Option<Defect> {
    let some = place.some();
    place.numbers.add(total, some);
    defect(check, [total])
}

/// New ones taken for such as were carried over.
fn carry_over(place: &mut Place<'_>) -> Option<Defect> {
    let column = Applicant::NaturalPerson;
    let received = place.numbers.get(Measure::Request(RequestRow::Received, column));
    if !place.has_last || received == 0 {
        return None;
    }
    let some = place.some().min(received);
    let came = place.add(RequestRow::CarriedOverIn, column, some);
    let received = place.add(RequestRow::Received, column, -some);
    defect("years.carry_over", [came, received].concat())
}

/// Documents issued that are not in force.
fn in_force(place: &mut Place<'_>) -> Option<Defect> {
    let is_printed = Template::of_year(place.year - 1) == Some(Template::T2021);
    if !place.has_last || !is_printed {
        return None;
    }
    let issued = Measure::DisclosureItem(Item::NormativeDocuments, ItemMeasure::Issued);
    let some = place.some();
    place.numbers.add(issued, some);
    defect("years.in_force", [issued])
}

/// More requests in the prose than in the table, those carried over included.
fn prose_requests(place: &mut Place<'_>) -> Option<Defect> {
    let came = place.numbers.get(Measure::Request(RequestRow::CarriedOverIn, Applicant::Total));
    let requests_said = came + place.some();
    Some(Defect { check: "prose.requests", requests_said, ..Defect::default() })
}

/// Parts in the prose that do not add up.
fn prose_breakdown(place: &mut Place<'_>) -> Option<Defect> {
    let received = place.numbers.get(Measure::Request(RequestRow::Received, Applicant::Total));
    let part_said = place.some();
    (received > 0).then(|| Defect { check: "prose.breakdown", part_said, ..Defect::default() })
}
