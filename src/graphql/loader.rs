//! Data loaders: what nested fields ask for one by one is asked of the database at once.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use async_graphql::dataloader;
use sea_orm::DatabaseConnection;

use crate::{
    cells::Cells,
    error::{Error, Result},
    extract::draft::Section,
    query::{
        agency::{self, AgencyView},
        canonical,
        cell::{self, Explained},
        disclosure_item::{self, DisclosureItemView},
        filter::{AgencyFilter, ReportFilter},
        finding::{self, FindingView},
        lawsuit::{self, LawsuitView},
        page::{Page, Paging},
        region::{self, RegionView},
        report::{self, ReportView},
        request::{self, RequestView},
        review::{self, ReviewView},
    },
};

/// Loads what nested fields ask for.
pub struct Loader {
    connection: DatabaseConnection,
}

impl Loader {
    pub const fn new(connection: DatabaseConnection) -> Self {
        Self { connection }
    }
}

/// A loader's error is shared by all who waited for it.
pub type Shared = Arc<Error>;

/// Makes a key and what is loaded by it.
macro_rules! loads {
    ($(#[$meta:meta])* $key:ident($inner:ty) -> $value:ty, |$connection:ident, $keys:ident| $load:expr) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $key(pub $inner);

        impl dataloader::Loader<$key> for Loader {
            type Value = $value;
            type Error = Shared;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, $value>, Shared> {
                let $connection = &self.connection;
                let $keys: Vec<$inner> = keys.iter().map(|key| key.0.clone()).collect();
                let loaded: Result<HashMap<$inner, $value>> = $load.await;
                Ok(loaded.map_err(Arc::new)?.into_iter().map(|(key, value)| ($key(key), value)).collect())
            }
        }
    };
}

loads! {
    /// A region by its code.
    RegionByCode(String) -> RegionView, |connection, codes| region::by_codes(connection, codes)
}
loads! {
    /// The regions directly in a region.
    ChildrenOf(String) -> Vec<RegionView>, |connection, codes| region::children(connection, codes)
}
loads! {
    /// An agency by its id.
    AgencyById(String) -> AgencyView, |connection, ids| agency::by_ids(connection, ids)
}
loads! {
    /// A report by its id.
    ReportById(String) -> ReportView, |connection, ids| report::by_ids(connection, &ids)
}
loads! {
    /// The numbers of a report, by its row id.
    CellsOf(i64) -> Arc<Cells>, |connection, ids| async move {
        let cells = canonical::cells(connection, &ids).await?;
        Ok(cells.into_iter().map(|(id, cells)| (id, Arc::new(cells))).collect())
    }
}
loads! {
    /// The numbers of a report with their places, by its row id.
    ExplainedOf(i64) -> Arc<Explained>, |connection, ids| cell::by_reports(connection, &ids)
}
loads! {
    /// The sections of a report.
    SectionsOf(i64) -> Vec<Section>, |connection, ids| canonical::sections(connection, &ids)
}
loads! {
    /// The requests matrix of a report.
    RequestsOf(i64) -> Vec<RequestView>, |connection, ids| request::by_reports(connection, &ids)
}
loads! {
    /// The reviews of a report.
    ReviewsOf(i64) -> Vec<ReviewView>, |connection, ids| review::by_reports(connection, &ids)
}
loads! {
    /// The lawsuits of a report.
    LawsuitsOf(i64) -> Vec<LawsuitView>, |connection, ids| lawsuit::by_reports(connection, &ids)
}
loads! {
    /// The disclosure items of a report.
    DisclosureItemsOf(i64) -> Vec<DisclosureItemView>,
    |connection, ids| disclosure_item::by_reports(connection, &ids)
}
loads! {
    /// The findings in a report.
    FindingsOf(i64) -> Vec<FindingView>, |connection, ids| finding::by_reports(connection, &ids)
}

/// The reports of an agency that a filter selects.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReportsOf {
    pub agency_id: String,
    pub filter: ReportFilter,
}

impl dataloader::Loader<ReportsOf> for Loader {
    type Value = Vec<ReportView>;
    type Error = Shared;

    async fn load(
        &self,
        keys: &[ReportsOf],
    ) -> Result<HashMap<ReportsOf, Vec<ReportView>>, Shared> {
        let mut loaded = HashMap::new();
        for (filter, agency_ids) in grouped(keys, |key| (key.filter.clone(), key.agency_id.clone()))
        {
            let reports = report::by_agencies(&self.connection, &agency_ids, &filter)
                .await
                .map_err(Arc::new)?;
            loaded.extend(reports.into_iter().map(|(agency_id, reports)| {
                (ReportsOf { agency_id, filter: filter.clone() }, reports)
            }));
        }
        Ok(loaded)
    }
}

/// A page of the agencies of a region and all below it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AgenciesOf {
    pub region_code: String,
    pub filter: AgencyFilter,
    pub paging: Paging,
}

impl dataloader::Loader<AgenciesOf> for Loader {
    type Value = Page<AgencyView>;
    type Error = Shared;

    async fn load(
        &self,
        keys: &[AgenciesOf],
    ) -> Result<HashMap<AgenciesOf, Page<AgencyView>>, Shared> {
        let mut loaded = HashMap::new();
        for ((filter, paging), codes) in
            grouped(keys, |key| ((key.filter.clone(), key.paging.clone()), key.region_code.clone()))
        {
            let pages = agency::by_regions(&self.connection, &codes, &filter, &paging)
                .await
                .map_err(Arc::new)?;
            loaded.extend(pages.into_iter().map(|(region_code, page)| {
                (AgenciesOf { region_code, filter: filter.clone(), paging: paging.clone() }, page)
            }));
        }
        Ok(loaded)
    }
}

/// Keys that ask the same of different parents, together: one statement for each question asked.
fn grouped<K, Q: Eq + Hash>(
    keys: &[K],
    split: impl Fn(&K) -> (Q, String),
) -> HashMap<Q, Vec<String>> {
    let mut groups: HashMap<Q, Vec<String>> = HashMap::new();
    for (question, parent) in keys.iter().map(split) {
        groups.entry(question).or_default().push(parent);
    }
    groups
}
