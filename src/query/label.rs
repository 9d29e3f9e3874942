//! The labels of fields, in Chinese and English: the heads of tables.
//!
//! What the national form names is labelled by the vocabulary; everything else stands here, once.

use entity::{
    indicator::Indicator,
    template::{Code, Measure},
};

use super::Resource;

/// A label in two languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub zh: String,
    pub en: String,
}

impl Label {
    /// The label of a code of the vocabulary.
    #[must_use]
    pub fn of_code<C: Code>(code: &str) -> Option<Self> {
        C::of(code).map(|code| Self::new(code.label(), code.label_en()))
    }

    fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The label of a measure or an indicator.
    fn of_figure(code: &str) -> Option<Self> {
        let measure = code.parse::<Measure>().ok();
        measure
            .map(|measure| Self::new(measure.label(), measure.label_en()))
            .or_else(|| Self::of_code::<Indicator>(code))
    }

    /// The label of a resource's field; `code` names the number in a map of numbers. What is labelled
    /// nowhere keeps its name.
    pub(super) fn of_field<R: Resource>(name: &str, code: Option<&str>) -> Self {
        let figure = code.and_then(Self::of_figure).map(|figure| {
            // Beside the numbers stands what is said of each.
            let beside = BESIDE.iter().find(|(map, ..)| name.starts_with(map));
            let (zh, en) = beside.map_or(("", ""), |(_, zh, en)| (zh, en));
            Self::new(figure.zh + zh, figure.en + en)
        });
        figure
            .or_else(|| R::label(name))
            .or_else(|| {
                let found = LABELS.iter().find(|(known, ..)| *known == name);
                found.map(|(_, zh, en)| Self::new(*zh, *en))
            })
            .unwrap_or_else(|| Self::new(name, name))
    }
}

impl Label {
    /// The label of a resource.
    pub(super) fn of_resource(name: &str) -> Self {
        let found = RESOURCES.iter().find(|(known, ..)| *known == name);
        found.map_or_else(|| Self::new(name, name), |(_, zh, en)| Self::new(*zh, *en))
    }
}

/// Resource, Chinese label, English label.
const RESOURCES: &[(&str, &str, &str)] = &[
    ("regions", "行政区划", "regions"),
    ("agencies", "机关", "agencies"),
    ("years", "报告年度", "report years"),
    ("coverage", "报告情况统计", "coverage"),
    ("search", "检索结果", "search hits"),
    ("summary", "汇总表", "summary"),
    ("expected-reports", "应报报告", "expected reports"),
    ("reports", "报告", "reports"),
    ("revisions", "报告版次", "revisions"),
    ("disclosure-items", "主动公开情况", "disclosure items"),
    ("requests", "收到和处理申请情况", "requests"),
    ("reviews", "行政复议", "administrative reviews"),
    ("lawsuits", "行政诉讼", "lawsuits"),
    ("findings", "核查结果", "findings"),
    ("changes", "更正记录", "changes"),
    ("statistics", "统计", "statistics"),
    ("rankings", "排名", "rankings"),
    ("series", "历年数据", "series"),
    ("differences", "汇总差异", "differences"),
    ("measures", "指标", "measures"),
    ("indicators", "比率指标", "indicators"),
];

/// Maps of what is said of numbers, and what is added to the labels of these.
const BESIDE: [(&str, &str, &str); 2] = [
    ("reasons.", "（无数值的原因）", " (why there is none)"),
    ("unknown.", "（未计入的报告数）", " (reports left out)"),
];

/// Field, Chinese label, English label.
#[rustfmt::skip]
const LABELS: &[(&str, &str, &str)] = &[
    ("id",                  "编号",         "id"),
    ("code",                "代码",         "code"),
    ("name",                "名称",         "name"),
    ("agency_id",           "机关编号",      "agency id"),
    ("agency_name",         "机关名称",      "agency name"),
    ("agency.id",           "机关编号",      "agency id"),
    ("agency.name",         "机关名称",      "agency name"),
    ("agency.region_code",  "行政区划代码",   "region code"),
    ("agency.kind",         "机关类别",      "kind of agency"),
    ("agency.level",        "机关层级",      "level of agency"),
    ("region_code",         "行政区划代码",   "region code"),
    ("parent_code",         "上级行政区划代码", "code of the region it lies in"),
    ("kind",                "类别",         "kind"),
    ("level",               "层级",         "level"),
    ("year",                "报告年度",      "report year"),
    ("report_id",           "报告编号",      "report id"),
    ("template",            "报告格式",      "template"),
    ("scope",               "数据范围",      "scope"),
    ("title",               "标题",         "title"),
    ("published_on",        "发布日期",      "published on"),
    ("revision",            "版次",         "revision"),
    ("row",                 "行",           "row"),
    ("lawsuit",             "诉讼类别",      "kind of lawsuit"),
    ("item",                "事项",         "item"),
    ("amount_printed",      "金额原文",      "amount as printed"),
    ("check",               "核查项",       "check"),
    ("severity",            "程度",         "severity"),
    ("cells",               "涉及单元格",    "cells"),
    ("left",                "左侧合计",      "left side"),
    ("right",               "右侧合计",      "right side"),
    ("message",             "说明（英文）",   "message"),
    ("message_zh",          "说明",         "message in Chinese"),
    ("change",              "变动类别",      "what happened"),
    ("other_report_id",     "相关报告编号",   "other report id"),
    ("measure",             "指标代码",      "measure"),
    ("old_value",           "原数值",       "value before"),
    ("old_state",           "原状态",       "state before"),
    ("new_value",           "现数值",       "value since"),
    ("new_state",           "现状态",       "state since"),
    ("reason",              "原因",         "reason"),
    ("changed_at",          "变动时间",      "changed at"),
    ("data_version",        "数据版本",      "data version"),
    ("from_version",        "起始数据版本",   "from data version"),
    ("from",                "起始时间",      "from"),
    ("until_version",       "终止数据版本",   "until data version"),
    ("until",               "终止时间",      "until"),
    ("ended_by",            "终止原因",      "ended by"),
    ("reports",             "报告数",       "reports"),
    ("missing",             "未报机关数",    "agencies missing"),
    ("late",                "逾期报告数",    "reports late"),
    ("agency_deadline",     "机关截止日期",   "deadline of agencies"),
    ("government_deadline", "政府截止日期",   "deadline of governments"),
    ("label",               "中文名称",      "label in Chinese"),
    ("label_en",            "英文名称",      "label in English"),
    ("unit",                "单位",         "unit"),
    ("type",                "数据类型",      "type"),
    ("is_printed",          "表中列示",      "printed in the form"),
    ("parts",               "组成",         "parts"),
    ("templates",           "适用格式",      "templates"),
    ("article",             "依据条款",      "article"),
    ("group.province.code",  "省份代码",       "code of the province"),
    ("group.province.name",  "省份",         "province"),
    ("group.prefecture.code","地市代码",       "code of the prefecture"),
    ("group.prefecture.name","地市",         "prefecture"),
    ("group.county.code",    "县区代码",       "code of the county"),
    ("group.county.name",    "县区",         "county"),
    ("group.township.code",  "乡镇街道代码",     "code of the township"),
    ("group.township.name",  "乡镇街道",       "township"),
    ("group.year",           "报告年度",       "report year"),
    ("group.kind",           "机关类别",       "kind of agency"),
    ("group.level",          "机关层级",       "level of agency"),
    ("group.template",       "报告格式",       "template"),
    ("region.code",          "行政区划代码",     "region code"),
    ("region.name",          "行政区划",       "region"),
    ("section.number",       "部分序号",       "number of the section"),
    ("section.heading",      "部分标题",       "heading of the section"),
    ("snippet",              "摘录",         "snippet"),
    ("highlights",           "词语位置",       "places of the words in the snippet"),
    ("copied.from",          "雷同来源",       "copied from"),
    ("copied.share",         "雷同比例",       "share copied"),
    ("copied.report_id",     "雷同报告编号",     "id of the other report"),
    ("copied.agency.id",     "雷同报告机关编号",   "id of the other agency"),
    ("copied.agency.name",   "雷同报告机关名称",   "name of the other agency"),
    ("copied.agency.region_code","雷同报告行政区划代码","region code of the other agency"),
    ("copied.agency.kind",   "雷同报告机关类别",   "kind of the other agency"),
    ("copied.agency.level",  "雷同报告机关层级",   "level of the other agency"),
    ("copied.year",          "雷同报告年度",     "year of the other report"),
    ("rank",                 "名次",         "rank"),
    ("value",                "数值",         "value"),
    ("consolidated",         "汇总报告数值",     "in the consolidated report"),
    ("consolidated_state",   "汇总报告单元格状态", "state in the consolidated report"),
    ("difference",           "差额",         "difference"),
    ("numerator",            "分子",         "numerator"),
    ("denominator",          "分母",         "denominator"),
    ("interval",             "置信区间",       "interval"),
    ("unknown",              "未计入的报告数",    "reports left out"),
    ("rollup",               "汇总口径",       "rollup"),
    ("rollup_level",         "汇总层级",       "level of the rollup"),
    ("formula",              "公式",         "formula"),
    ("less",                 "分母扣除项",      "taken from the denominator"),
    ("articles",             "依据条款",       "articles"),
];
