//! Statistics: measures and indicators over reports, grouped, with what they cover.

use async_graphql::Json;
use entity::template::{AgencyKind, Code, Level, Template};
use indexmap::IndexMap;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;

pub use super::sums::coverage::Coverage;
use super::{
    Resource,
    cursor::{Cursor, KeyValue, named},
    field::FieldType,
    figure::{Figure, Value, ValueOrNull},
    filter::filter,
    page::{Page, Paging},
    row::filter_with,
    sums::{Asked, Function, Sum, answer, group::Group, outcome::Reason, rollup::Rollup},
};
use crate::{
    error::{Error, Result},
    limits, regions,
};

filter! {
    /// What is put together, and how.
    pub struct StatisticsArgs {
        /// What to add up: codes of measures and indicators, separated by commas:
        /// `requests.received,denial_rate`; `/measures` and `/indicators` list them.
        pub measures: Option<String>,
        /// What to group by, separated by commas: `province`, `prefecture`, `county`, `township`, `year`,
        /// `kind`, `level`, `template`. Where it is not said, all reports are one group.
        #[arg(alias = "group_by")]
        #[graphql(name = "group_by")]
        pub group_by: Option<String>,
        /// `sum`, the default; `mean`, `median`, `min`, `max` over the numbers that reports print; `count`,
        /// how many print it. The sum of an indicator is the pooled rate: the sum of its numerators over the
        /// sum of its denominators; the others are over the reports' own rates.
        pub function: Option<String>,
        /// Whose reports are added up. `own`: the agencies' own. `auto`, the default: for each area and
        /// year its consolidated report; where there is none, its own reports and, area by area, what is
        /// below it in the same way, down from the regions grouped by; grouped by kind or level, the own
        /// reports; of agencies that are named, each one's consolidated report where it has one, without
        /// those that another of them consolidates. `consolidated`: the consolidated reports of one level,
        /// the outermost of which there is one in a region of the filter, at or below the regions grouped by.
        pub rollup: Option<String>,
    }
}

filter_with! {
    /// What is put together, and of which reports.
    StatisticsQuery = ReportFilter + StatisticsArgs
}

/// A region by its code and name.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct RegionName {
    /// The region's code.
    pub code: String,
    /// Its name.
    pub name: String,
}

impl RegionName {
    pub(super) fn of(code: String) -> Self {
        let name = regions::get(&code).map(|region| region.name.clone()).unwrap_or_default();
        Self { code, name }
    }
}

/// What the reports of a group share: one field for each thing that is grouped by. A region is null for
/// the reports of agencies that lie in none of that level: of a province itself where counties are asked
/// for, or of a county right below a province where prefectures are.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject,
)]
#[graphql(name = "StatisticsGroup")]
pub struct GroupView {
    /// The province.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<RegionName>)]
    pub province: Option<Option<RegionName>>,
    /// The prefecture.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<RegionName>)]
    pub prefecture: Option<Option<RegionName>>,
    /// The county.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<RegionName>)]
    pub county: Option<Option<RegionName>>,
    /// The township.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<RegionName>)]
    pub township: Option<Option<RegionName>>,
    /// The report year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// The kind of agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<AgencyKind>,
    /// The agencies' level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// The template; null for reports without the national tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Template>)]
    pub template: Option<Option<Template>>,
}

impl GroupView {
    pub(super) fn set(&mut self, group: &Group, value: KeyValue) {
        let text = match value {
            KeyValue::Number(year) => {
                self.year = i32::try_from(year).ok();
                return;
            }
            KeyValue::Text(text) => Some(text),
            KeyValue::Rate { .. } | KeyValue::Missing(()) => None,
        };
        match group {
            Group::Kind => self.kind = text.as_deref().and_then(AgencyKind::of),
            Group::Level => self.level = text.as_deref().and_then(Level::of),
            Group::Template => self.template = Some(text.as_deref().and_then(Template::of)),
            Group::Region(level) => {
                let region = Some(text.map(RegionName::of));
                match level {
                    Level::Prefecture => self.prefecture = region,
                    Level::County => self.county = region,
                    Level::Township => self.township = region,
                    Level::National | Level::Province => self.province = region,
                }
            }
            Group::Year | Group::Agency | Group::Areas(_) => {}
        }
    }
}

/// What is put together of some reports.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
pub struct FiguresView {
    /// Each measure and indicator by its code: counts are integers, money is a string in CNY, rates, means
    /// and medians of counts are numbers; null where there is none.
    #[schema(value_type = std::collections::HashMap<String, ValueOrNull>)]
    pub values: Json<IndexMap<String, Option<Value>>>,
    /// Why a value is null, by the code: `no_reports`; `no_part` (no report prints the number); `unknown`
    /// (it is unknown in those that would); `no_denominator`; `not_comparable` (the template of these
    /// reports means something else by it); `too_large`.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub reasons: Json<IndexMap<String, Option<String>>>,
    /// How many reports there are.
    pub reports: u64,
    /// How many of them are left out of each value, since their number is unknown or another one.
    #[schema(value_type = std::collections::HashMap<String, u64>)]
    pub unknown: Json<IndexMap<String, u64>>,
    /// Which reports were taken: `consolidated`, `own` or `mixed`; null where there is none.
    pub rollup: Option<String>,
    /// The level whose consolidated reports are among them; null where there are none, or of several.
    pub rollup_level: Option<Level>,
}

impl FiguresView {
    /// One with every field that one of these figures has.
    pub(super) fn example(figures: &[Figure]) -> Self {
        let mut view = Self::default();
        for code in figures.iter().map(|figure| figure.code()) {
            view.values.insert(code.clone(), None);
            view.reasons.insert(code.clone(), None);
            view.unknown.insert(code, 0);
        }
        view
    }

    /// Of no report.
    pub(super) fn empty(figures: &[Figure]) -> Self {
        let mut view = Self::example(figures);
        for reason in view.reasons.values_mut() {
            *reason = Some(Reason::NoReports.code().to_owned());
        }
        view
    }

    /// Of a group of reports.
    pub(super) fn of(sum: &Sum, figures: &[Figure]) -> Self {
        let Sum { key: _, taken, totals } = sum;
        let mut view = Self { reports: taken.reports(), ..Self::default() };
        for (figure, total) in figures.iter().zip(totals) {
            let value = total.outcome.and_then(|outcome| outcome.value());
            if let Err(reason) = value {
                view.reasons.insert(figure.code(), Some(reason.code().to_owned()));
            }
            view.values.insert(figure.code(), value.ok());
            view.unknown.insert(figure.code(), total.unknown);
        }
        view.rollup = taken.rollup().map(str::to_owned);
        view.rollup_level = taken.level();
        view
    }
}

/// A group of reports, and what is put together of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Statistics")]
pub struct StatisticsView {
    /// What its reports share.
    pub group: GroupView,
    #[serde(flatten)]
    #[graphql(flatten)]
    pub figures: FiguresView,
}

/// A question as it is meant.
struct Meant {
    groups: Vec<Group>,
    figures: Vec<Figure>,
    function: Function,
    rollup: Rollup,
}

impl StatisticsArgs {
    fn meant(&self) -> Result<Meant> {
        let Self { measures, group_by, function, rollup } = self;
        Ok(Meant {
            figures: figures(measures.as_deref())?,
            groups: Group::parse(group_by.as_deref())?,
            function: Function::parse(function.as_deref())?,
            rollup: Rollup::parse(rollup.as_deref())?,
        })
    }
}

/// The figures that `measures` names, which must be there.
pub(super) fn figures(measures: Option<&str>) -> Result<Vec<Figure>> {
    let allowed = "codes of /api/v1/measures and /api/v1/indicators, separated by commas";
    let Some(measures) = measures else {
        return Err(Error::invalid("measures", "measures is not given").allowed([allowed]));
    };
    let figures = Figure::parse_all("measures", measures)?;
    if figures.len() > limits::FIGURES {
        let detail = format!("measures names {}, more than {}", figures.len(), limits::FIGURES);
        return Err(Error::invalid("measures", detail));
    }
    Ok(figures)
}

/// The statistics.
pub struct Statistics;

impl Resource for Statistics {
    const NAME: &'static str = "statistics";
    const ROWS_AT_ONCE: u64 = limits::GROUPS as u64;
    type Filter = StatisticsQuery;
    type Row = StatisticsView;

    fn example(filter: &StatisticsQuery) -> Result<StatisticsView> {
        let Meant { groups, figures, .. } = filter.own.meant()?;
        let mut row = StatisticsView::default();
        for group in &groups {
            let value = match group {
                Group::Year => KeyValue::Number(0),
                Group::Kind => KeyValue::Text(AgencyKind::Other.code().to_owned()),
                Group::Level => KeyValue::Text(Level::County.code().to_owned()),
                Group::Template => KeyValue::Missing(()),
                _ => KeyValue::Text(String::new()),
            };
            row.group.set(group, value);
        }
        row.figures = FiguresView::example(&figures);
        Ok(row)
    }

    fn value_type(filter: &StatisticsQuery, code: &str) -> FieldType {
        let function = Function::parse(filter.own.function.as_deref());
        function.unwrap_or_default().field_type(code)
    }

    async fn list(
        connection: &impl ConnectionTrait,
        query: &StatisticsQuery,
        paging: &Paging,
    ) -> Result<Page<StatisticsView>> {
        if let Some(sort) = &paging.sort {
            let detail = format!("statistics are in the order of their groups, not by {sort:?}");
            return Err(Error::invalid("sort", detail));
        }
        let StatisticsQuery { report: filter, own } = query;
        let Meant { groups, figures, function, rollup } = own.meant()?;
        let at = filter.at(connection).await?;
        let asked = Asked {
            filter,
            at,
            groups: &groups,
            figures: &figures,
            function,
            rollup,
            most: limits::GROUPS,
            parameter: "group_by",
        };
        let (sums, coverage) = answer(connection, &asked).await?;
        let key = |sum: &Sum| sum.key.clone();
        let page = page(sums, key, groups.len(), &named(Self::NAME, query, paging), paging)?;
        let page = page.map(|sum| view(sum, &groups, &figures));
        Ok(Page { coverage: Some(coverage), ..page })
    }
}

/// A page of rows that are in the order of their keys.
pub(super) fn page<T>(
    rows: Vec<T>,
    key: impl Fn(&T) -> Vec<KeyValue>,
    keys: usize,
    question: &str,
    paging: &Paging,
) -> Result<Page<T>> {
    let after = paging.after.as_deref();
    let after = after.map(|after| Cursor::decode(after, question, keys)).transpose()?;
    let start = after.map_or(0, |after| rows.partition_point(|row| key(row) <= after));
    let limit = usize::try_from(paging.limit).unwrap_or(usize::MAX);
    let total = rows.len();
    let rows: Vec<T> = rows.into_iter().skip(start).take(limit).collect();
    Ok(Page {
        cursors: rows.iter().map(|row| Cursor::after(question, key(row)).encode()).collect(),
        has_next: start + rows.len() < total,
        total: Some(total as u64),
        coverage: None,
        rows,
    })
}

fn view(sum: Sum, groups: &[Group], figures: &[Figure]) -> StatisticsView {
    let mut group = GroupView::default();
    let figures = FiguresView::of(&sum, figures);
    for (by, value) in groups.iter().zip(sum.key) {
        group.set(by, value);
    }
    StatisticsView { group, figures }
}
