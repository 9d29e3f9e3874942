//! What the operator corrects: reports withdrawn or moved, agencies that are one.
//!
//! Each correction is one transaction and one version of the data. A report that is moved ends where it
//! stood, and is stored anew where it belongs, with an id of its own: so what stood before a correction
//! can be read as it stood. Refuses what is not there, and what is not current any more.

use entity::{
    agency as agency_row, merge, report as report_row,
    template::{ChangeKind, Scope},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder, TransactionTrait, sea_query::Expr,
};

use super::{
    agency, copied,
    history::{self, Correction},
    report::{self, New},
    years::{self, Place},
};
use crate::{
    check::{self, Deadlines},
    error::{Code, Error, Result},
    extract::draft,
    query::{
        draft::of_row,
        report::{public_id, row_id},
    },
};

/// Takes a report out of the record; with `revision_only`, its newest revision alone, so that the one
/// before it stands again. Gives the id of the report that stands again.
///
/// # Errors
/// `not_found`, `not_current`; what the database says.
pub async fn withdraw(
    connection: &DatabaseConnection,
    id: &str,
    reason: &str,
    revision_only: bool,
    deadlines: &Deadlines,
) -> Result<Option<String>> {
    let transaction = connection.begin().await?;
    let row = current(&transaction, id).await?;
    let place = Place::of(&row);
    let before = if revision_only { Some(before(&transaction, &row).await?) } else { None };
    let version = history::next_version(&transaction).await?;
    history::end(&transaction, row.id, version).await?;
    let mut again = None;
    if let Some(before) = before {
        let moved = Moved { row: before, place: place.clone(), name: None };
        again = Some(store_anew(&transaction, moved, version, deadlines).await?);
    }
    let correction = Correction {
        kind: ChangeKind::Withdrawn,
        report_id: row.id,
        other: again,
        reason: Some(reason),
    };
    history::note(&transaction, version, &correction).await?;
    agency::refresh(&transaction, &place.agency_id).await?;
    years::recheck(&transaction, &place, version).await?;
    copied::recheck(&transaction, &place, version).await?;
    transaction.commit().await?;
    Ok(again.map(public_id))
}

/// Whose report it is, corrected.
#[derive(Clone, Debug)]
pub struct Reassignment {
    pub agency: Whose,
    pub year: Option<i32>,
    pub scope: Option<Scope>,
}

/// An agency, as the operator names it.
#[derive(Clone, Debug)]
pub enum Whose {
    /// The one it has.
    Same,
    /// One that is there, by its id.
    Known(String),
    /// One by its name, which may be new.
    Named(Box<draft::Agency>),
}

/// Moves a report to the agency, year and scope it is of. Gives its id there.
///
/// # Errors
/// `not_found`, `not_current`, `invalid_parameter` where nothing would change; what the database says.
pub async fn reassign(
    connection: &DatabaseConnection,
    id: &str,
    to: Reassignment,
    deadlines: &Deadlines,
) -> Result<String> {
    let transaction = connection.begin().await?;
    let row = current(&transaction, id).await?;
    let from = Place::of(&row);
    let (agency_id, name) = match to.agency {
        Whose::Same => (row.agency_id.clone(), None),
        Whose::Known(id) => {
            let agency =
                agency::row(&transaction, &agency::meant(&transaction, &id).await?).await?;
            (agency.id, Some(agency.name))
        }
        Whose::Named(agency) => {
            agency::add(&transaction, &agency).await?;
            (agency::meant(&transaction, &agency.id()).await?, Some(agency.name))
        }
    };
    let place = Place {
        agency_id,
        year: to.year.unwrap_or(row.year),
        scope: to.scope.unwrap_or(row.scope),
    };
    if place == from {
        let detail = format!("report {id} is of this agency, year and scope already");
        return Err(Error::invalid("agency", detail));
    }
    let version = history::next_version(&transaction).await?;
    let moved = Moved { row, place: place.clone(), name };
    let new_id = relocate(&transaction, moved, ChangeKind::Reassigned, version, deadlines).await?;
    for place in [&from, &place] {
        agency::refresh(&transaction, &place.agency_id).await?;
        years::recheck(&transaction, place, version).await?;
        copied::recheck(&transaction, place, version).await?;
    }
    transaction.commit().await?;
    Ok(public_id(new_id))
}

/// Whose report stands where two agencies that are one both reported on a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    From,
    Into,
}

/// What came of a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Reports that moved.
    pub moved: usize,
    /// Reports of the merged agency that did not stand against the other's.
    pub ended: usize,
}

/// Merges an agency into another: its reports move there, its id leads there, and what is imported under
/// its name goes there.
///
/// # Errors
/// `not_found`; `invalid_parameter` for an agency that is merged already; `same_reports` where both
/// reported on a year, and nothing says whose report stands; what the database says.
pub async fn merge(
    connection: &DatabaseConnection,
    from_id: &str,
    into_id: &str,
    keep: Option<Keep>,
    deadlines: &Deadlines,
) -> Result<Merged> {
    let transaction = connection.begin().await?;
    let from = unmerged(&transaction, "from", from_id).await?;
    let into = unmerged(&transaction, "into", into_id).await?;
    if from.id == into.id {
        return Err(Error::invalid("into", format!("{from_id} and {into_id} are the same agency")));
    }
    let reports = current_of(&transaction, &from.id).await?;
    let theirs: Vec<Place> =
        current_of(&transaction, &into.id).await?.iter().map(Place::of).collect();
    let there = |row: &report_row::Model| Place { agency_id: into.id.clone(), ..Place::of(row) };
    let both: Vec<String> = reports
        .iter()
        .filter(|row| theirs.contains(&there(row)))
        .map(|row| format!("{} ({})", row.year, row.scope))
        .collect();
    if keep.is_none() && !both.is_empty() {
        let detail =
            format!("{} and {} both have a report on {}", from.name, into.name, both.join(", "));
        return Err(Error::new(Code::SameReports, detail).allowed(["--keep from", "--keep into"]));
    }
    let version = history::next_version(&transaction).await?;
    lead(&transaction, &from.id, &into.id, version).await?;
    let mut merged = Merged { moved: 0, ended: 0 };
    let mut places = Vec::new();
    for row in reports {
        let place = there(&row);
        places.extend([Place::of(&row), place.clone()]);
        if keep == Some(Keep::Into) && theirs.contains(&place) {
            history::end(&transaction, row.id, version).await?;
            let correction = Correction {
                kind: ChangeKind::Merged,
                report_id: row.id,
                other: None,
                reason: None,
            };
            history::note(&transaction, version, &correction).await?;
            merged.ended += 1;
            continue;
        }
        let moved = Moved { row, place, name: None };
        relocate(&transaction, moved, ChangeKind::Merged, version, deadlines).await?;
        merged.moved += 1;
    }
    agency::refresh(&transaction, &from.id).await?;
    agency::refresh(&transaction, &into.id).await?;
    for place in &places {
        years::recheck(&transaction, place, version).await?;
        copied::recheck(&transaction, place, version).await?;
    }
    transaction.commit().await?;
    Ok(merged)
}

/// The row of a report that is current.
async fn current(connection: &impl ConnectionTrait, id: &str) -> Result<report_row::Model> {
    let row = match row_id(id) {
        Some(row_id) => report_row::Entity::find_by_id(row_id).one(connection).await?,
        None => None,
    };
    let row = row.ok_or_else(|| Error::not_found("report", id))?;
    if row.is_current {
        return Ok(row);
    }
    let newest = report_row::Entity::find()
        .filter(report_row::Column::AgencyId.eq(&row.agency_id))
        .filter(report_row::Column::Year.eq(row.year))
        .filter(report_row::Column::Scope.eq(row.scope))
        .filter(report_row::Column::IsCurrent.eq(true))
        .one(connection)
        .await?;
    let detail = match newest {
        Some(newest) => format!("report {id} was replaced by {}", public_id(newest.id)),
        None => format!("report {id} was withdrawn or moved already"),
    };
    Err(Error::new(Code::NotCurrent, detail))
}

/// The revision before one, which stands again where that is withdrawn.
async fn before(
    connection: &impl ConnectionTrait,
    row: &report_row::Model,
) -> Result<report_row::Model> {
    let before = report_row::Entity::find()
        .filter(report_row::Column::AgencyId.eq(&row.agency_id))
        .filter(report_row::Column::Year.eq(row.year))
        .filter(report_row::Column::Scope.eq(row.scope))
        .filter(report_row::Column::Revision.lt(row.revision))
        .order_by_desc(report_row::Column::Revision)
        .one(connection)
        .await?;
    before.ok_or_else(|| {
        let detail = format!(
            "report {} has no revision before it; without --revision the report as a whole is withdrawn",
            public_id(row.id)
        );
        Error::invalid("revision", detail)
    })
}

async fn current_of(
    connection: &impl ConnectionTrait,
    agency_id: &str,
) -> Result<Vec<report_row::Model>> {
    let rows = report_row::Entity::find()
        .filter(report_row::Column::AgencyId.eq(agency_id))
        .filter(report_row::Column::IsCurrent.eq(true))
        .order_by_asc(report_row::Column::Year)
        .order_by_asc(report_row::Column::Scope)
        .all(connection)
        .await?;
    Ok(rows)
}

/// An agency that was not merged into another.
async fn unmerged(
    connection: &impl ConnectionTrait,
    parameter: &str,
    id: &str,
) -> Result<agency_row::Model> {
    let row = agency::row(connection, id).await?;
    let meant = agency::meant(connection, id).await?;
    if meant == row.id {
        return Ok(row);
    }
    Err(Error::invalid(parameter, format!("agency {id} was merged into {meant} already")))
}

/// From this version on, an agency's id leads to another's, and so do those that led to it.
async fn lead(
    connection: &impl ConnectionTrait,
    from_id: &str,
    into_id: &str,
    version: i64,
) -> Result<()> {
    let led = merge::Entity::find()
        .filter(merge::Column::IntoId.eq(from_id))
        .filter(merge::Column::UntilVersion.is_null())
        .all(connection)
        .await?;
    merge::Entity::update_many()
        .col_expr(merge::Column::UntilVersion, Expr::value(version))
        .filter(merge::Column::Id.is_in(led.iter().map(|row| row.id)))
        .exec(connection)
        .await?;
    let from = led.iter().map(|row| row.from_id.as_str()).chain([from_id]);
    let rows = from.map(|from_id| merge::ActiveModel {
        from_id: Set(from_id.to_owned()),
        into_id: Set(into_id.to_owned()),
        from_version: Set(version),
        ..Default::default()
    });
    merge::Entity::insert_many(rows).exec_without_returning(connection).await?;
    Ok(())
}

/// A stored report that is stored anew.
struct Moved {
    row: report_row::Model,
    place: Place,
    /// The agency's name there, where the report wrote a wrong one.
    name: Option<String>,
}

/// Ends a report where it stood, and stores it where it belongs.
async fn relocate(
    transaction: &DatabaseTransaction,
    moved: Moved,
    kind: ChangeKind,
    version: i64,
    deadlines: &Deadlines,
) -> Result<i64> {
    let old_id = moved.row.id;
    history::end(transaction, old_id, version).await?;
    let new_id = store_anew(transaction, moved, version, deadlines).await?;
    for (report_id, other) in [(old_id, new_id), (new_id, old_id)] {
        let correction = Correction { kind, report_id, other: Some(other), reason: None };
        history::note(transaction, version, &correction).await?;
    }
    Ok(new_id)
}

/// Stores what a report holds as the newest revision of a place, checked as a report of that place.
async fn store_anew(
    transaction: &DatabaseTransaction,
    Moved { row, place, name }: Moved,
    version: i64,
    deadlines: &Deadlines,
) -> Result<i64> {
    let document_id = row.document_id;
    let mut draft = of_row(transaction, row).await?;
    (draft.year, draft.scope) = (place.year, place.scope);
    if let Some(name) = name {
        draft.agency.name = name;
    }
    let findings = check::check(&draft, deadlines);
    let new = New { draft: &draft, findings: &findings, document_id, version };
    let (id, _) = report::insert(transaction, &place, &new, deadlines).await?;
    Ok(id)
}
