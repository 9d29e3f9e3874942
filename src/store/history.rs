//! Versions of the data: each change is one, with the moment it began, and what it changed.

use chrono::{DateTime, SubsecRound, Utc};
use entity::{
    change, data_version, moment, report,
    template::{ChangeKind, Measure},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr,
};

use super::area_sums;
use crate::{
    cells::Cells,
    error::{Error, Result},
};

/// Begins the next version of the data: what the transaction changes is of it.
pub async fn next_version(connection: &impl ConnectionTrait) -> Result<i64> {
    let row = data_version::Entity::find_by_id(1_i16).one(connection).await?;
    let row = row.ok_or_else(|| Error::internal("the data version is not there"))?;
    let version = row.version + 1;
    // Whole microseconds, which every database keeps. A clock that was set back does not turn the order of
    // versions round.
    let now: DateTime<Utc> = std::cmp::max(Utc::now().trunc_subsecs(6), row.changed_at);
    data_version::Entity::update_many()
        .col_expr(data_version::Column::Version, Expr::value(version))
        .col_expr(data_version::Column::ChangedAt, Expr::value(now))
        .filter(data_version::Column::Id.eq(1))
        .exec(connection)
        .await?;
    let began = moment::ActiveModel { version: Set(version), began_at: Set(now) };
    moment::Entity::insert(began).exec_without_returning(connection).await?;
    Ok(version)
}

/// Ends a report: from this version on it is not current.
pub async fn end(connection: &impl ConnectionTrait, report_id: i64, version: i64) -> Result<()> {
    report::Entity::update_many()
        .col_expr(report::Column::IsCurrent, Expr::value(false))
        .col_expr(report::Column::UntilVersion, Expr::value(version))
        .filter(report::Column::Id.eq(report_id))
        .exec(connection)
        .await?;
    area_sums::went(connection, report_id).await
}

/// Something that happened to a report as a whole.
pub struct Correction<'a> {
    pub kind: ChangeKind,
    pub report_id: i64,
    /// The report it became, or came from.
    pub other: Option<i64>,
    pub reason: Option<&'a str>,
}

/// Keeps what happened to a report.
pub async fn note(
    connection: &impl ConnectionTrait,
    version: i64,
    correction: &Correction<'_>,
) -> Result<()> {
    let row = change::ActiveModel {
        report_id: Set(correction.report_id),
        version: Set(version),
        kind: Set(correction.kind),
        other_report_id: Set(correction.other),
        reason: Set(correction.reason.map(str::to_owned)),
        ..Default::default()
    };
    change::Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// A revision and the one before it.
pub struct Revision<'a> {
    pub report_id: i64,
    pub cells: &'a Cells,
    pub before_id: i64,
    pub before: &'a Cells,
}

/// Keeps every cell that a revision changed; where it changed none, that there was a revision.
pub async fn note_cells(
    connection: &impl ConnectionTrait,
    version: i64,
    revision: &Revision<'_>,
) -> Result<()> {
    let Revision { report_id, cells, before_id, before } = revision;
    let row = change::ActiveModel {
        report_id: Set(*report_id),
        version: Set(version),
        kind: Set(ChangeKind::Revised),
        other_report_id: Set(Some(*before_id)),
        ..Default::default()
    };
    let mut measures: Vec<Measure> =
        before.iter().chain(cells.iter()).map(|(cell, _)| cell).collect();
    measures.sort_unstable();
    measures.dedup();
    let changed = measures.into_iter().filter_map(|measure| {
        let (old, new) = (before.get(measure), cells.get(measure));
        (old.value != new.value || old.state != new.state).then(|| change::ActiveModel {
            cell: Set(Some(measure.cell_code())),
            old_value: Set(old.value.map(|value| value.to_string())),
            old_state: Set(Some(old.state)),
            new_value: Set(new.value.map(|value| value.to_string())),
            new_state: Set(Some(new.state)),
            ..row.clone()
        })
    });
    let mut rows: Vec<_> = changed.collect();
    if rows.is_empty() {
        // Every row of one statement names the same columns.
        rows.push(row.clone());
    }
    change::Entity::insert_many(rows).exec_without_returning(connection).await?;
    Ok(())
}
