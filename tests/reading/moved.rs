//! Rows that lost a cell, and rows that only look so.

use entity::template::{AppealResult, CellState, Code, Item, LawsuitKind, Measure, Template};

use super::form::{Table, bars, narrow, padded, read, report};

/// The states and numbers of the last of section 4's three kinds.
fn last_kind(text: &str) -> Vec<(CellState, Option<String>)> {
    let draft = read(text);
    let cell = |&result| draft.cells.get(Measure::Lawsuit(LawsuitKind::AfterReview, result));
    let read = AppealResult::ALL.iter().map(cell);
    read.map(|cell| (cell.state, cell.value.map(|value| value.to_string()))).collect()
}

/// A report whose section 4 prints one number, and no total.
fn one_part(measure: Measure) -> String {
    match measure {
        Measure::Lawsuit(LawsuitKind::AfterReview, AppealResult::Corrected) => "11".into(),
        Measure::Lawsuit(..) | Measure::Review(_) => String::new(),
        _ => "0".into(),
    }
}

/// The same, as it looks where `12 | 4 | 0 | | 16` lost the blank.
fn looks_shifted(measure: Measure) -> String {
    match measure {
        Measure::Lawsuit(LawsuitKind::AfterReview, result) => match result {
            AppealResult::Upheld => "12".into(),
            AppealResult::Corrected => "4".into(),
            AppealResult::Other => "0".into(),
            AppealResult::Pending => "16".into(),
            AppealResult::Total => String::new(),
        },
        Measure::Lawsuit(..) | Measure::Review(_) => String::new(),
        _ => "0".into(),
    }
}

fn text(printed: &dyn Fn(Measure) -> String, rows: fn(&Table) -> Vec<Vec<String>>) -> String {
    report(Template::T2021, printed).text(&|table| bars(&rows(table), true))
}

#[test]
fn a_part_beside_a_blank_total_is_read_as_printed() {
    for rows in [padded as fn(&Table) -> Vec<Vec<String>>, narrow] {
        let mut expected = vec![(CellState::Blank, None); 5];
        expected[1] = (CellState::Reported, Some("11".into()));
        assert_eq!(last_kind(&text(&one_part, rows)), expected);
    }
}

#[test]
fn a_row_that_adds_up_with_a_cell_more_is_not_read_where_it_may_have_been_filled_up() {
    let states = |rows| last_kind(&text(&looks_shifted, rows)).into_iter().map(|(state, _)| state);
    assert!(states(padded).all(|state| state == CellState::Ambiguous));
    // Where rows differ in width, none was filled up.
    assert_eq!(states(narrow).filter(|state| *state == CellState::Reported).count(), 4);
}

#[test]
fn an_item_that_a_page_cut_in_two_is_not_read_as_blank() {
    let whole = text(&|_| "5".into(), padded);
    let (label, rest) = ("行政规范性文件", " | 5 | 5 | 5 |");
    assert!(whole.contains(&format!("{label}{rest}")));
    for (one, other) in [("行政规范性", "文件"), ("行政", "规范性文件"), ("行政规范性文", "件")]
    {
        let cut = format!("{one} | | | |\n| {other}{rest}");
        let draft = read(&whole.replace(&format!("{label}{rest}"), &cut));
        let measures = Item::NormativeDocuments.measures(Template::T2021).iter();
        for &measure in measures {
            let cell = draft.cells.get(Measure::DisclosureItem(Item::NormativeDocuments, measure));
            assert_ne!(cell.state, CellState::Blank, "{one} {other} {measure:?}");
            let five = cell.value.is_none_or(|value| value.to_string() == "5");
            assert!(five, "{one} {other} {measure:?}: {cell:?}");
        }
    }
}
