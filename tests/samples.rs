//! Every sample is read as it is: each number, who, when, which.

use std::{collections::BTreeMap, fs, path::Path};

use gongkai::check::Deadlines;
use gongkai::{reading, reading::HintArgs};
use serde_json::Value;

use crate::harness::{Store, file, real_reports, samples};

/// The numbers of a canonical report by their codes.
fn numbers(report: &Value) -> BTreeMap<String, Value> {
    let mut numbers = BTreeMap::new();
    for table in ["disclosure_items", "requests", "reviews", "lawsuits"] {
        walk(table, &report[table], &mut numbers);
    }
    numbers
}

fn walk(code: &str, value: &Value, numbers: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| walk(&format!("{code}.{name}"), value, numbers));
        }
        number => {
            numbers.insert(code.to_owned(), number.clone());
        }
    }
}

fn expected_numbers(expected: &Value) -> BTreeMap<String, Value> {
    let cells = expected["cells"].as_object().unwrap();
    cells.iter().map(|(code, number)| (code.clone(), number.clone())).collect()
}

fn checked(path: &Path) -> Value {
    let bytes = fs::read(path).unwrap();
    let hints = HintArgs::default().hints(Some(path)).unwrap();
    let checked = reading::check("-", &bytes, &hints, &Deadlines::default());
    serde_json::to_value(checked).unwrap()
}

#[tokio::test]
async fn every_sample_comes_back_from_its_permanent_address_as_it_was_written() {
    let server = Store::with_samples().await.serve().await;
    let expected = fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/samples.expected.json"),
    );
    let expected: Value = serde_json::from_slice(&expected.unwrap()).unwrap();
    let expected = expected.as_object().unwrap();
    assert_eq!(expected.len(), fs::read_dir(samples()).unwrap().count());
    for (name, expected) in expected {
        let read = &checked(&samples().join(name))["report"];
        let address = format!(
            "/agencies/{}/reports/{}",
            read["agency"]["id"].as_str().unwrap(),
            expected["year"]
        );
        let stored = server.json(&address, &[]).await;
        for report in [read, &stored] {
            assert_eq!(report["agency"]["name"], expected["agency"], "{name}");
            assert_eq!(report["agency"]["region_code"], expected["region_code"], "{name}");
            for fact in ["year", "template", "scope", "published_on"] {
                assert_eq!(report[fact], expected[fact], "{name} {fact}");
            }
            assert_eq!(numbers(report), expected_numbers(expected), "{name}");
            assert_eq!(report["sections"].as_array().unwrap().len(), 6, "{name}");
        }
        // What is stored is what was read, but for what storing adds: what is found beside other reports too.
        let mut read = read.clone();
        let found = stored["findings"].as_array().unwrap();
        let is_new = |finding: &&Value| !read["findings"].as_array().unwrap().contains(finding);
        let beside: Vec<&Value> =
            found.iter().filter(is_new).map(|finding| &finding["check"]).collect();
        let is_copied = name == "沂源县教育和体育局-2023.html";
        assert_eq!(beside, if is_copied { vec!["prose.last_year"] } else { vec![] }, "{name}");
        read["findings"] = stored["findings"].clone();
        for added in ["id", "revision", "data_version", "permalink"] {
            assert!(!stored[added].is_null(), "{name} {added}");
            read[added] = stored[added].clone();
        }
        assert_eq!(read, stored, "{name}");
    }
}

#[tokio::test]
async fn the_samples_disagree_where_their_readme_says_and_nowhere_else() {
    let server = Store::with_samples().await.serve().await;
    let findings = server.json("/findings", &[("severity", "error")]).await;
    let rows = findings["data"].as_array().unwrap();
    let found: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row["agency_name"].as_str().unwrap(),
                row["check"].as_str().unwrap(),
                row["left"].as_i64().unwrap(),
                row["right"].as_i64().unwrap(),
            )
        })
        .collect();
    let agency = "沂源县自然资源局";
    assert_eq!(
        found,
        [
            (agency, "requests.flow", 48, 47),
            (agency, "requests.flow", 62, 61),
            (agency, "requests.results", 46, 47),
            (agency, "requests.results", 59, 60),
        ]
    );
    let late = server.json("/findings", &[("check", "date.deadline")]).await;
    assert_eq!(late["data"][0]["agency_name"], "沂源县历山街道办事处");
    assert_eq!(late["page"]["total"], 1);
    let copied = server.json("/findings", &[("severity", "notice")]).await;
    let checks: Vec<&Value> =
        copied["data"].as_array().unwrap().iter().map(|row| &row["check"]).collect();
    assert_eq!(checks, ["prose.last_year", "date.deadline"]);
}

#[test]
fn a_cell_without_a_number_says_what_stands_there() {
    let read = checked(&samples().join("沭阳县胡集镇人民政府-2022.html"));
    let states = &read["report"]["cell_states"];
    assert_eq!(states["requests.carried_over_in.total"], "dash");
    assert_eq!(states["requests.carried_over_out.total"], "none");
    assert_eq!(states["reviews.total"], "slash");
    assert_eq!(states["disclosure_items.administrative_penalties.decisions"], "none");
    // Plainly blank cells are null without a state.
    assert_eq!(states.get("requests.received.other"), None);
    assert_eq!(read["report"]["requests"]["received"]["other"], Value::Null);
}

/// `NNN.expected.json` beside a real report, read by hand.
fn expected(folder: &Path, number: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(format!("{number}.expected.json"))).unwrap())
        .unwrap()
}

#[tokio::test]
async fn real_reports_come_back_the_same_from_every_side() {
    let Some(folder) = real_reports() else { return };
    let store = Store::empty().await;
    let paths = [file(&folder, "000-"), file(&folder, "008-")];
    let summary = store.import(&paths).await;
    assert_eq!((summary.added, summary.refused.len(), summary.error_findings), (2, 0, 0));
    let server = store.serve().await;
    for (number, path) in ["000", "008"].into_iter().zip(&paths) {
        let expected = expected(&folder, number);
        let read = &checked(path)["report"];
        let id = read["agency"]["id"].as_str().unwrap();
        let stored =
            server.json(&format!("/agencies/{id}/reports/{}", expected["year"]), &[]).await;
        assert_eq!(stored["agency"]["name"], expected["agency"], "{number}");
        assert_eq!(
            numbers(&stored),
            expected_numbers(&expected),
            "{number} at its permanent address"
        );
        assert_eq!(
            by_graphql(&server, id).await,
            expected_numbers(&expected),
            "{number} over GraphQL"
        );
        assert_eq!(by_csv(&server, id).await, requests_of(&expected), "{number} as CSV");
    }
    let again = store.import(&paths).await;
    assert_eq!((again.added, again.revised, again.unchanged), (0, 0, 2));
}

/// Every number of an agency's only report, each asked for by its code.
async fn by_graphql(server: &crate::harness::Server, agency: &str) -> BTreeMap<String, Value> {
    let report = &server.json("/reports", &[("agency", agency)]).await["data"][0];
    let id = report["id"].as_str().unwrap().to_owned();
    let codes: Vec<String> = entity::template::Measure::cells()
        .iter()
        .filter(|cell| cell.is_in(entity::template::Template::T2021))
        .map(|cell| cell.cell_code())
        .collect();
    let mut numbers = BTreeMap::new();
    // As many aliases a query as the bounds allow.
    for codes in codes.chunks(gongkai::limits::GRAPHQL_ALIASES) {
        let fields: Vec<String> = codes
            .iter()
            .enumerate()
            .map(|(at, code)| format!("v{at}: value(measure: \"{code}\")"))
            .collect();
        let query = format!("{{ report(id: \"{id}\") {{ {} }} }}", fields.join(" "));
        let data = server.graphql_data(&query).await;
        for (at, code) in codes.iter().enumerate() {
            numbers.insert(code.clone(), data["report"][format!("v{at}")].clone());
        }
    }
    numbers
}

/// The requests matrix of an agency's only report, as CSV.
async fn by_csv(server: &crate::harness::Server, agency: &str) -> BTreeMap<String, Value> {
    let body = server
        .get("/requests", &[("agency", agency), ("format", "csv")])
        .await
        .text()
        .await
        .unwrap();
    let mut reader = csv::Reader::from_reader(body.trim_start_matches('\u{feff}').as_bytes());
    let heads = reader.headers().unwrap().clone();
    let row_column = heads.iter().position(|head| head == "row").unwrap();
    let mut numbers = BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        for (head, text) in heads.iter().zip(&record).skip(row_column + 1) {
            let number =
                if text.is_empty() { Value::Null } else { text.parse::<i64>().unwrap().into() };
            numbers.insert(format!("requests.{}.{head}", &record[row_column]), number);
        }
    }
    numbers
}

fn requests_of(expected: &Value) -> BTreeMap<String, Value> {
    expected_numbers(expected)
        .into_iter()
        .filter(|(code, _)| code.starts_with("requests."))
        .collect()
}
