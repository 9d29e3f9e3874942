//! The files that follow from the code are committed, and current: a stale one is rewritten and fails.

use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use entity::template::{
    AgencyKind, AppealResult, Applicant, CellState, Code, Group, Item, ItemMeasure, LawsuitKind,
    Level, Measure, RequestRow, SECTIONS, Scope, Severity, Template, identities,
};
use gongkai::{check::CHECKS, cli, error, graphql, rest};
use serde_json::Value;

fn current(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = format!("{}\n", text.trim_end());
    if fs::read_to_string(&file).unwrap_or_default() != text {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        panic!("{path} was stale and is rewritten: commit it");
    }
}

#[test]
fn the_graphql_schema_is_current() {
    current("schema.graphql", &graphql::sdl());
}

#[test]
fn the_openapi_document_is_current() {
    current("docs/openapi.json", &rest::document().to_pretty_json().unwrap());
}

#[test]
fn every_reference_of_the_openapi_document_resolves() {
    let document = serde_json::to_value(rest::document()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(references.len() > 20, "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| collect(value, references));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

#[test]
fn enums_of_the_openapi_document_are_the_codes() {
    fn of<C: Code>(name: &str) {
        let document = serde_json::to_value(rest::document()).unwrap();
        let codes: Vec<&str> = C::ALL.iter().map(|code| code.code()).collect();
        assert_eq!(
            document["components"]["schemas"][name]["enum"],
            serde_json::json!(codes),
            "{name}"
        );
    }
    of::<AgencyKind>("AgencyKind");
    of::<Level>("Level");
    of::<Template>("Template");
    of::<Scope>("Scope");
    of::<Severity>("Severity");
    of::<RequestRow>("RequestRow");
    of::<Item>("Item");
    of::<LawsuitKind>("LawsuitKind");
}

#[test]
fn the_errors_are_documented() {
    let mut text = String::from(
        "# Errors\n\nGenerated from `src/error.rs`. REST answers with RFC 9457 `application/problem+json`, GraphQL with \
         `extensions.code`, the command line with a sentence and the exit code.\n\n\
         | code | HTTP status | exit code | what it is | what can be done |\n| --- | --- | --- | --- | --- |\n",
    );
    for code in error::Code::ALL {
        writeln!(
            text,
            "| `{}` | {} | {} | {} | {} |",
            code.code(),
            code.status(),
            code.exit(),
            code.title(),
            code.advice()
        )
        .unwrap();
    }
    current("docs/errors.md", &text);
}

#[test]
fn the_command_line_is_documented() {
    let mut text = String::from(
        "# The command line\n\nGenerated from `gongkai --help` and that of each command.\n",
    );
    describe(&cli::command().term_width(100), "gongkai", &mut text);
    current("docs/cli.md", &text);
}

fn describe(command: &clap::Command, path: &str, text: &mut String) {
    let mut named = command.clone().bin_name(path).disable_help_subcommand(true);
    let help = named.render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    writeln!(text, "\n## `{path}`\n\n```text\n{}\n```", help.join("\n").trim_end()).unwrap();
    for inner in command.get_subcommands() {
        describe(&inner.clone().term_width(100), &format!("{path} {}", inner.get_name()), text);
    }
}

#[test]
fn the_form_is_documented() {
    current("docs/template.md", &template());
}

fn template() -> String {
    let mut text = String::from(
        "# The national form\n\nGenerated from `entity/src/template.rs`, the one place where the form's words stand. Sources: \
         Regulations on Open Government Information (2019 revision); templates `2019` (国办公开办函〔2019〕60号) and `2021` \
         (国办公开办函〔2021〕30号).\n\n## Sections\n\n| number | heading | in English |\n| --- | --- | --- |\n",
    );
    for section in &SECTIONS {
        writeln!(text, "| {} | {} | {} |", section.number, section.heading, section.heading_en)
            .unwrap();
    }
    text += "\n## Section 2: disclosure items\n\n| code | label | in English | Article 20 | measures in `2021` | measures in `2019` |\n| --- | --- | --- | --- | --- | --- |\n";
    for item in Item::ALL {
        let measures = |template| {
            let measures =
                item.measures(template).iter().map(|measure| format!("`{}`", measure.code()));
            measures.collect::<Vec<_>>().join(", ")
        };
        let (code, label, label_en) = (item.code(), item.label(), item.label_en());
        let (in_2021, in_2019) = (measures(Template::T2021), measures(Template::T2019));
        writeln!(
            text,
            "| `{code}` | {label} | {label_en} | {} | {in_2021} | {in_2019} |",
            item.form().article_item
        )
        .unwrap();
    }
    text += "\n| measure | label | in English | unit |\n| --- | --- | --- | --- |\n";
    for measure in ItemMeasure::ALL {
        writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            measure.code(),
            measure.label(),
            measure.label_en(),
            measure.form().unit
        )
        .unwrap();
    }
    text += "\n## Section 3: the requests matrix\n\n| number | code | group | label | in English | Article | in `2019` |\n| --- | --- | --- | --- | --- | --- | --- |\n";
    for row in RequestRow::ALL {
        let form = row.form();
        let group = form.group.map(|group| format!("`{}`", group.code())).unwrap_or_default();
        let in_2019 = if form.in_2019 { "yes" } else { "" };
        writeln!(
            text,
            "| {} | `{}` | {group} | {}{} | {} | {} | {in_2019} |",
            row.number(),
            row.code(),
            form.mark,
            row.label(),
            row.label_en(),
            form.article
        )
        .unwrap();
    }
    text += "\nAcross the templates, the one row 其他处理 of `2019` (row `other`) compares with the group `other_results` of `2021`.\n";
    words::<Group>("Groups of rows", &mut text);
    words::<Applicant>("Columns", &mut text);
    words::<AppealResult>("Section 4: results", &mut text);
    words::<LawsuitKind>("Section 4: kinds of lawsuits", &mut text);
    text += "\n## Measures\n\nThe address of every number, the same in REST, GraphQL, CSV heads and on the command line: \
        `requests.ROW` (its total column), `requests.ROW.COLUMN`, `requests.GROUP`, `reviews.RESULT`, `lawsuits.KIND.RESULT`, \
        `lawsuits.RESULT` (both kinds), `disclosure_items.ITEM.MEASURE`.";
    writeln!(
        text,
        " There are {} of them; `/api/v1/measures` lists them with labels and units.",
        Measure::all().count()
    )
    .unwrap();
    text += "\n## What must agree (勾稽关系)\n\n| check | severity | what must hold | |\n| --- | --- | --- | --- |\n";
    for check in CHECKS {
        writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            check.id, check.severity, check.sentence, check.sentence_zh
        )
        .unwrap();
    }
    writeln!(
        text,
        "\nThe checks of sums hold {} identities of cells; `/api/v1/template/2021` lists them.",
        identities().len()
    )
    .unwrap();
    text += "\n## A missing number is not a zero\n\nEvery cell has a state; only a `reported` cell has a value. In sums and \
        identities `blank`, `slash`, `dash`, `none` and `not_in_template` count as 0, except a total over a part that is not \
        0: that total is unknown, as `ambiguous` and `unreadable` cells are. An identity with an unknown cell in it is not \
        checked; a sum over one is null with the reason `unknown_part`, and one of which no part is reported is null with the \
        reason `no_part`.\n";
    words::<CellState>("Cell states", &mut text);
    words::<Template>("Templates", &mut text);
    words::<Scope>("Scopes", &mut text);
    words::<AgencyKind>("Kinds of agencies", &mut text);
    words::<Level>("Levels", &mut text);
    words::<Severity>("Severities", &mut text);
    text
}

fn words<C: Code>(heading: &str, text: &mut String) {
    writeln!(text, "\n## {heading}\n\n| code | label | in English |\n| --- | --- | --- |").unwrap();
    for word in C::ALL {
        writeln!(text, "| `{}` | {} | {} |", word.code(), word.label(), word.label_en()).unwrap();
    }
}
