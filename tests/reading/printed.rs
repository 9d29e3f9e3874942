//! What stands in a cell besides its number: marks, text struck out or hidden, units; and heads that
//! are lost.

use entity::template::{Applicant, CellState, Item, ItemMeasure, Measure, RequestRow, Template};

use super::form::{self, html_table, read, report};

const RECEIVED: Measure = Measure::Request(RequestRow::Received, Applicant::NaturalPerson);
const FEES: Measure = Measure::DisclosureItem(Item::AdministrativeFees, ItemMeasure::Amount);

/// The page with one cell's markup.
fn page(measure: Measure, markup: &str) -> String {
    let printed = |other: Measure| if other == measure { markup.to_owned() } else { "0".into() };
    report(Template::T2021, &printed).html(&|table| html_table(table, &str::to_owned))
}

fn number(page: &str, measure: Measure) -> Result<String, CellState> {
    let draft = read(page);
    let cell = draft.cells.get(measure);
    cell.value.map(|value| value.to_string()).ok_or(cell.state)
}

#[test]
fn marks_of_notes_and_what_is_not_shown_are_no_digits() {
    for markup in [
        "47",
        "47¹",
        "47①",
        "47⑴",
        "<del>46</del>47",
        "<s>4</s>47",
        "<strike>4</strike>47",
        "<span style='Display : none'>3</span>47",
        "<span style=\"visibility:hidden\">3</span>47",
        "<span hidden>3</span>47",
        "<ruby>47<rp>(</rp><rt>1</rt><rp>)</rp></ruby>",
        "<button>4</button>47",
    ] {
        assert_eq!(number(&page(RECEIVED, markup), RECEIVED), Ok("47".into()), "{markup}");
    }
    let marked = number(&page(RECEIVED, "47<sup>1</sup>"), RECEIVED);
    assert_eq!(marked, Err(CellState::Ambiguous));
}

#[test]
fn a_hidden_table_is_no_table() {
    let hidden = "<table style='display:none'><tr><td>行政许可</td><td>999</td></tr></table>";
    let page = page(RECEIVED, "47").replace("<p>三、", &format!("{hidden}<p>三、"));
    assert!(read(&page).notes.is_empty());
}

#[test]
fn the_unit_of_an_amount_is_the_one_stated_nearest() {
    let ten_thousand = "（单位：万元）";
    for (unit, text, cny) in [
        (ten_thousand, "251000（元）", Ok("251000.00")),
        ("（单位：元）", "12.5（万元）", Ok("125000.00")),
        (ten_thousand, "12.5（5元）", Err(CellState::Ambiguous)),
        ("（单位：千元）", "12", Ok("12000.00")),
        ("（单位：百万元）", "12", Ok("12000000.00")),
        ("（单位：美元）", "12", Err(CellState::Ambiguous)),
        ("（单位：美元）", "0", Ok("0.00")),
    ] {
        let page =
            page(FEES, text).replace("本年收费金额（单位：万元）", &format!("本年收费金额{unit}"));
        assert_eq!(number(&page, FEES), cny.map(str::to_owned), "{text} {unit}");
    }
}

#[test]
fn a_unit_above_the_table_counts_only_in_a_caption() {
    let page = page(FEES, "12").replace("本年收费金额（单位：万元）", "本年收费金额");
    let with = |line: &str| page.replacen("<table", &format!("<p>{line}</p><table"), 1);
    let prose = with("我单位全年收取费用523071元。");
    assert_eq!(number(&prose, FEES), Ok("120000.00".into()));
    assert!(read(&prose).notes.iter().any(|note| note.code == "unit_assumed"));
    assert_eq!(number(&with("单位：元"), FEES), Ok("12.00".into()));
}

#[test]
fn columns_without_their_common_head_are_taken_only_where_rows_add_up() {
    let printed = |is_sum: bool| {
        move |measure| match measure {
            Measure::Request(_, Applicant::NaturalPerson) => "2".to_owned(),
            Measure::Request(_, Applicant::CommercialEnterprise) => "1".to_owned(),
            Measure::Request(_, Applicant::Total) if is_sum => "3".to_owned(),
            Measure::Request(_, Applicant::Total) => "9".to_owned(),
            _ => "0".to_owned(),
        }
    };
    let without_head = |is_sum| {
        let report = report(Template::T2021, &printed(is_sum));
        let rows = |table: &form::Table| {
            let rows = form::ragged(table).into_iter().map(|row| {
                let cells = row.iter().filter(|cell| *cell != "法人或其他组织");
                let cells: String = cells.map(|cell| format!("<td>{cell}</td>")).collect();
                format!("<tr>{cells}</tr>")
            });
            format!("<table>{}</table>", rows.collect::<String>())
        };
        read(&report.html(&rows))
    };
    let draft = without_head(true);
    for (column, number) in [(Applicant::CommercialEnterprise, "1"), (Applicant::Total, "3")] {
        let cell = draft.cells.get(Measure::Request(RequestRow::Granted, column));
        assert_eq!(cell.value.map(|value| value.to_string()).as_deref(), Some(number));
    }
    assert!(draft.notes.iter().any(|note| note.code == "columns_assumed"), "{:#?}", draft.notes);
    let draft = without_head(false);
    let cell = draft.cells.get(Measure::Request(RequestRow::Granted, Applicant::Total));
    assert_eq!(cell.state, CellState::Ambiguous);
}
