//! Indicators: the list of all of them, with what each is made of.

use entity::{
    indicator::Indicator,
    template::{Code, Measure},
};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Resource,
    page::{Page, Paging, slice},
};
use crate::error::{Error, Result};

/// An indicator: a rate made of the form's numbers, and what it means.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject,
)]
#[graphql(name = "Indicator")]
pub struct IndicatorView {
    /// The code by which it is asked for wherever a measure is: `denial_rate`.
    pub code: String,
    /// The Chinese label.
    pub label: String,
    /// The English label.
    pub label_en: String,
    /// `rate`: a number, mostly from 0 to 1; null where the denominator is 0 or a part is unknown.
    pub unit: String,
    /// What is divided by what, in codes of measures: `requests.denied / requests.total`. A number that
    /// is not printed counts as 0.
    pub formula: String,
    /// The measures above the line, which are added up.
    pub numerator: Vec<String>,
    /// The measures below the line, which are added up.
    pub denominator: Vec<String>,
    /// The measures that are taken away from those below the line.
    pub less: Vec<String>,
    /// The articles of the Regulations on Open Government Information that it rests on: `14, 15, 16`.
    pub articles: String,
}

impl From<Indicator> for IndicatorView {
    fn from(indicator: Indicator) -> Self {
        let formula = indicator.formula();
        let codes = |measures: &[Measure]| measures.iter().map(|measure| measure.code()).collect();
        Self {
            code: indicator.code().to_owned(),
            label: indicator.label().to_owned(),
            label_en: indicator.label_en().to_owned(),
            unit: "rate".to_owned(),
            formula: indicator.formula_text(),
            numerator: codes(formula.numerator),
            denominator: codes(formula.denominator),
            less: codes(formula.less),
            articles: formula.articles.to_owned(),
        }
    }
}

/// Every indicator.
#[must_use]
pub fn list() -> Vec<IndicatorView> {
    Indicator::ALL.iter().copied().map(IndicatorView::from).collect()
}

/// Which indicators: all.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize, IntoParams, clap::Args,
)]
#[into_params(parameter_in = Query)]
pub struct IndicatorFilter {}

/// The indicators.
pub struct AllIndicators;

impl Resource for AllIndicators {
    const NAME: &'static str = "indicators";
    type Filter = IndicatorFilter;
    type Row = IndicatorView;

    async fn list(
        _connection: &impl ConnectionTrait,
        _filter: &IndicatorFilter,
        paging: &Paging,
    ) -> Result<Page<IndicatorView>> {
        if let Some(sort) = &paging.sort {
            let detail = format!("indicators are in their own order, not by {sort:?}");
            return Err(Error::invalid("sort", detail));
        }
        slice(list(), paging)
    }
}
