//! A question -> its sums and what they cover, from wherever they are soonest found.

use sea_orm::ConnectionTrait;

use super::{
    Function, Question, Sum,
    coverage::Coverage,
    group::Group,
    kept,
    rollup::{Rollup, Taking},
    sums,
};
use crate::{
    error::Result,
    query::{as_of::At, figure::Figure, filter::ReportFilter},
};

/// What is asked, before it is decided whose reports are added up.
pub struct Asked<'a> {
    pub filter: &'a ReportFilter,
    pub at: At,
    pub groups: &'a [Group],
    pub figures: &'a [Figure],
    pub function: Function,
    pub rollup: Rollup,
    /// Groups that the answer has room for, and the parameter that makes them.
    pub most: usize,
    pub parameter: &'static str,
}

impl<'a> Asked<'a> {
    /// The question, once it is decided.
    #[must_use]
    pub fn question(&self, taking: &'a Taking) -> Question<'a> {
        let Self { filter, at, groups, figures, function, rollup: _, most, parameter } = *self;
        Question { filter, at, groups, figures, function, taking, most, parameter }
    }
}

/// Answers a question with what the answer covers: from what is kept of regions where that is enough, else
/// from the reports.
///
/// # Errors
/// As [`sums`], and for a rollup that the rest of the question contradicts.
pub async fn answer(
    connection: &impl ConnectionTrait,
    asked: &Asked<'_>,
) -> Result<(Vec<Sum>, Coverage)> {
    let Asked { filter, at, groups, figures, rollup, .. } = *asked;
    let sums = match kept::sums(connection, asked).await? {
        Some(sums) => sums,
        None => {
            let taking = Taking::decide(connection, filter, at, groups, rollup).await?;
            sums(connection, &asked.question(&taking)).await?
        }
    };
    let coverage = Coverage::of(connection, filter, at, figures, &sums).await?;
    Ok((sums, coverage))
}
