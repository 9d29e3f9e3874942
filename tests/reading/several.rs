//! Two reports in one document, and one report that stands there twice.

use entity::template::{Applicant, CellState, Measure, RequestRow, Template};
use gongkai::{
    error::Code,
    extract::{self, draft::Hints},
};

use super::form::{TITLE, bars, html_table, padded, read, report};

fn text(title: &str, received: &str) -> String {
    let printed = |measure| match measure {
        Measure::Request(RequestRow::Received, Applicant::Total) => received.to_owned(),
        _ => "0".to_owned(),
    };
    let mut report = report(Template::T2021, &printed);
    report.title = title.into();
    report.text(&|table| bars(&padded(table), true))
}

fn refusal(text: &str) -> Option<Code> {
    extract::read(text.as_bytes(), &Hints::default()).err().map(|error| error.code)
}

#[test]
fn two_reports_in_one_document_are_refused() {
    let one = text(TITLE, "47");
    for other in [
        "沂源县水利局2022年政府信息公开工作年度报告",
        "沭阳县水利局2023年政府信息公开工作年度报告",
        "沂源县财政局2023年政府信息公开工作年度报告",
    ] {
        let both = format!("{one}{}", text(other, "8"));
        assert_eq!(refusal(&both), Some(Code::SeveralReports), "{other}");
        // A link to another report is none.
        assert_eq!(refusal(&format!("{one}{other}\n")), None, "{other}");
        assert_eq!(refusal(&format!("{other}\n{one}")), None, "{other}");
    }
}

#[test]
fn what_differs_where_a_report_stands_twice_is_ambiguous() {
    let received = |text: &str| {
        let draft = read(text);
        let cell = draft.cells.get(Measure::Request(RequestRow::Received, Applicant::Total));
        (cell.state, cell.value.map(|value| value.to_string()), draft.notes.len())
    };
    let one = text(TITLE, "47");
    let same = received(&format!("{one}{one}"));
    assert_eq!(same, (CellState::Reported, Some("47".into()), 0));
    for other in [TITLE, "水利局2023年政府信息公开工作年度报告", ""] {
        let (state, value, notes) = received(&format!("{one}{}", text(other, "48")));
        assert_eq!((state, value, notes), (CellState::Ambiguous, None, 1), "{other}");
    }
}

#[test]
fn the_row_of_2019_that_differs_where_a_report_stands_twice_is_ambiguous() {
    let page = |other: &str| {
        let printed = |measure| match measure {
            Measure::Request(RequestRow::Other, _) => other.to_owned(),
            _ => "0".to_owned(),
        };
        report(Template::T2019, &printed).html(&|table| html_table(table, &str::to_owned))
    };
    let draft = read(&format!("{}{}", page("3"), page("4")));
    let cell = draft.cells.get(Measure::Request(RequestRow::Other, Applicant::Total));
    assert_eq!(cell.state, CellState::Ambiguous);
}
