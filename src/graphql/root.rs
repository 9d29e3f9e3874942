//! The questions a query begins with.

use async_graphql::{Context, ID, MergedObject, Object, Result, dataloader::DataLoader};
use entity::template::Template;
use sea_orm::{DatabaseConnection, TransactionTrait};

use super::{
    connection::{Rows, Stays, Sums, asks_to_stay, connection, cost, page_args, paging_of, sums},
    loader::{AgencyById, Loader, RegionByCode, ReportById},
    node::Node,
    totals::Totals,
};
use crate::{
    error::Error,
    limits::GRAPHQL_SUM_COST,
    query::{
        Resource,
        agency::{Agencies, AgencyView},
        as_of::{AsOf, At},
        change::{ChangeFilter, ChangeView, Changes},
        disclosure_item::{DisclosureItemFilter, DisclosureItemView, DisclosureItems},
        filter::{AgencyFilter, RegionFilter, ReportFilter},
        finding::{self, FindingFilter, FindingView, Findings},
        indicator::{self, IndicatorView},
        lawsuit::{LawsuitFilter, LawsuitView, Lawsuits},
        measure::{self, MeasureView},
        page::{Page, PageArgs},
        permalink::Permalink,
        region::{RegionView, Regions},
        report::{Measures, ReportQuery, ReportView, Reports},
        request::{RequestFilter, RequestView, Requests},
        review::{ReviewView, Reviews},
        search::{HitView, Search, SearchFilter},
        template::{self, TemplateView},
        year::{YearFilter, YearView, Years},
    },
};

/// Annual reports on open government information (政府信息公开工作年度报告) of Chinese agencies. Filters
/// and measure codes are those of REST, at /api/v1.
#[derive(Default, MergedObject)]
pub struct Query(Lists, Totals);

/// What is in the record.
#[derive(Default)]
pub struct Lists;

/// A page of a resource as a connection.
pub(super) async fn list<R: Resource>(
    context: &Context<'_>,
    filter: R::Filter,
    sort: Option<String>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Rows<R::Row>> {
    let args = page_args(sort, first, after);
    let (page, stays) = page::<R>(context, &filter, &args).await?;
    Ok(connection(page, args.after.as_deref(), stays))
}

/// A page of a resource, and where it stays, where that is asked for: both of one moment.
async fn page<R: Resource>(
    context: &Context<'_>,
    filter: &R::Filter,
    args: &PageArgs,
) -> Result<(Page<R::Row>, Stays)> {
    let paging = paging_of(context, args)?;
    let database = context.data_unchecked::<DatabaseConnection>();
    if !asks_to_stay(context) {
        return Ok((R::list(database, filter, &paging).await?, Stays::default()));
    }
    let snapshot = database.begin().await.map_err(Error::from)?;
    let permalink = Permalink::of_list::<R>(&snapshot, filter, args, &[]).await?;
    let page = R::list(&snapshot, filter, &paging).await?;
    snapshot.commit().await.map_err(Error::from)?;
    Ok((page, permalink.into()))
}

/// A page of a resource that adds up as a connection.
pub(super) async fn add_up<R: Resource>(
    context: &Context<'_>,
    filter: R::Filter,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Sums<R::Row>> {
    let args = page_args(None, first, after);
    let (page, stays) = page::<R>(context, &filter, &args).await?;
    Ok(sums(page, args.after.as_deref(), stays))
}

/// The version of the data that a field asks.
async fn seen(context: &Context<'_>, as_of: Option<String>) -> Result<At> {
    Ok(AsOf { as_of }.at(context.data_unchecked::<DatabaseConnection>()).await?)
}

#[Object]
impl Lists {
    /// A region by its code: six digits, nine for a township, `000000` for the whole country.
    async fn region(
        &self,
        context: &Context<'_>,
        code: String,
        #[graphql(
            name = "as_of",
            desc = "The data as they stood: `2026-11-23`, `2026-11-23T08:00:00Z` or `v12`."
        )]
        as_of: Option<String>,
    ) -> Result<Option<RegionView>> {
        let at = seen(context, as_of).await?;
        Ok(context.data_unchecked::<DataLoader<Loader>>().load_one(RegionByCode(code, at)).await?)
    }

    /// Regions, in the order of their codes.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn regions(
        &self,
        context: &Context<'_>,
        filter: Option<RegionFilter>,
        #[graphql(desc = "`code` or `name`, `-` in front for the other way round.")] sort: Option<
            String,
        >,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<RegionView>> {
        list::<Regions>(context, filter.unwrap_or_default(), sort, first, after).await
    }

    /// An agency by its id, or the one that it was merged into.
    async fn agency(
        &self,
        context: &Context<'_>,
        id: ID,
        #[graphql(
            name = "as_of",
            desc = "The data as they stood: `2026-11-23`, `2026-11-23T08:00:00Z` or `v12`."
        )]
        as_of: Option<String>,
    ) -> Result<Option<AgencyView>> {
        let at = seen(context, as_of).await?;
        Ok(context.data_unchecked::<DataLoader<Loader>>().load_one(AgencyById(id.0, at)).await?)
    }

    /// Agencies, by region.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn agencies(
        &self,
        context: &Context<'_>,
        filter: Option<AgencyFilter>,
        #[graphql(desc = "`region` or `name`, `-` in front for the other way round.")] sort: Option<
            String,
        >,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<AgencyView>> {
        list::<Agencies>(context, filter.unwrap_or_default(), sort, first, after).await
    }

    /// The report years, newest first.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn years(
        &self,
        context: &Context<'_>,
        filter: Option<YearFilter>,
        #[graphql(desc = "`year`, `-` in front for the newest first.")] sort: Option<String>,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<YearView>> {
        list::<Years>(context, filter.unwrap_or_default(), sort, first, after).await
    }

    /// A report by its id.
    async fn report(
        &self,
        context: &Context<'_>,
        id: ID,
        #[graphql(
            name = "as_of",
            desc = "The data as they stood: `2026-11-23`, `2026-11-23T08:00:00Z` or `v12`."
        )]
        as_of: Option<String>,
    ) -> Result<Option<ReportView>> {
        let at = seen(context, as_of).await?;
        Ok(context.data_unchecked::<DataLoader<Loader>>().load_one(ReportById(id.0, at)).await?)
    }

    /// Reports across agencies, newest year first.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn reports(
        &self,
        context: &Context<'_>,
        filter: Option<ReportFilter>,
        #[graphql(
            desc = "`year`, `region`, `published_on` or the code of a measure or indicator, `-` in front for the highest first; several separated by commas."
        )]
        sort: Option<String>,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<ReportView>> {
        let filter = ReportQuery { report: filter.unwrap_or_default(), own: Measures::default() };
        list::<Reports>(context, filter, sort, first, after).await
    }

    /// Rows of section 2 across agencies.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn disclosure_items(
        &self,
        context: &Context<'_>,
        filter: Option<DisclosureItemFilter>,
        #[graphql(desc = "`year`, `region` or a column, `-` in front for the highest first.")] sort: Option<String>,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<DisclosureItemView>> {
        list::<DisclosureItems>(context, filter.unwrap_or_default(), sort, first, after).await
    }

    /// Rows of the requests matrix across agencies.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn requests(
        &self,
        context: &Context<'_>,
        filter: Option<RequestFilter>,
        #[graphql(desc = "`year`, `region` or a column, `-` in front for the highest first.")] sort: Option<String>,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<RequestView>> {
        list::<Requests>(context, filter.unwrap_or_default(), sort, first, after).await
    }

    /// Administrative reviews across agencies, one row a report.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn reviews(
        &self,
        context: &Context<'_>,
        filter: Option<ReportFilter>,
        #[graphql(desc = "`year`, `region` or a column, `-` in front for the highest first.")] sort: Option<String>,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<ReviewView>> {
        list::<Reviews>(context, filter.unwrap_or_default(), sort, first, after).await
    }

    /// Lawsuits across agencies, one row a report and kind.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn lawsuits(
        &self,
        context: &Context<'_>,
        filter: Option<LawsuitFilter>,
        #[graphql(desc = "`year`, `region` or a column, `-` in front for the highest first.")] sort: Option<String>,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<LawsuitView>> {
        list::<Lawsuits>(context, filter.unwrap_or_default(), sort, first, after).await
    }

    /// What does not agree, across agencies.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn findings(
        &self,
        context: &Context<'_>,
        filter: Option<FindingFilter>,
        #[graphql(desc = "`year`, `region` or `check`, `-` in front for the other way round.")]
        sort: Option<String>,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<FindingView>> {
        list::<Findings>(context, filter.unwrap_or_default(), sort, first, after).await
    }

    /// What revisions and corrections changed, across agencies, the last first.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn changes(
        &self,
        context: &Context<'_>,
        filter: Option<ChangeFilter>,
        #[graphql(
            desc = "`data_version`, `change`, `year` or `region`, `-` in front for the other way round."
        )]
        sort: Option<String>,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<ChangeView>> {
        list::<Changes>(context, filter.unwrap_or_default(), sort, first, after).await
    }

    /// Sections by the words in their prose, newest year first.
    #[graphql(complexity = "GRAPHQL_SUM_COST + cost(first, child_complexity)")]
    async fn search(
        &self,
        context: &Context<'_>,
        filter: SearchFilter,
        #[graphql(desc = "`year`, `region` or `section`, `-` in front for the other way round.")]
        sort: Option<String>,
        #[graphql(desc = "How many, 1 to 500; 100 where it is not said.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: a cursor of this list.")] after: Option<String>,
    ) -> Result<Rows<HitView>> {
        list::<Search>(context, filter, sort, first, after).await
    }

    /// Every measure: its code, labels and unit.
    async fn measures(&self) -> Vec<MeasureView> {
        measure::list()
    }

    /// Every indicator: its code, labels and formula.
    async fn indicators(&self) -> Vec<IndicatorView> {
        indicator::list()
    }

    /// A template of the national form: `2019` or `2021`.
    async fn template(&self, code: Template) -> TemplateView {
        template::get(code)
    }

    /// Anything that has an id.
    async fn node(&self, context: &Context<'_>, id: ID) -> Result<Option<Node>> {
        let loader = context.data_unchecked::<DataLoader<Loader>>();
        let id = id.0;
        Ok(match id.chars().next() {
            Some('a') => loader.load_one(AgencyById(id, At::Now)).await?.map(Node::Agency),
            Some('r') => loader.load_one(ReportById(id, At::Now)).await?.map(Node::Report),
            Some('f') => finding::get(context.data_unchecked::<DatabaseConnection>(), &id)
                .await?
                .map(Node::Finding),
            _ => loader.load_one(RegionByCode(id, At::Now)).await?.map(Node::Region),
        })
    }
}
