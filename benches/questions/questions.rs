//! The questions, one of each kind, and what their answers must be.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::made_up::{MadeUp, ROWS, Report, WORD, YEAR};

/// The years that questions over all years are about.
const YEARS: std::ops::RangeInclusive<i64> = 2019..=2025;
/// The years of the question in GraphQL.
const TWO_YEARS: [i64; 2] = [2022, 2023];

/// A question and what is right.
pub struct Question {
    pub name: &'static str,
    asked: Asked,
    pub check: fn(&Value, &MadeUp),
}

/// How it is asked.
enum Asked {
    /// An address below `/api/v1`.
    Rest(String),
    GraphQl(String),
}

impl Question {
    /// The bytes that ask it.
    pub fn request(&self) -> Vec<u8> {
        let (line, body) = match &self.asked {
            Asked::Rest(path) => (format!("GET /api/v1{path}"), String::new()),
            Asked::GraphQl(query) => {
                ("POST /graphql".to_owned(), json!({ "query": query }).to_string())
            }
        };
        let length = body.len();
        format!(
            "{line} HTTP/1.1\r\nhost: gongkai.example\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }

    /// What an answer to it says: JSON, or one text.
    pub fn read(&self, body: &[u8]) -> Value {
        let text = || Value::String(String::from_utf8(body.to_vec()).unwrap());
        serde_json::from_slice(body).unwrap_or_else(|_| text())
    }
}

/// Every question, over these reports. One that is added is one more line, and a function that checks it.
#[rustfmt::skip]
pub fn of(known: &MadeUp) -> Vec<Question> {
    let rest = |name, path: String, check| Question { name, asked: Asked::Rest(path), check };
    let graphql = |name, query: String, check| Question { name, asked: Asked::GraphQl(query), check };
    let rows = ROWS.map(|row| format!("requests.{row}")).join(",");
    let county = text(&known.in_full["county"], "/agency/region_code");
    let province = text(&known.in_full["province"], "/agency/region_code");
    let id = text(&known.in_full["county"], "/agency/id");
    vec![
        rest("a report in full",                           format!("/agencies/{id}/reports/{YEAR}"), in_full),
        rest("50 of a province and year, sorted",          format!("/reports?region={province}&year={YEAR}&sort=-requests.received&measures=requests.received&limit=50"), sorted),
        rest("31 provinces x 25 rows of a year",           format!("/statistics?measures={rows}&group_by=province&year={YEAR}"), provinces),
        rest("sums by year",                               "/statistics?measures=requests.received,requests.total&group_by=year".to_owned(), by_year),
        rest("sums by year and kind",                      "/statistics?measures=requests.received,requests.total&group_by=year,kind".to_owned(), by_kind),
        rest("top 100 by denial rate, 20 results or more", format!("/rankings?indicator=denial_rate&min_denominator=20&year={YEAR}&limit=100"), ranking),
        rest("an agency's years",                          format!("/series?agency={id}&measures=requests.received,requests.total&year=2019..2025"), of_agency),
        rest("a province's years",                         format!("/series?region={province}&measures=requests.received,requests.total&year=2019..2025"), of_province),
        rest("top 100 by growth since last year, 20 or more", format!("/rankings?measure=requests.received&compared_with=last_year&min_denominator=20&year={YEAR}&limit=100"), growth),
        rest("a province's form added up",                 format!("/regions/{province}/summary/{YEAR}?format=json"), form),
        rest("counties that differ from their parts",      format!("/differences?measures=requests.received&by=county&year={YEAR}"), differences),
        rest("coverage of a province by year",             format!("/coverage?region={province}&group_by=year&year=2019..2025"), coverage),
        rest("search, two characters, 20 with snippets",   format!("/search?q={WORD}&limit=20"), search),
        rest("copied from last year, 20",                  format!("/search?copied_from=last_year&year={YEAR}&limit=20"), copied),
        rest("a province and year as CSV",                 format!("/requests?region={province}&year={YEAR}&format=csv"), csv),
        graphql("GraphQL: a county's agencies, two years, two numbers", format!(
            "{{ region(code: \"{county}\") {{ agencies(first: 200) {{ nodes {{ id reports(filter: {{year: \"{}..{}\"}}) {{ nodes {{ year received: value(measure: \"requests.received\") total: value(measure: \"requests.total\") }} }} }} }} }} }}",
            TWO_YEARS[0], TWO_YEARS[1]), county_in_graphql),
    ]
}

fn text(report: &Value, pointer: &str) -> String {
    report.pointer(pointer).unwrap().as_str().unwrap().to_owned()
}

fn list(answer: &Value) -> &Vec<Value> {
    answer["data"].as_array().unwrap()
}

/// The number of a measure in `values`.
fn value(row: &Value, measure: &str) -> Option<i64> {
    row["values"][measure].as_i64()
}

fn in_full(answer: &Value, known: &MadeUp) {
    let made = &known.in_full["county"];
    for (name, stated) in made.as_object().unwrap() {
        // What the server says of it.
        if !["id", "revision", "source", "findings"].contains(&name.as_str()) {
            assert_eq!(&answer[name], stated, "{name}");
        }
    }
}

fn sorted(answer: &Value, known: &MadeUp) {
    let province = text(&known.in_full["province"], "/agency/region_code");
    let of_province = || known.of_year().filter(|report| report.is_in(&province));
    let mut numbers: Vec<Option<i64>> =
        of_province().map(|report| report.total("received")).collect();
    numbers.sort_by_key(|number| std::cmp::Reverse(*number));
    assert_eq!(answer["page"]["total"], numbers.len());
    numbers.truncate(50);
    let rows = list(answer);
    let given: Vec<Option<i64>> = rows.iter().map(|row| value(row, "requests.received")).collect();
    assert_eq!(given, numbers);
    let of_agencies: BTreeMap<&str, Option<i64>> =
        of_province().map(|report| (report.agency_id.as_str(), report.total("received"))).collect();
    for row in rows {
        let id = row["agency"]["id"].as_str().unwrap();
        assert_eq!(of_agencies[id], value(row, "requests.received"), "{id}");
    }
}

fn csv(answer: &Value, known: &MadeUp) {
    let mut lines = answer.as_str().unwrap().trim_start_matches('\u{feff}').lines();
    let heads: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| heads.iter().position(|head| *head == name).unwrap();
    // No text of these columns, nor of one before them, has a comma.
    let (agency, row, total) = (at("agency_id"), at("row"), at("total"));
    let mut given: BTreeMap<(String, String), Vec<Option<i64>>> = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let key = (cells[agency].to_owned(), cells[row].to_owned());
        given.entry(key).or_default().push(cells[total].parse().ok());
    }
    let province = text(&known.in_full["province"], "/agency/region_code");
    let mut made: BTreeMap<(String, String), Vec<Option<i64>>> = BTreeMap::new();
    for report in known.of_year().filter(|report| report.is_in(&province)) {
        for name in ROWS.into_iter().filter(|name| report.total(name).is_some()) {
            let key = (report.agency_id.clone(), name.to_owned());
            made.entry(key).or_default().push(report.total(name));
        }
    }
    given.retain(|_, totals| totals.iter().any(Option::is_some));
    for totals in given.values_mut().chain(made.values_mut()) {
        totals.sort();
    }
    assert_eq!(given, made);
}

fn provinces(answer: &Value, known: &MadeUp) {
    let is_nations = |report: &&Report| report.level != "national";
    let codes: BTreeSet<&str> =
        known.of_year().filter(is_nations).map(|report| &report.region[..2]).collect();
    let mut seen = BTreeSet::new();
    for row in list(answer) {
        // What the nation's own agencies report is in no province.
        let Some(code) = row["group"]["province"]["code"].as_str() else { continue };
        seen.insert(&code[..2]);
        for name in ROWS {
            let is_asked = |report: &Report| report.year == YEAR && report.is_in(code);
            let sum = known.sum(name, is_asked);
            assert_eq!(value(row, &format!("requests.{name}")), Some(sum), "{code} {name}");
        }
    }
    assert_eq!(seen, codes);
}

fn by_year(answer: &Value, known: &MadeUp) {
    assert_eq!(list(answer).len(), YEARS.count());
    for row in list(answer) {
        for name in ["received", "total"] {
            let sum = known.sum(name, |report| report.year == row["group"]["year"]);
            assert_eq!(value(row, &format!("requests.{name}")), Some(sum), "{row}");
        }
    }
}

fn by_kind(answer: &Value, known: &MadeUp) {
    let mut seen = BTreeSet::new();
    for row in list(answer) {
        let (year, kind) = (&row["group"]["year"], &row["group"]["kind"]);
        seen.insert((year.as_i64(), kind.as_str()));
        for name in ["received", "total"] {
            let is_asked = |report: &Report| report.year == *year && report.kind == *kind;
            let sum = known.sum(name, is_asked);
            assert_eq!(value(row, &format!("requests.{name}")), Some(sum), "{row}");
        }
    }
    let own = known.reports.iter().filter(|report| !report.is_consolidated);
    let kinds: BTreeSet<_> =
        own.map(|report| (Some(report.year), Some(report.kind.as_str()))).collect();
    assert_eq!(seen, kinds);
}

fn ranking(answer: &Value, known: &MadeUp) {
    let mut rates: Vec<f64> = known
        .of_year()
        .filter(|report| report.total("total").unwrap_or(0) >= 20)
        .map(|report| report.denied() as f64 / report.total("total").unwrap() as f64)
        .collect();
    rates.sort_by(|one, other| other.total_cmp(one));
    assert_eq!(answer["page"]["total"], rates.len());
    rates.truncate(100);
    let given: Vec<f64> = list(answer).iter().map(|row| row["value"].as_f64().unwrap()).collect();
    // The reader of JSON here is off by a last bit; what the rates are made of is compared below.
    let is_near = |(one, other): (&f64, &f64)| (one - other).abs() < 1e-12;
    assert!(given.len() == rates.len() && given.iter().zip(&rates).all(is_near), "{given:?}");
    for row in list(answer) {
        let id = row["agency"]["id"].as_str().unwrap();
        let report = known.of_year().find(|report| report.agency_id == id).unwrap();
        assert_eq!(row["numerator"], report.denied(), "{id}");
        assert_eq!(row["denominator"], report.total("total").unwrap(), "{id}");
    }
}

fn growth(answer: &Value, known: &MadeUp) {
    // Of an agency with both reports the consolidated one, and like is compared with like.
    let of_year = |year: i64| {
        let mut numbers: BTreeMap<&str, (bool, Option<i64>)> = BTreeMap::new();
        for report in known.reports.iter().filter(|report| report.year == year) {
            let known = numbers.entry(&report.agency_id).or_default();
            if report.is_consolidated || !known.0 {
                *known = (report.is_consolidated, report.total("received"));
            }
        }
        numbers
    };
    let (this, last) = (of_year(YEAR), of_year(YEAR - 1));
    let mut rates: Vec<f64> = Vec::new();
    for (id, (scope, number)) in &this {
        if let Some((other_scope, Some(last @ 20..))) = last.get(id)
            && let (true, Some(number)) = (scope == other_scope, number)
        {
            rates.push(*number as f64 / *last as f64);
        }
    }
    rates.sort_by(|one, other| other.total_cmp(one));
    assert_eq!(answer["page"]["total"], rates.len());
    let given: Vec<f64> = list(answer).iter().map(|row| row["value"].as_f64().unwrap()).collect();
    let is_near = |(one, other): (&f64, &f64)| (one - other).abs() < 1e-9;
    assert!(given.len() == rates.len().min(100) && given.iter().zip(&rates).all(is_near));
}

fn form(answer: &Value, known: &MadeUp) {
    let province = text(&known.in_full["province"], "/agency/region_code");
    for name in ROWS {
        let measure = format!("requests.{name}");
        let cells = answer["cells"].as_array().unwrap();
        let cell = cells.iter().find(|cell| cell["measure"] == measure).unwrap();
        let sum = known.sum(name, |report| report.year == YEAR && report.is_in(&province));
        assert_eq!(cell["value"], sum, "{measure}");
    }
}

/// Consolidated reports are made to add up.
fn differences(answer: &Value, known: &MadeUp) {
    assert_eq!(*list(answer), Vec::<Value>::new());
    let heads = known.of_year().filter(|report| report.is_consolidated && report.level == "county");
    assert_eq!(answer["coverage"]["left_out"]["agree"], heads.count());
}

fn coverage(answer: &Value, known: &MadeUp) {
    let province = text(&known.in_full["province"], "/agency/region_code");
    assert_eq!(list(answer).len(), YEARS.count());
    for row in list(answer) {
        let is_asked =
            |report: &&Report| report.is_in(&province) && report.year == row["group"]["year"];
        let asked = known.reports.iter().filter(is_asked);
        let agencies: BTreeSet<&str> = asked.map(|report| report.agency_id.as_str()).collect();
        assert_eq!(row["reported"], agencies.len(), "{row}");
        let number = |name: &str| row[name].as_u64().unwrap();
        assert_eq!(number("expected"), number("reported") + number("missing"), "{row}");
    }
}

fn search(answer: &Value, known: &MadeUp) {
    assert_eq!(answer["page"]["total"], known.sections);
    assert_eq!(list(answer).len() as u64, known.sections.min(20));
    let has_word = |row: &Value| row["snippet"].as_str().unwrap().contains(WORD);
    assert!(list(answer).iter().all(has_word), "{answer}");
}

fn copied(answer: &Value, _known: &MadeUp) {
    let is_copied = |row: &Value| row["copied"]["share"].as_f64().is_some_and(|share| share >= 0.8);
    assert!(!list(answer).is_empty() && list(answer).iter().all(is_copied), "{answer}");
}

/// Compares a series with what a year's number is.
fn series(answer: &Value, number: impl Fn(i64, &str) -> Option<i64>) {
    let [series] = &list(answer)[..] else { panic!("{answer}") };
    let points = series["points"].as_array().unwrap();
    assert_eq!(points.len(), YEARS.count());
    for (point, year) in points.iter().zip(YEARS) {
        assert_eq!(point["year"], year);
        for row in ["received", "total"] {
            assert_eq!(value(point, &format!("requests.{row}")), number(year, row), "{year} {row}");
        }
    }
}

fn of_agency(answer: &Value, known: &MadeUp) {
    let id = text(&known.in_full["county"], "/agency/id");
    series(answer, |year, row| {
        let is_asked = |report: &&Report| report.agency_id == id && report.year == year;
        known.reports.iter().find(is_asked)?.total(row)
    });
}

fn of_province(answer: &Value, known: &MadeUp) {
    let province = text(&known.in_full["province"], "/agency/region_code");
    series(answer, |year, row| {
        Some(known.sum(row, |report| report.is_in(&province) && report.year == year))
    });
}

fn county_in_graphql(answer: &Value, known: &MadeUp) {
    let county = text(&known.in_full["county"], "/agency/region_code");
    let nodes = |value: &Value, name: &str| value[name]["nodes"].as_array().unwrap().clone();
    let mut given = BTreeSet::new();
    for agency in nodes(&answer["data"]["region"], "agencies") {
        for report in nodes(&agency, "reports") {
            let number = |name: &str| report[name].as_i64();
            given.insert((
                agency["id"].as_str().unwrap().to_owned(),
                report["year"].as_i64().unwrap(),
                number("received"),
                number("total"),
            ));
        }
    }
    let of_county = known
        .reports
        .iter()
        .filter(|report| report.region.starts_with(&county) && TWO_YEARS.contains(&report.year));
    let made: BTreeSet<_> = of_county
        .map(|report| {
            let (received, total) = (report.total("received"), report.total("total"));
            (report.agency_id.clone(), report.year, received, total)
        })
        .collect();
    assert_eq!(given, made);
}
