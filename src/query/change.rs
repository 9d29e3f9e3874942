//! Changes: what revisions and corrections changed, across agencies.

use std::collections::HashMap;

use entity::{
    change, report,
    template::{CellState, ChangeKind, Measure, Scope},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    as_of::{self, At},
    filter::{codes, filter},
    measure,
    page::{Page, Paging},
    report::public_id,
    row::{self, ReportRows, RowHead, filter_with},
};
use crate::{
    cells::Quantity,
    error::{Code, Error, Result},
};

/// A cell whose number or state a revision changed; or, where `measure` is null, what a correction did to
/// a report as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Change", complex)]
pub struct ChangeView {
    /// The change's id.
    #[graphql(skip)]
    pub id: String,
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: RowHead,
    /// Whose numbers the report holds.
    pub scope: Scope,
    /// The revision that brought the new numbers; of a correction, the one it concerns.
    pub revision: i32,
    /// What happened: `revised`, another document came in; `withdrawn`, `reassigned` or `merged`, the
    /// operator corrected the record.
    pub change: ChangeKind,
    /// The other report concerned: the revision before; where a report was moved, the id it had before or
    /// has since; where a revision was withdrawn, the one that stands again.
    pub other_report_id: Option<String>,
    /// The cell's address, `requests.received.total`; null where the change is of the report as a whole,
    /// or a revision changed no number.
    pub measure: Option<String>,
    /// The number before; null where none stood there.
    #[schema(value_type = crate::cells::Number)]
    pub old_value: Option<Quantity>,
    /// What stood in the cell before.
    pub old_state: Option<CellState>,
    /// The number since; null where none stands there.
    #[schema(value_type = crate::cells::Number)]
    pub new_value: Option<Quantity>,
    /// What has stood in the cell since.
    pub new_state: Option<CellState>,
    /// Why the operator corrected the record.
    pub reason: Option<String>,
    /// When it changed, in UTC: `2026-11-23T08:00:00Z`.
    #[schema(format = DateTime)]
    pub changed_at: String,
    /// The data version that the change began with: `as_of` one less gives the data before it.
    pub data_version: i64,
}

/// For the heads of an empty table only.
impl Default for ChangeView {
    fn default() -> Self {
        Self {
            id: String::new(),
            head: RowHead::default(),
            scope: Scope::Own,
            revision: 1,
            change: ChangeKind::Revised,
            other_report_id: None,
            measure: None,
            old_value: None,
            old_state: None,
            new_value: None,
            new_state: None,
            reason: None,
            changed_at: String::new(),
            data_version: 0,
        }
    }
}

filter! {
    /// Which changes.
    pub struct ChangesFilter {
        /// Changes since then: after a data version (`v12`), after a time (`2026-11-23T08:00:00Z`), or from
        /// the beginning of a day on (`2026-11-23`, UTC).
        pub since: Option<String>,
        /// What happened: `revised`, `withdrawn`, `reassigned` or `merged`; several separated by commas.
        pub change: Option<String>,
        /// Changes of these numbers, by their codes, separated by commas: `requests.received`.
        pub measures: Option<String>,
    }
}

filter_with! {
    /// Which changes of which reports.
    ChangeFilter = ReportFilter + ChangesFilter
}

/// Changes across agencies.
pub struct Changes;

impl ReportRows for Changes {
    type Entity = change::Entity;
    type View = ChangeView;
    const REPORT_ID: change::Column = change::Column::ReportId;
    const KEY: Option<change::Column> = Some(change::Column::Id);
    const SORT: &'static [(&'static str, change::Column)] =
        &[("data_version", change::Column::Version), ("change", change::Column::Kind)];

    fn report_id(row: &change::Model) -> i64 {
        row.report_id
    }

    fn view(head: RowHead, row: change::Model) -> ChangeView {
        let value = |text: Option<String>| text.and_then(|text| text.parse().ok());
        ChangeView {
            id: format!("c{}", row.id),
            head,
            change: row.kind,
            other_report_id: row.other_report_id.map(public_id),
            measure: row.cell,
            old_value: value(row.old_value),
            old_state: row.old_state,
            new_value: value(row.new_value),
            new_state: row.new_state,
            reason: row.reason,
            data_version: row.version,
            ..ChangeView::default()
        }
    }
}

impl Resource for Changes {
    const NAME: &'static str = "changes";
    type Filter = ChangeFilter;
    type Row = ChangeView;

    async fn list(
        connection: &impl ConnectionTrait,
        ChangeFilter { report, own: ChangesFilter { since, change, measures } }: &ChangeFilter,
        paging: &Paging,
    ) -> Result<Page<ChangeView>> {
        let at = report.at(connection).await?;
        let mut own = Condition::all();
        if let Some(since) = since {
            let since = as_of::before(connection, "since", since).await?;
            own = own.add(change::Column::Version.gt(since));
        }
        if let Some(kinds) = change {
            own = own.add(change::Column::Kind.is_in(codes::<ChangeKind>("change", kinds)?));
        }
        if let Some(measures) = measures {
            let cells = measures.split(',').map(|code| measure::parse("measures", code.trim()));
            let cells = cells.collect::<Result<Vec<Measure>>>()?;
            own = own.add(change::Column::Cell.is_in(cells.into_iter().flat_map(cells_of)));
        }
        // What was known by then is no part of the question, which has a cursor in every version.
        let known = at.begun(change::Column::Version);
        let reports = (report, report.of_any_revision(at)?.add(known));
        // The last change first: what a reader who comes back has not seen.
        let sort = paging.sort.clone().unwrap_or_else(|| "-data_version".to_owned());
        let paging = Paging { sort: Some(sort), ..paging.clone() };
        let page = row::of_reports::<Self>(connection, reports, own, &paging, at).await?;
        let rows = dated(connection, page.rows.clone()).await?;
        Ok(page.with_rows(rows))
    }
}

/// The cells a measure is made of: itself, where it is printed.
fn cells_of(measure: Measure) -> Vec<String> {
    let cells = if measure.is_cell() { vec![measure] } else { measure.parts() };
    cells.into_iter().map(Measure::cell_code).collect()
}

/// Says of each change when it was, and of which report.
async fn dated(
    connection: &impl ConnectionTrait,
    mut rows: Vec<ChangeView>,
) -> Result<Vec<ChangeView>> {
    let moments = as_of::moments(connection, rows.iter().map(|row| row.data_version)).await?;
    let ids = rows.iter().filter_map(|row| super::report::row_id(&row.head.report_id));
    let reports: HashMap<String, (Scope, i32)> = report::Entity::find()
        .select_only()
        .columns([report::Column::Id, report::Column::Scope, report::Column::Revision])
        .filter(report::Column::Id.is_in(ids))
        .into_tuple::<(i64, Scope, i32)>()
        .all(connection)
        .await?
        .into_iter()
        .map(|(id, scope, revision)| (public_id(id), (scope, revision)))
        .collect();
    for row in &mut rows {
        if let Some(moment) = moments.get(&row.data_version) {
            row.changed_at.clone_from(moment);
        }
        if let Some((scope, revision)) = reports.get(&row.head.report_id) {
            (row.scope, row.revision) = (*scope, *revision);
        }
    }
    Ok(rows)
}

/// Why a report that was there no longer is: what the operator did to it.
pub(super) async fn why_ended(
    connection: &impl ConnectionTrait,
    report_id: i64,
    at: At,
) -> Result<Error> {
    let correction = change::Entity::find()
        .filter(change::Column::ReportId.eq(report_id))
        .filter(change::Column::Kind.ne(ChangeKind::Revised))
        .filter(at.begun(change::Column::Version))
        .order_by_desc(change::Column::Id)
        .one(connection)
        .await?;
    let id = public_id(report_id);
    let correction = correction.map(|change| (change.kind, change.other_report_id, change.reason));
    let why = match correction {
        Some((ChangeKind::Withdrawn, _, Some(reason))) => {
            format!("report {id} stood here, and was withdrawn: {reason}")
        }
        Some((_, Some(other), _)) => {
            let other = public_id(other);
            format!("report {id} stood here; it was another's, and is now report {other}")
        }
        _ => format!("report {id} stood here, and does no longer"),
    };
    Ok(Error::new(Code::Withdrawn, why))
}
