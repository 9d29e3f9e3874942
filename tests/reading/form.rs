//! A report in the national form, rendered in the ways reports are met.

use entity::template::{
    AppealResult, Applicant, Code, Item, ItemMeasure, LawsuitKind, Measure, RequestRow, SECTIONS,
    Template, heads,
};
use gongkai::extract::{
    self,
    draft::{Draft, Hints},
};

/// A cell of a table with its spans.
#[derive(Clone, Debug)]
pub struct Cell {
    pub text: String,
    pub columns: usize,
    pub rows: usize,
}

fn cell(text: impl Into<String>, columns: usize, rows: usize) -> Cell {
    Cell { text: text.into(), columns, rows }
}

pub type Table = Vec<Vec<Cell>>;

/// A report: its title, its paragraphs and its tables.
pub struct Report {
    pub title: String,
    pub preamble: String,
    pub tables: [Table; 3],
    pub signature: Vec<String>,
}

pub const TITLE: &str = "沂源县水利局2023年政府信息公开工作年度报告";

/// A report of 沂源县水利局 with the printed text of every cell.
pub fn report(template: Template, printed: &dyn Fn(Measure) -> String) -> Report {
    Report {
        title: TITLE.into(),
        preamble: "本报告所列数据的统计期限自2023年1月1日始，至2023年12月31日止。（地址：沂源县胜利路；邮编：256100；电话：0533-0000000；电子邮箱：slj@example.com）".into(),
        tables: [disclosure_items(template, printed), requests(template, printed), appeals(printed)],
        signature: vec!["沂源县水利局".into(), "2024年1月19日".into()],
    }
}

fn disclosure_items(template: Template, printed: &dyn Fn(Measure) -> String) -> Table {
    let mut table = Table::new();
    let mut head: (&str, &[ItemMeasure]) = ("", &[]);
    for &item in Item::ALL {
        let measures = item.measures(template);
        let article = item.form().article_item;
        if measures.is_empty() {
            continue;
        }
        if (article, measures) != head {
            if article != head.0 {
                table.push(vec![cell(
                    format!("{}{article}{}", heads::ARTICLE[0], heads::ARTICLE[1]),
                    4,
                    1,
                )]);
            }
            let label = |measure: ItemMeasure| match (measure, item) {
                (ItemMeasure::Decisions, _) if template == Template::T2021 => {
                    "本年处理决定数量".to_owned()
                }
                (ItemMeasure::Amount, Item::CentralizedProcurement) => {
                    "采购总金额（单位：元）".to_owned()
                }
                (ItemMeasure::Amount, _) => "本年收费金额（单位：万元）".to_owned(),
                _ => measure.label().to_owned(),
            };
            table.push(row(
                heads::CONTENT.into(),
                measures.iter().map(|&measure| label(measure)).collect(),
            ));
            head = (article, measures);
        }
        let values =
            measures.iter().map(|&measure| printed(Measure::DisclosureItem(item, measure)));
        table.push(row(item.label().into(), values.collect()));
    }
    table
}

/// A label and values over three columns.
fn row(label: String, values: Vec<String>) -> Vec<Cell> {
    let columns = 3 - (values.len() - 1);
    let last = values.len() - 1;
    let values = values
        .into_iter()
        .enumerate()
        .map(|(index, value)| cell(value, if index == last { columns } else { 1 }, 1));
    std::iter::once(cell(label, 1, 1)).chain(values).collect()
}

fn requests(template: Template, printed: &dyn Fn(Measure) -> String) -> Table {
    let column = |column: Applicant, rows| cell(column.label(), 1, rows);
    let mut organizations = Vec::new();
    let mut second = Vec::new();
    for &applicant in Applicant::ALL {
        if !applicant.form().is_organization {
            second.push(column(applicant, 2));
        } else {
            if organizations.is_empty() {
                second.push(cell(heads::ORGANIZATIONS, 5, 1));
            }
            organizations.push(column(applicant, 1));
        }
    }
    let corner = format!("（{}为：第一项加第二项之和，等于第三项加第四项之和）", heads::IDENTITY);
    let mut table =
        vec![vec![cell(corner, 3, 3), cell(heads::APPLICANTS, 7, 1)], second, organizations];
    let rows: Vec<RequestRow> =
        RequestRow::ALL.iter().copied().filter(|row| row.is_in(template)).collect();
    let results = rows.len() - 3;
    for &row in &rows {
        let form = row.form();
        let mut cells = Vec::new();
        if row == RequestRow::Granted {
            cells.push(cell(format!("三、{}", heads::RESULTS), 1, results));
        }
        let group = form.group.filter(|_| row != RequestRow::Other || template == Template::T2021);
        match group {
            Some(group) => {
                let of_group = rows.iter().filter(|other| other.form().group == Some(group));
                if of_group.clone().next() == Some(&row) {
                    cells.push(cell(
                        format!("{}{}", group.form().mark, group.label()),
                        1,
                        of_group.count(),
                    ));
                }
                cells.push(cell(format!("{}{}", form.mark, row.label()), 1, 1));
            }
            None if row == RequestRow::Other => cells.push(cell("（六）其他处理", 2, 1)),
            None => {
                let columns = if form.is_result || row == RequestRow::Total { 2 } else { 3 };
                cells.push(cell(format!("{}{}", form.mark, row.label()), columns, 1));
            }
        }
        cells.extend(
            Applicant::ALL.iter().map(|&column| cell(printed(Measure::Request(row, column)), 1, 1)),
        );
        table.push(cells);
    }
    table
}

fn appeals(printed: &dyn Fn(Measure) -> String) -> Table {
    let results = |rows| AppealResult::ALL.iter().map(move |result| cell(result.label(), 1, rows));
    let kinds = LawsuitKind::ALL;
    let second = results(2).chain(kinds.iter().map(|kind| cell(kind.label(), 5, 1))).collect();
    let third = kinds.iter().flat_map(|_| results(1)).collect();
    let reviews = AppealResult::ALL.iter().map(|&result| Measure::Review(result));
    let lawsuits = kinds.iter().flat_map(|&kind| {
        AppealResult::ALL.iter().map(move |&result| Measure::Lawsuit(kind, result))
    });
    let numbers = reviews.chain(lawsuits).map(|measure| cell(printed(measure), 1, 1)).collect();
    vec![vec![cell(heads::REVIEWS, 5, 1), cell(heads::LAWSUITS, 10, 1)], second, third, numbers]
}

/// A table with its spans filled by blanks.
pub fn padded(table: &Table) -> Vec<Vec<String>> {
    let mut grid: Vec<Vec<Option<String>>> = vec![Vec::new(); table.len()];
    for (index, row) in table.iter().enumerate() {
        let mut column = 0;
        for cell in row {
            while grid[index].get(column).is_some_and(Option::is_some) {
                column += 1;
            }
            for (down, line) in grid.iter_mut().skip(index).take(cell.rows).enumerate() {
                for right in 0..cell.columns {
                    if line.len() <= column + right {
                        line.resize(column + right + 1, None);
                    }
                    let text = if down + right == 0 { cell.text.clone() } else { String::new() };
                    line[column + right] = Some(text);
                }
            }
        }
    }
    grid.into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default).collect()).collect()
}

/// A table whose spans are dropped: blanks below a spanned cell remain, those beside it do not.
pub fn ragged(table: &Table) -> Vec<Vec<String>> {
    const BESIDE: &str = "\u{0}";
    let mut marked = table.clone();
    for cell in marked.iter_mut().flatten() {
        cell.text = cell.text.replace(BESIDE, "");
    }
    let wide: Table = marked
        .into_iter()
        .map(|row| {
            let apart = row.into_iter().flat_map(|cell| {
                let beside = (1..cell.columns).map(move |_| Cell {
                    text: BESIDE.into(),
                    columns: 1,
                    rows: cell.rows,
                });
                std::iter::once(Cell { columns: 1, ..cell }).chain(beside)
            });
            apart.collect()
        })
        .collect();
    let rows = padded(&wide).into_iter();
    rows.map(|row| row.into_iter().filter(|cell| cell != BESIDE).collect()).collect()
}

/// A table whose spans are dropped by someone who did not see what they spanned.
pub fn shifted(table: &Table) -> Vec<Vec<String>> {
    let narrow: Table = table
        .iter()
        .map(|row| row.iter().map(|cell| Cell { columns: 1, ..cell.clone() }).collect())
        .collect();
    padded(&narrow)
}

/// A table whose spans are dropped, and what they covered with them: each row has its own cells only.
pub fn narrow(table: &Table) -> Vec<Vec<String>> {
    table.iter().map(|row| row.iter().map(|cell| cell.text.clone()).collect()).collect()
}

impl Report {
    /// The report with a rendering of its tables.
    pub fn text(&self, render: &dyn Fn(&Table) -> String) -> String {
        let mut text = format!("{}\n\n{}\n", self.title, self.preamble);
        for section in &SECTIONS {
            let number = ["一", "二", "三", "四", "五", "六"]
                [usize::try_from(section.number).unwrap_or(1) - 1];
            text += &format!("{number}、{}\n", section.heading);
            match section.number {
                number @ 2..=4 => {
                    text += &render(&self.tables[usize::try_from(number).unwrap_or(2) - 2])
                }
                _ => text += &format!("这是第{number}部分的文字。\n"),
            }
        }
        for line in &self.signature {
            text += &format!("{line}\n");
        }
        text
    }

    /// The report as a page.
    pub fn html(&self, render: &dyn Fn(&Table) -> String) -> String {
        let text = self.text(&|table| format!("{}\n", render(table).replace('\n', " ")));
        let lines = text.lines().filter(|line| !line.is_empty());
        let body: String = lines
            .map(|line| {
                if line.starts_with("<table") {
                    line.to_owned()
                } else {
                    format!("<p>{line}</p>\n")
                }
            })
            .collect();
        format!(
            "<html><head><meta charset=\"utf-8\"><title>{}</title></head><body>{body}</body></html>",
            self.title
        )
    }
}

/// A table in HTML, its cells' text written by `write`.
pub fn html_table(table: &Table, write: &dyn Fn(&str) -> String) -> String {
    let mut html = String::from("<table border=1>");
    for row in table {
        html += "<tr>";
        for cell in row {
            html += &format!(
                "<td colspan=\"{}\" rowspan=\"{}\">{}</td>",
                cell.columns,
                cell.rows,
                write(&cell.text)
            );
        }
        html += "</tr>";
    }
    html + "</table>"
}

/// Rows between bars.
pub fn bars(rows: &[Vec<String>], has_rule: bool) -> String {
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        text += &format!("| {} |\n", row.join(" | "));
        if index == 0 && has_rule {
            text += &format!("|{}\n", "---|".repeat(row.len()));
        }
    }
    text
}

/// Reads a text as a report.
pub fn read(text: &str) -> Draft {
    read_bytes(text.as_bytes())
}

pub fn read_bytes(bytes: &[u8]) -> Draft {
    match extract::read(bytes, &Hints::default()) {
        Ok(mut reading) => reading.drafts.remove(0),
        Err(error) => panic!("{error}\n{}", String::from_utf8_lossy(bytes)),
    }
}

/// Every cell of a template whose printed text was not read as the same number.
pub fn differences(
    template: Template,
    printed: &dyn Fn(Measure) -> String,
    draft: &Draft,
) -> Vec<String> {
    let cells = Measure::cells().iter().filter(|cell| cell.is_in(template));
    cells
        .filter_map(|&measure| {
            let cell = draft.cells.get(measure);
            let expected = printed(measure);
            let is_same = match cell.value {
                Some(value) => {
                    value.to_string() == expected
                        || (measure.is_amount() && value.is_zero() == (expected == "0"))
                }
                None => expected.parse::<i64>().is_err(),
            };
            (!is_same).then(|| format!("{measure}: {expected:?} was read as {cell:?}"))
        })
        .collect()
}
