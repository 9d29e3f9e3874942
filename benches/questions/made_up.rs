//! The reports as they were made up, read from their JSON alone: what answers are compared with.
//!
//! Nothing here knows how the program adds up. Of the consolidated reports only their own numbers are
//! used: a sum over an area is that of the own reports in it.

use std::collections::BTreeMap;

use serde_json::Value;

/// The rows of the requests matrix in both templates, in no order that matters.
pub const ROWS: [&str; 25] = [
    "received",
    "carried_over_in",
    "granted",
    "partially_granted",
    "denied_state_secret",
    "denied_prohibited_by_law",
    "denied_security_and_stability",
    "denied_third_party_rights",
    "denied_internal_affairs",
    "denied_process_information",
    "denied_enforcement_files",
    "denied_administrative_inquiry",
    "not_held",
    "requires_creation",
    "unclear_after_correction",
    "petition_or_complaint",
    "repeated",
    "published_material",
    "excessive_repetition",
    "reconfirmation",
    "not_corrected_in_time",
    "fee_unpaid",
    "other",
    "total",
    "carried_over_out",
];

/// What is kept of a report.
pub struct Report {
    pub agency_id: String,
    pub region: String,
    pub kind: String,
    pub level: String,
    pub year: i64,
    pub is_consolidated: bool,
    /// The total column, by [`ROWS`]; none where no number is printed.
    totals: [Option<i64>; ROWS.len()],
}

impl Report {
    /// The total of a row.
    pub fn total(&self, row: &str) -> Option<i64> {
        self.totals[ROWS.iter().position(|known| *known == row).unwrap()]
    }

    /// What was denied, on any ground.
    pub fn denied(&self) -> i64 {
        let denied = ROWS.iter().filter(|row| row.starts_with("denied_"));
        denied.filter_map(|row| self.total(row)).sum()
    }

    /// Whether its agency lies in the province of a code.
    pub fn is_in(&self, province: &str) -> bool {
        self.region[..2] == province[..2]
    }
}

/// All reports.
#[derive(Default)]
pub struct MadeUp {
    pub reports: Vec<Report>,
    /// The last report of each level of government, in full, by its level.
    pub in_full: BTreeMap<String, Value>,
    /// How many sections have the word in them that is searched for.
    pub sections: u64,
}

impl MadeUp {
    /// Takes a line of the NDJSON.
    pub fn add(&mut self, line: &[u8]) {
        let report: Value = serde_json::from_slice(line).unwrap();
        let text = |pointer: &str| report.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        let level = text("/agency/level");
        let kept = Report {
            agency_id: text("/agency/id"),
            region: text("/agency/region_code"),
            kind: text("/agency/kind"),
            level: level.clone(),
            year: report["year"].as_i64().unwrap(),
            is_consolidated: report["scope"] == "consolidated",
            totals: ROWS.map(|row| report["requests"][row]["total"].as_i64()),
        };
        let sections = report["sections"].as_array().unwrap().iter();
        let has_word = |section: &&Value| section["text"].as_str().unwrap().contains(WORD);
        self.sections += sections.filter(has_word).count() as u64;
        // One of a full span of years, with its prose.
        if kept.is_consolidated && kept.year == YEAR {
            self.in_full.insert(level, report);
        }
        self.reports.push(kept);
    }

    /// The reports of the year that is asked about.
    pub fn of_year(&self) -> impl Iterator<Item = &Report> {
        self.reports.iter().filter(|report| report.year == YEAR)
    }

    /// The sum of a row over the agencies' own reports that pass.
    pub fn sum(&self, row: &str, is_asked: impl Fn(&Report) -> bool) -> i64 {
        let own = self.reports.iter().filter(|report| !report.is_consolidated);
        own.filter(|report| is_asked(report)).filter_map(|report| report.total(row)).sum()
    }
}

/// The word that is searched for: a rare one, of two characters that stand nowhere else together.
pub const WORD: &str = "候鸟";

/// The year that questions on one year are about.
pub const YEAR: i64 = 2023;
