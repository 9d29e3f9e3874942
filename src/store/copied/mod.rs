//! Which sections stand in another report too: kept true whichever of the reports comes, changes or goes.
//!
//! A section is compared with last year's of the same agency and scope, and with its neighbours: those of
//! other agencies on the same year that have a run of letters of its sketch (`section_sketch`), the nearest
//! few on either side in the order of regions and agencies. So a report that comes or goes is compared
//! with few however many are the same, and concerns those alone that have it for a neighbour: what is
//! found follows from the reports that are current, not from the order in which they came.

mod kept;
mod near;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{report, section, section_sketch, template::CopiedFrom};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, TransactionTrait, sea_query::Expr,
};

use self::{kept::Shared, near::Spot};
use super::years::{self, Place};
use crate::{error::Result, limits, prose::shingles::Shingles, query::version};

/// Compares anew what a report that came or went is, or was, nearly the same as.
pub async fn recheck(connection: &impl ConnectionTrait, place: &Place, version: i64) -> Result<()> {
    let at_place = report::Entity::find()
        .filter(report::Column::AgencyId.eq(&place.agency_id))
        .filter(report::Column::Year.eq(place.year))
        .filter(report::Column::Scope.eq(place.scope));
    let came = at_place.clone().filter(report::Column::ComparedSections.is_null());
    let went = at_place
        .filter(report::Column::IsCurrent.eq(false))
        .filter(report::Column::ComparedSections.gt(0));
    let (came, went) = (came.all(connection).await?, went.all(connection).await?);
    if came.is_empty() && went.is_empty() {
        return Ok(());
    }
    let mut comparison = Comparison { connection, version, runs: HashMap::new() };
    let mut concerned = BTreeSet::new();
    for row in &went {
        concerned.extend(comparison.leave(row).await?);
    }
    for row in &came {
        if row.is_current {
            concerned.extend(comparison.enter(row).await?);
        } else {
            comparison.note_compared(row.id, 0).await?;
        }
    }
    let mut changed = comparison.with_neighbours(&concerned).await?;
    changed.extend(comparison.with_last_year(place).await?);
    for report_id in changed {
        kept::find(connection, version, report_id).await?;
    }
    Ok(())
}

/// Compares the reports that were stored by an older program.
pub async fn fill(connection: &DatabaseConnection) -> Result<()> {
    loop {
        let transaction = connection.begin().await?;
        let rows = report::Entity::find()
            .filter(report::Column::ComparedSections.is_null())
            .order_by_asc(report::Column::Id)
            .limit(REPORTS_AT_ONCE)
            .all(&transaction)
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        let version = version::get(&transaction).await?.version;
        for row in &rows {
            recheck(&transaction, &Place::of(row), version).await?;
        }
        transaction.commit().await?;
    }
}

/// Reports compared in one transaction.
const REPORTS_AT_ONCE: u64 = 100;

/// A section of a report: its row's id and the section's number.
type SectionOf = (i64, i16);

/// A comparison under way.
struct Comparison<'a, C> {
    connection: &'a C,
    version: i64,
    /// The runs of the sections read so far.
    runs: HashMap<SectionOf, Shingles>,
}

impl<C: ConnectionTrait> Comparison<'_, C> {
    /// Reads the runs of sections; of one number, or all.
    async fn read(&mut self, report_ids: &[i64], number: Option<i16>) -> Result<()> {
        let unread = report_ids
            .iter()
            .copied()
            .filter(|&id| number.is_none_or(|number| !self.runs.contains_key(&(id, number))));
        let unread: Vec<i64> = unread.collect();
        if unread.is_empty() {
            return Ok(());
        }
        let mut select = section::Entity::find().filter(section::Column::ReportId.is_in(unread));
        if let Some(number) = number {
            select = select.filter(section::Column::Number.eq(number));
        }
        for row in select.all(self.connection).await? {
            let key = (row.report_id, row.number);
            self.runs.entry(key).or_insert_with(|| Shingles::of(&row.text));
        }
        Ok(())
    }

    /// The sections of a report that are long enough to be compared, with the runs they are found by.
    async fn sketches(&mut self, row: &report::Model) -> Result<Vec<(i16, Vec<i64>)>> {
        self.read(&[row.id], None).await?;
        let of_report = self.runs.iter().filter(|((report_id, _), runs)| {
            *report_id == row.id && runs.count() >= limits::COPIED_RUNS
        });
        let sketch = |(&(_, number), runs): (&SectionOf, &Shingles)| {
            (number, sketch(row.year, number, runs))
        };
        let mut sketches: Vec<(i16, Vec<i64>)> = of_report.map(sketch).collect();
        sketches.sort_unstable();
        Ok(sketches)
    }

    /// Puts a report among the others; gives the sections it concerns, its own among them.
    async fn enter(&mut self, row: &report::Model) -> Result<BTreeSet<SectionOf>> {
        let sketches = self.sketches(row).await?;
        let mut concerned = BTreeSet::new();
        let spot = Spot::of(row);
        for (number, runs) in &sketches {
            concerned.insert((row.id, *number));
            let near = near::near(self.connection, &spot, runs).await?;
            concerned.extend(near.into_iter().map(|near| (near.report_id, *number)));
        }
        let rows =
            sketches.iter().flat_map(|(_, runs)| runs).map(|run| section_sketch::ActiveModel {
                run: Set(*run),
                region_code: Set(spot.region_code.clone()),
                agency_id: Set(spot.agency_id.clone()),
                scope: Set(row.scope),
                report_id: Set(row.id),
            });
        let insert = section_sketch::Entity::insert_many(rows).on_conflict_do_nothing();
        insert.exec_without_returning(self.connection).await?;
        self.note_compared(row.id, sketches.len()).await?;
        Ok(concerned)
    }

    /// Takes a report from among the others; gives the sections it concerns.
    async fn leave(&mut self, row: &report::Model) -> Result<BTreeSet<SectionOf>> {
        let sketches = self.sketches(row).await?;
        let mut concerned = BTreeSet::new();
        for (number, runs) in &sketches {
            section_sketch::Entity::delete_many()
                .filter(section_sketch::Column::Run.is_in(runs.iter().copied()))
                .filter(section_sketch::Column::ReportId.eq(row.id))
                .exec(self.connection)
                .await?;
            let near = near::near(self.connection, &Spot::of(row), runs).await?;
            concerned.extend(near.into_iter().map(|near| (near.report_id, *number)));
        }
        self.note_compared(row.id, 0).await?;
        Ok(concerned)
    }

    async fn note_compared(&self, report_id: i64, sections: usize) -> Result<()> {
        let sections = i32::try_from(sections).unwrap_or(i32::MAX);
        report::Entity::update_many()
            .col_expr(report::Column::ComparedSections, Expr::value(sections))
            .filter(report::Column::Id.eq(report_id))
            .exec(self.connection)
            .await?;
        Ok(())
    }

    /// Compares sections with their neighbours; gives the reports of which something else is found now.
    async fn with_neighbours(&mut self, sections: &BTreeSet<SectionOf>) -> Result<BTreeSet<i64>> {
        let current = report::Entity::find()
            .filter(report::Column::Id.is_in(sections.iter().map(|(report_id, _)| *report_id)))
            .filter(report::Column::IsCurrent.eq(true));
        let rows = current.all(self.connection).await?;
        let rows: BTreeMap<i64, report::Model> =
            rows.into_iter().map(|row| (row.id, row)).collect();
        let mut changed = BTreeSet::new();
        for &(report_id, number) in sections {
            let Some(row) = rows.get(&report_id) else { continue };
            self.read(&[report_id], Some(number)).await?;
            let Some(runs) = self.runs.get(&(report_id, number)).cloned() else { continue };
            let near =
                near::near(self.connection, &Spot::of(row), &sketch(row.year, number, &runs))
                    .await?;
            let ids: Vec<i64> = near.iter().map(|near| near.report_id).collect();
            self.read(&ids, Some(number)).await?;
            let mut most: Option<Shared> = None;
            for id in ids {
                let other = self.runs.get(&(id, number));
                let shared = other.and_then(|other| Shared::of(id, &runs, other));
                // Of those that share as much the first in their order is named.
                let is_more =
                    |shared: &Shared| most.is_none_or(|most| shared.shared_runs > most.shared_runs);
                most = shared.filter(is_more).or(most);
            }
            if kept::keep(
                self.connection,
                self.version,
                (report_id, number),
                CopiedFrom::OtherAgency,
                most,
            )
            .await?
            {
                changed.insert(report_id);
            }
        }
        Ok(changed)
    }

    /// Compares a report with last year's, and next year's with it; gives the reports of which something
    /// else is found now.
    async fn with_last_year(&mut self, place: &Place) -> Result<BTreeSet<i64>> {
        let current = years::around(self.connection, place).await?;
        let id_of = |year: i32| current.iter().find(|(of, _)| *of == year).map(|(_, id)| *id);
        let mut changed = BTreeSet::new();
        for year in [place.year, place.year + 1] {
            let Some(this) = id_of(year) else { continue };
            let last = id_of(year - 1);
            self.read(&[this], None).await?;
            if let Some(last) = last {
                self.read(&[last], None).await?;
            }
            let sections = self.runs.keys().filter(|(report_id, _)| *report_id == this);
            let sections: BTreeSet<SectionOf> = sections.copied().collect();
            for (_, number) in sections {
                let runs = &self.runs[&(this, number)];
                let shared = last
                    .filter(|_| runs.count() >= limits::COPIED_RUNS)
                    .and_then(|last| Shared::of(last, runs, self.runs.get(&(last, number))?));
                if kept::keep(
                    self.connection,
                    self.version,
                    (this, number),
                    CopiedFrom::LastYear,
                    shared,
                )
                .await?
                {
                    changed.insert(this);
                }
            }
        }
        Ok(changed)
    }
}

fn sketch(year: i32, number: i16, runs: &Shingles) -> Vec<i64> {
    runs.sketch(u64::from(year.unsigned_abs()) << 8 | u64::from(number.unsigned_abs()))
}
