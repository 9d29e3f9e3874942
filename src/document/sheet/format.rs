//! A number and its format -> the text that a sheet shows.
//!
//! What is shown counts: a zero that a format hides or writes as a dash is none, a share of a hundred is
//! no count, a rounded amount is the rounded one. What a format does that is not known here is shown as
//! a cell that is too narrow is, and no number is read.

use chrono::{Datelike, Days, NaiveDate, Timelike};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::limits;

/// Shown where a number cannot be.
const NOT_SHOWN: &str = "#####";
/// Days that the calendar from 1904 is behind.
const DAYS_TO_1904: u64 = 1462;

/// The formats that files name by number only.
pub fn built_in(id: u16) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 | 6 | 37 | 38 => "#,##0;-#,##0",
        7 | 8 | 39 | 40 => "#,##0.00;-#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 | 48 => "0.00E+00",
        12 | 13 => "# ?/?",
        14 | 27..=31 | 36 | 50..=54 | 57 | 58 => "yyyy/m/d",
        15 | 22 => "yyyy-m-d",
        16 => "m/d",
        17 | 55 | 56 => "yyyy/m",
        18..=21 | 32..=35 | 45..=47 => "h:mm",
        41 | 42 => "_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ ",
        43 | 44 => "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
        _ => "General",
    }
}

/// A piece of a format's section.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// `0`, `#`, `?`
    Digit(char),
    Point,
    Comma,
    Percent,
    Literal(char),
    /// A letter of a date or a time.
    Time(char),
    General,
    /// Anything else.
    Unknown,
}

/// The text that is shown of a number.
pub fn shown(value: f64, format: &str, is_1904: bool) -> String {
    shown_or_none(value, format, is_1904).unwrap_or_else(|| NOT_SHOWN.to_owned())
}

fn shown_or_none(value: f64, format: &str, is_1904: bool) -> Option<String> {
    if !value.is_finite() || format.chars().count() > limits::FORMAT_CHARS {
        return None;
    }
    let sections = sections(format);
    let (section, takes_sign) = match sections.as_slice() {
        [] => return Some(general(value)?.to_string()),
        [all] => (all, true),
        [_, negative, ..] if value < 0.0 => (negative, false),
        [_, _, zero, ..] if value == 0.0 => (zero, false),
        [positive, ..] => (positive, false),
    };
    if section.contains(&Token::Unknown) {
        return None;
    }
    if section.iter().any(|token| matches!(token, Token::Time(_))) {
        return time(value, section, is_1904);
    }
    let sign = if value < 0.0 && takes_sign { "-" } else { "" };
    let exact = general(value.abs())?;
    if section.contains(&Token::General) {
        let number = exact.to_string();
        let part = |token: &Token| match token {
            Token::General => number.clone(),
            Token::Literal(literal) => literal.to_string(),
            _ => String::new(),
        };
        return Some(format!("{sign}{}", section.iter().map(part).collect::<String>()));
    }
    let text = digits(exact, section)?;
    let is_zero = !text.chars().any(|c| matches!(c, '1'..='9'));
    Some(if is_zero { text } else { format!("{sign}{text}") }.trim().to_owned())
}

/// A number with the digits that a sheet keeps, exactly.
fn general(value: f64) -> Option<Decimal> {
    let kept = format!("{value:.*e}", limits::SHEET_NUMBER_DIGITS - 1);
    Decimal::from_scientific(&kept).ok().map(|number| number.normalize())
}

/// The format's sections, as pieces.
fn sections(format: &str) -> Vec<Vec<Token>> {
    let general = format.trim();
    if general.is_empty() || general.eq_ignore_ascii_case("General") || general == "@" {
        return Vec::new();
    }
    let format = general.replace("G/通用格式", "General");
    let mut sections = vec![Vec::new()];
    let mut rest = format.as_str();
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        let Some(section) = sections.last_mut() else { break };
        match c {
            ';' => sections.push(Vec::new()),
            _ if rest.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("General")) => {
                section.push(Token::General);
                taken = 7;
            }
            '"' => {
                let end = rest[1..].find('"').map_or(rest.len() - 1, |end| end);
                section.extend(rest[1..=end].chars().map(Token::Literal));
                taken = (end + 2).min(rest.len());
            }
            // What comes next stands for itself, is as wide as, or fills the cell.
            '\\' | '!' | '_' | '*' => {
                let next = rest[1..].chars().next();
                taken += next.map_or(0, char::len_utf8);
                match (c, next) {
                    ('_', Some(_)) => section.push(Token::Literal(' ')),
                    ('*', _) | (_, None) => {}
                    (_, Some(next)) => section.push(Token::Literal(next)),
                }
            }
            '[' => {
                let end = rest.find(']').unwrap_or(rest.len() - 1);
                section.extend(bracketed(&rest[1..end.max(1)]));
                taken = end + 1;
            }
            '0' | '#' | '?' => section.push(Token::Digit(c)),
            '.' => section.push(Token::Point),
            ',' => section.push(Token::Comma),
            '%' => section.push(Token::Percent),
            '@' => section.push(Token::General),
            'E' | '/' if !has_time(section) => section.push(Token::Unknown),
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => {
                section.push(Token::Time(c.to_ascii_lowercase()));
            }
            c if c.is_ascii_alphabetic() && !has_time(section) => section.push(Token::Unknown),
            c => section.push(Token::Literal(c)),
        }
        rest = &rest[taken.min(rest.len())..];
    }
    sections
}

fn has_time(section: &[Token]) -> bool {
    section.iter().any(|token| matches!(token, Token::Time(_)))
}

/// What stands in brackets: a colour, a currency's sign, or something that changes what is shown.
fn bracketed(word: &str) -> Vec<Token> {
    const COLOURS: [&str; 8] =
        ["black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"];
    const CHINESE: [&str; 8] = ["黑色", "蓝色", "青色", "绿色", "洋红", "红色", "白色", "黄色"];
    if let Some(currency) = word.strip_prefix('$') {
        let sign = currency.split('-').next().unwrap_or_default();
        return sign.chars().map(Token::Literal).collect();
    }
    let word = word.to_lowercase();
    let is_colour = COLOURS.contains(&word.as_str())
        || CHINESE.contains(&word.as_str())
        || word.starts_with("color");
    if is_colour { Vec::new() } else { vec![Token::Unknown] }
}

/// A number in the places that a section has for its digits.
fn digits(exact: Decimal, section: &[Token]) -> Option<String> {
    let is_place = |token: &Token| matches!(token, Token::Digit(_) | Token::Point | Token::Comma);
    let Some(first) = section.iter().position(is_place) else {
        // Words alone: what they hide is not shown.
        return section.iter().map(literal).collect();
    };
    let last = section.iter().rposition(is_place)?;
    let places = &section[first..=last];
    let mut whole: Vec<char> = Vec::new();
    let mut decimals: Vec<char> = Vec::new();
    let mut thousands = 0;
    let mut is_grouped = false;
    let mut is_decimal = false;
    for (index, place) in places.iter().enumerate() {
        match place {
            Token::Digit(digit) if is_decimal => decimals.push(*digit),
            Token::Digit(digit) => whole.push(*digit),
            Token::Point if !is_decimal => is_decimal = true,
            Token::Comma => {
                let is_inside =
                    places[index + 1..].iter().any(|next| matches!(next, Token::Digit(_)));
                let is_behind =
                    is_decimal || !is_inside || places.get(index + 1) == Some(&Token::Point);
                if is_behind { thousands += 1 } else { is_grouped = true }
            }
            // A sign between digits, as in `0!.0,`: what is shown is not the number.
            _ => return None,
        }
    }
    let percents = section.iter().filter(|token| **token == Token::Percent).count();
    if thousands > 0 || percents > 1 || decimals.len() > limits::SHEET_NUMBER_DIGITS {
        return None;
    }
    let factor = if percents == 1 { Decimal::ONE_HUNDRED } else { Decimal::ONE };
    let scale = u32::try_from(decimals.len()).ok()?;
    let rounded = exact
        .checked_mul(factor)?
        .round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
    let printed = format!("{rounded:.*}", decimals.len());
    let (integer, fraction) = printed.split_once('.').unwrap_or((&printed, ""));
    let least = whole.iter().filter(|place| **place == '0').count();
    let integer = format!("{:0>least$}", integer.trim_start_matches('0'));
    let needed = decimals.iter().rposition(|place| *place == '0').map_or(0, |last| last + 1);
    let kept = fraction.trim_end_matches('0').len().max(needed);
    let mut text: String = section[..first].iter().map(literal).collect::<Option<_>>()?;
    text.push_str(&if is_grouped { grouped(&integer) } else { integer });
    if is_decimal {
        text.push('.');
        text.push_str(&fraction[..kept]);
    }
    text.push_str(&section[last + 1..].iter().map(literal).collect::<Option<String>>()?);
    Some(text)
}

fn literal(token: &Token) -> Option<char> {
    match token {
        Token::Literal(literal) => Some(*literal),
        Token::Percent => Some('%'),
        _ => None,
    }
}

fn grouped(integer: &str) -> String {
    let mut text = String::new();
    for (index, digit) in integer.chars().enumerate() {
        if index > 0 && (integer.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A date or a time in words, whatever way the format writes it.
fn time(value: f64, section: &[Token], is_1904: bool) -> Option<String> {
    let has = |letter| section.contains(&Token::Time(letter));
    if !(0.0..=2_958_465.0).contains(&value) {
        return None;
    }
    let days = value.trunc() as u64 + if is_1904 { DAYS_TO_1904 } else { 0 };
    let date = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))?;
    let seconds = (value.fract() * 86_400.0).round() as u32;
    let time = chrono::NaiveTime::from_num_seconds_from_midnight_opt(seconds.min(86_399), 0)?;
    let mut text = String::new();
    if has('y') {
        text += &format!("{}年", date.year());
    }
    // The letter of the months is that of the minutes too.
    if has('m') && (has('y') || has('d')) {
        text += &format!("{}月", date.month());
    }
    if has('d') {
        text += &format!("{}日", date.day());
    }
    if has('h') || has('s') {
        let gap = if text.is_empty() { "" } else { " " };
        text += &format!("{gap}{}:{:02}", time.hour(), time.minute());
    }
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_what_its_format_shows() {
        for (value, format, text) in [
            (47.0, "General", "47"),
            (47.0, "G/通用格式", "47"),
            (47.0, "@", "47"),
            (47.965_900_000_000_005, "General", "47.9659"),
            (4_166.241_619, "General", "4166.241619"),
            (0.1 + 0.2, "General", "0.3"),
            (12_345_678.0, "0", "12345678"),
            (12_345_678.0, "#,##0", "12,345,678"),
            (47.9659, "0.00", "47.97"),
            (2.5, "0", "3"),
            (0.005, "0.00", "0.01"),
            (-3.0, "0_ ", "-3"),
            (-3.0, "0_);[Red](0)", "(3)"),
            (-0.2, "0", "0"),
            (0.0, "0;-0;;@", ""),
            (0.0, "#", ""),
            (0.0, "_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ ", "-"),
            (47.0, "_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ ", "47"),
            (1_234.5, "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ", "1,234.50"),
            (0.47, "0%", "47%"),
            (47.0, "0\"件\"", "47件"),
            (12.5, "0.0#\"万元\"", "12.5万元"),
            (12.5, "[$¥-804]#,##0.00", "¥12.50"),
            (5.0, "000", "005"),
            (0.0, ";;;", ""),
            (251_000.0, "0!.0,\"万\"", "#####"),
            (251_000.0, "0,", "#####"),
            (47.0, "[DBNum1]General", "#####"),
            (47.0, "[>=100]0;General", "#####"),
            (47.0, "0.00E+00", "#####"),
            (0.5, "# ?/?", "#####"),
            (45_313.0, "yyyy\"年\"m\"月\"d\"日\";@", "2024年1月22日"),
            (45_313.0, "[$-804]yyyy/m/d", "2024年1月22日"),
            (45_313.0, "m/d", "1月22日"),
            (f64::NAN, "0", "#####"),
            (1e300, "0", "#####"),
        ] {
            assert_eq!(shown(value, format, false), text, "{value} {format}");
        }
    }
}
