//! Who and where the reports of a filter are: their agencies, and the regions these lie in.

use entity::{agency, region, report};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{BinOper, Expr, ExprTrait, Func, SelectStatement},
};

use super::{
    Resource,
    agency::{Agencies, AgencyView},
    as_of::At,
    filter::ReportFilter,
    page::{Page, Paging},
    region::{RegionView, Regions},
};
use crate::error::Result;

/// The agencies whose reports a filter selects.
pub struct SelectedAgencies;

impl Resource for SelectedAgencies {
    const NAME: &'static str = Agencies::NAME;
    type Filter = ReportFilter;
    type Row = AgencyView;

    async fn list(
        connection: &impl ConnectionTrait,
        filter: &ReportFilter,
        paging: &Paging,
    ) -> Result<Page<AgencyView>> {
        let at = filter.at(connection).await?;
        let selected = agency::Column::Id.in_subquery(agency_ids(filter, at)?);
        super::agency::page_of(connection, Condition::all().add(selected), paging, filter, at).await
    }
}

/// The regions of these agencies, and those that they lie in up to the whole country.
pub struct SelectedRegions;

impl Resource for SelectedRegions {
    const NAME: &'static str = Regions::NAME;
    type Filter = ReportFilter;
    type Row = RegionView;

    async fn list(
        connection: &impl ConnectionTrait,
        filter: &ReportFilter,
        paging: &Paging,
    ) -> Result<Page<RegionView>> {
        let at = filter.at(connection).await?;
        let column = Expr::col((agency::Entity, agency::Column::RegionCode));
        let mut any = Condition::any();
        for code in around(&column) {
            let codes = agency::Entity::find()
                .select_only()
                .expr(code)
                .filter(agency::Column::Id.in_subquery(agency_ids(filter, at)?))
                .into_query();
            any = any.add(region::Column::Code.in_subquery(codes));
        }
        super::region::page_of(connection, any, paging, filter, at).await
    }
}

fn agency_ids(filter: &ReportFilter, at: At) -> Result<SelectStatement> {
    let reports = report::Entity::find().filter(filter.condition(at)?);
    Ok(reports.select_only().column(report::Column::AgencyId).into_query())
}

/// The codes of a region and of all that it may lie in: digits run from the province down.
fn around(code: &Expr) -> [Expr; 5] {
    let cut = |digits: i32, zeros: &str| {
        let begin = Func::cust("substr").args([code.clone(), Expr::val(1), Expr::val(digits)]);
        Expr::from(begin).binary(BinOper::Custom("||"), Expr::val(zeros))
    };
    [code.clone(), cut(6, ""), cut(4, "00"), cut(2, "0000"), cut(0, "000000")]
}
