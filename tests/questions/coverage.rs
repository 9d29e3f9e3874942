//! Coverage: computed a second way, naively, from all reports in memory and the tree of regions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::template::Code;
use gongkai::regions;
use serde_json::{Map, Value, json};

use super::{
    made_up::{Dice, Report, YEARS, reports},
    statistics::{Asked, alike, has},
};
use crate::harness::{Server, Store, gongkai, stderr};

/// Who is expected to report: an agency, or a government of the tree that never did.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Who {
    region: String,
    /// Empty for a government that never reported.
    name: String,
    kind: String,
    level: String,
}

/// How it stands on a year.
struct Stands {
    who: Who,
    year: i32,
    state: &'static str,
    deadline: Option<String>,
    published_on: Option<String>,
    reported_before: bool,
    in_tree: bool,
}

/// The kind of government that a region of the tree has.
fn government(region: &regions::Region) -> Option<&'static str> {
    let (code, name) = (region.code.as_str(), region.name.as_str());
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    match region.level.code() {
        "province" | "prefecture" => Some("government"),
        "county" if ends(&["县", "市", "区", "旗"]) && &code[4..5] != "7" && code != "350527" => {
            Some("government")
        }
        "township" if &code[6..] < "400" && ends(&["镇", "乡", "苏木"]) => {
            Some("township_government")
        }
        "township" if &code[6..] < "400" && ends(&["街道"]) => Some("subdistrict_office"),
        _ => None,
    }
}

fn is_in(code: &str, area: &str) -> bool {
    area == "000000" || regions::chain(code).iter().any(|above| above.code == area)
}

/// Everybody expected, of the years and the filter that are asked for.
fn expected(all: &[Report], asked: &Asked) -> Vec<Stands> {
    let mut of_agency: BTreeMap<Who, BTreeMap<i32, Vec<&Report>>> = BTreeMap::new();
    for report in all {
        let who = Who {
            region: report.region.clone(),
            name: report.agency.clone(),
            kind: report.kind.to_owned(),
            level: report.level.to_owned(),
        };
        of_agency.entry(who).or_default().entry(report.year).or_default().push(report);
    }
    // No two agencies that are made up are of one region and of a government's kind.
    let by_kind: HashMap<(&str, &str), &Who> =
        of_agency.keys().map(|who| ((who.region.as_str(), who.kind.as_str()), who)).collect();
    let is_asked = |region: &str, kind: &str, level: &str| {
        has(asked, "kind", |asked| asked == kind)
            && has(asked, "level", |asked| asked == level)
            && has(asked, "region", |area| is_in(region, area))
    };
    let mut in_tree: BTreeSet<Who> = BTreeSet::new();
    for region in regions::all() {
        let Some(kind) = government(region) else { continue };
        if !is_asked(&region.code, kind, region.level.code()) {
            continue;
        }
        let known = by_kind.get(&(region.code.as_str(), kind));
        in_tree.insert(known.map(|who| (*who).clone()).unwrap_or_else(|| Who {
            region: region.code.clone(),
            name: String::new(),
            kind: kind.to_owned(),
            level: region.level.code().to_owned(),
        }));
    }
    let of_filter = of_agency.keys().filter(|who| is_asked(&who.region, &who.kind, &who.level));
    let all_who: BTreeSet<&Who> = of_filter.chain(&in_tree).collect();
    let none = BTreeMap::new();
    let mut rows = Vec::new();
    for year in YEARS.filter(|year| has(asked, "year", |span| in_span(span, *year))) {
        for who in &all_who {
            let years = of_agency.get(who).unwrap_or(&none);
            let in_tree = in_tree.contains(who);
            if !(in_tree || years.keys().any(|known| *known <= year)) {
                continue;
            }
            let mut judged: Vec<_> =
                years.get(&year).into_iter().flatten().map(|r| judge(r)).collect();
            judged.sort_by_key(|judged| judged.0);
            let due = |day: &str| format!("{}-{day}", year + 1);
            let missing = if who.kind == "government" { due("03-31") } else { due("01-31") };
            let (_, state, deadline, published_on) =
                judged.pop().unwrap_or((0, "missing", missing, None));
            rows.push(Stands {
                who: (*who).clone(),
                year,
                state,
                deadline: Some(deadline),
                published_on,
                reported_before: years.keys().any(|known| *known < year),
                in_tree,
            });
        }
    }
    rows
}

/// How a report is judged, and how much that weighs beside the agency's other report.
fn judge(report: &Report) -> (usize, &'static str, String, Option<String>) {
    let day = if report.consolidated { "03-31" } else { "01-31" };
    let due = format!("{}-{day}", report.year + 1);
    let (weight, state) = match &report.published_on {
        None => (0, "undated"),
        Some(day) if *day > due => (4, "late"),
        Some(_) => (2, "on_time"),
    };
    (weight + usize::from(report.consolidated), state, due, report.published_on.clone())
}

fn in_span(span: &str, year: i32) -> bool {
    let (from, to) = span.split_once("..").unwrap_or((span, span));
    (from.parse().unwrap()..=to.parse().unwrap()).contains(&year)
}

fn filter(dice: &mut Dice) -> Asked {
    let mut asked = Asked::new();
    let regions =
        ["370000", "320000", "110000", "441900", "370000,320000", "441900,110000", "370323"];
    if dice.chance(85) {
        asked.insert("region", (*dice.pick(&regions)).to_owned());
    }
    if dice.chance(60) {
        asked.insert("year", (*dice.pick(&["2023", "2021..2023", "2019,2022"])).to_owned());
    }
    if dice.chance(30) {
        let kinds = ["government", "department", "township_government,subdistrict_office"];
        asked.insert("kind", (*dice.pick(&kinds)).to_owned());
    }
    if dice.chance(30) {
        let levels = ["province", "county", "county,township", "national,prefecture"];
        asked.insert("level", (*dice.pick(&levels)).to_owned());
    }
    asked
}

fn key(row: &Stands, by: &str) -> Value {
    match by {
        "year" => json!(row.year),
        "kind" => json!(row.who.kind),
        "level" => json!(row.who.level),
        level => {
            let chain = regions::chain(&row.who.region);
            let area = chain.into_iter().find(|region| region.level.code() == level);
            area.map_or(Value::Null, |area| json!({"code": area.code, "name": area.name}))
        }
    }
}

fn params<'a>(asked: &'a Asked, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    asked.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied()).collect()
}

#[tokio::test]
async fn every_count_is_what_comes_of_all_reports_and_the_tree() {
    let (store, all) = reports().await;
    let server = store.serve().await;
    let mut dice = Dice(5);
    let groups = ["province", "prefecture", "county", "township", "year", "kind", "level"];
    let mut rows_seen = 0;
    for number in 0..40 {
        let mut asked = filter(&mut dice);
        let chosen: BTreeSet<&str> = (0..dice.throw(4)).map(|_| *dice.pick(&groups)).collect();
        // In the order in which an answer says them.
        let by: Vec<&str> = if chosen.is_empty() {
            vec!["year"]
        } else {
            groups.into_iter().filter(|by| chosen.contains(by)).collect()
        };
        if !chosen.is_empty() {
            asked.insert("group_by", by.join(","));
        }
        let mut counts: BTreeMap<String, (Value, BTreeMap<&str, u64>)> = BTreeMap::new();
        for row in expected(all, &asked) {
            let group: Map<String, Value> =
                by.iter().map(|&by| (by.to_owned(), key(&row, by))).collect();
            let group = Value::Object(group);
            let (_, counts) = counts.entry(group.to_string()).or_insert((group, BTreeMap::new()));
            let is_missing = row.state == "missing";
            for (name, is_one) in [
                ("expected", true),
                ("reported", !is_missing),
                (row.state, true),
                ("never_reported", is_missing && !row.reported_before),
                ("new", !is_missing && !row.reported_before && !row.in_tree),
            ] {
                *counts.entry(name).or_default() += u64::from(is_one);
            }
        }
        let answered = server.get("/coverage", &params(&asked, &[("format", "ndjson")])).await;
        let answered = answered.text().await.unwrap();
        let rows: Vec<Value> =
            answered.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), counts.len(), "{number} {asked:?}");
        rows_seen += rows.len();
        for row in rows {
            let (_, counts) = counts.remove(&row["group"].to_string()).unwrap_or_else(|| {
                panic!("{number} {asked:?}: {row} is of no group");
            });
            let count = |name: &str| counts.get(name).copied().unwrap_or(0);
            let expected = json!({
                "group": row["group"], "expected": count("expected"), "reported": count("reported"),
                "on_time": count("on_time"), "late": count("late"), "undated": count("undated"),
                "missing": count("missing"), "never_reported": count("never_reported"),
                "new": count("new"), "share": count("reported") as f64 / count("expected") as f64,
            });
            assert!(alike(&row, &expected), "{number} {asked:?}\n{row}\n{expected}");
        }
    }
    assert!(rows_seen > 1_000, "{rows_seen} rows compare little");
}

#[tokio::test]
async fn every_name_is_what_comes_of_all_reports_and_the_tree() {
    let (store, all) = reports().await;
    let server = store.serve().await;
    let mut dice = Dice(6);
    let mut rows_seen = 0;
    for number in 0..20 {
        let mut asked = filter(&mut dice);
        asked.entry("region").or_insert_with(|| "370000".to_owned());
        let mut rows = expected(all, &asked);
        let state = *dice.pick(&["", "reported", "missing", "late", "on_time,undated"]);
        if !state.is_empty() {
            asked.insert("state", state.to_owned());
            let states = state.replace("reported", "on_time,late,undated");
            rows.retain(|row| states.split(',').any(|state| row.state == state));
        }
        let mut expected: Vec<Value> = rows
            .iter()
            .map(|row| {
                json!({
                    "year": row.year, "region_code": row.who.region, "kind": row.who.kind,
                    "level": row.who.level, "name": row.who.name, "state": row.state,
                    "deadline": row.deadline, "published_on": row.published_on,
                    "reported_before": row.reported_before,
                })
            })
            .collect();
        let rows = pages(&server, &asked, if number % 4 == 0 { "97" } else { "500" }).await;
        let place = |row: &Value| {
            let year = -row["year"].as_i64().unwrap();
            (year, row["agency"]["region_code"].as_str().unwrap().to_owned())
        };
        assert!(rows.is_sorted_by_key(place), "{asked:?}");
        let mut answered: Vec<Value> = rows
            .iter()
            .map(|row| {
                let agency = &row["agency"];
                let is_in = row["state"] != "missing";
                assert_eq!(row["report_id"].is_string(), is_in, "{row}");
                // Who never reported has no id; the others are known by their names.
                let name = if agency["id"].is_null() { json!("") } else { agency["name"].clone() };
                assert!(!agency["name"].as_str().unwrap().is_empty(), "{row}");
                json!({
                    "year": row["year"], "region_code": agency["region_code"], "kind": agency["kind"],
                    "level": agency["level"], "name": name, "state": row["state"],
                    "deadline": row["deadline"], "published_on": row["published_on"],
                    "reported_before": row["reported_before"],
                })
            })
            .collect();
        rows_seen += answered.len();
        expected.sort_by_key(Value::to_string);
        answered.sort_by_key(Value::to_string);
        assert_eq!(answered, expected, "{number} {asked:?}");
    }
    assert!(rows_seen > 10_000, "{rows_seen} rows compare little");
}

/// All rows of a question, page by page.
async fn pages(server: &Server, asked: &Asked, limit: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let mut page = params(asked, &[("limit", limit)]);
        page.extend(after.as_deref().map(|after| ("after", after)));
        let answer = server.json("/expected-reports", &page).await;
        rows.extend(answer["data"].as_array().unwrap().iter().cloned());
        let total = answer["page"]["total"].as_u64().unwrap();
        match answer["page"]["next"].as_str() {
            Some(next) if rows.len() < 3_000 => after = Some(next.to_owned()),
            // Long lists are read on as a whole file, which goes through pages of its own.
            Some(_) => break,
            None => {
                assert_eq!(rows.len() as u64, total, "{asked:?}");
                return rows;
            }
        }
    }
    let whole = params(asked, &[("format", "ndjson")]);
    let whole = server.get("/expected-reports", &whole).await.text().await.unwrap();
    let whole: Vec<Value> = whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows, whole[..rows.len()], "{asked:?}");
    whole
}

#[tokio::test]
async fn what_is_missing_and_was_known_is_what_the_years_say() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    for version in ["v5", "v17", "v26"] {
        let years = server.json("/years", &[("as_of", version)]).await;
        let coverage = server.json("/coverage", &[("as_of", version)]).await;
        let mut of_years: Vec<Value> = years["data"].as_array().unwrap().clone();
        of_years.reverse();
        let counted: Vec<Value> = coverage["data"].as_array().unwrap().clone();
        assert!(!counted.is_empty() && counted.len() == of_years.len(), "{years} {coverage}");
        for (row, of_year) in counted.iter().zip(&of_years) {
            let count = |name: &str| row[name].as_u64().unwrap();
            assert_eq!(row["group"]["year"], of_year["year"]);
            assert_eq!(json!(count("missing") - count("never_reported")), of_year["missing"]);
        }
    }
}

#[tokio::test]
async fn a_county_says_who_reported_and_who_did_not() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let asked = [("region", "370323"), ("year", "2023"), ("group_by", "kind")];
    let coverage = server.json("/coverage", &asked).await;
    let row = |kind: &str, counts: [u64; 7], share: f64| {
        let [expected, reported, on_time, late, missing, never_reported, new] = counts;
        json!({
            "group": {"kind": kind}, "expected": expected, "reported": reported, "on_time": on_time,
            "late": late, "undated": 0, "missing": missing, "never_reported": never_reported,
            "new": new, "share": share,
        })
    };
    // The county has ten towns and two subdistricts; four of them are in the samples.
    let expected = json!([
        row("department", [2, 2, 2, 0, 0, 0, 0], 1.0),
        row("government", [1, 1, 1, 0, 0, 0, 0], 1.0),
        row("subdistrict_office", [2, 1, 0, 1, 1, 1, 0], 0.5),
        row("township_government", [10, 2, 2, 0, 8, 8, 0], 0.2),
    ]);
    assert_eq!(coverage["data"], expected);
    let late = [("region", "370323"), ("year", "2023"), ("state", "late")];
    let expected = json!([{
        "year": 2023,
        "agency": {
            "id": "a46825fddf636b", "name": "沂源县历山街道办事处", "region_code": "370323001",
            "kind": "subdistrict_office", "level": "township",
        },
        "state": "late", "deadline": "2024-01-31", "published_on": "2024-02-07",
        "report_id": "r8", "reported_before": true,
    }]);
    assert_eq!(server.json("/expected-reports", &late).await["data"], expected);
    let missing = [("region", "370323"), ("q", "悦庄"), ("year", "2023")];
    let expected = json!([{
        "year": 2023,
        "agency": {
            "id": null, "name": "沂源县悦庄镇人民政府", "region_code": "370323104",
            "kind": "township_government", "level": "township",
        },
        "state": "missing", "deadline": "2024-01-31", "published_on": null, "report_id": null,
        "reported_before": false,
    }]);
    assert_eq!(server.json("/expected-reports", &missing).await["data"], expected);
}

#[tokio::test]
async fn who_is_withdrawn_is_no_longer_expected() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let asked = [("q", "沂源县教育和体育局"), ("fields", "year,state,reported_before")];
    let row = |year: i32, state: &str, before: bool| json!({"year": year, "state": state, "reported_before": before});
    let rows = json!([
        row(2023, "on_time", true),
        row(2022, "on_time", true),
        row(2020, "on_time", false)
    ]);
    let before = server.json("/expected-reports", &asked).await;
    assert_eq!(before["data"], rows);
    let url = store.url();
    let withdraw = |id: &str| {
        let args =
            ["report", "withdraw", id, "--reason", "never published", "--database-url", &url];
        let output = gongkai(store.folder.path(), &args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    };
    // Without the report on 2022 it is missing; without that on 2020, it was never expected on it.
    withdraw("r13");
    let rows = json!([
        row(2023, "on_time", true),
        row(2022, "missing", true),
        row(2020, "on_time", false)
    ]);
    assert_eq!(server.json("/expected-reports", &asked).await["data"], rows);
    withdraw("r12");
    let rows = json!([row(2023, "on_time", false)]);
    assert_eq!(server.json("/expected-reports", &asked).await["data"], rows);
    // As it stood, it is as it was.
    let as_of = [asked[0], asked[1], ("as_of", "v26")];
    assert_eq!(server.json("/expected-reports", &as_of).await["data"], before["data"]);
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_says_what_can() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let groups = "province,prefecture,county,township,year,kind,level";
    let states = "reported,missing,late,on_time,undated";
    for (path, parameter, value, detail, allowed) in [
        ("/coverage", "group_by", "template", "\"template\" is nothing to group by", groups),
        ("/coverage", "group_by", "year,year", "year is named twice", ""),
        (
            "/coverage",
            "sort",
            "-missing",
            "coverage is in the order of its groups, not by \"-missing\"",
            "",
        ),
        (
            "/coverage",
            "level",
            "village",
            "level \"village\" is not known",
            "national,province,prefecture,county,township",
        ),
        ("/expected-reports", "state", "early", "state \"early\" is not known", states),
        ("/expected-reports", "state", "", "state has an empty value", ""),
        (
            "/expected-reports",
            "sort",
            "year",
            "expected reports are by year and region, not by \"year\"",
            "",
        ),
        (
            "/expected-reports",
            "after",
            "eyJ2IjoxfQ",
            "the text in `after` is no cursor of this server",
            "",
        ),
    ] {
        let (status, problem) = server.problem(path, &[(parameter, value)]).await;
        assert_eq!((status, &problem["parameter"]), (400, &json!(parameter)), "{problem}");
        assert_eq!(problem["detail"], detail);
        let named: Vec<&str> =
            problem["allowed"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert_eq!(named.join(","), allowed);
    }
    for (path, year) in
        [("/coverage", "2099"), ("/expected-reports", "2020..2100"), ("/coverage", "1999")]
    {
        let (status, problem) = server.problem(path, &[("year", year)]).await;
        assert_eq!((status, &problem["parameter"]), (400, &json!("year")), "{problem}");
        let allowed = problem["allowed"][0].as_str().unwrap();
        assert!(
            allowed.starts_with("years from 2008 to 20") && !allowed.contains("2100"),
            "{problem}"
        );
    }
    // What belongs to the one is not taken by the other.
    for (path, parameter) in [("/coverage", "state"), ("/expected-reports", "group_by")] {
        let (status, problem) = server.problem(path, &[(parameter, "year")]).await;
        assert_eq!((status, &problem["code"]), (400, &json!("unknown_parameter")));
    }
}

#[tokio::test]
async fn more_groups_than_there_is_room_for_are_refused() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let asked = [("group_by", "township,year"), ("year", "2008..2023"), ("level", "township")];
    let (status, problem) = server.problem("/coverage", &asked).await;
    assert_eq!((status, &problem["parameter"]), (400, &json!("group_by")));
    assert_eq!(problem["detail"], "the question has more than 100000 groups");
}
