//! Relay's `Node`: anything that has an id.

use async_graphql::{ID, Interface};

use crate::query::{
    agency::AgencyView, finding::FindingView, region::RegionView, report::ReportView,
};

/// Anything that has an id: the same id as in REST; a region's is its code.
#[derive(Interface)]
#[graphql(field(
    name = "id",
    ty = "ID",
    desc = "The id: the same as in REST; a region's is its code."
))]
pub enum Node {
    Region(RegionView),
    Agency(AgencyView),
    Report(ReportView),
    Finding(FindingView),
}
