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
        as_of::At,
        canonical,
        cell::{self, Explained},
        citation::{self, CitedReport},
        disclosure_item::{self, DisclosureItemView},
        filter::{AgencyFilter, ReportFilter},
        finding::{self, FindingView},
        lawsuit::{self, LawsuitView},
        page::{Page, Paging},
        permalink::Stamp,
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

/// Makes a key and what is loaded by it, in the version of the data it is seen in.
macro_rules! loads {
    ($(#[$meta:meta])* $key:ident($inner:ty, At) -> $value:ty, |$connection:ident, $keys:ident, $at:ident| $load:expr) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $key(pub $inner, pub At);

        impl dataloader::Loader<$key> for Loader {
            type Value = $value;
            type Error = Shared;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, $value>, Shared> {
                let $connection = &self.connection;
                let mut all = HashMap::new();
                for ($at, $keys) in grouped(keys, |key| (key.1, key.0.clone())) {
                    let loaded: Result<HashMap<$inner, $value>> = $load.await;
                    let loaded = loaded.map_err(Arc::new)?;
                    all.extend(loaded.into_iter().map(|(key, value)| ($key(key, $at), value)));
                }
                Ok(all)
            }
        }
    };
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
    RegionByCode(String, At) -> RegionView,
    |connection, codes, at| region::by_codes(connection, codes, at)
}
loads! {
    /// The regions directly in a region.
    ChildrenOf(String, At) -> Vec<RegionView>,
    |connection, codes, at| region::children(connection, codes, at)
}
loads! {
    /// An agency by its id, or the one that it was merged into.
    AgencyById(String, At) -> AgencyView, |connection, ids, at| agency::found(connection, ids, at)
}
loads! {
    /// A report by its id.
    ReportById(String, At) -> ReportView, |connection, ids, at| report::by_ids(connection, &ids, at)
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
    /// A report as it is cited, by its row id.
    CitedOf(i64, At) -> CitedReport,
    |connection, ids, at| citation::by_reports(connection, &ids, at)
}
loads! {
    /// The version of the data as they are seen.
    StampOf(At) -> Stamp, |connection, ats| async move {
        let mut stamps = HashMap::new();
        for at in ats {
            stamps.insert(at, Stamp::of(connection, at).await?);
        }
        Ok(stamps)
    }
}
loads! {
    /// The sections of a report.
    SectionsOf(i64) -> Vec<Section>, |connection, ids| canonical::sections(connection, &ids)
}
loads! {
    /// The requests matrix of a report.
    RequestsOf(i64, At) -> Vec<RequestView>,
    |connection, ids, at| request::by_reports(connection, &ids, at)
}
loads! {
    /// The reviews of a report.
    ReviewsOf(i64, At) -> Vec<ReviewView>,
    |connection, ids, at| review::by_reports(connection, &ids, at)
}
loads! {
    /// The lawsuits of a report.
    LawsuitsOf(i64, At) -> Vec<LawsuitView>,
    |connection, ids, at| lawsuit::by_reports(connection, &ids, at)
}
loads! {
    /// The disclosure items of a report.
    DisclosureItemsOf(i64, At) -> Vec<DisclosureItemView>,
    |connection, ids, at| disclosure_item::by_reports(connection, &ids, at)
}
loads! {
    /// The findings in a report.
    FindingsOf(i64, At) -> Vec<FindingView>,
    |connection, ids, at| finding::by_reports(connection, &ids, at)
}

/// The reports of an agency that a filter selects.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReportsOf {
    pub agency_id: String,
    pub filter: ReportFilter,
    pub at: At,
}

impl dataloader::Loader<ReportsOf> for Loader {
    type Value = Vec<ReportView>;
    type Error = Shared;

    async fn load(
        &self,
        keys: &[ReportsOf],
    ) -> Result<HashMap<ReportsOf, Vec<ReportView>>, Shared> {
        let mut loaded = HashMap::new();
        for ((filter, at), agency_ids) in
            grouped(keys, |key| ((key.filter.clone(), key.at), key.agency_id.clone()))
        {
            let reports = report::by_agencies(&self.connection, &agency_ids, &filter, at)
                .await
                .map_err(Arc::new)?;
            loaded.extend(reports.into_iter().map(|(agency_id, reports)| {
                (ReportsOf { agency_id, filter: filter.clone(), at }, reports)
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
    pub at: At,
}

impl dataloader::Loader<AgenciesOf> for Loader {
    type Value = Page<AgencyView>;
    type Error = Shared;

    async fn load(
        &self,
        keys: &[AgenciesOf],
    ) -> Result<HashMap<AgenciesOf, Page<AgencyView>>, Shared> {
        let mut loaded = HashMap::new();
        for ((filter, paging, at), codes) in grouped(keys, |key| {
            ((key.filter.clone(), key.paging.clone(), key.at), key.region_code.clone())
        }) {
            let pages = agency::by_regions(&self.connection, &codes, &filter, &paging, at)
                .await
                .map_err(Arc::new)?;
            loaded.extend(pages.into_iter().map(|(region_code, page)| {
                let (filter, paging) = (filter.clone(), paging.clone());
                (AgenciesOf { region_code, filter, paging, at }, page)
            }));
        }
        Ok(loaded)
    }
}

/// Keys that ask the same of different parents, together: one statement for each question asked.
fn grouped<K, Q: Eq + Hash, P>(keys: &[K], split: impl Fn(&K) -> (Q, P)) -> HashMap<Q, Vec<P>> {
    let mut groups: HashMap<Q, Vec<P>> = HashMap::new();
    for (question, parent) in keys.iter().map(split) {
        groups.entry(question).or_default().push(parent);
    }
    groups
}
