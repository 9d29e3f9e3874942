//! What regions come to, added up from all reports: to make the kept sums anew, and to prove them right.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{
    agency, area_sum, data_version, report,
    template::{AgencyKind, Scope},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, TransactionTrait, sea_query::Expr,
};

use super::{Part, empty, first, parts, save, taken};
use crate::{cells::totals::Totals, error::Result, query::canonical, regions};

/// Reports read at once: their cells are in memory.
const REPORTS_AT_ONCE: u64 = 500;
/// Rows written in one statement: 9 variables each.
const ROWS_AT_ONCE: usize = 1_000;

/// Makes the sums where they were never made, or were made of something else by an older program.
pub async fn fill(connection: &DatabaseConnection) -> Result<()> {
    let row = data_version::Entity::find_by_id(1_i16).one(connection).await?;
    if row.is_some_and(|row| row.area_sums_of.as_ref() == Some(&Totals::made_of())) {
        return Ok(());
    }
    rebuild(connection).await
}

/// Makes all sums anew, in one transaction.
///
/// # Errors
/// What the database says.
pub async fn rebuild(connection: &DatabaseConnection) -> Result<()> {
    let transaction = connection.begin().await?;
    area_sum::Entity::delete_many().exec(&transaction).await?;
    let firsts = first_years(&transaction).await?;
    for year in years(&transaction).await? {
        let rows: Vec<_> = of_year(&transaction, year, &firsts).await?.into_values().collect();
        for rows in rows.chunks(ROWS_AT_ONCE) {
            save(&transaction, rows.to_vec()).await?;
        }
    }
    data_version::Entity::update_many()
        .col_expr(data_version::Column::AreaSumsOf, Expr::value(Totals::made_of()))
        .filter(data_version::Column::Id.eq(1))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// The regions and years whose kept sums are not what the reports come to.
///
/// # Errors
/// What the database says.
pub async fn differences(connection: &impl ConnectionTrait) -> Result<Vec<(String, i32)>> {
    let firsts = first_years(connection).await?;
    let kept_years: Vec<i32> = area_sum::Entity::find()
        .select_only()
        .column(area_sum::Column::Year)
        .distinct()
        .into_tuple()
        .all(connection)
        .await?;
    let years: BTreeSet<i32> = years(connection).await?.into_iter().chain(kept_years).collect();
    let mut differences = Vec::new();
    for year in years {
        let mut right = of_year(connection, year, &firsts).await?;
        let kept = area_sum::Entity::find()
            .filter(area_sum::Column::Year.eq(year))
            .order_by_asc(area_sum::Column::RegionCode)
            .all(connection)
            .await?;
        for row in kept {
            if right.remove(&row.region_code).as_ref() != Some(&row) {
                differences.push((row.region_code, year));
            }
        }
        differences.extend(right.into_keys().map(|code| (code, year)));
    }
    Ok(differences)
}

/// The years that current reports are on.
async fn years(connection: &impl ConnectionTrait) -> Result<Vec<i32>> {
    let years = report::Entity::find()
        .select_only()
        .column(report::Column::Year)
        .distinct()
        .filter(report::Column::IsCurrent.eq(true))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(years)
}

/// The first year that each agency reported on.
async fn first_years(connection: &impl ConnectionTrait) -> Result<HashMap<String, i32>> {
    let firsts: Vec<(String, i32)> = report::Entity::find()
        .select_only()
        .column(report::Column::AgencyId)
        .column_as(report::Column::Year.min(), "first_year")
        .filter(report::Column::IsCurrent.eq(true))
        .group_by(report::Column::AgencyId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(firsts.into_iter().collect())
}

/// A region under way.
struct Area {
    row: area_sum::Model,
    own: Totals,
    below: Totals,
    consolidated: Vec<(i64, AgencyKind, Totals)>,
    agencies: BTreeSet<String>,
}

/// The rows of a year, by the regions' codes.
async fn of_year(
    connection: &impl ConnectionTrait,
    year: i32,
    firsts: &HashMap<String, i32>,
) -> Result<BTreeMap<String, area_sum::Model>> {
    let mut areas: BTreeMap<String, Area> = BTreeMap::new();
    let area = |code: &str| Area {
        row: empty(code, year),
        own: Totals::default(),
        below: Totals::default(),
        consolidated: Vec::new(),
        agencies: BTreeSet::new(),
    };
    let mut after = 0;
    loop {
        let some: Vec<Part> = parts()
            .filter(report::Column::Year.eq(year))
            .filter(report::Column::IsCurrent.eq(true))
            .filter(report::Column::Id.gt(after))
            .order_by_asc(report::Column::Id)
            .limit(REPORTS_AT_ONCE)
            .into_model()
            .all(connection)
            .await?;
        let Some(last) = some.last() else { break };
        after = last.id;
        let ids: Vec<i64> = some.iter().map(|part| part.id).collect();
        let mut cells = canonical::cells(connection, &ids).await?;
        let consolidated = some.iter().filter(|part| part.scope == Scope::Consolidated);
        let agencies: Vec<(String, AgencyKind)> = agency::Entity::find()
            .select_only()
            .columns([agency::Column::Id, agency::Column::Kind])
            .filter(agency::Column::Id.is_in(consolidated.map(|part| part.agency_id.as_str())))
            .into_tuple()
            .all(connection)
            .await?;
        let kinds: HashMap<String, AgencyKind> = agencies.into_iter().collect();
        for part in some {
            let totals = part.totals(&cells.remove(&part.id).unwrap_or_default());
            let code = part.region_code;
            let area = areas.entry(code).or_insert_with_key(|code| area(code));
            area.row.reports += 1;
            match part.scope {
                Scope::Own => area.own = area.own.plus(&totals),
                Scope::Consolidated => {
                    let kind = kinds.get(&part.agency_id).copied().unwrap_or(AgencyKind::Other);
                    area.consolidated.push((part.id, kind, totals));
                }
            }
            area.agencies.insert(part.agency_id);
        }
    }
    let mut rows = BTreeMap::new();
    // Those below stand behind those above.
    for region in regions::all().iter().rev() {
        let Some(Area { mut row, own, below, consolidated, agencies }) = areas.remove(&region.code)
        else {
            continue;
        };
        row.agencies += agencies.len() as i64;
        let is_new = |id: &&String| firsts.get(*id) == Some(&year);
        row.new_agencies += agencies.iter().filter(is_new).count() as i64;
        (row.own, row.below) = (own.pack(), below.pack());
        if region.code != regions::NATION {
            row.head_id = first(consolidated.iter().map(|(id, kind, _)| (*id, *kind)).collect());
            let head = consolidated.iter().find(|(id, ..)| Some(*id) == row.head_id);
            row.head = head.map(|(.., totals)| totals.pack()).unwrap_or_default();
        }
        if let Some(parent) = regions::parent(region) {
            let above = areas.entry(parent.code.clone()).or_insert_with_key(|code| area(code));
            above.below = above.below.plus(&taken(&row)?);
            above.row.reports += row.reports;
            above.row.agencies += row.agencies;
            above.row.new_agencies += row.new_agencies;
        }
        rows.insert(region.code.clone(), row);
    }
    Ok(rows)
}
