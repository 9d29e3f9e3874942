//! Thousands of made-up reports, and what is in them as plain maps: to be added up a second way.
//!
//! Nothing here knows how the program adds up. Numbers are kept by the codes of their cells, as written
//! into the canonical JSON.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use gongkai::regions;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::harness::{Store, gongkai, stderr};

/// A simple generator of numbers (SplitMix64): the same seed gives the same reports.
pub struct Dice(pub u64);

impl Dice {
    pub fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.throw(100) < percent
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.throw(of.len())]
    }
}

/// What stands in a cell: a number (money in millionths of a CNY), or why there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stands {
    Number(i128),
    Zero,
    Unknown,
}

/// A current report.
#[derive(Clone, Debug)]
pub struct Report {
    pub agency: String,
    pub region: String,
    pub kind: &'static str,
    pub level: &'static str,
    pub year: i32,
    pub consolidated: bool,
    pub template: &'static str,
    pub published_on: Option<String>,
    pub cells: BTreeMap<String, Stands>,
}

const ROWS: [&str; 14] = [
    "received",
    "carried_over_in",
    "granted",
    "partially_granted",
    "denied_state_secret",
    "denied_internal_affairs",
    "denied_enforcement_files",
    "not_held",
    "repeated",
    "not_corrected_in_time",
    "fee_unpaid",
    "other",
    "total",
    "carried_over_out",
];
pub const COLUMNS: [&str; 6] = [
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_organization",
    "legal_service_organization",
    "other",
];
pub const RESULTS: [&str; 4] = ["upheld", "corrected", "other", "pending"];
pub const YEARS: std::ops::RangeInclusive<i32> = 2019..=2025;

/// Provinces with what is below them, a municipality whose counties lie right below it, and a prefecture
/// that has townships and no counties.
fn areas(dice: &mut Dice) -> Vec<&'static str> {
    let mut chosen = BTreeSet::from(["370000", "320000", "110000", "440000", "441900", "000000"]);
    let below = |code: &str| -> Vec<&'static str> {
        let is_below = |region: &&regions::Region| region.parent.as_deref() == Some(code);
        regions::all().iter().filter(is_below).map(|region| region.code.as_str()).collect()
    };
    let mut some = |of: Vec<&'static str>, most: usize, into: &mut BTreeSet<&'static str>| {
        for _ in 0..most.min(of.len()) {
            into.insert(of[dice.throw(of.len())]);
        }
    };
    for _level in 0..3 {
        for code in chosen.clone() {
            if code != "000000" {
                some(below(code), 4, &mut chosen);
            }
        }
    }
    chosen.into_iter().collect()
}

fn number(dice: &mut Dice) -> Stands {
    match dice.throw(20) {
        0..12 => Stands::Number(dice.throw(30) as i128),
        12..14 => Stands::Number(0),
        14..19 => Stands::Zero,
        _ => Stands::Unknown,
    }
}

fn cells(dice: &mut Dice, template: &str) -> BTreeMap<String, Stands> {
    let mut cells = BTreeMap::new();
    for row in ROWS {
        if template == "2019" && ["not_corrected_in_time", "fee_unpaid"].contains(&row) {
            continue;
        }
        for column in COLUMNS.iter().chain(&["total"]) {
            if *column == "total" || dice.chance(30) {
                cells.insert(format!("requests.{row}.{column}"), number(dice));
            }
        }
    }
    for result in RESULTS.iter().chain(&["total"]) {
        cells.insert(format!("reviews.{result}"), number(dice));
        cells.insert(format!("lawsuits.direct.{result}"), number(dice));
        cells.insert(format!("lawsuits.after_review.{result}"), number(dice));
    }
    let money = match number(dice) {
        Stands::Number(number) => {
            Stands::Number(number * 1_000_000 + dice.throw(100) as i128 * 10_000)
        }
        other => other,
    };
    if template == "2021" {
        cells.insert("disclosure_items.administrative_fees.amount".to_owned(), money);
        cells.insert("disclosure_items.normative_documents.in_force".to_owned(), number(dice));
    } else {
        cells.insert("disclosure_items.centralized_procurement.amount".to_owned(), money);
        let change = match number(dice) {
            Stands::Number(number) => Stands::Number(number - 10),
            other => other,
        };
        cells.insert("disclosure_items.administrative_licensing.change".to_owned(), change);
    }
    cells
}

/// Money as it is written: at least two decimals.
pub fn money(micro: i128) -> String {
    let (sign, micro) = (if micro < 0 { "-" } else { "" }, micro.unsigned_abs());
    let decimals = format!("{:06}", micro % 1_000_000);
    let decimals = format!("{:0<2}", decimals.trim_end_matches('0'));
    format!("{sign}{}.{decimals}", micro / 1_000_000)
}

/// A day before, between or after the last days of the year's reports, or none.
fn published_on(region: &str, year: i32, consolidated: bool) -> Option<String> {
    let seed = region.parse::<u64>().unwrap() + year.unsigned_abs() as u64 * 7;
    let days = ["01-10", "01-31", "02-01", "03-31", "04-01"];
    let day = days.get(Dice(seed + u64::from(consolidated)).throw(days.len() + 1))?;
    Some(format!("{}-{day}", year + 1))
}

/// The report as canonical JSON.
fn line(dice: &mut Dice, report: &Report) -> String {
    let mut tables = Map::new();
    let mut states = Map::new();
    for (code, stands) in &report.cells {
        let value = match stands {
            Stands::Number(number) if code.ends_with(".amount") => json!(money(*number)),
            Stands::Number(number) => json!(i64::try_from(*number).unwrap()),
            Stands::Zero => {
                let state = *dice.pick(&["blank", "slash", "dash", "none", "not_in_template"]);
                states.insert(code.clone(), json!(state));
                Value::Null
            }
            Stands::Unknown => {
                states.insert(code.clone(), json!(*dice.pick(&["ambiguous", "unreadable"])));
                Value::Null
            }
        };
        let mut steps = code.split('.').peekable();
        let mut at = &mut tables;
        while let Some(step) = steps.next() {
            if steps.peek().is_none() {
                at.insert(step.to_owned(), value.clone());
            } else {
                let inner = at.entry(step).or_insert_with(|| json!({}));
                at = inner.as_object_mut().unwrap();
            }
        }
    }
    let mut line = json!({
        "agency": {"name": report.agency, "region_code": report.region, "kind": report.kind, "level": report.level},
        "year": report.year, "template": report.template,
        "scope": if report.consolidated { "consolidated" } else { "own" },
        "published_on": report.published_on,
        "cell_states": states,
        // Makes every document another one.
        "notes": [{"code": "made_up", "message": format!("{}", dice.throw(usize::MAX))}],
    });
    line.as_object_mut().unwrap().extend(tables);
    line.to_string()
}

/// Made-up reports in a database, and what is current of them; imported once for all tests.
pub async fn reports() -> (Store, &'static [Report]) {
    static MADE: OnceCell<(TempDir, Vec<Report>)> = OnceCell::const_new();
    let (folder, current) = MADE.get_or_init(|| async { made(2026) }).await;
    (Store::copy(folder).await, current)
}

fn made(seed: u64) -> (TempDir, Vec<Report>) {
    let mut dice = Dice(seed);
    let mut lines = String::new();
    let mut current = Vec::new();
    for region in areas(&mut dice) {
        let level = regions::get(region).unwrap().level;
        let names: &[(&str, &'static str)] = match level {
            entity::template::Level::National => &[("水利部", "department")],
            entity::template::Level::Township => &[("人民政府", "township_government")],
            _ => &[("人民政府", "government"), ("水利局", "department"), ("司法局", "department")],
        };
        for (name, kind) in names {
            let full = if region == "000000" { String::new() } else { regions::full_name(region) };
            for year in YEARS {
                for consolidated in [false, true] {
                    let is_there = match (consolidated, *kind) {
                        (false, _) => dice.chance(80),
                        (true, "government") => dice.chance(50),
                        (true, _) => false,
                    };
                    if !is_there {
                        continue;
                    }
                    let is_old = if dice.chance(5) { year > 2020 } else { year <= 2020 };
                    let template = if is_old { "2019" } else { "2021" };
                    for _revision in 0..1 + usize::from(dice.chance(8)) {
                        let report = Report {
                            agency: format!("{full}{name}"),
                            region: region.to_owned(),
                            kind,
                            level: entity::template::Code::code(level),
                            year,
                            consolidated,
                            template,
                            published_on: published_on(region, year, consolidated),
                            cells: cells(&mut dice, template),
                        };
                        writeln!(lines, "{}", line(&mut dice, &report)).unwrap();
                        current.retain(|known: &Report| {
                            (&known.agency, known.year, known.consolidated)
                                != (&report.agency, report.year, report.consolidated)
                        });
                        current.push(report);
                    }
                }
            }
        }
    }
    // Kept to the end of the process, which removes nothing: so in the build's own folder.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::fs::write(folder.path().join("reports.ndjson"), lines).unwrap();
    let imported = gongkai(folder.path(), &["import", "reports.ndjson"]);
    assert_eq!(imported.status.code(), Some(0), "{}", stderr(&imported));
    (folder, current)
}

impl Report {
    /// The region of a level that the report's region is, or lies in.
    pub fn area(&self, level: &str) -> Option<String> {
        let chain = regions::chain(&self.region);
        let of_level =
            chain.into_iter().find(|region| entity::template::Code::code(region.level) == level);
        of_level.map(|region| region.code.clone())
    }

    /// Whether the report's region is this one, or lies in it.
    pub fn is_in(&self, region: &str) -> bool {
        region == "000000" || regions::chain(&self.region).iter().any(|above| above.code == region)
    }

    fn stands(&self, cell: &str) -> Stands {
        self.cells.get(cell).copied().unwrap_or(Stands::Zero)
    }

    /// The cells that a total is made of; nothing for any other cell.
    fn parts_of_total(cell: &str) -> Vec<String> {
        if let Some(row) = cell.strip_suffix(".total") {
            let of: &[&str] = if cell.starts_with("requests.") { &COLUMNS } else { &RESULTS };
            return of.iter().map(|part| format!("{row}.{part}")).collect();
        }
        // The results of one kind of applicant.
        cell.strip_prefix("requests.total.").map_or_else(Vec::new, |column| {
            let results = ROWS[2..12].iter();
            results.map(|row| format!("requests.{row}.{column}")).collect()
        })
    }

    /// What a cell adds to a sum; none where it is unknown.
    fn adds(&self, cell: &str) -> Option<i128> {
        match self.stands(cell) {
            Stands::Number(number) => Some(number),
            Stands::Unknown => None,
            Stands::Zero => {
                let parts = Self::parts_of_total(cell);
                let is_zero =
                    |part: &String| matches!(self.stands(part), Stands::Zero | Stands::Number(0));
                parts.iter().all(is_zero).then_some(0)
            }
        }
    }

    /// The cells of a measure.
    fn cells_of(measure: &str) -> Vec<String> {
        let of = |rows: &[&str]| rows.iter().map(|row| format!("requests.{row}.total")).collect();
        match measure {
            "requests.denied" => of(&ROWS[4..7]),
            "requests.unavailable" => of(&ROWS[7..8]),
            "requests.not_processed" => of(&ROWS[8..9]),
            "requests.other_results" => of(&ROWS[9..12]),
            "lawsuits.corrected" | "lawsuits.total" | "lawsuits.pending" => {
                let (_, result) = measure.split_once('.').unwrap();
                vec![format!("lawsuits.direct.{result}"), format!("lawsuits.after_review.{result}")]
            }
            _ if measure.starts_with("requests.") && measure.matches('.').count() == 1 => {
                vec![format!("{measure}.total")]
            }
            _ => vec![measure.to_owned()],
        }
    }

    /// What a measure adds to a sum, and whether the report prints any of it; none where it is unknown.
    pub fn adds_of(&self, measure: &str) -> Option<(i128, bool)> {
        let cells = Self::cells_of(measure);
        let sum = cells.iter().map(|cell| self.adds(cell)).sum::<Option<i128>>()?;
        let prints = |cell: &String| matches!(self.stands(cell), Stands::Number(_));
        Some((sum, cells.iter().any(prints)))
    }

    /// Above and below the line of a rate; none where a part is unknown.
    pub fn rate_of(&self, indicator: &str) -> Option<(i128, i128)> {
        let sum = |measures: &[&str]| -> Option<i128> {
            measures.iter().map(|measure| Some(self.adds_of(measure)?.0)).sum()
        };
        let total = || sum(&["requests.total"]);
        Some(match indicator {
            "disclosure_rate" => {
                (sum(&["requests.granted", "requests.partially_granted"])?, total()?)
            }
            "denial_rate" => (sum(&["requests.denied"])?, total()?),
            "completion_rate" => {
                (total()?, sum(&["requests.received", "requests.carried_over_in"])?)
            }
            "review_correction_rate" => (
                sum(&["reviews.corrected"])?,
                sum(&["reviews.total"])? - sum(&["reviews.pending"])?,
            ),
            "lawsuit_correction_rate" => (
                sum(&["lawsuits.corrected"])?,
                sum(&["lawsuits.total"])? - sum(&["lawsuits.pending"])?,
            ),
            other => panic!("{other} is not computed here"),
        })
    }
}
