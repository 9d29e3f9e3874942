//! Two reports in one document, and one report that stands there twice.

use entity::template::{Applicant, CellState, Measure, RequestRow, Template};
use gongkai::{
    error::Code,
    extract::{
        self,
        draft::{Draft, Hints},
    },
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

fn received(draft: &Draft) -> Option<String> {
    let cell = draft.cells.get(Measure::Request(RequestRow::Received, Applicant::Total));
    cell.value.map(|value| value.to_string())
}

#[test]
fn two_reports_in_one_document_are_both_read() {
    let one = text(TITLE, "47");
    for (other, agency, year) in [
        ("沂源县水利局2022年政府信息公开工作年度报告", "沂源县水利局", 2022),
        ("沭阳县水利局2023年政府信息公开工作年度报告", "沭阳县水利局", 2023),
        ("沂源县财政局2023年政府信息公开工作年度报告", "沂源县财政局", 2023),
    ] {
        let both = format!("{one}{}", text(other, "8"));
        let drafts = extract::read(both.as_bytes(), &Hints::default()).map(|read| read.drafts);
        let read: Vec<_> = drafts
            .iter()
            .flatten()
            .map(|draft| {
                (draft.agency.name.as_str(), draft.year, received(draft), draft.sections.len())
            })
            .collect();
        let expected =
            [("沂源县水利局", 2023, Some("47".into()), 6), (agency, year, Some("8".into()), 6)];
        assert_eq!(read, expected, "{other}");
        // A link to another report is none.
        for linked in [format!("{one}{other}\n"), format!("{other}\n{one}")] {
            let read = extract::read(linked.as_bytes(), &Hints::default());
            assert_eq!(read.map(|read| read.drafts.len()).ok(), Some(1), "{other}");
        }
    }
}

#[test]
fn three_reports_on_a_page_are_three() {
    let page = |title: &str, received: &str| {
        let printed = |measure| match measure {
            Measure::Request(RequestRow::Received, Applicant::Total) => received.to_owned(),
            _ => "0".to_owned(),
        };
        let mut report = report(Template::T2021, &printed);
        report.title = title.into();
        report.html(&|table| html_table(table, &str::to_owned))
    };
    let pages = ["2021", "2022", "2023"].map(|year| page(&TITLE.replace("2023", year), year));
    let drafts = extract::read(pages.concat().as_bytes(), &Hints::default());
    let read: Vec<_> = drafts
        .iter()
        .flat_map(|read| &read.drafts)
        .map(|draft| (draft.year, received(draft).unwrap_or_default()))
        .collect();
    assert_eq!(read, [(2021, "2021".into()), (2022, "2022".into()), (2023, "2023".into())]);
}

#[test]
fn a_document_is_refused_where_one_of_its_reports_is() {
    let other = text("鼓楼区水利局2023年政府信息公开工作年度报告", "8");
    let both = format!("{}{other}", text(TITLE, "47")).replace("沂源县胜利路", "胜利路");
    let error = extract::read(both.as_bytes(), &Hints::default()).err();
    let refused = error.map(|error| (error.code, error.detail));
    insta::assert_debug_snapshot!(refused, @r#"
    Some(
        (
            AmbiguousAgency,
            "report 2 of 2, \"鼓楼区水利局2023年政府信息公开工作年度报告\": \"鼓楼区水利局\" may be of several regions",
        ),
    )
    "#);
    // The caller's year makes one of two.
    let both = format!("{}{}", text(TITLE, "47"), text(&TITLE.replace("2023", "2022"), "8"));
    let hints = Hints { year: Some(2023), ..Hints::default() };
    let error = extract::read(both.as_bytes(), &hints).err();
    assert_eq!(error.map(|error| error.code), Some(Code::SeveralReports));
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
