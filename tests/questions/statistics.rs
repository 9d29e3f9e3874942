//! Statistics: computed a second way, naively, from all cells of all reports in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::made_up::{Dice, Report, Stands, money, reports};
use crate::harness::{Server, Store};

const MEASURES: [&str; 19] = [
    "requests.received",
    "requests.total",
    "requests.granted",
    "requests.denied",
    "requests.denied_state_secret",
    "requests.other",
    "requests.other_results",
    "requests.received.natural_person",
    "requests.total.commercial_enterprise",
    "requests.not_corrected_in_time",
    "reviews.total",
    "reviews.pending",
    "lawsuits.corrected",
    "lawsuits.total",
    "lawsuits.direct.total",
    "disclosure_items.administrative_fees.amount",
    "disclosure_items.normative_documents.in_force",
    "disclosure_items.centralized_procurement.amount",
    "disclosure_items.administrative_licensing.change",
];
pub const INDICATORS: [&str; 5] = [
    "disclosure_rate",
    "denial_rate",
    "completion_rate",
    "review_correction_rate",
    "lawsuit_correction_rate",
];
pub const LEVELS: [&str; 5] = ["national", "province", "prefecture", "county", "township"];
const REGION_LEVELS: [&str; 4] = ["province", "prefecture", "county", "township"];

/// A question, by the words of its parameters.
pub type Asked = BTreeMap<&'static str, String>;

fn question(dice: &mut Dice) -> Asked {
    let mut asked = Asked::new();
    let figures: BTreeSet<&str> = (0..1 + dice.throw(4))
        .map(|_| if dice.chance(60) { *dice.pick(&MEASURES) } else { *dice.pick(&INDICATORS) })
        .collect();
    asked.insert("measures", figures.into_iter().collect::<Vec<_>>().join(","));
    let groups =
        ["province", "prefecture", "county", "township", "year", "kind", "level", "template"];
    let chosen: BTreeSet<&str> = (0..dice.throw(4)).map(|_| *dice.pick(&groups)).collect();
    if !chosen.is_empty() {
        asked.insert("group_by", chosen.into_iter().collect::<Vec<_>>().join(","));
    }
    if dice.chance(60) {
        let functions = ["sum", "mean", "median", "min", "max", "count"];
        asked.insert("function", (*dice.pick(&functions)).to_owned());
    }
    if dice.chance(40) {
        asked.insert("rollup", (*dice.pick(&["auto", "consolidated", "own"])).to_owned());
    }
    filter(dice, &mut asked);
    asked
}

/// A random filter of reports.
pub fn filter(dice: &mut Dice, asked: &mut Asked) {
    if dice.chance(50) {
        let regions =
            ["370000", "320000", "110000", "441900", "000000", "370000,320000", "441900,110000"];
        asked.insert("region", (*dice.pick(&regions)).to_owned());
    }
    if dice.chance(40) {
        asked.insert("year", (*dice.pick(&["2023", "2021..2023", "2019,2022"])).to_owned());
    }
    if dice.chance(20) {
        let kinds = ["government", "department", "township_government,department"];
        asked.insert("kind", (*dice.pick(&kinds)).to_owned());
    }
    if dice.chance(20) {
        let levels = ["province", "county", "county,township", "national,prefecture"];
        asked.insert("level", (*dice.pick(&levels)).to_owned());
    }
    if dice.chance(15) {
        asked.insert("template", (*dice.pick(&["2019", "2021", "2019,2021"])).to_owned());
    }
    if dice.chance(15) {
        asked.insert("where", "requests.received>=12".to_owned());
    }
    if dice.chance(10) && !asked.contains_key("rollup") {
        asked.insert("scope", (*dice.pick(&["own", "consolidated"])).to_owned());
    }
}

/// Whether one of the comma-separated values is this one.
pub fn has(asked: &Asked, parameter: &str, value: impl Fn(&str) -> bool) -> bool {
    asked.get(parameter).is_none_or(|text| text.split(',').any(value))
}

fn in_span(span: &str, year: i32) -> bool {
    let (from, to) = span.split_once("..").unwrap_or((span, span));
    (from.parse().unwrap()..=to.parse().unwrap()).contains(&year)
}

/// Whether the agency is one that is asked about.
fn is_asked_about(asked: &Asked, report: &Report) -> bool {
    has(asked, "region", |region| report.is_in(region))
        && has(asked, "kind", |kind| report.kind == kind)
        && has(asked, "level", |level| report.level == level)
}

/// The reports that the filter selects.
pub fn selected<'a>(all: &'a [Report], asked: &Asked) -> Vec<&'a Report> {
    let is_selected = |report: &&Report| {
        is_asked_about(asked, report)
            && has(asked, "year", |span| in_span(span, report.year))
            && has(asked, "template", |template| report.template == template)
            && has(asked, "scope", |scope| (scope == "consolidated") == report.consolidated)
            && (!asked.contains_key("where")
                || matches!(
                    report.cells.get("requests.received.total"),
                    Some(Stands::Number(12..))
                ))
    };
    all.iter().filter(is_selected).collect()
}

/// The reports that count, each area and year once.
pub fn taken<'a>(selected: &[&'a Report], asked: &Asked) -> Vec<&'a Report> {
    let groups: Vec<&str> = asked.get("group_by").map_or(Vec::new(), |by| by.split(',').collect());
    let mut rollup = asked.get("rollup").map_or("auto", String::as_str);
    if let Some(scope) = asked.get("scope") {
        rollup = scope;
    } else if rollup == "auto" && (groups.contains(&"kind") || groups.contains(&"level")) {
        rollup = "own";
    }
    let own = |report: &&&Report| !report.consolidated;
    if rollup == "own" {
        return selected.iter().filter(own).copied().collect();
    }
    let place = |level: &str| LEVELS.iter().position(|known| *known == level).unwrap();
    let of_groups = groups.iter().copied().filter(|by| REGION_LEVELS.contains(by));
    let from = of_groups.max_by_key(|level| place(level)).unwrap_or("province");
    let levels = &LEVELS[place(from)..];
    if rollup == "consolidated" {
        // In each region that is named, those of the outermost level of which there is one.
        let heads = heads(selected, levels);
        let named = asked.get("region").map_or("000000", String::as_str);
        let of_region = |region: &str| -> Vec<&Report> {
            let is_in = |report: &&&Report| report.is_in(region);
            let of_level = |level: &&str| -> Vec<&Report> {
                heads.iter().filter(is_in).filter(|report| is_of(report, level)).copied().collect()
            };
            levels.iter().map(of_level).find(|of| !of.is_empty()).unwrap_or_default()
        };
        return named.split(',').flat_map(of_region).collect();
    }
    outermost(selected, levels)
}

/// Around each report, from the outside in: the first consolidated report of these levels stands for all
/// below it; where there is none, the own reports count.
pub fn outermost<'a>(selected: &[&'a Report], levels: &[&str]) -> Vec<&'a Report> {
    let heads = heads(selected, levels);
    let heads: HashMap<(&str, i32), &Report> =
        heads.into_iter().map(|head| ((head.region.as_str(), head.year), head)).collect();
    let counts = |report: &&&Report| {
        let around = gongkai::regions::chain(&report.region);
        let mut around =
            around.iter().filter_map(|region| heads.get(&(region.code.as_str(), report.year)));
        match around.next() {
            Some(head) => std::ptr::eq(*head, **report),
            None => !report.consolidated,
        }
    };
    selected.iter().filter(counts).copied().collect()
}

/// The consolidated reports of regions of these levels.
pub fn heads<'a>(selected: &[&'a Report], levels: &[&str]) -> Vec<&'a Report> {
    let is_head =
        |report: &&&Report| report.consolidated && levels.iter().any(|level| is_of(report, level));
    selected.iter().filter(is_head).copied().collect()
}

/// Whether the report's region is of this level.
pub fn is_of(report: &Report, level: &str) -> bool {
    report.area(level).is_some_and(|area| area == report.region)
}

/// Which reports were taken: how many, by `own` and the level of the consolidated ones.
pub fn counted(taken: &[&Report]) -> Value {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for report in taken {
        let what = match report.consolidated {
            false => "own",
            true => LEVELS.into_iter().find(|level| is_of(report, level)).unwrap_or("national"),
        };
        *counts.entry(what).or_default() += 1;
    }
    json!(counts)
}

fn key(report: &Report, by: &str) -> Value {
    match by {
        "year" => json!(report.year),
        "kind" => json!(report.kind),
        "level" => json!(report.level),
        "template" => json!(report.template),
        level => report.area(level).map_or(Value::Null, |code| {
            let name = &gongkai::regions::get(&code).unwrap().name;
            json!({"code": code, "name": name})
        }),
    }
}

/// What each report of a group says of a figure.
struct Said {
    /// Measures: what it adds, where it is known, and whether it prints it.
    numbers: Vec<(i128, bool)>,
    /// Indicators: above and below the line, where they are known.
    rates: Vec<(i128, i128)>,
    unknown: usize,
    incomparable: usize,
}

pub fn figure(
    reports: &[&Report],
    code: &str,
    function: &str,
    one_template: bool,
) -> (Value, Value, usize) {
    let mut said = Said { numbers: Vec::new(), rates: Vec::new(), unknown: 0, incomparable: 0 };
    let is_rate = !code.contains('.');
    for report in reports {
        if is_rate {
            match report.rate_of(code) {
                Some(rate) => said.rates.push(rate),
                None => said.unknown += 1,
            }
        } else if code == "requests.other" && report.template == "2019" && !one_template {
            said.incomparable += 1;
        } else {
            match report.adds_of(code) {
                Some(adds) => said.numbers.push(adds),
                None => said.unknown += 1,
            }
        }
    }
    let left_out = said.unknown + said.incomparable;
    let why = |else_: &str| {
        if reports.is_empty() {
            "no_reports"
        } else if said.unknown > 0 && (else_ == "no_part" || said.unknown == reports.len()) {
            "unknown"
        } else if said.incomparable > 0 {
            "not_comparable"
        } else {
            else_
        }
        .to_owned()
    };
    let null = |reason: String| (Value::Null, json!(reason), left_out);
    let is_amount = code.ends_with(".amount");
    let shown = |number: i128| {
        if is_amount { json!(money(number)) } else { json!(i64::try_from(number).unwrap()) }
    };
    let divided = |sum: i128, by: i128| {
        if !is_amount {
            return json!(sum as f64 / by as f64);
        }
        assert!(sum >= 0);
        json!(money((2 * sum + by) / (2 * by)))
    };
    if is_rate && function == "sum" {
        let (above, below) =
            said.rates.iter().fold((0, 0), |sum, rate| (sum.0 + rate.0, sum.1 + rate.1));
        if below <= 0 {
            return null(why("no_denominator"));
        }
        return (json!(above as f64 / below as f64), Value::Null, left_out);
    }
    if is_rate {
        let mut own: Vec<f64> = said
            .rates
            .iter()
            .filter(|rate| rate.1 > 0)
            .map(|rate| rate.0 as f64 / rate.1 as f64)
            .collect();
        own.sort_by(f64::total_cmp);
        let value = match function {
            "count" => json!(own.len()),
            _ if own.is_empty() => return null(why("no_denominator")),
            "mean" => json!(own.iter().sum::<f64>() / own.len() as f64),
            "median" => json!((own[(own.len() - 1) / 2] + own[own.len() / 2]) / 2.0),
            "min" => json!(own[0]),
            _ => json!(own[own.len() - 1]),
        };
        return (value, Value::Null, left_out);
    }
    let mut printed: Vec<i128> =
        said.numbers.iter().filter(|said| said.1).map(|said| said.0).collect();
    printed.sort_unstable();
    let value = match function {
        "count" => json!(printed.len()),
        _ if printed.is_empty() => return null(why("no_part")),
        "sum" => shown(said.numbers.iter().map(|said| said.0).sum()),
        "mean" => divided(printed.iter().sum(), printed.len() as i128),
        "median" => divided(printed[(printed.len() - 1) / 2] + printed[printed.len() / 2], 2),
        "min" => shown(printed[0]),
        _ => shown(printed[printed.len() - 1]),
    };
    (value, Value::Null, left_out)
}

fn expected(all: &[Report], asked: &Asked) -> (Vec<Value>, Value) {
    let selected = selected(all, asked);
    let taken = taken(&selected, asked);
    let by: Vec<&str> = asked.get("group_by").map_or(Vec::new(), |by| by.split(',').collect());
    let function = asked.get("function").map_or("sum", String::as_str);
    let one_template = by.contains(&"template")
        || asked.get("template").is_some_and(|template| !template.contains(','));
    let mut groups: BTreeMap<String, (Value, Vec<&Report>)> = BTreeMap::new();
    if by.is_empty() {
        groups.insert("{}".to_owned(), (json!({}), Vec::new()));
    }
    for report in &taken {
        let values: Map<String, Value> =
            by.iter().map(|&by| (by.to_owned(), key(report, by))).collect();
        let text = json!(values).to_string();
        groups.entry(text).or_insert_with(|| (json!(values), Vec::new())).1.push(report);
    }
    let codes: Vec<&str> = asked["measures"].split(',').collect();
    let mut unknown_in_all: BTreeMap<&str, usize> = codes.iter().map(|code| (*code, 0)).collect();
    let mut rows = Vec::new();
    for (group, reports) in groups.into_values() {
        let (mut values, mut reasons, mut unknown) = (Map::new(), Map::new(), Map::new());
        for code in &codes {
            let (value, reason, left_out) = figure(&reports, code, function, one_template);
            if !reason.is_null() {
                reasons.insert((*code).to_owned(), reason);
            }
            values.insert((*code).to_owned(), value);
            unknown.insert((*code).to_owned(), json!(left_out));
            *unknown_in_all.get_mut(code).unwrap() += left_out;
        }
        let consolidated = reports.iter().filter(|report| report.consolidated).count();
        let rollup = match consolidated {
            _ if reports.is_empty() => Value::Null,
            0 => json!("own"),
            _ if consolidated == reports.len() => json!("consolidated"),
            _ => json!("mixed"),
        };
        rows.push(json!({
            "group": group, "values": values, "reasons": reasons, "reports": reports.len(),
            "unknown": unknown, "rollup": rollup, "rollup_level": level_of(&reports),
        }));
    }
    let coverage = json!({
        "reports": taken.len(), "taken": counted(&taken), "excluded": selected.len() - taken.len(),
        "missing": missing(all, asked), "unknown": unknown_in_all,
    });
    (rows, coverage)
}

/// The level of the consolidated reports among these, where it is one.
fn level_of(reports: &[&Report]) -> Value {
    let counts = counted(reports);
    let mut levels = counts.as_object().unwrap().keys().filter(|what| *what != "own");
    match (levels.next(), levels.next()) {
        (Some(level), None) => json!(level),
        _ => Value::Null,
    }
}

/// How many reports agencies that reported before did not publish.
pub fn missing(all: &[Report], asked: &Asked) -> usize {
    let mut years: HashMap<&str, BTreeSet<i32>> = HashMap::new();
    for report in all.iter().filter(|report| is_asked_about(asked, report)) {
        years.entry(&report.agency).or_default().insert(report.year);
    }
    let in_data: BTreeSet<i32> = all.iter().map(|report| report.year).collect();
    let asked_years =
        in_data.into_iter().filter(|&year| has(asked, "year", |span| in_span(span, year)));
    let missing_in = |year: i32| {
        years.values().filter(|of| *of.first().unwrap() < year && !of.contains(&year)).count()
    };
    asked_years.map(missing_in).sum()
}

/// Equal but for the last digits of means of fractions.
pub fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            a == b || (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| alike(a, b)))
        }
        _ => one == other,
    }
}

/// All pages of an answer.
pub async fn answered(
    server: &Server,
    path: &str,
    asked: &Asked,
    limit: &str,
) -> (Vec<Value>, Value) {
    let mut params: Vec<(&str, &str)> =
        asked.iter().map(|(name, value)| (*name, value.as_str())).collect();
    params.push(("limit", limit));
    let (mut rows, mut after) = (Vec::new(), String::new());
    loop {
        let mut params = params.clone();
        if !after.is_empty() {
            params.push(("after", &after));
        }
        let mut page = server.json(path, &params).await;
        rows.append(page["data"].as_array_mut().unwrap());
        match page["page"]["next"].take() {
            Value::String(next) => after = next,
            _ => return (rows, page["coverage"].take()),
        }
    }
}

#[tokio::test]
async fn every_statistic_is_what_comes_of_all_cells_in_memory() {
    let (store, all) = reports().await;
    assert!(all.len() > 3_000, "{} reports", all.len());
    let server = store.serve().await;
    let mut dice = Dice(7);
    let mut rows_seen = 0;
    for number in 0..300 {
        let asked = question(&mut dice);
        let (expected_rows, coverage) = expected(all, &asked);
        let (rows, covered) = answered(&server, "/statistics", &asked, "500").await;
        assert!(alike(&covered, &coverage), "{number} {asked:?}\n{covered}\n{coverage}");
        assert_eq!(rows.len(), expected_rows.len(), "{number} {asked:?}");
        rows_seen += rows.len();
        for expected in expected_rows {
            let row = rows.iter().find(|row| row["group"] == expected["group"]);
            let row = row.unwrap_or_else(|| panic!("{number} {asked:?}: no {expected}"));
            assert!(alike(row, &expected), "{number} {asked:?}\n{row}\n{expected}");
        }
    }
    assert!(rows_seen > 3_000, "{rows_seen} rows compare little");
    pages(&server).await;
}

/// Small pages give the rows of one large page, in its order.
async fn pages(server: &Server) {
    let words =
        [("measures", "requests.received"), ("group_by", "county,year"), ("region", "370000")];
    let asked: Asked = words.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    let (whole, _) = answered(server, "/statistics", &asked, "500").await;
    let (paged, _) = answered(server, "/statistics", &asked, "7").await;
    assert!(whole.len() > 20);
    assert_eq!(paged, whole);
}

#[tokio::test]
async fn the_consolidated_report_of_a_county_stands_for_all_below_it() {
    let server = Store::with_samples().await.serve().await;
    let ask = async |more: &[(&'static str, &'static str)]| {
        let common = [("measures", "requests.received"), ("year", "2023"), ("region", "370323")];
        server.json("/statistics", &[&common[..], more].concat()).await
    };
    let auto = ask(&[]).await;
    let row = &auto["data"][0];
    assert_eq!(
        (&row["rollup"], &row["rollup_level"], &row["reports"]),
        (&json!("consolidated"), &json!("county"), &json!(1))
    );
    let own = ask(&[("rollup", "own")]).await;
    assert_eq!(own["data"][0]["rollup"], "own");
    assert_eq!(own["coverage"]["excluded"], 1);
    assert_eq!(own["coverage"]["reports"], auto["coverage"]["excluded"]);
    // So it does for a province and a country that handed in none, beside the own reports of the others.
    for wider in [("region", "370000"), ("region", "000000")] {
        let params = [("measures", "requests.received"), ("year", "2023"), wider];
        let wide = server.json("/statistics", &params).await;
        let received = wide["data"][0]["values"]["requests.received"].as_i64();
        assert!(received >= row["values"]["requests.received"].as_i64(), "{wide}");
        assert_eq!(wide["coverage"]["taken"]["county"], wide["data"][0]["reports"], "{wide}");
        let asked = [&params[..], &[("rollup", "consolidated")]].concat();
        assert_eq!(server.json("/statistics", &asked).await["data"], wide["data"]);
    }
    // By kind only the agencies' own reports can be told apart.
    let by_kind = ask(&[("group_by", "kind")]).await;
    assert!(by_kind["data"].as_array().unwrap().iter().all(|row| row["rollup"] == "own"));
    // A county below it that is asked for by name counts where nothing above it does.
    let agencies = server.json("/agencies", &[("region", "370323"), ("limit", "500")]).await;
    let ids: Vec<&str> = agencies["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|agency| agency["id"].as_str().unwrap())
        .collect();
    let all = ids.join(",");
    let named = server
        .json(
            "/statistics",
            &[("measures", "requests.received"), ("year", "2023"), ("agency", &all)],
        )
        .await;
    assert_eq!(named["data"][0]["values"], row["values"]);
    assert_eq!(named["coverage"], auto["coverage"]);
}

#[tokio::test]
async fn statistics_of_the_data_as_they_stood_are_those_of_the_reports_as_they_stood() {
    let server = Store::with_samples().await.serve().await;
    let mut sums = Vec::new();
    for as_of in ["v0", "v7", "v16", "v26"] {
        let own = [("scope", "own"), ("measures", "requests.received"), ("as_of", as_of)];
        let listed = server.json("/reports", &[&own[..], &[("limit", "500")]].concat()).await;
        let listed: Vec<&Value> = listed["data"].as_array().unwrap().iter().collect();
        let received = |row: &&Value| row["values"]["requests.received"].as_i64();
        let sum: i64 = listed.iter().filter_map(received).sum();
        let added = server.json("/statistics", &own).await;
        assert_eq!(added["coverage"]["reports"], listed.len(), "{as_of}");
        let value = &added["data"][0]["values"]["requests.received"];
        assert_eq!(value.as_i64().unwrap_or(0), sum, "{as_of}");
        sums.push(sum);
    }
    assert!(sums.is_sorted() && sums[0] == 0 && sums[3] > sums[1], "{sums:?}");
}

/// Parameters, the one at fault, what is said of it.
pub type Refused<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

#[tokio::test]
async fn what_cannot_be_added_up_is_refused_and_says_what_is_allowed() {
    let server = Store::with_samples().await.serve().await;
    let measures = ("measures", "requests.received");
    let cases: [Refused<'_>; 12] = [
        (&[], "measures", "measures is not given"),
        (&[("measures", "requests.recieved")], "measures", "did you mean requests.received?"),
        (&[measures, ("group_by", "village")], "group_by", "nothing to group by"),
        (&[measures, ("group_by", "year,year")], "group_by", "year is named twice"),
        (&[measures, ("group_by", "")], "group_by", "empty"),
        (&[measures, ("function", "average")], "function", "not known"),
        (&[measures, ("rollup", "all")], "rollup", "not known"),
        (
            &[measures, ("rollup", "own"), ("scope", "consolidated")],
            "rollup",
            "other reports than scope",
        ),
        (&[measures, ("year", "1823")], "year", "no year"),
        (&[measures, ("sort", "-year")], "sort", "order of their groups"),
        (&[measures, ("where", "requests.received>many")], "where", "no number"),
        (&[measures, ("groupby", "year")], "groupby", "did you mean group_by?"),
    ];
    for (params, parameter, says) in cases {
        let (status, problem) = server.problem("/statistics", params).await;
        assert_eq!(
            (status, &problem["parameter"]),
            (400, &json!(parameter)),
            "{params:?} {problem}"
        );
        assert!(problem["detail"].as_str().unwrap().contains(says), "{params:?} {problem}");
    }
    let by_year = [measures, ("group_by", "year"), ("limit", "1")];
    let next = server.json("/statistics", &by_year).await["page"]["next"].take();
    let next = next.as_str().unwrap();
    let other = [measures, ("group_by", "year"), ("year", "2020..2023"), ("after", next)];
    let (status, problem) = server.problem("/statistics", &other).await;
    assert_eq!((status, &problem["code"]), (400, &json!("invalid_cursor")), "{problem}");
}
