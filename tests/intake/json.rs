//! The canonical report as input: a round trip loses nothing, and nothing wrong slips in.

use std::fs;

use entity::template::{CellState, Code, Measure, Template};
use gongkai::{check::Deadlines, extract::draft::Hints, reading};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::harness::{Store, gongkai, samples, stdout};

fn check(bytes: &[u8]) -> reading::Checked {
    reading::check("-", bytes, &Hints::default(), &Deadlines::default())
}

fn report_of(bytes: &[u8]) -> Value {
    let checked = serde_json::to_value(check(bytes)).unwrap();
    assert_eq!(checked["refused"], Value::Null);
    checked["report"].clone()
}

/// A report without what the server makes itself.
fn bare(mut report: Value) -> Value {
    for own in ["id", "revision"] {
        report[own].take();
    }
    report["source"]["sha256"].take();
    report["source"]["media_type"].take();
    report
}

#[tokio::test]
async fn a_report_checked_handed_in_and_asked_for_is_the_same_report() {
    let (documents, reports) = (Store::with_samples().await, Store::empty().await);
    let folder = reports.folder.path().to_owned();
    let checked =
        gongkai(&folder, &["check", "--format", "json", &samples().display().to_string()]);
    let lines: Vec<String> = stdout(&checked)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["report"].to_string())
        .collect();
    fs::write(folder.join("reports.ndjson"), lines.join("\n")).unwrap();
    let imported =
        gongkai(&folder, &["import", "reports.ndjson", "--database-url", &reports.url()]);
    assert_eq!(imported.status.code(), Some(0), "{}", stdout(&imported));
    let (documents, reports) = (documents.serve().await, reports.serve().await);
    let all = documents.json("/reports", &[("limit", "500")]).await;
    let all = all["data"].as_array().unwrap();
    assert_eq!(all.len(), 26);
    for report in all {
        let (agency, year) = (report["agency"]["id"].as_str().unwrap(), &report["year"]);
        let path = format!("/agencies/{agency}/reports/{year}");
        let scope = [("scope", report["scope"].as_str().unwrap())];
        let read = documents.json(&path, &scope).await;
        let handed_in = reports.json(&path, &scope).await;
        assert_eq!(handed_in["source"]["media_type"], "application/json");
        assert_eq!(bare(handed_in), bare(read), "{path}");
    }
}

#[test]
fn only_the_agencys_name_and_the_year_must_be_there() {
    let report = report_of(r#"{"agency": {"name": "沭阳县水利局"}, "year": 2022}"#.as_bytes());
    assert_eq!(
        bare(report),
        json!({
            "id": null,
            "agency": {
                "id": "a123c2c1d18ca6", "name": "沭阳县水利局", "region_code": "321322",
                "kind": "department", "level": "county",
                "contact": {"address": null, "postcode": null, "telephone": null, "email": null},
            },
            "year": 2022, "template": null, "scope": "own", "title": null, "period": null,
            "published_on": null, "source": {"url": null, "media_type": null, "sha256": null},
            "revision": null, "disclosure_items": {}, "requests": {}, "reviews": {}, "lawsuits": {},
            "sections": [], "cell_states": {}, "findings": [], "notes": [],
        })
    );
}

/// A report with one thing changed.
fn with(pointer: &str, value: Value) -> Value {
    let mut report = json!({"agency": {"name": "沭阳县水利局"}, "year": 2022});
    let mut place = &mut report;
    for name in pointer.split('/').skip(1) {
        place = &mut place[name];
    }
    *place = value;
    report
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_what_is_allowed() {
    let long = format!("{:0>20}", 1);
    for (pointer, value, message) in [
        (
            "/requests/recieved",
            json!({"total": 1}),
            "/requests/recieved: \"recieved\" is not known here; \"received\" is (allowed: received, carried_over_in, ",
        ),
        (
            "/requests/received/totl",
            json!(1),
            "/requests/received/totl: \"totl\" is not known here; \"total\" is",
        ),
        ("/requests/denied", json!({"total": 1}), "/requests/denied: \"denied\" is not known here"),
        (
            "/requests/received/total",
            json!(1.5),
            "/requests/received/total: 1.5 is no whole number",
        ),
        (
            "/requests/received/total",
            json!(3.0),
            "/requests/received/total: 3.0 is no whole number",
        ),
        (
            "/requests/received/total",
            json!("3"),
            "/requests/received/total: this is a string, not a whole number",
        ),
        (
            "/requests/received/total",
            json!(-1),
            "/requests/received/total: -1 is less than nothing (allowed: 0 or more)",
        ),
        (
            "/requests/received/total",
            json!(u64::MAX),
            "/requests/received/total: 18446744073709551615 is no whole number that can be kept",
        ),
        (
            "/requests/received/total",
            json!(i64::MAX),
            "/requests/received/total: 9223372036854775807 has more than 18 digits",
        ),
        ("/requests/received", json!(1), "/requests/received: this is a number, not an object"),
        ("/reviews/uphold", json!(1), "/reviews/uphold: \"uphold\" is not known here"),
        ("/lawsuits/direct/lost", json!(1), "/lawsuits/direct/lost: \"lost\" is not known here"),
        ("/lawsuits/upheld", json!(1), "/lawsuits/upheld: \"upheld\" is not known here"),
        (
            "/disclosure_items/administrative_fees/amount",
            json!(2510.5),
            "/disclosure_items/administrative_fees/amount: an amount is a string in CNY, since programs round numbers (allowed: \"2510.00\")",
        ),
        (
            "/disclosure_items/administrative_fees/amount",
            json!("12万元"),
            "/disclosure_items/administrative_fees/amount: \"12万元\" is no amount in CNY",
        ),
        (
            "/disclosure_items/administrative_fees/amount",
            json!("0.0000001"),
            "is no amount in CNY that can be kept exactly",
        ),
        ("/disclosure_items/administrative_fees/amount", json!("1e3"), "is no amount in CNY"),
        ("/disclosure_items/administrative_fees/issued", json!(1), "\"issued\" is not known here"),
        ("/cell_states/requests.granted", json!("blank"), ""),
        (
            "/cell_states/requests.granted.othr",
            json!("blank"),
            "\"requests.granted.othr\" is no cell of the form (allowed: requests.granted.other)",
        ),
        (
            "/cell_states/requests.denied",
            json!("blank"),
            "\"requests.denied\" is no cell of the form",
        ),
        (
            "/cell_states/requests.granted.other",
            json!("empty"),
            "/cell_states/requests.granted.other: \"empty\" is none of them (allowed: reported, blank, ",
        ),
        (
            "/cell_states/requests.granted.other",
            json!("reported"),
            "has no number, so it is not reported",
        ),
        ("/year", json!("2022"), "/year: this is a string, not a whole number"),
        ("/year", json!(22), "/year: this is no report year (allowed: 2008 to 2100)"),
        ("/yaer", json!(2022), "/yaer: \"yaer\" is not known here; \"year\" is"),
        ("/agency/nmae", json!("x"), "/agency/nmae: \"nmae\" is not known here; \"name\" is"),
        ("/agency/region_code", json!("3213"), "/agency/region_code: there is no region \"3213\""),
        ("/agency/region_code", json!("370323"), "/agency/region_code: "),
        ("/agency/kind", json!("bureau"), "/agency/kind: \"bureau\" is none of them"),
        ("/scope", json!("all"), "/scope: \"all\" is none of them (allowed: own, consolidated)"),
        ("/template", json!(2021), "/template: this is a number, not a string"),
        (
            "/published_on",
            json!("2024-1-22"),
            "/published_on: \"2024-1-22\" is no day (allowed: 2024-01-22)",
        ),
        ("/period", json!({"from": "2022-01-01"}), "/period: a period has both days"),
        ("/sections", json!([{"number": 1}, {"number": 1}]), "/sections/1: section 1 stands twice"),
        ("/sections", json!([{"heading": "x"}]), "/sections/0: the section has no number"),
        ("/source", json!({"url": "file:///etc/passwd"}), "/source/url: this is no address"),
        ("/title", json!(long.repeat(200)), "/title: this has more than 2000 characters"),
    ] {
        let checked = check(with(pointer, value.clone()).to_string().as_bytes());
        match (&checked.refused, message) {
            (None, "") => {}
            (Some(refused), _) if !message.is_empty() => {
                assert_eq!(
                    refused.code, "invalid_report",
                    "{pointer} {value}: {}",
                    refused.message
                );
                assert!(refused.message.contains(message), "{}", refused.message);
            }
            (refused, _) => panic!("{pointer} {value}: {refused:?}"),
        }
    }
    let refused = check(with("/year", json!(2099)).to_string().as_bytes()).refused.unwrap();
    assert_eq!(refused.code, "unknown_year");
    assert!(refused.message.contains("told to be 2099, which is not over"), "{}", refused.message);
}

#[test]
fn json_that_is_broken_or_says_a_thing_twice_is_refused() {
    for (text, message) in [
        (r#"{"agency": {"name": "沭阳县水利局"}, "year": 2022"#, "the JSON is broken: EOF"),
        (
            r#"{"agency": {"name": "沭阳县水利局"}, "year": 2022, "year": 2023}"#,
            "\"year\" stands twice",
        ),
        (r#"{"agency": {"name": "沭阳县水利局"}, "year": 2022} x"#, "trailing characters"),
        (r#"{"year": 2022}"#, "the agency is missing"),
        (r#"{"agency": {}, "year": 2022}"#, "/agency: the agency's name is missing"),
        (r#"{"agency": {"name": "沭阳县水利局"}}"#, "the year is missing"),
        (
            r#"[{"agency": {"name": "沭阳县水利局"}, "year": 2022}]"#,
            "several stand one a line (NDJSON)",
        ),
        (
            r#"{"title": "\u0000", "agency": {"name": "沭阳县水利局"}, "year": 2022}"#,
            "/title: no text has the character U+0000",
        ),
    ] {
        let refused = check(text.as_bytes()).refused.unwrap();
        assert_eq!(refused.code, "invalid_report", "{text}");
        assert!(refused.message.contains(message), "{text}: {}", refused.message);
    }
    let deep = format!("{{\"title\": {}", "[".repeat(1_000_000));
    assert_eq!(check(deep.as_bytes()).refused.unwrap().code, "invalid_report");
    let wide = format!("{{\"title\": [{}0]}}", "0,".repeat(5_000_000));
    assert!(check(wide.as_bytes()).refused.unwrap().message.contains("more than 20000 values"));
    // The agency of a name that several regions share is asked for, as for any document.
    let shared = r#"{"agency": {"name": "城关镇人民政府"}, "year": 2022}"#;
    assert_eq!(check(shared.as_bytes()).refused.unwrap().code, "ambiguous_agency");
}

#[test]
fn a_code_newer_than_the_list_is_kept_under_the_nearest_region_with_a_note() {
    let report =
        json!({"agency": {"name": "沂源县新镇人民政府", "region_code": "370323999"}, "year": 2023});
    let read = report_of(report.to_string().as_bytes());
    assert_eq!(read["agency"]["region_code"], "370323");
    assert_eq!(read["notes"][0]["code"], "unknown_region");
}

fn states() -> impl Strategy<Value = CellState> {
    let states: Vec<CellState> =
        CellState::ALL.iter().copied().filter(|state| *state != CellState::Reported).collect();
    proptest::sample::select(states)
}

#[derive(Clone, Debug)]
enum Stands {
    Nothing,
    Null,
    Number(i64),
    State(CellState),
}

fn stands() -> impl Strategy<Value = Stands> {
    prop_oneof![
        3 => Just(Stands::Nothing),
        1 => Just(Stands::Null),
        4 => (0..1_000_000_i64).prop_map(Stands::Number),
        1 => states().prop_map(Stands::State),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_report_that_is_answered_can_be_handed_in_again(
        cells in proptest::collection::vec(stands(), Measure::cells().len()),
        template in proptest::sample::select(Template::ALL.to_vec()),
        text in "[^\\x00]{0,60}",
        year in 2008..=gongkai::limits::last_year(),
    ) {
        let mut report = json!({
            "agency": {"name": "沭阳县水利局", "contact": {"address": text}}, "year": year,
            "template": template.code(), "title": text, "published_on": format!("{}-01-31", year + 1),
            "period": {"from": format!("{year}-01-01"), "to": format!("{year}-12-31")},
            "source": {"url": "https://example.com/报告"},
            "sections": [{"number": 1, "heading": "总体情况", "text": text}, {"number": 3, "heading": "", "text": ""}],
            "notes": [{"code": "unknown_row", "message": text}],
        });
        for (measure, stands) in Measure::cells().iter().zip(cells) {
            let code = measure.cell_code();
            let mut place = &mut report;
            if !matches!(stands, Stands::Nothing) {
                for name in code.split('.') {
                    place = &mut place[name];
                }
            }
            match stands {
                Stands::Nothing => {}
                Stands::Null => *place = Value::Null,
                Stands::Number(count) if measure.is_amount() => {
                    *place = json!(format!("{}.{:06}", count, count));
                }
                Stands::Number(count) => *place = json!(count),
                Stands::State(state) => {
                    *place = Value::Null;
                    report["cell_states"][&code] = json!(state.code());
                }
            }
        }
        let first = report_of(report.to_string().as_bytes());
        let again = report_of(first.to_string().as_bytes());
        prop_assert_eq!(bare(again), bare(first.clone()));
        for measure in Measure::cells() {
            let pointer = format!("/{}", measure.cell_code().replace('.', "/"));
            let (asked, answered) = (report.pointer(&pointer), first.pointer(&pointer));
            if measure.is_amount() && asked.is_some_and(Value::is_string) {
                let number = |value: &Value| value.as_str().unwrap().parse::<rust_decimal::Decimal>().unwrap();
                prop_assert_eq!(asked.map(number), answered.map(number));
            } else {
                prop_assert_eq!(asked.unwrap_or(&Value::Null), answered.unwrap_or(&Value::Null), "{}", pointer);
            }
        }
    }
}
