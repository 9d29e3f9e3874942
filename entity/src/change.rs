//! What a revision or a correction changed: a row a cell, or one row for the report as a whole.

use sea_orm::entity::prelude::*;

use crate::template::{CellState, ChangeKind};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The revision that brought the new numbers; of a correction, the report concerned.
    #[sea_orm(indexed)]
    pub report_id: i64,
    /// The data version that the change began with.
    #[sea_orm(indexed)]
    pub version: i64,
    #[sea_orm(column_name = "change")]
    pub kind: ChangeKind,
    /// The other report concerned: the revision before, or where a moved report came from or went to.
    pub other_report_id: Option<i64>,
    /// The cell's address; none where the change is of the report as a whole.
    pub cell: Option<String>,
    /// The number as an exact decimal; none where no number stood there.
    pub old_value: Option<String>,
    pub old_state: Option<CellState>,
    pub new_value: Option<String>,
    pub new_state: Option<CellState>,
    /// Why, as the operator stated it.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    #[sea_orm(belongs_to, from = "report_id", to = "id", on_delete = "Cascade")]
    pub report: BelongsTo<super::report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
