//! Addresses: what is there is read, what is not is refused, and nobody is waited for without end.

use std::{fs, ops::ControlFlow, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect},
    routing::get,
};
use futures::{StreamExt, stream};
use gongkai::source::{Fetcher, inputs};
use serde_json::Value;

use super::{answers, sample};
use crate::harness::{Store, gongkai, stdout};

/// A server of pages, on a free port of this machine.
async fn site() -> String {
    let page = || async { sample("沭阳县水利局-2020.html") };
    let endless = |part: &'static [u8], pause: u64| {
        let parts = stream::repeat(part).then(move |part| async move {
            tokio::time::sleep(Duration::from_millis(pause)).await;
            Ok::<_, std::convert::Infallible>(part)
        });
        Body::from_stream(parts)
    };
    static PART: [u8; 65536] = [b'a'; 65536];
    let router = Router::new()
        .route("/%E6%B0%B4%E5%88%A9%E5%B1%80.html", get(page))
        .route(
            "/gb18030.html",
            get(|| async {
                // The page itself says gb18030.
                ([(header::CONTENT_TYPE, "text/html")], sample("沭阳县水利局-2020.html"))
            }),
        )
        .route("/moved", get(|| async { Redirect::permanent("/%E6%B0%B4%E5%88%A9%E5%B1%80.html") }))
        .route("/loop", get(|| async { Redirect::temporary("/loop") }))
        .route("/ftp", get(|| async { Redirect::temporary("ftp://127.0.0.1/report.html") }))
        .route("/file", get(|| async { Redirect::temporary("file:///etc/passwd") }))
        .route(
            "/error",
            get(|| async { (StatusCode::INTERNAL_SERVER_ERROR, "no").into_response() }),
        )
        .route("/large", get(move || async move { endless(&PART, 0) }))
        .route("/slow", get(move || async move { endless(b"a", 50) }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
    base
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_fetched_and_its_address_kept_as_the_source() {
    let site = site().await;
    let store = Store::empty().await;
    let address = format!("{}/水利局.html?id=7", site.replace("http://", "HTTP://name:secret@"));
    let escaped = address.replace("水利局", "%E6%B0%B4%E5%88%A9%E5%B1%80");
    let (folder, url) = (store.folder.path(), store.url());
    let output =
        gongkai(folder, &["import", &escaped, "--report", "o.csv", "--database-url", &url]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let kept = escaped.replace("name:secret@", "");
    let report = fs::read_to_string(folder.join("o.csv")).unwrap();
    assert!(report.lines().nth(1).unwrap().starts_with(&kept), "{report}");
    let server = store.serve().await;
    let agency = &server.json("/agencies", &[]).await["data"][0]["id"];
    let path = format!("/agencies/{}/reports/2020", agency.as_str().unwrap());
    assert_eq!(server.json(&path, &[]).await["source"]["url"], kept);
    let again = gongkai(folder, &["import", &escaped, "--database-url", &url]);
    assert!(stdout(&again).contains("  unchanged        1\n"), "{}", stdout(&again));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_fetched_is_refused_and_the_rest_goes_on() {
    let site = site().await;
    let folder = tempfile::tempdir().unwrap();
    let paths = ["moved", "loop", "ftp", "file", "error", "nothing", "large", "gb18030.html"];
    let mut args: Vec<String> = paths.iter().map(|path| format!("{site}/{path}")).collect();
    args.push("http://127.0.0.1:1/closed".to_owned());
    args.push("http://".to_owned());
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let output = gongkai(folder.path(), &[&["check", "--format", "json"], &args[..]].concat());
    assert_eq!(output.status.code(), Some(1));
    let said: Vec<String> = answers(&output).into_iter().map(|(_, said)| said).collect();
    assert_eq!(
        said,
        [
            "沭阳县水利局",
            "fetch_failed",
            "fetch_failed",
            "fetch_failed",
            "fetch_failed",
            "fetch_failed",
            "document_too_large",
            "沭阳县水利局",
            "fetch_failed",
            "fetch_failed",
        ]
    );
    let messages: Vec<String> = stdout(&output)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["refused"]["message"].to_string())
        .collect();
    assert!(messages[1].contains("leads on to another address more than 5 times"), "{messages:?}");
    assert!(messages[4].contains("the server answers 500"), "{messages:?}");
    assert!(messages[5].contains("the server answers 404"), "{messages:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_comes_too_slowly_is_given_up() {
    let address = format!("{}/slow", site().await);
    let said = tokio::task::spawn_blocking(move || {
        let fetcher = Fetcher::within(Duration::from_millis(500));
        let mut said = Vec::new();
        for input in inputs(&[address.into()]) {
            let _ = input.read(&fetcher, &mut |item| {
                said.push(item.bytes.unwrap_err().to_string());
                ControlFlow::Continue(())
            });
        }
        said
    });
    assert_eq!(
        said.await.unwrap(),
        ["what is at the address cannot be fetched: it is not there within 0.5 s"]
    );
}
