//! How the agency is reached, and the days its numbers cover: the paragraph before section 1.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use super::{
    draft::{Contact, Period},
    label,
    notes::Notes,
};
use crate::limits;

static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"地\s*址\s*(?:为|是|[:：])\s*([^，,；;。）)\n]+)").ok());
static POSTCODE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:邮\s*编|邮政编码)\s*(?:为|是|[:：])?\s*(\d{6})").ok());
static TELEPHONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:电\s*话|电话[/及和、]?传真)\s*(?:为|是|[:：])\s*([+\d０-９(（][\d０-９()（）\-—－–―~/ 转]*)").ok()
});
static EMAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}").ok());
static PERIOD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(\d{4})年(\d{1,2})月(\d{1,2})日(?:始|起|开始)?[,、]?(?:至|到|-|—|~|～)(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日").ok()
});

/// The contact data a text states, the first of each.
pub fn read(text: &str) -> Contact {
    let find = |regex: &LazyLock<Option<Regex>>, group| {
        let found = regex.as_ref()?.captures(text)?.get(group)?.as_str().trim();
        // A bracket that closes the whole statement is not the number's.
        let found =
            if found.contains(['(', '（']) { found } else { found.trim_end_matches([')', '）']) };
        let found = found.trim_end_matches(['-', '—', '/', ' ']);
        (!found.is_empty() && found.chars().count() <= limits::CONTACT_CHARS)
            .then(|| found.to_owned())
    };
    Contact {
        address: find(&ADDRESS, 1),
        postcode: find(&POSTCODE, 1),
        telephone: find(&TELEPHONE, 1),
        email: find(&EMAIL, 0),
    }
}

/// The period a text states; an impossible one is noted.
pub fn period(text: &str, notes: &mut Notes) -> Option<Period> {
    let clean = label::clean(text);
    let captures = PERIOD.as_ref()?.captures(&clean)?;
    let number = |index| {
        captures.get(index).and_then(|part: regex::Match<'_>| part.as_str().parse::<u32>().ok())
    };
    let day = |year: Option<u32>, month, day| {
        let year = i32::try_from(year?).ok()?;
        NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)
    };
    let from = day(number(1), 2, 3);
    let to = day(number(4).or(number(1)), 5, 6);
    match from.zip(to).filter(|(from, to)| from <= to) {
        Some((from, to)) => Some(Period { from, to }),
        None => {
            notes.add("impossible_date", format!("the period {:?} is none", &captures[0]));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contact_data_are_read_from_a_sentence() {
        let text = "联系方式：地址为山东省淄博市沂源县张家坡镇政府院内，邮编：256113，电话：0527—83593059，电子邮箱：zjp@example.com。";
        let contact = read(text);
        assert_eq!(contact.address.as_deref(), Some("山东省淄博市沂源县张家坡镇政府院内"));
        assert_eq!(contact.postcode.as_deref(), Some("256113"));
        assert_eq!(contact.telephone.as_deref(), Some("0527—83593059"));
        assert_eq!(contact.email.as_deref(), Some("zjp@example.com"));
        assert_eq!(read("（电话：0533-3360039）").telephone.as_deref(), Some("0533-3360039"));
    }

    #[test]
    fn an_impossible_period_is_a_note() {
        let mut notes = Notes::default();
        assert!(period("自2023年1月1日始，至2023年12月31日止", &mut notes).is_some());
        assert!(period("自2023年1月1日始，至2023年12月41日止", &mut notes).is_none());
        assert!(notes.into_vec().iter().any(|note| note.code == "impossible_date"));
    }
}
