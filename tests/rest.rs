//! REST: lists, pages, filters, reports, errors.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::harness::{Server, Store};

async fn server() -> Server {
    Store::with_samples().await.serve().await
}

fn column<'a>(answer: &'a Value, field: &str) -> Vec<&'a Value> {
    answer["data"].as_array().unwrap().iter().map(|row| &row[field]).collect()
}

#[tokio::test]
async fn a_list_shows_the_numbers_asked_for() {
    let server = server().await;
    let params = [
        ("region", "370323"),
        ("year", "2023"),
        ("kind", "department"),
        ("sort", "-requests.received"),
        ("limit", "1"),
        (
            "measures",
            "requests.received,requests.denied,requests.granted.natural_person,disclosure_items.administrative_fees.amount",
        ),
    ];
    let mut answer = server.json("/reports", &params).await;
    let next = answer["page"]["next"].take();
    assert!(next.is_string());
    let id = answer["data"][0]["id"].clone();
    assert_eq!(
        answer,
        json!({
            "data": [{
                "id": id,
                "agency": {"id": "a1a77a5ae49472", "name": "沂源县自然资源局", "region_code": "370323", "kind": "department", "level": "county"},
                "year": 2023, "template": "2021", "scope": "own",
                "title": "沂源县自然资源局2023年政府信息公开工作年度报告",
                "published_on": "2024-01-25", "revision": 1,
                "values": {
                    "requests.received": 60, "requests.denied": 13, "requests.granted.natural_person": 19,
                    "disclosure_items.administrative_fees.amount": "523071.00"
                }
            }],
            "page": {"next": null, "total": 2},
            "data_version": "v26",
            "permalink": "/api/v1/reports?region=370323&year=2023&kind=department&measures=requests.received,requests.denied,requests.granted.natural_person,disclosure_items.administrative_fees.amount&sort=-requests.received&limit=1&as_of=v26"
        })
    );
}

#[tokio::test]
async fn pages_of_every_size_make_the_whole_list() {
    let server = server().await;
    for sort in [
        "-year,region",
        "requests.received",
        "-requests.carried_over_in,year",
        "-disclosure_items.administrative_fees.amount",
        "published_on",
        "-reviews.total",
    ] {
        let whole = server.json("/reports", &[("sort", sort), ("limit", "500")]).await;
        let whole = column(&whole, "id").into_iter().cloned().collect::<Vec<_>>();
        assert_eq!(whole.len(), 26);
        for limit in ["1", "4", "25", "26"] {
            let (mut rows, mut after) = (Vec::new(), None::<String>);
            loop {
                let mut params = vec![("sort", sort), ("limit", limit)];
                params.extend(after.as_deref().map(|after| ("after", after)));
                let page = server.json("/reports", &params).await;
                rows.extend(column(&page, "id").into_iter().cloned());
                match page["page"]["next"].as_str() {
                    Some(next) => after = Some(next.to_owned()),
                    None => break,
                }
            }
            assert_eq!(rows, whole, "{sort} by {limit}");
        }
    }
}

#[tokio::test]
async fn rows_without_a_value_come_last_whichever_way_they_are_sorted() {
    let server = server().await;
    for sort in ["requests.carried_over_in", "-requests.carried_over_in"] {
        let answer = server
            .json("/reports", &[("sort", sort), ("measures", "requests.carried_over_in")])
            .await;
        let values: Vec<_> = column(&answer, "values")
            .into_iter()
            .map(|values| &values["requests.carried_over_in"])
            .collect();
        assert_eq!(values.iter().position(|value| value.is_null()), Some(25), "{sort}: {values:?}");
    }
}

#[tokio::test]
async fn csv_holds_every_row_with_a_byte_order_mark() {
    let server = server().await;
    let response = server
        .get("/requests", &[("format", "csv"), ("year", "2022"), ("row", "received,total")])
        .await;
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8; header=present");
    let body = response.text().await.unwrap();
    let lines: Vec<&str> =
        body.strip_prefix('\u{feff}').unwrap().split_terminator("\r\n").collect();
    assert_eq!(
        lines[0],
        "agency_id,agency_name,region_code,year,report_id,row,natural_person,commercial_enterprise,\
         research_institution,public_welfare_organization,legal_service_organization,other,total"
    );
    assert_eq!(lines.len(), 1 + 2 * 10);
    let all = server.get("/requests", &[("format", "csv")]).await.text().await.unwrap();
    // 7 reports of the template 2019 with 23 rows, 19 of the template 2021 with 25.
    assert_eq!(all.split_terminator("\r\n").count(), 1 + 7 * 23 + 19 * 25);
    let some = server.get("/requests", &[("format", "csv"), ("limit", "7")]).await;
    assert!(some.headers().contains_key("link"));
    assert_eq!(some.text().await.unwrap().split_terminator("\r\n").count(), 1 + 7);
}

#[tokio::test]
async fn fields_choose_what_is_shown_in_json_and_csv() {
    let server = server().await;
    let params = [
        ("fields", "year,agency.name,values"),
        ("measures", "requests.received"),
        ("limit", "1"),
        ("q", "水利"),
        ("year", "2022"),
    ];
    let answer = server.json("/reports", &params).await;
    let received = &answer["data"][0]["values"]["requests.received"];
    assert_eq!(
        answer["data"],
        json!([{"agency": {"name": "沭阳县水利局"}, "year": 2022, "values": {"requests.received": received}}])
    );
    let csv = server
        .get("/reports", &[&params[..], &[("format", "csv")]].concat())
        .await
        .text()
        .await
        .unwrap();
    assert_eq!(
        csv,
        format!(
            "\u{feff}year,agency.name,values.requests.received\r\n2022,沭阳县水利局,{received}\r\n"
        )
    );
}

#[tokio::test]
async fn filters_select_and_where_compares_numbers() {
    let server = server().await;
    let count = async |params: &[(&str, &str)]| {
        server.json("/reports", params).await["page"]["total"].as_u64().unwrap()
    };
    assert_eq!(count(&[]).await, 26);
    assert_eq!(count(&[("region", "000000")]).await, 26);
    assert_eq!(count(&[("region", "320000")]).await, 9);
    assert_eq!(count(&[("region", "370300")]).await, 17);
    assert_eq!(count(&[("region", "370323108")]).await, 3);
    assert_eq!(count(&[("region", "370323108,321322")]).await, 12);
    assert_eq!(count(&[("year", "2020..2022")]).await, 17);
    assert_eq!(count(&[("year", "2020,2023")]).await, 16);
    assert_eq!(count(&[("template", "2019")]).await, 7);
    assert_eq!(count(&[("scope", "consolidated")]).await, 5);
    assert_eq!(count(&[("kind", "township_government,subdistrict_office")]).await, 9);
    assert_eq!(count(&[("level", "township")]).await, 9);
    assert_eq!(count(&[("q", "教 育")]).await, 4);
    assert_eq!(count(&[("q", "%")]).await, 0);
    assert_eq!(count(&[("quality", "passed")]).await, 25);
    let reports = server
        .json(
            "/reports",
            &[("measures", "requests.received,disclosure_items.administrative_fees.amount")],
        )
        .await;
    let rows = reports["data"].as_array().unwrap();
    let received = rows.iter().filter(|row| {
        row["values"]["requests.received"].as_i64().is_some_and(|received| received >= 40)
    });
    assert_eq!(count(&[("where", "requests.received>=40")]).await, received.count() as u64);
    let fees = rows.iter().filter(|row| {
        let fees = row["values"]["disclosure_items.administrative_fees.amount"].as_str();
        fees.is_some_and(|fees| fees.parse::<f64>().unwrap() > 86402.5)
    });
    assert_eq!(
        count(&[("where", "disclosure_items.administrative_fees.amount>86402.5")]).await,
        fees.count() as u64
    );
}

#[tokio::test]
async fn what_is_not_known_or_not_valid_is_refused_by_name() {
    let server = server().await;
    let (status, problem) = server.problem("/reports", &[("reigon", "37")]).await;
    assert_eq!(status, 400);
    assert_eq!(
        problem,
        json!({
            "type": "urn:gongkai:error:unknown_parameter", "title": "the parameter is not known", "status": 400,
            "code": "unknown_parameter", "detail": "there is no parameter reigon here; did you mean region?",
            "parameter": "reigon",
            "allowed": ["region", "agency", "year", "kind", "level", "template", "scope", "q", "where", "quality", "as_of", "measures", "sort", "limit", "after", "fields", "format", "labels"],
            "advice": "use one of the parameters named in `allowed`"
        })
    );
    let refused = [
        ("/reports", "year", "2023x", "\"2023x\" is no year or span of years"),
        ("/reports", "year", "2023..2020", "\"2023..2020\" ends before it begins"),
        ("/reports", "region", "999999", "no region has the code \"999999\""),
        ("/reports", "kind", "town", "kind \"town\" is not known"),
        ("/reports", "agency", "沂源县自然资源局", "\"沂源县自然资源局\" is no agency's id"),
        ("/reports", "limit", "0", "limit \"0\" is no number of rows"),
        ("/reports", "limit", "501", "limit \"501\" is no number of rows"),
        (
            "/reports",
            "sort",
            "-requests.recieved",
            "\"requests.recieved\" is nothing to sort by here",
        ),
        (
            "/reports",
            "measures",
            "requests.recieved",
            "\"requests.recieved\" is no measure; did you mean requests.received?",
        ),
        (
            "/reports",
            "where",
            "requests.received>=1,requests.denied=>2",
            "\">2\" is no number at character 22 of where",
        ),
        (
            "/reports",
            "where",
            "requests.received",
            "\"requests.received\" is no condition at character 1 of where",
        ),
        (
            "/reports",
            "fields",
            "agency.nam",
            "\"agency.nam\" is no field here; did you mean agency.name?",
        ),
        ("/reports", "format", "xls", "format \"xls\" is not offered"),
        ("/reports", "quality", "good", "quality \"good\" is not known"),
        ("/reports", "q", &"\u{fdfa}".repeat(2_500), "q takes 1 to 100 characters"),
        ("/requests", "row", "recieved", "row \"recieved\" is not known"),
        (
            "/findings",
            "check",
            "requests.flaw",
            "\"requests.flaw\" is no check; did you mean requests.flow?",
        ),
        ("/regions", "parent", "12", "no region has the code \"12\""),
    ];
    for (path, parameter, value, detail) in refused {
        let (status, problem) = server.problem(path, &[(parameter, value)]).await;
        assert_eq!(
            (status, &problem["code"], &problem["parameter"]),
            (400, &json!("invalid_parameter"), &json!(parameter)),
            "{problem}"
        );
        assert!(problem["detail"].as_str().unwrap().starts_with(detail), "{problem}");
    }
    let (status, problem) = server.problem("/reports", &[("year", "2023"), ("year", "2022")]).await;
    assert_eq!(
        (status, &problem["detail"]),
        (400, &json!("year is given twice; several values are separated by commas"))
    );
}

#[tokio::test]
async fn a_cursor_of_another_question_is_refused() {
    let server = server().await;
    let page = server.json("/reports", &[("limit", "1"), ("year", "2023")]).await;
    let next = page["page"]["next"].as_str().unwrap();
    for other in [
        [("year", "2022"), ("after", next)],
        [("sort", "year"), ("after", next)],
        [("year", "2023"), ("after", "nonsense")],
    ] {
        let (status, problem) = server.problem("/reports", &other).await;
        assert_eq!((status, &problem["code"]), (400, &json!("invalid_cursor")), "{other:?}");
    }
    // The same question in pages of another size goes on.
    server.json("/reports", &[("limit", "7"), ("year", "2023"), ("after", next)]).await;
}

#[tokio::test]
async fn another_document_for_the_same_report_is_a_revision_and_the_earlier_one_stays() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let question = [("q", "水利局"), ("year", "2023"), ("measures", "requests.received")];
    let before = server.json("/reports", &question).await["data"][0].clone();
    let text =
        std::fs::read_to_string(crate::harness::samples().join("沭阳县水利局-2023.html")).unwrap();
    let revised = store.folder.path().join("revised.html");
    std::fs::write(&revised, text + "<!-- published again -->").unwrap();
    store.import(&[revised]).await;
    let after = server.json("/reports", &question).await;
    assert_eq!((&after["page"]["total"], &after["data"][0]["revision"]), (&json!(1), &json!(2)));
    let id = after["data"][0]["id"].as_str().unwrap();
    let revisions = server.json(&format!("/reports/{id}/revisions"), &[]).await;
    assert_eq!(column(&revisions, "revision"), [&json!(2), &json!(1)]);
    let csv = [("format", "csv"), ("fields", "revision,year")];
    let csv = server.get(&format!("/reports/{id}/revisions"), &csv).await.text().await.unwrap();
    assert_eq!(csv, "\u{feff}revision,year\r\n2,2023\r\n1,2023\r\n");
    let earlier = server.json(&format!("/reports/{}", before["id"].as_str().unwrap()), &[]).await;
    assert_eq!(
        (&earlier["revision"], &earlier["requests"]["received"]["total"]),
        (&json!(1), &before["values"]["requests.received"])
    );
}

#[tokio::test]
async fn the_source_is_the_document_byte_for_byte_and_never_runs_in_a_browser() {
    let server = server().await;
    let report = server.json("/reports", &[("q", "沭阳县水利局"), ("year", "2020")]).await;
    let id = report["data"][0]["id"].as_str().unwrap();
    let source = server.get(&format!("/reports/{id}/source"), &[]).await;
    assert_eq!(source.headers()["content-security-policy"], "default-src 'none'; sandbox");
    assert!(source.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let sample = std::fs::read(crate::harness::samples().join("沭阳县水利局-2020.html")).unwrap();
    assert_eq!(source.bytes().await.unwrap(), sample);
}

#[tokio::test]
async fn a_document_in_the_body_is_checked_and_not_stored() {
    let server = server().await;
    let check = |body: Vec<u8>, query: &'static str| {
        server.client.post(format!("{}/api/v1/check{query}", server.base)).body(body).send()
    };
    let sample =
        std::fs::read(crate::harness::samples().join("沂源县自然资源局-2023.html")).unwrap();
    let checked: Value = check(sample, "").await.unwrap().json().await.unwrap();
    assert_eq!(checked["report"]["agency"]["name"], "沂源县自然资源局");
    assert_eq!(checked["report"]["findings"].as_array().unwrap().len(), 4);
    assert_eq!(
        (&checked["path"], &checked["refused"], &checked["report"]["id"]),
        (&json!("-"), &Value::Null, &Value::Null)
    );
    let refused: Value = check(b"hello".to_vec(), "").await.unwrap().json().await.unwrap();
    assert_eq!(
        (&refused["report"], &refused["refused"]["code"]),
        (&Value::Null, &json!("not_a_report"))
    );
    let wrong = check(b"hello".to_vec(), "?year=soon").await.unwrap();
    assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
    let large = check(vec![b'a'; gongkai::limits::DOCUMENT_BYTES + 1], "").await.unwrap();
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(large.json::<Value>().await.unwrap()["code"], "body_too_large");
    assert_eq!(server.json("/reports", &[]).await["page"]["total"], 26);
}

#[tokio::test]
async fn the_tree_of_regions_leads_up_and_down() {
    let server = server().await;
    let county = server.json("/regions/370323", &[]).await;
    assert_eq!(
        (
            &county["full_name"],
            &county["parent"]["name"],
            &county["level"],
            &county["agencies"],
            &county["reports"]
        ),
        (&json!("山东省淄博市沂源县"), &json!("淄博市"), &json!("county"), &json!(6), &json!(17))
    );
    let listed = server.json("/regions", &[("parent", "370323")]).await;
    assert_eq!(&listed["data"], &county["children"]);
    let country = server.json("/regions/000000", &[]).await;
    assert_eq!(
        (country["children"].as_array().unwrap().len(), &country["parent"]),
        (31, &Value::Null)
    );
    // The counties of a municipality lie directly in it.
    assert_eq!(server.json("/regions/110101", &[]).await["parent"]["name"], "北京市");
}

#[tokio::test]
async fn a_year_says_what_is_in_missing_and_late() {
    let server = server().await;
    let year = server.json("/years/2023", &[]).await;
    let names = |list: &Value| -> Vec<String> {
        list.as_array()
            .unwrap()
            .iter()
            .map(|agency| agency["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        (
            &year["reports"],
            &year["missing"],
            &year["late"],
            &year["agency_deadline"],
            &year["government_deadline"]
        ),
        (&json!(9), &json!(2), &json!(1), &json!("2024-01-31"), &json!("2024-03-31"))
    );
    let mut missing = names(&year["missing_agencies"]);
    missing.sort();
    assert_eq!(missing, ["沭阳县教育局", "沭阳县胡集镇人民政府"]);
    assert_eq!(year["late_reports"][0]["agency"]["name"], "沂源县历山街道办事处");
}

#[tokio::test]
async fn an_agency_says_its_names_and_years() {
    let server = server().await;
    let agency = server.json("/agencies/a1a77a5ae49472", &[]).await;
    assert_eq!(
        agency,
        json!({
            "id": "a1a77a5ae49472", "name": "沂源县自然资源局", "region_code": "370323", "kind": "department", "level": "county",
            "region_name": "山东省淄博市沂源县", "names": [{"name": "沂源县自然资源局", "from": 2020, "to": 2023}], "years": [2023, 2022, 2020]
        })
    );
    let reports = server.json("/agencies/a1a77a5ae49472/reports", &[("sort", "year")]).await;
    assert_eq!(column(&reports, "year"), [&json!(2020), &json!(2022), &json!(2023)]);
}

#[tokio::test]
async fn the_root_says_what_there_is() {
    let server = server().await;
    let index = server.json("", &[]).await;
    let addresses = index["data"].as_array().unwrap();
    let named = |path: &str| addresses.iter().find(|address| address["path"] == path).cloned();
    assert_eq!(
        named("/api/v1/reports"),
        Some(json!({"path": "/api/v1/reports", "summary": "Reports across agencies"}))
    );
    assert!(named("/api/v1/check").is_none(), "it answers POST alone");
    assert_eq!(index["openapi"], "/api/v1/openapi.json");
    // Every address without an id in it answers, but for what must be told what to add up or look for.
    for path in addresses.iter().filter_map(|address| address["path"].as_str()) {
        let path = path.strip_prefix("/api/v1").unwrap();
        let status = server.get(path, &[]).await.status().as_u16();
        let must_be_told =
            ["/statistics", "/rankings", "/series", "/differences", "/search"].contains(&path);
        if !path.contains('{') {
            assert_eq!(status, if must_be_told { 400 } else { 200 }, "{path}");
        }
    }
}

#[tokio::test]
async fn values_without_measures_are_asked_for_in_vain() {
    let server = server().await;
    let (status, problem) = server.problem("/reports", &[("fields", "year,values")]).await;
    assert_eq!((status, &problem["parameter"]), (400, &json!("fields")));
    assert_eq!(problem["detail"], "\"values\" holds nothing here: name the numbers to show in it");
    assert_eq!(problem["allowed"], json!(["with measures=CODE,CODE"]));
}

#[tokio::test]
async fn a_total_is_answered_under_its_shorter_code() {
    let server = server().await;
    let params = [("measures", "requests.received.total"), ("limit", "1"), ("fields", "values")];
    let answer = server.json("/reports", &params).await;
    let codes: Vec<&String> = answer["data"][0]["values"].as_object().unwrap().keys().collect();
    assert_eq!(codes, ["requests.received"]);
}
