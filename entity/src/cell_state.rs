//! Why a cell of a report has no number, where it is not plainly blank.

use sea_orm::entity::prelude::*;

use crate::template::CellState;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cell_state")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_id: i64,
    /// The cell's address: `requests.granted.other`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub cell: String,
    pub state: CellState,
    #[sea_orm(belongs_to, from = "report_id", to = "id", on_delete = "Cascade")]
    pub report: BelongsTo<super::report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
