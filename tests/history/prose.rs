//! Numbers in prose: what disagrees beyond doubt is found, what may mean something else is not.

use gongkai::{check::Deadlines, reading, reading::HintArgs};
use serde_json::Value;

use super::report;

/// What is found in the prose of a report that says this.
fn found(says: &str) -> Vec<(String, i64, i64)> {
    let sentence = "我局收到政府信息公开申请10件，连同上年结转1件，办结10件；剩下1件因勘测数据要向设计单位核实，依法延长了期限。";
    let text = report(2022, &[(sentence, says)]);
    let hints = HintArgs::default().hints(None).unwrap();
    let checked = reading::check("-", text.as_bytes(), &hints, &Deadlines::default());
    let checked = serde_json::to_value(checked).unwrap();
    let findings = checked["report"]["findings"].as_array().unwrap_or_else(|| panic!("{checked}"));
    let prose =
        findings.iter().filter(|finding| finding["check"].as_str().unwrap().starts_with("prose."));
    let finding = |finding: &Value| {
        let number = |side: &str| finding[side].as_i64().unwrap();
        assert_eq!(finding["severity"], "warning");
        (finding["check"].as_str().unwrap().to_owned(), number("left"), number("right"))
    };
    prose.map(finding).collect()
}

#[test]
fn a_number_of_requests_that_is_not_the_table_s_is_found() {
    for (says, number) in [
        ("我局收到政府信息公开申请21件。", 21),
        ("2022年，我局共收到政府信息公开申请21件，全部办结。", 21),
        ("2022年度，沭阳县水利局共收到依申请公开21件。", 21),
        ("全年新收到信息公开申请二十一件。", 21),
        ("全年新收政府信息公开申请11件。", 11),
        ("本年度收到21件政府信息公开申请，均已答复。", 21),
        ("自2022年1月1日起至2022年12月31日止，我局收到政府信息公开申请 1,021 宗。", 1_021),
        ("2022年，我局未收到政府信息公开申请。", 0),
        ("全年没有收到信息公开申请，没有行政复议。", 0),
    ] {
        assert_eq!(found(says), [("prose.requests".to_owned(), number, 10)], "{says}");
    }
}

#[test]
fn what_may_mean_other_requests_is_no_finding() {
    for says in [
        "我局收到政府信息公开申请10件。",
        "我局共收到政府信息公开申请11件（含上年结转1件）。",
        "2008年以来，累计收到政府信息公开申请321件。",
        "2021年，我局收到政府信息公开申请15件。",
        "去年同期收到政府信息公开申请15件。",
        "其中，网上收到政府信息公开申请6件，信函4件。",
        "通过政府网站收到政府信息公开申请6件。",
        "1月至6月，我局收到政府信息公开申请6件。",
        "全县收到政府信息公开申请300件。",
        "县政府办公室收到政府信息公开申请6件。",
        "灌区管理所收到政府信息公开申请6件。",
        "我局收到政府信息公开申请近20件。",
        "我局收到政府信息公开申请20余件。",
        "我局收到咨询21件。",
        "我局收到信访投诉21件。",
        "我局受理政府信息公开申请9件。",
        "我局未收到政府信息公开申请行政复议。",
        "未收到书面政府信息公开申请。",
        "未收到因政府信息公开申请引发的诉讼。",
        "我局收到政府信息公开申请6人次。",
        "我局收到自然人政府信息公开申请8件。",
    ] {
        assert_eq!(found(says), [], "{says}");
    }
}

#[test]
fn parts_that_do_not_add_up_to_their_total_are_found() {
    for (says, total, sum) in [
        ("发布信息64条。其中，会议20条，政策23条，财政22条。", 64, 65),
        ("发布信息64条。其中，会议20条，政策23条，财政20条。", 64, 63),
        ("发布信息64条，其中：会议20条、政策23条、财政20条，群众反映良好。", 64, 63),
        ("收到申请的有10件，其中自然人8件，法人1件。", 10, 9),
        ("发布信息六十四条（其中会议二十条，政策二十三条，其他二十条）。", 64, 63),
        ("发布信息1,064条。其中，会议1,000条；政策23条；财政40条。", 1_064, 1_063),
    ] {
        assert_eq!(found(says), [("prose.breakdown".to_owned(), total, sum)], "{says}");
    }
}

#[test]
fn parts_that_may_not_be_the_whole_are_no_finding() {
    for says in [
        "发布信息64条。其中，会议20条，政策23条，财政21条。",
        "发布信息64条。其中，政策解读20条，动态23条。",
        "发布信息64条，其中重点领域20条，占比最大。",
        "发布信息64条，其中网站公开60条，微信公众号20条，公报10条。",
        "发布信息64条，其中会议20条，占比最大，政策23条，财政10条，其他2条。",
        "受理的有749件，其中自然人741件，法人8件；共办理718件，结转31件。",
        "受理的有13件，其中自然人12件、企业1件，办结13件。",
        "发布信息约64条。其中，会议20条，政策23条，财政20条。",
        "发布信息64条，涉及3个领域，其中会议20条，政策23条，财政20条。",
    ] {
        assert_eq!(found(says), [], "{says}");
    }
}

#[test]
fn no_real_report_and_no_sample_has_a_finding_in_its_prose() {
    let folders = [Some(crate::harness::samples()), crate::harness::real_reports()];
    for path in folders.into_iter().flatten().flat_map(|folder| folder.read_dir().unwrap()) {
        let path = path.unwrap().path();
        let hints = HintArgs::default().hints(Some(&path)).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let checked = reading::check("-", &bytes, &hints, &Deadlines::default());
        let findings = checked.report.map(|report| report.findings).unwrap_or_default();
        let prose = findings.iter().filter(|finding| finding.check.starts_with("prose."));
        let said: Vec<&str> = prose.map(|finding| finding.message.as_str()).collect();
        assert_eq!(said, Vec::<&str>::new(), "{}", path.display());
    }
}
