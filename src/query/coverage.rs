//! Coverage: how many are expected to report, and how many did, were late or are missing, grouped.

use std::collections::HashMap;

use entity::template::{AgencyKind, Code, Level};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    cursor::{KeyValue, named},
    filter::filter,
    label::Label,
    page::{Page, Paging},
    row::filter_with,
    standing::{Expected, ExpectedFilter, Reporter, Standing, State},
    statistics::{GroupView, page},
    sums::{group::Group, too_many_groups},
    year,
};
use crate::{
    error::{Error, Result},
    limits, regions,
};

filter! {
    /// What is counted together.
    pub struct CoverageArgs {
        /// What to group by, separated by commas: `province`, `prefecture`, `county`, `township`, `year`,
        /// `kind`, `level`. Where it is not said, by `year`.
        #[arg(alias = "group_by")]
        #[graphql(name = "group_by")]
        pub group_by: Option<String>,
    }
}

filter_with! {
    /// Whose reports are expected, on which years, and what is counted together.
    CoverageQuery = expected: ExpectedFilter, own: CoverageArgs
}

/// How many agencies are expected to report, and how many did. An agency counts once a year, whether it
/// hands in one report or two: over several years they add up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "CoverageRow")]
pub struct CoverageView {
    /// What they share.
    pub group: GroupView,
    /// Expected: the governments and townships of the tree of regions, and every agency that reported on
    /// the year or an earlier one. `reported` and `missing` together.
    pub expected: u64,
    /// Those that reported: `on_time`, `late` and `undated` together.
    pub reported: u64,
    /// Those that reported by the last day.
    pub on_time: u64,
    /// Those of which a report was published after its last day.
    pub late: u64,
    /// Those whose reports do not say when they were published.
    pub undated: u64,
    /// Those that have not reported.
    pub missing: u64,
    /// Of those missing, the governments and townships of which no report on an earlier year is in
    /// either; the others are what `/years` counts as missing.
    pub never_reported: u64,
    /// Of those that reported, the agencies that did so for the first time and are not in the tree of
    /// regions: nobody could have missed them.
    pub new: u64,
    /// `reported` over `expected`, from 0 to 1.
    pub share: f64,
}

impl CoverageView {
    fn count(&mut self, standing: &Standing<'_>) {
        self.expected += 1;
        self.new += u64::from(standing.is_new);
        match standing.state {
            State::OnTime => self.on_time += 1,
            State::Late => self.late += 1,
            State::Undated => self.undated += 1,
            State::Missing => {
                self.missing += 1;
                self.never_reported += u64::from(!standing.reported_before);
            }
        }
        self.reported = self.expected - self.missing;
    }

    fn with_share(self) -> Self {
        // Both are far below 2^53.
        #[expect(clippy::cast_precision_loss, reason = "there are fewer agencies than 2^53")]
        let share = self.reported as f64 / self.expected as f64;
        Self { share, ..self }
    }
}

impl CoverageArgs {
    fn groups(&self) -> Result<Vec<Group>> {
        let Self { group_by } = self;
        // Who has not reported has no template.
        let groups = Group::parse_of(group_by.as_deref(), |group| *group != Group::Template)?;
        Ok(if groups.is_empty() { vec![Group::Year] } else { groups })
    }
}

/// The coverage.
pub struct CoverageRows;

impl Resource for CoverageRows {
    const NAME: &'static str = "coverage";
    const ROWS_AT_ONCE: u64 = limits::GROUPS as u64;
    type Filter = CoverageQuery;
    type Row = CoverageView;

    fn example(query: &CoverageQuery) -> Result<CoverageView> {
        let mut row = CoverageView::default();
        for group in query.own.groups()? {
            let value = match group {
                Group::Year => KeyValue::Number(0),
                Group::Kind => KeyValue::Text(AgencyKind::Other.code().to_owned()),
                Group::Level => KeyValue::Text(Level::County.code().to_owned()),
                _ => KeyValue::Text(String::new()),
            };
            row.group.set(&group, value);
        }
        Ok(row)
    }

    fn label(name: &str) -> Option<Label> {
        let (zh, en) = match name {
            "expected" => ("应报机关数", "agencies expected"),
            "reported" => ("已报机关数", "agencies that reported"),
            "on_time" => ("按期机关数", "agencies in time"),
            "late" => ("逾期机关数", "agencies late"),
            "undated" => ("未载日期机关数", "agencies without a date"),
            "never_reported" => ("从未报告机关数", "agencies that never reported"),
            "new" => ("首次报告机关数", "agencies new"),
            "share" => ("报告率", "share reported"),
            _ => return None,
        };
        Some(Label { zh: zh.to_owned(), en: en.to_owned() })
    }

    async fn list(
        connection: &impl ConnectionTrait,
        query: &CoverageQuery,
        paging: &Paging,
    ) -> Result<Page<CoverageView>> {
        if let Some(sort) = &paging.sort {
            let detail = format!("coverage is in the order of its groups, not by {sort:?}");
            return Err(Error::invalid("sort", detail));
        }
        let CoverageQuery { expected: filter, own } = query;
        let groups = own.groups()?;
        let at = filter.at(connection).await?;
        let due = year::due(connection, at).await?;
        let years = filter.years(&due)?;
        let expected = Expected::read(connection, filter, at, &years, &due).await?;
        let rows = counted(&expected, &years, &groups)?;
        let question = named(Self::NAME, query, paging);
        let page = page(rows, |(key, _)| key.clone(), groups.len(), &question, paging)?;
        let view = |(key, mut view): (Vec<KeyValue>, CoverageView)| {
            for (group, value) in groups.iter().zip(key) {
                view.group.set(group, value);
            }
            view.with_share()
        };
        Ok(page.map(view))
    }
}

/// What is counted in each group, in the order of their keys, without a value last.
fn counted(
    expected: &Expected<'_>,
    years: &[i32],
    groups: &[Group],
) -> Result<Vec<(Vec<KeyValue>, CoverageView)>> {
    let keys: Vec<Vec<KeyValue>> =
        expected.reporters().iter().map(|reporter| key(reporter, groups)).collect();
    let at_year = groups.iter().position(|group| *group == Group::Year);
    let mut counts: HashMap<Vec<KeyValue>, CoverageView> = HashMap::new();
    for &year in years {
        for standing in expected.on(year) {
            let mut key = keys[standing.number].clone();
            if let Some(place) = at_year {
                key[place] = KeyValue::Number(i64::from(year));
            }
            counts.entry(key).or_default().count(&standing);
        }
        if counts.len() > limits::GROUPS {
            return Err(too_many_groups("group_by", limits::GROUPS));
        }
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    Ok(rows)
}

/// What groups an agency's expected reports, but for the year.
fn key(reporter: &Reporter, groups: &[Group]) -> Vec<KeyValue> {
    let value = |group: &Group| match group {
        Group::Region(level) => {
            let chain = regions::chain(&reporter.region_code);
            let area = chain.into_iter().find(|region| region.level == *level);
            area.map_or(KeyValue::Missing(()), |area| KeyValue::Text(area.code.clone()))
        }
        Group::Kind => KeyValue::Text(reporter.kind.code().to_owned()),
        Group::Level => KeyValue::Text(reporter.level.code().to_owned()),
        Group::Year | Group::Agency | Group::Areas(_) | Group::Template => KeyValue::Missing(()),
    };
    groups.iter().map(value).collect()
}
