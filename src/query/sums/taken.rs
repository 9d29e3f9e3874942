//! Which reports were added up: how many own ones, and how many consolidated ones of each level.

use entity::{
    report,
    template::{Code, Level, Scope},
};
use indexmap::IndexMap;
use sea_orm::{
    ColumnTrait, QueryResult,
    sea_query::{Expr, ExprTrait, SelectStatement},
};

use super::{
    count,
    group::{area_of, region_code},
    whole,
};
use crate::{error::Result, regions};

/// How many reports were added up, and how many of them are consolidated, by the level of their regions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    reports: u64,
    consolidated: [u64; LEVELS],
}

const LEVELS: usize = Level::ALL.len();
/// The level of the region of a consolidated report; null of any other.
const LEVEL: &str = "consolidated_level";

/// Adds to the facts what is counted here.
pub fn add(facts: &mut SelectStatement) {
    let is_own: Expr = report::Column::Scope.ne(Scope::Consolidated);
    let is_nation = region_code().eq(regions::NATION);
    let case = Expr::case(is_own, Expr::null()).case(is_nation, Level::National.code());
    // A code says of which level its region is: the digits below are zeros, or not there.
    let of_level = |case: sea_orm::sea_query::CaseStatement, level: Level| {
        case.case(region_code().eq(area_of(level)), level.code())
    };
    let levels = [Level::Province, Level::Prefecture, Level::County];
    let case = levels.into_iter().fold(case, of_level);
    facts.expr_as(case.finally(Level::Township.code()), LEVEL);
}

/// Counts by level, in a statement over the facts.
pub fn aggregate(select: &mut SelectStatement) {
    select.expr_as(super::count_all(), "reports");
    for level in Level::ALL {
        let one: Expr = Expr::case(Expr::col(LEVEL).eq(level.code()), 1).finally(0).into();
        select.expr_as(whole(one.sum()), column(*level));
    }
}

fn column(level: Level) -> String {
    format!("consolidated_{}", level.code())
}

impl Taken {
    /// So many own reports, and so many consolidated ones of each level.
    #[must_use]
    pub fn of(own: u64, consolidated: [u64; LEVELS]) -> Self {
        Self { reports: own + consolidated.iter().sum::<u64>(), consolidated }
    }

    /// What `aggregate` counted.
    ///
    /// # Errors
    /// What the database says.
    pub fn read(row: &QueryResult) -> Result<Self> {
        let mut taken = Self { reports: count(row, "reports")?, ..Self::default() };
        for (consolidated, level) in taken.consolidated.iter_mut().zip(Level::ALL) {
            *consolidated = count(row, &column(*level))?;
        }
        Ok(taken)
    }

    /// All reports.
    #[must_use]
    pub const fn reports(self) -> u64 {
        self.reports
    }

    fn consolidated(self) -> u64 {
        self.consolidated.iter().sum()
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.reports += other.reports;
        for (one, other) in self.consolidated.iter_mut().zip(other.consolidated) {
            *one += other;
        }
        self
    }

    /// Which reports were taken, in a word.
    #[must_use]
    pub fn rollup(self) -> Option<&'static str> {
        match (self.reports, self.consolidated()) {
            (0, _) => None,
            (_, 0) => Some("own"),
            (reports, consolidated) if reports == consolidated => Some("consolidated"),
            _ => Some("mixed"),
        }
    }

    /// The level of the consolidated ones, where it is one.
    #[must_use]
    pub fn level(self) -> Option<Level> {
        let mut levels = self.levels();
        levels.next().map(|(level, _)| level).filter(|_| levels.next().is_none())
    }

    fn levels(self) -> impl Iterator<Item = (Level, u64)> {
        Level::ALL.iter().copied().zip(self.consolidated).filter(|(_, reports)| *reports > 0)
    }

    /// How many, by `own` or the level of the consolidated ones.
    #[must_use]
    pub fn counts(self) -> IndexMap<String, u64> {
        let own = self.reports - self.consolidated();
        let own = (own > 0).then(|| (Scope::Own.code().to_owned(), own));
        let levels = self.levels().map(|(level, reports)| (level.code().to_owned(), reports));
        levels.chain(own).collect()
    }
}

#[cfg(test)]
mod tests {
    use entity::template::Level;

    use crate::regions;

    #[test]
    fn a_code_says_of_which_level_its_region_is() {
        for region in regions::all() {
            let code = &region.code;
            let level = match () {
                () if code == regions::NATION => Level::National,
                () if code.len() > 6 => Level::Township,
                () if code.ends_with("0000") => Level::Province,
                () if code.ends_with("00") => Level::Prefecture,
                () => Level::County,
            };
            assert_eq!(region.level, level, "{code}");
        }
    }
}
