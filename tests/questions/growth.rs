//! Rankings by how many times last year's a number is: computed a second way, naively.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    made_up::{Dice, Report, reports},
    rankings::of_agencies,
    statistics::{Asked, Refused, alike, answered, counted, figure, heads, missing, selected},
};
use crate::harness::Store;

fn question(dice: &mut Dice) -> Asked {
    let mut asked = Asked::from([("compared_with", "last_year".to_owned())]);
    let measures = ["requests.received", "requests.denied", "requests.other", "reviews.total"];
    asked.insert("measure", (*dice.pick(&measures)).to_owned());
    asked.insert("year", (2019 + dice.throw(7)).to_string());
    if dice.chance(60) {
        let by = ["agency", "province", "prefecture", "county", "township"];
        asked.insert("by", (*dice.pick(&by)).to_owned());
    }
    if dice.chance(50) {
        asked.insert("min_denominator", dice.throw(30).to_string());
    }
    if dice.chance(30) {
        asked.insert("region", (*dice.pick(&["370000", "320000,110000"])).to_owned());
    }
    asked
}

/// Each agency or region, by its reports of a year.
fn of_year<'a>(selected: &[&'a Report], asked: &Asked) -> BTreeMap<String, Vec<&'a Report>> {
    let by = asked.get("by").map_or("agency", String::as_str);
    let mut groups: BTreeMap<String, Vec<&Report>> = BTreeMap::new();
    if by == "agency" {
        for report in of_agencies(selected, asked) {
            groups.entry(report.agency.clone()).or_default().push(report);
        }
    } else {
        for report in heads(selected, &[by]) {
            groups.entry(report.region.clone()).or_default().push(report);
        }
    }
    groups
}

fn expected(all: &[Report], asked: &Asked) -> (Vec<Value>, Value) {
    let year: i32 = asked["year"].parse().unwrap();
    let with_year = |years: String| {
        let mut asked = asked.clone();
        asked.insert("year", years);
        asked
    };
    let [last, this] =
        [year - 1, year].map(|year| of_year(&selected(all, &with_year(year.to_string())), asked));
    let code = asked["measure"].as_str();
    let least = asked.get("min_denominator").map_or(0, |text| text.parse().unwrap());
    let (mut rows, mut left_out) = (Vec::new(), BTreeMap::<String, u64>::new());
    let keys: BTreeSet<&String> = last.keys().chain(this.keys()).collect();
    let mut unknown = 0;
    for key in keys {
        let number = |reports: &BTreeMap<String, Vec<&Report>>| {
            let reports = reports.get(key).cloned().unwrap_or_default();
            let (value, reason, unknown) = figure(&reports, code, "sum", false);
            let scope = reports.first().map(|report| report.consolidated);
            (value.as_i64().ok_or(reason), unknown, scope)
        };
        let ((this, of_this, scope), (last, of_last, other_scope)) = (number(&this), number(&last));
        unknown += of_this + of_last;
        let reason = match (&this, &last) {
            _ if scope.is_none() || other_scope.is_none() => "no_reports",
            _ if scope != other_scope => "not_comparable",
            (Err(reason), _) | (_, Err(reason)) => reason.as_str().unwrap(),
            (_, Ok(0)) => "no_denominator",
            (_, Ok(last)) if *last < least => "below_min_denominator",
            (Ok(this), Ok(last)) => {
                rows.push((key.clone(), *this, *last, of_this + of_last));
                continue;
            }
        };
        *left_out.entry(reason.to_owned()).or_default() += 1;
    }
    let ranked = rows.iter().map(|(key, this, last, unknown)| {
        let above = rows.iter().filter(|(_, one, other, _)| one * last > this * other).count();
        json!({
            "rank": 1 + above, "who": key, "value": *this as f64 / *last as f64,
            "numerator": this, "denominator": last, "interval": null, "reports": 2, "unknown": unknown,
        })
    });
    let both = with_year(format!("{}..{year}", year - 1));
    let taken: Vec<&Report> =
        last.values().chain(this.values()).flat_map(|reports| reports.iter().copied()).collect();
    let coverage = json!({
        "reports": taken.len(), "taken": counted(&taken),
        "excluded": selected(all, &both).len() - taken.len(), "missing": missing(all, &both),
        "unknown": {code: unknown}, "left_out": left_out,
    });
    (ranked.collect(), coverage)
}

#[tokio::test]
async fn every_growth_is_what_comes_of_all_cells_in_memory() {
    let (store, all) = reports().await;
    let server = store.serve().await;
    let mut dice = Dice(23);
    let mut rows_seen = 0;
    for number in 0..60 {
        let asked = question(&mut dice);
        let (expected_rows, coverage) = expected(all, &asked);
        let (rows, covered) = answered(&server, "/rankings", &asked, "500").await;
        assert!(alike(&covered, &coverage), "{number} {asked:?}\n{covered}\n{coverage}");
        assert_eq!(rows.len(), expected_rows.len(), "{number} {asked:?}");
        rows_seen += rows.len();
        assert!(rows.iter().map(|row| row["rank"].as_u64()).is_sorted(), "{number} {asked:?}");
        let who = |row: &Value| {
            let name = row["agency"]["name"].as_str().or_else(|| row["region"]["code"].as_str());
            name.unwrap().to_owned()
        };
        let by_who: BTreeMap<String, &Value> = rows.iter().map(|row| (who(row), row)).collect();
        for expected in expected_rows {
            let row = by_who[expected["who"].as_str().unwrap()];
            for (name, value) in expected.as_object().unwrap() {
                let is_same = name == "who" || alike(&row[name], value);
                assert!(is_same, "{number} {asked:?} {name}\n{row}\n{expected}");
            }
        }
    }
    assert!(rows_seen > 500, "{rows_seen} rows compare little");
}

#[tokio::test]
async fn a_county_is_compared_by_its_consolidated_reports() {
    let server = Store::with_samples().await.serve().await;
    let asked = [
        ("by", "county"),
        ("measure", "requests.received"),
        ("compared_with", "last_year"),
        ("year", "2023"),
        ("fields", "rank,region,value,numerator,denominator,rollup"),
    ];
    let answer = server.json("/rankings", &asked).await;
    for row in answer["data"].as_array().unwrap() {
        let code = row["region"]["code"].as_str().unwrap();
        let printed = |year: &'static str| {
            let words = [
                ("region", code),
                ("scope", "consolidated"),
                ("measures", "requests.received"),
                ("year", year),
            ];
            let words: Vec<(&str, String)> =
                words.iter().map(|(name, word)| (*name, (*word).to_owned())).collect();
            let server = &server;
            async move {
                let words: Vec<(&str, &str)> =
                    words.iter().map(|(name, word)| (*name, word.as_str())).collect();
                server.json("/reports", &words).await["data"][0]["values"]["requests.received"]
                    .clone()
            }
        };
        assert_eq!(row["numerator"], printed("2023").await, "{row}");
        assert_eq!(row["denominator"], printed("2022").await, "{row}");
        assert_eq!(row["rollup"], "consolidated");
    }
    assert_eq!(answer["data"].as_array().unwrap().len(), 2);
    assert_eq!(answer["coverage"]["taken"], json!({"county": 4}));
}

#[tokio::test]
async fn what_cannot_be_compared_with_last_year_is_refused() {
    let server = Store::with_samples().await.serve().await;
    let compared = ("compared_with", "last_year");
    let received = ("measure", "requests.received");
    let fees = ("measure", "disclosure_items.administrative_fees.amount");
    let cases: [Refused<'_>; 8] = [
        (&[received, ("compared_with", "2022"), ("year", "2023")], "compared_with", "not known"),
        (&[received, compared], "year", "is of one year"),
        (&[received, compared, ("year", "2022..2023")], "year", "is of one year"),
        (&[received, compared, ("year", "1899")], "year", "no year"),
        (
            &[("indicator", "denial_rate"), compared, ("year", "2023")],
            "compared_with",
            "only counts are compared",
        ),
        (&[fees, compared, ("year", "2023")], "compared_with", "only counts are compared"),
        (
            &[received, compared, ("year", "2023"), ("by", "county"), ("rollup", "own")],
            "rollup",
            "may be of different agencies",
        ),
        (
            &[received, compared, ("year", "2023"), ("by", "county"), ("scope", "own")],
            "rollup",
            "may be of different agencies",
        ),
    ];
    for (params, parameter, says) in cases {
        let (status, problem) = server.problem("/rankings", params).await;
        assert_eq!(
            (status, &problem["parameter"]),
            (400, &json!(parameter)),
            "{params:?} {problem}"
        );
        assert!(problem["detail"].as_str().unwrap().contains(says), "{params:?} {problem}");
    }
}
