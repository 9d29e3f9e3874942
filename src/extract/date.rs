//! Dates in running text, in the ways they are printed.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use super::label;

/// A date as printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The day; none where there is no such day.
    pub date: Option<NaiveDate>,
    /// Where it stands in the cleaned text, in bytes.
    pub range: std::ops::Range<usize>,
}

static DATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\d{4})(?:年|-|/|\.)(\d{1,2})(?:月|-|/|\.)(\d{1,2})日?").ok());
static PATH_DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:^|[^\d])(20\d\d)(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:[^\d]|$)",
        r"|(?:^|/)(20\d\d)[/-]\d{1,2}[/-]\d{1,2}(?:[^\d]|$)",
    ))
    .ok()
});
static CHINESE_DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日").ok()
});

/// The dates of a text cleaned by [`label::clean`], in their order.
pub fn find_all(clean: &str) -> Vec<Printed> {
    let of = |regex: &LazyLock<Option<Regex>>, number: fn(&str) -> Option<u32>| -> Vec<Printed> {
        let Some(regex) = regex.as_ref() else { return Vec::new() };
        let read = |captures: regex::Captures<'_>| {
            let range = captures.get(0)?.range();
            let part = |index| {
                captures.get(index).and_then(|part: regex::Match<'_>| number(part.as_str()))
            };
            let year = part(1).and_then(|year| i32::try_from(year).ok());
            let date = year.zip(part(2)).zip(part(3));
            let date =
                date.and_then(|((year, month), day)| NaiveDate::from_ymd_opt(year, month, day));
            Some(Printed { date, range })
        };
        regex.captures_iter(clean).filter_map(read).collect()
    };
    // Most texts hold no date; what parts one is found sooner than a date is.
    let mut dates = Vec::new();
    if clean.contains(['年', '-', '/', '.']) {
        dates.extend(of(&DATE, |digits| digits.parse().ok()));
    }
    if clean.contains('年') {
        dates.extend(of(&CHINESE_DATE, chinese_number));
    }
    dates.sort_by_key(|date| date.range.start);
    dates
}

/// The first date of a text that is one: `2024-03-28 09:30`.
pub fn first(text: &str) -> Option<NaiveDate> {
    find_all(&label::clean(&text.replace(char::is_whitespace, "\u{3000}|")))
        .into_iter()
        .find_map(|date| date.date)
}

/// The year of a date in an address's path: `/202201/t20220114_80607.htm`, `/2022/1/14/`.
pub fn of_path(url: &str) -> Option<i32> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest).split_once('/')?.1;
    let captures = PATH_DATE.as_ref()?.captures_iter(path).last()?;
    let year = captures.get(1).or_else(|| captures.get(2))?;
    year.as_str().parse().ok()
}

/// 二〇二四 is 2024, 十二 is 12, 二十二 is 22.
pub fn chinese_number(text: &str) -> Option<u32> {
    let digit = |c: char| {
        "〇一二三四五六七八九"
            .chars()
            .position(|known| known == if matches!(c, '○' | '零') { '〇' } else { c })
    };
    let digit = |c: char| digit(c).and_then(|digit| u32::try_from(digit).ok());
    match text.split_once('十') {
        Some((tens, ones)) => {
            let part = |text: &str, none| match text.chars().next() {
                Some(c) => digit(c),
                None => Some(none),
            };
            Some(part(tens, 1)? * 10 + part(ones, 0)?)
        }
        None => {
            text.chars().try_fold(0_u32, |number, c| number.checked_mul(10)?.checked_add(digit(c)?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_printed() {
        let day = NaiveDate::from_ymd_opt;
        for (text, date) in [
            ("2024年1月22日", day(2024, 1, 22)),
            ("二〇二四年一月二十二日", day(2024, 1, 22)),
            ("2024-03-28 09:30", day(2024, 3, 28)),
            ("2024/3/8", day(2024, 3, 8)),
            ("２０２４年 1 月 2 日", None),
            ("2024年13月1日", None),
        ] {
            assert_eq!(first(text), date, "{text}");
        }
        assert_eq!(find_all(&label::clean("２０２４年 1 月 2 日"))[0].date, day(2024, 1, 2));
        assert_eq!(chinese_number("三十一"), Some(31));
        for (url, year) in [
            ("https://www.example.gov.cn/zwgk/202201/t20220114_80607.htm", Some(2022)),
            ("https://www.example.gov.cn/2023/1/14/art_1_2.html", Some(2023)),
            ("https://2023-01-14.example.gov.cn/art/1.html", None),
            ("https://www.example.gov.cn/art/20231.html", None),
        ] {
            assert_eq!(of_path(url), year, "{url}");
        }
    }
}
