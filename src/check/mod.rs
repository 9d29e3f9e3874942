//! The third stage: what does not agree.
//!
//! Takes a draft and the deadlines, or the numbers of two years; gives findings, each with both sides' values, the cells and a
//! sentence for the agency's clerk. Refuses nothing and changes no value.

mod breakdown;
mod deadline;
mod identity;
mod numeral;
mod prose;
mod repeated;
mod years;

pub use deadline::{Deadlines, MonthDay, ParseMonthDayError};
pub use identity::{Coverage, coverage};
pub use repeated::Repeated;
pub use years::Numbers;

use entity::template::{Measure, Severity, Template};

use crate::{cells::Quantity, extract::draft::Draft};

/// Something that does not agree.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The check's id: `requests.flow`.
    pub check: &'static str,
    pub severity: Severity,
    /// The cells concerned, those of the left side first.
    pub cells: Vec<Measure>,
    pub left: Option<Quantity>,
    pub right: Option<Quantity>,
    pub message: String,
    pub message_zh: String,
}

/// A check of one report, or of what two years' reports of an agency say of each other.
pub struct Check {
    pub id: &'static str,
    pub severity: Severity,
    /// What must hold.
    pub sentence: &'static str,
    pub sentence_zh: &'static str,
    run: Run,
}

/// What a check looks at.
enum Run {
    /// One report.
    Report(fn(&Check, &Draft, &Deadlines) -> Vec<Finding>),
    /// A report's numbers and those of the year before, of the same agency and scope.
    Years(fn(&Check, Numbers<'_>, Numbers<'_>) -> Vec<Finding>),
    /// What a section shares with another report's.
    Repeated(fn(&Check, &Repeated<'_>) -> Option<Finding>),
}

/// Every check, in the order in which findings are given.
#[rustfmt::skip]
pub static CHECKS: &[Check] = &[
    Check { id: "requests.flow",               severity: Severity::Error,   run: Run::Report(identity::run),    sentence: "in each column, new requests and those carried over in are as many as all results and those carried over out", sentence_zh: "各列：本年新收与上年结转之和，等于总计与结转下年度继续办理之和" },
    Check { id: "requests.results",            severity: Severity::Error,   run: Run::Report(identity::run),    sentence: "in each column, the total is the sum of the results",                                                          sentence_zh: "各列：总计等于各项办理结果之和" },
    Check { id: "requests.applicants",         severity: Severity::Error,   run: Run::Report(identity::run),    sentence: "in each row, the total is the sum of the six kinds of applicants",                                             sentence_zh: "各行：总计等于六类申请人之和" },
    Check { id: "reviews.total",               severity: Severity::Error,   run: Run::Report(identity::run),    sentence: "the total of administrative reviews is the sum of their results",                                              sentence_zh: "行政复议：总计等于各项结果之和" },
    Check { id: "lawsuits.direct.total",       severity: Severity::Error,   run: Run::Report(identity::run),    sentence: "the total of lawsuits brought directly is the sum of their results",                                           sentence_zh: "未经复议直接起诉：总计等于各项结果之和" },
    Check { id: "lawsuits.after_review.total", severity: Severity::Error,   run: Run::Report(identity::run),    sentence: "the total of lawsuits brought after reconsideration is the sum of their results",                              sentence_zh: "复议后起诉：总计等于各项结果之和" },
    Check { id: "years.carry_over",            severity: Severity::Warning, run: Run::Years(years::carry_over), sentence: "in each column, the requests carried over from last year are as many as last year's report carries over",      sentence_zh: "各列：上年结转数等于上一年度报告的结转下年度继续办理数" },
    Check { id: "years.in_force",              severity: Severity::Notice,  run: Run::Years(years::in_force),   sentence: "what is in force is what was in force last year and what was issued, less what was repealed",                  sentence_zh: "现行有效件数等于上一年度现行有效件数加本年制发件数减本年废止件数" },
    Check { id: "prose.requests",              severity: Severity::Warning, run: Run::Report(prose::requests),  sentence: "the number of requests that the prose says were received is the one in the table",                             sentence_zh: "文字部分所述收到申请数与表格一致" },
    Check { id: "prose.breakdown",             severity: Severity::Warning, run: Run::Report(breakdown::run),   sentence: "where the prose gives a total and its parts, the parts add up to the total",                                   sentence_zh: "文字部分的总数等于所列各项之和" },
    Check { id: "prose.last_year",             severity: Severity::Notice,  run: Run::Repeated(repeated::last_year),    sentence: "a long section has less than four fifths of its words from last year's report",                         sentence_zh: "篇幅较长的部分与上一年度报告相同的文字不足五分之四" },
    Check { id: "prose.other_agency",          severity: Severity::Notice,  run: Run::Repeated(repeated::other_agency), sentence: "a long section has less than four fifths of its words in common with another agency's report",           sentence_zh: "篇幅较长的部分与其他机关报告相同的文字不足五分之四" },
    Check { id: "date.deadline",               severity: Severity::Notice,  run: Run::Report(deadline::run),    sentence: "the report is published by 31 January, that of a local government for its area by 31 March",                   sentence_zh: "年度报告应于1月31日前公布，县级以上地方人民政府的年度报告应于3月31日前公布" },
    Check { id: "template.year",               severity: Severity::Notice,  run: Run::Report(template_year),    sentence: "the template is the one of the report's year",                                                                 sentence_zh: "年度报告使用的格式与其年度相符" },
];

/// Checks a report.
#[must_use]
pub fn check(draft: &Draft, deadlines: &Deadlines) -> Vec<Finding> {
    let of_report = |check: &'static Check| match check.run {
        Run::Report(run) => run(check, draft, deadlines),
        Run::Years(_) | Run::Repeated(_) => Vec::new(),
    };
    CHECKS.iter().flat_map(of_report).collect()
}

/// Checks a report's numbers against those of the year before, of the same agency and scope.
#[must_use]
pub fn across_years(this: Numbers<'_>, last: Numbers<'_>) -> Vec<Finding> {
    let of_years = |check: &'static Check| match check.run {
        Run::Years(run) => run(check, this, last),
        Run::Report(_) | Run::Repeated(_) => Vec::new(),
    };
    CHECKS.iter().flat_map(of_years).collect()
}

/// The ids of the checks across years.
pub fn across_years_ids() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().filter(|check| matches!(check.run, Run::Years(_))).map(|check| check.id)
}

/// Checks what a section shares with another report's.
#[must_use]
pub fn repeated(repeated: &Repeated<'_>) -> Vec<Finding> {
    let of_sections = |check: &'static Check| match check.run {
        Run::Repeated(run) => run(check, repeated),
        Run::Report(_) | Run::Years(_) => None,
    };
    CHECKS.iter().filter_map(of_sections).collect()
}

/// The ids of the checks of what sections share.
pub fn repeated_ids() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().filter(|check| matches!(check.run, Run::Repeated(_))).map(|check| check.id)
}

/// Whether the template is the one of its year.
fn template_year(check: &Check, draft: &Draft, _: &Deadlines) -> Vec<Finding> {
    use entity::template::Code;
    let expected = Template::of_year(draft.year);
    let Some(template) = draft.template.filter(|template| Some(*template) != expected) else {
        return Vec::new();
    };
    let (message, message_zh) = match expected {
        Some(expected) => (
            format!(
                "the report of {} uses the template of {template}, not that of {expected}",
                draft.year
            ),
            format!("{}年度报告使用了{}，应使用{}", draft.year, template.label(), expected.label()),
        ),
        None => (
            format!(
                "the report of {} uses the template of {template}, which began later",
                draft.year
            ),
            format!("{}年度报告使用了{}，当年尚无此格式", draft.year, template.label()),
        ),
    };
    vec![Finding {
        check: check.id,
        severity: check.severity,
        cells: Vec::new(),
        left: None,
        right: None,
        message,
        message_zh,
    }]
}
