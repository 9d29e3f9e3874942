//! Citing: a sentence that says whose number it is, of which revision, where it is, as of when.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{import, report};
use crate::harness::{Server, Store, gongkai, stderr, stdout};

async fn text(server: &Server, path: &str, params: &[(&str, &str)]) -> String {
    let response = server.get(path, params).await;
    assert_eq!(response.status(), StatusCode::OK, "{path} {params:?}");
    assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
    response.text().await.unwrap()
}

/// The day on which the newest version of the data began, in Chinese and in English.
async fn day(server: &Server) -> [String; 2] {
    let newest = server.json("/reports", &[("sort", "-year"), ("limit", "500")]).await;
    let ids = newest["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap());
    let newest = ids.max_by_key(|id| id[1..].parse::<u32>().unwrap()).unwrap();
    let revisions = server.json(&format!("/reports/{newest}/revisions"), &[]).await;
    let from = revisions["data"][0]["from"].as_str().unwrap();
    let day: chrono::NaiveDate = from[..10].parse().unwrap();
    [day.format("%Y年%-m月%-d日").to_string(), day.format("%-d %B %Y").to_string()]
}

const CITATION: (&str, &str) = ("format", "citation");
const ENGLISH: (&str, &str) = ("labels", "en");

#[tokio::test]
async fn a_report_is_cited_with_agency_year_revision_address_and_date() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let [zh, en] = day(&server).await;
    let base = &server.base;
    let permanent = "/agencies/a123c2c1d18ca6/reports/2022";
    assert_eq!(
        text(&server, permanent, &[CITATION]).await,
        format!(
            "沭阳县水利局：《沭阳县水利局2022年度政府信息公开工作年度报告》（2022年度，2023年1月10日发布，第1版）。\
             公开（gongkai），数据版本v26（{zh}），{base}/api/v1/agencies/a123c2c1d18ca6/reports/2022?scope=own&as_of=v26\n"
        )
    );
    assert_eq!(
        text(&server, "/reports/r24", &[CITATION, ENGLISH]).await,
        format!(
            "沭阳县水利局: “沭阳县水利局2022年度政府信息公开工作年度报告” (annual report on 2022, published \
             10 January 2023, revision 1). gongkai, data version v26 of {en}, {base}/api/v1/reports/r24?as_of=v26\n"
        )
    );
}

#[tokio::test]
async fn a_number_is_cited_as_it_is_printed_under_its_label() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let [zh, en] = day(&server).await;
    let base = &server.base;
    let path = "/reports/r24/cells/disclosure_items.administrative_fees.amount";
    assert_eq!(
        text(&server, path, &[CITATION]).await,
        format!(
            "沭阳县水利局2022年“行政事业性收费：本年收费金额”：18.6万元（186000.00 CNY）。\
             见《沭阳县水利局2022年度政府信息公开工作年度报告》（2022年度，2023年1月10日发布，第1版）。\
             公开（gongkai），数据版本v26（{zh}），{base}/api/v1{path}?as_of=v26\n"
        )
    );
    let sum = "/reports/r24/cells/requests.denied";
    let cited = text(&server, sum, &[CITATION, ENGLISH]).await;
    assert!(
        cited.contains("(not printed; added up: requests.denied_state_secret.total + "),
        "{cited}"
    );
    assert!(
        cited.ends_with(&format!("data version v26 of {en}, {base}/api/v1{sum}?as_of=v26\n")),
        "{cited}"
    );
    // GraphQL says the same, and of several reports at once.
    let query = r#"{ report(id: "r24") { permalink citation en: citation(language: en)
        cell: citation(measure: "disclosure_items.administrative_fees.amount") } }"#;
    let by_graphql = &server.graphql_data(query).await["report"];
    let by_rest = [
        text(&server, "/reports/r24", &[CITATION]).await,
        text(&server, "/reports/r24", &[CITATION, ENGLISH]).await,
        text(&server, path, &[CITATION]).await,
    ];
    for (field, said) in ["citation", "en", "cell"].iter().zip(&by_rest) {
        assert_eq!(by_graphql[*field], said.trim_end(), "{field}");
    }
    assert_eq!(by_graphql["permalink"], "/api/v1/reports/r24?as_of=v26");
}

#[tokio::test]
async fn a_consolidated_report_and_its_source_are_named() {
    let store = Store::empty().await;
    let report = json!({
        "agency": {"name": "沂源县人民政府", "region_code": "370323"}, "year": 2023,
        "scope": "consolidated", "source": {"url": "http://www.yiyuan.gov.cn/report.html"},
        "requests": {"received": {"total": null}}, "cell_states": {"requests.received.total": "slash"},
    });
    let path = store.folder.path().join("report.json");
    std::fs::write(&path, report.to_string()).unwrap();
    let imported = gongkai(store.folder.path(), &["import", "report.json"]);
    assert_eq!(imported.status.code(), Some(0), "{}", stderr(&imported));
    let server = store.serve().await;
    let [zh, _] = day(&server).await;
    assert_eq!(
        text(&server, "/reports/r1", &[CITATION]).await,
        format!(
            "沂源县人民政府：《沂源县人民政府2023年政府信息公开工作年度报告》（2023年度，含所辖地区和部门的汇总数据，第1版），\
             原文：http://www.yiyuan.gov.cn/report.html 。公开（gongkai），数据版本v1（{zh}），{}/api/v1/reports/r1?as_of=v1\n",
            server.base
        )
    );
    let cell = text(&server, "/reports/r1/cells/requests.received.total", &[CITATION]).await;
    assert!(cell.contains("：无数值（斜线）。见《"), "{cell}");
}

#[tokio::test]
async fn a_list_is_cited_with_its_question_and_what_it_covers() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    let [zh, en] = day(&server).await;
    let base = &server.base;
    let asked = [("measures", "requests.received"), ("region", "370323"), ("year", "2023")];
    let params = [&asked[..], &[CITATION]].concat();
    let address = "/api/v1/statistics?region=370323&year=2023&measures=requests.received&as_of=v26";
    let cited = text(&server, "/statistics", &params).await;
    assert_eq!(
        cited,
        format!(
            "政府信息公开工作年度报告数据：统计（region=370323；year=2023；measures=requests.received），共1条；\
             计入报告1份，为免重复未计入5份，缺报0份。公开（gongkai），数据版本v26（{zh}），{base}{address}\n"
        )
    );
    let english = text(&server, "/regions", &[CITATION, ENGLISH, ("parent", "370323")]).await;
    assert_eq!(
        english,
        format!(
            "Annual reports on open government information of Chinese agencies: regions (parent=370323), 12 rows. \
             gongkai, data version v26 of {en}, {base}/api/v1/regions?parent=370323&as_of=v26\n"
        )
    );
    // The command line says the same of the server it is told of.
    let mut args = vec!["stats", "--public-url", base, "--database-url"];
    let url = store.url();
    args.extend([url.as_str(), "--format=citation", "--measures=requests.received"]);
    args.extend(["--region=370323", "--year=2023"]);
    let output = gongkai(store.folder.path(), &args);
    assert_eq!(stdout(&output), cited, "{}", stderr(&output));
    let wrong = gongkai(
        store.folder.path(),
        &["list", "years", "--public-url", "gongkai", "--database-url", &url],
    );
    assert_eq!(wrong.status.code(), Some(2), "{}", stderr(&wrong));
    assert!(stderr(&wrong).contains("--public-url \"gongkai\" is no address of the web"));
}

#[tokio::test]
async fn every_answer_says_in_its_link_where_it_stays() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    for (path, params, stays) in [
        ("/regions/370323", &[][..], "/regions/370323?as_of=v26"),
        ("/agencies/a123c2c1d18ca6", &[], "/agencies/a123c2c1d18ca6?as_of=v26"),
        ("/agencies/a123c2c1d18ca6/reports", &[], "/reports?agency=a123c2c1d18ca6&as_of=v26"),
        ("/years/2022", &[("as_of", "v20")], "/years/2022?as_of=v20"),
        ("/reports/r24", &[], "/reports/r24?as_of=v26"),
        ("/reports/r24/cells/reviews.total", &[], "/reports/r24/cells/reviews.total?as_of=v26"),
        ("/reports/r24/revisions", &[], "/reports/r24/revisions?as_of=v26"),
        ("/reports/r24/findings", &[], "/reports/r24/findings?as_of=v26"),
        (
            "/regions/370323/summary/2023",
            &[("format", "json")],
            "/regions/370323/summary/2023?format=json&as_of=v26",
        ),
        ("/measures", &[("limit", "1")], "/measures?limit=1"),
        (
            "/reports",
            &[("format", "csv"), ("q", "水利"), ("year", "2022"), ("labels", "zh")],
            "/reports?year=2022&q=%E6%B0%B4%E5%88%A9&format=csv&labels=zh&as_of=v26",
        ),
    ] {
        let response = server.get(path, params).await;
        let links = response.headers().get_all("link").iter().map(|link| link.to_str().unwrap());
        let links: Vec<&str> = links.filter(|link| link.contains("bookmark")).collect();
        assert_eq!(links, [format!("</api/v1{stays}>; rel=\"bookmark\"")], "{path}");
        // What is there is the answer.
        let (there, here) = (server.get(stays, &[]).await, response);
        assert_eq!(there.text().await.unwrap(), here.text().await.unwrap(), "{path}");
    }
}

#[tokio::test]
async fn what_is_cited_stays_when_the_report_is_revised_and_withdrawn() {
    let store = Store::empty().await;
    import(&store, "a.txt", &report(2022, &[])).await;
    let server = store.serve().await;
    let cell = "/reports/r1/cells/disclosure_items.administrative_fees.amount";
    let cited = text(&server, cell, &[CITATION]).await;
    let list = server.json("/reports", &[("measures", "requests.received")]).await;
    let reports = server.json("/agencies/a123c2c1d18ca6/reports/2022", &[]).await;
    import(&store, "b.txt", &report(2022, &[("18.6万元", "20万元")])).await;
    import(&store, "c.txt", &report(2023, &[])).await;
    let url = store.url();
    let args = ["report", "withdraw", "r2", "--reason", "a draft", "--database-url", &url];
    assert_eq!(gongkai(store.folder.path(), &args).status.code(), Some(0));
    let (_, address) = cited.trim_end().split_once(&server.base).unwrap();
    let stays = |answer: &Value| answer["permalink"].as_str().unwrap().replace("/api/v1", "");
    let address = address.replace("/api/v1", "");
    assert_eq!(server.json(&address, &[]).await["printed"], "18.6万元");
    assert_eq!(text(&server, &address, &[CITATION]).await, cited);
    assert_eq!(server.json(&stays(&list), &[]).await, list);
    assert_eq!(server.json(&stays(&reports), &[]).await, reports);
    assert_eq!(reports["data_version"], "v1");
    let now = server.json("/reports", &[("measures", "requests.received")]).await;
    assert_ne!(now["data"], list["data"]);
    // What no longer stands says so where it is cited now.
    for (id, zh, en) in [
        (
            "r1",
            "第1版，已自数据版本v2起被更新的版本取代",
            "superseded by a later revision from data version v2 on",
        ),
        ("r2", "第2版，已自数据版本v4起被撤回", "withdrawn from data version v4 on"),
    ] {
        let of_report = format!("/reports/{id}");
        assert!(text(&server, &of_report, &[CITATION]).await.contains(zh), "{id}");
        let of_cell = format!("{of_report}/cells/requests.received");
        assert!(text(&server, &of_cell, &[CITATION, ENGLISH]).await.contains(en), "{id}");
        let query = format!("{{ report(id: \"{id}\") {{ citation(language: en) }} }}");
        let by_graphql = server.graphql_data(&query).await;
        assert!(by_graphql["report"]["citation"].as_str().unwrap().contains(en), "{id}");
    }
}

#[tokio::test]
async fn a_citation_in_what_is_not_offered_is_refused() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    for (path, params, parameter, allowed) in [
        ("/reports/r24", &[("format", "csv")][..], "format", json!(["json", "citation"])),
        ("/reports/r24", &[CITATION, ("labels", "fr")], "labels", json!(["zh", "en"])),
        ("/reports/r24", &[ENGLISH], "labels", json!(["with format=citation: zh, en"])),
        ("/reports", &[CITATION, ("labels", "code")], "labels", json!(["zh", "en"])),
    ] {
        let (status, problem) = server.problem(path, params).await;
        assert_eq!((status, &problem["parameter"]), (400, &json!(parameter)), "{problem}");
        assert_eq!(problem["allowed"], allowed);
    }
}
