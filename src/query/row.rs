//! Rows of the form across agencies: what requests, reviews, lawsuits and disclosure items share.

use std::collections::HashMap;

use entity::report;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, Related, sea_query::Expr,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    as_of::At,
    filter::ReportFilter,
    page::{Page, Paging},
    report::public_id,
    window::{SortKey, page, sort_keys},
};
use crate::error::Result;

/// Whose row it is.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject,
)]
pub struct RowHead {
    /// The agency's id.
    pub agency_id: String,
    /// The agency's full name as the report writes it.
    pub agency_name: String,
    /// The code of the agency's region.
    pub region_code: String,
    /// The report year.
    pub year: i32,
    /// The report's id.
    pub report_id: String,
    /// The version of the data it is seen in.
    #[serde(skip)]
    #[graphql(skip)]
    pub(crate) at: At,
}

#[derive(FromQueryResult)]
struct HeadRow {
    id: i64,
    agency_id: String,
    agency_name: String,
    region_code: String,
    year: i32,
}

/// The heads of reports, by their row ids.
pub(super) async fn heads(
    connection: &impl ConnectionTrait,
    report_ids: impl IntoIterator<Item = i64>,
    at: At,
) -> Result<HashMap<i64, RowHead>> {
    let rows = report::Entity::find()
        .select_only()
        .columns([
            report::Column::Id,
            report::Column::AgencyId,
            report::Column::AgencyName,
            report::Column::RegionCode,
            report::Column::Year,
        ])
        .filter(report::Column::Id.is_in(report_ids))
        .into_model::<HeadRow>()
        .all(connection)
        .await?;
    let head = |row: HeadRow| {
        let HeadRow { id, agency_id, agency_name, region_code, year } = row;
        (id, RowHead { agency_id, agency_name, region_code, year, report_id: public_id(id), at })
    };
    Ok(rows.into_iter().map(head).collect())
}

/// A table whose rows belong to reports.
pub trait ReportRows {
    type Entity: EntityTrait + Related<report::Entity>;
    /// The row as it is shown.
    type View;
    /// The column that names the report.
    const REPORT_ID: <Self::Entity as EntityTrait>::Column;
    /// The column that tells the rows of a report apart, where it has several.
    const KEY: Option<<Self::Entity as EntityTrait>::Column>;
    /// Names to sort by, beside `year` and `region`.
    const SORT: &'static [(&'static str, <Self::Entity as EntityTrait>::Column)];
    /// The report a row belongs to.
    fn report_id(row: &<Self::Entity as EntityTrait>::Model) -> i64;
    /// Shows a row.
    fn view(head: RowHead, row: <Self::Entity as EntityTrait>::Model) -> Self::View;
}

/// A page of rows of the current reports that a filter selects.
pub(super) async fn list<R: ReportRows>(
    connection: &impl ConnectionTrait,
    filter: &ReportFilter,
    own: Condition,
    paging: &Paging,
) -> Result<Page<R::View>>
where
    <R::Entity as EntityTrait>::Model: FromQueryResult + Sync,
{
    let at = filter.at(connection).await?;
    let reports = filter.condition(at)?;
    of_reports::<R>(connection, (filter, reports), own, paging, at).await
}

/// A page of rows of the reports that a condition made of a filter selects.
pub(super) async fn of_reports<R: ReportRows>(
    connection: &impl ConnectionTrait,
    (filter, reports): (&ReportFilter, Condition),
    own: Condition,
    paging: &Paging,
    at: At,
) -> Result<Page<R::View>>
where
    <R::Entity as EntityTrait>::Model: FromQueryResult + Sync,
{
    let select = R::Entity::find()
        .join(JoinType::InnerJoin, <R::Entity as Related<report::Entity>>::to())
        .filter(reports)
        .filter(own.clone());
    let column = |column: <R::Entity as EntityTrait>::Column| -> Expr {
        Expr::col((R::Entity::default(), column))
    };
    let mut known = vec!["year", "region"];
    known.extend(R::SORT.iter().map(|(name, _)| *name));
    let mut keys =
        sort_keys(paging.sort.as_deref().unwrap_or("-year,region"), &known, |name| match name {
            "year" => Some(Expr::col((report::Entity, report::Column::Year))),
            "region" => Some(Expr::col((report::Entity, report::Column::RegionCode))),
            _ => R::SORT.iter().find(|(known, _)| *known == name).map(|(_, sort)| column(*sort)),
        })?;
    keys.push(SortKey::ascending(column(R::REPORT_ID)));
    keys.extend(R::KEY.map(|key| SortKey::ascending(column(key))));
    let page =
        page::<R::Entity, _>(connection, select, keys, paging, &(filter, format!("{own:?}")))
            .await?;
    let heads = heads(connection, page.rows.iter().map(R::report_id), at).await?;
    Ok(page.map(|row| R::view(heads.get(&R::report_id(&row)).cloned().unwrap_or_default(), row)))
}

/// The rows of reports, in the form's order, by the reports' row ids.
pub(super) async fn by_reports<R: ReportRows>(
    connection: &impl ConnectionTrait,
    report_ids: &[i64],
    own: Condition,
    at: At,
) -> Result<HashMap<i64, Vec<R::View>>> {
    let of_reports = R::REPORT_ID.is_in(report_ids.iter().copied());
    let mut select = R::Entity::find().filter(of_reports).filter(own);
    if let Some(key) = R::KEY {
        select = select.order_by_asc(key);
    }
    let rows = select.all(connection).await?;
    let heads = heads(connection, report_ids.iter().copied(), at).await?;
    let mut by_report: HashMap<i64, Vec<R::View>> = HashMap::new();
    for row in rows {
        let report_id = R::report_id(&row);
        let head = heads.get(&report_id).cloned().unwrap_or_default();
        by_report.entry(report_id).or_default().push(R::view(head, row));
    }
    Ok(by_report)
}

/// Makes a filter of two: the reports' filter, or another, and one of its own.
macro_rules! filter_with {
    ($(#[$meta:meta])* $name:ident = ReportFilter + $own:ident) => {
        $crate::query::row::filter_with! {
            $(#[$meta])* $name = report: $crate::query::filter::ReportFilter, own: $own
        }
    };
    ($(#[$meta:meta])* $name:ident = $first:ident: $base:path, own: $own:ident) => {
        $(#[$meta])*
        #[derive(
            Clone, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize, clap::Args,
            async_graphql::InputObject,
        )]
        pub struct $name {
            #[serde(flatten)]
            #[command(flatten)]
            #[graphql(flatten)]
            pub $first: $base,
            #[serde(flatten)]
            #[command(flatten)]
            #[graphql(flatten)]
            pub own: $own,
        }

        impl utoipa::IntoParams for $name {
            fn into_params(
                parameter_in: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
            ) -> Vec<utoipa::openapi::path::Parameter> {
                let mut params = <$base>::into_params(&parameter_in);
                params.extend($own::into_params(&parameter_in));
                params
            }
        }
    };
}
pub(super) use filter_with;
