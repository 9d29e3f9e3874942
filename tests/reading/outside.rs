//! Documents that lie outside the repository or among the samples, where they are there: everything a
//! person read in them must be read.

use std::{collections::BTreeMap, path::Path};

use entity::template::{CellState, Measure, Severity};
use gongkai::{
    check,
    error::Code,
    extract,
    extract::draft::{Draft, Hints},
};
use serde_json::Value;

fn read(path: &Path, with_name: bool) -> Result<Draft, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let file_name = with_name
        .then(|| path.file_name().map(|name| name.to_string_lossy().into_owned()))
        .flatten();
    let hints = Hints { file_name, ..Hints::default() };
    extract::read(&bytes, &hints)
        .map(|mut reading| reading.drafts.remove(0))
        .map_err(|error| error.to_string())
}

/// What a draft has otherwise than expected, a line each.
fn differences(draft: &Draft, expected: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    let mut compare = |what: &str, read: Value, expected: Option<&Value>| {
        if let Some(expected) = expected.filter(|expected| **expected != read) {
            lines.push(format!("{what}: read {read}, expected {expected}"));
        }
    };
    let template = draft.template.map(|template| template.to_string());
    compare("agency", draft.agency.name.as_str().into(), expected.get("agency"));
    compare("region_code", draft.agency.region_code.as_str().into(), expected.get("region_code"));
    compare("year", draft.year.into(), expected.get("year"));
    compare("template", template.into(), expected.get("template"));
    compare("scope", draft.scope.to_string().into(), expected.get("scope"));
    compare(
        "published_on",
        draft.published_on.map(|date| date.to_string()).into(),
        expected.get("published_on"),
    );
    let period = draft.period.map(
        |period| serde_json::json!({"from": period.from.to_string(), "to": period.to.to_string()}),
    );
    compare("period", period.into(), expected.get("period"));
    let contact = serde_json::to_value(&draft.agency.contact).unwrap_or_default();
    compare("contact", contact, expected.get("contact"));
    compare("sections", draft.sections.len().into(), expected.get("sections"));
    let ambiguous: Vec<&str> =
        expected["ambiguous"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let none = serde_json::Map::new();
    let cells = expected["cells"].as_object().unwrap_or(&none);
    for (code, expected) in cells {
        let Ok(measure) = code.parse::<Measure>() else { continue };
        let cell = draft.cells.get(measure);
        let read =
            cell.value.map_or(Value::Null, |value| serde_json::to_value(value).unwrap_or_default());
        let is_unread = cell.state == CellState::Ambiguous
            && ambiguous.iter().any(|prefix| code.starts_with(prefix));
        if read != *expected && !is_unread {
            lines.push(format!(
                "{code}: read {read} ({}, {:?}), expected {expected}",
                cell.state, cell.printed
            ));
        }
    }
    let extra = draft.cells.iter().filter(|(measure, cell)| {
        cell.value.is_some()
            && !cells.contains_key(&measure.cell_code())
            && !cells.contains_key(&measure.code())
    });
    lines.extend(extra.map(|(measure, _)| format!("{measure}: read, but not expected")));
    lines
}

fn expected(path: &Path) -> Option<Value> {
    serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
}

#[test]
fn the_samples_are_read_as_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = if root.join("samples").exists() { root.to_owned() } else { root.join("../main") };
    let folder = root.join("samples/documents");
    let Some(all) = expected(&root.join("tests/fixtures/samples.expected.json")) else { return };
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, expected) in all.as_object().into_iter().flatten() {
        match read(&folder.join(name), false) {
            Ok(draft) => {
                let mut lines = differences(&draft, expected);
                let errors = check::check(&draft, &check::Deadlines::default());
                let errors =
                    errors.iter().filter(|finding| finding.severity == Severity::Error).count();
                if (errors > 0) != (name == "沂源县自然资源局-2023.html") {
                    lines.push(format!("{errors} error findings"));
                }
                lines.extend(
                    draft
                        .notes
                        .iter()
                        .filter(|note| !note.code.ends_with("_origin"))
                        .map(|note| format!("note {}: {}", note.code, note.message)),
                );
                if draft.sections.len() != 6 {
                    lines.push(format!("{} sections", draft.sections.len()));
                }
                if !lines.is_empty() {
                    wrong.insert(name.clone(), lines);
                }
            }
            Err(error) => {
                wrong.insert(name.clone(), vec![error]);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn real_reports_are_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reports");
    for id in ["000", "005", "008", "010", "011", "015", "016"] {
        let Some(expected) = expected(&folder.join(format!("{id}.expected.json"))) else { return };
        let name = expected["document"].as_str().unwrap_or_default();
        let draft = read(&folder.join(name), true);
        let draft = draft.unwrap_or_else(|error| panic!("{name}: {error}"));
        let differences = differences(&draft, &expected);
        assert!(differences.is_empty(), "{name}: {differences:#?}\n{:#?}", draft.notes);
        let sections = if id == "016" { 4 } else { 6 };
        assert_eq!(draft.sections.len(), sections, "{name}");
        let findings = check::check(&draft, &check::Deadlines::default());
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let printed = expected["identity_failures_printed"].as_array().map_or(0, Vec::len);
        assert_eq!(errors.count(), printed, "{name}: {findings:#?}");
    }
}

#[test]
fn the_official_form_that_nobody_filled_in_is_refused() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/reports/official-blank-template-2021.docx");
    let Ok(bytes) = std::fs::read(path) else { return };
    let refusal = extract::read(&bytes, &Hints::default()).map(|_| ()).map_err(|error| error.code);
    assert_eq!(refusal, Err(Code::BlankForm));
}

#[test]
fn a_real_pdf_file_is_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reports");
    let Some(expected) = expected(&folder.join("002.expected.json")) else { return };
    let name = expected["document"].as_str().unwrap_or_default();
    let draft = read(&folder.join(name), true);
    let draft = draft.unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut differences = differences(&draft, &expected);
    // The title lacks the city.
    differences.retain(|line| !line.starts_with("agency"));
    assert!(differences.is_empty(), "{name}: {differences:#?}\n{:#?}", draft.notes);
    assert_eq!(draft.sections.len(), 6, "{name}");
}
