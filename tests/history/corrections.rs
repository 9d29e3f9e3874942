//! What the operator corrects on the command line.

use serde_json::json;

use super::{BUREAU, import, report};
use crate::harness::{Server, Store, gongkai, stderr, stdout};

/// Runs a correction: its exit code, and what it says.
fn correct(store: &Store, args: &[&str]) -> (i32, String) {
    let url = store.url();
    let output = gongkai(store.folder.path(), &[args, &["--database-url", &url]].concat());
    (output.status.code().unwrap(), stdout(&output) + &stderr(&output))
}

async fn version(server: &Server) -> String {
    server.get("/years", &[]).await.headers()["data-version"].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_is_withdrawn_is_gone_from_lists_and_says_why_at_its_address() {
    let store = Store::empty().await;
    let server = store.serve().await;
    import(&store, "a.txt", &report(2022, &[])).await;
    import(&store, "b.txt", &report(2022, &[("行政许可 | 63", "行政许可 | 64")])).await;
    let withdraw = ["report", "withdraw", "r2", "--reason", "a draft that was never published"];
    assert_eq!(correct(&store, &withdraw), (0, "report r2 is withdrawn\n".to_owned()));
    assert_eq!(version(&server).await, "v3");
    for list in ["/reports", "/agencies", "/requests", "/findings"] {
        assert_eq!(server.json(list, &[]).await["page"]["total"], 0, "{list}");
    }
    let (status, problem) = server.problem(&format!("/agencies/{BUREAU}/reports/2022"), &[]).await;
    assert_eq!((status, &problem["code"]), (410, &json!("withdrawn")));
    assert_eq!(
        problem["detail"],
        "report r2 stood here, and was withdrawn: a draft that was never published"
    );
    assert_eq!(server.json("/reports/r2", &[]).await["revision"], 2);
    let change = server.json("/changes", &[("change", "withdrawn")]).await["data"][0].clone();
    assert_eq!(
        [&change["report_id"], &change["measure"], &change["reason"], &change["data_version"]],
        [&json!("r2"), &json!(null), &json!("a draft that was never published"), &json!(3)]
    );
    // The same documents do not bring it back; another one does.
    import(&store, "a.txt", &report(2022, &[])).await;
    import(&store, "b.txt", &report(2022, &[("行政许可 | 63", "行政许可 | 64")])).await;
    assert_eq!(version(&server).await, "v3");
    assert_eq!(server.json("/reports", &[]).await["page"]["total"], 0);
    import(&store, "c.txt", &report(2022, &[("行政许可 | 63", "行政许可 | 65")])).await;
    let reports = server.json("/reports", &[]).await;
    assert_eq!(
        [&reports["page"]["total"], &reports["data"][0]["id"], &reports["data"][0]["revision"]],
        [&json!(1), &json!("r3"), &json!(3)]
    );
    // Nothing of what is wrong changes anything.
    for (args, code, says) in [
        (&["report", "withdraw", "r2", "--reason", "x"][..], 1, "report r2 was replaced by r3"),
        (&["report", "withdraw", "r9", "--reason", "x"], 1, "no report r9"),
        (&["report", "withdraw", "x", "--reason", "x"], 1, "no report x"),
        (&["report", "withdraw", "r3", "--reason", " "], 2, "--reason takes 1 to 500 characters"),
        (&["report", "withdraw", "r3"], 2, "--reason <REASON>"),
    ] {
        let (exit, text) = correct(&store, args);
        assert_eq!(exit, code, "{args:?}: {text}");
        assert!(text.contains(says), "{args:?}: {text}");
    }
    assert_eq!(version(&server).await, "v4");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_that_is_withdrawn_alone_lets_the_one_before_it_stand_again() {
    let store = Store::empty().await;
    let server = store.serve().await;
    import(&store, "a.txt", &report(2022, &[])).await;
    let (exit, text) =
        correct(&store, &["report", "withdraw", "r1", "--revision", "--reason", "x"]);
    assert!(exit == 2 && text.contains("report r1 has no revision before it"), "{text}");
    let mut before = server.json("/reports/r1", &[]).await;
    import(&store, "b.txt", &report(2022, &[("行政许可 | 63", "行政许可 | 64")])).await;
    let withdraw = ["report", "withdraw", "r2", "--revision", "--reason", "a typing error"];
    let says = "report r2 is withdrawn; what stood before it is now r3\n".to_owned();
    assert_eq!(correct(&store, &withdraw), (0, says));
    let mut now = server.json(&format!("/agencies/{BUREAU}/reports/2022"), &[]).await;
    assert_eq!((&now["id"], &now["revision"]), (&json!("r3"), &json!(3)));
    (now["id"], now["revision"]) = (json!("r1"), json!(1));
    for answer in [&mut now, &mut before] {
        // Each stays at an address of its own.
        let fields = answer.as_object_mut().unwrap();
        assert!(fields.remove("permalink").is_some() && fields.remove("data_version").is_some());
    }
    assert_eq!(now, before);
    assert_eq!(server.json("/reports", &[]).await["page"]["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_read_as_anothers_moves_to_whose_it_is() {
    let store = Store::empty().await;
    let server = store.serve().await;
    import(&store, "a.txt", &report(2022, &[])).await;
    let reassign =
        ["report", "reassign", "r1", "--agency", "教育局", "--region", "321322", "--year", "2021"];
    assert_eq!(correct(&store, &reassign), (0, "report r1 is now r2\n".to_owned()));
    let reports = server.json("/reports", &[]).await;
    let row = &reports["data"][0];
    assert_eq!(
        [&reports["page"]["total"], &row["id"], &row["year"], &row["agency"]["name"]],
        [&json!(1), &json!("r2"), &json!(2021), &json!("沭阳县教育局")]
    );
    assert_eq!(server.json("/agencies", &[]).await["page"]["total"], 1);
    let cell = async |id: &str| {
        let cell = server.json(&format!("/reports/{id}/cells/requests.received"), &[]).await;
        assert!(cell["place"].is_object(), "{cell}");
        (cell["value"].clone(), cell["place"].clone(), cell["row_label"].clone())
    };
    assert_eq!(cell("r2").await, cell("r1").await);
    let canonical = server.json("/reports/r2", &[]).await;
    assert_eq!(canonical["findings"][0]["check"], "date.deadline", "{}", canonical["findings"]);
    let (status, problem) = server.problem(&format!("/agencies/{BUREAU}/reports/2022"), &[]).await;
    assert_eq!(
        (status, problem["detail"].as_str().unwrap()),
        (410, "report r1 stood here; it was another's, and is now report r2")
    );
    let before = server.json("/reports", &[("as_of", "v1")]).await;
    assert_eq!(before["data"][0]["agency"]["name"], "沭阳县水利局");
    // The document is known: it does not come back as what it was misread for.
    import(&store, "a.txt", &report(2022, &[])).await;
    assert_eq!(version(&server).await, "v2");
    for (args, code, says) in [
        (
            &["report", "reassign", "r1", "--year", "2020"][..],
            1,
            "report r1 was withdrawn or moved already",
        ),
        (
            &["report", "reassign", "r2", "--year", "2021"],
            2,
            "report r2 is of this agency, year and scope already",
        ),
        (&["report", "reassign", "r2", "--year", "1999"], 2, "1999 is no report year"),
        (&["report", "reassign", "r2", "--scope", "all"], 2, "scope \"all\" is not known"),
        (
            &["report", "reassign", "r2", "--agency", "a0000000000000"],
            1,
            "no agency a0000000000000",
        ),
        (
            &["report", "reassign", "r2", "--agency", "水利局", "--region", "999999"],
            2,
            "there is no region \"999999\"",
        ),
        (&["report", "reassign", "r2"], 2, "--agency <AGENCY>"),
    ] {
        let (exit, text) = correct(&store, args);
        assert_eq!(exit, code, "{args:?}: {text}");
        assert!(text.contains(says), "{args:?}: {text}");
    }
    assert_eq!(version(&server).await, "v2");
}

#[tokio::test(flavor = "multi_thread")]
async fn agencies_that_are_one_are_one_from_then_on_and_two_before() {
    let store = Store::empty().await;
    let server = store.serve().await;
    let water = &[("沭阳县水利局", "沭阳县水务局")];
    import(&store, "a.txt", &report(2021, water)).await;
    import(&store, "b.txt", &report(2022, &[])).await;
    let agencies = server.json("/agencies", &[("q", "水务局")]).await;
    let from = agencies["data"][0]["id"].as_str().unwrap().to_owned();
    let says = format!("agency {from} is {BUREAU}: 1 reports moved\n");
    assert_eq!(correct(&store, &["agency", "merge", &from, BUREAU]), (0, says));
    let agency = server.json(&format!("/agencies/{from}"), &[]).await;
    assert_eq!(
        (&agency["id"], &agency["years"], &agency["names"]),
        (
            &json!(BUREAU),
            &json!([2022, 2021]),
            &json!([{"name": "沭阳县水利局", "from": 2022, "to": 2022}, {"name": "沭阳县水务局", "from": 2021, "to": 2021}])
        )
    );
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    for (path, leads_to) in [
        (format!("/agencies/{from}"), format!("/agencies/{BUREAU}")),
        (
            format!("/agencies/{from}/reports?limit=3"),
            format!("/agencies/{BUREAU}/reports?limit=3"),
        ),
        (format!("/agencies/{from}/reports/2021"), format!("/agencies/{BUREAU}/reports/2021")),
    ] {
        let response = client.get(format!("{}/api/v1{path}", server.base)).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), response.headers()["location"].to_str().unwrap()),
            (308, format!("/api/v1{leads_to}").as_str())
        );
    }
    assert_eq!(
        server.json(&format!("/agencies/{from}"), &[("as_of", "v2")]).await["id"],
        json!(from)
    );
    assert_eq!(server.json("/reports", &[("agency", &from)]).await["page"]["total"], 2);
    let moved = server.json("/reports", &[("year", "2021")]).await["data"][0]["id"].clone();
    let cell = format!("/reports/{}/cells/requests.received", moved.as_str().unwrap());
    assert!(server.json(&cell, &[]).await["place"].is_object());
    let query = format!("{{ agency(id: \"{from}\") {{ id }} }}");
    assert_eq!(server.graphql_data(&query).await["agency"]["id"], json!(BUREAU));
    // What comes in under its name goes to the other; what came in before is known.
    import(&store, "a.txt", &report(2021, water)).await;
    assert_eq!(version(&server).await, "v3");
    import(&store, "c.txt", &report(2023, water)).await;
    assert_eq!(server.json("/agencies", &[]).await["data"][0]["name"], "沭阳县水务局");
    assert_eq!(server.json("/agencies", &[]).await["page"]["total"], 1);
    for (args, code, says) in [
        (
            ["agency", "merge", BUREAU, BUREAU],
            2,
            format!("{BUREAU} and {BUREAU} are the same agency"),
        ),
        (
            ["agency", "merge", &from, BUREAU],
            2,
            format!("agency {from} was merged into {BUREAU} already"),
        ),
        (
            ["agency", "merge", BUREAU, &from],
            2,
            format!("agency {from} was merged into {BUREAU} already"),
        ),
        (["agency", "merge", "a1", BUREAU], 1, "no agency a1".to_owned()),
    ] {
        let (exit, text) = correct(&store, &args);
        assert_eq!(exit, code, "{args:?}: {text}");
        assert!(text.contains(&says), "{args:?}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn agencies_that_both_reported_on_a_year_are_merged_only_when_it_is_said_whose_report_stands()
{
    for (keep, amount, says) in [
        ("from", "75000.00", "2 reports moved"),
        ("into", "186000.00", "1 reports moved, 1 did not stand"),
    ] {
        let store = Store::empty().await;
        let server = store.serve().await;
        let water = &[("沭阳县水利局", "沭阳县水务局"), ("18.6万元", "7.5万元")];
        import(&store, "a.txt", &report(2022, water)).await;
        import(&store, "b.txt", &report(2022, &[])).await;
        import(&store, "c.txt", &report(2021, water)).await;
        let agencies = server.json("/agencies", &[("q", "水务局")]).await;
        let from = agencies["data"][0]["id"].as_str().unwrap().to_owned();
        let (exit, text) = correct(&store, &["agency", "merge", &from, BUREAU]);
        assert_eq!(exit, 1);
        assert!(
            text.contains("沭阳县水务局 and 沭阳县水利局 both have a report on 2022 (own)"),
            "{text}"
        );
        let merged = correct(&store, &["agency", "merge", &from, BUREAU, "--keep", keep]);
        assert_eq!(merged, (0, format!("agency {from} is {BUREAU}: {says}\n")));
        let fees = "disclosure_items.administrative_fees.amount";
        let reports = server.json("/reports", &[("measures", fees)]).await;
        let values: Vec<_> = reports["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["values"][fees].clone())
            .collect();
        assert_eq!(values, [json!(amount), json!("75000.00")]);
        // Neither document comes back as what was decided against.
        import(&store, "a.txt", &report(2022, water)).await;
        import(&store, "b.txt", &report(2022, &[])).await;
        assert_eq!(version(&server).await, "v4");
    }
}
