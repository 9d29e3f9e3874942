//! Pages -> Relay connections.

use async_graphql::{
    Context, OutputType, SimpleObject,
    connection::{Connection, Edge, EmptyFields},
};

use crate::{
    error::{Error, Result},
    limits,
    query::{
        page::{Page, PageArgs, Paging},
        permalink::Permalink,
        statistics::Coverage,
    },
};

/// What a connection says beside its rows.
#[derive(SimpleObject)]
pub struct Total {
    /// How many rows the whole question has.
    total_count: Option<u64>,
    #[graphql(flatten)]
    stays: Stays,
}

/// Where a list stays as it is; null in lists within other things.
#[derive(Default, SimpleObject)]
pub struct Stays {
    /// The version of the data it is made of, as `as_of` takes it.
    data_version: Option<String>,
    /// The address of REST that gives the same rows later.
    permalink: Option<String>,
}

impl From<Permalink> for Stays {
    fn from(permalink: Permalink) -> Self {
        let data_version = Some(permalink.stamp.as_of());
        Self { data_version, permalink: Some(permalink.address) }
    }
}

/// Whether a list is asked where it stays.
pub fn asks_to_stay(context: &Context<'_>) -> bool {
    let asked = context.look_ahead();
    asked.field("permalink").exists() || asked.field("dataVersion").exists()
}

/// A connection of rows.
pub type Rows<T> = Connection<String, T, Total, EmptyFields>;

/// The page that a field's arguments ask for; the total is counted where it is asked for.
pub fn paging(
    context: &Context<'_>,
    sort: Option<String>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Paging> {
    paging_of(context, &page_args(sort, first, after))
}

/// A field's arguments as REST names them.
pub fn page_args(sort: Option<String>, first: Option<i32>, after: Option<String>) -> PageArgs {
    PageArgs { sort, limit: first.map(|first| first.to_string()), after }
}

/// The same of arguments as REST names them.
pub fn paging_of(context: &Context<'_>, args: &PageArgs) -> Result<Paging> {
    let paging = args.paging().map_err(|error| Error {
        parameter: error
            .parameter
            .map(|parameter| if parameter == "limit" { "first".to_owned() } else { parameter }),
        detail: error.detail.replacen("limit", "first", 1),
        ..error
    })?;
    Ok(Paging { with_total: context.look_ahead().field("totalCount").exists(), ..paging })
}

/// What a connection of sums says beside its rows.
#[derive(SimpleObject)]
pub struct Covered {
    /// How many rows the whole question has.
    total_count: Option<u64>,
    /// Which reports are added up, and which are not.
    coverage: Option<Coverage>,
    #[graphql(flatten)]
    stays: Stays,
}

/// A connection of rows that add up.
pub type Sums<T> = Connection<String, T, Covered, EmptyFields>;

/// A page of rows that add up as a connection.
pub fn sums<T: OutputType>(page: Page<T>, after: Option<&str>, stays: Stays) -> Sums<T> {
    let covered = Covered { total_count: page.total, coverage: page.coverage, stays };
    let mut connection =
        Connection::with_additional_fields(after.is_some(), page.has_next, covered);
    connection.edges.extend(
        page.cursors.into_iter().zip(page.rows).map(|(cursor, row)| Edge::new(cursor, row)),
    );
    connection
}

/// A page as a connection.
pub fn connection<T: OutputType>(page: Page<T>, after: Option<&str>, stays: Stays) -> Rows<T> {
    let total = Total { total_count: page.total, stays };
    let mut connection = Connection::with_additional_fields(after.is_some(), page.has_next, total);
    connection.edges.extend(
        page.cursors.into_iter().zip(page.rows).map(|(cursor, row)| Edge::new(cursor, row)),
    );
    connection
}

/// What a list of this size costs, given what one row of it costs.
pub fn cost(first: Option<i32>, row: usize) -> usize {
    let rows = first.map_or(limits::PAGE_ROWS_DEFAULT, |first| u64::try_from(first).unwrap_or(0));
    1 + row.saturating_mul(usize::try_from(rows).unwrap_or(usize::MAX).max(1))
}
