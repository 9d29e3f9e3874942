//! The data of a GraphQL query as CSV, where they are one list.

use reqwest::{Response, header::ACCEPT};
use serde_json::{Value, json};

use crate::harness::{Server, Store, gongkai, stderr};

async fn ask(server: &Server, query: &str) -> Response {
    let address = format!("{}/graphql", server.base);
    let body = json!({"query": query});
    server.client.post(address).header(ACCEPT, "text/csv").json(&body).send().await.unwrap()
}

async fn csv(server: &Server, query: &str) -> String {
    let response = ask(server, query).await;
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8; header=present");
    response.text().await.unwrap()
}

const REPORTS: &str = r#"{ reports(filter: {region: "370323", year: "2023", kind: "township_government"}, sort: "region") {
    totalCount nodes { agency { name region { name } } received: value(measure: "requests.received")
    fees: value(measure: "disclosure_items.administrative_fees.amount") id } } }"#;

#[tokio::test]
async fn a_list_is_a_table_of_its_fields_in_the_order_asked_for() {
    let server = Store::with_samples().await.serve().await;
    let expected = "\u{feff}agency.name,agency.region.name,received,fees,id\r\n\
                    沂源县张家坡镇人民政府,张家坡镇,0,0.00,r11\r\n\
                    沂源县南鲁山镇人民政府,南鲁山镇,6,0.00,r6\r\n";
    assert_eq!(csv(&server, REPORTS).await, expected);
    // The address asks for it as `Accept` does.
    let params = [("query", REPORTS), ("format", "csv")];
    let address = format!("{}/graphql", server.base);
    let by_address = server.client.get(&address).query(&params).send().await.unwrap();
    assert_eq!(by_address.text().await.unwrap(), expected);
    // Who takes anything is given JSON.
    let json = server.client.get(&address).query(&params[..1]).header(ACCEPT, "*/*");
    assert_eq!(
        json.send().await.unwrap().json::<Value>().await.unwrap()["data"]["reports"]["totalCount"],
        2
    );
}

#[tokio::test]
async fn the_numbers_under_their_codes_are_columns_and_so_are_lists_below() {
    let server = Store::with_samples().await.serve().await;
    let query = r#"{ statistics(filter: {measures: "requests.received,denial_rate", group_by: "kind", region: "370323", year: "2023"}) {
        nodes { group { kind } values reports } } }"#;
    let expected = "\u{feff}group.kind,values.requests.received,values.denial_rate,reports\r\n\
                    department,90,0.19101123595505617,2\r\n\
                    subdistrict_office,5,0.0,1\r\n\
                    township_government,6,0.14285714285714285,2\r\n";
    assert_eq!(csv(&server, query).await, expected);
    let one = r#"{ report(id: "r24") { requests(row: "received,total") { row label total } } }"#;
    let rows = csv(&server, one).await;
    let expected = "\u{feff}row,label,total\r\nreceived,本年新收政府信息公开申请数量,";
    assert!(rows.starts_with(expected), "{rows}");
    let nothing =
        r#"{ agencies(filter: {q: "没有这样的机关"}) { edges { cursor node { id name } } } }"#;
    assert_eq!(csv(&server, nothing).await, "\u{feff}cursor,node.id,node.name\r\n");
}

#[tokio::test]
async fn what_a_spreadsheet_takes_for_a_formula_does_no_harm() {
    let store = Store::empty().await;
    let report = json!({
        "agency": {"name": "沂源县人民政府", "region_code": "370323"}, "year": 2023,
        "title": "=HYPERLINK(\"http://example.org\")",
        "disclosure_items": {"administrative_fees": {"amount": "-5.00"}},
    });
    std::fs::write(store.folder.path().join("report.json"), report.to_string()).unwrap();
    let imported = gongkai(store.folder.path(), &["import", "report.json"]);
    assert_eq!(imported.status.code(), Some(0), "{}", stderr(&imported));
    let server = store.serve().await;
    let query = r#"{ reports { nodes { title fees: value(measure: "disclosure_items.administrative_fees.amount") } } }"#;
    let expected = "\u{feff}title,fees\r\n\"'=HYPERLINK(\"\"http://example.org\"\")\",-5.00\r\n";
    assert_eq!(csv(&server, query).await, expected);
}

#[tokio::test]
async fn what_is_not_one_list_is_refused() {
    let server = Store::with_samples().await.serve().await;
    for (query, detail) in [
        (r#"{ report(id: "r24") { title } }"#, "the answer holds no list, and csv is asked for"),
        (
            "{ reports { nodes { id } } agencies { nodes { id } } }",
            "the answer holds several lists, and csv is one: reports.nodes, agencies.nodes",
        ),
        (
            "{ agencies { nodes { name reports { nodes { year } } } } }",
            "the rows of agencies.nodes hold a list, reports.nodes, and csv has one value a cell",
        ),
    ] {
        let response = ask(&server, query).await;
        assert_eq!(response.status(), 406, "{query}");
        let error = &response.json::<Value>().await.unwrap()["errors"][0];
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(detail), "{message}");
        assert_eq!(error["extensions"]["code"], "not_acceptable");
    }
    // A query that fails is an error, not a shorter table.
    let response = ask(&server, "{ reports { nodes { nothing } } }").await;
    assert_eq!(response.status(), 400);
    assert!(response.json::<Value>().await.unwrap()["errors"][0]["message"].is_string());
    let address = format!("{}/graphql", server.base);
    let batch = json!([{"query": "{ reports { nodes { id } } }"}]);
    let batch = server.client.post(&address).header(ACCEPT, "text/csv").json(&batch);
    assert_eq!(batch.send().await.unwrap().status(), 406);
    let params = [("query", "{ reports { nodes { id } } }"), ("format", "xlsx")];
    let response = server.client.get(&address).query(&params).send().await.unwrap();
    assert_eq!(response.status(), 400);
    let error = &response.json::<Value>().await.unwrap()["errors"][0]["extensions"];
    assert_eq!(error["allowed"], json!(["json", "csv"]));
}
