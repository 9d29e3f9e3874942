//! Whose report it is, however the agency's name is written.

use entity::template::{AgencyKind, Template};
use gongkai::{
    error::{Code, Error},
    extract::{
        self,
        draft::{Agency, Hints},
    },
};

use super::form::{TITLE, bars, padded, report};

fn agency(name: &str, region: Option<&str>) -> Result<Agency, Error> {
    let text = report(Template::T2021, &|_| "0".into()).text(&|table| bars(&padded(table), true));
    let text = text.replace(TITLE, &TITLE.replace("沂源县水利局", name));
    let text = text.replace("沂源县水利局\n", &format!("{name}\n"));
    let hints = Hints { region: region.map(str::to_owned), ..Hints::default() };
    extract::read(text.as_bytes(), &hints).map(|mut reading| reading.drafts.remove(0).agency)
}

fn full_name(name: &str) -> Result<(String, String, AgencyKind), String> {
    agency(name, None)
        .map(|agency| (agency.name, agency.region_code, agency.kind))
        .map_err(|error| error.detail)
}

#[test]
fn a_short_name_is_the_same_agencys() {
    for (short, full, region, kind) in [
        ("沂源县政府", "沂源县人民政府", "370323", AgencyKind::Government),
        (
            "沂源县张家坡镇政府",
            "沂源县张家坡镇人民政府",
            "370323108",
            AgencyKind::TownshipGovernment,
        ),
        ("沂源教育局", "沂源县教育局", "370323", AgencyKind::Department),
    ] {
        assert_eq!(full_name(short), Ok((full.into(), region.into(), kind)), "{short}");
        let ids = [short, full].map(|name| agency(name, None).map(|agency| agency.id()).ok());
        assert_eq!(ids[0], ids[1], "{short}");
    }
}

/// What stands above a title on a page is no part of it.
#[test]
fn a_title_does_not_begin_on_the_lines_above_it() {
    let text = report(Template::T2021, &|_| "0".into()).text(&|table| bars(&padded(table), true));
    let text = text.replacen(TITLE, &format!("政府信息公开\n沂源县水务局\n{TITLE}"), 1);
    let reading = extract::read(text.as_bytes(), &Hints::default()).unwrap();
    let draft = &reading.drafts[0];
    assert_eq!((draft.title.as_deref(), &*draft.agency.name), (Some(TITLE), "沂源县水利局"));
}

#[test]
fn a_refused_name_says_which_part_was_not_understood() {
    let error = agency("沂源县理事社", None).err();
    let detail = error.map(|error| (error.code, error.detail));
    insta::assert_debug_snapshot!(detail, @r#"
    Some(
        (
            UnknownAgency,
            "\"沂源县理事社\" begins with 沂源县 (370323), but \"理事社\" is no kind of agency that is known",
        ),
    )
    "#);
}

#[test]
fn a_region_that_contradicts_the_name_is_refused() {
    let name = "沂源县教育和体育局";
    let error = agency(name, Some("370303")).err();
    let refused = error.map(|error| (error.code, error.to_string()));
    insta::assert_debug_snapshot!(refused, @r#"
    Some(
        (
            InvalidParameter,
            "the parameter's value is not valid: the document is of \"沂源县教育和体育局\", which is not in 山东省淄博市张店区 (370303) (allowed: 370323 (山东省淄博市沂源县))",
        ),
    )
    "#);
    for region in ["370323", "370300"] {
        let agency = agency(name, Some(region)).map(|agency| agency.region_code);
        assert_eq!(agency.ok().as_deref(), Some("370323"), "{region}");
    }
    assert_eq!(
        agency("鼓楼区教育局", None).err().map(|error| error.code),
        Some(Code::AmbiguousAgency)
    );
    let settled = agency("鼓楼区教育局", Some("320100")).map(|agency| agency.region_code);
    assert_eq!(settled.ok().as_deref(), Some("320106"));
}

#[test]
fn an_agency_has_one_id_under_all_its_names() {
    let id = |name: &str, region: Option<&str>| agency(name, region).map(|agency| agency.id()).ok();
    let known = id("沭阳县发展和改革局", None);
    assert!(known.is_some());
    for (name, region) in [
        ("宿迁市沭阳县发展和改革局", None),
        ("江苏省沭阳县发展和改革局", None),
        ("江苏省宿迁市沭阳县发展和改革局", None),
        ("沭阳县发展和改革局", Some("321300")),
        ("发展和改革局", Some("321322")),
        ("县发展和改革局", Some("321322")),
    ] {
        assert_eq!(id(name, region), known, "{name}");
    }
    let township = id("沂源县张家坡镇人民政府", None);
    for (name, region) in [
        ("淄博市沂源县张家坡镇人民政府", None),
        ("山东省沂源县张家坡镇政府", None),
        ("张家坡镇人民政府", None),
        ("张家坡镇人民政府", Some("370323")),
        ("张家坡镇政府", Some("370323108")),
        ("镇人民政府", Some("370323108")),
    ] {
        assert_eq!(id(name, region), township, "{name}");
    }
}

/// The codes of the notes of where things were found.
fn origins(text: &str, hints: &Hints) -> Vec<(String, String)> {
    let drafts = extract::read(text.as_bytes(), hints).map(|read| read.drafts);
    let notes = drafts.iter().flatten().flat_map(|draft| draft.notes.clone());
    notes
        .filter(|note| note.code.ends_with("_origin"))
        .map(|note| (note.code, note.message))
        .collect()
}

#[test]
fn where_agency_year_and_day_were_found_is_noted() {
    let text = report(Template::T2021, &|_| "0".into()).text(&|table| bars(&padded(table), true));
    assert_eq!(origins(&text, &Hints::default()), []);
    let untitled = text.replace(TITLE, "政府信息公开工作年度报告");
    let agency =
        ("agency_origin".into(), "the agency is told by the signature: \"沂源县水利局\"".into());
    let year = |words: &str| ("year_origin".to_owned(), format!("the year 2023 {words}"));
    assert_eq!(
        origins(&untitled, &Hints::default()),
        [agency.clone(), year("is that of the period it covers")]
    );
    let undated = untitled
        .replace("2024年1月19日\n", "")
        .replace("自2023年1月1日始，至2023年12月31日止", "全年");
    let url = "https://www.example.gov.cn/zwgk/202401/t20240122_105587.htm";
    let hints = Hints { url: Some(url.into()), ..Hints::default() };
    assert_eq!(origins(&undated, &hints), [agency, year("is told by the day in the address")]);
    let error = extract::read(undated.as_bytes(), &Hints::default()).err();
    assert_eq!(error.map(|error| error.code), Some(Code::UnknownYear));
}
