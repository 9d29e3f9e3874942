//! What a section repeats: last year's report, or another agency's.
//!
//! Takes what `store` found two sections to share. A finding is read in public, so a section counts that
//! has four fifths of its words from elsewhere, and is long enough not to be a formula (`limits`).

use entity::template::CopiedFrom;

use super::{Check, Finding};

/// What a section shares with one of the same number in another report.
#[derive(Clone, Copy, Debug)]
pub struct Repeated<'a> {
    pub number: i16,
    pub copied_from: CopiedFrom,
    /// Whose report has the same, as that report writes it.
    pub agency: &'a str,
    /// The year of that report.
    pub year: i32,
    /// Runs of letters that both have, of so many in this section.
    pub shared: i32,
    pub of: i32,
}

/// Of a hundred: from here on it is a finding.
const MUCH: i64 = 80;

impl Repeated<'_> {
    /// How many of a hundred; 100 only where it is all.
    fn percent(&self) -> i64 {
        i64::from(self.shared) * 100 / i64::from(self.of).max(1)
    }
}

/// Whether the section is last year's.
pub(super) fn last_year(check: &Check, repeated: &Repeated<'_>) -> Option<Finding> {
    let Repeated { number, year, copied_from, .. } = repeated;
    let percent = repeated.percent();
    (*copied_from == CopiedFrom::LastYear && percent >= MUCH).then(|| {
        finding(
            check,
            format!("{percent} % of section {number} stands in the report of {year} too"),
            format!("第{number}部分有{percent}%的文字与{year}年度报告相同"),
        )
    })
}

/// Whether the section is another agency's too. Which of the two was first is not said.
pub(super) fn other_agency(check: &Check, repeated: &Repeated<'_>) -> Option<Finding> {
    let Repeated { number, year, agency, copied_from, .. } = repeated;
    let percent = repeated.percent();
    (*copied_from == CopiedFrom::OtherAgency && percent >= MUCH).then(|| {
        finding(
            check,
            format!(
                "{percent} % of section {number} stands in the report of {agency} on {year} too"
            ),
            format!("第{number}部分有{percent}%的文字与{agency}{year}年度报告相同"),
        )
    })
}

fn finding(check: &Check, message: String, message_zh: String) -> Finding {
    Finding {
        check: check.id,
        severity: check.severity,
        cells: Vec::new(),
        left: None,
        right: None,
        message,
        message_zh,
    }
}
