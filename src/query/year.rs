//! Report years: what is in, what is missing, what was late.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{agency, report, template::Scope, year};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, RelationTrait, Select,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Resource,
    agency::AgencyView,
    page::{Page, Paging},
    report::{ReportView, views},
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

/// Which years.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, IntoParams, clap::Args)]
#[into_params(parameter_in = Query)]
pub struct YearFilter {}

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
        let page = page(connection, year::Entity::find(), keys, paging, filter).await?;
        let rows = with_counts(connection, page.rows.clone()).await?;
        Ok(page.with_rows(rows))
    }
}

/// Counts what is in for each year: three statements, however many years.
async fn with_counts(
    connection: &impl ConnectionTrait,
    years: Vec<year::Model>,
) -> Result<Vec<YearView>> {
    let by_year = |select: Select<report::Entity>| {
        select
            .select_only()
            .column(report::Column::Year)
            .column_as(report::Column::Id.count(), "reports")
            .group_by(report::Column::Year)
            .into_tuple::<(i32, i64)>()
            .all(connection)
    };
    let reports: HashMap<i32, i64> = by_year(current()).await?.into_iter().collect();
    let late: HashMap<i32, i64> = by_year(late()).await?.into_iter().collect();
    let mut rows = Vec::with_capacity(years.len());
    for year in years {
        let count = |counts: &HashMap<i32, i64>| {
            counts.get(&year.year).map_or(0, |&count| count.unsigned_abs())
        };
        rows.push(YearView {
            year: year.year,
            reports: count(&reports),
            missing: missing(year.year).count(connection).await?,
            late: count(&late),
            agency_deadline: year.agency_deadline,
            government_deadline: year.government_deadline,
        });
    }
    Ok(rows)
}

fn current() -> Select<report::Entity> {
    report::Entity::find().filter(report::Column::IsCurrent.eq(true))
}

fn late() -> Select<report::Entity> {
    let after = |scope: Scope, deadline| {
        Condition::all().add(report::Column::Scope.eq(scope)).add(
            Expr::col((report::Entity, report::Column::PublishedOn))
                .gt(Expr::col((year::Entity, deadline))),
        )
    };
    current().join(JoinType::InnerJoin, report::Relation::Year.def()).filter(
        Condition::any()
            .add(after(Scope::Own, year::Column::AgencyDeadline))
            .add(after(Scope::Consolidated, year::Column::GovernmentDeadline)),
    )
}

fn missing(year: i32) -> Select<agency::Entity> {
    let reported = |condition| {
        current().select_only().column(report::Column::AgencyId).filter(condition).into_query()
    };
    agency::Entity::find()
        .filter(agency::Column::Id.in_subquery(reported(report::Column::Year.lt(year))))
        .filter(agency::Column::Id.not_in_subquery(reported(report::Column::Year.eq(year))))
}

/// A report year in full.
///
/// # Errors
/// `not_found` where no report on the year is in.
pub async fn detail(connection: &impl ConnectionTrait, year: i32) -> Result<YearDetail> {
    let row = year::Entity::find_by_id(year).one(connection).await?;
    let row = row.ok_or_else(|| Error::not_found("report year", year))?;
    let missing_agencies = missing(year)
        .order_by_asc(agency::Column::RegionCode)
        .order_by_asc(agency::Column::Id)
        .limit(limits::PAGE_ROWS)
        .all(connection)
        .await?;
    let late_reports = late()
        .filter(report::Column::Year.eq(year))
        .order_by_asc(report::Column::RegionCode)
        .order_by_asc(report::Column::Id)
        .limit(limits::PAGE_ROWS)
        .all(connection)
        .await?;
    let year = with_counts(connection, vec![row]).await?.pop().unwrap_or_default();
    Ok(YearDetail {
        year,
        missing_agencies: missing_agencies.into_iter().map(AgencyView::from).collect(),
        late_reports: views(connection, late_reports, &[]).await?,
    })
}
