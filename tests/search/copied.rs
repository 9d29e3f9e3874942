//! What sections share with last year's and with other agencies', computed a second way.

use std::collections::{BTreeMap, HashSet};

use gongkai::database::Database;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::naive::{Report, import};
use crate::{
    harness::{Server, Store, gongkai, stderr},
    questions::made_up::Dice,
};

/// Made-up prose: so many letters, with marks, numbers and line ends between them.
fn prose(dice: &mut Dice, letters: usize) -> String {
    const LETTERS: [char; 24] = [
        '政', '府', '信', '息', '公', '开', '工', '作', '存', '在', '问', '题', '改', '进', '加',
        '强', '学', '习', '制', '度', '人', '员', '及', '时',
    ];
    let mut text = String::new();
    for _ in 0..letters {
        text.push(*dice.pick(&LETTERS));
        match dice.throw(30) {
            0 => text.push('，'),
            1 => text.push_str("。\n"),
            2 => text.push_str("2022年12 件"),
            _ => {}
        }
    }
    text
}

/// The text with a part of it, so many of a hundred, written anew, and other numbers.
fn varied(dice: &mut Dice, text: &str, percent: usize) -> String {
    let characters: Vec<char> = text.replace("12 件", "7件").chars().collect();
    let length = characters.len() * percent / 100;
    let from = dice.throw(characters.len() - length + 1);
    let anew = prose(dice, length);
    characters[..from]
        .iter()
        .chain(&anew.chars().collect::<Vec<_>>())
        .chain(&characters[from + length..])
        .collect()
}

const COUNTIES: [(&str, &str); 2] =
    [("321322", "江苏省宿迁市沭阳县"), ("370323", "山东省淄博市沂源县")];
const BUREAUS: usize = 9;
const YEARS: [i32; 3] = [2021, 2022, 2023];

/// Bureaus of two counties. Section 1 is short and the same for all; 5 is shared by three bureaus, more or
/// less, or goes back to the year before; 6 is a form letter that all have.
fn reports(dice: &mut Dice) -> Vec<Report> {
    let letter = prose(dice, 250);
    let mut reports: Vec<Report> = Vec::new();
    for (region, county) in COUNTIES {
        for group in 0..BUREAUS / 3 {
            let mut last: BTreeMap<usize, String> = BTreeMap::new();
            for year in YEARS {
                let common = prose(dice, 200 + 100 * group);
                for bureau in 0..3 {
                    let percent = *dice.pick(&[0, 3, 8, 15, 30, 60]);
                    let is_last = dice.chance(50);
                    let text = match last.get(&bureau) {
                        Some(last) if is_last => varied(dice, last, percent),
                        _ => varied(dice, &common, percent),
                    };
                    last.insert(bureau, text.clone());
                    let mut sections = BTreeMap::from([
                        (1, "本机关没有其他需要报告的事项，特此说明。".repeat(4)),
                        (5, text),
                    ]);
                    if dice.chance(80) {
                        sections.insert(6, letter.clone());
                    }
                    let agency = format!("{county}第{}局", 3 * group + bureau);
                    reports.push(Report { agency, region, year, sections });
                }
            }
        }
    }
    reports
}

/// The runs of eight letters of a text.
fn runs(text: &str) -> HashSet<String> {
    let letters: Vec<char> = text.chars().filter(|character| character.is_alphabetic()).collect();
    letters.windows(8).map(|run| run.iter().collect()).collect()
}

/// Runs that two texts share, and runs of the first; none where it is too short.
fn share(text: &str, other: &str) -> Option<(usize, usize)> {
    let (runs, others) = (runs(text), runs(other));
    (runs.len() >= 100).then(|| (runs.intersection(&others).count(), runs.len()))
}

/// JSON is read here without its last binary digit.
fn rounded(share: f64) -> f64 {
    (share * 1e9).round() / 1e9
}

/// A section, and what is said of it: from where, the other agency and year, the share.
type Copied = (String, i32, i64, String, String, i64, f64);

async fn copied(server: &Server, params: &[(&str, &str)]) -> Vec<Copied> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut all = Vec::new();
    for from in ["last_year", "other_agency"] {
        let params =
            [params, &[("copied_from", from), ("min_copied", "0.5"), ("limit", "500")]].concat();
        let answer = server.json("/search", &params).await;
        let rows = answer["data"].as_array().unwrap();
        assert_eq!(answer["page"]["total"], rows.len());
        all.extend(rows.iter().map(|row| {
            let other = &row["copied"];
            assert_eq!(row["highlights"], json!([]));
            (
                text(&row["agency"]["name"]),
                i32::try_from(row["year"].as_i64().unwrap()).unwrap(),
                row["section"]["number"].as_i64().unwrap(),
                text(&other["from"]),
                text(&other["agency"]["name"]),
                other["year"].as_i64().unwrap(),
                rounded(other["share"].as_f64().unwrap()),
            )
        }));
    }
    all.sort_by(|one, other| one.partial_cmp(other).unwrap());
    all
}

/// What is found of it, without what depends on the order of import.
async fn findings(server: &Server) -> Vec<(String, i64, String, String)> {
    let checks = ("check", "prose.last_year,prose.other_agency");
    let rows = server.json("/findings", &[checks, ("limit", "500")]).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let finding = |row: &Value| {
        (
            text(&row["agency_name"]),
            row["year"].as_i64().unwrap(),
            text(&row["check"]),
            text(&row["message_zh"]),
        )
    };
    let mut findings: Vec<_> = rows["data"].as_array().unwrap().iter().map(finding).collect();
    findings.sort();
    findings
}

#[tokio::test(flavor = "multi_thread")]
async fn the_share_of_each_section_is_what_two_sets_of_runs_share() {
    let store = Store::empty().await;
    let server = store.serve().await;
    let reports = reports(&mut Dice(5));
    import(&store, "reports.ndjson", &reports).await;
    let found = copied(&server, &[]).await;
    let said = findings(&server).await;
    let mut seen = [0; 4];
    for report in &reports {
        for (number, text) in &report.sections {
            let of = |from: &str| {
                let place = (&report.agency, report.year, i64::from(*number));
                let mut rows = found.iter().filter(|row| {
                    (&row.0, row.1, row.2, row.3.as_str()) == (place.0, place.1, place.2, from)
                });
                let row = rows.next();
                assert!(rows.next().is_none(), "{place:?} twice");
                row
            };
            let share_with = |other: &Report| share(text, other.sections.get(number)?);
            let ratio = |(shared, runs): (usize, usize)| rounded(shared as f64 / runs as f64);
            let is_finding = |check: &str, part: &str| {
                said.iter()
                    .filter(|(agency, year, of, message)| {
                        (agency, *year, of.as_str())
                            == (&report.agency, i64::from(report.year), check)
                            && message.starts_with(&format!("第{number}部分"))
                            && message.contains(part)
                    })
                    .count()
            };

            let last = reports
                .iter()
                .find(|last| last.agency == report.agency && last.year == report.year - 1);
            let expected = last.and_then(share_with).map(ratio);
            let kept = expected.filter(|share| *share >= 0.5);
            assert_eq!(
                of("last_year").map(|row| row.6),
                kept,
                "{} {} {number}",
                report.agency,
                report.year
            );
            let much = usize::from(expected.is_some_and(|share| share >= 0.8));
            assert_eq!(is_finding("prose.last_year", ""), much);

            let others = reports
                .iter()
                .filter(|other| other.year == report.year && other.agency != report.agency);
            let most = others
                .filter_map(share_with)
                .map(ratio)
                .max_by(f64::total_cmp)
                .filter(|share| *share >= 0.5);
            match of("other_agency") {
                None => assert!(
                    most.is_none_or(|most| most < 0.8),
                    "{} {} {number}: {most:?}",
                    report.agency,
                    report.year
                ),
                Some(row) => {
                    assert_eq!(Some(row.6), most, "{} {} {number}", report.agency, report.year);
                    let source = reports
                        .iter()
                        .find(|other| other.agency == row.4 && i64::from(other.year) == row.5);
                    assert_eq!(source.and_then(share_with).map(ratio), most);
                    assert_eq!(is_finding("prose.other_agency", &row.4), usize::from(row.6 >= 0.8));
                }
            }
            let share = [expected, most];
            seen[0] += usize::from(share.contains(&Some(1.0)));
            seen[1] += usize::from(share.iter().flatten().any(|share| (0.8..1.0).contains(share)));
            seen[2] += usize::from(share.iter().flatten().any(|share| (0.5..0.8).contains(share)));
            seen[3] += usize::from(share == [None, None]);
        }
    }
    assert!(seen.iter().all(|seen| *seen > 10), "{seen:?}");
    for (agency, year, number, from, other, other_year, share) in &found {
        let least = format!("{:.3}", (share * 1000.0).floor() / 1000.0);
        let (number, year) = (number.to_string(), year.to_string());
        let params = [
            ("q", "政府"),
            ("section", &number),
            ("year", &year),
            ("copied_from", from),
            ("min_copied", &least),
            ("limit", "500"),
        ];
        let rows = server.json("/search", &params).await;
        let is_it = |row: &&Value| {
            row["agency"]["name"] == **agency
                && row["copied"]["agency"]["name"] == **other
                && row["copied"]["year"] == *other_year
        };
        // Made of two dozen letters, a long text has every two of them now and then, but not always.
        if let Some(row) = rows["data"].as_array().unwrap().iter().find(is_it) {
            assert!(!row["highlights"].as_array().unwrap().is_empty());
        }
        assert!(
            rows["data"]
                .as_array()
                .unwrap()
                .iter()
                .all(|row| row["copied"]["share"].as_f64().unwrap() >= least.parse().unwrap())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_in_any_order_and_corrected_in_any_way_end_with_the_same_shares_and_findings() {
    let mut dice = Dice(11);
    let all = reports(&mut dice);
    // What one bureau said first, and a bureau under a name that it has no more.
    let mut before = all[4].clone();
    before.sections.insert(5, all[10].sections[&5].clone());
    let is_renamed = |report: &Report| report.agency.ends_with("沭阳县第5局");
    let is_withdrawn =
        |report: &Report| report.agency.ends_with("沂源县第7局") && report.year == 2022;
    let mut given: Vec<Report> = all.clone();
    given.push(before.clone());
    for report in given.iter_mut().filter(|report| is_renamed(report)) {
        report.agency = report.agency.replace("第5局", "第五局");
    }
    let stands: Vec<Report> = all.iter().filter(|report| !is_withdrawn(report)).cloned().collect();

    let store = Store::empty().await;
    import(&store, "stands.ndjson", &stands).await;
    let server = store.serve().await;
    let (expected, expected_findings) = (copied(&server, &[]).await, findings(&server).await);
    assert!(
        expected.len() > 50 && expected_findings.len() > 30,
        "{} {}",
        expected.len(),
        expected_findings.len()
    );

    for round in 0..3 {
        let mut order: Vec<Report> = given.clone();
        match round {
            0 => order.reverse(),
            _ => {
                for last in (1..order.len()).rev() {
                    order.swap(last, dice.throw(last + 1));
                }
            }
        }
        // The later document is what stands.
        let place = |of: &[Report], text: &str| {
            of.iter()
                .position(|report| {
                    (report.agency == before.agency && report.year == before.year)
                        && report.sections[&5] == text
                })
                .unwrap()
        };
        let (first, second) =
            (place(&order, &before.sections[&5]), place(&order, &all[4].sections[&5]));
        if first > second {
            order.swap(first, second);
        }
        let store = Store::empty().await;
        let (one, other) = order.split_at(order.len() / 2);
        import(&store, "one.ndjson", one).await;
        let server = store.serve().await;
        let early = copied(&server, &[]).await;
        let response = server.get("/years", &[]).await;
        let version = response.headers()["data-version"].to_str().unwrap().to_owned();
        import(&store, "other.ndjson", other).await;
        correct(&store, &server).await;
        assert_eq!(copied(&server, &[]).await, expected, "order {round}");
        assert_eq!(findings(&server).await, expected_findings, "order {round}");
        assert_eq!(copied(&server, &[("as_of", &version)]).await, early, "order {round}");
    }
}

/// Withdraws a report, and merges an agency into one that reports nothing yet, or does.
async fn correct(store: &Store, server: &Server) {
    let run = |args: &[&str]| {
        let url = store.url();
        let args = [args, &["--database-url", &url]].concat();
        let output = gongkai(store.folder.path(), &args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    };
    let wrong = server.json("/reports", &[("q", "沂源县第7局"), ("year", "2022")]).await;
    run(&["report", "withdraw", wrong["data"][0]["id"].as_str().unwrap(), "--reason", "x"]);
    let old = server.json("/reports", &[("q", "沭阳县第五局")]).await;
    for row in old["data"].as_array().unwrap() {
        run(&[
            "report",
            "reassign",
            row["id"].as_str().unwrap(),
            "--agency",
            "江苏省宿迁市沭阳县第5局",
        ]);
    }
}

#[tokio::test]
async fn who_copied_last_years_problems_section_is_one_question() {
    let store = Store::empty().await;
    let server = store.serve().await;
    let mut dice = Dice(3);
    let text = prose(&mut dice, 150);
    let report = |agency: &str, year: i32, text: &str| Report {
        agency: format!("江苏省宿迁市沭阳县{agency}"),
        region: "321322",
        year,
        sections: BTreeMap::from([(5, text.to_owned())]),
    };
    let other = prose(&mut dice, 150);
    let given = [
        report("水利局", 2022, &text),
        report("水利局", 2023, &text.replace("2022", "2023")),
        report("司法局", 2023, &other),
    ];
    import(&store, "reports.ndjson", &given).await;
    let question =
        [("section", "5"), ("copied_from", "last_year"), ("min_copied", "0.9"), ("year", "2023")];
    let answer = server.json("/search", &question).await;
    let row = &answer["data"][0];
    assert_eq!(answer["page"], json!({"next": null, "total": 1}));
    assert_eq!(row["agency"]["name"], "江苏省宿迁市沭阳县水利局");
    assert_eq!(
        row["copied"],
        json!({"from": "last_year", "share": 1.0, "report_id": "r1", "agency": row["agency"], "year": 2022})
    );
    let snippet = row["snippet"].as_str().unwrap();
    assert_eq!(snippet.chars().count(), 200);
    let found = server.json("/findings", &[("check", "prose.last_year")]).await;
    assert_eq!(found["data"][0]["message"], "100 % of section 5 stands in the report of 2022 too");
    assert_eq!(found["data"][0]["message_zh"], "第5部分有100%的文字与2022年度报告相同");
    assert_eq!(
        (&found["data"][0]["severity"], &found["page"]["total"]),
        (&json!("notice"), &json!(1))
    );
    let csv =
        [&question[..], &[("format", "csv"), ("fields", "year,copied.share,copied.year")]].concat();
    let csv = server.get("/search", &csv).await.text().await.unwrap();
    assert_eq!(csv, "\u{feff}year,copied.share,copied.year\r\n2023,1.0,2022\r\n");
    for (params, parameter) in [
        ([("copied_from", "last"), ("year", "2023")], "copied_from"),
        ([("copied_from", "last_year"), ("min_copied", "0.49")], "min_copied"),
        ([("copied_from", "last_year"), ("min_copied", "1.001")], "min_copied"),
        ([("copied_from", "last_year"), ("min_copied", "0.80001")], "min_copied"),
        ([("copied_from", "last_year"), ("min_copied", "80%")], "min_copied"),
        ([("copied_from", "last_year"), ("q", "")], "q"),
    ] {
        let (status, problem) = server.problem("/search", &params).await;
        assert_eq!(
            (status, &problem["parameter"]),
            (400, &json!(parameter)),
            "{params:?} {problem}"
        );
    }
}

/// A database of an older program, which compared nothing.
#[tokio::test]
async fn reports_that_are_there_are_compared_when_the_database_is_opened() {
    let store = Store::empty().await;
    // Nothing is kept: the database is changed behind the data version.
    let server = store.serve_keeping(0).await;
    import(&store, "reports.ndjson", &reports(&mut Dice(2))).await;
    let (before, found) = (copied(&server, &[]).await, findings(&server).await);
    assert!(before.len() > 50 && found.len() > 30);
    let forget = "DELETE FROM section_sketch; DELETE FROM copied_section; \
                  DELETE FROM finding WHERE check_id IN ('prose.last_year', 'prose.other_agency'); \
                  UPDATE report SET compared_sections = NULL";
    store.database.write.execute_unprepared(forget).await.unwrap();
    assert!(copied(&server, &[]).await.is_empty());
    let opened = Database::open(&store.url()).await.unwrap();
    let again = Server::over(&store, &opened, 0).await;
    assert_eq!((copied(&again, &[]).await, findings(&again).await), (before, found));
}
