//! The hits are those of a naive scan, in their order, with the words shown.

use std::collections::{BTreeMap, BTreeSet};

use gongkai::database::Database;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::naive::{Key, Report, import, plain, scan, words};
use crate::{
    harness::{Server, Store, gongkai, stderr},
    questions::made_up::Dice,
};

/// Reports, of six sections each: a frequent character stands in more sections than are put in order
/// before any is shown.
const REPORTS: usize = 280;

/// The texts of the sections that stand, as they are looked in.
async fn texts(server: &Server) -> BTreeMap<Key, String> {
    let mut texts = BTreeMap::new();
    let mut after = String::new();
    loop {
        let mut params = vec![("limit", "500"), ("fields", "id")];
        if !after.is_empty() {
            params.push(("after", &after));
        }
        let page = server.json("/reports", &params).await;
        for row in page["data"].as_array().unwrap() {
            let report =
                server.json(&format!("/reports/{}", row["id"].as_str().unwrap()), &[]).await;
            let agency = report["agency"]["name"].as_str().unwrap();
            let year = i32::try_from(report["year"].as_i64().unwrap()).unwrap();
            for section in report["sections"].as_array().unwrap() {
                let number = i16::try_from(section["number"].as_i64().unwrap()).unwrap();
                let text = plain(section["text"].as_str().unwrap());
                texts.insert((agency.to_owned(), year, number), text);
            }
        }
        let Some(next) = page["page"]["next"].as_str() else { return texts };
        after = next.to_owned();
    }
}

fn key(row: &Value) -> Key {
    (
        row["agency"]["name"].as_str().unwrap().to_owned(),
        i32::try_from(row["year"].as_i64().unwrap()).unwrap(),
        i16::try_from(row["section"]["number"].as_i64().unwrap()).unwrap(),
    )
}

/// Every hit of a question, page by page, and the total that the first page says.
async fn hits(server: &Server, params: &[(&str, &str)], limit: &str) -> (Vec<Value>, Option<u64>) {
    let mut rows = Vec::new();
    let mut total = None;
    let mut after = String::new();
    loop {
        let mut params = [params, &[("limit", limit)]].concat();
        if !after.is_empty() {
            params.push(("after", &after));
        }
        let page = server.json("/search", &params).await;
        if after.is_empty() {
            total = page["page"]["total"].as_u64();
        }
        let data = page["data"].as_array().unwrap().clone();
        assert!(data.len() <= limit.parse().unwrap());
        rows.extend(data);
        let Some(next) = page["page"]["next"].as_str() else { return (rows, total) };
        after = next.to_owned();
    }
}

/// Whether the rows are in the order of the list, and show the words.
fn check_rows(rows: &[Value], q: &str) {
    let place = |row: &Value| {
        let report: i64 = row["report_id"].as_str().unwrap()[1..].parse().unwrap();
        (
            -row["year"].as_i64().unwrap(),
            row["agency"]["region_code"].as_str().unwrap().to_owned(),
            report,
            row["section"]["number"].as_i64(),
        )
    };
    assert!(rows.is_sorted_by(|one, other| place(one) < place(other)), "{q}");
    let words = words(q);
    for row in rows {
        let snippet: Vec<char> = row["snippet"].as_str().unwrap().chars().collect();
        assert!(snippet.len() <= 200, "{row}");
        let highlights = row["highlights"].as_array().unwrap();
        assert!(!highlights.is_empty(), "{q:?} {row}");
        let mut end_before = 0;
        for highlight in highlights {
            let at = |end: usize| usize::try_from(highlight[end].as_u64().unwrap()).unwrap();
            assert!(end_before <= at(0) && at(0) < at(1), "{row}");
            end_before = at(1);
            let shown = plain(&snippet[at(0)..at(1)].iter().collect::<String>());
            // A character that stands for several, as ㈱ for (株), is shown whole.
            assert!(
                words.iter().any(|word| shown.contains(word)
                    && shown.chars().count() <= word.chars().count() + 4),
                "{q:?} {shown:?}"
            );
        }
    }
}

/// Words out of the texts: 1 to 6 characters, across whatever stands there; now and then two.
fn questions(dice: &mut Dice, texts: &BTreeMap<Key, String>, count: usize) -> Vec<String> {
    let texts: Vec<&String> = texts.values().filter(|text| !text.is_empty()).collect();
    let word = |dice: &mut Dice| {
        let text: Vec<char> = dice.pick(&texts).chars().collect();
        let from = dice.throw(text.len());
        text[from..].iter().take(1 + dice.throw(6)).collect::<String>()
    };
    let mut questions = Vec::new();
    while questions.len() < count {
        let mut question = word(dice);
        if dice.chance(20) {
            question = format!("{question} {}", word(dice));
        }
        if !question.trim().is_empty() {
            questions.push(question);
        }
    }
    questions
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hits_of_two_hundred_words_are_those_of_a_naive_scan_before_and_after_corrections() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let mut dice = Dice(200);
    let mut reports: Vec<Report> =
        (0..REPORTS).map(|number| Report::made_up(&mut dice, number)).collect();
    import(&store, "first.ndjson", &reports).await;
    let before = texts(&server).await;
    assert!(before.len() > 6 * REPORTS, "{}", before.len());
    let response = server.get("/years", &[]).await;
    let version = response.headers()["data-version"].to_str().unwrap().to_owned();

    // Every tenth report is another one since, every hundredth is withdrawn.
    let mut revised = Vec::new();
    for report in reports.iter_mut().step_by(10) {
        report.sections.insert(5, super::naive::text(&mut dice, 20));
        report.sections.remove(&6);
        revised.push(report.clone());
    }
    import(&store, "second.ndjson", &revised).await;
    for report in reports.iter().step_by(100) {
        let name = [("q", report.agency.as_str()), ("year", &report.year.to_string())];
        let id = server.json("/reports", &name).await["data"][0]["id"].clone();
        let args = [
            "report",
            "withdraw",
            id.as_str().unwrap(),
            "--reason",
            "x",
            "--database-url",
            &store.url(),
        ];
        let output = gongkai(store.folder.path(), &args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    let now = texts(&server).await;
    assert!(now.len() < before.len());

    let mut found = 0;
    let (mut longest, mut counted) = (0, 0);
    let mut questions = questions(&mut dice, &before, 200);
    questions.extend(["的", "公开", "a 1", "府信"].map(str::to_owned));
    for (number, q) in questions.iter().enumerate() {
        for (texts, as_of) in [(&now, None), (&before, Some(version.as_str()))] {
            let mut params = vec![("q", q.as_str())];
            params.extend(as_of.map(|as_of| ("as_of", as_of)));
            let expected = scan(texts, q);
            // Many pages of few rows, now and then.
            let limit = if number % 5 == 0 && expected.len() < 60 { "7" } else { "500" };
            let (rows, total) = hits(&server, &params, limit).await;
            let keys: BTreeSet<Key> = rows.iter().map(key).collect();
            assert_eq!(keys.len(), rows.len(), "{q:?}: a section twice");
            assert_eq!(keys, expected, "{params:?}");
            if let Some(total) = total {
                assert_eq!(total, expected.len() as u64, "{params:?}");
                counted += 1;
            }
            check_rows(&rows, q);
            found += usize::from(!rows.is_empty());
            longest = longest.max(rows.len());
        }
    }
    // The words are of the texts, some of texts that are gone since.
    assert!(found >= 350 && counted >= 350 && longest > 1_000, "{found} {counted} {longest}");
}

#[tokio::test]
async fn where_too_many_texts_would_have_to_be_read_to_count_the_total_is_null_and_the_rows_are_exact()
 {
    let store = Store::empty().await;
    let server = store.serve().await;
    // As many sections as a report handed in as JSON may have.
    let report = |number| Report {
        sections: (1..=99).map(|section| (section, "信息公开信息公开".to_owned())).collect(),
        ..Report::made_up(&mut Dice(1), number)
    };
    let reports: Vec<Report> = (0..55).map(report).collect();
    import(&store, "reports.ndjson", &reports).await;
    for (q, total, is_there) in [
        ("信息", json!(5_445), true),
        ("信息公开信息", Value::Null, true),
        // All of its pairs stand in each text.
        ("公开信息公开信息", Value::Null, false),
        ("公开信息的公开", json!(0), false),
    ] {
        let answer = server.json("/search", &[("q", q), ("limit", "3")]).await;
        assert_eq!(answer["page"]["total"], total, "{q}");
        assert_eq!(answer["page"]["next"].is_string(), is_there, "{q}");
        assert_eq!(answer["data"].as_array().unwrap().len(), if is_there { 3 } else { 0 }, "{q}");
    }
}

#[tokio::test]
async fn filters_and_orders_are_those_of_the_reports() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let mut dice = Dice(7);
    let reports: Vec<Report> = (0..60).map(|number| Report::made_up(&mut dice, number)).collect();
    import(&store, "reports.ndjson", &reports).await;
    for (params, reports) in [
        (vec![], vec![]),
        (vec![("region", "370300")], vec![("region", "370300")]),
        (vec![("year", "2022..2023"), ("section", "5,6")], vec![("year", "2022..2023")]),
        (vec![("kind", "township_government")], vec![("kind", "township_government")]),
        (vec![("level", "county"), ("scope", "own")], vec![("level", "county"), ("scope", "own")]),
        (vec![("template", "2019")], vec![("template", "2019")]),
        (
            vec![("quality", "passed"), ("where", "requests.received>5")],
            vec![("quality", "passed"), ("where", "requests.received>5")],
        ),
        (vec![("agency", "a1a77a5ae49472")], vec![("agency", "a1a77a5ae49472")]),
    ] {
        let of_reports = [reports.as_slice(), &[("limit", "500"), ("fields", "id")]].concat();
        let of_reports = server.json("/reports", &of_reports).await;
        let ids: BTreeSet<&str> = of_reports["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].as_str().unwrap())
            .collect();
        let sections: Vec<i64> = match params.iter().find(|(name, _)| *name == "section") {
            Some(_) => vec![5, 6],
            None => (1..=6).collect(),
        };
        let q = "公开";
        let (all, _) = hits(&server, &[("q", q)], "500").await;
        let expected: Vec<&Value> = all
            .iter()
            .filter(|row| ids.contains(row["report_id"].as_str().unwrap()))
            .filter(|row| sections.contains(&row["section"]["number"].as_i64().unwrap()))
            .collect();
        assert!(!expected.is_empty(), "{params:?}");
        let (rows, total) = hits(&server, &[&params[..], &[("q", q)]].concat(), "500").await;
        assert_eq!(rows.iter().collect::<Vec<_>>(), expected, "{params:?}");
        assert_eq!(total, Some(expected.len() as u64));
    }
    let (rows, _) = hits(&server, &[("q", "公开"), ("sort", "section,-year")], "9").await;
    let place = |row: &Value| (row["section"]["number"].as_i64(), -row["year"].as_i64().unwrap());
    assert!(rows.is_sorted_by_key(place) && rows.len() > 50);
}

#[tokio::test]
async fn a_hit_says_whose_section_it_is_and_shows_the_words() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let report = Report {
        agency: "江苏省宿迁市沭阳县水利局".to_owned(),
        region: "321322",
        year: 2024,
        sections: BTreeMap::from([(5, "存在\u{3000}WPS\n文档 等问题".to_owned())]),
    };
    import(&store, "one.ndjson", &[report]).await;
    let answer = server.json("/search", &[("q", "ｗｐｓ文 档等"), ("year", "2024")]).await;
    let report_id = answer["data"][0]["report_id"].clone();
    let of_report = server.json(&format!("/reports/{}", report_id.as_str().unwrap()), &[]).await;
    assert_eq!(of_report["year"], 2024);
    assert_eq!(
        answer,
        json!({
            "data": [{
                "agency": {"id": "a123c2c1d18ca6", "name": "江苏省宿迁市沭阳县水利局", "region_code": "321322", "kind": "department", "level": "county"},
                "report_id": report_id, "year": 2024, "section": {"number": 5, "heading": "标题"},
                "snippet": "存在 WPS 文档 等问题", "highlights": [[3, 8], [8, 11]],
            }],
            "page": {"next": null, "total": 1},
            "data_version": "v27",
            "permalink": "/api/v1/search?q=%EF%BD%97%EF%BD%90%EF%BD%93%E6%96%87+%E6%A1%A3%E7%AD%89&year=2024&as_of=v27",
        })
    );
    let query = "{ search(filter: {q: \"WPS\", year: \"2024\"}) { totalCount nodes { snippet highlights report { year revision } } } }";
    assert_eq!(
        server.graphql_data(query).await["search"],
        json!({"totalCount": 1, "nodes": [{"snippet": "存在 WPS 文档 等问题", "highlights": [[3, 6]], "report": {"year": 2024, "revision": 1}}]})
    );
}

/// A database of an older program, which did not index the prose.
#[tokio::test]
async fn the_prose_of_reports_that_are_there_is_indexed_when_the_database_is_opened() {
    let store = Store::with_samples().await;
    // Nothing is kept: the database is changed behind the data version.
    let server = store.serve_keeping(0).await;
    let before = server.json("/search", &[("q", "公开"), ("limit", "500")]).await;
    assert!(before["page"]["total"].as_u64().unwrap() > 20);
    let forget = "INSERT INTO section_index (section_index) VALUES ('delete-all'); UPDATE report SET indexed_sections = NULL";
    store.database.write.execute_unprepared(forget).await.unwrap();
    assert_eq!(server.json("/search", &[("q", "公开")]).await["page"]["total"], 0);
    let opened = Database::open(&store.url()).await.unwrap();
    let again = Server::over(&store, &opened, 0).await;
    assert_eq!(again.json("/search", &[("q", "公开"), ("limit", "500")]).await, before);
}
