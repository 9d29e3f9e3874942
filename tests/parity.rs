//! REST, GraphQL and the command line are asked the same questions and give the same answers.

use serde_json::{Map, Value, json};

use crate::harness::{Server, Store, gongkai, samples, stderr, stdout};

const REPORT: &str =
    "id year scope template title publishedOn revision agency { id name regionCode kind level }";
const ROW: &str = "agencyId agencyName regionCode year reportId";
const COUNTS: &str = "naturalPerson commercialEnterprise researchInstitution publicWelfareOrganization \
                      legalServiceOrganization other total";

const CHANGE: &str = "id agencyId agencyName regionCode year reportId scope revision change otherReportId \
                      measure oldValue oldState newValue newState reason changedAt dataVersion";

const STATISTICS: &str = "values reasons reports unknown rollup rollupLevel";

const RANKING: &str = "value numerator denominator interval reports unknown rollup";

const HIT: &str = "agency { id name regionCode kind level } reportId year section { number heading } snippet highlights";
const DIFFERENCE: &str = "region { code name } year measure label labelEn value consolidated difference reports unknown \
                          rollup reportId";

const COVERAGE: &str = "expected reported onTime late undated missing neverReported new share";

const EXPECTED: &str = "year agency { id name regionCode kind level } state deadline publishedOn reportId \
                        reportedBefore";

/// Resource on REST and the command line, field and selection in GraphQL, filter, sort, limit.
type Question = (
    &'static str,
    &'static str,
    String,
    &'static [(&'static str, &'static str)],
    Option<&'static str>,
    u32,
);

fn report(
    filter: &'static [(&'static str, &'static str)],
    sort: Option<&'static str>,
    limit: u32,
) -> Question {
    ("reports", "reports", REPORT.to_owned(), filter, sort, limit)
}

fn questions() -> Vec<Question> {
    vec![
        report(&[], None, 100),
        report(&[("region", "370323")], Some("-requests.received"), 5),
        report(&[("region", "370000"), ("year", "2022..2023")], Some("year,-requests.total"), 50),
        report(&[("agency", "a1a77a5ae49472")], Some("-year"), 10),
        report(&[("kind", "department"), ("quality", "passed")], Some("requests.denied"), 7),
        report(&[("level", "township"), ("template", "2021")], Some("-published_on"), 3),
        report(&[("scope", "consolidated")], Some("region,-year"), 10),
        report(&[("q", "镇人民政府")], None, 4),
        report(
            &[("where", "requests.received>=10,requests.denied>0")],
            Some("-requests.denied"),
            20,
        ),
        report(&[("where", "requests.granted.natural_person>5")], Some("-reviews.total"), 20),
        report(
            &[("where", "disclosure_items.administrative_fees.amount>100000.5")],
            Some("-disclosure_items.administrative_fees.amount"),
            20,
        ),
        report(&[("year", "2019")], None, 10),
        report(&[("level", "county,township")], Some("-denial_rate,year"), 4),
        report(&[("as_of", "v20"), ("region", "321300")], Some("year,region"), 50),
        (
            "changes",
            "changes",
            CHANGE.to_owned(),
            &[("since", "v26"), ("region", "320000"), ("change", "revised,withdrawn")],
            None,
            2,
        ),
        (
            "changes",
            "changes",
            CHANGE.to_owned(),
            &[("measures", "disclosure_items.administrative_licensing.decisions")],
            Some("-year,data_version"),
            10,
        ),
        (
            "agencies",
            "agencies",
            "id name regionCode kind level".to_owned(),
            &[("region", "321322"), ("year", "2022")],
            Some("name"),
            10,
        ),
        (
            "agencies",
            "agencies",
            "id name regionCode kind level".to_owned(),
            &[("kind", "government,department")],
            None,
            3,
        ),
        (
            "regions",
            "regions",
            "code name level parentCode".to_owned(),
            &[("parent", "370323")],
            Some("-code"),
            20,
        ),
        (
            "regions",
            "regions",
            "code name level parentCode".to_owned(),
            &[("q", "朝阳区"), ("level", "county")],
            None,
            20,
        ),
        (
            "requests",
            "requests",
            format!("{ROW} row {COUNTS}"),
            &[("year", "2023"), ("row", "denied_enforcement_files,total")],
            Some("-total,row"),
            9,
        ),
        (
            "lawsuits",
            "lawsuits",
            format!("{ROW} lawsuit upheld corrected other pending total"),
            &[("lawsuit", "direct"), ("region", "320000")],
            Some("-total"),
            9,
        ),
        (
            "reviews",
            "reviews",
            format!("{ROW} upheld corrected other pending total"),
            &[("year", "2020,2022")],
            Some("-corrected"),
            9,
        ),
        (
            "disclosure-items",
            "disclosureItems",
            format!(
                "{ROW} item issued repealed inForce newlyMade newlyDisclosed totalDisclosed previousItems change decisions projects amount amountPrinted"
            ),
            &[("item", "administrative_fees,normative_documents"), ("template", "2019")],
            Some("region,year"),
            9,
        ),
        (
            "findings",
            "findings",
            format!("id {ROW} check severity cells left right message messageZh"),
            &[("severity", "error,notice")],
            Some("check"),
            9,
        ),
        (
            "statistics",
            "statistics",
            format!("group {{ county {{ code name }} year }} {STATISTICS}"),
            &[
                (
                    "measures",
                    "requests.received,denial_rate,disclosure_items.administrative_fees.amount",
                ),
                ("group_by", "county,year"),
            ],
            None,
            4,
        ),
        (
            "statistics",
            "statistics",
            format!("group {{ kind template }} {STATISTICS}"),
            &[
                ("measures", "requests.denied,review_correction_rate,requests.other"),
                ("group_by", "kind,template"),
                ("function", "median"),
                ("region", "370323"),
            ],
            None,
            50,
        ),
        (
            "statistics",
            "statistics",
            format!("group {{ year level }} {STATISTICS}"),
            &[
                ("measures", "requests.received"),
                ("rollup", "own"),
                ("agency", "a1a77a5ae49472"),
                ("group_by", "year,level"),
            ],
            None,
            50,
        ),
        (
            "rankings",
            "rankings",
            format!("rank agency {{ id name regionCode kind level }} {RANKING}"),
            &[
                ("indicator", "denial_rate"),
                ("min_denominator", "10"),
                ("year", "2022..2023"),
                ("level", "county"),
            ],
            None,
            3,
        ),
        (
            "rankings",
            "rankings",
            format!("rank region {{ code name }} {RANKING}"),
            &[
                ("measure", "disclosure_items.administrative_fees.amount"),
                ("by", "county"),
                ("order", "asc"),
                ("rollup", "own"),
            ],
            None,
            50,
        ),
        (
            "series",
            "series",
            format!("agency {{ id name regionCode kind level }} points {{ year {STATISTICS} }}"),
            &[
                ("measures", "requests.received,requests.other,denial_rate"),
                ("by", "agency"),
                ("year", "2019..2023"),
            ],
            None,
            5,
        ),
        (
            "series",
            "series",
            format!("region {{ code name }} points {{ year {STATISTICS} }}"),
            &[("measures", "requests.received"), ("region", "321322,370323")],
            None,
            50,
        ),
        ("search", "search", HIT.to_owned(), &[("q", "政府信息公开 申请")], None, 3),
        (
            "search",
            "search",
            HIT.to_owned(),
            &[("q", "的"), ("section", "1,5"), ("region", "320000"), ("as_of", "v20")],
            Some("section,-year"),
            5,
        ),
        (
            "search",
            "search",
            format!(
                "{HIT} copied {{ from share reportId agency {{ id name regionCode kind level }} year }}"
            ),
            &[("copied_from", "last_year,other_agency"), ("min_copied", "0.5")],
            None,
            50,
        ),
        (
            "differences",
            "differences",
            DIFFERENCE.to_owned(),
            &[
                ("measures", "requests.received,disclosure_items.administrative_fees.amount"),
                ("year", "2022..2023"),
            ],
            None,
            20,
        ),
        (
            "rankings",
            "rankings",
            format!("rank region {{ code name }} {RANKING}"),
            &[
                ("measure", "requests.received"),
                ("by", "county"),
                ("year", "2023"),
                ("compared_with", "last_year"),
                ("min_denominator", "20"),
            ],
            None,
            20,
        ),
        (
            "coverage",
            "coverage",
            format!("group {{ province {{ code name }} year }} {COVERAGE}"),
            &[("group_by", "province,year"), ("year", "2021..2023")],
            None,
            40,
        ),
        (
            "coverage",
            "coverage",
            format!("group {{ kind level }} {COVERAGE}"),
            &[("group_by", "kind,level"), ("region", "370323,321322"), ("as_of", "v20")],
            None,
            50,
        ),
        (
            "expected-reports",
            "expectedReports",
            EXPECTED.to_owned(),
            &[("region", "370323"), ("state", "late,missing"), ("level", "county,township")],
            None,
            20,
        ),
        (
            "expected-reports",
            "expectedReports",
            EXPECTED.to_owned(),
            &[("q", "水利局"), ("state", "reported"), ("year", "2020..2023")],
            None,
            20,
        ),
        (
            "years",
            "years",
            "year reports missing late agencyDeadline governmentDeadline".to_owned(),
            &[],
            None,
            10,
        ),
    ]
}

#[tokio::test]
async fn the_same_questions_get_the_same_answers_from_every_side() {
    let store = Store::with_samples().await;
    revise(&store).await;
    let server = store.serve().await;
    let questions = questions();
    assert!(questions.len() >= 20);
    let mut rows_seen = 0;
    for (resource, field, selection, filter, sort, limit) in questions {
        let limit = limit.to_string();
        let mut params: Vec<(&str, &str)> = filter.to_vec();
        params.extend(sort.map(|sort| ("sort", sort)));
        params.push(("limit", &limit));
        let by_rest = server.json(&format!("/{resource}"), &params).await;
        assert_eq!(by_command_line(&store, resource, &params), by_rest, "{resource} {params:?}");
        let by_graphql = by_graphql(&server, field, &selection, filter, sort, &limit).await;
        let in_graphql = if by_rest["coverage"].is_null() { in_graphql } else { with_codes };
        let rows: Vec<Value> = by_rest["data"].as_array().unwrap().iter().map(in_graphql).collect();
        rows_seen += rows.len();
        assert_eq!(by_graphql["nodes"], Value::Array(rows), "{resource} {params:?}");
        if !by_rest["coverage"].is_null() {
            assert_eq!(by_graphql["coverage"], by_rest["coverage"], "{resource} {params:?}");
        }
        assert_eq!(by_graphql["dataVersion"], by_rest["data_version"], "{resource} {params:?}");
        assert_eq!(by_graphql["permalink"], by_rest["permalink"], "{resource} {params:?}");
        assert_eq!(by_graphql["totalCount"], by_rest["page"]["total"], "{resource} {params:?}");
        // One cursor goes on wherever it came from.
        assert_eq!(
            by_graphql["pageInfo"]["hasNextPage"]
                .as_bool()
                .unwrap()
                .then(|| by_graphql["pageInfo"]["endCursor"].clone()),
            Some(by_rest["page"]["next"].clone()).filter(|next| !next.is_null()),
            "{resource} {params:?}"
        );
    }
    assert!(rows_seen > 100, "{rows_seen} rows compare nothing");
}

/// Another document of a report that is there, with other numbers.
async fn revise(store: &Store) {
    let text = std::fs::read_to_string(samples().join("沭阳县水利局-2022.txt")).unwrap();
    let text = text.replace("行政许可 | 63", "行政许可 | 64").replace("18.6万元", "/");
    let path = store.folder.path().join("revised.txt");
    std::fs::write(&path, text).unwrap();
    let summary = store.import(&[path]).await;
    assert_eq!(summary.revised, 1);
}

#[tokio::test]
async fn csv_of_the_command_line_is_csv_of_rest() {
    let store = Store::with_samples().await;
    revise(&store).await;
    let server = store.serve().await;
    for resource in [
        "reports",
        "agencies",
        "requests",
        "reviews",
        "lawsuits",
        "disclosure-items",
        "findings",
        "changes",
        "years",
        "expected-reports",
        "measures",
        "indicators",
    ] {
        let by_rest =
            server.get(&format!("/{resource}"), &[("format", "csv")]).await.text().await.unwrap();
        let by_command = gongkai(
            store.folder.path(),
            &["list", resource, "--format", "csv", "--database-url", &store.url()],
        );
        assert_eq!(stdout(&by_command), by_rest, "{resource}: {}", stderr(&by_command));
    }
}

/// What adds up, on REST and on the command line, with a question.
type Sums = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const SUMS: [Sums; 6] = [
    (
        "coverage",
        "coverage",
        &[("group_by", "county,kind"), ("region", "370300"), ("year", "2023")],
    ),
    (
        "statistics",
        "stats",
        &[
            ("measures", "requests.received,denial_rate"),
            ("group_by", "prefecture,township,template"),
        ],
    ),
    ("rankings", "rank", &[("indicator", "completion_rate"), ("min_denominator", "3")]),
    ("rankings", "rank", &[("measure", "requests.total"), ("by", "township"), ("order", "asc")]),
    ("series", "series", &[("measures", "requests.other,denial_rate"), ("by", "agency")]),
    ("series", "series", &[("measures", "requests.received"), ("region", "370323,321322")]),
];

#[tokio::test]
async fn csv_of_what_adds_up_is_the_same_from_both_and_holds_the_rows_of_json() {
    let store = Store::with_samples().await;
    let server = store.serve().await;
    for (resource, command, params) in SUMS {
        let path = format!("/{resource}");
        let as_csv = [params, &[("format", "csv")]].concat();
        let by_rest = server.get(&path, &as_csv).await.text().await.unwrap();
        let mut args = vec![command.to_owned()];
        args.extend(as_csv.iter().map(|(name, value)| format!("--{name}={value}")));
        args.extend(["--database-url".to_owned(), store.url()]);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let by_command = gongkai(store.folder.path(), &args);
        assert_eq!(stdout(&by_command), by_rest, "{resource}: {}", stderr(&by_command));
        let by_json = server.json(&path, params).await;
        assert_eq!(by_rest.lines().count(), 1 + lines(&by_json["data"]), "{by_rest}");
        assert!(by_rest.lines().count() > 3, "{by_rest}");
    }
}

/// How many lines rows are: a row, or each point that it holds.
fn lines(rows: &Value) -> usize {
    let of_row = |row: &Value| row["points"].as_array().map_or(1, Vec::len);
    rows.as_array().unwrap().iter().map(of_row).sum()
}

fn by_command_line(store: &Store, resource: &str, params: &[(&str, &str)]) -> Value {
    let mut args = match resource {
        "statistics" => vec!["stats".to_owned()],
        "rankings" => vec!["rank".to_owned()],
        "series" | "search" | "coverage" => vec![resource.to_owned()],
        _ => vec!["list".to_owned(), resource.to_owned()],
    };
    args.extend(params.iter().map(|(name, value)| format!("--{name}={value}")));
    args.extend(["--database-url".to_owned(), store.url()]);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let output = gongkai(store.folder.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn by_graphql(
    server: &Server,
    field: &str,
    selection: &str,
    filter: &[(&str, &str)],
    sort: Option<&str>,
    limit: &str,
) -> Value {
    let mut arguments = vec![format!("first: {limit}")];
    if !filter.is_empty() {
        let fields: Vec<String> =
            filter.iter().map(|(name, value)| format!("{name}: {}", json!(value))).collect();
        arguments.push(format!("filter: {{{}}}", fields.join(", ")));
    }
    arguments.extend(sort.map(|sort| format!("sort: {}", json!(sort))));
    let coverage = match field {
        "statistics" | "series" => "coverage { reports taken excluded missing unknown }",
        "rankings" | "differences" => {
            "coverage { reports taken excluded missing unknown left_out: leftOut }"
        }
        _ => "",
    };
    let query = format!(
        "{{ {field}({}) {{ totalCount dataVersion permalink {coverage} pageInfo {{ hasNextPage endCursor }} nodes {{ {selection} }} }} }}",
        arguments.join(", ")
    );
    server.graphql_data(&query).await[field].take()
}

/// A row of REST with the names of GraphQL.
fn in_graphql(row: &Value) -> Value {
    match row {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(name, _)| *name != "values");
            Value::Object(
                fields
                    .map(|(name, value)| (camel_case(name), in_graphql(value)))
                    .collect::<Map<_, _>>(),
            )
        }
        other => other.clone(),
    }
}

/// The same of a row that adds up: what stands by a code keeps it.
fn with_codes(row: &Value) -> Value {
    if let Value::Array(rows) = row {
        return rows.iter().map(with_codes).collect();
    }
    let Value::Object(fields) = row else { return row.clone() };
    let by_code = ["values", "reasons", "unknown"];
    let value = |name: &str, value: &Value| {
        if by_code.contains(&name) { value.clone() } else { with_codes(value) }
    };
    Value::Object(
        fields.iter().map(|(name, field)| (camel_case(name), value(name, field))).collect(),
    )
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}
