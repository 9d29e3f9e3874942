//! Rankings: computed a second way, naively, from all cells of all reports in memory.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    made_up::{Dice, Report, reports},
    statistics::{
        Asked, INDICATORS, Refused, alike, answered, counted, figure, filter, missing, selected,
        taken,
    },
};
use crate::harness::Store;

fn question(dice: &mut Dice) -> Asked {
    let mut asked = Asked::new();
    if dice.chance(60) {
        asked.insert("indicator", (*dice.pick(&INDICATORS)).to_owned());
        if dice.chance(60) {
            asked.insert("min_denominator", dice.throw(40).to_string());
        }
    } else {
        let measures = [
            "requests.received",
            "requests.denied",
            "requests.other",
            "reviews.corrected",
            "disclosure_items.administrative_fees.amount",
        ];
        asked.insert("measure", (*dice.pick(&measures)).to_owned());
    }
    if dice.chance(50) {
        let by = ["agency", "province", "prefecture", "county", "township"];
        asked.insert("by", (*dice.pick(&by)).to_owned());
    }
    if dice.chance(40) {
        asked.insert("order", (*dice.pick(&["asc", "desc"])).to_owned());
    }
    if dice.chance(30) {
        asked.insert("rollup", (*dice.pick(&["auto", "consolidated", "own"])).to_owned());
    }
    filter(dice, &mut asked);
    asked
}

/// One report an agency and year.
pub fn of_agencies<'a>(selected: &[&'a Report], asked: &Asked) -> Vec<&'a Report> {
    let rollup = asked.get("scope").or(asked.get("rollup")).map_or("auto", String::as_str);
    let other_is_there = |report: &Report| {
        selected.iter().any(|other| {
            other.agency == report.agency
                && other.year == report.year
                && other.consolidated != report.consolidated
        })
    };
    let counts = |report: &&&Report| match rollup {
        "own" => !report.consolidated,
        "consolidated" => report.consolidated,
        _ => report.consolidated || !other_is_there(report),
    };
    selected.iter().filter(counts).copied().collect()
}

/// What is ranked, by agency or region, and what is left out.
fn expected(all: &[Report], asked: &Asked) -> (Vec<Value>, Value) {
    let selected = selected(all, asked);
    let by = asked.get("by").map_or("agency", String::as_str);
    let taken = if by == "agency" {
        of_agencies(&selected, asked)
    } else {
        let mut asked = asked.clone();
        asked.insert("group_by", by.to_owned());
        taken(&selected, &asked)
    };
    let code = asked.get("measure").or(asked.get("indicator")).unwrap();
    let one_template = asked.get("template").is_some_and(|template| !template.contains(','));
    let mut groups: BTreeMap<Option<String>, Vec<&Report>> = BTreeMap::new();
    for &report in &taken {
        let key = if by == "agency" { Some(report.agency.clone()) } else { report.area(by) };
        groups.entry(key).or_default().push(report);
    }
    let (mut rows, mut left_out, mut unknown) = (Vec::new(), BTreeMap::<&str, u64>::new(), 0);
    let mut reasons = Vec::new();
    for (key, reports) in &groups {
        let (value, reason, of_group) = figure(reports, code, "sum", one_template);
        unknown += of_group;
        let terms: Option<(i128, i128)> = asked.contains_key("indicator").then(|| {
            let known = reports.iter().filter_map(|report| report.rate_of(code));
            known.fold((0, 0), |sum, rate| (sum.0 + rate.0, sum.1 + rate.1))
        });
        let least = asked.get("min_denominator").map_or(0, |text| text.parse::<i128>().unwrap());
        match (key, value) {
            (None, _) => *left_out.entry("no_region").or_default() += 1,
            (_, Value::Null) => reasons.push(reason.as_str().unwrap().to_owned()),
            (Some(_), _) if terms.is_some_and(|terms| terms.1 < least) => {
                *left_out.entry("below_min_denominator").or_default() += 1;
            }
            (Some(key), value) => {
                let of_value = value.as_f64().or_else(|| value.as_str()?.parse().ok()).unwrap();
                rows.push((of_value, key.clone(), value, terms, reports.len(), of_group));
            }
        }
    }
    for reason in &reasons {
        *left_out.entry(reason).or_default() += 1;
    }
    let is_ascending = asked.get("order").is_some_and(|order| order == "asc");
    let better = |one: f64, other: f64| if is_ascending { one < other } else { one > other };
    let ranked = rows.iter().map(|(of_value, key, value, terms, reports, unknown)| {
        json!({
            "rank": 1 + rows.iter().filter(|row| better(row.0, *of_value)).count(),
            "who": key, "value": value, "numerator": terms.map(|terms| terms.0 as i64),
            "denominator": terms.map(|terms| terms.1 as i64), "reports": reports, "unknown": unknown,
        })
    });
    let coverage = json!({
        "reports": taken.len(), "taken": counted(&taken), "excluded": selected.len() - taken.len(), "missing": missing(all, asked),
        "unknown": {code.as_str(): unknown}, "left_out": left_out,
    });
    (ranked.collect(), coverage)
}

#[tokio::test]
async fn every_ranking_is_what_comes_of_all_cells_in_memory() {
    let (store, all) = reports().await;
    let server = store.serve().await;
    let mut dice = Dice(11);
    let mut rows_seen = 0;
    for number in 0..100 {
        let asked = question(&mut dice);
        let (expected_rows, coverage) = expected(all, &asked);
        let limit = if number % 10 == 0 { "37" } else { "500" };
        let (rows, covered) = answered(&server, "/rankings", &asked, limit).await;
        assert!(alike(&covered, &coverage), "{number} {asked:?}\n{covered}\n{coverage}");
        assert_eq!(rows.len(), expected_rows.len(), "{number} {asked:?}");
        rows_seen += rows.len();
        let ranks = rows.iter().map(|row| row["rank"].as_u64().unwrap());
        assert!(ranks.is_sorted(), "{number} {asked:?}");
        let by_who: BTreeMap<&str, &Value> = rows
            .iter()
            .map(|row| {
                let who = row["agency"]["name"].as_str().or_else(|| row["region"]["code"].as_str());
                (who.unwrap(), row)
            })
            .collect();
        for expected in expected_rows {
            let row = by_who.get(expected["who"].as_str().unwrap());
            let row = row.unwrap_or_else(|| panic!("{number} {asked:?}: no {expected}"));
            for name in ["rank", "value", "numerator", "denominator", "reports", "unknown"] {
                assert!(
                    alike(&row[name], &expected[name]),
                    "{number} {asked:?}\n{row}\n{expected}"
                );
            }
        }
    }
    assert!(rows_seen > 3_000, "{rows_seen} rows compare little");
}

#[tokio::test]
async fn a_rate_says_how_far_chance_may_carry_it_and_a_tie_is_a_tie() {
    let server = Store::with_samples().await.serve().await;
    let words = [
        ("indicator", "denial_rate"),
        ("year", "2023"),
        ("kind", "department"),
        ("min_denominator", "20"),
    ];
    let ranking = server.json("/rankings", &words).await;
    for row in ranking["data"].as_array().unwrap() {
        assert!(row["denominator"].as_u64().unwrap() >= 20, "{row}");
        let (low, high) =
            (row["interval"][0].as_f64().unwrap(), row["interval"][1].as_f64().unwrap());
        let value = row["value"].as_f64().unwrap();
        assert!(0.0 < low && low < value && value < high && high < 1.0, "{row}");
    }
    assert!(ranking["coverage"]["left_out"]["below_min_denominator"].as_u64().unwrap() > 0);
    let words = [("measure", "lawsuits.corrected"), ("year", "2022"), ("scope", "own")];
    let ranks = server.json("/rankings", &words).await;
    let ranks: Vec<(u64, f64)> = ranks["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["rank"].as_u64().unwrap(), row["value"].as_f64().unwrap()))
        .collect();
    for (place, pair) in ranks.windows(2).enumerate() {
        let is_tie = pair[0].1 == pair[1].1;
        assert_eq!(pair[1].0, if is_tie { pair[0].0 } else { place as u64 + 2 }, "{ranks:?}");
    }
    assert!(ranks.windows(2).any(|pair| pair[0].0 == pair[1].0), "{ranks:?}");
}

#[tokio::test]
async fn what_cannot_be_ranked_is_refused_and_says_what_is_allowed() {
    let server = Store::with_samples().await.serve().await;
    let cases: [Refused<'_>; 9] = [
        (&[], "measure", "neither measure nor indicator"),
        (&[("measure", "requests.total"), ("indicator", "denial_rate")], "indicator", "both given"),
        (&[("measure", "denial_rate")], "measure", "no measure"),
        (&[("indicator", "denail_rate")], "indicator", "did you mean denial_rate?"),
        (
            &[("measure", "requests.total"), ("min_denominator", "5")],
            "min_denominator",
            "no denominator",
        ),
        (
            &[("indicator", "denial_rate"), ("min_denominator", "-1")],
            "min_denominator",
            "no number",
        ),
        (&[("indicator", "denial_rate"), ("by", "village")], "by", "not known"),
        (&[("indicator", "denial_rate"), ("order", "best")], "order", "not known"),
        (&[("indicator", "denial_rate"), ("sort", "value")], "sort", "order of their ranks"),
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
    let next = server.json("/rankings", &[("measure", "requests.total"), ("limit", "1")]).await;
    let next = next["page"]["next"].as_str().unwrap();
    let other = [("measure", "requests.total"), ("order", "asc"), ("after", next)];
    let (status, problem) = server.problem("/rankings", &other).await;
    assert_eq!((status, &problem["code"]), (400, &json!("invalid_cursor")), "{problem}");
}
