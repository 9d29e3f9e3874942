//! Search: sections by the words in their prose, and by what they share with others.
//!
//! The index says which sections may hold the words (`words.rs`); where that is not certain, their texts
//! are read, in the order of the list and no further than the page.

mod copied;
mod snippet;
mod words;

use entity::{report, section};
use sea_orm::{ColumnTrait, ConnectionTrait, PaginatorTrait, QuerySelect, Select, sea_query::Expr};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    agency::{self, AgencyView},
    as_of::At,
    filter::{ReportFilter, filter, values},
    page::{Page, Paging},
    row,
    window::{self, SortKey, sort_keys},
};
use crate::{
    error::{Error, Result},
    limits,
};
use copied::Copied;
pub use copied::CopiedView;
use words::Words;

filter! {
    /// Which sections of which reports.
    pub struct SearchFilter {
        /// The words to look for, from one character up; of several, separated by blanks, a section must have
        /// all. May be left out where `copied_from` or `min_copied` is given.
        pub q: Option<String>,
        /// The section's number in the form, `1` to `6`: `5` tells of problems; several separated by commas.
        pub section: Option<String>,
        /// Sections that are nearly the same as `last_year`'s of the same agency, or as those of an
        /// `other_agency` on the same year; both separated by a comma.
        #[arg(alias = "copied_from")]
        #[graphql(name = "copied_from")]
        pub copied_from: Option<String>,
        /// The least share of the section that stands in the other one too, `0.5` to `1`; where it is not
        /// said, `0.8`.
        #[arg(alias = "min_copied")]
        #[graphql(name = "min_copied")]
        pub min_copied: Option<String>,
        /// A region's code: the area and all below it. `370323` is a county with its townships, `370000` a
        /// province; several separated by commas.
        pub region: Option<String>,
        /// An agency's id; several separated by commas.
        pub agency: Option<String>,
        /// A report year: `2023`; a span: `2019..2023`; several separated by commas: `2021,2023`.
        pub year: Option<String>,
        /// The kind of agency: `government`, `department`, `township_government`, `subdistrict_office`,
        /// `other`; several separated by commas.
        pub kind: Option<String>,
        /// The agency's level: `national`, `province`, `prefecture`, `county`, `township`; several
        /// separated by commas.
        pub level: Option<String>,
        /// The template of the tables: `2019` or `2021`.
        pub template: Option<String>,
        /// Whose numbers: `own` (the agency's) or `consolidated` (of the whole area a government governs).
        pub scope: Option<String>,
        /// Conditions on the report's numbers, all of which must hold:
        /// `requests.received>=100,requests.denied>0`. The codes are those of `/measures`; a report in which
        /// the number is missing meets no condition.
        pub r#where: Option<String>,
        /// `passed` leaves out reports with an error finding; `all`, the default, does not.
        pub quality: Option<String>,
        /// The data as they stood: at the end of a day (`2026-11-23`, UTC), at a time
        /// (`2026-11-23T08:00:00Z`) or at a data version (`v12`).
        #[arg(alias = "as_of")]
        #[graphql(name = "as_of")]
        pub as_of: Option<String>,
    }
}

/// A section that has the words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Hit", complex)]
pub struct HitView {
    /// The agency that reports.
    pub agency: AgencyView,
    /// The report's id.
    pub report_id: String,
    /// The report year.
    pub year: i32,
    /// The section.
    pub section: SectionName,
    /// The part of its text that shows the most of the words, 200 characters at most; as printed, but for
    /// whitespace and line ends, which are one blank each.
    pub snippet: String,
    /// Where words stand in the snippet: the first character of each and the one after its last, counted in
    /// code points from 0.
    pub highlights: Vec<Vec<u32>>,
    /// Whose section it is nearly the same as; only where `copied_from` or `min_copied` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copied: Option<CopiedView>,
}

/// A section, by its number and heading.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct SectionName {
    /// 1 to 6 in the national form.
    pub number: i16,
    /// The heading as printed, without its number.
    pub heading: String,
}

/// A question as it is meant.
struct Meant {
    words: Words,
    copied: Option<Copied>,
    /// Numbers of sections; none: any.
    sections: Vec<i16>,
    reports: ReportFilter,
}

/// Sections of the form.
const SECTIONS: std::ops::RangeInclusive<i16> = 1..=6;

impl SearchFilter {
    fn meant(&self) -> Result<Meant> {
        #[rustfmt::skip]
        let Self { q, section, copied_from, min_copied, region, agency, year, kind, level, template, scope, r#where, quality, as_of } =
            self.clone();
        let copied = Copied::parse(copied_from.as_deref(), min_copied.as_deref())?;
        let words = match (q, &copied) {
            (Some(q), _) => Words::parse(&q)?,
            (None, Some(_)) => Words::none(),
            (None, None) => {
                return Err(Error::invalid("q", "q is not given").allowed([
                    "the words to look for: q=行政执法案卷",
                    "copied_from: last_year or other_agency",
                ]));
            }
        };
        let number = |text: &str| {
            let number = text.parse().ok().filter(|number| SECTIONS.contains(number));
            number.ok_or_else(|| {
                let detail = format!("section {text:?} is no section of the form");
                Error::invalid("section", detail).allowed(["1 to 6"])
            })
        };
        let sections = match section {
            Some(section) => values("section", &section)?.into_iter().map(number).collect(),
            None => Ok(Vec::new()),
        };
        #[rustfmt::skip]
        let reports = ReportFilter {
            region, agency, year, kind, level, template, scope, q: None, r#where, quality, as_of,
        };
        Ok(Meant { words, copied, sections: sections?, reports })
    }
}

/// The search.
pub struct Search;

/// Names that hits are sorted by.
const SORT: [&str; 3] = ["year", "region", "section"];

impl Resource for Search {
    const NAME: &'static str = "search";
    type Filter = SearchFilter;
    type Row = HitView;

    fn example(filter: &SearchFilter) -> Result<HitView> {
        let copied = filter.meant()?.copied.map(|_| CopiedView::default());
        Ok(HitView { copied, ..HitView::default() })
    }

    async fn list(
        connection: &impl ConnectionTrait,
        filter: &SearchFilter,
        paging: &Paging,
    ) -> Result<Page<HitView>> {
        let Meant { words, copied, sections, reports } = filter.meant()?;
        let at = reports.at(connection).await?;
        let mut condition = reports.condition(at)?;
        if !sections.is_empty() {
            condition = condition.add(section::Column::Number.is_in(sections));
        }
        if let Some(copied) = &copied {
            condition = condition.add(copied.condition(at));
        }
        let select = words.select(connection, condition).await?;
        let candidates = Candidates { filter, select, words };
        let total = if paging.with_total { candidates.total(connection).await? } else { None };
        let page = Page { total, ..candidates.page(connection, paging).await? };
        let mut rows = views(connection, &page.rows, candidates.words.list(), at).await?;
        if let Some(copied) = copied {
            let mut copied = copied.views(connection, &page.rows, at).await?;
            for (hit, row) in rows.iter_mut().zip(&page.rows) {
                hit.copied = copied.remove(&(row.report_id, row.number));
            }
        }
        Ok(page.with_rows(rows))
    }
}

/// Sections that may hold the words.
struct Candidates<'a> {
    filter: &'a SearchFilter,
    select: Select<section::Entity>,
    words: Words,
}

impl Candidates<'_> {
    /// How many hold them; none where too many texts would have to be read for that.
    async fn total(&self, connection: &impl ConnectionTrait) -> Result<Option<u64>> {
        let found = self.select.clone().select_only().column(section::Column::ReportId);
        let found = found.count(connection).await?;
        if self.words.is_exact() || found == 0 {
            return Ok(Some(found));
        }
        if found > limits::SEARCH_COUNTED {
            return Ok(None);
        }
        let texts = self.select.clone().select_only().column(section::Column::Text);
        let texts: Vec<String> = texts.into_tuple().all(connection).await?;
        let hits = texts.iter().filter(|text| self.words.are_in(text)).count();
        Ok(Some(hits as u64))
    }

    /// A page of those that hold them.
    async fn page(
        &self,
        connection: &impl ConnectionTrait,
        asked: &Paging,
    ) -> Result<Page<section::Model>> {
        let mut paging = Paging { with_total: false, ..asked.clone() };
        if self.words.is_exact() {
            return self.candidates(connection, &paging).await;
        }
        let limit = usize::try_from(asked.limit).unwrap_or(usize::MAX);
        let (mut rows, mut cursors) = (Vec::new(), Vec::new());
        let mut read = 0;
        loop {
            let page = self.candidates(connection, &paging).await?;
            read += page.rows.len();
            let next = page.next().map(str::to_owned);
            for (row, cursor) in page.rows.into_iter().zip(page.cursors) {
                if !self.words.are_in(&row.text) {
                    continue;
                }
                if rows.len() == limit {
                    return Ok(Page { rows, cursors, has_next: true, total: None, coverage: None });
                }
                rows.push(row);
                cursors.push(cursor);
            }
            if next.is_none() {
                return Ok(Page { rows, cursors, has_next: false, total: None, coverage: None });
            }
            if read > limits::SEARCH_READ {
                let detail = format!(
                    "the parts of the words in q stand in so many sections that {read} were read without filling a page"
                );
                return Err(Error::invalid("q", detail).allowed([
                    "another word beside it",
                    "a region, a year, a section",
                    "a lower limit",
                ]));
            }
            // Few of those that are read hold the words: more at once.
            paging = Paging { after: next, limit: limits::PAGE_ROWS, ..paging };
        }
    }

    async fn candidates(
        &self,
        connection: &impl ConnectionTrait,
        paging: &Paging,
    ) -> Result<Page<section::Model>> {
        let column = |column| Expr::col((report::Entity, column));
        let number = || Expr::col((section::Entity, section::Column::Number));
        let sort = paging.sort.as_deref().unwrap_or("-year,region");
        let mut keys = sort_keys(sort, &SORT, |name| match name {
            "year" => Some(column(report::Column::Year)),
            "region" => Some(column(report::Column::RegionCode)),
            "section" => Some(number()),
            _ => None,
        })?;
        keys.push(SortKey::ascending(column(report::Column::Id)));
        keys.push(SortKey::ascending(number()));
        window::page(connection, self.select.clone(), keys, paging, self.filter).await
    }
}

/// Shows sections as hits.
async fn views(
    connection: &impl ConnectionTrait,
    sections: &[section::Model],
    words: &[String],
    at: At,
) -> Result<Vec<HitView>> {
    let heads = row::heads(connection, sections.iter().map(|row| row.report_id), at).await?;
    let ids = heads.values().map(|head| head.agency_id.clone());
    let agencies = agency::by_ids(connection, ids, at).await?;
    let view = |row: &section::Model| {
        let head = heads.get(&row.report_id).cloned().unwrap_or_default();
        let snippet::Snippet { text, highlights } = snippet::snippet(&row.text, words);
        HitView {
            agency: agencies.get(&head.agency_id).cloned().unwrap_or_default(),
            report_id: head.report_id,
            year: head.year,
            section: SectionName { number: row.number, heading: row.heading.clone() },
            snippet: text,
            highlights,
            copied: None,
        }
    };
    Ok(sections.iter().map(view).collect())
}
