//! The neighbours of a section: those of other agencies that have a run of letters of its sketch.

use std::collections::BTreeMap;

use entity::{
    report, section_sketch,
    template::{Code, Scope},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Asterisk, Expr, ExprTrait, Query, SelectStatement, UnionType},
};

use crate::{error::Result, limits};

/// Where a section stands among those that have a run of letters in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    pub region_code: String,
    pub agency_id: String,
}

impl Spot {
    pub fn of(row: &report::Model) -> Self {
        Self { region_code: row.region_code.clone(), agency_id: row.agency_id.clone() }
    }
}

#[derive(Debug, FromQueryResult)]
pub struct Sketched {
    run: i64,
    region_code: String,
    agency_id: String,
    scope: Scope,
    pub report_id: i64,
}

/// The neighbours of a section, in their order: of each of its runs, the nearest agencies on either
/// side. To be a neighbour is mutual.
pub async fn near(
    connection: &impl ConnectionTrait,
    spot: &Spot,
    runs: &[i64],
) -> Result<Vec<Sketched>> {
    let order = [
        section_sketch::Column::RegionCode,
        section_sketch::Column::AgencyId,
        section_sketch::Column::Scope,
    ];
    let mut union: Option<SelectStatement> = None;
    for run in runs {
        for is_before in [true, false] {
            let columns = Expr::tuple(order[..2].iter().map(|&column| Expr::col(column)));
            let values = [&spot.region_code, &spot.agency_id].map(|text| Expr::value(text.clone()));
            let values = Expr::tuple(values);
            let is_beside = if is_before { columns.lt(values) } else { columns.gt(values) };
            let mut some = section_sketch::Entity::find()
                .filter(section_sketch::Column::Run.eq(*run))
                .filter(is_beside)
                // An agency has two reports on a year at most.
                .limit(2 * limits::COPIED_NEIGHBOURS as u64);
            for column in order {
                some =
                    if is_before { some.order_by_desc(column) } else { some.order_by_asc(column) };
            }
            let one = Query::select()
                .expr(Expr::col(Asterisk))
                .from_subquery(some.into_query(), "beside")
                .take();
            match &mut union {
                None => union = Some(one),
                Some(union) => {
                    union.union(UnionType::All, one);
                }
            }
        }
    }
    let Some(union) = union else { return Ok(Vec::new()) };
    let rows = connection.query_all(&union).await?;
    let rows = rows.iter().map(|row| Sketched::from_query_result(row, ""));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(nearest(spot, rows))
}

/// Of those that have a run, the nearest agencies on either side; each report once.
fn nearest(spot: &Spot, rows: Vec<Sketched>) -> Vec<Sketched> {
    let mut beside: BTreeMap<(i64, bool), BTreeMap<Spot, Vec<Sketched>>> = BTreeMap::new();
    for row in rows {
        let other = Spot { region_code: row.region_code.clone(), agency_id: row.agency_id.clone() };
        let side = beside.entry((row.run, other < *spot)).or_default();
        side.entry(other).or_default().push(row);
    }
    let mut nearest: BTreeMap<(Spot, &'static str), Sketched> = BTreeMap::new();
    for ((_, is_before), agencies) in beside {
        let mut agencies: Vec<(Spot, Vec<Sketched>)> = agencies.into_iter().collect();
        if is_before {
            agencies.reverse();
        }
        for (spot, rows) in agencies.into_iter().take(limits::COPIED_NEIGHBOURS) {
            for row in rows {
                let scope = Code::code(row.scope);
                nearest.insert((spot.clone(), scope), row);
            }
        }
    }
    nearest.into_values().collect()
}
