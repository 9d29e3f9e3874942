//! Series: computed a second way, naively, from all cells of all reports in memory.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    made_up::{Dice, Report, YEARS, reports},
    rankings::of_agencies,
    statistics::{
        Asked, INDICATORS, Refused, alike, answered, figure, filter, missing, selected, taken,
    },
};
use crate::harness::{Store, gongkai, stderr, stdout};

fn question(dice: &mut Dice) -> Asked {
    let measures =
        ["requests.received", "requests.denied", "requests.other", "requests.other_results"];
    let mut asked = Asked::new();
    asked.insert("measures", format!("{},{}", dice.pick(&measures), dice.pick(&INDICATORS)));
    if dice.chance(60) {
        let by = ["agency", "province", "prefecture", "county", "township"];
        asked.insert("by", (*dice.pick(&by)).to_owned());
    }
    if dice.chance(30) {
        asked.insert("rollup", (*dice.pick(&["auto", "consolidated", "own"])).to_owned());
    }
    filter(dice, &mut asked);
    asked
}

fn expected(all: &[Report], asked: &Asked) -> (BTreeMap<String, Vec<Value>>, usize) {
    let selected = selected(all, asked);
    let regions: Vec<&str> =
        asked.get("region").map_or(vec!["000000"], |codes| codes.split(',').collect());
    let by = asked.get("by").map(String::as_str);
    let taken = match by {
        Some("agency") => of_agencies(&selected, asked),
        Some(by) => {
            let mut asked = asked.clone();
            asked.insert("group_by", by.to_owned());
            taken(&selected, &asked)
        }
        None => taken(&selected, asked),
    };
    let years: Vec<i32> = match asked.get("year").map(String::as_str) {
        None => YEARS.collect(),
        Some("2021..2023") => vec![2021, 2022, 2023],
        Some(years) => years.split(',').map(|year| year.parse().unwrap()).collect(),
    };
    let one_template = asked.get("template").is_some_and(|template| !template.contains(','));
    let mut series: BTreeMap<String, Vec<&Report>> = BTreeMap::new();
    if by.is_none() {
        series.extend(regions.iter().map(|&region| (region.to_owned(), Vec::new())));
    }
    for &report in &taken {
        let who = match by {
            Some("agency") => Some(report.agency.clone()),
            Some(by) => report.area(by),
            None => regions.iter().find(|region| report.is_in(region)).map(|&code| code.to_owned()),
        };
        if let Some(who) = who {
            series.entry(who).or_default().push(report);
        }
    }
    let points = |reports: Vec<&Report>| -> Vec<Value> {
        let point = |&year: &i32| {
            let of_year: Vec<&Report> =
                reports.iter().filter(|report| report.year == year).copied().collect();
            let mut point = json!({"year": year, "reports": of_year.len(), "values": {}, "reasons": {}, "unknown": {}});
            for code in asked["measures"].split(',') {
                let (value, reason, unknown) = figure(&of_year, code, "sum", one_template);
                point["values"][code] = value;
                point["unknown"][code] = json!(unknown);
                if !reason.is_null() {
                    point["reasons"][code] = reason;
                }
            }
            point
        };
        years.iter().map(point).collect()
    };
    (series.into_iter().map(|(who, reports)| (who, points(reports))).collect(), taken.len())
}

#[tokio::test]
async fn every_series_is_what_comes_of_all_cells_in_memory() {
    let (store, all) = reports().await;
    let server = store.serve().await;
    let mut dice = Dice(13);
    let mut series_seen = 0;
    for number in 0..80 {
        let asked = question(&mut dice);
        let (expected, taken) = expected(all, &asked);
        let limit = if number % 10 == 0 { "7" } else { "500" };
        let (rows, coverage) = answered(&server, "/series", &asked, limit).await;
        assert_eq!(coverage["reports"], taken, "{number} {asked:?}");
        assert_eq!(coverage["missing"], missing(all, &asked), "{number} {asked:?}");
        assert_eq!(rows.len(), expected.len(), "{number} {asked:?}");
        series_seen += rows.len();
        for row in rows {
            let who = row["agency"]["name"].as_str().or_else(|| row["region"]["code"].as_str());
            let expected = &expected[who.unwrap()];
            let points = row["points"].as_array().unwrap();
            assert_eq!(points.len(), expected.len(), "{number} {asked:?}");
            for (point, expected) in points.iter().zip(expected) {
                for name in ["year", "values", "reasons", "reports", "unknown"] {
                    assert!(
                        alike(&point[name], &expected[name]),
                        "{number} {asked:?}\n{point}\n{expected}"
                    );
                }
            }
        }
    }
    assert!(series_seen > 1_000, "{series_seen} series compare little");
}

#[tokio::test]
async fn a_gap_is_a_gap_and_a_spreadsheet_has_a_line_a_year() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let words =
        [("agency", "a123c2c1d18ca6"), ("measures", "requests.received"), ("year", "2010..2023")];
    let series = server.json("/series", &words).await;
    let points = series["data"][0]["points"].as_array().unwrap();
    assert_eq!(points.len(), 14);
    for point in points {
        let value = &point["values"]["requests.received"];
        let reason = &point["reasons"]["requests.received"];
        assert_eq!(value.is_null(), *reason == "no_reports", "{point}");
    }
    assert!(points.iter().any(|point| point["reports"] == 1));
    let csv = gongkai(
        store.folder.path(),
        &[
            "series",
            "--agency",
            "a123c2c1d18ca6",
            "--measures",
            "requests.received",
            "--year",
            "2010..2023",
            "--fields",
            "agency.name,year,values,reasons",
            "--format",
            "csv",
            "--database-url",
            &store.url(),
        ],
    );
    assert_eq!(csv.status.code(), Some(0), "{}", stderr(&csv));
    let lines: Vec<String> = stdout(&csv).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 15);
    assert_eq!(
        lines[0],
        "\u{feff}agency.name,year,values.requests.received,reasons.requests.received"
    );
    assert_eq!(lines[1], "沭阳县水利局,2010,,no_reports");
}

#[tokio::test]
async fn what_cannot_be_followed_is_refused_and_says_what_is_allowed() {
    let server = Store::with_samples().await.serve().await;
    let measures = ("measures", "requests.received");
    let cases: [Refused<'_>; 6] = [
        (&[], "measures", "measures is not given"),
        (&[measures, ("by", "village")], "by", "not known"),
        (&[measures, ("region", "370000,370323")], "region", "lies in another"),
        (&[measures, ("region", "999999")], "region", "no region"),
        (&[measures, ("year", "2023..2019")], "year", "ends before it begins"),
        (&[measures, ("sort", "year")], "sort", "order of their codes"),
    ];
    for (params, parameter, says) in cases {
        let (status, problem) = server.problem("/series", params).await;
        assert_eq!(
            (status, &problem["parameter"]),
            (400, &json!(parameter)),
            "{params:?} {problem}"
        );
        assert!(problem["detail"].as_str().unwrap().contains(says), "{params:?} {problem}");
    }
}
