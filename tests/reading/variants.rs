//! The same report in the ways reports are met reads as the same numbers.

use entity::template::{
    Applicant, CellState, Code, Measure, RequestRow, Scope, Severity, Template,
};
use gongkai::{
    cells::Cells,
    cells::Quantity,
    check,
    extract::{self, draft::Hints},
};

use super::form::{
    self, Table, bars, html_table, padded, ragged, read, read_bytes, report, shifted,
};

/// A number for each cell, all of them different.
fn number(measure: Measure) -> String {
    let at = Measure::cells().iter().position(|cell| *cell == measure).unwrap_or_default();
    (at + 1).to_string()
}

/// The same, but for what has states of its own.
fn sparse(measure: Measure) -> String {
    match measure {
        Measure::Request(_, column) if column.form().is_organization => String::new(),
        Measure::Request(RequestRow::Repeated, _) => "/".into(),
        Measure::Request(RequestRow::CarriedOverOut, _) => "—".into(),
        measure => number(measure),
    }
}

fn lines(rows: &[Vec<String>], indent: &str, between: &str) -> String {
    let rows = rows
        .iter()
        .map(|row| row.iter().map(|cell| format!("{indent}{cell}\n")).collect::<String>());
    rows.collect::<Vec<_>>().join(between) + between
}

fn plain(text: &str) -> String {
    text.to_owned()
}

type Render = fn(&Table) -> String;

/// Renderings that keep blank cells.
fn renderings() -> Vec<(&'static str, Render)> {
    vec![
        ("bars, spans padded", |table| bars(&padded(table), false)),
        ("bars with a rule", |table| bars(&padded(table), true)),
        ("bars, spans dropped", |table| bars(&ragged(table), false)),
        ("bars, cells shifted", |table| bars(&shifted(table), false)),
        ("bars with padding at the end", |table| {
            let rows: Vec<_> = ragged(table)
                .into_iter()
                .map(|row| [row, vec![String::new(); 2]].concat())
                .collect();
            bars(&rows, false)
        }),
        ("bars behind cells only", |table| {
            ragged(table).iter().map(|row| row.join(" | ") + " |\n").collect()
        }),
        ("cells behind tabs", |table| lines(&ragged(table), "\t", "\n")),
        ("rows with tabs", |table| padded(table).iter().map(|row| row.join("\t") + "\n").collect()),
    ]
}

#[test]
fn text_reads_the_same_however_its_tables_are_written() {
    for template in [Template::T2019, Template::T2021] {
        for printed in [number as fn(Measure) -> String, sparse] {
            let report = report(template, &printed);
            for (name, render) in renderings() {
                let text = report.text(&render);
                let draft = read(&text);
                // Amounts have units of their own; a test below reads them.
                let differences =
                    form::differences(template, &|cell| without_amounts(cell, printed), &draft);
                assert!(
                    differences.is_empty(),
                    "{name}, {template}: {differences:#?}\n{:#?}\n{text}",
                    draft.notes
                );
                assert_eq!(draft.template, Some(template), "{name}");
                assert!(draft.notes.is_empty(), "{name}, {template}: {:#?}\n{text}", draft.notes);
                assert_eq!(draft.sections.len(), 6, "{name}");
                assert_eq!(draft.sections[1].text, "", "{name}");
            }
        }
    }
}

fn without_amounts(measure: Measure, printed: fn(Measure) -> String) -> String {
    match (measure.is_amount(), printed(measure).parse::<i64>()) {
        (true, Ok(number)) if measure.code().contains("fees") => format!("{}.00", number * 10_000),
        (true, Ok(number)) => format!("{number}.00"),
        _ => printed(measure),
    }
}

#[test]
fn lines_without_tabs_are_read_where_no_cell_is_blank() {
    let report = report(Template::T2021, &number);
    for between in ["", "\n"] {
        let draft = read(&report.text(&|table| {
            let rows: Vec<Vec<String>> = ragged(table)
                .into_iter()
                .map(|row| row.into_iter().filter(|cell| !cell.is_empty()).collect())
                .collect();
            lines(&rows, "", between)
        }));
        let differences =
            form::differences(Template::T2021, &|cell| without_amounts(cell, number), &draft);
        assert!(differences.is_empty(), "{differences:#?}\n{:#?}", draft.notes);
    }
}

#[test]
fn pages_read_the_same_however_they_are_marked_up() {
    let split = |text: &str| {
        let half = text.char_indices().nth(1).map_or(text.len(), |(at, _)| at);
        format!("<p><span>{}</span><font>{}<o:p></o:p></font></p>", &text[..half], &text[half..])
    };
    let broken = |text: &str| match text.char_indices().nth(2) {
        Some((at, _)) if !text.contains(|c: char| c.is_ascii_digit()) => {
            format!("<p>{}</p><p>&nbsp;{}</p>", &text[..at], &text[at..])
        }
        _ => format!("&nbsp;{text}<br>"),
    };
    let layout = |table: &Table| {
        format!("<table><tr><td></td><td></td><td>{}</td></tr></table>", html_table(table, &plain))
    };
    type Render = Box<dyn Fn(&Table) -> String>;
    let renderings: Vec<(&str, Render)> = vec![
        ("plain", Box::new(|table| html_table(table, &plain))),
        ("split words", Box::new(move |table| html_table(table, &split))),
        ("broken words", Box::new(move |table| html_table(table, &broken))),
        ("in a layout table", Box::new(layout)),
        (
            "spans dropped",
            Box::new(|table| {
                let rows = ragged(table).into_iter().map(|row| {
                    row.into_iter().map(|cell| format!("<td>{cell}</td>")).collect::<String>()
                });
                format!(
                    "<table>{}</table>",
                    rows.map(|row| format!("<tr>{row}</tr>")).collect::<String>()
                )
            }),
        ),
        ("twice on the page", Box::new(|table| html_table(table, &plain).repeat(2))),
    ];
    for template in [Template::T2019, Template::T2021] {
        let report = report(template, &sparse);
        for (name, render) in &renderings {
            let page = report.html(render);
            let draft = read(&page);
            let differences =
                form::differences(template, &|cell| without_amounts(cell, sparse), &draft);
            assert!(
                differences.is_empty(),
                "{name}, {template}: {differences:#?}\n{:#?}\n{page}",
                draft.notes
            );
            assert!(draft.notes.is_empty(), "{name}: {:#?}", draft.notes);
            assert_eq!(
                draft.published_on.map(|date| date.to_string()).as_deref(),
                Some("2024-01-19"),
                "{name}"
            );
        }
    }
}

#[test]
fn the_document_is_told_whole() {
    let draft =
        read(&report(Template::T2021, &|_| "0".into()).text(&|table| bars(&padded(table), true)));
    assert_eq!(draft.agency.name, "沂源县水利局");
    assert_eq!(draft.agency.own_name, "水利局");
    assert_eq!(draft.agency.region_code, "370323");
    assert_eq!((draft.year, draft.scope), (2023, Scope::Own));
    assert_eq!(draft.agency.contact.telephone.as_deref(), Some("0533-0000000"));
    assert_eq!(draft.sections[5].text, "这是第六部分的文字。");
    assert_eq!(check::check(&draft, &check::Deadlines::default()), []);
}

#[test]
fn any_encoding_is_read_whatever_is_declared() {
    let page = report(Template::T2021, &number).html(&|table| html_table(table, &plain));
    // Where it stands depends on the encoding; what stands there does not.
    let printed = |cells: &Cells| {
        let cells = cells.iter().map(|(measure, cell)| (measure, cell.value, cell.printed.clone()));
        cells.collect::<Vec<_>>()
    };
    let expected = printed(&read(&page).cells);
    let gb18030 = |page: &str| encoding_rs::GB18030.encode(page).0.into_owned();
    let utf16: Vec<u8> =
        std::iter::once(0xFEFF).chain(page.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let encodings = [
        page.replace("utf-8", "gb2312").into_bytes(),
        [b"\xEF\xBB\xBF", page.replace("utf-8", "gb2312").as_bytes()].concat(),
        gb18030(&page.replace("utf-8", "gb2312")),
        gb18030(&page),
        gb18030(&page.replace("utf-8", "big5")),
        gb18030(&page.replace("沂源县胜利路", "沂源县胜利路㛃")),
        utf16,
    ];
    for (index, bytes) in encodings.iter().enumerate() {
        assert_eq!(printed(&read_bytes(bytes).cells), expected, "encoding {index}");
    }
}

#[test]
fn what_is_not_known_is_noted_and_never_forced() {
    let mut strange = report(Template::T2021, &number);
    let [_, requests, _] = &mut strange.tables;
    let values = (0..7).map(|_| form::Cell { text: "5".into(), columns: 1, rows: 1 });
    requests.push(
        std::iter::once(form::Cell { text: "五、另行统计".into(), columns: 3, rows: 1 })
            .chain(values)
            .collect(),
    );
    let granted = requests
        .iter()
        .position(|row| row.iter().any(|cell| cell.text.contains("部分公开")))
        .unwrap_or_default();
    requests[granted].pop();
    let draft = read(&strange.text(&|table| bars(&padded(table), true)));
    let codes: Vec<&str> = draft.notes.iter().map(|note| note.code.as_str()).collect();
    assert!(codes.contains(&"unknown_row"), "{:#?}", draft.notes);
    assert!(codes.contains(&"unsplit_row"), "{:#?}", draft.notes);
    let state =
        |column| draft.cells.get(Measure::Request(RequestRow::PartiallyGranted, column)).state;
    assert!(Applicant::ALL.iter().all(|&column| state(column) == CellState::Ambiguous));
}

/// A row that adds up: two natural persons and an enterprise.
fn summed(measure: Measure) -> String {
    match measure {
        Measure::Request(_, Applicant::NaturalPerson) => "2".into(),
        Measure::Request(_, Applicant::CommercialEnterprise) => "1".into(),
        Measure::Request(_, Applicant::Total) => "3".into(),
        _ => "0".into(),
    }
}

#[test]
fn a_row_that_lost_a_cell_and_was_padded_at_its_end_is_not_read_shifted() {
    let whole = report(Template::T2021, &summed);
    let text = whole.text(&|table| bars(&padded(table), true));
    assert_eq!(text.matches("| 2 | 1 | 0 | 0 | 0 | 0 | 3 |").count(), RequestRow::ALL.len());
    let draft =
        read(&text.replacen("| 2 | 1 | 0 | 0 | 0 | 0 | 3 |", "| 2 | 1 | 0 | 0 | 0 | 3 |  |", 1));
    let state = |row, column| draft.cells.get(Measure::Request(row, column)).state;
    for &column in Applicant::ALL {
        assert_eq!(state(RequestRow::Received, column), CellState::Ambiguous);
        assert_eq!(state(RequestRow::CarriedOverIn, column), CellState::Reported);
    }
}

#[test]
fn columns_in_another_order_are_read_by_their_heads() {
    let mut report = report(Template::T2021, &number);
    for row in &mut report.tables[1] {
        let at = row.len().saturating_sub(7);
        if row.len() >= 8 {
            row[at..].rotate_right(1);
        }
    }
    // The heads: the total first, then the others.
    report.tables[1][1].rotate_right(1);
    let table = html_table(&report.tables[1], &plain);
    let page =
        report.html(&|rows| if rows.len() > 20 { table.clone() } else { html_table(rows, &plain) });
    let draft = read(&page);
    let differences =
        form::differences(Template::T2021, &|cell| without_amounts(cell, number), &draft);
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn an_identity_that_fails_is_found_with_both_sides() {
    let draft = read(
        &report(Template::T2021, &|measure| match measure {
            Measure::Request(RequestRow::Received, Applicant::NaturalPerson | Applicant::Total) => {
                "3".into()
            }
            _ => "0".into(),
        })
        .text(&|table| bars(&padded(table), true)),
    );
    let findings = check::check(&draft, &check::Deadlines::default());
    assert_eq!(findings.len(), 2);
    assert!(
        findings
            .iter()
            .all(|finding| finding.check == "requests.flow" && finding.severity == Severity::Error)
    );
    assert_eq!(
        findings[0].left.zip(findings[0].right),
        Some((Quantity::Count(3), Quantity::Count(0)))
    );
    insta::assert_snapshot!(findings[0].message, @"new requests received this year: natural persons (3) + carried over from the year before: natural persons (0) is 3, but all results: natural persons (0) + carried over to the next year: natural persons (0) is 0");
    insta::assert_snapshot!(findings[0].message_zh, @"本年新收政府信息公开申请数量：自然人（3）+ 上年结转政府信息公开申请数量：自然人（0）为3，而总计：自然人（0）+ 结转下年度继续办理：自然人（0）为0");
}

#[test]
fn how_much_could_be_checked_is_told() {
    let read = |printed: &dyn Fn(Measure) -> String| {
        let draft =
            read(&report(Template::T2021, printed).text(&|table| bars(&padded(table), true)));
        check::coverage(&draft)
    };
    let whole = read(&|_| "0".into());
    assert_eq!((whole.checked, whole.unknown_cells), (whole.identities, 0));
    let unknown = read(&|_| "1 2".into());
    assert_eq!(unknown.checked, 0);
    assert!(unknown.unknown_cells > 0);
    let blank = read(&|_| String::new());
    assert_eq!((blank.checked, blank.unknown_cells), (0, 0));
}

#[test]
fn hints_overrule_the_document() {
    let text = report(Template::T2021, &number).text(&|table| bars(&padded(table), true));
    let hints =
        Hints { agency: Some("沭阳县水利局".into()), year: Some(2022), ..Hints::default() };
    let draft = extract::read(text.as_bytes(), &hints).map(|mut reading| reading.drafts.remove(0));
    let told = draft.map(|draft| (draft.agency.name, draft.agency.region_code, draft.year)).ok();
    assert_eq!(told, Some(("沭阳县水利局".into(), "321322".into(), 2022)));
    let hints = Hints { region: Some("321322".into()), ..Hints::default() };
    let unplaced = text.replace("沂源县水利局", "水利局");
    let draft =
        extract::read(unplaced.as_bytes(), &hints).map(|mut reading| reading.drafts.remove(0));
    assert_eq!(draft.map(|draft| draft.agency.region_code).ok().as_deref(), Some("321322"));
}

#[test]
fn a_row_that_a_page_cut_in_two_is_not_read() {
    let whole = report(Template::T2021, &number);
    let row = RequestRow::DeniedSecurityAndStability;
    let text = whole.text(&|table| bars(&padded(table), false));
    let line = text.lines().find(|line| line.contains("三安全")).unwrap();
    let (label, numbers) = line.split_once("三安全").unwrap();
    let (rest_of_label, numbers) = numbers.split_once('|').unwrap();
    let cut = format!("{label}|{numbers}\n|“三安全{rest_of_label}|||||4||1|");
    let draft = read(&text.replace(line, &cut));
    for &column in Applicant::ALL {
        let cell = draft.cells.get(Measure::Request(row, column));
        assert_eq!(cell.value, None, "{column}: {cell:?}");
    }
}
