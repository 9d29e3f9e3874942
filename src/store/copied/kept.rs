//! What was found, kept with the versions for which it holds, and the findings that follow from it.

use entity::{copied_section, report, template::CopiedFrom};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{super::years, SectionOf};
use crate::{
    check::{self, Repeated},
    error::Result,
    limits,
    prose::shingles::Shingles,
};

/// What a section shares with another report's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared {
    source_report_id: i64,
    pub shared_runs: i32,
    runs: i32,
}

impl Shared {
    /// Where it is so much that it is kept.
    pub fn of(source_report_id: i64, section: &Shingles, source: &Shingles) -> Option<Self> {
        let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let (shared_runs, runs) = (count(section.shared(source)), count(section.count()));
        let is_kept = i64::from(shared_runs) * 1_000 >= i64::from(runs) * limits::COPIED_PER_MILLE;
        is_kept.then_some(Self { source_report_id, shared_runs, runs })
    }
}

/// Keeps what a section shares, from this version on; whether it is another than before.
pub async fn keep(
    connection: &impl ConnectionTrait,
    version: i64,
    (report_id, number): SectionOf,
    copied_from: CopiedFrom,
    shared: Option<Shared>,
) -> Result<bool> {
    let known = copied_section::Entity::find()
        .filter(of(report_id))
        .filter(copied_section::Column::Number.eq(number))
        .filter(copied_section::Column::CopiedFrom.eq(copied_from))
        .one(connection)
        .await?;
    let before = known.as_ref().map(|row| Shared {
        source_report_id: row.source_report_id,
        shared_runs: row.shared_runs,
        runs: row.runs,
    });
    if before == shared {
        return Ok(false);
    }
    if let Some(known) = known {
        copied_section::Entity::update_many()
            .col_expr(copied_section::Column::UntilVersion, Expr::value(version))
            .filter(copied_section::Column::Id.eq(known.id))
            .exec(connection)
            .await?;
    }
    if let Some(Shared { source_report_id, shared_runs, runs }) = shared {
        let row = copied_section::ActiveModel {
            report_id: Set(report_id),
            number: Set(number),
            copied_from: Set(copied_from),
            source_report_id: Set(source_report_id),
            shared_runs: Set(shared_runs),
            runs: Set(runs),
            from_version: Set(version),
            until_version: Set(None),
            ..Default::default()
        };
        copied_section::Entity::insert(row).exec_without_returning(connection).await?;
    }
    Ok(true)
}

/// Keeps the findings that follow from what the sections of a report share.
pub async fn find(connection: &impl ConnectionTrait, version: i64, report_id: i64) -> Result<()> {
    let rows = copied_section::Entity::find()
        .filter(of(report_id))
        .order_by_asc(copied_section::Column::Number)
        .order_by_asc(copied_section::Column::CopiedFrom)
        .all(connection)
        .await?;
    let sources: Vec<(i64, i32, String)> = report::Entity::find()
        .select_only()
        .columns([report::Column::Id, report::Column::Year, report::Column::AgencyName])
        .filter(report::Column::Id.is_in(rows.iter().map(|row| row.source_report_id)))
        .into_tuple()
        .all(connection)
        .await?;
    let repeated = |row: &copied_section::Model| {
        let source = sources.iter().find(|(id, ..)| *id == row.source_report_id);
        source.map_or_else(Vec::new, |(_, year, agency)| {
            check::repeated(&Repeated {
                number: row.number,
                copied_from: row.copied_from,
                agency,
                year: *year,
                shared: row.shared_runs,
                of: row.runs,
            })
        })
    };
    let findings: Vec<_> = rows.iter().flat_map(repeated).collect();
    let ids = check::repeated_ids();
    years::replace(connection, report_id, ids, &findings, version).await
}
/// What is held of a report's sections now.
fn of(report_id: i64) -> Condition {
    Condition::all()
        .add(copied_section::Column::ReportId.eq(report_id))
        .add(copied_section::Column::UntilVersion.is_null())
}
