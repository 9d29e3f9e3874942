//! What is kept of regions answers as the reports themselves do, whatever came or was corrected.

use std::collections::BTreeSet;

use entity::area_sum;
use gongkai::database::Database;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ConnectionTrait, EntityTrait, QueryOrder,
};
use serde_json::Value;

use super::{
    made_up::{Dice, reports},
    statistics::{INDICATORS, MEASURES},
};
use crate::harness::{Server, Store, gongkai, stderr, stdout};

/// A question that what is kept answers: its path and parameters.
fn question(dice: &mut Dice, regions: &[String]) -> (&'static str, Vec<(&'static str, String)>) {
    let levels = ["province", "prefecture", "county", "township"];
    let mut asked = Vec::new();
    let mut areas = BTreeSet::new();
    for _ in 0..dice.throw(4) {
        areas.insert(dice.pick(regions).as_str());
    }
    let areas: Vec<&str> = areas.into_iter().collect();
    if dice.chance(50) {
        asked.push(("year", (*dice.pick(&["2023", "2021..2023", "2019,2022", "2009"])).to_owned()));
    }
    let figure = |dice: &mut Dice| {
        if dice.chance(60) { *dice.pick(&MEASURES) } else { *dice.pick(&INDICATORS) }
    };
    let path = *dice.pick(&["/statistics", "/statistics", "/series", "/rankings"]);
    match path {
        "/rankings" => {
            let figure = figure(dice);
            let name = if figure.contains('.') { "measure" } else { "indicator" };
            asked.push((name, figure.to_owned()));
            asked.push(("by", (*dice.pick(&levels)).to_owned()));
        }
        _ => {
            let figures: BTreeSet<&str> = (0..1 + dice.throw(5)).map(|_| figure(dice)).collect();
            asked.push(("measures", figures.into_iter().collect::<Vec<_>>().join(",")));
        }
    }
    if path == "/series" && dice.chance(60) {
        asked.push(("by", (*dice.pick(&levels)).to_owned()));
    }
    if path == "/statistics" {
        let groups = ["province", "prefecture", "county", "township", "year"];
        let chosen: BTreeSet<&str> = (0..dice.throw(4)).map(|_| *dice.pick(&groups)).collect();
        if !chosen.is_empty() {
            asked.push(("group_by", chosen.into_iter().collect::<Vec<_>>().join(",")));
        }
    }
    // Series are of regions apart from each other.
    let is_apart =
        path != "/series" || areas.len() == 1 || asked.iter().any(|(name, _)| *name == "by");
    if is_apart && !areas.is_empty() {
        asked.push(("region", areas.join(",")));
    }
    (path, asked)
}

/// Asks the same twice: of regions and years alone, which what is kept answers, and with both scopes
/// named, which selects the same reports and is more than is kept. Gives how many rows were compared.
async fn both_ways(server: &Server, dice: &mut Dice, questions: usize) -> usize {
    let with_reports = regions_with_reports(server).await;
    let mut compared = 0;
    for _ in 0..questions {
        let (path, asked) = question(dice, &with_reports);
        let mut params: Vec<(&str, &str)> =
            asked.iter().map(|(name, value)| (*name, value.as_str())).collect();
        params.push(("limit", "500"));
        let kept = server.json(path, &params).await;
        params.push(("scope", "own,consolidated"));
        let added = server.json(path, &params).await;
        assert_eq!(kept["data"], added["data"], "{path} {params:?}");
        assert_eq!(kept["coverage"], added["coverage"], "{path} {params:?}");
        assert_eq!(kept["page"]["total"], added["page"]["total"], "{path} {params:?}");
        compared += kept["data"].as_array().unwrap().len();
    }
    compared
}

/// The regions of all agencies, and those that they lie in.
async fn regions_with_reports(server: &Server) -> Vec<String> {
    let mut codes = BTreeSet::from(["000000".to_owned()]);
    let agencies = server.json("/agencies", &[("limit", "500")]).await;
    for agency in agencies["data"].as_array().unwrap() {
        let code = agency["region_code"].as_str().unwrap();
        codes.extend(gongkai::regions::chain(code).iter().map(|region| region.code.clone()));
    }
    codes.into_iter().collect()
}

fn run(store: &Store, args: &[&str]) -> (i32, String) {
    let url = store.url();
    let output = gongkai(store.folder.path(), &[args, &["--database-url", &url]].concat());
    (output.status.code().unwrap(), stdout(&output) + &stderr(&output))
}

const ALL_IS_RIGHT: &str = "the sums of regions and the search index are what the reports say\n";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_answers_as_the_reports_do() {
    let (store, _) = reports().await;
    let server = store.serve().await;
    let mut dice = Dice(22);
    assert!(both_ways(&server, &mut dice, 250).await > 2_000);
    assert_eq!(run(&store, &["database", "verify"]), (0, ALL_IS_RIGHT.to_owned()));
    // Reports that stand for a region go, come back and change their scope; agencies become one.
    let of =
        |scope, level, kind| [("scope", scope), ("level", level), ("kind", kind), ("limit", "40")];
    for (scope, level, kind) in [
        ("consolidated", "province", "government"),
        ("consolidated", "prefecture", "government"),
        ("consolidated", "county", "government"),
        ("own", "county", "department"),
        ("own", "township", "township_government"),
        ("own", "national", "department"),
    ] {
        let listed = server.json("/reports", &of(scope, level, kind)).await;
        let ids: Vec<&str> = listed["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|report: &Value| report["id"].as_str().unwrap())
            .collect();
        let other = if scope == "own" { "consolidated" } else { "own" };
        for args in [
            &["report", "withdraw", ids[0], "--reason", "x"][..],
            &["report", "reassign", ids[1], "--scope", other],
            &["report", "reassign", ids[2], "--year", "2018"],
            &["report", "reassign", ids[3], "--year", "2010"],
        ] {
            let (exit, text) = run(&store, args);
            assert_eq!(exit, 0, "{args:?}: {text}");
        }
    }
    let departments = [("kind", "department"), ("level", "county"), ("limit", "2")];
    let agencies = server.json("/agencies", &departments).await;
    let id = |number: usize| agencies["data"][number]["id"].as_str().unwrap();
    let (exit, text) = run(&store, &["agency", "merge", id(0), id(1), "--keep", "into"]);
    assert_eq!(exit, 0, "{text}");
    assert!(both_ways(&server, &mut dice, 150).await > 1_000);
    assert_eq!(run(&store, &["database", "verify"]), (0, ALL_IS_RIGHT.to_owned()));
}

/// Every row that is kept, in order.
async fn kept(store: &Store) -> Vec<area_sum::Model> {
    let order = [area_sum::Column::RegionCode, area_sum::Column::Year];
    let rows = order.into_iter().fold(area_sum::Entity::find(), |rows, by| rows.order_by_asc(by));
    rows.all(&store.database.write).await.unwrap()
}

/// Changes a row behind the program's back.
async fn damage(database: &Database, sql: &str) {
    database.write.execute_unprepared(sql).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_damaged_is_found_and_made_anew() {
    let store = Store::with_samples().await;
    assert_eq!(run(&store, &["database", "verify"]), (0, ALL_IS_RIGHT.to_owned()));
    let rows = kept(&store).await;
    let area = |row: &area_sum::Model| {
        let area_sum::Model { region_code, year, .. } = row;
        format!("the sums kept of {region_code} on {year} are not those of its reports\n")
    };
    let (exchanged, lost) = (&rows[0], &rows[1]);
    let other = rows.iter().find(|row| row.own != exchanged.own).unwrap();
    let row = area_sum::ActiveModel {
        region_code: Unchanged(exchanged.region_code.clone()),
        year: Unchanged(exchanged.year),
        own: Set(other.own.clone()),
        ..Default::default()
    };
    row.update(&store.database.write).await.unwrap();
    let (code, year) = (&lost.region_code, lost.year);
    damage(
        &store.database,
        &format!("DELETE FROM area_sum WHERE region_code = '{code}' AND year = {year}"),
    )
    .await;
    damage(&store.database, "INSERT INTO section_index(rowid, tokens) VALUES (9901, 'abcd')").await;
    let (exit, text) = run(&store, &["database", "verify"]);
    assert_eq!(exit, 1, "{text}");
    for says in [
        area(exchanged).as_str(),
        &area(lost),
        "section 1 of report r99 is not found by what stands in it\n",
        "`gongkai database rebuild` makes them anew\n",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert_eq!(text.lines().count(), 4, "{text}");
    let rebuilt = "the sums of regions and the search index are made anew\n";
    assert_eq!(run(&store, &["database", "rebuild"]), (0, rebuilt.to_owned()));
    assert_eq!(run(&store, &["database", "verify"]), (0, ALL_IS_RIGHT.to_owned()));
    assert!(kept(&store).await == rows);
    // A section that is found by nothing.
    damage(&store.database, "INSERT INTO section_index(section_index) VALUES('delete-all')").await;
    let (exit, text) = run(&store, &["database", "verify"]);
    assert!(exit == 1 && text.contains("section 1 of report r1 is not found"), "{text}");
}

/// A database of an older program has no sums: they are made when it is opened.
#[tokio::test(flavor = "multi_thread")]
async fn sums_that_were_never_made_are_made_when_the_database_is_opened() {
    let store = Store::with_samples().await;
    let before = kept(&store).await;
    assert!(!before.is_empty());
    let forget = "DELETE FROM area_sum; UPDATE data_version SET area_sums_of = NULL";
    damage(&store.database, forget).await;
    Database::open(&store.url()).await.unwrap().close().await;
    assert!(kept(&store).await == before);
    // As they were made, so they stay: nothing is made twice.
    damage(&store.database, "DELETE FROM area_sum").await;
    Database::open(&store.url()).await.unwrap().close().await;
    assert!(kept(&store).await.is_empty());
}
