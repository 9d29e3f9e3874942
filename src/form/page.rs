//! A summary -> a page: the form with what the consolidated report says beside each number that differs.

use std::collections::HashMap;

use entity::template::Measure;
use maud::{DOCTYPE, Markup, html};

use super::{
    by_measure,
    layout::{Cell, Content, Table, Text, tables},
    printed, words,
};
use crate::query::summary::{SummaryCell, SummaryView};

/// The formats that the page leads to, by their names.
const FORMATS: [(&str, &str); 5] = [
    ("xlsx", "XLSX"),
    ("json", "JSON"),
    ("csv", "CSV"),
    ("ndjson", "NDJSON"),
    ("parquet", "Parquet"),
];

/// Draws the summary; `address` is where it is answered, without its query.
#[must_use]
pub fn page(summary: &SummaryView, address: &str) -> String {
    let title = words::title(summary);
    let cells = by_measure(summary);
    let content = html! {
        section.whole.lead {
            h1 { (both(&title)) }
            p { (both(&words::parts(summary))) }
            (legend(summary))
            p.note {
                @for (format, name) in FORMATS {
                    a.format href=(format!("{address}?format={format}&as_of={}", summary.data_version)) { (name) }
                }
            }
        }
        @for (number, table) in (2..).zip(tables(summary.template)) {
            section.whole aria-labelledby=(format!("section-{number}")) {
                h2 id=(format!("section-{number}")) { (both(&table.heading)) }
                div.scroll tabindex="0" role="group" aria-labelledby=(format!("section-{number}")) {
                    (drawn(&table, &cells))
                }
            }
        }
        (differences(summary))
        section aria-labelledby="facts" {
            h2 id="facts" { (both(&Text::new("说明", "What it is made of"))) }
            dl.facts {
                @for (name, value) in words::facts(summary) {
                    dt { (both(&name)) }
                    dd { (value.zh) @if value.en != value.zh { span.soft lang="en" { " " (value.en) } } }
                }
            }
        }
    };
    frame(&title, &content).into_string()
}

fn frame(title: &Text, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-Hans" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title.zh) " – gongkai" }
                meta name="description" content=(format!("{}。{}", title.zh, title.en));
                meta name="color-scheme" content="light dark";
                link rel="icon" type="image/svg+xml" href="/assets/favicon.svg";
                link rel="stylesheet" href="/assets/style.css";
            }
            body {
                a.skip href="#main" { "跳到正文 " span lang="en" { "Skip to content" } }
                header.bar {
                    a.brand href="/" {
                        img src="/assets/favicon.svg" alt="" width="24" height="24";
                        "公开 " span lang="en" { "gongkai" }
                    }
                    nav aria-label="主导航 Main" {
                        a href="/docs" { "接口文档 " span lang="en" { "API docs" } }
                        a href="/graphiql" { "查询 " span lang="en" { "Query" } }
                    }
                }
                main id="main" tabindex="-1" { (content) }
                footer.foot {
                    p {
                        "数字为各报告所载之和，金额单位为万元。 "
                        span lang="en" { "Numbers are sums of what the reports print; money is in 10,000 CNY." }
                    }
                }
            }
        }
    }
}

/// A text in both languages.
fn both(text: &Text) -> Markup {
    html! { (text.zh) " " span lang="en" { (text.en) } }
}

fn drawn(table: &Table, cells: &HashMap<Measure, &SummaryCell>) -> Markup {
    let in_row = |row: usize| {
        let mut in_row: Vec<&Cell> = table.cells.iter().filter(|cell| cell.row == row).collect();
        in_row.sort_by_key(|cell| cell.column);
        in_row
    };
    let span = |count: usize| (count > 1).then(|| count.to_string());
    html! {
        table.form {
            tbody {
                @for row in 0..table.rows {
                    tr {
                        @for cell in in_row(row) {
                            @let (rows, columns) = (span(cell.rows), span(cell.columns));
                            @match &cell.content {
                                Content::Head(text) => {
                                    th.head scope=[(cell.columns == 1).then_some("col")] rowspan=[rows] colspan=[columns] { (both(text)) }
                                }
                                Content::Label(text) => {
                                    th scope=[(cell.rows == 1).then_some("row")] rowspan=[rows] colspan=[columns] { (both(text)) }
                                }
                                Content::Number(measure) => (number(cells.get(measure).copied(), rows, columns)),
                            }
                        }
                    }
                }
            }
        }
    }
}

fn number(cell: Option<&SummaryCell>, rows: Option<String>, columns: Option<String>) -> Markup {
    let differs = cell.is_some_and(SummaryCell::differs);
    let unknown = cell.map_or(0, |cell| cell.unknown);
    let reason = cell.and_then(|cell| cell.reason.as_deref());
    html! {
        td.n.differs[differs] rowspan=[rows] colspan=[columns] {
            @match cell.and_then(|cell| cell.value) {
                Some(value) => (printed(value)),
                None => abbr title=[reason] { "–" },
            }
            @if differs {
                small {
                    span aria-hidden="true" { "≠ " }
                    span.out { "汇总报告 consolidated report " }
                    @match cell.and_then(|cell| cell.consolidated) {
                        Some(value) => (printed(value)),
                        None => "–",
                    }
                }
            }
            @if unknown > 0 {
                small {
                    span aria-hidden="true" { "? " }
                    span.out { "未计入的报告 reports left out " }
                    (unknown)
                }
            }
        }
    }
}

/// What stands beside a number.
fn legend(summary: &SummaryView) -> Markup {
    let differs = Text::new(
        "≠ 之后是本地区自己的汇总报告所载之数，与汇总数不同。",
        "After ≠ stands what the region's own consolidated report prints, where it differs.",
    );
    let unknown = Text::new(
        "? 之后是未计入的报告数：其数不能确定，或所用格式与此处含义不同。",
        "After ? stands how many reports are left out, since their number is unknown or their template means something else.",
    );
    let missing = Text::new(
        "– 表示没有数可加：各报告均未填、不能确定、口径不同或没有报告。",
        "– stands where there is no number to add: no report prints it, it is unknown or means something else, or there is no report.",
    );
    let has_unknown = summary.cells.iter().any(|cell| cell.unknown > 0);
    html! {
        p.note {
            @if summary.differences > 0 { (both(&differs)) " " }
            @if has_unknown { (both(&unknown)) " " }
            (both(&missing))
        }
    }
}

/// Where the sum and the consolidated report differ.
fn differences(summary: &SummaryView) -> Markup {
    let Some(report) = &summary.consolidated else { return html! {} };
    let differing: Vec<&SummaryCell> = summary.cells.iter().filter(|cell| cell.differs()).collect();
    let heads = [
        Text::new("单元格", "cell"),
        Text::new("汇总数", "sum"),
        Text::new("汇总报告所载", "consolidated report"),
        Text::new("差额", "difference"),
    ];
    let shown = |number: Option<crate::cells::Quantity>| {
        number.map_or_else(|| "–".to_owned(), |number| printed(number).to_string())
    };
    html! {
        section.whole aria-labelledby="differences" {
            h2 id="differences" { (both(&Text::new("与本地区自己的汇总报告的差异", "Where the region's own consolidated report differs"))) }
            p.note {
                a href=(format!("/api/v1/reports/{}", report.id)) {
                    (report.title.as_deref().unwrap_or(&report.agency.name))
                }
            }
            p { (both(&words::compared(summary))) }
            @if differing.is_empty() {
            } @else {
                div.scroll tabindex="0" role="group" aria-labelledby="differences" {
                    table.form {
                        thead { tr { @for head in &heads { th scope="col" { (both(head)) } } } }
                        tbody {
                            @for cell in differing {
                                tr {
                                    th scope="row" { (both(&Text::new(&cell.label, &cell.label_en))) }
                                    td.n { (shown(cell.value)) }
                                    td.n { (shown(cell.consolidated)) }
                                    td.n { (shown(cell.difference)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
