//! What regions come to, kept true whichever report comes or goes.
//!
//! A region's row holds the numbers of the consolidated report that stands for it, if there is one, the sum
//! of its own agencies' reports, and the sum of the regions right below it (`docs/design/sums.md`). A
//! report that comes or goes adds to, or takes from, the row of its region, and what that changes goes up
//! to the nation row by row, until a region is reached for which a consolidated report stands: a few rows,
//! however many reports there are.

mod whole;

use std::collections::{BTreeMap, HashMap};

use entity::{
    agency, area_sum, report,
    template::{AgencyKind, Level, Scope, Template},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QuerySelect, RelationTrait, sea_query::OnConflict,
};

pub use whole::{differences, fill, rebuild};

use crate::{
    cells::{Cells, totals::Totals},
    error::{Error, Result},
    query::canonical,
    regions::{self, Region},
};

/// A report that came or went.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Part {
    pub id: i64,
    pub agency_id: String,
    pub region_code: String,
    pub year: i32,
    pub scope: Scope,
    pub template: Option<Template>,
}

impl Part {
    async fn of(connection: &impl ConnectionTrait, report_id: i64) -> Result<Self> {
        let part = parts().filter(report::Column::Id.eq(report_id)).into_model();
        part.one(connection).await?.ok_or_else(|| missing(report_id))
    }

    fn totals(&self, cells: &Cells) -> Totals {
        let level = regions::get(&self.region_code).map_or(Level::Township, |region| region.level);
        Totals::of_report(cells, self.template, self.scope, level)
    }
}

fn parts() -> sea_orm::Select<report::Entity> {
    report::Entity::find().select_only().columns([
        report::Column::Id,
        report::Column::AgencyId,
        report::Column::RegionCode,
        report::Column::Year,
        report::Column::Scope,
        report::Column::Template,
    ])
}

fn missing(report_id: i64) -> Error {
    Error::internal(format!("report {report_id} is not there"))
}

/// Adds a report that became current.
pub async fn came(connection: &impl ConnectionTrait, part: Part, cells: &Cells) -> Result<()> {
    Move { part, cells, is_coming: true }.run(connection).await
}

/// Takes away a report that is current no longer.
pub async fn went(connection: &impl ConnectionTrait, report_id: i64) -> Result<()> {
    let part = Part::of(connection, report_id).await?;
    let cells = canonical::cells(connection, &[report_id]).await?.remove(&report_id);
    let cells = &cells.unwrap_or_default();
    Move { part, cells, is_coming: false }.run(connection).await
}

/// What a region's row changes by, beside its own and its head's numbers.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    reports: i64,
    agencies: i64,
    new_agencies: i64,
}

/// A report under way.
struct Move<'a> {
    part: Part,
    cells: &'a Cells,
    is_coming: bool,
}

impl Move<'_> {
    async fn run(&self, connection: &impl ConnectionTrait) -> Result<()> {
        let Part { region_code, year, .. } = &self.part;
        let above = up(region_code)?;
        for (of_year, counts) in self.counts(connection).await? {
            let mut rows = rows(connection, &above, of_year).await?;
            let mut change = Totals::default();
            for region in &above {
                let row = rows.get_mut(region.code.as_str());
                let row = row.ok_or_else(|| Error::internal("a row is not there"))?;
                if of_year == *year && region.code == *region_code {
                    change = self.apply(connection, row).await?;
                } else if !change.is_empty() {
                    row.below = Totals::unpack(&row.below)?.plus(&change).pack();
                    // What stands for the region does not change with what is below it.
                    if row.head_id.is_some() {
                        change = Totals::default();
                    }
                }
                row.reports += counts.reports;
                row.agencies += counts.agencies;
                row.new_agencies += counts.new_agencies;
            }
            save(connection, rows.into_values().collect()).await?;
        }
        Ok(())
    }

    /// Changes the row of the report's region; gives what the region comes to more than before.
    async fn apply(
        &self,
        connection: &impl ConnectionTrait,
        row: &mut area_sum::Model,
    ) -> Result<Totals> {
        let before = taken(row)?;
        match self.part.scope {
            Scope::Own => {
                let (own, part) = (Totals::unpack(&row.own)?, self.part.totals(self.cells));
                let own = if self.is_coming { own.plus(&part) } else { own.minus(&part) };
                row.own = own.pack();
            }
            Scope::Consolidated => {
                let head = head(connection, &row.region_code, row.year).await?;
                if head != row.head_id {
                    row.head_id = head;
                    row.head = match head {
                        None => Vec::new(),
                        Some(id) if id == self.part.id => self.part.totals(self.cells).pack(),
                        Some(id) => {
                            let cells = canonical::cells(connection, &[id]).await?.remove(&id);
                            let part = Part::of(connection, id).await?;
                            part.totals(&cells.unwrap_or_default()).pack()
                        }
                    };
                }
            }
        }
        Ok(taken(row)?.minus(&before))
    }

    /// What changes in the numbers of reports and agencies, by year.
    async fn counts(&self, connection: &impl ConnectionTrait) -> Result<BTreeMap<i32, Counts>> {
        let Self { part: Part { agency_id, year, .. }, is_coming, .. } = self;
        let mut years: Vec<i32> = report::Entity::find()
            .select_only()
            .column(report::Column::Year)
            .filter(report::Column::AgencyId.eq(agency_id))
            .filter(report::Column::IsCurrent.eq(true))
            .into_tuple()
            .all(connection)
            .await?;
        // Those with the report, whether it came or went.
        if !is_coming {
            years.push(*year);
        }
        let of_year = years.iter().filter(|of| *of == year).count();
        let first_with = years.iter().min().copied();
        let without = years.iter().filter(|of| *of != year || of_year > 1);
        let first_without = without.min().copied();
        let sign = if *is_coming { 1 } else { -1 };
        let mut counts = BTreeMap::from([(*year, Counts { reports: sign, ..Counts::default() })]);
        if of_year == 1 {
            counts.entry(*year).or_default().agencies += sign;
        }
        if first_with != first_without {
            for (first, sign) in [(first_with, sign), (first_without, -sign)] {
                if let Some(first) = first {
                    counts.entry(first).or_default().new_agencies += sign;
                }
            }
        }
        Ok(counts)
    }
}

/// The region and those it lies in, up to the nation.
fn up(code: &str) -> Result<Vec<&'static Region>> {
    let region = regions::get(code);
    let region = region.ok_or_else(|| Error::internal(format!("no region has the code {code}")))?;
    Ok(std::iter::successors(Some(region), |region| regions::parent(region)).collect())
}

/// The rows of regions on a year, empty ones where there are none yet.
async fn rows(
    connection: &impl ConnectionTrait,
    regions: &[&'static Region],
    year: i32,
) -> Result<HashMap<String, area_sum::Model>> {
    let codes = || regions.iter().map(|region| region.code.as_str());
    let known = area_sum::Entity::find()
        .filter(area_sum::Column::RegionCode.is_in(codes()))
        .filter(area_sum::Column::Year.eq(year))
        .all(connection)
        .await?;
    let mut rows: HashMap<String, area_sum::Model> =
        codes().map(|code| (code.to_owned(), empty(code, year))).collect();
    rows.extend(known.into_iter().map(|row| (row.region_code.clone(), row)));
    Ok(rows)
}

fn empty(region_code: &str, year: i32) -> area_sum::Model {
    area_sum::Model {
        region_code: region_code.to_owned(),
        year,
        head_id: None,
        head: Vec::new(),
        own: Vec::new(),
        below: Vec::new(),
        reports: 0,
        agencies: 0,
        new_agencies: 0,
    }
}

/// What a region comes to, for those above it.
fn taken(row: &area_sum::Model) -> Result<Totals> {
    match row.head_id {
        Some(_) => Totals::unpack(&row.head),
        None => Ok(Totals::unpack(&row.own)?.plus(&Totals::unpack(&row.below)?)),
    }
}

/// The consolidated report that stands for a region: a government's where there are several. For the
/// nation none does: nothing that is grouped lies in no province.
async fn head(
    connection: &impl ConnectionTrait,
    region_code: &str,
    year: i32,
) -> Result<Option<i64>> {
    if region_code == regions::NATION {
        return Ok(None);
    }
    let consolidated: Vec<(i64, AgencyKind)> = report::Entity::find()
        .select_only()
        .column(report::Column::Id)
        .column(agency::Column::Kind)
        .join(JoinType::InnerJoin, report::Relation::Agency.def())
        .filter(report::Column::RegionCode.eq(region_code))
        .filter(report::Column::Year.eq(year))
        .filter(report::Column::IsCurrent.eq(true))
        .filter(report::Column::Scope.eq(Scope::Consolidated))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(first(consolidated))
}

/// Which of the consolidated reports of a region stands for it.
fn first(consolidated: Vec<(i64, AgencyKind)>) -> Option<i64> {
    let order = |(id, kind): (i64, AgencyKind)| (kind != AgencyKind::Government, id);
    consolidated.into_iter().map(order).min().map(|(_, id)| id)
}

/// Writes rows in place of those that are there; a row of no report is none.
async fn save(connection: &impl ConnectionTrait, rows: Vec<area_sum::Model>) -> Result<()> {
    let (rows, gone): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.reports > 0);
    for row in gone {
        let key = (row.region_code, row.year);
        area_sum::Entity::delete_by_id(key).exec(connection).await?;
    }
    let replace = OnConflict::columns([area_sum::Column::RegionCode, area_sum::Column::Year])
        .update_columns([
            area_sum::Column::HeadId,
            area_sum::Column::Head,
            area_sum::Column::Own,
            area_sum::Column::Below,
            area_sum::Column::Reports,
            area_sum::Column::Agencies,
            area_sum::Column::NewAgencies,
        ])
        .to_owned();
    let rows = rows.into_iter().map(|row| {
        let area_sum::Model { region_code, year, head_id, head, own, below, .. } = row;
        let area_sum::Model { reports, agencies, new_agencies, .. } = row;
        area_sum::ActiveModel {
            region_code: Set(region_code),
            year: Set(year),
            head_id: Set(head_id),
            head: Set(head),
            own: Set(own),
            below: Set(below),
            reports: Set(reports),
            agencies: Set(agencies),
            new_agencies: Set(new_agencies),
        }
    });
    area_sum::Entity::insert_many(rows)
        .on_conflict(replace)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}
