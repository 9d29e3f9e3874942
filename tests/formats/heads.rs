//! The heads of columns: names, or labels in two languages.

use std::collections::HashSet;

use super::{LISTS, sheet, store};

#[tokio::test]
async fn every_column_has_a_label_of_its_own_in_two_languages() {
    let store = store().await;
    let server = store.serve().await;
    for (resource, params) in LISTS {
        let mut heads = Vec::new();
        for labels in ["code", "zh", "en"] {
            let params =
                [params, &[("format", "xlsx"), ("limit", "1"), ("labels", labels)]].concat();
            let xlsx = server.get(&format!("/{resource}"), &params).await.bytes().await.unwrap();
            heads.push(sheet(&xlsx, resource).0);
        }
        let [codes, zh, en] = &heads[..] else { unreachable!() };
        for labels in [zh, en] {
            let distinct: HashSet<_> = labels.iter().collect();
            assert_eq!(distinct.len(), codes.len(), "{resource}: {labels:?}");
        }
        for ((code, zh), en) in codes.iter().zip(zh).zip(en) {
            assert!(!zh.is_ascii(), "{resource} {code}: {zh}");
            assert!(en.is_ascii() && !en.contains(['_', '.']), "{resource} {code}: {en}");
        }
    }
}

#[tokio::test]
async fn csv_bears_the_labels_of_the_form() {
    let store = store().await;
    let server = store.serve().await;
    let head = async |resource: &str, params: &[(&str, &str)]| {
        let params = [params, &[("format", "csv"), ("limit", "1")]].concat();
        let csv = server.get(&format!("/{resource}"), &params).await.text().await.unwrap();
        csv.trim_start_matches('\u{feff}').lines().next().unwrap().to_owned()
    };
    assert_eq!(
        head("requests", &[("labels", "zh"), ("fields", "agency_name,row,natural_person,total")])
            .await,
        "机关名称,行,自然人,总计"
    );
    assert_eq!(
        head("reviews", &[("labels", "en"), ("fields", "year,upheld,total")]).await,
        "report year,upheld,total"
    );
    let values = [("labels", "zh"), ("fields", "values"), ("measures", "requests.denied")];
    assert_eq!(head("reports", &values).await, "申请：不予公开");
}

#[tokio::test]
async fn labels_are_refused_where_there_are_none() {
    let store = store().await;
    let server = store.serve().await;
    for (params, detail) in [
        (&[("labels", "zh")][..], "json has no heads to label: its fields keep their names"),
        (
            &[("labels", "en"), ("format", "parquet")],
            "parquet has no heads to label: its fields keep their names",
        ),
        (&[("labels", "fr"), ("format", "csv")], "labels \"fr\" are not offered"),
    ] {
        let (status, problem) = server.problem("/reviews", params).await;
        assert_eq!((status, problem["parameter"].as_str()), (400, Some("labels")), "{problem}");
        assert_eq!(problem["detail"], detail);
    }
}
