//! Made-up reports of a whole country, for load tests and demonstrations.
//!
//! Takes how many, a seed and a span of years; gives reports one at a time, each marked as made up: the
//! agencies of an area first, then the area's consolidated report, which adds them up. The same seed
//! gives the same reports, and holds an area at a time in memory. Refuses more than the country has
//! agencies for. Never touches the database.

mod activity;
mod agency;
mod defect;
mod departments;
mod dice;
mod numbers;
mod plan;
mod prose;
mod words;

use std::ops::{ControlFlow, RangeInclusive};

use chrono::{Days, NaiveDate};
use entity::template::{Level, Scope, Template};

use crate::{
    canonical,
    error::{Error, Result},
    extract::draft::{Contact, Draft, Note, Period},
    regions::{self, NATION, Region},
};
use agency::Agency;
pub use defect::Defect;
use defect::Place;
use dice::Dice;
use numbers::{Numbers, Zeros};
use plan::Plan;
use prose::Prose;

/// The first year of the national form.
const FIRST_YEAR: i32 = 2019;
/// How different regions are in how much is asked, as the deviation of a logarithm.
const REGION_DEVIATION: f64 = 0.6;
/// Agencies that leave cells blank, or print a slash, where they have nothing.
const BLANK: f64 = 0.03;
const SLASH: f64 = 0.01;
/// Reports that are published after their day.
const LATE: f64 = 0.03;
/// What follows a title.
const TITLE_MARK: &str = "（模拟数据）";

/// What to make up.
#[derive(Clone, Debug)]
pub struct Order {
    pub reports: usize,
    pub seed: u64,
    pub years: RangeInclusive<i32>,
    /// The share of reports in which something is wrong.
    pub defects: f64,
}

/// A made-up report.
#[derive(Clone, Debug)]
pub struct MadeUp {
    pub draft: Draft,
    /// What is wrong in it.
    pub defect: Option<Defect>,
}

impl MadeUp {
    /// As a canonical report.
    #[must_use]
    pub fn canonical(&self) -> canonical::Report {
        let source = canonical::Source {
            url: None,
            media_type: canonical::MEDIA_TYPE.to_owned(),
            // Of no document: whoever takes it in says what its bytes are.
            sha256: String::new(),
        };
        canonical::Report::of_draft(&self.draft, &[], source)
    }
}

/// Reports to be made up.
pub struct Synthesis {
    order: Order,
    plan: Plan,
}

impl Synthesis {
    /// Chooses who reports.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn new(order: Order) -> Result<Self> {
        let Order { reports, seed, ref years, defects } = order;
        if reports == 0 {
            let wrong = Error::invalid("reports", "no report at all is nothing to make up");
            return Err(wrong.allowed(["1 or more"]));
        }
        if *years.start() < FIRST_YEAR {
            let detail = format!("the national form begins with {FIRST_YEAR}");
            return Err(Error::invalid("years", detail).allowed([format!("{FIRST_YEAR}..2025")]));
        }
        if !(0.0..=1.0).contains(&defects) {
            let wrong = Error::invalid("defects", format!("{defects} is no share of reports"));
            return Err(wrong.allowed(["0 to 1: 0.02 is two in a hundred"]));
        }
        let plan = Plan::new(reports, seed, years.clone())?;
        Ok(Self { order, plan })
    }

    /// Makes the reports up, one at a time, until no more are wanted.
    pub fn run(&self, each: &mut dyn FnMut(MadeUp) -> ControlFlow<()>) -> ControlFlow<()> {
        match regions::get(NATION) {
            Some(nation) => self.area(nation, 0.0, each).map_continue(drop),
            None => ControlFlow::Continue(()),
        }
    }

    /// An area's reports, those of the areas within first; gives the sums of each year.
    fn area(
        &self,
        region: &'static Region,
        place: f64,
        each: &mut dyn FnMut(MadeUp) -> ControlFlow<()>,
    ) -> ControlFlow<(), Vec<Numbers>> {
        let Order { seed, years: span, .. } = &self.order;
        let mut dice = Dice::of(*seed, &["region", &region.code]);
        let place = place + REGION_DEVIATION * dice.normal();
        let mut sums = vec![Numbers::default(); span.clone().count()];
        let below = self.plan.below(region);
        for inner in below.iter().filter(|inner| inner.level != Level::Township) {
            for (sum, of_inner) in sums.iter_mut().zip(self.area(inner, place, each)?) {
                sum.add_all(&of_inner);
            }
        }
        let mut governments = Vec::new();
        for (agency, years) in self.plan.reporting(region) {
            if agency.scope == Scope::Consolidated {
                governments.push((agency, years));
                continue;
            }
            for (year, numbers) in activity::years(&agency, *seed, place, span, &years) {
                sums[(year - span.start()) as usize].add_all(&numbers);
                each(self.report(&agency, year, &years, numbers))?;
            }
        }
        for (agency, years) in governments {
            for &year in &years {
                let numbers = sums[(year - span.start()) as usize].clone();
                each(self.report(&agency, year, &years, numbers))?;
            }
        }
        ControlFlow::Continue(sums)
    }

    fn report(&self, agency: &Agency, year: i32, years: &[i32], mut numbers: Numbers) -> MadeUp {
        let Order { seed, defects, .. } = self.order;
        let zeros = zeros(agency, seed);
        let mut dice =
            Dice::of(seed, &["report", &agency.region.code, agency.own_name, &year.to_string()]);
        let published_on = published_on(agency.scope, year, &mut dice);
        let has_last = years.contains(&(year - 1));
        // What is left blank hides what is wrong with it.
        let is_wrong = dice.chance(defects) && zeros == Zeros::Printed;
        let wrong = Place { year, has_last, numbers: &mut numbers, dice: &mut dice };
        let defect = if is_wrong { defect::make(wrong) } else { None };
        let prose = Prose {
            agency,
            seed,
            year,
            numbers: &numbers,
            defect: defect.as_ref(),
            places: match agency.region.level {
                Level::Township => &[],
                _ => self.plan.below(agency.region),
            },
        };
        let template = Template::of_year(year).unwrap_or(Template::T2019);
        let draft = Draft {
            year,
            template: Some(template),
            scope: agency.scope,
            title: Some(format!("{}{year}年政府信息公开工作年度报告{TITLE_MARK}", agency.name())),
            period: period(year),
            published_on,
            sections: prose.sections(),
            cells: numbers.cells(template, zeros),
            notes: vec![Note {
                code: "made_up".to_owned(),
                message: format!(
                    "made up by gongkai synthesize with seed {seed}; nothing in it is the agency's"
                ),
            }],
            agency: agency.stated(contact(agency, seed)),
        };
        MadeUp { draft, defect }
    }
}

/// What an agency prints where it has nothing. A government's report is always filled in.
fn zeros(agency: &Agency, seed: u64) -> Zeros {
    match agency.dice(seed, "zeros").unit() {
        _ if agency.scope == Scope::Consolidated => Zeros::Printed,
        unit if unit < BLANK => Zeros::Blank,
        unit if unit < BLANK + SLASH => Zeros::Slash,
        _ => Zeros::Printed,
    }
}

fn period(year: i32) -> Option<Period> {
    let from = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let to = NaiveDate::from_ymd_opt(year, 12, 31)?;
    Some(Period { from, to })
}

/// In January, a government's in March; some up to two months later.
fn published_on(scope: Scope, year: i32, dice: &mut Dice) -> Option<NaiveDate> {
    let month = match scope {
        Scope::Own => 1,
        Scope::Consolidated => 3,
    };
    let first = NaiveDate::from_ymd_opt(year + 1, month, 1)?;
    let day = if dice.chance(LATE) { 31 + dice.throw(60) } else { 2 + dice.throw(29) };
    first.checked_add_days(Days::new(day as u64))
}

/// How nobody is reached: numbers and names that belong to no one.
fn contact(agency: &Agency, seed: u64) -> Contact {
    let mut dice = agency.dice(seed, "contact");
    let place = regions::full_name(&agency.region.code);
    Contact {
        address: Some(format!("{place}模拟路{}号", 1 + dice.throw(300))),
        postcode: Some("000000".to_owned()),
        telephone: Some(format!("0000-0000{:04}", dice.throw(10_000))),
        email: Some(format!("gk{}@example.com", dice.throw(1_000_000))),
    }
}
