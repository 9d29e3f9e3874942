//! The summary of a region and year: the national form added up from the reports below, beside the
//! region's own consolidated report.

use async_graphql::Json;
use entity::{
    report,
    template::{CellState, Code, Level, Measure, Template},
};
use indexmap::IndexMap;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    as_of::{self, At},
    canonical,
    filter::{ReportFilter, filter},
    page::{Page, Paging, slice},
    region,
    report::{ReportView, views},
    statistics::RegionName,
    sums::{
        coverage::Coverage,
        form::{CellSum, FormSum, form, means_else},
        outcome::{Outcome, Reason, difference},
        rollup::{Taking, heads_of},
    },
    version,
};
use crate::{
    cells::{Cells, Quantity},
    error::{Error, Result},
};

/// A cell of the form: what the reports below add up to, and what the region's own consolidated report
/// prints.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
pub struct SummaryCell {
    /// The code of its measure: `requests.granted.natural_person`.
    pub measure: String,
    /// The Chinese label, from the outside of the form in.
    pub label: String,
    /// The English label.
    pub label_en: String,
    /// The sum: a count, or money as a string in CNY; null where no report prints the number.
    pub value: Option<Quantity>,
    /// Why it is null: a reason of `/statistics`.
    pub reason: Option<String>,
    /// How many reports are left out of it, since their number is unknown or their template means
    /// something else by it.
    pub unknown: u64,
    /// What the consolidated report prints there; null where it prints no number, or there is none.
    pub consolidated: Option<Quantity>,
    /// What stands in that cell of the consolidated report.
    pub consolidated_state: Option<CellState>,
    /// The sum less what the consolidated report prints, a missing number being worth what it is in a sum;
    /// null where neither prints one, where one is unknown, or where the two cannot be compared.
    pub difference: Option<Quantity>,
}

/// A region and year in the national form.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, async_graphql::SimpleObject)]
#[graphql(name = "Summary")]
#[schema(as = Summary)]
pub struct SummaryView {
    /// The region.
    pub region: RegionName,
    /// Its level.
    pub level: Level,
    /// The year reported on.
    pub year: i32,
    /// The template of the form, which is that of the year.
    pub template: Template,
    /// The version of the data it is made of, as `as_of` takes it.
    pub data_version: String,
    /// The cells that the template prints, in the form's order.
    pub cells: Vec<SummaryCell>,
    /// How many of the reports that are added up are in each template; `none`: without the national tables.
    /// A number that only the other template asks for is in none of the cells.
    #[schema(value_type = std::collections::HashMap<String, u64>)]
    pub templates: Json<IndexMap<String, u64>>,
    /// The region's own consolidated report, which is not among those that are added up.
    pub consolidated: Option<ReportView>,
    /// In how many cells the two differ.
    pub differences: u64,
    /// What is added up: area by area below the region, the consolidated report of the outermost that has
    /// one, and the own reports of what lies in no such area.
    pub coverage: Coverage,
}

/// The summary of a region and year.
///
/// # Errors
/// `not_found` for a region that there is not, and for years without a national form.
pub async fn get(
    connection: &impl ConnectionTrait,
    code: &str,
    year: i32,
    at: At,
) -> Result<SummaryView> {
    let region = region::get(connection, code, at).await?;
    let template = Template::of_year(year).ok_or_else(|| {
        Error::not_found("national form of the year", year).allowed(["2019 or later"])
    })?;
    let filter = ReportFilter {
        region: Some(code.to_owned()),
        year: Some(year.to_string()),
        ..ReportFilter::default()
    };
    let taking = Taking::below(region.level, &filter, at)?;
    let sum = form(connection, &filter, at, &taking, template).await?;
    let consolidated = own_consolidated(connection, &filter, code, at).await?;
    let other = match &consolidated {
        Some(report) => {
            let id = report.row_id;
            canonical::cells(connection, &[id])
                .await?
                .remove(&id)
                .map(|cells| Other { cells, template: report.template })
        }
        None => None,
    };
    let FormSum { taken, templates, cells } = sum;
    let cells: Vec<SummaryCell> = cells
        .into_iter()
        .map(|(measure, sum)| cell(measure, &sum, template, other.as_ref()))
        .collect();
    let unknown = cells.iter().filter(|cell| cell.unknown > 0);
    let unknown = unknown.map(|cell| (cell.measure.clone(), cell.unknown)).collect();
    let version = match at {
        At::Now => version::get(connection).await?.version,
        At::Version(version) => version,
    };
    let name = |template: Option<Template>| template.map_or("none", Template::code).to_owned();
    Ok(SummaryView {
        region: RegionName { code: region.code, name: region.name },
        level: region.level,
        year,
        template,
        data_version: format!("v{version}"),
        differences: cells.iter().filter(|cell| cell.differs()).count() as u64,
        cells,
        templates: Json(
            templates.into_iter().map(|(template, count)| (name(template), count)).collect(),
        ),
        consolidated,
        coverage: Coverage::made(connection, &filter, at, taken, unknown).await?,
    })
}

impl SummaryCell {
    /// Whether the sum and the consolidated report differ.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.difference.is_some_and(|difference| !difference.is_zero())
    }
}

/// The consolidated report of the region itself: the government's, where there are several.
async fn own_consolidated(
    connection: &impl ConnectionTrait,
    filter: &ReportFilter,
    code: &str,
    at: At,
) -> Result<Option<ReportView>> {
    let heads = heads_of(connection, filter, at, [code]).await?;
    let rows = report::Entity::find()
        .filter(report::Column::Id.is_in(heads.into_values()))
        .all(connection)
        .await?;
    Ok(views(connection, rows, &[], at).await?.pop())
}

/// What a sum is compared with.
struct Other {
    cells: Cells,
    template: Option<Template>,
}

fn cell(measure: Measure, sum: &CellSum, template: Template, other: Option<&Other>) -> SummaryCell {
    let value = sum.outcome.and_then(Outcome::quantity);
    let printed = other.map(|other| other.cells.get(measure));
    let consolidated = printed.and_then(|cell| cell.value);
    let difference = other.and_then(|other| {
        let is_comparable = other.template.is_some_and(|of_other| {
            of_other == template || (measure.is_in(of_other) && !means_else(measure))
        });
        let worth = other.cells.worth(measure).map_err(|_| Reason::Unknown);
        let printed = worth.and_then(|_| consolidated.ok_or(Reason::NoPart));
        is_comparable.then(|| difference(measure, value, printed).ok()).flatten()
    });
    SummaryCell {
        measure: measure.code(),
        label: measure.label(),
        label_en: measure.label_en(),
        value: value.ok(),
        reason: value.err().map(|reason| reason.code().to_owned()),
        unknown: sum.unknown,
        consolidated,
        consolidated_state: printed.map(|cell| cell.state),
        difference,
    }
}

filter! {
    /// Which summary.
    pub struct SummaryFilter {
        /// The region's code.
        pub region: Option<String>,
        /// The report year.
        pub year: Option<String>,
        /// The data as they stood: at the end of a day (`2026-11-23`, UTC), at a time
        /// (`2026-11-23T08:00:00Z`) or at a data version (`v12`).
        #[arg(alias = "as_of")]
        #[graphql(name = "as_of")]
        pub as_of: Option<String>,
    }
}

impl SummaryFilter {
    /// The summary that is asked for.
    ///
    /// # Errors
    /// `invalid_parameter`, `not_found`.
    pub async fn get(&self, connection: &impl ConnectionTrait) -> Result<SummaryView> {
        let Self { region, year, as_of } = self;
        let given = |name: &str, value: &Option<String>| {
            value.clone().ok_or_else(|| Error::invalid(name, format!("{name} is not given")))
        };
        let (region, text) = (given("region", region)?, given("year", year)?);
        let year = text.parse().map_err(|_| {
            Error::invalid("year", format!("{text:?} is no year")).allowed(["one year: 2023"])
        })?;
        let at = as_of::at(connection, as_of.as_deref()).await?;
        get(connection, &region, year, at).await
    }
}

/// The cells of a summary, as a list.
pub struct SummaryCells;

impl Resource for SummaryCells {
    const NAME: &'static str = "summary";
    type Filter = SummaryFilter;
    type Row = SummaryCell;

    async fn list(
        connection: &impl ConnectionTrait,
        filter: &SummaryFilter,
        paging: &Paging,
    ) -> Result<Page<SummaryCell>> {
        if let Some(sort) = &paging.sort {
            let detail = format!("the cells are in the form's order, not by {sort:?}");
            return Err(Error::invalid("sort", detail));
        }
        slice(filter.get(connection).await?.cells, paging)
    }
}
