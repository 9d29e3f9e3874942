//! `as_of`: what was answered once is answered again.

use serde_json::{Value, json};

use super::{BUREAU, import, report};
use crate::harness::{Server, Store, gongkai, samples, stderr};

/// Asks everything there is to ask, of now or of a version.
async fn everything(server: &Server, ids: &Ids, as_of: Option<&str>) -> Vec<(String, Value)> {
    let mut questions: Vec<(String, Vec<(&str, &str)>)> = [
        "/regions",
        "/regions/321322",
        "/regions/321300",
        "/agencies",
        "/years",
        "/reports",
        "/disclosure-items",
        "/requests",
        "/reviews",
        "/lawsuits",
        "/findings",
        "/changes",
    ]
    .iter()
    .map(|path| ((*path).to_owned(), vec![("limit", "500")]))
    .collect();
    questions.push(("/agencies".to_owned(), vec![("q", "水利"), ("sort", "-name")]));
    questions.push(("/agencies".to_owned(), vec![("year", "2022"), ("region", "321322")]));
    questions.push(("/reports".to_owned(), vec![("where", "requests.received>=11")]));
    let numbers = ("measures", "requests.received,disclosure_items.rules.issued");
    questions.push(("/reports".to_owned(), vec![("q", "水利"), numbers]));
    let figures = ("measures", "requests.received,denial_rate");
    questions.push(("/statistics".to_owned(), vec![figures, ("group_by", "year,kind")]));
    questions.push(("/rankings".to_owned(), vec![("measure", "requests.received")]));
    questions.push(("/series".to_owned(), vec![figures, ("by", "agency")]));
    questions.push(("/coverage".to_owned(), vec![("region", "321300")]));
    let received = ("measures", "requests.received");
    questions.push(("/differences".to_owned(), vec![received, ("by", "county")]));
    questions.push(("/regions/321322/summary/2022".to_owned(), Vec::new()));
    questions
        .push(("/expected-reports".to_owned(), vec![("region", "321322"), ("state", "reported")]));
    questions.push(("/findings".to_owned(), vec![("check", "years.carry_over")]));
    questions.push(("/search".to_owned(), vec![("q", "申请"), ("limit", "500")]));
    questions
        .push(("/search".to_owned(), vec![("q", "连同上年结转 我局"), ("year", "2022..2023")]));
    let copied = [("copied_from", "last_year,other_agency"), ("min_copied", "0.5")];
    questions.push(("/search".to_owned(), copied.to_vec()));
    for year in 2021..=2024 {
        questions.push((format!("/years/{year}"), Vec::new()));
    }
    for agency in &ids.agencies {
        questions.push((format!("/agencies/{agency}"), Vec::new()));
        questions.push((format!("/agencies/{agency}/reports"), Vec::new()));
        for year in 2021..=2024 {
            questions.push((format!("/agencies/{agency}/reports/{year}"), Vec::new()));
        }
        questions.push(("/reports".to_owned(), vec![("agency", agency)]));
    }
    for report in &ids.reports {
        for path in ["", "/source", "/revisions", "/findings"] {
            questions.push((format!("/reports/{report}{path}"), Vec::new()));
        }
    }
    let mut answers = Vec::new();
    for (path, params) in questions {
        let is_single = path.matches('/').count() > 1 && !path.ends_with("/reports");
        let mut params: Vec<(&str, &str)> =
            params.into_iter().filter(|(name, _)| !is_single || *name != "limit").collect();
        let question = format!("{path} {params:?}");
        params.extend(as_of.map(|as_of| ("as_of", as_of)));
        answers.push((question, answer(server, &path, &params).await));
    }
    // The second page of each kind of list goes on where the first did.
    for (path, params) in PAGED {
        let mut params = [params, &[("limit", "1")][..]].concat();
        params.extend(as_of.map(|as_of| ("as_of", as_of)));
        let first = server.json(path, &params).await;
        let Some(next) = first["page"]["next"].as_str() else { continue };
        params.push(("after", next));
        answers.push((format!("{path} after {next}"), answer(server, path, &params).await));
    }
    for query in GRAPHQL {
        let (on, and) = match as_of {
            Some(as_of) => (format!("(as_of: \"{as_of}\")"), format!(", as_of: \"{as_of}\"")),
            None => (String::new(), String::new()),
        };
        let filter = on.replace("(as_of", "(filter: {as_of").replace(')', "})");
        let query = query.replace("FILTER", &filter).replace("AND", &and);
        let question = query.replace(&filter, "").replace(&and, "");
        answers.push((question, server.graphql_data(&query).await));
    }
    answers
}

const PAGED: [(&str, &[(&str, &str)]); 13] = [
    ("/regions", &[("q", "沭阳")]),
    ("/agencies", &[]),
    ("/years", &[]),
    ("/reports", &[("year", "2022..2023")]),
    ("/requests", &[("row", "received")]),
    ("/findings", &[]),
    ("/changes", &[]),
    ("/statistics", &[("measures", "requests.received"), ("group_by", "year")]),
    ("/rankings", &[("measure", "requests.received")]),
    ("/series", &[("measures", "requests.received"), ("by", "agency")]),
    ("/coverage", &[("region", "321322")]),
    ("/expected-reports", &[("region", "321322")]),
    ("/search", &[("q", "申请")]),
];

const GRAPHQL: [&str; 3] = [
    "{ reportsFILTER { nodes { id year agency { id name reports { nodes { id findings { check message } } } }
       value(measure: \"requests.received\") findings { id } requests(row: \"total\") { total agency { name } } } } }",
    "{ region(code: \"321322\"AND) { agencies { nodes { name reports { nodes { id revision } } } } } }",
    "{ changesFILTER { totalCount nodes { measure oldValue newValue report { revision } agency { name } } } }",
];

/// The data of an answer, or what it is refused with.
async fn answer(server: &Server, path: &str, params: &[(&str, &str)]) -> Value {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let address = format!("{}/api/v1{path}", server.base);
    let response = client.get(address).query(params).send().await.unwrap();
    let status = response.status().as_u16();
    if status == 308 {
        let location = response.headers()["location"].to_str().unwrap();
        return json!({"moved": location.split('?').next()});
    }
    if path.ends_with("/source") && status == 200 {
        return json!(response.text().await.unwrap());
    }
    let body: Value = response.json().await.unwrap();
    match body.get("data") {
        Some(data) => json!({
            "data": data, "total": body["page"]["total"], "coverage": body["coverage"],
            "data_version": body["data_version"], "permalink": body["permalink"],
        }),
        None => body,
    }
}

/// What single things are asked for.
#[derive(Default)]
struct Ids {
    agencies: Vec<String>,
    reports: Vec<String>,
}

impl Ids {
    async fn note(&mut self, server: &Server) {
        for (list, known) in [("/agencies", &mut self.agencies), ("/reports", &mut self.reports)] {
            for row in server.json(list, &[]).await["data"].as_array().unwrap() {
                let id = row["id"].as_str().unwrap().to_owned();
                if !known.contains(&id) {
                    known.push(id);
                }
            }
        }
    }
}

async fn version(server: &Server) -> String {
    let response = server.get("/years", &[]).await;
    response.headers()["data-version"].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_before_every_import_and_correction_is_answered_again() {
    let store = Store::empty().await;
    let server = store.serve().await;
    let other = std::fs::read_to_string(samples().join("沭阳县教育局-2022.txt")).unwrap();
    let steps: Vec<Step> = vec![
        Step::Import("a.txt", report(2022, &[])),
        Step::Import(
            "b.txt",
            report(
                2023,
                &[("上年结转政府信息公开申请数量 | 1 |", "上年结转政府信息公开申请数量 | 2 |")],
            ),
        ),
        Step::Import("c.txt", other),
        Step::Import(
            "d.txt",
            report(
                2022,
                &[
                    ("行政许可 | 63", "行政许可 | 64"),
                    ("2022年度政府信息公开工作年度报告", "2022年政府信息公开工作年度报告"),
                ],
            ),
        ),
        Step::Import(
            "e.txt",
            report(2021, &[("沭阳县水利局", "沭阳县水务局"), ("18.6万元", "7.5万元")]),
        ),
        Step::Command(&["report", "reassign", "r4", "--scope", "consolidated"]),
        Step::Command(&[
            "report",
            "reassign",
            "r3",
            "--agency",
            "沭阳县住房和城乡建设局",
            "--year",
            "2024",
        ]),
        Step::Command(&["agency", "merge", "WATER", BUREAU]),
        Step::Command(&["report", "withdraw", "r2", "--reason", "a draft"]),
        Step::Import("f.txt", report(2023, &[("行政处罚 | 21", "行政处罚 | 22")])),
    ];
    let mut ids = Ids { agencies: vec![BUREAU.to_owned()], reports: vec!["r1".to_owned()] };
    let mut recorded = Vec::new();
    for step in steps {
        step.take(&store, &server).await;
        ids.note(&server).await;
        let asked = Ids { agencies: ids.agencies.clone(), reports: ids.reports.clone() };
        let version = version(&server).await;
        let at = chrono::Utc::now().to_rfc3339();
        recorded.push((version, at, everything(&server, &asked, None).await, asked));
    }
    assert_eq!(recorded.last().unwrap().0, "v10");
    for (version, at, answers, asked) in &recorded {
        for as_of in [version, version.trim_start_matches('v'), at] {
            let again = everything(&server, asked, Some(as_of)).await;
            for (then, now) in answers.iter().zip(&again) {
                assert_eq!(then, now, "as of {as_of}");
            }
        }
    }
    // Every answer that said where it stays is there, whatever was imported and corrected since.
    let mut stays = 0;
    for (_, _, answers, _) in &recorded {
        for (question, then) in answers {
            let Some(permalink) = then["permalink"].as_str() else { continue };
            let path = permalink.strip_prefix("/api/v1").unwrap();
            assert_eq!(&answer(&server, path, &[]).await, then, "{question}: {permalink}");
            stays += 1;
        }
    }
    assert!(stays > 300, "{stays} answers say where they stay");
    let nothing = server.json("/reports", &[("as_of", "2020-01-01")]).await;
    assert_eq!(
        nothing,
        json!({
            "data": [], "page": {"next": null, "total": 0}, "data_version": "v0",
            "permalink": "/api/v1/reports?as_of=v0"
        })
    );
    let today = chrono::Utc::now().date_naive().to_string();
    let now = server.json("/reports", &[]).await;
    assert_eq!(server.json("/reports", &[("as_of", &today)]).await["data"], now["data"]);
    let before = server.problem("/reports/r5", &[("as_of", "v1")]).await;
    assert_eq!((before.0, &before.1["detail"]), (404, &json!("no report r5")));
}

enum Step {
    Import(&'static str, String),
    Command(&'static [&'static str]),
}

impl Step {
    async fn take(&self, store: &Store, server: &Server) {
        match self {
            Self::Import(name, text) => import(store, name, text).await,
            Self::Command(args) => {
                let water = server.json("/agencies", &[("q", "水务局")]).await;
                let water = water["data"][0]["id"].as_str().unwrap_or_default().to_owned();
                let url = store.url();
                let mut args: Vec<&str> =
                    args.iter().map(|arg| if *arg == "WATER" { &water } else { *arg }).collect();
                args.extend(["--database-url", &url]);
                let output = gongkai(store.folder.path(), &args);
                assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_time_or_is_to_come_is_refused_everywhere_with_what_is_allowed() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let allowed = json!([
        "a date up to today: 2026-11-23, the end of that day in UTC",
        "a time up to now: 2026-11-23T08:00:00Z",
        "a data version up to the one in the header `data-version`: v12"
    ]);
    for (as_of, detail) in [
        ("yesterday", "\"yesterday\" is no date, time or data version"),
        ("", "\"\" is no date, time or data version"),
        ("2021-02-30", "\"2021-02-30\" is no date, time or data version"),
        ("2999-01-01", "\"2999-01-01\" is to come"),
        ("2999-01-01T00:00:00Z", "\"2999-01-01T00:00:00Z\" is to come"),
        ("v27", "\"v27\" is to come: the data are at v26"),
        ("99999999999999999999", "\"99999999999999999999\" is no data version"),
    ] {
        for path in [
            "/reports",
            "/agencies",
            "/regions",
            "/years",
            "/findings",
            "/changes",
            "/years/2022",
            "/regions/370000",
            "/reports/r1",
            "/reports/r1/source",
            "/reports/r1/revisions",
            "/reports/r1/findings",
            "/agencies/a1a77a5ae49472",
            "/agencies/a1a77a5ae49472/reports",
            "/agencies/a1a77a5ae49472/reports/2022",
        ] {
            let (status, problem) = server.problem(path, &[("as_of", as_of)]).await;
            assert_eq!(
                (
                    status,
                    &problem["code"],
                    &problem["parameter"],
                    &problem["detail"],
                    &problem["allowed"]
                ),
                (400, &json!("invalid_parameter"), &json!("as_of"), &json!(detail), &allowed),
                "{path} {as_of}"
            );
        }
        let answer = server
            .graphql(&format!("{{ reports(filter: {{as_of: \"{as_of}\"}}) {{ totalCount }} }}"))
            .await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "invalid_parameter", "{answer}");
    }
}

#[tokio::test]
async fn an_answer_of_a_version_keeps_its_name_when_the_data_change() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let tags = async || {
        let mut tags = Vec::new();
        for params in [&[("as_of", "v20")][..], &[]] {
            let headers = server.get("/reports", params).await.headers().clone();
            let header = |name: &str| headers[name].to_str().unwrap().to_owned();
            tags.push((header("etag"), header("cache-control"), header("data-version")));
        }
        tags
    };
    let before = tags().await;
    import(&store, "a.txt", &report(2021, &[])).await;
    let after = tags().await;
    assert_eq!(before[0].0, after[0].0);
    assert_ne!(before[1].0, after[1].0);
    assert_eq!(after[0].1, "public, max-age=86400, stale-while-revalidate=604800");
    assert_eq!(after[1].1, "public, max-age=60, stale-while-revalidate=600");
    assert_eq!((before[0].2.as_str(), after[0].2.as_str()), ("v26", "v27"));
}
