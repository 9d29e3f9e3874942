//! Disclosure items: the rows of section 2 across agencies.

use std::collections::HashMap;

use entity::{
    disclosure_item,
    template::{Code, Item, ItemMeasure},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Resource,
    as_of::At,
    filter::{codes, filter},
    label::Label,
    page::{Page, Paging},
    row::{self, ReportRows, RowHead, filter_with},
};
use crate::{cells::Quantity, error::Result};

/// An item of a report's section 2. A measure is null where the report prints no number, or its
/// template has no such measure for the item.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema, async_graphql::SimpleObject,
)]
#[graphql(name = "DisclosureItem", complex)]
pub struct DisclosureItemView {
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: RowHead,
    /// The item's code: `rules`, `normative_documents`, `administrative_licensing`, ….
    #[schema(value_type = Item)]
    pub item: String,
    /// Issued this year (本年制发件数), template 2021.
    pub issued: Option<i64>,
    /// Repealed this year (本年废止件数), template 2021.
    pub repealed: Option<i64>,
    /// In force (现行有效件数), template 2021.
    pub in_force: Option<i64>,
    /// Newly made this year (本年新制作数量), template 2019.
    pub newly_made: Option<i64>,
    /// Newly disclosed this year (本年新公开数量), template 2019.
    pub newly_disclosed: Option<i64>,
    /// Disclosed in all (对外公开总数量), template 2019.
    pub total_disclosed: Option<i64>,
    /// Items of the year before (上一年项目数量), template 2019.
    pub previous_items: Option<i64>,
    /// Change this year, negative for fewer (本年增/减), template 2019.
    pub change: Option<i64>,
    /// Decisions (处理决定数量).
    pub decisions: Option<i64>,
    /// Procurement projects (采购项目数量), template 2019.
    pub projects: Option<i64>,
    /// Money in CNY, an exact decimal as a string.
    #[schema(value_type = Option<String>, format = "decimal")]
    pub amount: Option<String>,
    /// The amount as the document prints it, unit included.
    pub amount_printed: Option<String>,
}

filter! {
    /// Which item.
    pub struct ItemFilter {
        /// The item's code: `rules`, `normative_documents`, `administrative_penalties`, …; several
        /// separated by commas; `/template/2021` lists them.
        pub item: Option<String>,
    }
}

filter_with! {
    /// Which items of which reports.
    DisclosureItemFilter = ReportFilter + ItemFilter
}

/// Disclosure items across agencies, one row a report and item.
pub struct DisclosureItems;

impl ReportRows for DisclosureItems {
    type Entity = disclosure_item::Entity;
    type View = DisclosureItemView;
    const REPORT_ID: disclosure_item::Column = disclosure_item::Column::ReportId;
    const KEY: Option<disclosure_item::Column> = Some(disclosure_item::Column::Item);
    const SORT: &'static [(&'static str, disclosure_item::Column)] = &[
        ("issued", disclosure_item::Column::Issued),
        ("repealed", disclosure_item::Column::Repealed),
        ("in_force", disclosure_item::Column::InForce),
        ("newly_made", disclosure_item::Column::NewlyMade),
        ("newly_disclosed", disclosure_item::Column::NewlyDisclosed),
        ("total_disclosed", disclosure_item::Column::TotalDisclosed),
        ("previous_items", disclosure_item::Column::PreviousItems),
        ("change", disclosure_item::Column::Change),
        ("decisions", disclosure_item::Column::Decisions),
        ("projects", disclosure_item::Column::Projects),
        ("amount", disclosure_item::Column::AmountMicroCny),
    ];

    fn report_id(row: &disclosure_item::Model) -> i64 {
        row.report_id
    }

    fn view(head: RowHead, row: disclosure_item::Model) -> DisclosureItemView {
        DisclosureItemView {
            head,
            item: row.item.code().to_owned(),
            issued: row.issued,
            repealed: row.repealed,
            in_force: row.in_force,
            newly_made: row.newly_made,
            newly_disclosed: row.newly_disclosed,
            total_disclosed: row.total_disclosed,
            previous_items: row.previous_items,
            change: row.change,
            decisions: row.decisions,
            projects: row.projects,
            amount: row.amount_micro_cny.map(|micro| Quantity::of_micro_cny(micro).to_string()),
            amount_printed: row.amount_printed,
        }
    }
}

impl Resource for DisclosureItems {
    const NAME: &'static str = "disclosure-items";
    type Filter = DisclosureItemFilter;
    type Row = DisclosureItemView;

    fn label(name: &str) -> Option<Label> {
        Label::of_code::<ItemMeasure>(name)
    }

    async fn list(
        connection: &impl ConnectionTrait,
        DisclosureItemFilter { report, own: ItemFilter { item } }: &DisclosureItemFilter,
        paging: &Paging,
    ) -> Result<Page<DisclosureItemView>> {
        let mut own = Condition::all();
        if let Some(items) = item {
            own = own.add(disclosure_item::Column::Item.is_in(codes::<Item>("item", items)?));
        }
        row::list::<Self>(connection, report, own, paging).await
    }
}

/// The items of reports, by the reports' row ids.
///
/// # Errors
/// What the database says.
pub async fn by_reports(
    connection: &impl ConnectionTrait,
    report_ids: &[i64],
    at: At,
) -> Result<HashMap<i64, Vec<DisclosureItemView>>> {
    row::by_reports::<DisclosureItems>(connection, report_ids, Condition::all(), at).await
}
