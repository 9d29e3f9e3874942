//! The fields that lead from one thing to another.

use async_graphql::{ComplexObject, Context, ID, Result, dataloader::DataLoader};
use entity::template::{Code, Item, LawsuitKind, RequestRow};

use super::{
    PublicUrl,
    connection::{Rows, Stays, connection, cost, paging},
    loader::{
        AgenciesOf, AgencyById, CellsOf, ChildrenOf, CitedOf, DisclosureItemsOf, ExplainedOf,
        FindingsOf, LawsuitsOf, Loader, RegionByCode, ReportById, ReportsOf, RequestsOf, ReviewsOf,
        SectionsOf, StampOf,
    },
};
use crate::{
    cells::Missing,
    error::Error,
    extract::draft::Section,
    limits::GRAPHQL_READING_COST,
    query::{
        agency::AgencyView,
        cell::CellView,
        change::ChangeView,
        citation::{self, Language},
        disclosure_item::DisclosureItemView,
        figure::{Figure, Value},
        filter::{AgencyFilter, ReportFilter, codes},
        finding::FindingView,
        lawsuit::LawsuitView,
        measure,
        page::slice,
        permalink::Permalink,
        region::RegionView,
        report::ReportView,
        request::RequestView,
        review::ReviewView,
        search::HitView,
        template::Word,
    },
    regions,
};

/// Regions directly in one, for the cost of a nested list: provinces of the country, townships of a
/// county.
const REGIONS_IN_A_REGION: usize = 40;
/// Reports of one agency, for the cost of a nested list: seven years, some with two scopes.
const REPORTS_OF_AN_AGENCY: usize = 10;

fn loader<'a>(context: &Context<'a>) -> &'a DataLoader<Loader> {
    context.data_unchecked()
}

#[ComplexObject]
impl RegionView {
    /// The id: the code.
    pub async fn id(&self) -> ID {
        ID(self.code.clone())
    }

    /// Its name with those of the regions it lies in: 山东省淄博市沂源县.
    async fn full_name(&self) -> String {
        regions::full_name(&self.code)
    }

    /// The region it lies in.
    async fn parent(&self, context: &Context<'_>) -> Result<Option<RegionView>> {
        match &self.parent_code {
            Some(parent) => {
                Ok(loader(context).load_one(RegionByCode(parent.clone(), self.at)).await?)
            }
            None => Ok(None),
        }
    }

    /// The regions directly in it.
    #[graphql(complexity = "1 + REGIONS_IN_A_REGION * child_complexity")]
    async fn children(&self, context: &Context<'_>) -> Result<Vec<RegionView>> {
        Ok(loader(context)
            .load_one(ChildrenOf(self.code.clone(), self.at))
            .await?
            .unwrap_or_default())
    }

    /// The agencies of the area and all below it.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn agencies(
        &self,
        context: &Context<'_>,
        filter: Option<AgencyFilter>,
        sort: Option<String>,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<AgencyView>> {
        let paging = paging(context, sort, first, after.clone())?;
        let key = AgenciesOf {
            region_code: self.code.clone(),
            filter: filter.unwrap_or_default(),
            paging,
            at: self.at,
        };
        let page = loader(context)
            .load_one(key)
            .await?
            .ok_or_else(|| Error::not_found("region", &self.code))?;
        Ok(connection(page, after.as_deref(), Stays::default()))
    }
}

#[ComplexObject]
impl AgencyView {
    /// The agency's id: short, opaque, the same on every instance.
    pub async fn id(&self) -> ID {
        ID(self.id.clone())
    }

    /// Its region.
    async fn region(&self, context: &Context<'_>) -> Result<Option<RegionView>> {
        Ok(loader(context).load_one(RegionByCode(self.region_code.clone(), self.at)).await?)
    }

    /// Its reports, newest year first.
    #[graphql(
        complexity = "1 + child_complexity * first.map_or(REPORTS_OF_AN_AGENCY, |first| usize::try_from(first).unwrap_or(0).clamp(1, REPORTS_OF_AN_AGENCY))"
    )]
    async fn reports(
        &self,
        context: &Context<'_>,
        filter: Option<ReportFilter>,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<ReportView>> {
        let paging = paging(context, None, first, after.clone())?;
        let (agency_id, filter) = (self.id.clone(), filter.unwrap_or_default());
        let key = ReportsOf { agency_id, filter, at: self.at };
        let reports = loader(context).load_one(key).await?.unwrap_or_default();
        Ok(connection(slice(reports, &paging)?, after.as_deref(), Stays::default()))
    }
}

#[ComplexObject]
impl ReportView {
    /// The report's id.
    pub async fn id(&self) -> ID {
        ID(self.id.clone())
    }

    /// A number of the report by the code of a measure or indicator, `requests.received`, `denial_rate`: a
    /// count as an integer, money as a string in CNY, a rate as a number; null where the report has no such
    /// number (`valueMissing` says why).
    async fn value(&self, context: &Context<'_>, measure: String) -> Result<Option<Value>> {
        Ok(self.number(context, &measure).await?.ok())
    }

    /// Why the report has no such number: a cell state (`blank`, `slash`, `ambiguous`, …),
    /// `unknown_part`, `no_part` or `no_denominator`; null where it has one.
    async fn value_missing(
        &self,
        context: &Context<'_>,
        measure: String,
    ) -> Result<Option<&'static str>> {
        Ok(self.number(context, &measure).await?.err().map(Missing::code))
    }

    /// A number of the report with where it stands in the document: place, text and labels as printed,
    /// how it was read.
    #[graphql(complexity = "GRAPHQL_READING_COST + child_complexity")]
    async fn cell(&self, context: &Context<'_>, measure: String) -> Result<Option<CellView>> {
        let measure = measure::parse("measure", &measure)?;
        let explained = loader(context).load_one(ExplainedOf(self.row_id)).await?;
        Ok(explained.map(|explained| explained.cell(&self.id, measure)))
    }

    /// The address of REST at which it stays as it is.
    async fn permalink(&self, context: &Context<'_>) -> Result<Option<String>> {
        Ok(Some(self.stays(context).await?.address))
    }

    /// A sentence to cite the report by, or the number of a measure in it: agency, year, revision, where
    /// the document was fetched, the address here, and the version of the data with its day.
    #[graphql(
        complexity = "if measure.is_some() { GRAPHQL_READING_COST } else { 1 } + child_complexity"
    )]
    async fn citation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "`zh`, the default, or `en`.")] language: Option<Language>,
        #[graphql(desc = "The number's measure, by its code.")] measure: Option<String>,
    ) -> Result<String> {
        let language = language.unwrap_or_default();
        let report = loader(context).load_one(CitedOf(self.row_id, self.at)).await?;
        let report = report.ok_or_else(|| Error::not_found("report", &self.id))?;
        let permalink = self.stays(context).await?;
        let public_url = &context.data_unchecked::<PublicUrl>().0;
        let Some(code) = measure else {
            return Ok(citation::of_report(&report, &permalink, public_url, language));
        };
        let measure = measure::parse("measure", &code)?;
        let explained = loader(context).load_one(ExplainedOf(self.row_id)).await?;
        let explained = explained.ok_or_else(|| Error::not_found("report", &self.id))?;
        let path = format!("/reports/{}/cells/{}", self.id, measure.code());
        let permalink = Permalink::new(&path, Vec::new(), permalink.stamp);
        let cell = explained.cell(&self.id, measure);
        Ok(citation::of_cell(&cell, &report, &permalink, public_url, language))
    }

    /// Section 2: the disclosure items.
    #[graphql(complexity = "1 + 8 * child_complexity")]
    async fn disclosure_items(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The items' codes, separated by commas; all where it is not said.")] item: Option<String>,
    ) -> Result<Vec<DisclosureItemView>> {
        let rows = loader(context)
            .load_one(DisclosureItemsOf(self.row_id, self.at))
            .await?
            .unwrap_or_default();
        chosen::<Item, _>(rows, "item", item.as_deref(), |row| &row.item)
    }

    /// Section 3: the requests matrix, in the form's order.
    #[graphql(complexity = "1 + 25 * child_complexity")]
    async fn requests(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The rows' codes, separated by commas; all where it is not said.")]
        row: Option<String>,
    ) -> Result<Vec<RequestView>> {
        let rows =
            loader(context).load_one(RequestsOf(self.row_id, self.at)).await?.unwrap_or_default();
        chosen::<RequestRow, _>(rows, "row", row.as_deref(), |view| &view.row)
    }

    /// Section 4, left side: administrative reviews.
    async fn reviews(&self, context: &Context<'_>) -> Result<Option<ReviewView>> {
        Ok(loader(context)
            .load_one(ReviewsOf(self.row_id, self.at))
            .await?
            .unwrap_or_default()
            .into_iter()
            .next())
    }

    /// Section 4, right side: lawsuits, by kind.
    #[graphql(complexity = "1 + 2 * child_complexity")]
    async fn lawsuits(&self, context: &Context<'_>) -> Result<Vec<LawsuitView>> {
        Ok(loader(context).load_one(LawsuitsOf(self.row_id, self.at)).await?.unwrap_or_default())
    }

    /// The sections with their prose.
    #[graphql(complexity = "1 + 6 * child_complexity")]
    async fn sections(&self, context: &Context<'_>) -> Result<Vec<Section>> {
        Ok(loader(context).load_one(SectionsOf(self.row_id)).await?.unwrap_or_default())
    }

    /// What does not agree.
    #[graphql(complexity = "1 + 10 * child_complexity")]
    async fn findings(&self, context: &Context<'_>) -> Result<Vec<FindingView>> {
        Ok(loader(context).load_one(FindingsOf(self.row_id, self.at)).await?.unwrap_or_default())
    }
}

impl ReportView {
    async fn stays(&self, context: &Context<'_>) -> Result<Permalink> {
        let stamp = loader(context).load_one(StampOf(self.at)).await?;
        let stamp = stamp.ok_or_else(|| Error::internal("the data version is not there"))?;
        Ok(Permalink::new(&format!("/reports/{}", self.id), Vec::new(), stamp))
    }

    async fn number(&self, context: &Context<'_>, code: &str) -> Result<Result<Value, Missing>> {
        let figure = Figure::parse("measure", code)?;
        let cells = loader(context).load_one(CellsOf(self.row_id)).await?.unwrap_or_default();
        Ok(figure.value(&cells))
    }
}

/// The rows whose code is among those asked for.
fn chosen<C: Code, V>(
    rows: Vec<V>,
    parameter: &str,
    asked: Option<&str>,
    code: impl Fn(&V) -> &str,
) -> Result<Vec<V>> {
    let Some(asked) = asked else { return Ok(rows) };
    let asked: Vec<C> = codes(parameter, asked)?;
    let is_asked = |row: &V| asked.iter().any(|asked| Code::code(*asked) == code(row));
    Ok(rows.into_iter().filter(is_asked).collect())
}

/// A row of the form leads back to its report and agency, and says its words.
macro_rules! rows_of_reports {
    ($($view:ident: $word:expr;)+) => {
        $(
            #[ComplexObject]
            impl $view {
                /// The report it belongs to.
                async fn report(&self, context: &Context<'_>) -> Result<Option<ReportView>> {
                    Ok(loader(context).load_one(ReportById(self.head.report_id.clone(), self.head.at)).await?)
                }

                /// The agency that reports.
                async fn agency(&self, context: &Context<'_>) -> Result<Option<AgencyView>> {
                    Ok(loader(context).load_one(AgencyById(self.head.agency_id.clone(), self.head.at)).await?)
                }

                /// Its label as the form prints it.
                async fn label(&self) -> Option<String> {
                    let word: fn(&$view) -> Option<Word> = $word;
                    word(self).map(|word| word.label)
                }

                /// Its label in English.
                async fn label_en(&self) -> Option<String> {
                    let word: fn(&$view) -> Option<Word> = $word;
                    word(self).map(|word| word.label_en)
                }
            }
        )+
    };
}

rows_of_reports! {
    RequestView: |view| RequestRow::of(&view.row).map(Word::from);
    LawsuitView: |view| LawsuitKind::of(&view.lawsuit).map(Word::from);
    DisclosureItemView: |view| Item::of(&view.item).map(Word::from);
}

#[ComplexObject]
impl ReviewView {
    /// The report they belong to.
    async fn report(&self, context: &Context<'_>) -> Result<Option<ReportView>> {
        Ok(loader(context).load_one(ReportById(self.head.report_id.clone(), self.head.at)).await?)
    }

    /// The agency that reports.
    async fn agency(&self, context: &Context<'_>) -> Result<Option<AgencyView>> {
        Ok(loader(context).load_one(AgencyById(self.head.agency_id.clone(), self.head.at)).await?)
    }
}

#[ComplexObject]
impl HitView {
    /// The report that the section is of.
    async fn report(&self, context: &Context<'_>) -> Result<Option<ReportView>> {
        Ok(loader(context).load_one(ReportById(self.report_id.clone(), self.agency.at)).await?)
    }
}

#[ComplexObject]
impl ChangeView {
    /// The change's id.
    async fn id(&self) -> ID {
        ID(self.id.clone())
    }

    /// The report it concerns.
    async fn report(&self, context: &Context<'_>) -> Result<Option<ReportView>> {
        let id = self.head.report_id.clone();
        Ok(loader(context).load_one(ReportById(id, self.head.at)).await?)
    }

    /// The agency that reports.
    async fn agency(&self, context: &Context<'_>) -> Result<Option<AgencyView>> {
        let id = self.head.agency_id.clone();
        Ok(loader(context).load_one(AgencyById(id, self.head.at)).await?)
    }
}

#[ComplexObject]
impl FindingView {
    /// The finding's id.
    pub async fn id(&self) -> ID {
        ID(self.id.clone())
    }

    /// The report it was found in.
    async fn report(&self, context: &Context<'_>) -> Result<Option<ReportView>> {
        Ok(loader(context).load_one(ReportById(self.head.report_id.clone(), self.head.at)).await?)
    }

    /// The agency that reports.
    async fn agency(&self, context: &Context<'_>) -> Result<Option<AgencyView>> {
        Ok(loader(context).load_one(AgencyById(self.head.agency_id.clone(), self.head.at)).await?)
    }
}
