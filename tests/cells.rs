//! A number explains itself: where it stands in the document, as what it is printed, how it was read.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::harness::{Server, Store};

async fn server() -> Server {
    Store::with_samples().await.serve().await
}

/// The id of an agency's report on a year.
async fn report(server: &Server, name: &str, year: &str) -> String {
    let list = server.json("/reports", &[("q", name), ("year", year)]).await;
    list["data"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_number_says_where_it_stands_and_as_what_it_is_printed() {
    let server = server().await;
    let id = report(&server, "沂源县自然资源局", "2023").await;
    let mut cell = server.json(&format!("/reports/{id}/cells/requests.received"), &[]).await;
    let source = cell["source"].take();
    assert_eq!(source["media_type"], "text/html");
    let place = cell["place"].take();
    assert_eq!(
        cell,
        json!({
            "report_id": id, "measure": "requests.received",
            "label": "本年新收政府信息公开申请数量：总计", "label_en": "new requests received this year: total",
            "value": 60, "state": "reported", "missing": null, "parts": [], "printed": "60",
            "row_label": "一、本年新收政府信息公开申请数量", "column_label": "总计", "method": "plain",
            "place": null, "note": null, "source": null,
        })
    );
    let document = server.get(&format!("/reports/{id}/source"), &[]).await.bytes().await.unwrap();
    let byte = |name: &str| usize::try_from(place[name].as_u64().unwrap()).unwrap();
    assert_eq!(&document[byte("from_byte")..byte("to_byte")], b"60");
}

#[tokio::test]
async fn a_sum_names_the_cells_that_add_up_to_it() {
    let server = server().await;
    let id = report(&server, "沂源县自然资源局", "2023").await;
    let cell = server.json(&format!("/reports/{id}/cells/requests.other_results"), &[]).await;
    assert_eq!(
        (&cell["value"], &cell["state"], &cell["place"], &cell["parts"]),
        (
            &json!(1),
            &Value::Null,
            &Value::Null,
            &json!([
                "requests.not_corrected_in_time.total",
                "requests.fee_unpaid.total",
                "requests.other.total"
            ])
        )
    );
}

#[tokio::test]
async fn rest_and_graphql_say_the_same_of_every_number_of_every_sample() {
    let server = server().await;
    let reports = server.json("/reports", &[("limit", "500")]).await;
    let measures = server.json("/measures", &[]).await;
    let printed = measures["data"].as_array().unwrap().iter();
    let codes: Vec<&str> = printed
        .filter(|measure| measure["is_printed"] == true)
        .map(|measure| measure["code"].as_str().unwrap())
        .collect();
    for report in reports["data"].as_array().unwrap() {
        let id = report["id"].as_str().unwrap();
        let document =
            server.get(&format!("/reports/{id}/source"), &[]).await.bytes().await.unwrap();
        for codes in codes.chunks(40) {
            let fields: Vec<String> = codes
                .iter()
                .enumerate()
                .map(|(at, code)| format!("c{at}: cell(measure: {code:?}) {{ measure value printed method note place {{ fromByte toByte }} }}"))
                .collect();
            let query = format!("{{ report(id: {id:?}) {{ {} }} }}", fields.join(" "));
            let answer = server.graphql(&query).await;
            for (_, cell) in answer["data"]["report"].as_object().unwrap() {
                assert_eq!(cell["note"], Value::Null, "{cell} of {report}");
                if cell["value"].is_null() {
                    continue;
                }
                let byte = |name: &str| usize::try_from(cell["place"][name].as_u64().unwrap());
                let bytes = &document[byte("fromByte").unwrap()..byte("toByte").unwrap()];
                let digits =
                    |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
                let there = digits(&String::from_utf8_lossy(bytes));
                assert_eq!(there, digits(cell["printed"].as_str().unwrap()), "{cell} of {report}");
            }
        }
        let code = codes[20];
        let cell = server.json(&format!("/reports/{id}/cells/{code}"), &[]).await;
        assert_eq!(cell["measure"], code);
    }
}

#[tokio::test]
async fn what_is_no_cell_is_refused_by_name() {
    let server = server().await;
    let id = report(&server, "沂源县自然资源局", "2023").await;
    for (path, detail) in [
        (
            format!("/reports/{id}/cells/requests.recieved"),
            "\"requests.recieved\" is no measure; did you mean requests.received?",
        ),
        ("/reports/r999999/cells/requests.received".to_owned(), "no report r999999"),
    ] {
        let response = server.get(&path, &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        let problem: Value = response.json().await.unwrap();
        assert_eq!((&problem["code"], &problem["detail"]), (&json!("not_found"), &json!(detail)));
    }
}
