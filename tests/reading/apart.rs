//! Tables that conversions took apart: numbers away from their labels, pages inside tables, one table for
//! the whole report, no tables at all.

use entity::template::{Applicant, CellState, Code, Measure, RequestRow, SECTIONS, Template};
use gongkai::extract::draft::Draft;

use super::form::{self, Table, bars, html_table, padded, ragged, read, report};

/// A row that adds up: as many natural persons as the row's number in the form.
fn summed(measure: Measure) -> String {
    match measure {
        Measure::Request(row, Applicant::NaturalPerson | Applicant::Total) => {
            row.number().to_string()
        }
        _ => "0".into(),
    }
}

fn codes(draft: &Draft) -> Vec<&str> {
    draft.notes.iter().map(|note| note.code.as_str()).collect()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

/// The rows with their labels first and their numbers behind, `run` labels at a time.
fn detached(table: &Table, run: usize) -> String {
    let mut text = String::new();
    let (mut labels, mut numbers) = (Vec::new(), Vec::new());
    let end = |labels: &mut Vec<Vec<String>>, numbers: &mut Vec<Vec<String>>| {
        let text = bars(labels, false) + &bars(numbers, false);
        labels.clear();
        numbers.clear();
        text
    };
    for row in ragged(table) {
        let (values, label): (Vec<String>, Vec<String>) =
            row.into_iter().partition(|cell| is_number(cell));
        if values.len() != Applicant::ALL.len() {
            text += &bars(&[label], false);
            continue;
        }
        labels.push(label);
        numbers.push(values);
        if labels.len() == run {
            text += &end(&mut labels, &mut numbers);
        }
    }
    text + &end(&mut labels, &mut numbers)
}

#[test]
fn bare_rows_are_put_beside_their_labels_where_they_are_as_many() {
    for template in [Template::T2019, Template::T2021] {
        let report = report(template, &summed);
        for run in [1, 3, 100] {
            let is_matrix = |table: &Table| table.len() > 20;
            let text = report.text(&|table| {
                if is_matrix(table) { detached(table, run) } else { bars(&padded(table), true) }
            });
            let draft = read(&text);
            let differences = form::differences(template, &summed, &draft);
            assert!(differences.is_empty(), "{run}: {differences:#?}\n{:#?}\n{text}", draft.notes);
        }
    }
}

#[test]
fn bare_rows_that_are_more_or_fewer_than_their_labels_are_not_read() {
    let report = report(Template::T2021, &summed);
    let text = report.text(&|table| {
        if table.len() > 20 { detached(table, 100) } else { bars(&padded(table), true) }
    });
    let bare = "| 3 | 0 | 0 | 0 | 0 | 0 | 3 |\n";
    for damaged in [text.replacen(bare, "", 1), text.replacen(bare, &bare.repeat(2), 1)] {
        let draft = read(&damaged);
        for &row in RequestRow::ALL {
            let state = draft.cells.get(Measure::Request(row, Applicant::Total)).state;
            assert_eq!(state, CellState::Ambiguous, "{row}");
        }
    }
    // A bare row before the first label would move all numbers by one.
    let report = self::report(Template::T2021, &summed);
    let text = report.text(&|table| {
        if table.len() > 20 { detached(table, 1) } else { bars(&padded(table), true) }
    });
    let first = text.find("| 一、本年新收").unwrap_or_default();
    let draft = read(&format!("{}{bare}{}", &text[..first], &text[first..]));
    let state = draft.cells.get(Measure::Request(RequestRow::Received, Applicant::Total)).state;
    assert_eq!(state, CellState::Ambiguous);
}

#[test]
fn numbers_of_pages_inside_tables_are_no_cells() {
    for template in [Template::T2019, Template::T2021] {
        let report = report(template, &summed);
        for footer in ["-3-", "— 4 —", "第 5 页"] {
            let text = report.text(&|table| {
                let mut rows = padded(table);
                let width = rows.last().map_or(1, Vec::len);
                let mut blank = vec![String::new(); width];
                blank[0] = footer.into();
                rows.insert(rows.len() - 1, blank);
                bars(&rows, true)
            });
            let draft = read(&text);
            let differences = form::differences(template, &summed, &draft);
            assert!(differences.is_empty(), "{footer}: {differences:#?}");
            assert!(draft.notes.is_empty(), "{footer}: {:#?}", draft.notes);
        }
    }
}

#[test]
fn one_table_that_holds_the_whole_report_is_taken_apart() {
    let report = report(Template::T2021, &summed);
    let row = |text: &str| format!("<tr><td colspan=15>{text}</td></tr>");
    let mut rows = String::new();
    for section in &SECTIONS {
        let number =
            ["一", "二", "三", "四", "五", "六"][usize::from(section.number.unsigned_abs()) - 1];
        rows += &row(&format!("{number}、{}", section.heading));
        match section.number {
            number @ 2..=4 => {
                let table = html_table(
                    &report.tables[usize::from(number.unsigned_abs()) - 2],
                    &str::to_owned,
                );
                rows += table.trim_start_matches("<table border=1>").trim_end_matches("</table>");
            }
            number => {
                rows +=
                    &row(&format!("这是第{number}部分的文字，比一个标签长得多，并且以句号结束。"))
            }
        }
    }
    for page in [
        format!(
            "<p>{}</p><p>{}</p><table>{rows}</table><p>沂源县水利局</p><p>2024年1月19日</p>",
            report.title, report.preamble
        ),
        format!(
            "<table>{}{}{rows}{}{}</table>",
            row(&report.title),
            row(&report.preamble),
            row("沂源县水利局"),
            row("2024年1月19日")
        ),
    ] {
        let draft = read(&page);
        let differences = form::differences(Template::T2021, &summed, &draft);
        assert!(differences.is_empty(), "{differences:#?}\n{:#?}", draft.notes);
        assert_eq!(draft.sections.len(), 6, "{:#?}", draft.sections);
        assert_eq!(draft.sections[5].text, "这是第6部分的文字，比一个标签长得多，并且以句号结束。");
    }
}

#[test]
fn tables_that_are_pictures_leave_a_report_of_prose() {
    let report = report(Template::T2021, &summed);
    let draft = read(&report.html(&|_| "<img src=\"table.png\">".into()));
    assert!(draft.cells.is_empty());
    assert_eq!(draft.template, None);
    assert_eq!(codes(&draft), ["missing_table"]);
    let headings: Vec<&str> =
        draft.sections.iter().map(|section| section.heading.as_str()).collect();
    assert_eq!(headings, SECTIONS.iter().map(|section| section.heading).collect::<Vec<_>>());
    // One picture among them.
    let draft = read(&report.html(&|table| {
        if table.len() > 20 {
            "<img src=\"table.png\">".into()
        } else {
            html_table(table, &str::to_owned)
        }
    }));
    assert_eq!(draft.cells.request_rows().count(), 0);
    assert!(codes(&draft).contains(&"missing_table"));
}

#[test]
fn preformatted_tables_are_read() {
    let report = report(Template::T2021, &summed);
    let text = report.text(&|table| bars(&padded(table), false));
    let page = format!("<html><body><pre>{text}</pre></body></html>");
    let differences = form::differences(Template::T2021, &summed, &read(&page));
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn labels_are_known_with_the_letters_conversions_lose() {
    let report = report(Template::T2021, &summed);
    let text = report.text(&|table| bars(&padded(table), true));
    for (printed, met) in [
        ("属于国家秘密", "属于国家机密"),
        ("其他法律行政法规禁止公开", "其他法律行政止公开"),
        ("本年废止件数", "本年废纸件数"),
        ("行政规范性文件", "规范性文件"),
        ("三、收到和处理", "三三、收到和处理"),
        ("第二十条第（一）项", "第二十条 第（一）项"),
        ("1.属于", "1、属于"),
        ("2.重复", "2. 重复"),
        ("5.要求", "5要求"),
        ("（六）其他处理", "(六) 其他"),
        ("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "1.逾期不补正"),
        ("总体情况", "政府信息公开工作的基本情况"),
        ("主动公开政府信息情况", "主动公开政府信息的情况"),
        (
            "政府信息公开行政复议、行政诉讼情况",
            "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        ),
        ("存在的主要问题及改进情况", "存在问题及改进情况"),
        ("四、政府信息", "## 二、政府信息"),
        ("三、收到和处理政府信息公开申请情况\n", ""),
        ("五、存在", "### 一、存在"),
    ] {
        assert!(text.contains(printed), "{printed}");
        let draft = read(&text.replace(printed, met));
        let differences = form::differences(Template::T2021, &summed, &draft);
        assert!(differences.is_empty(), "{met}: {differences:#?}\n{:#?}", draft.notes);
    }
}

#[test]
fn a_report_of_2021_with_the_one_row_of_2019_is_read() {
    let mut report = report(Template::T2021, &summed);
    let at = |report: &form::Report, label: &str| {
        let has = |row: &Vec<form::Cell>| row.iter().any(|cell| cell.text.contains(label));
        report.tables[1].iter().position(has).unwrap_or_default()
    };
    let first = at(&report, "逾期不补正");
    let last = at(&report, "（七）");
    report.tables[1].drain(first..last);
    let cell = |text: &str, columns| form::Cell { text: text.into(), columns, rows: 1 };
    let values = ["4", "0", "0", "0", "0", "0", "4"].map(|value| cell(value, 1));
    let row = std::iter::once(cell("（六）其他处理", 2)).chain(values).collect();
    report.tables[1].insert(first, row);
    // The bar beside the results is two rows shorter.
    for cell in
        report.tables[1].iter_mut().flatten().filter(|cell| cell.text.contains("本年度办理结果"))
    {
        cell.rows -= 2;
    }
    let draft = read(&report.html(&|table| html_table(table, &str::to_owned)));
    assert_eq!(draft.template, Some(Template::T2021));
    let value = |row| {
        draft
            .cells
            .get(Measure::Request(row, Applicant::Total))
            .value
            .map(|value| value.to_string())
    };
    assert_eq!(value(RequestRow::Other).as_deref(), Some("4"));
    assert_eq!(value(RequestRow::Total).as_deref(), Some("24"));
    assert_eq!(value(RequestRow::FeeUnpaid), None);
    let missing = draft.notes.iter().filter(|note| note.code == "missing_row").count();
    assert_eq!(missing, 2, "{:#?}", draft.notes);
}

#[test]
fn lists_of_indicators_before_2019_give_no_cells() {
    let text = "沂源县水利局2017年政府信息公开工作年度报告\n\
        一、概述\n2017年，我局认真落实条例。\n二、主动公开政府信息情况\n全年主动公开138条。\n\
        三、依申请公开政府信息情况\n本年收到申请3件。\n四、因政府信息公开申请行政复议、提起行政诉讼情况\n无。\n\
        五、存在的主要问题及改进情况\n加强培训。\n六、附表\n\
        | 指标名称 | 单位 | 2017年度 | 历年累计 |\n|---|---|---|---|\n\
        | 主动公开信息数 | 条 | 138 | 1024 |\n| 收到申请总数 | 条 | 3 | 12 |\n| 行政复议 | 件 | 1 | 2 |\n\
        | 行政许可 | 件 | 7 | 9 |\n沂源县水利局\n2018年3月1日\n";
    let draft = read(text);
    assert_eq!((draft.year, draft.template), (2017, None));
    assert!(draft.cells.is_empty(), "{:#?}", draft.cells);
    assert_eq!(draft.sections.len(), 5);
}

#[test]
fn a_head_that_changed_places_with_a_rows_label_is_no_head() {
    for template in [Template::T2019, Template::T2021] {
        let text = report(template, &summed).text(&|table| {
            ragged(table)
                .iter()
                .map(|row| row.iter().map(|cell| format!("\t{cell}\n")).collect::<String>() + "\n")
                .collect()
        });
        let swapped = text
            .replace("\t自然人\n", "\t@\n")
            .replacen("\t（七）总计\n", "\t自然人\n", 1)
            .replacen("\t@\n", "\t（七）总计\n", 1);
        assert_ne!(swapped, text);
        let draft = read(&swapped);
        for &measure in Measure::cells() {
            let value = draft.cells.get(measure).value;
            assert!(
                value.is_none_or(|value| value.decimal().to_string() == summed(measure)),
                "{measure}: {value:?}"
            );
        }
    }
}
