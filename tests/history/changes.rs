//! What revisions changed.

use serde_json::json;

use super::{BUREAU, import, report};
use crate::harness::Store;

#[tokio::test]
async fn a_revision_shows_old_and_new_of_every_cell_that_changed_and_of_no_other() {
    let store = Store::empty().await;
    let server = store.serve().await;
    import(&store, "a.txt", &report(2022, &[])).await;
    let revised = report(
        2022,
        &[("行政许可 | 63", "行政许可 | 64"), ("18.6万元", "/"), ("行政处罚 | 21", "行政处罚 | ")],
    );
    import(&store, "b.txt", &revised).await;
    let mut changes = server.json("/changes", &[("sort", "data_version")]).await;
    for row in changes["data"].as_array_mut().unwrap() {
        let at = row["changed_at"].take();
        assert!(chrono::DateTime::parse_from_rfc3339(at.as_str().unwrap()).is_ok(), "{at}");
    }
    let row = |id: &str,
               measure: &str,
               old: [serde_json::Value; 2],
               new: [serde_json::Value; 2]| {
        json!({
            "id": id, "agency_id": BUREAU, "agency_name": "沭阳县水利局", "region_code": "321322", "year": 2022,
            "report_id": "r2", "scope": "own", "revision": 2, "change": "revised", "other_report_id": "r1",
            "measure": measure, "old_value": old[0], "old_state": old[1], "new_value": new[0],
            "new_state": new[1], "reason": null, "changed_at": null, "data_version": 2
        })
    };
    let (reported, blank) = (json!("reported"), json!("blank"));
    assert_eq!(
        changes,
        json!({
            "data": [
                row("c1", "disclosure_items.administrative_licensing.decisions", [json!(63), reported.clone()], [json!(64), reported.clone()]),
                row("c2", "disclosure_items.administrative_penalties.decisions", [json!(21), reported.clone()], [json!(null), blank]),
                row("c3", "disclosure_items.administrative_fees.amount", [json!("186000.00"), reported], [json!(null), json!("slash")]),
            ],
            "page": {"next": null, "total": 3},
            "data_version": "v2",
            "permalink": "/api/v1/changes?sort=data_version&as_of=v2"
        })
    );
    let today = chrono::Utc::now().date_naive().to_string();
    for (params, total) in [
        (&[("since", "v1")][..], 3),
        (&[("since", "v2")], 0),
        (&[("since", "2020-01-01")], 3),
        (&[("since", &today)], 3),
        (&[("since", "2020-01-01T00:00:00+08:00")], 3),
        (&[("as_of", "v1")], 0),
        (&[("measures", "disclosure_items.administrative_fees.amount")], 1),
        (&[("measures", "requests.denied")], 0),
        (&[("change", "withdrawn,merged")], 0),
        (&[("year", "2022"), ("region", "321322"), ("agency", BUREAU)], 3),
        (&[("year", "2023")], 0),
    ] {
        let counted = &server.json("/changes", params).await["page"]["total"];
        assert_eq!(counted, total, "{params:?}");
    }
    for (name, value) in
        [("since", "soon"), ("since", "v3"), ("change", "lost"), ("measures", "none")]
    {
        let (status, problem) = server.problem("/changes", &[(name, value)]).await;
        assert_eq!((status, &problem["parameter"]), (400, &json!(name)), "{problem}");
    }
}

#[tokio::test]
async fn a_revision_that_changes_no_number_is_one_row_and_pages_hold_every_change_once() {
    let store = Store::empty().await;
    let server = store.serve().await;
    import(&store, "a.txt", &report(2022, &[])).await;
    import(&store, "b.txt", &report(2022, &[("灌区放水计划", "放水计划")])).await;
    let changes = server.json("/changes", &[]).await;
    assert_eq!(changes["page"]["total"], 1);
    assert_eq!(
        (&changes["data"][0]["measure"], &changes["data"][0]["revision"]),
        (&json!(null), &json!(2))
    );
    import(
        &store,
        "c.txt",
        &report(2022, &[("| 8 | 1 | 0 | 0 | 1 | 0 | 10 |", "| 7 | 2 | 0 | 0 | 1 | 0 | 10 |")]),
    )
    .await;
    let all = server.json("/changes", &[]).await["data"].as_array().unwrap().clone();
    assert_eq!(all.len(), 5);
    let (mut paged, mut after) = (Vec::new(), None::<String>);
    loop {
        let mut params = vec![("limit", "2")];
        params.extend(after.as_deref().map(|after| ("after", after)));
        let page = server.json("/changes", &params).await;
        paged.extend(page["data"].as_array().unwrap().clone());
        let Some(next) = page["page"]["next"].as_str() else { break };
        after = Some(next.to_owned());
    }
    assert_eq!(paged, all);
    let csv = server.get("/changes", &[("format", "csv")]).await.text().await.unwrap();
    assert_eq!(csv.lines().count(), 6);
}

#[tokio::test]
async fn revisions_say_when_each_was_current_and_what_ended_it() {
    let store = Store::empty().await;
    let server = store.serve().await;
    import(&store, "a.txt", &report(2022, &[])).await;
    import(&store, "b.txt", &report(2022, &[("行政许可 | 63", "行政许可 | 64")])).await;
    let spans = async |params: &[(&str, &str)]| {
        let answer = server.json("/reports/r1/revisions", params).await;
        let rows = answer["data"].as_array().unwrap().clone();
        let span = |row: &serde_json::Value| {
            json!([
                row["id"],
                row["revision"],
                row["from_version"],
                row["until_version"],
                row["ended_by"]
            ])
        };
        rows.iter().map(span).collect::<Vec<_>>()
    };
    let now = [json!(["r2", 2, 2, null, null]), json!(["r1", 1, 1, 2, "revised"])];
    assert_eq!(spans(&[]).await, now);
    assert_eq!(spans(&[("as_of", "v1")]).await, [json!(["r1", 1, 1, null, null])]);
}
