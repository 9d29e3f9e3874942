//! Summaries in the national form: computed a second way, naively, from all cells of all reports in memory.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use entity::template::{Code as _, Measure, Template};
use serde_json::{Value, json};

use super::{
    made_up::{Dice, Report, Stands, YEARS, money, reports},
    statistics::{LEVELS, counted, outermost},
};
use crate::harness::{Store, gongkai, stderr, stdout};

/// What a cell of the form comes to over reports, and what is left out of it.
pub fn sum(parts: &[&Report], code: &str, template: &str) -> (Option<i128>, Value, usize) {
    let is_other = code == "requests.other" || code.starts_with("requests.other.");
    let (comparable, others): (Vec<&Report>, Vec<&Report>) =
        parts.iter().partition(|report| !is_other || report.template == template);
    let adds: Vec<Option<(i128, bool)>> =
        comparable.iter().map(|report| report.adds_of(code)).collect();
    let unknown = adds.iter().filter(|adds| adds.is_none()).count();
    let left_out = unknown + others.len();
    let is_printed = adds.iter().flatten().any(|(_, is_printed)| *is_printed);
    let reason = match () {
        () if is_printed => {
            let sum = adds.iter().flatten().map(|(number, _)| number).sum();
            return (Some(sum), Value::Null, left_out);
        }
        () if parts.is_empty() => "no_reports",
        () if unknown > 0 => "unknown",
        () if !others.is_empty() => "not_comparable",
        () => "no_part",
    };
    (None, json!(reason), left_out)
}

pub fn shown(number: i128, code: &str) -> Value {
    if code.ends_with(".amount") {
        json!(money(number))
    } else {
        json!(i64::try_from(number).unwrap())
    }
}

/// What is to be answered of a cell.
fn expected(code: &str, parts: &[&Report], own: Option<&Report>, template: &str) -> Value {
    let (value, reason, unknown) = sum(parts, code, template);
    let printed = own.and_then(|own| {
        let cell = if code.matches('.').count() == 1 && code.starts_with("requests.") {
            format!("{code}.total")
        } else {
            code.to_owned()
        };
        match own.cells.get(&cell) {
            Some(Stands::Number(number)) => Some(*number),
            _ => None,
        }
    });
    let is_in_both = |own: &Report| {
        let (measure, of_own): (Measure, _) = (code.parse().unwrap(), Template::of(own.template));
        own.template == template
            || (measure.is_in(of_own.unwrap())
                && !format!("{code}.").starts_with("requests.other."))
    };
    let difference = own.filter(|own| is_in_both(own)).and_then(|own| {
        let worth = value.or((reason == "no_part").then_some(0))?;
        let (of_own, _) = own.adds_of(code)?;
        (value.is_some() || printed.is_some()).then_some(worth - of_own)
    });
    let of = |number: Option<i128>| number.map_or(Value::Null, |number| shown(number, code));
    json!({
        "measure": code, "value": of(value), "reason": reason, "unknown": unknown,
        "consolidated": of(printed), "difference": of(difference),
    })
}

#[tokio::test]
async fn every_summary_is_what_comes_of_all_cells_in_memory() {
    let (store, all) = reports().await;
    let server = store.serve().await;
    let mut dice = Dice(11);
    let mut regions: Vec<&str> = all.iter().map(|report| report.region.as_str()).collect();
    regions.sort_unstable();
    regions.dedup();
    let above: Vec<&str> = regions.iter().copied().filter(|code| code.len() == 6).collect();
    let (mut compared, mut differing) = (0, 0);
    for number in 0..100 {
        let region = *dice.pick(if number % 4 == 0 { &regions } else { &above });
        let year = YEARS.start() + dice.throw(YEARS.count()) as i32;
        let template = if year <= 2020 { "2019" } else { "2021" };
        let selected: Vec<&Report> =
            all.iter().filter(|report| report.year == year && report.is_in(region)).collect();
        let level = gongkai::regions::get(region).unwrap().level.code();
        let place = LEVELS.iter().position(|known| *known == level).unwrap();
        let parts = outermost(&selected, &LEVELS[place + 1..]);
        let own =
            selected.iter().find(|report| report.consolidated && report.region == region).copied();
        let path = format!("/regions/{region}/summary/{year}");
        let mut answer = server.json(&path, &[]).await;
        assert_eq!(answer["template"], template, "{path}");
        assert_eq!(answer["consolidated"].is_null(), own.is_none(), "{path}");
        assert_eq!(answer["coverage"]["taken"], counted(&parts), "{path}");
        assert_eq!(answer["coverage"]["excluded"], selected.len() - parts.len(), "{path}");
        let cells = answer["cells"].as_array_mut().unwrap();
        assert_eq!(cells.len(), if template == "2019" { 198 } else { 200 });
        for cell in cells {
            let code = cell["measure"].as_str().unwrap().to_owned();
            let fields = cell.as_object_mut().unwrap();
            for of_form in ["label", "label_en", "consolidated_state"] {
                fields.remove(of_form);
            }
            let expected = expected(&code, &parts, own, template);
            assert_eq!(*cell, expected, "{path}");
            compared += usize::from(!cell["value"].is_null());
            let differs = !cell["difference"].is_null() && cell["difference"] != shown(0, &code);
            differing += u64::from(differs);
        }
        differing -= answer["differences"].as_u64().unwrap();
    }
    assert!(compared > 5_000, "{compared} numbers compare little");
    assert_eq!(differing, 0, "differences are counted");
}

const CELLS: &str =
    "measure label labelEn value reason unknown consolidated consolidatedState difference";

#[tokio::test]
async fn a_summary_is_the_same_from_every_side_and_in_every_format() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let path = "/regions/370323/summary/2023";
    let by_rest = server.json(path, &[]).await;
    let asked = ["summary", "--region", "370323", "--year", "2023", "--database-url", &store.url()];
    let by_command = gongkai(store.folder.path(), &asked);
    assert_eq!(by_command.status.code(), Some(0), "{}", stderr(&by_command));
    assert_eq!(serde_json::from_str::<Value>(&stdout(&by_command)).unwrap(), by_rest);

    let filter = r#"{region: "370323", year: "2023"}"#;
    let query = format!(
        "{{ summary(filter: {filter}) {{ region {{ code name }} level year template differences templates cells {{ {CELLS} }} coverage {{ reports taken excluded missing unknown }} consolidated {{ id title }} }} }}"
    );
    let by_graphql = server.graphql_data(&query).await["summary"].take();
    for field in ["region", "level", "year", "differences", "templates", "coverage"] {
        assert_eq!(by_graphql[field], by_rest[field], "{field}");
    }
    assert_eq!(by_graphql["consolidated"]["id"], by_rest["consolidated"]["id"]);
    let cells = by_rest["cells"].as_array().unwrap();
    let of_graphql = by_graphql["cells"].as_array().unwrap();
    assert_eq!(of_graphql.len(), cells.len());
    for (cell, of_graphql) in cells.iter().zip(of_graphql) {
        for (rest, graphql) in [
            ("measure", "measure"),
            ("value", "value"),
            ("consolidated_state", "consolidatedState"),
        ] {
            assert_eq!(of_graphql[graphql], cell[rest], "{cell}");
        }
    }

    // A line a cell.
    let ndjson = server.get(path, &[("format", "ndjson")]).await.text().await.unwrap();
    let lines: Vec<Value> =
        ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(&lines, cells);

    // The form as it is printed holds every number once, money in 万元.
    let bytes = server.get(path, &[("format", "xlsx")]).await.bytes().await.unwrap();
    assert_eq!(server.get(path, &[("format", "xlsx")]).await.bytes().await.unwrap(), bytes);
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    assert_eq!(workbook.sheet_names(), ["汇总表", "对照", "说明"]);
    let form = workbook.worksheet_range("汇总表").unwrap();
    let mut numbers: Vec<f64> = form
        .used_cells()
        .filter_map(
            |(_, _, cell)| if let Data::Float(number) = cell { Some(*number) } else { None },
        )
        .collect();
    let in_form = |cell: &Value| match &cell["value"] {
        Value::String(cny) => Some(cny.parse::<f64>().unwrap() / 10_000.0),
        number => number.as_f64(),
    };
    let mut expected: Vec<f64> = cells.iter().filter_map(in_form).collect();
    numbers.sort_by(f64::total_cmp);
    expected.sort_by(f64::total_cmp);
    assert_eq!(numbers, expected);
    assert!(numbers.len() > 150);
    let comparison = workbook.worksheet_range("对照").unwrap();
    assert_eq!(comparison.height(), 1 + cells.len());
    let received =
        comparison.rows().find(|row| row[0] == Data::String("requests.received".to_owned()));
    let received: Vec<f64> =
        received.unwrap()[2..5].iter().map(|cell| cell.to_string().parse().unwrap()).collect();
    assert_eq!(received, [101.0, 406.0, -305.0]);

    // The page: a browser is answered with it, and it holds the numbers that differ.
    let address = format!("{}/api/v1{path}", server.base);
    let page = reqwest::Client::new().get(address).header("accept", "text/html,*/*;q=0.8");
    let page = page.send().await.unwrap();
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    let page = page.text().await.unwrap();
    assert!(page.contains("山东省淄博市沂源县2023年政府信息公开工作年度报告汇总表"), "{page}");
    let differing = page.matches("class=\"n differs\"").count();
    assert_eq!(differing as u64, by_rest["differences"].as_u64().unwrap());
}

#[tokio::test]
async fn what_has_no_summary_is_refused_and_says_why() {
    let server = Store::with_samples().await.serve().await;
    for (path, params, status, says) in [
        ("/regions/999999/summary/2023", &[][..], 404, "no region 999999"),
        ("/regions/370323/summary/2018", &[], 404, "no national form of the year 2018"),
        ("/regions/370323/summary/+2023", &[], 404, "report year"),
        ("/regions/370323/summary/2023", &[("format", "pdf")], 400, "not offered of a summary"),
        ("/regions/370323/summary/2023", &[("fields", "value")], 400, "without fields to choose"),
        (
            "/regions/370323/summary/2023",
            &[("format", "xlsx"), ("labels", "fr")],
            400,
            "not offered of the form",
        ),
        ("/regions/370323/summary/2023", &[("scope", "own")], 400, "no parameter scope"),
    ] {
        let (found, problem) = server.problem(path, params).await;
        assert_eq!(found, status, "{path} {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(says), "{path} {problem}");
    }
    // A region without reports is one in which nothing is added up.
    let empty = server.json("/regions/650000/summary/2023", &[]).await;
    assert_eq!(empty["coverage"]["reports"], 0);
    let cells = empty["cells"].as_array().unwrap();
    assert!(cells.iter().all(|cell| cell["value"].is_null() && cell["reason"] == "no_reports"));
}
