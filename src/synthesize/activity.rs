//! What an agency does in a year -> the numbers of its report.
//!
//! Consistent in themselves and from year to year: what is carried over comes in again, what is in
//! force follows from the year before. An agency that does not report on a year carries nothing over
//! into it or out of it, and one that misses any has no documents in force: so the reports of an area, which add up
//! those that were made, agree from year to year too.

use std::ops::RangeInclusive;

use entity::template::{
    AppealResult, Applicant, Code, Item, ItemMeasure, LawsuitKind, Level, Measure, RequestRow,
    Template,
};

use super::{agency::Agency, departments::Work, dice::Dice, numbers::Numbers, plan::has_gap};

/// The logarithm of how much busier an agency is than a county's.
fn of_level(level: Level) -> f64 {
    match level {
        Level::Township | Level::County => 0.0,
        Level::Prefecture => 1.4,
        Level::Province => 2.6,
        Level::National => 4.6,
    }
}

/// How different agencies of one kind are, as the deviation of a logarithm.
const DEVIATION: f64 = 1.2;
/// How different the years of an agency are.
const YEAR_DEVIATION: f64 = 0.3;
/// Requests grow by this share of the first year's each year.
const GROWTH: f64 = 0.06;
/// The busiest cities' agencies receive some thousands in a year; the tail ends here.
const REQUESTS_MOST: f64 = 30_000.0;
/// Requests that are carried over to the next year.
const CARRIED_OVER: f64 = 0.05;
const REVIEWS: f64 = 0.04;
const LAWSUITS_DIRECT: f64 = 0.015;
const LAWSUITS_AFTER_REVIEW: f64 = 0.3;
/// Made new and given up in a year, as shares of what there is.
const MADE: f64 = 0.1;
const ENDED: f64 = 0.08;
/// Coercion is so much rarer than penalties, as a logarithm.
const COERCION: f64 = -2.0;
/// Fees of an agency and year at most, in CNY: so that all of the country's can be added up.
const FEES_MOST: f64 = 20_000_000.0;
/// Millionths of a CNY in a fen, the smallest coin.
const FEN: i64 = 10_000;

/// How often requests of an applicant come.
fn applicants(column: Applicant) -> f64 {
    match column {
        Applicant::NaturalPerson => 0.86,
        Applicant::CommercialEnterprise => 0.08,
        Applicant::ResearchInstitution => 0.005,
        Applicant::PublicWelfareOrganization => 0.01,
        Applicant::LegalServiceOrganization => 0.025,
        Applicant::Other => 0.02,
        Applicant::Total => 0.0,
    }
}

/// How often a request ends in a row of the matrix; 0 for rows that are no results.
fn outcomes(row: RequestRow) -> f64 {
    use RequestRow as R;
    match row {
        R::Received | R::CarriedOverIn | R::Total | R::CarriedOverOut => 0.0,
        R::Granted => 0.44,
        R::PartiallyGranted => 0.07,
        R::DeniedStateSecret | R::DeniedSecurityAndStability => 0.003,
        R::DeniedProhibitedByLaw | R::DeniedAdministrativeInquiry => 0.01,
        R::DeniedThirdPartyRights | R::DeniedInternalAffairs => 0.012,
        R::DeniedProcessInformation | R::DeniedEnforcementFiles => 0.02,
        R::NotHeld => 0.22,
        R::RequiresCreation | R::PetitionOrComplaint => 0.04,
        R::UnclearAfterCorrection | R::Repeated | R::NotCorrectedInTime => 0.02,
        R::PublishedMaterial | R::ExcessiveRepetition | R::Reconfirmation => 0.006,
        R::FeeUnpaid => 0.001,
        R::Other => 0.035,
    }
}

fn results(result: AppealResult) -> f64 {
    match result {
        AppealResult::Upheld => 0.55,
        AppealResult::Corrected => 0.14,
        AppealResult::Other => 0.19,
        AppealResult::Pending => 0.12,
        AppealResult::Total => 0.0,
    }
}

/// An agency as it is: what differs from agency to agency and stays from year to year.
struct Character {
    dice: Dice,
    /// Requests of a year.
    requests: f64,
    /// How large it is beside others of its kind, as a logarithm.
    size: f64,
    applicants: Vec<f64>,
    /// By row, in the form's order.
    outcomes: Vec<f64>,
}

/// The numbers of an agency in each year it reports on; `place` says how busy its region is beside
/// others, as a logarithm.
pub fn years(
    agency: &Agency,
    seed: u64,
    place: f64,
    span: &RangeInclusive<i32>,
    reported: &[i32],
) -> Vec<(i32, Numbers)> {
    let work = agency.work;
    let mut dice = agency.dice(seed, "activity");
    let size = of_level(agency.region.level) + place;
    let requests = dice.heavy(work.requests + size, DEVIATION).min(REQUESTS_MOST);
    let applicants: Vec<f64> =
        columns().map(|column| applicants(column) * dice.heavy(0.0, 0.4)).collect();
    let outcomes =
        RequestRow::ALL.iter().map(|&row| outcomes(row) * dice.heavy(0.0, 0.6)).collect();
    let mut character = Character { dice, requests, size, applicants, outcomes };
    let mut stock = match has_gap(reported, span) {
        true => Item::ALL.iter().map(|_| 0).collect(),
        false => character.stock(work),
    };
    let mut carried_over = None;
    let mut years = Vec::new();
    for &year in reported {
        let template = Template::of_year(year).unwrap_or(Template::T2019);
        let mut numbers = Numbers::default();
        let was_there = year == *span.start() || reported.contains(&(year - 1));
        let came = carried_over.take().filter(|_| was_there);
        let goes_on = year == *span.end() || reported.contains(&(year + 1));
        let came = came.unwrap_or_else(|| character.first_carried_over(year == *span.start()));
        let growth = 1.0 + GROWTH * f64::from(year - span.start());
        carried_over = Some(character.requests(template, growth, came, goes_on, &mut numbers));
        character.appeals(&mut numbers);
        character.disclosure(work, template, &mut stock, &mut numbers);
        years.push((year, numbers));
    }
    years
}

/// The columns of applicants, without their total.
fn columns() -> impl Iterator<Item = Applicant> {
    Applicant::ALL.iter().copied().filter(|column| *column != Applicant::Total)
}

impl Character {
    /// What the first year takes over of the one before, in each column.
    fn first_carried_over(&mut self, is_first: bool) -> Vec<i64> {
        let count = if is_first { self.dice.count(self.requests * CARRIED_OVER) } else { 0 };
        self.dice.split(count, &self.applicants)
    }

    /// The requests matrix; gives what is carried over in each column.
    fn requests(
        &mut self,
        template: Template,
        growth: f64,
        came: Vec<i64>,
        goes_on: bool,
        numbers: &mut Numbers,
    ) -> Vec<i64> {
        let expected = self.requests * growth * self.dice.heavy(0.0, YEAR_DEVIATION);
        let received = self.dice.count(expected);
        let received = self.dice.split(received, &self.applicants);
        let rows: Vec<RequestRow> = RequestRow::ALL
            .iter()
            .copied()
            .filter(|row| row.form().is_result && row.is_in(template))
            .collect();
        let weights: Vec<f64> =
            rows.iter().map(|row| self.outcomes[row.number() as usize - 1]).collect();
        let mut carried_over = Vec::new();
        for ((column, received), came) in columns().zip(received).zip(came) {
            let open = received + came;
            let out = if goes_on { self.dice.some_of(open, CARRIED_OVER) } else { 0 };
            let mut add = |row, count| {
                for column in [column, Applicant::Total] {
                    numbers.add(Measure::Request(row, column), count);
                }
            };
            add(RequestRow::Received, received);
            add(RequestRow::CarriedOverIn, came);
            add(RequestRow::Total, open - out);
            add(RequestRow::CarriedOverOut, out);
            for (&row, count) in rows.iter().zip(self.dice.split(open - out, &weights)) {
                add(row, count);
            }
            carried_over.push(out);
        }
        carried_over
    }

    /// Reviews and lawsuits.
    fn appeals(&mut self, numbers: &mut Numbers) {
        let done = numbers.get(Measure::Request(RequestRow::Total, Applicant::Total));
        let reviews = self.dice.some_of(done, REVIEWS);
        self.appeal(reviews, Measure::Review, numbers);
        let direct = self.dice.some_of(done, LAWSUITS_DIRECT);
        self.appeal(direct, |result| Measure::Lawsuit(LawsuitKind::Direct, result), numbers);
        let after = self.dice.some_of(reviews, LAWSUITS_AFTER_REVIEW);
        self.appeal(after, |result| Measure::Lawsuit(LawsuitKind::AfterReview, result), numbers);
    }

    fn appeal(
        &mut self,
        count: i64,
        cell: impl Fn(AppealResult) -> Measure,
        numbers: &mut Numbers,
    ) {
        let parts: Vec<AppealResult> = AppealResult::ALL
            .iter()
            .copied()
            .filter(|result| *result != AppealResult::Total)
            .collect();
        let weights: Vec<f64> = parts.iter().map(|&result| results(result)).collect();
        for (&result, part) in parts.iter().zip(self.dice.split(count, &weights)) {
            numbers.add(cell(result), part);
        }
        numbers.add(cell(AppealResult::Total), count);
    }

    /// What an agency begins with: documents in force, items it decides on.
    fn stock(&mut self, work: &Work) -> Vec<i64> {
        let begin = |item: &Item| {
            let items = |is_its_work: bool| is_its_work.then_some(2.0);
            let mean = match item {
                Item::Rules => work.rules,
                Item::NormativeDocuments => Some(work.documents + self.size * 0.3),
                Item::AdministrativeLicensing | Item::OtherPublicServices => {
                    items(work.licensing.is_some())
                }
                Item::AdministrativePenalties | Item::AdministrativeCoercion => {
                    items(work.penalties.is_some())
                }
                Item::AdministrativeFees => work.fees.map(|_| 0.5),
                Item::CentralizedProcurement => None,
            };
            mean.map_or(0, |mean| {
                let begin = self.dice.heavy(mean, 0.7);
                self.dice.count(begin)
            })
        };
        Item::ALL.iter().map(begin).collect()
    }

    /// Section 2.
    fn disclosure(
        &mut self,
        work: &Work,
        template: Template,
        stock: &mut [i64],
        numbers: &mut Numbers,
    ) {
        for (&item, stock) in Item::ALL.iter().zip(stock) {
            let before = *stock;
            let made = self.dice.count(before as f64 * MADE);
            let ended = self.dice.some_of(before, ENDED);
            *stock += made - ended;
            let decisions = match item {
                Item::AdministrativeLicensing => work.licensing,
                Item::OtherPublicServices => work.licensing.map(|mean| mean + 1.0),
                Item::AdministrativePenalties => work.penalties,
                Item::AdministrativeCoercion => work.penalties.map(|mean| mean + COERCION),
                Item::CentralizedProcurement => Some(1.5),
                Item::Rules | Item::NormativeDocuments | Item::AdministrativeFees => None,
            };
            let decisions = decisions.map_or(0, |mean| {
                let expected = self.dice.heavy(mean + self.size * 0.6, 0.9);
                self.dice.count(expected)
            });
            for &measure in item.measures(template) {
                let number = match measure {
                    ItemMeasure::Issued | ItemMeasure::NewlyMade | ItemMeasure::NewlyDisclosed => {
                        made
                    }
                    ItemMeasure::Repealed => ended,
                    ItemMeasure::InForce | ItemMeasure::TotalDisclosed => *stock,
                    ItemMeasure::PreviousItems => before,
                    ItemMeasure::Change => made - ended,
                    ItemMeasure::Decisions | ItemMeasure::Projects => decisions,
                    ItemMeasure::Amount => self.amount(item, work, decisions),
                };
                numbers.set(Measure::DisclosureItem(item, measure), number);
            }
        }
    }

    /// Money in millionths of a CNY, in whole fen.
    fn amount(&mut self, item: Item, work: &Work, projects: i64) -> i64 {
        let cny = match (item, work.fees) {
            (Item::CentralizedProcurement, _) => projects as f64 * self.dice.heavy(11.0, 0.8),
            (_, Some(fees)) => self.dice.heavy(fees + self.size * 0.6, 1.0),
            (_, None) => 0.0,
        };
        self.dice.count(cny.min(FEES_MOST) * 100.0) * FEN
    }
}
