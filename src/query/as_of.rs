//! `as_of`: the data as they stood.
//!
//! A date, a time or a data version, as typed, becomes the version it means, and that becomes the
//! conditions on rows: every report and finding carries the versions between which it was current.
//! Refuses what is none of them and what is still to come.

use std::collections::HashMap;

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, SecondsFormat, Utc};
use entity::{agency, copied_section, finding, merge, moment, report};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait, Order, Query, SubQueryStatement},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::version;
use crate::error::{Error, Result};

/// Which data a single answer is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AsOf {
    /// The data as they stood: at the end of a day (`2026-11-23`, UTC), at a time
    /// (`2026-11-23T08:00:00Z`) or at a data version (`v12`).
    pub as_of: Option<String>,
}

impl AsOf {
    /// The version meant.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub async fn at(&self, connection: &impl ConnectionTrait) -> Result<At> {
        at(connection, self.as_of.as_deref()).await
    }
}

/// Which version of the data is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum At {
    /// The data as they stand.
    #[default]
    Now,
    /// The data as they stood in a version.
    Version(i64),
}

/// What `as_of` takes, for errors.
const ALLOWED: [&str; 3] = [
    "a date up to today: 2026-11-23, the end of that day in UTC",
    "a time up to now: 2026-11-23T08:00:00Z",
    "a data version up to the one in the header `data-version`: v12",
];

/// How far ahead of UTC a day begins somewhere on Earth.
const EARLIEST_DAY: Duration = Duration::hours(14);

/// `as_of` as typed, understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Typed {
    Version(i64),
    /// Before this moment.
    Before(DateTime<Utc>),
    /// At this moment, or earlier.
    At(DateTime<Utc>),
}

/// The version that a time, date or version as typed means.
///
/// # Errors
/// `invalid_parameter` for what is none, or is to come.
pub async fn at(connection: &impl ConnectionTrait, as_of: Option<&str>) -> Result<At> {
    let Some(text) = as_of else { return Ok(At::Now) };
    let typed = typed("as_of", text, Utc::now())?;
    version_of(connection, "as_of", typed).await.map(At::Version)
}

/// The version after which what happened since a time, date or version as typed begins: a day is meant
/// from its beginning on.
pub(super) async fn before(
    connection: &impl ConnectionTrait,
    parameter: &str,
    since: &str,
) -> Result<i64> {
    let since = match typed(parameter, since, Utc::now())? {
        Typed::Before(end) => Typed::Before(end - Duration::days(1)),
        other => other,
    };
    version_of(connection, parameter, since).await
}

async fn version_of(
    connection: &impl ConnectionTrait,
    parameter: &str,
    typed: Typed,
) -> Result<i64> {
    let began = |condition| {
        moment::Entity::find()
            .select_only()
            .column(moment::Column::Version)
            .filter(condition)
            .order_by_desc(moment::Column::Version)
            .limit(1)
            .into_tuple::<i64>()
            .one(connection)
    };
    let version = match typed {
        Typed::Version(version) => {
            let newest = version::get(connection).await?.version;
            if version > newest {
                let detail = format!("\"v{version}\" is to come: the data are at v{newest}");
                return Err(Error::invalid(parameter, detail).allowed(ALLOWED));
            }
            Some(version)
        }
        Typed::Before(moment) => began(moment::Column::BeganAt.lt(moment)).await?,
        Typed::At(moment) => began(moment::Column::BeganAt.lte(moment)).await?,
    };
    Ok(version.unwrap_or(0))
}

/// Whether what is typed means the same version for ever: a version does, up to the newest; a time does once
/// it is past.
#[must_use]
pub fn is_settled(text: &str, newest: i64) -> bool {
    /// How long a change may take from its moment until it is there for readers.
    const UNDER_WAY: Duration = Duration::minutes(10);
    match typed("as_of", text, Utc::now()) {
        Ok(Typed::Version(version)) => version <= newest,
        Ok(Typed::Before(moment) | Typed::At(moment)) => moment + UNDER_WAY < Utc::now(),
        Err(_) => false,
    }
}

fn typed(parameter: &str, text: &str, now: DateTime<Utc>) -> Result<Typed> {
    let refuse = |why: &str| Error::invalid(parameter, format!("{text:?} {why}")).allowed(ALLOWED);
    let text = text.trim();
    let digits = text.strip_prefix('v').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return digits.parse().map(Typed::Version).map_err(|_| refuse("is no data version"));
    }
    if let Ok(date) = text.parse::<NaiveDate>() {
        let is_canonical = date.to_string() == text;
        let next = date.checked_add_days(Days::new(1)).filter(|_| is_canonical);
        let next = next.ok_or_else(|| refuse("is no date"))?;
        // A day that has begun somewhere on Earth is not to come.
        if date > (now + EARLIEST_DAY).date_naive() {
            return Err(refuse("is to come"));
        }
        return Ok(Typed::Before(next.and_time(NaiveTime::MIN).and_utc()));
    }
    // In a query string `+` is a blank, unless it is written `%2B`.
    let time = DateTime::parse_from_rfc3339(&text.replace(' ', "+"));
    let time = time.map_err(|_| refuse("is no date, time or data version"))?.to_utc();
    if time > now { Err(refuse("is to come")) } else { Ok(Typed::At(time)) }
}

impl At {
    /// The condition on reports: those that were current.
    pub(super) fn reports(self) -> Condition {
        match self {
            Self::Now => Condition::all().add(report::Column::IsCurrent.eq(true)),
            Self::Version(version) => Condition::all()
                .add(report::Column::FromVersion.lte(version))
                .add(not_ended(report::Column::UntilVersion, version)),
        }
    }

    /// The condition on findings: those that held.
    pub(super) fn findings(self) -> Condition {
        match self {
            Self::Now => Condition::all().add(finding::Column::UntilVersion.is_null()),
            Self::Version(version) => Condition::all()
                .add(finding::Column::FromVersion.lte(version))
                .add(not_ended(finding::Column::UntilVersion, version)),
        }
    }

    /// The condition on what sections share with others: what was known.
    pub(super) fn copied(self) -> Condition {
        match self {
            Self::Now => Condition::all().add(copied_section::Column::UntilVersion.is_null()),
            Self::Version(version) => Condition::all()
                .add(copied_section::Column::FromVersion.lte(version))
                .add(not_ended(copied_section::Column::UntilVersion, version)),
        }
    }

    /// The condition on agencies: those that had a current report.
    pub(super) fn agencies(self) -> Condition {
        match self {
            Self::Now => Condition::all().add(agency::Column::IsCurrent.eq(true)),
            Self::Version(_) => {
                let reported = report::Entity::find()
                    .select_only()
                    .column(report::Column::AgencyId)
                    .filter(self.reports())
                    .into_query();
                Condition::all().add(agency::Column::Id.in_subquery(reported))
            }
        }
    }

    /// An agency's name: as its newest report writes it.
    pub(super) fn agency_name(self) -> Expr {
        let Self::Version(version) = self else {
            return Expr::col((agency::Entity, agency::Column::Name));
        };
        let column = |column| Expr::col((report::Entity, column));
        let is_current = not_ended(report::Column::UntilVersion, version);
        let newest = Query::select()
            .expr(column(report::Column::AgencyName))
            .from(report::Entity)
            .and_where(
                column(report::Column::AgencyId).equals((agency::Entity, agency::Column::Id)),
            )
            .and_where(column(report::Column::FromVersion).lte(version))
            .order_by_expr(Expr::case(is_current, 0).finally(1).into(), Order::Asc)
            .order_by_expr(column(report::Column::Year), Order::Desc)
            .order_by_expr(column(report::Column::Scope), Order::Asc)
            .order_by_expr(column(report::Column::Revision), Order::Desc)
            .limit(1)
            .take();
        Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(newest)))
    }

    /// The condition on merges: those that held.
    pub(super) fn merges(self) -> Condition {
        match self {
            Self::Now => Condition::all().add(merge::Column::UntilVersion.is_null()),
            Self::Version(version) => Condition::all()
                .add(merge::Column::FromVersion.lte(version))
                .add(not_ended(merge::Column::UntilVersion, version)),
        }
    }

    /// The condition on what began with a version and stays: that it had begun.
    pub(super) fn begun(self, version_column: impl ColumnTrait) -> Condition {
        match self {
            Self::Now => Condition::all(),
            Self::Version(version) => Condition::all().add(version_column.lte(version)),
        }
    }
}

fn not_ended(until: impl ColumnTrait, version: i64) -> Condition {
    Condition::any().add(until.is_null()).add(until.gt(version))
}

/// The moments at which versions began, by version, as `as_of` takes them.
pub(super) async fn moments(
    connection: &impl ConnectionTrait,
    versions: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, String>> {
    let rows = moment::Entity::find()
        .filter(moment::Column::Version.is_in(versions))
        .all(connection)
        .await?;
    let text = |moment: DateTime<Utc>| moment.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    Ok(rows.into_iter().map(|row| (row.version, text(row.began_at))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_the_end_of_its_day_and_what_is_to_come_is_refused() {
        let time = |text: &str| DateTime::parse_from_rfc3339(text).unwrap_or_default().to_utc();
        let now = time("2026-11-23T17:30:00Z");
        let understood = |text: &str| typed("as_of", text, now).map_err(|error| error.detail);
        assert_eq!(understood("v12"), Ok(Typed::Version(12)));
        assert_eq!(understood("12"), Ok(Typed::Version(12)));
        let end = Typed::Before(time("2026-11-24T00:00:00Z"));
        assert_eq!(understood("2026-11-23"), Ok(end));
        // It is the 24th in Beijing.
        assert!(understood("2026-11-24").is_ok());
        assert_eq!(understood("2026-11-25"), Err("\"2026-11-25\" is to come".to_owned()));
        let eight = Ok(Typed::At(time("2026-11-23T08:00:00Z")));
        assert_eq!(understood("2026-11-23T08:00:00Z"), eight);
        assert_eq!(understood("2026-11-23T16:00:00+08:00"), eight);
        assert_eq!(understood("2026-11-23T16:00:00 08:00"), eight);
        assert!(understood("2026-11-23T17:30:01Z").is_err());
        for text in
            ["", "v", "-1", "v-1", "yesterday", "2026-11", "2026-1-1", "99999999999999999999"]
        {
            assert!(understood(text).is_err(), "{text:?}");
        }
    }
}
