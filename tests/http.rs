//! What HTTP promises whatever is asked: formats, conditions, links, policies, places.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Server, Store};

async fn server() -> Server {
    Store::with_samples().await.serve().await
}

#[tokio::test]
async fn the_link_header_leads_to_the_next_page() {
    let server = server().await;
    let response = server.get("/agencies", &[("limit", "3"), ("region", "370323")]).await;
    let link = response.headers()["link"].to_str().unwrap().to_owned();
    let body: Value = response.json().await.unwrap();
    let address = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
    let next: Value = server
        .client
        .get(format!("{}{address}", server.base))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let by_cursor =
        [("limit", "3"), ("region", "370323"), ("after", body["page"]["next"].as_str().unwrap())];
    assert_eq!(next, server.json("/agencies", &by_cursor).await);
    assert_eq!(next["page"]["next"], Value::Null);
}

#[tokio::test]
async fn long_lists_wait_for_each_other_and_leave_connections_to_the_rest() {
    let server = server().await;
    let whole = server.get("/requests", &[("format", "csv")]).await.text().await.unwrap();
    // More than there are places, some of whose readers take nothing.
    let mut stalled = Vec::new();
    for _ in 0..gongkai::limits::STREAMS_AT_ONCE {
        stalled.push(server.get("/requests", &[("format", "csv")]).await);
    }
    assert_eq!(server.json("/years", &[]).await["page"]["total"], 3);
    drop(stalled);
    for _ in 0..2 * gongkai::limits::STREAMS_AT_ONCE {
        let again = server.get("/requests", &[("format", "csv")]).await.text().await.unwrap();
        assert_eq!(again, whole);
    }
}

#[tokio::test]
async fn accept_asks_for_a_format_as_the_parameter_does() {
    let server = server().await;
    let ask = |accept: &'static str| {
        server.client.get(format!("{}/api/v1/years", server.base)).header("accept", accept).send()
    };
    let csv = ask("text/csv").await.unwrap().text().await.unwrap();
    assert_eq!(csv, server.get("/years", &[("format", "csv")]).await.text().await.unwrap());
    for (accept, media_type) in [
        ("text/csv;q=0.1, application/json", "application/json; charset=utf-8"),
        ("application/json;q=0, text/*", "text/csv; charset=utf-8; header=present"),
        ("APPLICATION/JSON", "application/json; charset=utf-8"),
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "application/json; charset=utf-8",
        ),
    ] {
        assert_eq!(ask(accept).await.unwrap().headers()["content-type"], media_type, "{accept}");
    }
    for accept in ["application/xml", "application/json;q=0"] {
        assert_eq!(ask(accept).await.unwrap().status(), StatusCode::NOT_ACCEPTABLE, "{accept}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let server = server().await;
    for path in [
        "/reports/r999",
        "/reports/r017",
        "/years/+2023",
        "/reports/12",
        "/agencies/a000",
        "/agencies/a000/reports/2023",
        "/regions/12",
        "/years/1999",
        "/template/2007",
        "/nothing",
    ] {
        let (status, problem) = server.problem(path, &[]).await;
        assert_eq!((status, &problem["code"]), (404, &json!("not_found")), "{path}");
    }
    let deleted =
        server.client.delete(format!("{}/api/v1/reports", server.base)).send().await.unwrap();
    assert_eq!(deleted.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(deleted.json::<Value>().await.unwrap()["code"], "method_not_allowed");
}

#[tokio::test]
async fn an_answer_that_a_client_has_is_not_sent_again_until_the_data_change() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let address = format!("{}/api/v1/reports?year=2023", server.base);
    let first = server.client.get(&address).send().await.unwrap();
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(first.headers()["cache-control"], "public, max-age=60, stale-while-revalidate=600");
    let again =
        async || server.client.get(&address).header("if-none-match", &tag).send().await.unwrap();
    let unchanged = again().await;
    assert_eq!(
        (unchanged.status(), unchanged.headers()["etag"].to_str().unwrap()),
        (StatusCode::NOT_MODIFIED, tag.as_str())
    );
    assert_eq!(unchanged.text().await.unwrap(), "");
    // The weak comparison; and `*` names nothing that is not there.
    let strong = tag.trim_start_matches("W/");
    let weakly = server.client.get(&address).header("if-none-match", strong).send().await.unwrap();
    assert_eq!(weakly.status(), StatusCode::NOT_MODIFIED);
    let nobody = format!("{}/api/v1/reports/r999", server.base);
    let nobody = server.client.get(nobody).header("if-none-match", "*").send().await.unwrap();
    assert_eq!(nobody.status(), StatusCode::NOT_FOUND);
    assert!(!nobody.headers().contains_key("etag"));
    // The same bytes again change nothing, another document does.
    let sample = crate::harness::samples().join("沭阳县水利局-2023.html");
    store.import(std::slice::from_ref(&sample)).await;
    assert_eq!(again().await.status(), StatusCode::NOT_MODIFIED);
    let revised = store.folder.path().join("revised.html");
    std::fs::write(
        &revised,
        std::fs::read_to_string(&sample).unwrap() + "<!-- published again -->",
    )
    .unwrap();
    assert_eq!(store.import(&[revised]).await.revised, 1);
    let changed = again().await;
    assert_eq!(changed.status(), StatusCode::OK);
    assert_ne!(changed.headers()["etag"].to_str().unwrap(), tag);
}

#[tokio::test]
async fn every_page_has_a_strict_policy_and_every_answer_is_open_to_other_sites() {
    let server = server().await;
    for path in ["/", "/graphiql", "/docs/", "/assets/style.css", "/api/v1/years"] {
        let response = server
            .client
            .get(format!("{}{path}", server.base))
            .header("origin", "https://portal.example")
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'self'") && !policy.contains("script-src"),
            "{path}: {policy}"
        );
        assert_eq!(response.headers()["access-control-allow-origin"], "*", "{path}");
        assert!(response.headers().contains_key("x-request-id"), "{path}");
    }
    let head = server
        .client
        .request(Method::HEAD, format!("{}/api/v1/reports", server.base))
        .send()
        .await
        .unwrap();
    assert!(head.headers().contains_key("etag"));
    for probe in ["healthz", "readyz"] {
        let status =
            server.client.get(format!("{}/{probe}", server.base)).send().await.unwrap().status();
        assert_eq!(status, StatusCode::OK, "{probe}");
    }
}
