//! Report years: what is in, what is missing, what was late.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::{agency, deadline, report, template::Scope, year};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IdenStatic, JoinType, QueryFilter,
    QueryOrder, QueryResult, QuerySelect, QueryTrait, RelationTrait, Select,
    sea_query::{Expr, ExprTrait, Query, SubQueryStatement},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    agency::AgencyView,
    as_of::{self, At},
    filter::filter,
    page::{Page, Paging},
    report::{ReportView, views},
    span::in_years,
    window::{SortKey, page, sort_keys},
};
use crate::{
    error::{Error, Result},
    limits,
};

/// A report year. Counted are current revisions.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject,
)]
#[graphql(name = "Year")]
pub struct YearView {
    /// The year reported on.
    pub year: i32,
    /// Reports that are in.
    pub reports: u64,
    /// Agencies that reported on an earlier year and have no report on this one.
    pub missing: u64,
    /// Reports published after their deadline; one without a date is not counted.
    pub late: u64,
    /// The last day for agencies (Article 49).
    pub agency_deadline: NaiveDate,
    /// The last day for local governments' reports on their whole area.
    pub government_deadline: NaiveDate,
}

/// A report year with the agencies missing and the reports that were late.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct YearDetail {
    #[serde(flatten)]
    pub year: YearView,
    /// The agencies missing, by region: the first 500.
    pub missing_agencies: Vec<AgencyView>,
    /// The reports that were late, by region: the first 500.
    pub late_reports: Vec<ReportView>,
}

filter! {
    /// Which years.
    pub struct YearFilter {
        /// A report year: `2023`; a span: `2019..2023`; several separated by commas: `2021,2023`.
        pub year: Option<String>,
        /// The data as they stood: at the end of a day (`2026-11-23`, UTC), at a time
        /// (`2026-11-23T08:00:00Z`) or at a data version (`v12`).
        #[arg(alias = "as_of")]
        #[graphql(name = "as_of")]
        pub as_of: Option<String>,
    }
}

impl YearFilter {
    fn condition(&self, at: At) -> Result<Condition> {
        let Self { year, as_of: _ } = self;
        let years = year.as_deref().map(|year| in_years(year, year::Column::Year)).transpose()?;
        Ok(known(at).add_option(years))
    }
}

/// The report years.
pub struct Years;

impl Resource for Years {
    const NAME: &'static str = "years";
    type Filter = YearFilter;
    type Row = YearView;

    async fn list(
        connection: &impl ConnectionTrait,
        filter: &YearFilter,
        paging: &Paging,
    ) -> Result<Page<YearView>> {
        let sort = paging.sort.as_deref().unwrap_or("-year");
        let column = || Expr::col((year::Entity, year::Column::Year));
        let mut keys = sort_keys(sort, &["year"], |name| (name == "year").then(column))?;
        keys.push(SortKey::ascending(column()));
        let at = as_of::at(connection, filter.as_of.as_deref()).await?;
        let select = years(at).filter(filter.condition(at)?);
        let page = page(connection, select, keys, paging, filter).await?;
        let rows = with_counts(connection, page.rows.clone(), at).await?;
        Ok(page.with_rows(rows))
    }
}

/// Years, each with the deadlines it had.
fn years(at: At) -> Select<year::Entity> {
    let column = |column| (deadline(column, at), column.as_str());
    let agencies = column(year::Column::AgencyDeadline);
    let governments = column(year::Column::GovernmentDeadline);
    year::Entity::find()
        .select_only()
        .column(year::Column::Year)
        .column_as(agencies.0, agencies.1)
        .column_as(governments.0, governments.1)
}

/// A year's deadline: the last that was set.
fn deadline(column: year::Column, at: At) -> Expr {
    if at == At::Now {
        return Expr::col((year::Entity, column));
    }
    let of_deadline = match column {
        year::Column::AgencyDeadline => deadline::Column::AgencyDeadline,
        _ => deadline::Column::GovernmentDeadline,
    };
    let of_year = Expr::col((deadline::Entity, deadline::Column::Year));
    let last = deadline::Entity::find()
        .select_only()
        .column(of_deadline)
        .filter(of_year.equals((year::Entity, year::Column::Year)))
        .filter(at.begun(deadline::Column::FromVersion))
        .order_by_desc(deadline::Column::FromVersion)
        .limit(1)
        .into_query();
    Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(last)))
}

/// The last days for the reports on a year.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    agencies: NaiveDate,
    governments: NaiveDate,
}

impl Due {
    /// The last day for a report of this scope.
    pub(super) const fn of(self, scope: Scope) -> NaiveDate {
        match scope {
            Scope::Own => self.agencies,
            Scope::Consolidated => self.governments,
        }
    }
}

/// The years of which a report had come in, each with its last days.
pub(super) async fn due(connection: &impl ConnectionTrait, at: At) -> Result<BTreeMap<i32, Due>> {
    let rows = years(at).filter(known(at)).all(connection).await?;
    let due = |row: year::Model| {
        (row.year, Due { agencies: row.agency_deadline, governments: row.government_deadline })
    };
    Ok(rows.into_iter().map(due).collect())
}

/// The condition on years: those of which a report had come in.
fn known(at: At) -> Condition {
    if at == At::Now {
        return Condition::all();
    }
    let begun = deadline::Entity::find()
        .select_only()
        .column(deadline::Column::Year)
        .filter(at.begun(deadline::Column::FromVersion))
        .into_query();
    Condition::all().add(year::Column::Year.in_subquery(begun))
}

/// Counts what is in for each year: four statements, however many years.
async fn with_counts(
    connection: &impl ConnectionTrait,
    years: Vec<year::Model>,
    at: At,
) -> Result<Vec<YearView>> {
    let by_year = |select: Select<report::Entity>, counted: Expr| {
        select
            .select_only()
            .column(report::Column::Year)
            .column_as(counted, "counted")
            .group_by(report::Column::Year)
            .into_tuple::<(i32, i64)>()
            .all(connection)
    };
    let reports: HashMap<i32, i64> =
        by_year(current(at), report::Column::Id.count()).await?.into_iter().collect();
    let late: HashMap<i32, i64> =
        by_year(late(at), report::Column::Id.count()).await?.into_iter().collect();
    let agencies = Expr::col(report::Column::AgencyId).count_distinct();
    let agencies: HashMap<i32, i64> = by_year(current(at), agencies).await?.into_iter().collect();
    let first = first_years(connection, at).await?;
    let count = |counts: &HashMap<i32, i64>, year| counts.get(&year).copied().unwrap_or(0);
    let view = |year: year::Model| {
        // Of those that reported before, all are missing but those that reported again.
        let before: i64 =
            first.iter().filter(|(first, _)| **first < year.year).map(|(_, new)| new).sum();
        let again = count(&agencies, year.year) - count(&first, year.year);
        YearView {
            year: year.year,
            reports: count(&reports, year.year).unsigned_abs(),
            missing: (before - again).unsigned_abs(),
            late: count(&late, year.year).unsigned_abs(),
            agency_deadline: year.agency_deadline,
            government_deadline: year.government_deadline,
        }
    };
    Ok(years.into_iter().map(view).collect())
}

/// How many agencies reported for the first time on each year.
async fn first_years(connection: &impl ConnectionTrait, at: At) -> Result<HashMap<i32, i64>> {
    let first = current(at)
        .select_only()
        .column_as(report::Column::Year.min(), "first_year")
        .group_by(report::Column::AgencyId)
        .into_query();
    let counted = Query::select()
        .column("first_year")
        .expr_as(Expr::col("first_year").count(), "agencies")
        .from_subquery(first, "firsts")
        .group_by_col("first_year")
        .take();
    let rows = connection.query_all(&counted).await?;
    let row = |row: QueryResult| Ok((row.try_get("", "first_year")?, row.try_get("", "agencies")?));
    rows.into_iter().map(row).collect()
}

fn current(at: At) -> Select<report::Entity> {
    report::Entity::find().filter(at.reports())
}

fn late(at: At) -> Select<report::Entity> {
    let after = |scope: Scope, due| {
        let published = Expr::col((report::Entity, report::Column::PublishedOn));
        Condition::all().add(report::Column::Scope.eq(scope)).add(published.gt(deadline(due, at)))
    };
    current(at).join(JoinType::InnerJoin, report::Relation::Year.def()).filter(
        Condition::any()
            .add(after(Scope::Own, year::Column::AgencyDeadline))
            .add(after(Scope::Consolidated, year::Column::GovernmentDeadline)),
    )
}

fn missing(year: i32, at: At) -> Select<agency::Entity> {
    let reported = |condition| {
        current(at).select_only().column(report::Column::AgencyId).filter(condition).into_query()
    };
    super::agency::select(at)
        .filter(agency::Column::Id.in_subquery(reported(report::Column::Year.lt(year))))
        .filter(agency::Column::Id.not_in_subquery(reported(report::Column::Year.eq(year))))
}

/// A report year in full.
///
/// # Errors
/// `not_found` where no report on the year is in.
pub async fn detail(connection: &impl ConnectionTrait, year: i32, at: At) -> Result<YearDetail> {
    let of_year = years(at).filter(year::Column::Year.eq(year)).filter(known(at));
    let row = of_year.one(connection).await?;
    let row = row.ok_or_else(|| Error::not_found("report year", year))?;
    let missing_agencies = missing(year, at)
        .order_by_asc(agency::Column::RegionCode)
        .order_by_asc(agency::Column::Id)
        .limit(limits::PAGE_ROWS)
        .all(connection)
        .await?;
    let late_reports = late(at)
        .filter(report::Column::Year.eq(year))
        .order_by_asc(report::Column::RegionCode)
        .order_by_asc(report::Column::Id)
        .limit(limits::PAGE_ROWS)
        .all(connection)
        .await?;
    let year = with_counts(connection, vec![row], at).await?.pop().unwrap_or_default();
    Ok(YearDetail {
        year,
        missing_agencies: missing_agencies.into_iter().map(|row| AgencyView::of(row, at)).collect(),
        late_reports: views(connection, late_reports, &[], at).await?,
    })
}
