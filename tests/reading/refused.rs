//! What is refused, each with its code and a sentence.

use entity::template::{Measure, Template};
use gongkai::{
    error::Code,
    extract::{self, draft::Hints},
    limits,
};

use super::form::{TITLE, bars, html_table, padded, report};

fn refusal(bytes: &[u8]) -> Option<Code> {
    extract::read(bytes, &Hints::default()).err().map(|error| {
        assert!(!error.detail.is_empty());
        error.code
    })
}

fn zeros(_: Measure) -> String {
    "0".into()
}

fn text() -> String {
    report(Template::T2021, &zeros).text(&|table| bars(&padded(table), true))
}

#[test]
fn what_is_no_document_is_refused() {
    assert_eq!(refusal(b""), Some(Code::EmptyDocument));
    assert_eq!(refusal(b" \r\n\t"), Some(Code::EmptyDocument));
    assert_eq!(
        refusal(b"<html><body><script>load()</script></body></html>"),
        Some(Code::EmptyDocument)
    );
    for bytes in [&b"\x89PNG\r\n"[..], b"a\x00b"] {
        assert_eq!(refusal(bytes), Some(Code::UnsupportedFormat));
    }
    for bytes in
        [&b"%PDF-1.7\n\x00"[..], b"PK\x03\x04\x14\x00", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"]
    {
        assert_eq!(refusal(bytes), Some(Code::BrokenDocument));
    }
    assert_eq!(refusal(&vec![b'a'; limits::DOCUMENT_BYTES + 1]), Some(Code::DocumentTooLarge));
    assert_eq!(refusal("<div>".repeat(100_000).as_bytes()), Some(Code::DocumentTooLarge));
    let cells = format!("<table>{}</table>", "<tr><td colspan=200 rowspan=2000>a<td>b".repeat(500));
    assert_eq!(refusal(cells.as_bytes()), Some(Code::DocumentTooLarge));
    let noise: Vec<u8> =
        (0..4000_u32).map(|n| if n.is_multiple_of(3) { 0xFF } else { 0x01 }).collect();
    assert_eq!(refusal(&noise), Some(Code::UnreadableText));
}

#[test]
fn what_is_no_report_is_refused() {
    for text in [
        "沂源县召开政府信息公开工作会议\n会议要求各单位按时报送2023年政府信息公开工作年度报告。",
        "关于做好2023年政府信息公开工作年度报告编制发布工作的通知\n各镇人民政府：请于1月31日前发布。",
        "沂源县水利局2023年政府信息公开工作年度报告解读\n一、编制背景\n二、主要内容",
        "2023年沂源县政府工作报告\n一、2023年工作回顾\n二、2024年工作安排",
        "a,b,c\n1,2,3",
    ] {
        assert_eq!(refusal(text.as_bytes()), Some(Code::NotAReport), "{text}");
    }
}

#[test]
fn a_paragraph_of_nothing_but_headings_is_no_report() {
    let text = format!("{TITLE}\n{}", "一、总体情况 ".repeat(200_000));
    assert_eq!(refusal(text.as_bytes()), Some(Code::NotAReport));
}

#[test]
fn the_blank_form_is_refused() {
    let mut form = report(Template::T2021, &|_| String::new());
    form.preamble.clear();
    form.signature.clear();
    for title in [
        "××局20××年政府信息公开工作年度报告",
        "政府信息公开工作年度报告",
        "中华人民共和国政府信息公开工作年度报告格式",
    ] {
        form.title = title.into();
        let page = form.html(&|table| html_table(table, &str::to_owned));
        assert_eq!(refusal(page.as_bytes()), Some(Code::BlankForm), "{title}");
    }
}

#[test]
fn a_document_that_breaks_off_in_a_table_is_refused() {
    let text = text();
    for label in ["（三）", "结转下年度继续办理", "行政处罚"] {
        let cut = text.rfind(label).unwrap_or_default();
        assert_eq!(refusal(&text.as_bytes()[..cut]), Some(Code::TruncatedDocument), "{label}");
    }
    // Inside the last row of section 3, of section 4, between the tables, in the prose.
    let last_row = text.rfind("结转下年度继续办理").unwrap_or_default();
    let row = text[last_row..].find("| 0 | 0 | 0").unwrap_or_default();
    let section_4 = text.find("四、政府信息").unwrap_or_default();
    let section_5 = text.find("五、存在").unwrap_or_default();
    let section_3 = text.find("三、收到").unwrap_or_default();
    let numbers = text[..section_5].rfind("| 0 | 0 |").unwrap_or_default();
    let section_2 = text.find("主动公开政府信息情况").unwrap_or_default();
    for cut in [
        last_row + row + "| 0 | 0 | 0".len(),
        section_4,
        section_4 + "四、政府信息公开行政复议、行政诉讼情况\n".len(),
        numbers,
        numbers + "| 0".len(),
        section_5,
        section_3,
        section_3 + "三、收到和处理政府信息公开申请情况\n".len(),
        section_2 + "主动公开政府信息情况\n".len(),
    ] {
        assert_eq!(
            refusal(&text.as_bytes()[..cut]),
            Some(Code::TruncatedDocument),
            "{}",
            &text[..cut]
        );
    }
    let page = report(Template::T2021, &zeros).html(&|table| html_table(table, &str::to_owned));
    for label in ["属于行政查询事项", "复议后起诉", "尚未审结"] {
        let cut = page.rfind(label).unwrap_or_default();
        assert_eq!(refusal(&page.as_bytes()[..cut]), Some(Code::TruncatedDocument), "{label}");
    }
}

#[test]
fn a_report_of_nobody_or_of_no_year_is_refused() {
    let nobody = text().replace("沂源县水利局", "").replace("沂源县胜利路", "");
    assert_eq!(refusal(nobody.as_bytes()), Some(Code::UnknownAgency));
    let anyone = text().replace("沂源县水利局", "鼓楼区水利局").replace("沂源县胜利路", "");
    assert_eq!(refusal(anyone.as_bytes()), Some(Code::AmbiguousAgency));
    let settled = anyone.replace("地址：", "地址：江苏省南京市鼓楼区中山北路");
    let region = extract::read(settled.as_bytes(), &Hints::default())
        .map(|mut reading| reading.drafts.remove(0).agency.region_code);
    assert_eq!(region.ok().as_deref(), Some("320106"));
    let never = text()
        .replace(TITLE, "沂源县水利局政府信息公开工作年度报告")
        .replace("2023年", "")
        .replace("2024年1月19日", "");
    assert_eq!(refusal(never.as_bytes()), Some(Code::UnknownYear));
    let hints = Hints { region: Some("999999".into()), ..Hints::default() };
    let unknown = extract::read(text().as_bytes(), &hints).err().map(|error| error.code);
    assert_eq!(unknown, Some(Code::InvalidParameter));
}
