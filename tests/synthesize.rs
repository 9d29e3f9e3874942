//! Made-up reports: the same for a seed, exactly as many, consistent, and wrong only where the list says.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    path::Path,
};

use gongkai::{check::CHECKS, extract, regions};
use serde_json::Value;
use tempfile::tempdir;

use crate::harness::{Store, gongkai, stderr, stdout};

fn synthesized(folder: &Path, args: &[&str]) -> String {
    let output = gongkai(folder, &[&["synthesize"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    stdout(&output)
}

fn lines(ndjson: &str) -> Vec<Value> {
    ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text<'a>(report: &'a Value, pointer: &str) -> &'a str {
    report.pointer(pointer).unwrap().as_str().unwrap()
}

/// Every number of a report by its place; money in hundredths of a CNY.
fn numbers(report: &Value) -> BTreeMap<String, i64> {
    fn walk(value: &Value, path: String, into: &mut BTreeMap<String, i64>) {
        match value {
            Value::Object(object) => {
                object.iter().for_each(|(name, value)| walk(value, format!("{path}.{name}"), into));
            }
            Value::Number(number) => {
                into.insert(path, number.as_i64().unwrap());
            }
            Value::String(amount) => {
                let (whole, fen) = amount.split_once('.').unwrap();
                assert_eq!(fen.len(), 2, "{amount}");
                into.insert(path, format!("{whole}{fen}").parse().unwrap());
            }
            // Where nothing is printed there is nothing.
            _ => {
                into.insert(path, 0);
            }
        }
    }
    let mut numbers = BTreeMap::new();
    for part in ["disclosure_items", "requests", "reviews", "lawsuits"] {
        walk(&report[part], part.to_owned(), &mut numbers);
    }
    numbers
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let folder = tempdir().unwrap();
    let one = synthesized(folder.path(), &["--reports", "400", "--seed", "7"]);
    assert_eq!(one, synthesized(folder.path(), &["--reports", "400", "--seed", "7"]));
    assert_ne!(one, synthesized(folder.path(), &["--reports", "400", "--seed", "8"]));
    // Into a file, and through either compression: the same.
    for name in ["a.ndjson", "a.ndjson.gz", "a.ndjson.zst"] {
        let args = ["--reports", "400", "--seed", "7", "--out", name];
        assert_eq!(synthesized(folder.path(), &args), "");
        let bytes = fs::read(folder.path().join(name)).unwrap();
        let plain = match name.rsplit_once('.').unwrap().1 {
            "gz" => std::io::read_to_string(flate2::read::GzDecoder::new(&bytes[..])).unwrap(),
            "zst" => String::from_utf8(zstd::decode_all(&bytes[..]).unwrap()).unwrap(),
            _ => String::from_utf8(bytes).unwrap(),
        };
        assert!(plain == one, "{name}");
    }
}

#[test]
fn there_are_exactly_as_many_as_asked_for_and_each_says_that_it_is_made_up() {
    let folder = tempdir().unwrap();
    for reports in [1, 2, 99, 1_000] {
        let made = lines(&synthesized(folder.path(), &["--reports", &reports.to_string()]));
        assert_eq!(made.len(), reports);
        let mut keys = BTreeSet::new();
        for report in &made {
            let agency = (text(report, "/agency/region_code"), text(report, "/agency/name"));
            assert!(keys.insert((agency, report["year"].as_i64(), text(report, "/scope"))));
            assert!(text(report, "/title").ends_with("年政府信息公开工作年度报告（模拟数据）"));
            assert!(text(report, "/sections/0/text").starts_with("本报告为模拟数据"));
            assert_eq!(text(report, "/notes/0/code"), "made_up");
            assert_eq!(report["source"]["url"], Value::Null);
        }
    }
    let two = synthesized(folder.path(), &["--reports", "50", "--years", "2020..2021"]);
    let years: BTreeSet<i64> =
        lines(&two).iter().map(|made| made["year"].as_i64().unwrap()).collect();
    assert_eq!(years, BTreeSet::from([2020, 2021]));
}

#[test]
fn numbers_have_a_heavy_tail_and_agencies_are_of_every_kind_and_level() {
    let folder = tempdir().unwrap();
    let made = lines(&synthesized(folder.path(), &["--reports", "4000", "--years", "2023"]));
    let (mut kinds, mut levels, mut provinces) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut of_townships, mut of_agencies) = (Vec::new(), Vec::new());
    for report in &made {
        kinds.insert(text(report, "/agency/kind"));
        levels.insert(text(report, "/agency/level"));
        provinces.insert(&text(report, "/agency/region_code")[..2]);
        let received = report["requests"]["received"]["total"].as_i64().unwrap_or(0);
        match (text(report, "/agency/level"), text(report, "/scope")) {
            ("township", _) => of_townships.push(received),
            (_, "own") => of_agencies.push(received),
            _ => {}
        }
    }
    assert_eq!(kinds.len(), 5, "{kinds:?}");
    assert_eq!(levels.len(), 5, "{levels:?}");
    // The nation, and every province.
    assert_eq!(provinces.len(), 32, "{provinces:?}");
    let none = of_townships.iter().filter(|received| **received == 0).count();
    assert!(none * 10 > of_townships.len() * 7, "{none} of {}", of_townships.len());
    of_agencies.sort_unstable();
    let (median, most) = (of_agencies[of_agencies.len() / 2], of_agencies[of_agencies.len() - 1]);
    assert!(most > 1_000 && median < 30, "{median}, {most}");
}

/// Whose numbers a consolidated report adds up, told from nothing but codes and names.
fn is_within(code: &str, area: &str) -> bool {
    let chain = regions::chain(code);
    chain.iter().any(|region| region.code == area)
}

#[test]
fn a_consolidated_report_is_the_sum_of_the_reports_of_its_area() {
    let folder = tempdir().unwrap();
    let made = lines(&synthesized(folder.path(), &["--reports", "1500", "--seed", "3"]));
    let mut own: HashMap<(&str, i64), BTreeMap<String, i64>> = HashMap::new();
    let mut years: HashMap<&str, usize> = HashMap::new();
    for report in made.iter().filter(|report| text(report, "/scope") == "own") {
        *years.entry(text(report, "/agency/id")).or_default() += 1;
        let key = (text(report, "/agency/region_code"), report["year"].as_i64().unwrap());
        let sums = own.entry(key).or_default();
        for (cell, number) in numbers(report) {
            *sums.entry(cell).or_default() += number;
        }
    }
    let mut seen = 0;
    let mut levels = BTreeSet::new();
    for report in made.iter().filter(|report| text(report, "/scope") == "consolidated") {
        let (area, year) = (text(report, "/agency/region_code"), report["year"].as_i64().unwrap());
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        for ((code, of_year), numbers) in &own {
            if *of_year == year && is_within(code, area) {
                for (cell, number) in numbers {
                    *sums.entry(cell.clone()).or_default() += number;
                }
            }
        }
        assert_eq!(sums, numbers(report), "{area} {year}");
        levels.insert(text(report, "/agency/level"));
        seen += usize::from(numbers(report)["requests.received.total"] > 0);
    }
    assert_eq!(levels, BTreeSet::from(["province", "prefecture", "county"]));
    let with_gaps = years.values().filter(|years| **years < 7).count();
    assert!(with_gaps > 5, "some agencies miss a year: {with_gaps}");
    assert!(seen > 50, "{seen}");
}

#[test]
fn names_are_those_that_documents_are_read_as() {
    let folder = tempdir().unwrap();
    let made = lines(&synthesized(folder.path(), &["--reports", "6000", "--years", "2024"]));
    let mut read = 0;
    // Every third, of all provinces.
    for report in made.iter().step_by(3) {
        let agency = &report["agency"];
        let (name, region) = (text(agency, "/name"), text(agency, "/region_code"));
        let named = extract::agency_named(name, Some(region)).unwrap();
        assert_eq!(
            (
                named.id().as_str(),
                named.name.as_str(),
                named.kind.to_string(),
                named.level.to_string()
            ),
            (
                text(agency, "/id"),
                name,
                text(agency, "/kind").to_owned(),
                text(agency, "/level").to_owned()
            ),
            "{region}"
        );
        read += 1;
    }
    assert_eq!(read, 2_000);
}

/// Whose finding it is, of which year and check. An agency has reports of one scope only.
fn key(finding: &Value) -> (String, i64, String) {
    let of = |name: &str| finding[name].as_str().unwrap().to_owned();
    (of("agency_id"), finding["year"].as_i64().unwrap(), of("check"))
}

fn cells(finding: &Value) -> Vec<String> {
    let cells = finding["cells"].as_array().unwrap();
    cells.iter().map(|cell| cell.as_str().unwrap().to_owned()).collect()
}

/// The findings that the database has, with their cells; notices of late reports and of copied sections,
/// which are by design, left out.
fn findings(store: &Store) -> BTreeMap<(String, i64, String), Vec<String>> {
    let url = store.url();
    let args = ["list", "findings", "--format", "ndjson", "--database-url", &url];
    let listed = lines(&stdout(&gongkai(store.folder.path(), &args)));
    let mut findings: BTreeMap<_, Vec<String>> = BTreeMap::new();
    let by_design = ["date.deadline", "prose.last_year", "prose.other_agency"];
    let is_slip = |finding: &&Value| !by_design.contains(&text(finding, "/check"));
    for finding in listed.iter().filter(is_slip) {
        findings.entry(key(finding)).or_default().extend(cells(finding));
    }
    findings
}

#[tokio::test]
async fn an_import_takes_them_all_and_finds_what_the_list_says_and_nothing_else() {
    for (reports, share) in [(700, "0"), (1_300, "0.15")] {
        let store = Store::empty().await;
        let folder = store.folder.path();
        let count = reports.to_string();
        let args = ["--reports", &count, "--seed", "5", "--out", "made.ndjson"];
        let wrong = ["--defects", share, "--defects-file", "wrong.ndjson"];
        synthesized(folder, &[&args[..], &wrong[..]].concat());
        let args = ["import", "made.ndjson", "--database-url", &store.url()];
        let imported = gongkai(folder, &args);
        let said = stdout(&imported);
        assert_eq!(imported.status.code(), Some(0), "{said}{}", stderr(&imported));
        assert!(said.contains(&format!("  added            {reports}\n")), "{said}");
        let listed = lines(&fs::read_to_string(folder.join("wrong.ndjson")).unwrap());
        let expected: BTreeSet<_> = listed.iter().map(key).collect();
        assert_eq!(expected.len(), listed.len());
        let found = findings(&store);
        assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), expected, "{share}");
        for wrong in &listed {
            let (found, wrong_cells) = (&found[&key(wrong)], cells(wrong));
            let is_found = wrong_cells.iter().any(|cell| found.contains(cell));
            assert!(is_found || wrong_cells.is_empty(), "{wrong} {found:?}");
        }
        if share == "0" {
            assert_eq!(listed.len(), 0);
            continue;
        }
        let checks: BTreeSet<&str> = listed.iter().map(|wrong| text(wrong, "/check")).collect();
        let of_all = CHECKS.iter().map(|check| check.id);
        let no_slip = ["date.deadline", "template.year", "prose.last_year", "prose.other_agency"];
        assert_eq!(checks, of_all.filter(|check| !no_slip.contains(check)).collect());
        assert!((140..250).contains(&listed.len()), "{}", listed.len());
    }
}

#[test]
fn what_cannot_be_made_up_is_said_with_what_can() {
    let folder = tempdir().unwrap();
    for (args, names) in [
        (&["--reports", "0"][..], "1 or more"),
        (&["--reports", "-1"], "--reports"),
        (&["--reports", "many"], "many"),
        (&["--reports", "99999999", "--years", "2023"], "all agencies of the country make 1"),
        (&["--reports", "10", "--years", "2018"], "the national form begins with 2019"),
        (&["--reports", "10", "--years", "2023..2021"], "ends before it begins"),
        (&["--reports", "10", "--years", "2021,2023"], "is no span of years"),
        (&["--reports", "10", "--years", "soon"], "\"soon\" is no year"),
        (&["--reports", "10", "--defects", "2", "--defects-file", "a"], "2 is no share"),
        (&["--reports", "10", "--defects", "NaN", "--defects-file", "a"], "NaN is no share"),
        (&["--reports", "10", "--defects", "0.1"], "--defects-file"),
        (&[], "--reports"),
    ] {
        let output = gongkai(folder.path(), &[&["synthesize"], args].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(names), "{args:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{args:?}");
    }
    let nowhere = ["synthesize", "--reports", "10", "--out", "no/such/folder.ndjson"];
    let output = gongkai(folder.path(), &nowhere);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("no/such/folder.ndjson"), "{}", stderr(&output));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is made");
}
