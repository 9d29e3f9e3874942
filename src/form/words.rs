//! What is said around the form: whose it is, what it is made of.

use entity::template::{Code, Level, Scope, Template};

use super::layout::Text;
use crate::{query::summary::SummaryView, regions};

/// The title of the summary.
pub fn title(summary: &SummaryView) -> Text {
    let (region, year) = (regions::full_name(&summary.region.code), summary.year);
    Text::new(
        format!("{region}{year}年政府信息公开工作年度报告汇总表"),
        format!("{region}: annual reports on open government information of {year}, added up"),
    )
}

/// What is added up, in a sentence.
pub fn parts(summary: &SummaryView) -> Text {
    let taken = summary.coverage.taken.iter();
    let (zh, en): (Vec<String>, Vec<String>) = taken
        .map(|(what, count)| match Level::of(what) {
            Some(level) => (
                format!("{}汇总报告{count}份", level.label()),
                format!("{count} consolidated of {} level", level.label_en()),
            ),
            None => (
                format!("{}报告{count}份", Scope::Own.label()),
                format!("{count} of agencies on their own numbers"),
            ),
        })
        .unzip();
    let count = summary.coverage.reports;
    if count == 0 {
        return Text::new("没有可汇总的报告", "there is no report to add up");
    }
    Text::new(
        format!("由下列报告汇总，不重复计算，共{count}份：{}", zh.join("，")),
        format!("added up from {count} reports, none counted twice: {}", en.join(", ")),
    )
}

/// Names and values that say what the summary covers.
pub fn facts(summary: &SummaryView) -> Vec<(Text, Text)> {
    let count = |count: u64| Text::new(count.to_string(), count.to_string());
    let mut facts = vec![
        (Text::new("行政区划代码", "region code"), same(&summary.region.code)),
        (Text::new("报告年度", "report year"), same(&summary.year.to_string())),
        (Text::new("报告格式", "template"), of(summary.template)),
        (Text::new("汇总的报告", "reports added up"), parts(summary)),
    ];
    for (template, reports) in summary.templates.iter() {
        let name = Template::of(template)
            .map_or_else(|| Text::new("没有全国统一表格", "without the national tables"), of);
        facts.push((
            Text::new(format!("其中：{}", name.zh), format!("of these: {}", name.en)),
            count(*reports),
        ));
    }
    let coverage = &summary.coverage;
    facts.extend([
        (
            Text::new("未计入的报告（避免重复）", "reports left out, so that none counts twice"),
            count(coverage.excluded),
        ),
        (
            Text::new(
                "往年报过而本年未见的机关",
                "agencies that reported before and not on this year",
            ),
            count(coverage.missing),
        ),
        (Text::new("数据版本", "data version"), same(&summary.data_version)),
    ]);
    let consolidated = match &summary.consolidated {
        None => Text::new("没有", "none"),
        Some(report) => {
            let title = report.title.clone().unwrap_or_else(|| report.agency.name.clone());
            Text::new(
                format!("{title}（第{}版，编号{}）", report.revision, report.id),
                format!("{title} (revision {}, id {})", report.revision, report.id),
            )
        }
    };
    facts.push((
        Text::new("本地区自己的汇总报告", "the region's own consolidated report"),
        consolidated,
    ));
    if summary.consolidated.is_some() {
        facts.push((Text::new("两者的比较", "the two compared"), compared(summary)));
    }
    facts
}

/// How many cells were compared with the region's own consolidated report, and how many differ.
#[must_use]
pub fn compared(summary: &SummaryView) -> Text {
    let SummaryView { compared, differences, .. } = summary;
    match (compared, differences) {
        (0, _) => Text::new("没有可以比较的单元格。", "No cell could be compared."),
        (compared, 0) => Text::new(
            format!("可以比较的{compared}个单元格没有不同。"),
            format!("The {compared} cells that could be compared do not differ."),
        ),
        (compared, differences) => Text::new(
            format!("可以比较的{compared}个单元格中，有{differences}个不同。"),
            format!("Of {compared} cells that could be compared, {differences} differ."),
        ),
    }
}

fn of(template: Template) -> Text {
    Text::new(template.label(), template.label_en())
}

fn same(text: &str) -> Text {
    Text::new(text, text)
}
