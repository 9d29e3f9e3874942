//! Checks across years: the same findings, in whatever order the reports came.

use serde_json::{Value, json};

use super::{BUREAU, import, report};
use crate::harness::{Store, gongkai, stderr};

/// What is found across years, without what depends on the order of import.
async fn findings(store: &Store) -> Vec<Value> {
    let server = store.serve().await;
    let checks = ("check", "years.carry_over,years.in_force");
    let rows = server.json("/findings", &[checks, ("sort", "year,check")]).await;
    let mut findings: Vec<Value> = rows["data"].as_array().unwrap().clone();
    for finding in &mut findings {
        for field in ["id", "report_id"] {
            finding.as_object_mut().unwrap().remove(field);
        }
    }
    findings.sort_by_key(|finding| format!("{} {}", finding["year"], finding["message"]));
    findings
}

/// Three years, of which the second takes over one more than the first carries over, and the third has one
/// document more in force than follows.
fn reports() -> [(&'static str, String); 4] {
    [
        ("2021.txt", report(2021, &[])),
        ("2022-old.txt", report(2022, &[("行政处罚 | 21", "行政处罚 | 20")])),
        (
            "2022.txt",
            report(
                2022,
                &[(
                    "申请数量 | 1 | 0 | 0 | 0 | 0 | 0 | 1 |",
                    "申请数量 | 2 | 0 | 0 | 0 | 0 | 0 | 2 |",
                )],
            ),
        ),
        ("2023.txt", report(2023, &[("行政规范性文件 | 0 | 0 | 3", "行政规范性文件 | 1 | 1 | 4")])),
    ]
}

#[tokio::test]
async fn reports_in_any_order_end_with_the_same_findings_across_years() {
    let head = |year: i32| json!({"agency_id": BUREAU, "agency_name": "沭阳县水利局", "region_code": "321322", "year": year});
    let mut expected: Vec<(i64, String, i64, i64)> = ["natural_person", "total"]
        .map(|column| (2022, format!("requests.carried_over_in.{column}"), 2, 1))
        .into();
    expected.push((2023, "disclosure_items.normative_documents.in_force".to_owned(), 4, 3));
    let orders: [[usize; 4]; 7] = [
        [0, 1, 2, 3],
        [3, 1, 2, 0],
        [1, 0, 3, 2],
        [3, 0, 1, 2],
        [1, 3, 2, 0],
        [0, 3, 1, 2],
        [1, 2, 3, 0],
    ];
    let mut first: Option<Vec<Value>> = None;
    for order in orders {
        let store = Store::empty().await;
        for index in order {
            let (name, text) = &reports()[index];
            import(&store, name, text).await;
        }
        let findings = findings(&store).await;
        let said: Vec<_> = findings
            .iter()
            .map(|finding| {
                let number = |side: &str| finding[side].as_i64().unwrap();
                let cell = finding["cells"][0].as_str().unwrap().to_owned();
                (finding["year"].as_i64().unwrap(), cell, number("left"), number("right"))
            })
            .collect();
        assert_eq!(said, expected, "{order:?}");
        for finding in &findings {
            let year = finding["year"].as_i64().unwrap() as i32;
            for (name, value) in head(year).as_object().unwrap() {
                assert_eq!(&finding[name], value);
            }
            let last = (year - 1).to_string();
            assert!(finding["message"].as_str().unwrap().contains(&last), "{finding}");
            assert!(finding["message_zh"].as_str().unwrap().contains(&last), "{finding}");
        }
        let first = first.get_or_insert_with(|| findings.clone());
        assert_eq!(&findings, first, "{order:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_year_s_report_said_is_no_finding_once_that_is_withdrawn() {
    let store = Store::empty().await;
    for (name, text) in reports() {
        import(&store, name, &text).await;
    }
    assert_eq!(findings(&store).await.len(), 3);
    let url = store.url();
    let args = ["report", "withdraw", "r1", "--reason", "x", "--database-url", &url];
    let output = gongkai(store.folder.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(findings(&store).await.len(), 1);
    let server = store.serve().await;
    let before = server.json("/findings", &[("as_of", "v4"), ("severity", "warning")]).await;
    assert_eq!(before["page"]["total"], 2);
}
