//! GraphQL: nested both ways, in a constant number of statements, within bounds.

use std::sync::atomic::Ordering;

use gongkai::limits;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::harness::{Server, Store};

async fn server() -> Server {
    Store::with_samples().await.serve().await
}

#[tokio::test]
async fn a_region_leads_to_its_agencies_reports_and_numbers_and_back() {
    let data = server()
        .await
        .graphql_data(
            r#"{ region(code: "370323108") { name fullName parent { name } agencies { totalCount nodes {
                name reports(filter: {year: "2023"}) { nodes { id year scope template publishedOn
                    value(measure: "requests.received") valueMissing(measure: "requests.received")
                    requests(row: "received") { row label labelEn total report { agency { region { code } } } }
                    reviews { total } lawsuits { lawsuit label total }
                    disclosureItems(item: "administrative_fees") { item label amount amountPrinted }
                    sections { number heading } findings { check } } } } } } }"#,
        )
        .await;
    let mut report = data["region"]["agencies"]["nodes"][0]["reports"]["nodes"][0].clone();
    let headings: Vec<Value> = report["sections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|section| section["heading"].clone())
        .collect();
    let id = report["id"].take();
    assert!(id.as_str().unwrap().starts_with('r'));
    report["sections"] = headings.into();
    assert_eq!(
        report,
        json!({
            "id": null, "year": 2023, "scope": "own", "template": "2021", "publishedOn": "2024-01-22", "value": 0, "valueMissing": null,
            "requests": [{"row": "received", "label": "本年新收政府信息公开申请数量", "labelEn": "new requests received this year", "total": 0,
                "report": {"agency": {"region": {"code": "370323108"}}}}],
            "reviews": {"total": 0},
            "lawsuits": [{"lawsuit": "direct", "label": "未经复议直接起诉", "total": 0}, {"lawsuit": "after_review", "label": "复议后起诉", "total": 0}],
            "disclosureItems": [{"item": "administrative_fees", "label": "行政事业性收费", "amount": "0.00", "amountPrinted": "0"}],
            "sections": ["总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况", "存在的主要问题及改进情况", "其他需要报告的事项"],
            "findings": []
        })
    );
    let region = &data["region"];
    assert_eq!(
        (
            &region["name"],
            &region["fullName"],
            &region["parent"]["name"],
            &region["agencies"]["totalCount"],
            &region["agencies"]["nodes"][0]["name"]
        ),
        (
            &json!("张家坡镇"),
            &json!("山东省淄博市沂源县张家坡镇"),
            &json!("沂源县"),
            &json!(1),
            &json!("沂源县张家坡镇人民政府")
        )
    );
}

#[tokio::test]
async fn fields_come_in_the_order_they_are_asked_for() {
    let server = server().await;
    let query = r#"{ reports(first: 1) { nodes { ...first year scope ... on Report { findings { check } title } agency { kind } } totalCount } }
        fragment first on Report { value(measure: "requests.received") agency { region { name code } name } id }"#;
    for _ in 0..5 {
        let body = json!({ "query": query });
        let sent = server
            .client
            .post(format!("{}/graphql", server.base))
            .json(&body)
            .send()
            .await
            .unwrap();
        let text = sent.text().await.unwrap();
        let keys = [
            "\"reports\"",
            "\"nodes\"",
            "\"value\"",
            "\"agency\"",
            "\"region\"",
            "\"name\"",
            "\"code\"",
            "\"name\"",
            "\"kind\"",
            "\"id\"",
            "\"year\"",
            "\"scope\"",
            "\"findings\"",
            "\"title\"",
            "\"totalCount\"",
        ];
        let mut rest = text.as_str();
        for key in keys {
            let at = rest.find(key).unwrap_or_else(|| panic!("{key} is not in its place: {text}"));
            rest = &rest[at + key.len()..];
        }
    }
}

#[tokio::test]
async fn a_missing_number_says_why() {
    let data = server()
        .await
        .graphql_data(
            r#"{ reports(filter: {q: "胡集镇"}) { nodes {
                slash: value(measure: "reviews.total") why: valueMissing(measure: "reviews.total")
                dash: valueMissing(measure: "requests.carried_over_in")
                group: value(measure: "requests.denied")
                sum: valueMissing(measure: "lawsuits.total")
                absent: valueMissing(measure: "disclosure_items.centralized_procurement.amount") } } }"#,
        )
        .await;
    let mut report = data["reports"]["nodes"][0].clone();
    assert!(report["group"].take().is_i64());
    assert_eq!(
        report,
        json!({"slash": null, "why": "slash", "dash": "dash", "group": null, "sum": "no_part", "absent": "not_in_template"})
    );
}

#[tokio::test]
async fn anything_with_an_id_is_a_node() {
    let server = server().await;
    let found = server
        .graphql_data(r#"{ findings(first: 1) { nodes { id report { id agency { id } } } } }"#)
        .await;
    let finding = &found["findings"]["nodes"][0];
    for (id, kind) in [
        (&finding["id"], "Finding"),
        (&finding["report"]["id"], "Report"),
        (&finding["report"]["agency"]["id"], "Agency"),
        (&json!("370323"), "Region"),
    ] {
        let data = server.graphql_data(&format!("{{ node(id: {id}) {{ id __typename }} }}")).await;
        assert_eq!(data, json!({"node": {"id": id, "__typename": kind}}));
    }
    for nobody in ["a0", "r0", "f0", "0"] {
        let data = server.graphql_data(&format!("{{ node(id: \"{nobody}\") {{ id }} }}")).await;
        assert_eq!(data, json!({"node": null}), "{nobody}");
    }
}

#[tokio::test]
async fn connections_are_paged_at_every_level() {
    let server = server().await;
    let whole =
        server.graphql_data(r#"{ region(code: "370323") { agencies { nodes { id } } } }"#).await;
    let whole = whole["region"]["agencies"]["nodes"].as_array().unwrap().clone();
    let (mut paged, mut after) = (Vec::new(), String::new());
    loop {
        let data = server
            .graphql_data(&format!(
                r#"{{ region(code: "370323") {{ agencies(first: 2{after}) {{ edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"#
            ))
            .await;
        let page = &data["region"]["agencies"];
        paged.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = format!(", after: {}", page["pageInfo"]["endCursor"]);
    }
    assert_eq!(paged, whole);
    let reports = r#"{ agency(id: "a1a77a5ae49472") { reports(first: 1AFTER) { nodes { year } pageInfo { endCursor hasNextPage } } } }"#;
    let first = server.graphql_data(&reports.replace("AFTER", "")).await;
    let first = &first["agency"]["reports"];
    assert_eq!(
        (&first["nodes"], &first["pageInfo"]["hasNextPage"]),
        (&json!([{"year": 2023}]), &json!(true))
    );
    let after = format!(", after: {}", first["pageInfo"]["endCursor"]);
    let second = server.graphql_data(&reports.replace("AFTER", &after)).await;
    assert_eq!(second["agency"]["reports"]["nodes"], json!([{"year": 2022}]));
}

#[tokio::test]
async fn a_nested_query_runs_as_many_statements_for_all_samples_as_for_one() {
    let store = Store::with_samples().await;
    let (database, statements) = store.counting();
    let server = Server::over(&store, &database, 0).await;
    let report = "year agency { name } value(measure: \"requests.denied\") requests { total report { year } } findings { check } sections { number }";
    let below_regions = |region: &str| {
        format!(
            r#"{{ regions(filter: {{region: "{region}"}}, first: 15) {{ nodes {{ name parent {{ name }} agencies(first: 5) {{ totalCount nodes {{
                region {{ name }} reports {{ nodes {{ year findings {{ check }} }} }} }} }} }} }} }}"#
        )
    };
    let of_agencies = |first: usize| {
        format!(
            "{{ agencies(first: {first}) {{ nodes {{ name region {{ name }} reports {{ nodes {{ {report} }} }} }} }} }}"
        )
    };
    let as_they_stood =
        |query: String| query.replacen("agencies(", "agencies(filter: {as_of: \"v26\"}, ", 1);
    for (one, many) in [
        (below_regions("370323108"), below_regions("370323")),
        (of_agencies(1), of_agencies(50)),
        (as_they_stood(of_agencies(1)), as_they_stood(of_agencies(50))),
    ] {
        let mut counted = Vec::new();
        for query in [one, many] {
            statements.store(0, Ordering::Relaxed);
            let data = server.graphql_data(&query).await;
            let reports = data.to_string().matches("\"findings\"").count();
            counted.push((reports, statements.load(Ordering::Relaxed)));
        }
        let [(few, for_few), (all, for_all)] = counted[..] else { panic!("two queries") };
        assert!(few >= 2 && all >= 17, "{few} and {all} reports compare nothing");
        assert_eq!(for_all, for_few);
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let server = server().await;
    let nested = |levels: usize| {
        format!(
            "{{ region(code: \"370323\") {}{{ name }}{} }}",
            "{ parent ".repeat(levels),
            " }".repeat(levels)
        )
    };
    let aliases = |count: usize| {
        let fields: Vec<String> = (0..count).map(|at| format!("a{at}: __typename")).collect();
        format!("{{ {} }}", fields.join(" "))
    };
    let rows = "{ reports(first: 500) { nodes { requests { report { requests { row label total } } } } } }"
        .to_owned();
    let directives = format!("{{ __typename {} }}", "@skip(if: false) ".repeat(20));
    // Fragments that spread the next one twice, or ten times: small as text, without end as work.
    let spreads = |levels: usize, times: usize| {
        let fragments: Vec<String> = (0..levels)
            .map(|level| {
                format!(
                    "fragment f{level} on Query {{ {} }}",
                    format!("...f{} ", level + 1).repeat(times)
                )
            })
            .collect();
        format!("{{ ...f0 }} {} fragment f{levels} on Query {{ __typename }}", fragments.join(" "))
    };
    let country =
        "{ region(code: \"000000\") { children { children { children { children { name } } } } } }"
            .to_owned();
    let queries = [
        nested(50),
        nested(5_000),
        aliases(1_000),
        rows,
        directives,
        spreads(30, 2),
        spreads(20, 10),
        country,
    ];
    for query in queries {
        let answer = server.graphql(&query).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"],
            "query_too_large",
            "{}: {answer}",
            &query[..60]
        );
        assert_eq!(answer["data"], Value::Null);
    }
    // What fits is answered.
    server.graphql_data(&aliases(limits::GRAPHQL_ALIASES)).await;
    server.graphql_data(&nested(10)).await;
    let county = r#"{ region(code: "370323") { agencies(first: 200) { nodes { reports(filter: {year: "2022,2023"}, first: 2) { nodes {
        received: value(measure: "requests.received") denied: value(measure: "requests.denied") } } } } } }"#;
    let answer = server.graphql(county).await;
    assert_eq!(answer.get("errors"), None);
    assert_eq!(answer["extensions"]["cost"]["complexity_limit"], limits::GRAPHQL_COMPLEXITY);
}

#[tokio::test]
async fn a_client_may_ask_for_the_whole_schema() {
    // As deep as clients ask for the type of a field's argument: nine wrappers.
    let of_type = format!("kind name {} kind name {}", "ofType { ".repeat(9), "}".repeat(9));
    let query = format!(
        "query {{ __schema {{ queryType {{ name }} types {{ ...whole }} directives {{ name args {{ ...input }} }} }} }} \
         fragment whole on __Type {{ kind name description fields(includeDeprecated: true) {{ name args {{ ...input }} type {{ ...of }} }} \
         inputFields {{ ...input }} interfaces {{ ...of }} enumValues {{ name }} possibleTypes {{ ...of }} }} \
         fragment input on __InputValue {{ name type {{ ...of }} defaultValue }} fragment of on __Type {{ {of_type} }}"
    );
    let data = server().await.graphql_data(&query).await;
    let types = data["__schema"]["types"].as_array().unwrap();
    assert!(types.iter().any(|kind| kind["name"] == "ReportConnection"));
}

#[tokio::test]
async fn batches_and_bodies_are_bounded() {
    let server = server().await;
    let post =
        |body: Vec<u8>| server.client.post(format!("{}/graphql", server.base)).body(body).send();
    let batch =
        |size: usize| serde_json::to_vec(&vec![json!({"query": "{ __typename }"}); size]).unwrap();
    let answers: Value = post(batch(limits::GRAPHQL_BATCH)).await.unwrap().json().await.unwrap();
    assert_eq!(answers.as_array().unwrap().len(), limits::GRAPHQL_BATCH);
    let large =
        json!({"query": format!("{{ __typename }} #{}", "x".repeat(limits::GRAPHQL_BYTES))});
    for (body, code) in [
        (batch(limits::GRAPHQL_BATCH + 1), "query_too_large"),
        (serde_json::to_vec(&large).unwrap(), "query_too_large"),
        (b"not json".to_vec(), "invalid_query"),
        (b"[]".to_vec(), "invalid_query"),
    ] {
        let refused = post(body).await.unwrap();
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        assert_eq!(refused.json::<Value>().await.unwrap()["errors"][0]["extensions"]["code"], code);
    }
}

#[tokio::test]
async fn errors_carry_their_code_and_the_argument_at_fault() {
    let server = server().await;
    for (query, code, parameter) in [
        (
            r#"{ reports(filter: {year: "soon"}) { nodes { id } } }"#,
            "invalid_parameter",
            json!("year"),
        ),
        (r#"{ reports(first: 501) { nodes { id } } }"#, "invalid_parameter", json!("first")),
        (r#"{ reports(sort: "size") { nodes { id } } }"#, "invalid_parameter", json!("sort")),
        (
            r#"{ reports(first: 1) { nodes { value(measure: "requests.recieved") } } }"#,
            "invalid_parameter",
            json!("measure"),
        ),
        (r#"{ reports(after: "x") { nodes { id } } }"#, "invalid_cursor", json!("after")),
        (r#"{ reports { nodes { size } } }"#, "invalid_query", Value::Null),
        (
            "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
            "invalid_query",
            Value::Null,
        ),
        (r#"{ reports(filter: {colour: "red"}) { nodes { id } } }"#, "invalid_query", Value::Null),
        ("{ reports", "invalid_query", Value::Null),
    ] {
        let answer = server.graphql(query).await;
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!(
            (&extensions["code"], &extensions["parameter"]),
            (&json!(code), &parameter),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn an_error_of_the_database_is_not_shown() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    store.database.clone().close().await;
    let answer = server.graphql("{ reports { nodes { id } } }").await;
    assert!(
        !answer.to_string().contains("Pool") && !answer.to_string().contains("Connection"),
        "{answer}"
    );
    let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap();
    assert!(["internal", "too_busy", "database_unavailable"].contains(&code), "{answer}");
}

#[tokio::test]
async fn a_query_in_the_address_is_answered_like_one_in_the_body() {
    let server = server().await;
    let query = "{ years { nodes { year reports } } }";
    let by_address = server
        .client
        .get(format!("{}/graphql", server.base))
        .query(&[("query", query)])
        .send()
        .await
        .unwrap();
    assert!(by_address.headers().contains_key("etag"));
    let head = server.client.head(by_address.url().clone()).send().await.unwrap();
    assert_eq!(head.status(), StatusCode::OK);
    let wrong = async |query: &[(&str, &str)]| {
        server.client.get(format!("{}/graphql", server.base)).query(query).send().await.unwrap()
    };
    // An error is nobody's to keep.
    let refused = wrong(&[("query", "{ nothing }")]).await;
    assert_eq!(refused.headers()["cache-control"], "no-store");
    assert!(!refused.headers().contains_key("etag"));
    assert_eq!(
        wrong(&[("query", query), ("colour", "red")]).await.status(),
        StatusCode::BAD_REQUEST
    );
    assert_eq!(by_address.json::<Value>().await.unwrap(), server.graphql(query).await);
}
