//! Expected reports: each agency that is to report on a year, and whether it did, late or not at all.

use chrono::NaiveDate;
use entity::template::{AgencyKind, Level};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource, agency,
    as_of::At,
    cursor::{Cursor, KeyValue, named},
    filter::{filter, values},
    label::Label,
    page::{Page, Paging},
    report::public_id,
    row::filter_with,
    standing::{Expected, ExpectedFilter, Standing, State},
    year,
};
use crate::{
    error::{Error, Result},
    limits,
};

filter! {
    /// How those stand who are shown.
    pub struct StateFilter {
        /// How they stand: `missing`; `reported`, which is `on_time`, `late` and `undated` together (a
        /// report that does not say when it was published); several separated by commas.
        pub state: Option<String>,
    }
}

filter_with! {
    /// Whose reports are expected, on which years, and how they stand.
    ExpectedReportFilter = expected: ExpectedFilter, own: StateFilter
}

/// Who is expected to report: an agency, or a government of the tree of regions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject)]
pub struct ExpectedAgency {
    /// The agency's id; null for a government of the tree of regions of which no report is in.
    pub id: Option<String>,
    /// Its full name, as its newest report writes it; of one without a report, made of its region's name.
    pub name: String,
    /// The code of its region.
    pub region_code: String,
    /// What kind of agency it is.
    pub kind: AgencyKind,
    /// Its level.
    pub level: Level,
}

/// For the heads of an empty table only.
impl Default for ExpectedAgency {
    fn default() -> Self {
        let (name, region_code) = (String::new(), String::new());
        Self { id: None, name, region_code, kind: AgencyKind::Other, level: Level::County }
    }
}

/// Somebody who is expected to report on a year, and whether it did.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject,
)]
#[graphql(name = "ExpectedReport")]
pub struct ExpectedReportView {
    /// The year to report on.
    pub year: i32,
    /// Who is expected to.
    pub agency: ExpectedAgency,
    /// How it stands: `on_time`, `late`, `undated` (reported, and the report does not say when it was
    /// published) or `missing`.
    pub state: State,
    /// The last day (Articles 49 and 50): of the report that is in; where none is, of a government that on
    /// its whole area. Null for a year on which no report at all is in.
    pub deadline: Option<NaiveDate>,
    /// The day the report was published, as the document states it.
    pub published_on: Option<NaiveDate>,
    /// The report's id; of an own and a consolidated one, that which was late, else the consolidated.
    pub report_id: Option<String>,
    /// Whether a report of it on an earlier year is in.
    pub reported_before: bool,
}

/// What `state` takes, and what is meant by it.
const STATES: [(&str, &[State]); 5] = [
    ("reported", &[State::Undated, State::OnTime, State::Late]),
    ("missing", &[State::Missing]),
    ("late", &[State::Late]),
    ("on_time", &[State::OnTime]),
    ("undated", &[State::Undated]),
];

impl StateFilter {
    fn states(&self) -> Result<Vec<State>> {
        let Self { state } = self;
        let Some(text) = state.as_deref() else {
            return Ok(vec![State::Undated, State::OnTime, State::Late, State::Missing]);
        };
        let states = values("state", text)?.into_iter().map(|code| {
            let known = STATES.iter().find(|(known, _)| *known == code);
            known.map(|(_, states)| *states).ok_or_else(|| {
                Error::invalid("state", format!("state {code:?} is not known"))
                    .allowed(STATES.map(|(code, _)| code))
            })
        });
        Ok(states.collect::<Result<Vec<_>>>()?.concat())
    }
}

/// The expected reports.
pub struct ExpectedReports;

impl Resource for ExpectedReports {
    const NAME: &'static str = "expected-reports";
    const ROWS_AT_ONCE: u64 = limits::EXPECTED_AT_ONCE;
    type Filter = ExpectedReportFilter;
    type Row = ExpectedReportView;

    fn label(name: &str) -> Option<Label> {
        let (zh, en) = match name {
            "state" => ("报告情况", "how it stands"),
            "deadline" => ("截止日期", "last day"),
            "reported_before" => ("往年曾报", "reported before"),
            _ => return None,
        };
        Some(Label { zh: zh.to_owned(), en: en.to_owned() })
    }

    async fn list(
        connection: &impl ConnectionTrait,
        query: &ExpectedReportFilter,
        paging: &Paging,
    ) -> Result<Page<ExpectedReportView>> {
        if let Some(sort) = &paging.sort {
            let detail = format!("expected reports are by year and region, not by {sort:?}");
            return Err(Error::invalid("sort", detail));
        }
        let ExpectedReportFilter { expected: filter, own } = query;
        let states = own.states()?;
        let at = filter.at(connection).await?;
        let due = year::due(connection, at).await?;
        let question = named(Self::NAME, query, paging);
        let after = paging.after.as_deref().map(|after| after_row(after, &question)).transpose()?;
        let mut years = filter.years(&due)?;
        years.reverse();
        if let Some((year, ..)) = after.as_ref().filter(|_| !paging.with_total) {
            years.retain(|asked| asked <= year);
        }
        let expected = Expected::read(connection, filter, at, &years, &due).await?;
        let limit = usize::try_from(paging.limit).unwrap_or(usize::MAX);
        let (mut total, mut has_next, mut rows) = (0, false, Vec::new());
        'years: for year in years {
            for standing in expected.on(year).filter(|row| states.contains(&row.state)) {
                total += 1;
                let is_after = after.as_ref().is_none_or(|(last, region, id)| {
                    let place = standing.reporter.place();
                    year < *last || (year == *last && place > (region.as_str(), id.as_str()))
                });
                if is_after && rows.len() < limit {
                    rows.push((year, standing));
                } else if is_after {
                    has_next = true;
                    if !paging.with_total {
                        break 'years;
                    }
                }
            }
        }
        let cursor = |(year, standing): &(i32, Standing<'_>)| {
            let (region, id) = standing.reporter.place();
            let text = |text: &str| KeyValue::Text(text.to_owned());
            let keys = vec![KeyValue::Number(i64::from(*year)), text(region), text(id)];
            Cursor::after(&question, keys).encode()
        };
        Ok(Page {
            cursors: rows.iter().map(cursor).collect(),
            has_next,
            total: paging.with_total.then_some(total),
            coverage: None,
            rows: views(connection, &rows, at).await?,
        })
    }
}

/// The year, region and agency of the row that a cursor stands after.
fn after_row(after: &str, question: &str) -> Result<(i32, String, String)> {
    const KEYS: usize = 3;
    let keys: [KeyValue; KEYS] = Cursor::decode(after, question, KEYS)?
        .try_into()
        .map_err(|_| Error::internal("a cursor has as many keys as it was decoded with"))?;
    match keys {
        [KeyValue::Number(year), KeyValue::Text(region), KeyValue::Text(id)] => {
            Ok((i32::try_from(year).unwrap_or(i32::MAX), region, id))
        }
        _ => Err(Error::invalid("after", "the text in `after` is no cursor of this list")),
    }
}

async fn views(
    connection: &impl ConnectionTrait,
    rows: &[(i32, Standing<'_>)],
    at: At,
) -> Result<Vec<ExpectedReportView>> {
    let mut views = Vec::with_capacity(rows.len());
    for some in rows.chunks(limits::PAGE_ROWS as usize) {
        let ids = some.iter().filter_map(|(_, standing)| standing.reporter.id.clone());
        let agencies = agency::by_ids(connection, ids, at).await?;
        views.extend(some.iter().map(|(year, standing)| {
            let reporter = standing.reporter;
            let name = reporter.id.as_ref().and_then(|id| Some(agencies.get(id)?.name.clone()));
            ExpectedReportView {
                year: *year,
                agency: ExpectedAgency {
                    id: reporter.id.clone(),
                    name: name.or_else(|| reporter.office.clone()).unwrap_or_default(),
                    region_code: reporter.region_code.clone(),
                    kind: reporter.kind,
                    level: reporter.level,
                },
                state: standing.state,
                deadline: standing.deadline,
                published_on: standing.filed.and_then(|filed| filed.published_on),
                report_id: standing.filed.map(|filed| public_id(filed.row_id)),
                reported_before: standing.reported_before,
            }
        }));
    }
    Ok(views)
}
