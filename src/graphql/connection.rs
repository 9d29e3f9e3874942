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
        statistics::Coverage,
    },
};

/// What a connection says beside its rows.
#[derive(SimpleObject)]
pub struct Total {
    /// How many rows the whole question has.
    total_count: Option<u64>,
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
    let args = PageArgs { sort, limit: first.map(|first| first.to_string()), after };
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
}

/// A connection of rows that add up.
pub type Sums<T> = Connection<String, T, Covered, EmptyFields>;

/// A page of rows that add up as a connection.
pub fn sums<T: OutputType>(page: Page<T>, after: Option<&str>) -> Sums<T> {
    let covered = Covered { total_count: page.total, coverage: page.coverage };
    let mut connection =
        Connection::with_additional_fields(after.is_some(), page.has_next, covered);
    connection.edges.extend(
        page.cursors.into_iter().zip(page.rows).map(|(cursor, row)| Edge::new(cursor, row)),
    );
    connection
}

/// A page as a connection.
pub fn connection<T: OutputType>(page: Page<T>, after: Option<&str>) -> Rows<T> {
    let total = Total { total_count: page.total };
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
