//! Indicators: rates of exact numbers, null where they would say what nobody printed.

use gongkai::database::Database;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};

use crate::harness::{Store, gongkai, stderr};

/// Three reports: one whose rates are known, one that answered nothing, one with an ambiguous cell.
const REPORTS: [&str; 3] = [
    r#"{"agency": {"name": "沭阳县水利局"}, "year": 2022, "template": "2021", "requests": {
        "received": {"total": 7}, "carried_over_in": {"total": 1}, "granted": {"total": 2},
        "partially_granted": {"total": 1}, "denied_state_secret": {"total": 1}, "total": {"total": 6}},
        "reviews": {"corrected": 1, "pending": 1, "total": 3}}"#,
    r#"{"agency": {"name": "沭阳县司法局"}, "year": 2022, "template": "2021", "requests": {
        "received": {"total": 0}, "total": {"total": 0}}}"#,
    r#"{"agency": {"name": "沭阳县教育局"}, "year": 2022, "template": "2021", "requests": {
        "received": {"total": 4}, "granted": {"total": 1}, "denied_internal_affairs": {"total": null},
        "total": {"total": 4}}, "cell_states": {"requests.denied_internal_affairs.total": "ambiguous"}}"#,
];

async fn store() -> Store {
    let store = Store::empty().await;
    let lines = REPORTS.map(|report| report.replace('\n', " ")).join("\n");
    std::fs::write(store.folder.path().join("reports.ndjson"), lines).unwrap();
    let args = ["import", "reports.ndjson", "--database-url", &store.url()];
    let imported = gongkai(store.folder.path(), &args);
    assert_eq!(imported.status.code(), Some(0), "{}", stderr(&imported));
    store
}

#[tokio::test]
async fn a_rate_is_asked_for_as_a_measure_is() {
    let server = store().await.serve().await;
    let asked = "requests.total,disclosure_rate,denial_rate,completion_rate,review_correction_rate";
    let list = server.json("/reports", &[("measures", asked), ("sort", "-disclosure_rate")]).await;
    let values: Vec<&Value> =
        list["data"].as_array().unwrap().iter().map(|row| &row["values"]).collect();
    assert_eq!(
        values,
        [
            &json!({"requests.total": 6, "disclosure_rate": 0.5, "denial_rate": 1.0 / 6.0,
                "completion_rate": 0.75, "review_correction_rate": 0.5}),
            &json!({"requests.total": 4, "disclosure_rate": 0.25, "denial_rate": null,
                "completion_rate": 1.0, "review_correction_rate": null}),
            &json!({"requests.total": 0, "disclosure_rate": null, "denial_rate": null,
                "completion_rate": null, "review_correction_rate": null}),
        ]
    );
    let query = r#"{ reports(sort: "-disclosure_rate") { nodes { value(measure: "denial_rate") valueMissing(measure: "denial_rate") } } }"#;
    assert_eq!(
        server.graphql_data(query).await["reports"]["nodes"],
        json!([
            {"value": 1.0 / 6.0, "valueMissing": null},
            {"value": null, "valueMissing": "unknown_part"},
            {"value": null, "valueMissing": "no_denominator"},
        ])
    );
}

#[tokio::test]
async fn a_list_sorted_by_a_rate_goes_on_where_its_page_ended() {
    let server = Store::with_samples().await.serve().await;
    for sort in ["-denial_rate,year", "completion_rate", "-review_correction_rate"] {
        let all = [("sort", sort), ("limit", "500"), ("fields", "id")];
        let all = server.json("/reports", &all).await["data"].take();
        let (mut paged, mut after) = (Vec::new(), String::new());
        loop {
            let mut params = vec![("sort", sort), ("limit", "3"), ("fields", "id")];
            if !after.is_empty() {
                params.push(("after", &after));
            }
            let mut page = server.json("/reports", &params).await;
            paged.extend(page["data"].as_array().unwrap().clone());
            match page["page"]["next"].take() {
                Value::String(next) => after = next,
                _ => break,
            }
        }
        assert_eq!(Value::Array(paged), all, "{sort}");
    }
}

#[tokio::test]
async fn the_indicators_say_what_they_are_made_of() {
    let server = Store::empty().await.serve().await;
    let list = server.json("/indicators", &[]).await;
    assert_eq!(list["page"]["total"], 8);
    assert_eq!(
        list["data"][6],
        json!({
            "code": "review_correction_rate", "label": "行政复议纠正率",
            "label_en": "share of concluded reviews that corrected the agency", "unit": "rate",
            "formula": "reviews.corrected / (reviews.total - reviews.pending)",
            "numerator": ["reviews.corrected"], "denominator": ["reviews.total"],
            "less": ["reviews.pending"], "articles": "51",
        })
    );
    let by_graphql = server.graphql_data("{ indicators { code label formula articles } }").await;
    let of = |row: &Value| json!([row["code"], row["label"], row["formula"], row["articles"]]);
    let rows = |rows: &Value| rows.as_array().unwrap().iter().map(of).collect::<Vec<_>>();
    assert_eq!(rows(&by_graphql["indicators"]), rows(&list["data"]));
    let (status, problem) = server.problem("/reports", &[("measures", "denail_rate")]).await;
    assert_eq!((status, &problem["parameter"]), (400, &json!("measures")));
    assert!(problem["detail"].as_str().unwrap().contains("did you mean denial_rate?"), "{problem}");
}

/// A database of an older program, which did not keep what is unknown.
#[tokio::test]
async fn what_is_unknown_of_reports_that_are_there_is_found_out_when_the_database_is_opened() {
    let store = store().await;
    let unknown = async |database: &Database| {
        let sql = "SELECT measure FROM unknown_number ORDER BY measure";
        let statement = Statement::from_string(DbBackend::Sqlite, sql);
        let rows = database.read.query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| row.try_get::<String>("", "measure").unwrap()).collect::<Vec<_>>()
    };
    let before = unknown(&store.database).await;
    assert_eq!(before, ["requests.denied", "requests.denied_internal_affairs"]);
    let forget = "DELETE FROM unknown_number; UPDATE report SET unknown_numbers = NULL";
    store.database.write.execute_unprepared(forget).await.unwrap();
    assert!(unknown(&store.database).await.is_empty());
    let opened = Database::open(&store.url()).await.unwrap();
    assert_eq!(unknown(&opened).await, before);
}
