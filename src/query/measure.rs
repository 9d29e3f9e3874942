//! Measures: from a code to the number in the database, and the list of all of them.

use entity::{
    disclosure_item, report, request,
    template::{Applicant, ItemMeasure, Measure, Template},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, SubQueryStatement},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Resource,
    page::{Page, Paging, slice},
};
use crate::error::{Error, Result, nearest};

/// A number that a report can hold, and what it means.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject,
)]
#[graphql(name = "Measure")]
pub struct MeasureView {
    /// The code by which it is asked for everywhere: `requests.received`.
    pub code: String,
    /// The Chinese label, from the outside of the form in.
    pub label: String,
    /// The English label.
    pub label_en: String,
    /// `CNY`, or what is counted: `requests`, `reviews`, `lawsuits`, `documents`, `items`,
    /// `decisions`, `projects`.
    pub unit: String,
    /// `amount` for money, a string in CNY; `count` for an integer.
    pub r#type: String,
    /// Whether the form prints it; else it is the sum over `parts`.
    pub is_printed: bool,
    /// For a sum or a total, the codes of the cells that add up to it.
    pub parts: Vec<String>,
    /// The templates that have it.
    pub templates: Vec<Template>,
    /// The article of the Regulations on Open Government Information, where it rests on one.
    pub article: Option<String>,
}

impl From<Measure> for MeasureView {
    fn from(measure: Measure) -> Self {
        let templates = [Template::T2019, Template::T2021];
        let article = match measure {
            Measure::DisclosureItem(item, _) => Some(format!("20{}", item.form().article_item)),
            Measure::Request(row, _) => {
                Some(row.form().article.to_owned()).filter(|article| !article.is_empty())
            }
            _ => None,
        };
        Self {
            code: measure.code(),
            label: measure.label(),
            label_en: measure.label_en(),
            unit: measure.unit().to_owned(),
            r#type: if measure.is_amount() { "amount" } else { "count" }.to_owned(),
            is_printed: measure.is_cell(),
            parts: measure.parts().into_iter().map(Measure::code).collect(),
            templates: templates.into_iter().filter(|&template| measure.is_in(template)).collect(),
            article,
        }
    }
}

/// Every measure, in the form's order.
#[must_use]
pub fn list() -> Vec<MeasureView> {
    Measure::all().map(MeasureView::from).collect()
}

/// Which measures: all.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize, IntoParams, clap::Args,
)]
#[into_params(parameter_in = Query)]
pub struct MeasureFilter {}

/// The measures.
pub struct AllMeasures;

impl Resource for AllMeasures {
    const NAME: &'static str = "measures";
    type Filter = MeasureFilter;
    type Row = MeasureView;

    async fn list(
        _connection: &impl ConnectionTrait,
        _filter: &MeasureFilter,
        paging: &Paging,
    ) -> Result<Page<MeasureView>> {
        if let Some(sort) = &paging.sort {
            return Err(Error::invalid(
                "sort",
                format!("measures are in the form's order, not by {sort:?}"),
            ));
        }
        // All of them are known, so they are a page however many are asked for.
        slice(list(), paging)
    }
}

/// The measure of a code.
///
/// # Errors
/// `invalid_parameter` that names the parameter and the nearest known code.
pub fn parse(parameter: &str, code: &str) -> Result<Measure> {
    code.parse().map_err(|_| {
        let known: Vec<String> = Measure::all().map(Measure::code).collect();
        let hint = nearest(code, known.iter().map(String::as_str));
        let hint = hint.map(|hint| format!("; did you mean {hint}?")).unwrap_or_default();
        Error::invalid(parameter, format!("{code:?} is no measure{hint}"))
            .allowed(["a code of /api/v1/measures"])
    })
}

/// The measure's number in the database, for a query over reports. Amounts are in millionths of a CNY.
pub(super) fn expr(measure: Measure) -> Expr {
    let of_report = |report_id: Expr| report_id.equals((report::Entity, report::Column::Id));
    let number = match measure {
        Measure::Request(row, column) if column != Applicant::Total => request::Entity::find()
            .select_only()
            .column(applicant_column(column))
            .filter(of_report(Expr::col((request::Entity, request::Column::ReportId))))
            .filter(request::Column::Row.eq(row))
            .into_query(),
        Measure::DisclosureItem(item, measure) => disclosure_item::Entity::find()
            .select_only()
            .column(item_column(measure))
            .filter(of_report(Expr::col((
                disclosure_item::Entity,
                disclosure_item::Column::ReportId,
            ))))
            .filter(disclosure_item::Column::Item.eq(item))
            .into_query(),
        // Every other measure is a column of the report: a test holds it.
        _ => {
            let column = report::total_column(measure);
            return column
                .map_or(Expr::value(None::<i64>), |column| Expr::col((report::Entity, column)));
        }
    };
    Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(number)))
}

/// The column of a kind of applicant.
pub(super) const fn applicant_column(column: Applicant) -> request::Column {
    match column {
        Applicant::NaturalPerson => request::Column::NaturalPerson,
        Applicant::CommercialEnterprise => request::Column::CommercialEnterprise,
        Applicant::ResearchInstitution => request::Column::ResearchInstitution,
        Applicant::PublicWelfareOrganization => request::Column::PublicWelfareOrganization,
        Applicant::LegalServiceOrganization => request::Column::LegalServiceOrganization,
        Applicant::Other => request::Column::Other,
        Applicant::Total => request::Column::Total,
    }
}

/// The column of a measure of an item.
pub(super) const fn item_column(measure: ItemMeasure) -> disclosure_item::Column {
    match measure {
        ItemMeasure::Issued => disclosure_item::Column::Issued,
        ItemMeasure::Repealed => disclosure_item::Column::Repealed,
        ItemMeasure::InForce => disclosure_item::Column::InForce,
        ItemMeasure::NewlyMade => disclosure_item::Column::NewlyMade,
        ItemMeasure::NewlyDisclosed => disclosure_item::Column::NewlyDisclosed,
        ItemMeasure::TotalDisclosed => disclosure_item::Column::TotalDisclosed,
        ItemMeasure::PreviousItems => disclosure_item::Column::PreviousItems,
        ItemMeasure::Change => disclosure_item::Column::Change,
        ItemMeasure::Decisions => disclosure_item::Column::Decisions,
        ItemMeasure::Projects => disclosure_item::Column::Projects,
        ItemMeasure::Amount => disclosure_item::Column::AmountMicroCny,
    }
}
