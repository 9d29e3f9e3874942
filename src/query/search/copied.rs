//! Sections that are nearly the same as another report's: which are asked for, and whose they are.

use std::collections::HashMap;

use entity::{
    copied_section, section,
    template::{Code, CopiedFrom},
};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    error::{Error, Result},
    limits,
    query::{
        agency::{self, AgencyView},
        as_of::At,
        filter::codes,
        report, row,
    },
};

/// Whose section a section is nearly the same as. It does not say which of the two was first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Copied")]
pub struct CopiedView {
    /// `last_year`: the agency's own report of the year before; `other_agency`: another agency's report on
    /// the same year.
    pub from: CopiedFrom,
    /// The share of this section that stands in the other one too, from 0.5 to 1: of its runs of eight
    /// letters, each counted once; digits and punctuation do not count.
    pub share: f64,
    /// The id of the report that has the other one.
    pub report_id: String,
    /// Its agency.
    pub agency: AgencyView,
    /// Its year.
    pub year: i32,
}

/// For the heads of an empty table only.
impl Default for CopiedView {
    fn default() -> Self {
        let (report_id, agency) = (String::new(), AgencyView::default());
        Self { from: CopiedFrom::LastYear, share: 1.0, report_id, agency, year: 0 }
    }
}

/// Which sections are asked for, by what they share.
#[derive(Clone, Debug)]
pub struct Copied {
    from: Vec<CopiedFrom>,
    least_per_mille: i64,
}

/// The share that is meant where none is said: the one from which on it is a finding.
const LEAST_PER_MILLE: i64 = 800;

impl Copied {
    /// Understands `copied_from` and `min_copied`; nothing where neither is given.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn parse(copied_from: Option<&str>, min_copied: Option<&str>) -> Result<Option<Self>> {
        if copied_from.is_none() && min_copied.is_none() {
            return Ok(None);
        }
        let from = match copied_from {
            Some(from) => codes::<CopiedFrom>("copied_from", from)?,
            None => CopiedFrom::ALL.to_vec(),
        };
        let least_per_mille = min_copied.map_or(Ok(LEAST_PER_MILLE), |text| {
            let per_mille = text.parse::<Decimal>().ok().and_then(|share| {
                let per_mille = share.checked_mul(Decimal::ONE_THOUSAND)?;
                per_mille.is_integer().then(|| per_mille.to_i64())?
            });
            let per_mille =
                per_mille.filter(|share| (limits::COPIED_PER_MILLE..=1_000).contains(share));
            per_mille.ok_or_else(|| {
                let detail = format!("min_copied {text:?} is no share");
                Error::invalid("min_copied", detail)
                    .allowed(["0.5 to 1, with three decimals at most"])
            })
        })?;
        Ok(Some(Self { from, least_per_mille }))
    }

    /// What is kept of the share that is asked for.
    fn kept(&self, at: At) -> Condition {
        let column = |column| Expr::col((copied_section::Entity, column));
        let shared = column(copied_section::Column::SharedRuns).mul(1_000_i64);
        let least = column(copied_section::Column::Runs).mul(self.least_per_mille);
        at.copied()
            .add(copied_section::Column::CopiedFrom.is_in(self.from.iter().copied()))
            .add(shared.gte(least))
    }

    /// The condition on sections.
    pub fn condition(&self, at: At) -> Expr {
        let column = |column| Expr::col((copied_section::Entity, column));
        let of_section = Condition::all()
            .add(
                column(copied_section::Column::ReportId)
                    .equals((section::Entity, section::Column::ReportId)),
            )
            .add(
                column(copied_section::Column::Number)
                    .equals((section::Entity, section::Column::Number)),
            );
        Expr::exists(
            Query::select()
                .expr(Expr::val(1))
                .from(copied_section::Entity)
                .cond_where(of_section)
                .cond_where(self.kept(at))
                .take(),
        )
    }

    /// Whose sections these are nearly the same as; of two, the one that shares more.
    ///
    /// # Errors
    /// What the database says.
    pub async fn views(
        &self,
        connection: &impl ConnectionTrait,
        sections: &[section::Model],
        at: At,
    ) -> Result<HashMap<(i64, i16), CopiedView>> {
        let rows = copied_section::Entity::find()
            .filter(
                copied_section::Column::ReportId.is_in(sections.iter().map(|row| row.report_id)),
            )
            .filter(self.kept(at))
            .all(connection)
            .await?;
        let sources = rows.iter().map(|row| row.source_report_id);
        let heads = row::heads(connection, sources, at).await?;
        let ids = heads.values().map(|head| head.agency_id.clone());
        let agencies = agency::by_ids(connection, ids, at).await?;
        let mut most: HashMap<(i64, i16), &copied_section::Model> = HashMap::new();
        for row in &rows {
            let place = (row.report_id, row.number);
            let is_more = |other: &&copied_section::Model| {
                (row.shared_runs, other.copied_from) > (other.shared_runs, row.copied_from)
            };
            if most.get(&place).is_none_or(is_more) {
                most.insert(place, row);
            }
        }
        let view = |row: &copied_section::Model| {
            let head = heads.get(&row.source_report_id).cloned().unwrap_or_default();
            CopiedView {
                from: row.copied_from,
                share: f64::from(row.shared_runs) / f64::from(row.runs),
                report_id: report::public_id(row.source_report_id),
                agency: agencies.get(&head.agency_id).cloned().unwrap_or_default(),
                year: head.year,
            }
        };
        Ok(most.into_iter().map(|(place, row)| (place, view(row))).collect())
    }
}
