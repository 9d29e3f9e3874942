//! What cannot be looked for is refused with what can.

use serde_json::json;

use crate::harness::{Store, gongkai, stderr};

#[tokio::test]
async fn what_cannot_be_looked_for_is_refused_with_what_can() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let long = "政".repeat(101);
    let many = "一 二 三 四 五 六 七 八 九 十 百";
    for (params, parameter, detail) in [
        (vec![], "q", "q is not given"),
        (vec![("q", "")], "q", "q has no words"),
        (vec![("q", " \u{3000}\n")], "q", "q has no words"),
        (vec![("q", long.as_str())], "q", "q has 101 characters"),
        (vec![("q", many)], "q", "q has 11 words"),
        (vec![("q", "政"), ("section", "7")], "section", "section \"7\" is no section of the form"),
        (
            vec![("q", "政"), ("section", "五")],
            "section",
            "section \"五\" is no section of the form",
        ),
        (vec![("q", "政"), ("section", "1,")], "section", "section has an empty value"),
        (vec![("q", "政"), ("sort", "agency")], "sort", "\"agency\" is nothing to sort by here"),
        (vec![("q", "政"), ("year", "0")], "year", ""),
        (vec![("q", "政"), ("limit", "0")], "limit", "limit \"0\" is no number of rows"),
        (vec![("q", "政"), ("fields", "text")], "fields", ""),
        (vec![("q", "政"), ("words", "府")], "words", "there is no parameter words here"),
    ] {
        let (status, problem) = server.problem("/search", &params).await;
        assert_eq!(
            (status, &problem["parameter"]),
            (400, &json!(parameter)),
            "{params:?} {problem}"
        );
        assert!(problem["detail"].as_str().unwrap().starts_with(detail), "{params:?} {problem}");
    }
    let first = server.json("/search", &[("q", "公开"), ("limit", "1")]).await;
    let next = first["page"]["next"].as_str().unwrap();
    let (status, problem) = server.problem("/search", &[("q", "信息"), ("after", next)]).await;
    assert_eq!((status, &problem["code"]), (400, &json!("invalid_cursor")), "{problem}");
    let answer = server.graphql("{ search(filter: {}) { totalCount } }").await;
    assert_eq!(answer["errors"][0]["extensions"]["parameter"], "q", "{answer}");
    let output = gongkai(store.folder.path(), &["search", "--database-url", &store.url()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("q is not given"), "{}", stderr(&output));
}

/// What the index takes for its own syntax is looked for like anything else.
#[tokio::test]
async fn nothing_in_a_word_is_taken_for_a_command() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    for q in [
        "\"",
        "*",
        "a\" OR \"b",
        "NEAR(政",
        "'; --",
        "公开*",
        "tokens:",
        "^政",
        "%",
        "_",
        "\\",
        "\u{0}",
    ] {
        let answer = server.json("/search", &[("q", q)]).await;
        let rows = answer["data"].as_array().unwrap();
        assert!(rows.len() < 20, "{q:?}: {}", rows.len());
    }
}
