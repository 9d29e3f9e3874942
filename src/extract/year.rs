//! Of which year the report is, and when it was published.

use chrono::{Datelike, NaiveDate};

use super::{
    date,
    draft::{Hints, Period},
    label,
    notes::Notes,
    section::Signature,
    title::{self, Title},
};
use crate::{
    document::Document,
    error::{Code, Error, Result},
    limits,
};

/// What a document says of its time.
pub struct Dates<'a> {
    pub title: Option<&'a Title>,
    pub period: Option<Period>,
    pub signature: Option<&'a Signature>,
    pub preamble: &'a str,
    pub document: &'a Document,
}

/// Metadata that states the day of publication, the most trusted first.
const PUBLISHED: [&str; 7] =
    ["公开日期", "发布日期", "PubDate", "发布时间", "公开时间", "成文日期", "生成日期"];
/// Years after the report year in which a report is published, late ones included.
const LATE_YEARS: i32 = 5;

impl Dates<'_> {
    /// The year reported on: as the caller states it, else the title, the period, the first sentences, the
    /// day of signing, the file's name, the address.
    pub fn year(&self, hints: &Hints, notes: &mut Notes) -> Result<i32> {
        let of_title = self.title.and_then(|title| title.year);
        let of_period = self.period.map(|period| period.from.year());
        if let Some((title, period)) =
            of_title.zip(of_period).filter(|(title, period)| title != period)
        {
            notes.add("year_differs", format!("the title says {title}, the period {period}"));
        }
        let of_signature = || Some(self.signature?.date.as_ref()?.date?.year() - 1);
        let of_file = || of_name(hints.file_name.as_deref()?);
        let of_url = || Some(date::of_path(hints.url.as_deref()?)? - 1);
        let is_year = |year: &i32| limits::YEARS.contains(year);
        if let Some(year) = hints.year.filter(|year| !is_year(year)) {
            return Err(Error::invalid("year", format!("{year} is no report year"))
                .allowed([format!("{} to {}", limits::YEARS.start(), limits::YEARS.end())]));
        }
        if let Some(year) = of_title.filter(|year| hints.year.is_none() && is_year(year)) {
            return Ok(year);
        }
        let origins: [(&dyn Fn() -> Option<i32>, &str); 6] = [
            (&|| hints.year, "is the one the caller states"),
            (&|| of_period, "is that of the period it covers"),
            (&|| self.stated(), "is the one its first sentences speak of"),
            (&of_signature, "is told by the day of signing"),
            (&of_file, "is told by the file's name"),
            (&of_url, "is told by the day in the address"),
        ];
        let told = origins.iter().find_map(|(year, words)| {
            let year = year().filter(is_year)?;
            Some((year, words))
        });
        let Some((year, words)) = told else {
            return Err(Error::new(
                Code::UnknownYear,
                "neither title nor period nor signature state the report's year",
            ));
        };
        notes.origin("year", format!("the year {year} {words}"));
        Ok(year)
    }

    /// The year the first sentences speak of: `现公布2023年度…`.
    fn stated(&self) -> Option<i32> {
        let clean = label::clean(self.preamble);
        let (before, _) = clean.split_once("年度")?;
        let digits = before.len().checked_sub(4)?;
        before.get(digits..)?.parse().ok()
    }

    /// The day of publication: the signature's, else the line's below the title, else the metadata's.
    pub fn published_on(&self, year: i32, notes: &mut Notes) -> Option<NaiveDate> {
        let mut sane = |printed: Option<NaiveDate>, place: &str| match printed {
            Some(date) if (year..=year + LATE_YEARS).contains(&date.year()) => Some(date),
            Some(date) => {
                notes.add(
                    "impossible_date",
                    format!(
                        "{place} says {date}, which is no day a report of {year} is published on"
                    ),
                );
                None
            }
            None => {
                notes.add("impossible_date", format!("{place} holds a date that does not exist"));
                None
            }
        };
        let signed = self.signature.and_then(|signature| signature.date.as_ref());
        let signed = signed.and_then(|signed| sane(signed.date, "the signature"));
        let below_title = || {
            self.preamble.lines().find_map(|line| {
                let clean = label::clean(line);
                let date = date::find_all(&clean).into_iter().next()?;
                let around = [&clean[..date.range.start], &clean[date.range.end..]];
                (!around.concat().contains(char::is_alphanumeric)).then_some(date.date).flatten()
            })
        };
        let is_sane = |date: &NaiveDate| (year..=year + LATE_YEARS).contains(&date.year());
        if signed.is_some() {
            return signed;
        }
        let (date, words) = match below_title().filter(is_sane) {
            Some(date) => (date, "in a line below the title".to_owned()),
            None => PUBLISHED.iter().find_map(|known| {
                let metadata = self.document.metadata.iter().filter(|(name, _)| name == known);
                let date = metadata.filter_map(|(_, value)| date::first(value)).find(is_sane)?;
                Some((date, format!("in the metadata, as {known}")))
            })?,
        };
        notes.origin("date", format!("the day of publication, {date}, stands {words}"));
        Some(date)
    }
}

/// The year that a file's name states.
fn of_name(name: &str) -> Option<i32> {
    let stem = name.rsplit(['/', '\\']).next()?;
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let of_title = title::parse(stem).and_then(|title| title.year);
    of_title.or_else(|| {
        stem.split(|c: char| !c.is_ascii_digit())
            .find_map(|digits| digits.parse().ok().filter(|_| digits.len() == 4))
    })
}
