//! Differences between areas' consolidated reports and what is below: computed a second way, naively, from all
//! cells of all reports in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

use super::{
    made_up::{Dice, Report, reports},
    statistics::{
        Asked, LEVELS, Refused, alike, answered, counted, heads, missing, outermost, selected,
    },
    summary::{shown, sum},
};
use crate::harness::Store;

const MEASURES: [&str; 7] = [
    "requests.received",
    "requests.denied",
    "requests.other",
    "requests.other_results",
    "reviews.corrected",
    "lawsuits.total",
    "disclosure_items.administrative_fees.amount",
];

fn question(dice: &mut Dice) -> Asked {
    let mut asked = Asked::new();
    let measures: BTreeSet<&str> = (0..1 + dice.throw(3)).map(|_| *dice.pick(&MEASURES)).collect();
    asked.insert("measures", measures.into_iter().collect::<Vec<_>>().join(","));
    if dice.chance(80) {
        let by = ["province", "prefecture", "county", "township"];
        asked.insert("by", (*dice.pick(&by)).to_owned());
    }
    if dice.chance(40) {
        let regions = ["370000", "320000", "110000", "370000,320000", "000000", "441900"];
        asked.insert("region", (*dice.pick(&regions)).to_owned());
    }
    if dice.chance(60) {
        asked.insert("year", (*dice.pick(&["2023", "2021..2023", "2019,2022"])).to_owned());
    }
    asked
}

/// What differs, and what that covers.
fn expected(all: &[Report], asked: &Asked) -> (Vec<Value>, Value) {
    let selected = selected(all, asked);
    let by = asked.get("by").map_or("county", String::as_str);
    let place = LEVELS.iter().position(|known| *known == by).unwrap();
    let parts = outermost(&selected, &LEVELS[place + 1..]);
    let mut areas: BTreeMap<(Option<String>, i32), Vec<&Report>> = BTreeMap::new();
    for &report in &parts {
        areas.entry((report.area(by), report.year)).or_default().push(report);
    }
    let mut heads: HashMap<(Option<String>, i32), &Report> = heads(&selected, &[by])
        .into_iter()
        .map(|head| ((Some(head.region.clone()), head.year), head))
        .collect();
    let measures: Vec<&str> = asked["measures"].split(',').collect();
    let (mut rows, mut left_out, mut unknown) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    let mut leave_out = |reason: &str| *left_out.entry(reason.to_owned()).or_insert(0) += 1;
    for ((area, year), parts) in &areas {
        let head = heads.remove(&(area.clone(), *year));
        for &measure in &measures {
            let (below, reason, of_area) = sum(parts, measure, "2021");
            *unknown.entry(measure).or_insert(0) += of_area;
            let (Some(code), Some(head)) = (area, head) else {
                leave_out(if area.is_none() { "no_region" } else { "no_consolidated" });
                continue;
            };
            let (printed, why, _) = sum(&[head], measure, "2021");
            let worth = |number: Option<i128>, reason: &Value| match reason.as_str() {
                Some("no_part") => Ok(0),
                Some(reason) => Err(reason.to_owned()),
                None => Ok(number.unwrap()),
            };
            match (worth(below, &reason), worth(printed, &why)) {
                (Ok(_), Ok(_)) if below.is_none() && printed.is_none() => leave_out("no_part"),
                (Ok(one), Ok(other)) if one == other => leave_out("agree"),
                (Ok(one), Ok(other)) => rows.push(json!({
                    "region": {"code": code, "name": gongkai::regions::get(code).unwrap().name},
                    "year": year, "measure": measure,
                    "value": below.map(|number| shown(number, measure)),
                    "consolidated": printed.map(|number| shown(number, measure)),
                    "difference": shown(one - other, measure),
                    "reports": parts.len(), "unknown": of_area,
                })),
                (Err(reason), _) | (_, Err(reason)) => leave_out(&reason),
            }
        }
    }
    for _ in 0..heads.len() * measures.len() {
        leave_out("no_reports");
    }
    for &measure in &measures {
        unknown.entry(measure).or_insert(0);
    }
    let coverage = json!({
        "reports": parts.len(), "taken": counted(&parts), "excluded": selected.len() - parts.len(),
        "missing": missing(all, asked), "unknown": unknown, "left_out": left_out,
    });
    (rows, coverage)
}

#[tokio::test]
async fn every_difference_is_what_comes_of_all_cells_in_memory() {
    let (store, all) = reports().await;
    let server = store.serve().await;
    let mut dice = Dice(17);
    let mut rows_seen = 0;
    for number in 0..60 {
        let asked = question(&mut dice);
        let (mut expected_rows, coverage) = expected(all, &asked);
        let limit = if number % 10 == 0 { "13" } else { "500" };
        let (rows, covered) = answered(&server, "/differences", &asked, limit).await;
        assert!(alike(&covered, &coverage), "{number} {asked:?}\n{covered}\n{coverage}");
        rows_seen += rows.len();
        let size = |row: &Value| {
            let difference = &row["difference"];
            let text = difference.as_str().map_or_else(|| difference.to_string(), str::to_owned);
            text.parse::<rust_decimal::Decimal>().unwrap().abs()
        };
        let place =
            |row: &Value| asked["measures"].split(',').position(|code| row["measure"] == code);
        expected_rows.sort_by_key(|row| {
            let code = row["region"]["code"].as_str().unwrap().to_owned();
            (place(row), std::cmp::Reverse(size(row)), code, row["year"].as_i64())
        });
        let mut rows = rows;
        for row in &mut rows {
            let row = row.as_object_mut().unwrap();
            for of_vocabulary in ["label", "label_en", "rollup", "report_id"] {
                assert!(row.remove(of_vocabulary).is_some_and(|text| text != ""));
            }
        }
        assert_eq!(json!(rows), json!(expected_rows), "{number} {asked:?}");
    }
    assert!(rows_seen > 1_000, "{rows_seen} rows compare little");
}

#[tokio::test]
async fn a_difference_is_that_of_the_summary_and_names_the_report_that_prints_the_other_number() {
    let server = Store::with_samples().await.serve().await;
    let asked = [("measures", "requests.received"), ("year", "2023"), ("region", "370323")];
    let answer = server.json("/differences", &asked).await;
    let summary = server.json("/regions/370323/summary/2023", &[]).await;
    let cells = summary["cells"].as_array().unwrap();
    let of_summary = cells.iter().find(|cell| cell["measure"] == "requests.received").unwrap();
    assert_eq!(
        answer["data"],
        json!([{
            "region": {"code": "370323", "name": "沂源县"}, "year": 2023,
            "measure": "requests.received",
            "label": of_summary["label"], "label_en": of_summary["label_en"],
            "value": of_summary["value"], "consolidated": of_summary["consolidated"],
            "difference": of_summary["difference"], "reports": summary["coverage"]["reports"],
            "unknown": 0, "rollup": "own", "report_id": summary["consolidated"]["id"],
        }])
    );
    assert_eq!(answer["data"][0]["difference"], -305);
    assert_eq!(answer["coverage"]["left_out"], json!({}));
}

#[tokio::test]
async fn what_cannot_be_compared_is_refused_and_says_what_is_allowed() {
    let server = Store::with_samples().await.serve().await;
    let cases: [Refused<'_>; 6] = [
        (&[], "measures", "measures is not given"),
        (&[("measures", "denial_rate")], "measures", "rates do not add up"),
        (&[("measures", "requests.recieved")], "measures", "did you mean"),
        (&[("measures", "requests.total"), ("by", "agency")], "by", "not known"),
        (&[("measures", "requests.total"), ("year", "99999999999")], "year", "no year"),
        (&[("measures", "requests.total"), ("sort", "year")], "sort", "the largest first"),
    ];
    for (params, parameter, says) in cases {
        let (status, problem) = server.problem("/differences", params).await;
        assert_eq!(
            (status, &problem["parameter"]),
            (400, &json!(parameter)),
            "{params:?} {problem}"
        );
        assert!(problem["detail"].as_str().unwrap().contains(says), "{params:?} {problem}");
    }
}
