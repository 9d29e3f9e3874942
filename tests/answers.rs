//! Answers that are kept are the answers that are found, for as long as the data are the same, and found
//! once for all who ask at the same time.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use gongkai::{database::Database, limits};
use reqwest::{Method, RequestBuilder, StatusCode};
use sea_orm::{DatabaseTransaction, TransactionTrait};
use serde_json::{Value, json};

use crate::harness::{Server, Store, gongkai, samples, stderr, stdout};

const PUBLIC_URL: &str = "https://gongkai.example";
const AGENCY: &str = "a1a77a5ae49472";

/// An answer as it came, but for what is of one sending: when, under which id, in how many pieces.
#[derive(Debug, PartialEq)]
struct Whole {
    status: StatusCode,
    headers: BTreeMap<String, Vec<String>>,
    body: Vec<u8>,
}

async fn sent(request: RequestBuilder) -> Whole {
    let response = request.send().await.unwrap();
    let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in response.headers() {
        if !["date", "x-request-id", "content-length", "transfer-encoding"].contains(&name.as_str())
        {
            headers.entry(name.to_string()).or_default().push(value.to_str().unwrap().to_owned());
        }
    }
    let status = response.status();
    let mut body = response.bytes().await.unwrap().to_vec();
    if headers.get("content-encoding").is_some_and(|encoding| encoding == &["gzip"]) {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&body[..]).read_to_end(&mut plain).unwrap();
        body = plain;
    }
    Whole { status, headers, body }
}

/// A request: its method, its address, its headers, its body.
struct Asked(Method, String, Vec<(&'static str, &'static str)>, Option<Value>);

impl Asked {
    fn get(path: &str) -> Self {
        Self(Method::GET, path.to_owned(), Vec::new(), None)
    }

    fn graphql(query: &str, variables: Value) -> Self {
        let body = json!({"query": query, "variables": variables});
        Self(Method::POST, "/graphql".to_owned(), Vec::new(), Some(body))
    }

    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.2.push((name, value));
        self
    }

    async fn of(&self, server: &Server) -> Whole {
        // As it is sent: a client that unpacks hides how it was packed.
        let client = reqwest::Client::builder().no_proxy().no_gzip().build().unwrap();
        let Self(method, path, headers, body) = self;
        let mut request = client.request(method.clone(), format!("{}{path}", server.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        sent(request).await
    }
}

/// Every kind of answer, and whether it is kept.
fn questions() -> Vec<(Asked, bool)> {
    let get = |path: &str| Asked::get(&format!("/api/v1{path}"));
    let report = format!("/agencies/{AGENCY}/reports/2023");
    let summary = "/regions/370323/summary/2023";
    let by_region = "query Of($region: String!) { region(code: $region) { name agencies { totalCount nodes { id } } } }";
    let rows = "{ agencies(first: 5) { nodes { id name } } }";
    let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    vec![
        (get("/reports?year=2023&measures=requests.received&limit=3"), true),
        (
            get("/reports?year=2023&measures=requests.received&limit=3")
                .with("accept-encoding", "gzip, br"),
            true,
        ),
        (get("/reports?format=csv"), true),
        (get("/reports?format=csv&labels=zh").with("accept-encoding", "gzip"), true),
        (get("/requests?format=ndjson&year=2023"), true),
        (get("/requests?format=xlsx&year=2023").with("accept-encoding", "gzip"), true),
        (get("/requests?format=parquet&year=2023"), true),
        (get("/reports?format=citation"), true),
        (get("/agencies").with("accept", "text/csv"), true),
        (get("/agencies").with("accept", xlsx), true),
        (get("/agencies").with("accept", "application/json"), true),
        (get("/agencies").with("accept-language", "en"), true),
        (get(&format!("/agencies/{AGENCY}")), true),
        (get(&report), true),
        (get(&report).with("accept-encoding", "gzip"), true),
        // Nobody keeps what only its head is asked of, but it is known where the whole is kept.
        (Asked(Method::HEAD, format!("/api/v1{report}"), Vec::new(), None), true),
        (get(&format!("{report}?format=citation&labels=en")), true),
        (get("/reports/r1/source"), true),
        (get("/reports/r1/cells/requests.received"), true),
        (get(summary), true),
        (get(summary).with("accept", "text/html,*/*;q=0.8"), true),
        (get(&format!("{summary}?format=xlsx")), true),
        (get("/statistics?measures=requests.received&group_by=county,year"), true),
        (get("/rankings?measure=requests.received&limit=2"), true),
        (get("/search?q=%E5%85%AC%E5%BC%80&limit=2"), true),
        (get("/reports?as_of=v20&limit=3"), true),
        (get("/reports?as_of=2020-01-01"), true),
        (get(""), true),
        (get("/openapi.json").with("accept-encoding", "gzip"), true),
        (Asked::get("/graphql?query=%7B%20years%20%7B%20totalCount%20%7D%20%7D"), true),
        (Asked::graphql(by_region, json!({"region": "370323"})), true),
        (
            Asked::graphql(by_region, json!({"region": "370323"})).with("accept-encoding", "gzip"),
            true,
        ),
        (Asked::graphql(rows, json!({})).with("accept", "text/csv"), true),
        (Asked::graphql(rows, json!({})), true),
        // No answers: nobody keeps them.
        (Asked::graphql("{ nothing }", json!({})), false),
        (
            Asked::graphql(
                "{ agency(id: \"a000\") { name } years { nodes { nothing } } }",
                json!({}),
            ),
            false,
        ),
        (
            Asked(
                Method::POST,
                "/graphql".to_owned(),
                Vec::new(),
                Some(json!([{"query": rows}, {"query": rows}])),
            ),
            false,
        ),
        (get("/reports/r999"), false),
        (get("/reports?colour=red"), false),
        (get("/reports?year=2023&year=2022"), false),
        (get("/reports?as_of=v999"), false),
        (get("/reports").with("accept", "image/png"), false),
        (Asked(Method::HEAD, "/api/v1/years".to_owned(), Vec::new(), None), false),
        (Asked(Method::DELETE, "/api/v1/years".to_owned(), Vec::new(), None), false),
        (get("/years").with("accept-encoding", "identity;q=0"), true),
    ]
}

#[tokio::test]
async fn what_is_kept_is_answered_as_what_is_found() {
    let store = Store::with_samples().await;
    let (database, statements) = store.counting();
    let off = Server::known_as(Some(PUBLIC_URL), &store, &store.database, 0).await;
    let on = Server::known_as(Some(PUBLIC_URL), &store, &database, limits::CACHE_BYTES).await;
    for (asked, is_kept) in questions() {
        let Asked(method, path, headers, body) = &asked;
        let about = format!("{method} {path} {headers:?} {body:?}");
        let found = asked.of(&off).await;
        assert_eq!(asked.of(&on).await, found, "{about}");
        let before = (on.answers.figures(), statements.swap(0, Ordering::Relaxed));
        assert_eq!(asked.of(&on).await, found, "again: {about}");
        let after = on.answers.figures();
        assert_eq!(after.answers, before.0.answers, "{about}");
        if is_kept {
            assert_eq!(after.found, before.0.found, "{about}");
            assert_eq!(statements.load(Ordering::Relaxed), 0, "{about}");
        }
    }
    assert_eq!(off.answers.figures().answers, 0);
}

#[tokio::test]
async fn questions_that_are_one_share_an_answer_and_others_do_not() {
    let server = Store::with_samples().await.serve().await;
    let ask = async |path: &str, accept: &'static str, encoding: &'static str| {
        let asked = Asked::get(&format!("/api/v1{path}"));
        asked.with("accept", accept).with("accept-encoding", encoding).of(&server).await
    };
    let found = || server.answers.figures().found;
    let first = ask("/reports?year=2023&region=370323&limit=2", "*/*", "identity").await;
    assert_eq!(found(), 1);
    for (path, accept) in [
        ("/reports?region=370323&limit=2&year=2023", "*/*"),
        ("/reports?limit=2&&year=%32023&region=370323", "application/*, text/*"),
    ] {
        assert_eq!(ask(path, accept, "identity").await, first, "{path}");
    }
    assert_eq!(found(), 1);
    // The same in gzip is made of it.
    let packed = ask("/reports?year=2023&region=370323&limit=2", "*/*", "gzip").await;
    assert_eq!(
        (packed.headers["content-encoding"][0].as_str(), &packed.body),
        ("gzip", &first.body)
    );
    assert_eq!((found(), server.answers.figures().answers), (1, 2));
    let csv = ask("/reports?year=2023&region=370323&limit=2", "text/csv", "identity").await;
    assert_eq!(csv.headers["content-type"], ["text/csv; charset=utf-8; header=present"]);
    assert_eq!(csv.headers["content-disposition"], ["attachment; filename=\"reports.csv\""]);
    assert_eq!(found(), 2);
    // One in GraphQL is its text, its variables and its operation, however the JSON is written.
    let post = async |body: &'static str| {
        let url = format!("{}/graphql", server.base);
        server.client.post(url).body(body).send().await.unwrap().json::<Value>().await.unwrap()
    };
    let two = post(r#"{"query": "query A { agencies(first: 2) { totalCount } } query B { years { totalCount } }", "operationName": "A"}"#).await;
    assert_eq!(found(), 3);
    let again = post(r#"{"operationName":"A","variables":{},"query":"query A { agencies(first: 2) { totalCount } } query B { years { totalCount } }"}"#).await;
    assert_eq!((again, found()), (two.clone(), 3));
    let other = post(r#"{"query": "query A { agencies(first: 2) { totalCount } } query B { years { totalCount } }", "operationName": "B"}"#).await;
    assert_eq!((&other["data"]["years"]["totalCount"], found()), (&json!(3), 4));
}

#[tokio::test]
async fn what_another_process_imports_is_in_the_next_answer() {
    let store = Store::with_samples().await;
    let (database, statements) = store.counting();
    let server = Server::over(&store, &database, limits::CACHE_BYTES).await;
    let total = async || server.json("/reports", &[]).await["page"]["total"].clone();
    let then = async || server.get("/reports", &[("as_of", "v26")]).await.bytes().await.unwrap();
    let (before, stood) = (total().await, then().await);
    let text = std::fs::read_to_string(samples().join("沭阳县水利局-2023.html")).unwrap();
    for year in [2014, 2015, 2016] {
        let file = store.folder.path().join(format!("沭阳县水利局-{year}.html"));
        std::fs::write(&file, text.replace("2023", &year.to_string())).unwrap();
        let path = file.display().to_string();
        let imported =
            gongkai(store.folder.path(), &["import", &path, "--database-url", &store.url()]);
        assert!(imported.status.success(), "{}", stdout(&imported));
        let after = total().await;
        assert_eq!(after, json!(before.as_i64().unwrap() + i64::from(year) - 2013));
        // Asked again, it is kept.
        statements.store(0, Ordering::Relaxed);
        assert_eq!(total().await, after);
        // And so are the data as they stood, whatever came after.
        assert_eq!(then().await, stood);
        assert_eq!(statements.load(Ordering::Relaxed), 0);
    }
}

#[tokio::test]
async fn what_is_kept_stays_within_its_bytes() {
    let store = Store::with_samples().await;
    let most = 200_000;
    let server = store.serve_keeping(most).await;
    let mut answered = 0;
    for limit in 1..=300 {
        let limit = limit.to_string();
        let answer = server.get("/measures", &[("limit", limit.as_str())]).await;
        answered += answer.bytes().await.unwrap().len() as u64;
        let figures = server.answers.figures();
        assert!(figures.bytes <= most && figures.answers > 0, "{limit}: {figures:?}");
    }
    assert!(answered > 10 * most, "{answered} bytes fill nothing");
    assert!(server.answers.figures().bytes > most / 2);
    // Data that are gone take no room.
    let sample = samples().join("沭阳县水利局-2023.html");
    let revised = store.folder.path().join("revised.html");
    std::fs::write(&revised, std::fs::read_to_string(&sample).unwrap() + "<!-- again -->").unwrap();
    assert_eq!(store.import(&[revised]).await.revised, 1);
    server.json("/years", &[]).await;
    // The answer, and it in gzip, which the client takes.
    assert_eq!(server.answers.figures().answers, 2);
}

#[tokio::test]
async fn what_is_too_long_to_be_kept_is_answered_whole_and_not_kept() {
    let store = Store::with_samples().await;
    let off = Server::known_as(Some(PUBLIC_URL), &store, &store.database, 0).await;
    let on = Server::known_as(Some(PUBLIC_URL), &store, &store.database, 40_000).await;
    for path in ["/api/v1/requests?format=csv", "/api/v1/openapi.json"] {
        let asked = Arc::new(Asked::get(path).with("accept-encoding", "gzip"));
        let found = asked.of(&off).await;
        assert!(found.body.len() > 10_000, "{path} is short");
        let answers = (0..4).map(|_| asked.of(&on));
        for answer in futures::future::join_all(answers).await {
            assert_eq!(answer, found);
        }
        assert_eq!(on.answers.figures().answers, 0);
    }
}

/// All connections that answer questions, taken: questions wait until they are given back.
async fn taken(database: &Database) -> Vec<DatabaseTransaction> {
    let mut connections = Vec::new();
    for _ in 0..limits::READ_CONNECTIONS {
        connections.push(database.read.begin().await.unwrap());
    }
    connections
}

/// Waits until so many wait for an answer.
async fn waiting(server: &Server, many: usize) {
    for _ in 0..1_000 {
        if server.answers.figures().waiting == many {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{:?}, not {many} who wait", server.answers.figures());
}

/// So many who ask the same.
fn asking(server: &Server, many: usize) -> Vec<tokio::task::JoinHandle<(StatusCode, Value)>> {
    let url = format!("{}/api/v1/statistics?measures=requests.received&group_by=year", server.base);
    let ask = |_| {
        let request = server.client.get(&url);
        tokio::spawn(async move {
            let response = request.send().await.unwrap();
            (response.status(), response.json().await.unwrap())
        })
    };
    (0..many).map(ask).collect()
}

#[tokio::test]
async fn a_burst_of_equal_questions_is_answered_once() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let connections = taken(&store.database).await;
    let asked = asking(&server, 32);
    waiting(&server, 32).await;
    drop(connections);
    let answers = futures::future::join_all(asked).await;
    let (status, first) = answers[0].as_ref().unwrap();
    assert_eq!((*status, first["page"]["total"].as_u64()), (StatusCode::OK, Some(3)));
    assert!(answers.iter().all(|answer| answer.as_ref().unwrap() == &(*status, first.clone())));
    let figures = server.answers.figures();
    // It, and it in gzip, which the client takes.
    assert_eq!((figures.found, figures.answers, figures.waiting), (1, 2, 0));
}

#[tokio::test]
async fn who_asked_first_may_leave_and_the_others_have_their_answer() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let connections = taken(&store.database).await;
    let first = asking(&server, 1);
    waiting(&server, 1).await;
    let others = asking(&server, 3);
    waiting(&server, 4).await;
    first[0].abort();
    waiting(&server, 3).await;
    drop(connections);
    for answer in others {
        assert_eq!(answer.await.unwrap().0, StatusCode::OK);
    }
    assert_eq!(server.answers.figures().found, 1);
    // Where all leave, nothing is left of it.
    let connections = taken(&store.database).await;
    let server = store.serve().await;
    let all = asking(&server, 3);
    waiting(&server, 3).await;
    all.iter().for_each(tokio::task::JoinHandle::abort);
    waiting(&server, 0).await;
    drop(connections);
    assert_eq!(server.answers.figures().answers, 0);
    assert_eq!(asking(&server, 1).remove(0).await.unwrap().0, StatusCode::OK);
}

#[tokio::test]
async fn what_fails_is_told_to_all_who_wait_and_to_nobody_after() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let connections = taken(&store.database).await;
    let asked = asking(&server, 4);
    waiting(&server, 4).await;
    for answer in asked {
        let (status, problem) = answer.await.unwrap();
        assert_eq!(
            (status, &problem["code"]),
            (StatusCode::SERVICE_UNAVAILABLE, &json!("too_busy"))
        );
    }
    // What is kept is answered meanwhile.
    let figures = server.answers.figures();
    assert_eq!((figures.found, figures.answers), (1, 0));
    drop(connections);
    assert_eq!(asking(&server, 1).remove(0).await.unwrap().0, StatusCode::OK);
    let connections = taken(&store.database).await;
    for answer in asking(&server, 4) {
        assert_eq!(answer.await.unwrap().0, StatusCode::OK);
    }
    drop(connections);
    assert_eq!(server.answers.figures().found, 2);
}

#[tokio::test]
async fn an_answer_that_a_client_has_is_known_without_a_statement() {
    let store = Store::with_samples().await;
    let (database, statements) = store.counting();
    for cache_bytes in [limits::CACHE_BYTES, 0] {
        let server = Server::over(&store, &database, cache_bytes).await;
        let url = format!("{}/api/v1/reports?year=2023&limit=2&as_of=v20", server.base);
        let first = server.client.get(&url).send().await.unwrap();
        let header = |response: &reqwest::Response| {
            let headers = response.headers();
            ["etag", "cache-control", "vary", "data-version"].map(|name| headers[name].clone())
        };
        let [tag, ..] = header(&first);
        statements.store(0, Ordering::Relaxed);
        // Written otherwise, it is the same question.
        let url = format!("{}/api/v1/reports?as_of=v20&limit=2&year=2023", server.base);
        let known = server.client.get(&url).header("if-none-match", tag).send().await.unwrap();
        assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(header(&known), header(&first));
        assert_eq!(statements.load(Ordering::Relaxed), 0);
    }
}

#[tokio::test]
async fn with_no_bytes_nothing_is_kept() {
    let store = Store::with_samples().await;
    let (database, statements) = store.counting();
    let server = Server::over(&store, &database, 0).await;
    for _ in 0..2 {
        statements.store(0, Ordering::Relaxed);
        server.json("/reports", &[("limit", "2")]).await;
        assert!(statements.load(Ordering::Relaxed) > 0);
    }
    assert_eq!(server.answers.figures(), gongkai::answers::Figures::default());
}

#[cfg(unix)]
#[tokio::test]
async fn a_flag_the_environment_or_the_file_says_how_much_is_kept() {
    let store = Store::with_samples().await;
    for (flag, variable, file, kept) in [
        // An answer, and it in gzip, which the client takes.
        (None, None, "", 2),
        (None, None, "cache_bytes = 0", 0),
        (None, Some("100000"), "cache_bytes = 0", 2),
        (Some("0"), Some("100000"), "cache_bytes = 100000", 0),
    ] {
        std::fs::write(store.folder.path().join("gongkai.toml"), file).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command.current_dir(store.folder.path()).args(["serve", "--bind", "127.0.0.1:0"]);
        command.args(flag.iter().flat_map(|bytes| ["--cache-bytes", bytes]));
        command.envs(variable.map(|bytes| ("GONGKAI_CACHE_BYTES", bytes)));
        command.env("RUST_LOG", "info").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let listens = lines.next().unwrap().unwrap();
        let base = listens.strip_prefix("gongkai listens on ").unwrap();
        reqwest::get(format!("{base}/api/v1/years")).await.unwrap().bytes().await.unwrap();
        let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(told.success());
        let log = stderr(&child.wait_with_output().unwrap());
        let last: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
        assert_eq!(last["fields"]["answers"], kept, "{flag:?} {variable:?} {file:?}: {log}");
    }
    for bytes in ["much", "-1", "64MB"] {
        let flag = format!("--cache-bytes={bytes}");
        let refused = gongkai(store.folder.path(), &["serve", &flag]);
        assert_eq!(refused.status.code(), Some(2), "{flag}: {}", stderr(&refused));
        assert!(stderr(&refused).contains("--cache-bytes"), "{flag}: {}", stderr(&refused));
    }
}
