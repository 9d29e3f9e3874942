//! What reports are grouped by: a code -> an expression over reports, and back.

use entity::{agency, region, report, template::Level};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func},
};

use crate::{
    error::{Error, Result},
    query::filter::{end_of, prefix, values},
};

/// One thing that reports are grouped by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// The region of this level that the agency's region is, or lies in.
    Region(Level),
    /// One of these regions, none of which lies in another.
    Areas(Vec<String>),
    Agency,
    Year,
    Kind,
    Level,
    Template,
}

/// What `group_by` takes.
const GROUPS: [(&str, Group); 8] = [
    ("province", Group::Region(Level::Province)),
    ("prefecture", Group::Region(Level::Prefecture)),
    ("county", Group::Region(Level::County)),
    ("township", Group::Region(Level::Township)),
    ("year", Group::Year),
    ("kind", Group::Kind),
    ("level", Group::Level),
    ("template", Group::Template),
];

impl Group {
    /// Understands `group_by`: codes separated by commas, each once.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn parse(group_by: Option<&str>) -> Result<Vec<Self>> {
        Self::parse_of(group_by, |_| true)
    }

    /// The same where not everything can be grouped by.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn parse_of(group_by: Option<&str>, is_one: impl Fn(&Self) -> bool) -> Result<Vec<Self>> {
        let groups_of = || GROUPS.into_iter().filter(|(_, group)| is_one(group));
        let Some(text) = group_by else { return Ok(Vec::new()) };
        let mut groups = Vec::new();
        for code in values("group_by", text)? {
            let known = groups_of().find(|(known, _)| *known == code);
            let (_, group) = known.ok_or_else(|| {
                Error::invalid("group_by", format!("{code:?} is nothing to group by"))
                    .allowed(groups_of().map(|(code, _)| code))
            })?;
            if groups.contains(&group) {
                return Err(Error::invalid("group_by", format!("{code} is named twice")));
            }
            groups.push(group);
        }
        Ok(groups)
    }

    /// Understands `by`: a level of regions.
    ///
    /// # Errors
    /// `invalid_parameter`; `others` are what else is allowed.
    pub fn of_regions(by: &str, others: &[&str]) -> Result<Self> {
        let is_region = |group: &Self| matches!(group, Self::Region(_));
        let regions = GROUPS.into_iter().filter(|(_, group)| is_region(group));
        regions.clone().find(|(code, _)| *code == by).map(|(_, group)| group).ok_or_else(|| {
            let allowed = others.iter().copied().chain(regions.map(|(code, _)| code));
            Error::invalid("by", format!("by {by:?} is not known")).allowed(allowed)
        })
    }

    /// The level of the regions that it groups by.
    pub const fn region_level(&self) -> Option<Level> {
        match self {
            Self::Region(level) => Some(*level),
            _ => None,
        }
    }

    /// Whether its value stands in the agency's row.
    pub(super) const fn is_of_agency(&self) -> bool {
        matches!(self, Self::Kind | Self::Level)
    }

    /// Its value, for a query over reports; null where a report has none.
    pub(super) fn key(&self) -> Expr {
        match self {
            Self::Region(level) => {
                let of_level = region::Entity::find()
                    .select_only()
                    .column(region::Column::Code)
                    .filter(region::Column::Level.eq(*level))
                    .into_query();
                let code = area_of(*level);
                let is_known = code.clone().in_subquery(of_level);
                Expr::case(is_known, code).finally(Expr::null()).into()
            }
            Self::Areas(codes) => area_among(codes),
            Self::Agency => Expr::col((report::Entity, report::Column::AgencyId)),
            Self::Year => Expr::col((report::Entity, report::Column::Year)),
            Self::Kind => Expr::col((agency::Entity, agency::Column::Kind)),
            Self::Level => Expr::col((agency::Entity, agency::Column::Level)),
            Self::Template => Expr::col((report::Entity, report::Column::Template)),
        }
    }
}

pub(super) fn region_code() -> Expr {
    Expr::col((report::Entity, report::Column::RegionCode))
}

/// The code that the region of this level around a report's region has, where there is such a region: a
/// code's digits run from the province down.
pub(super) fn area_of(level: Level) -> Expr {
    let (digits, zeros) = match level {
        Level::National | Level::Province => (2, "0000"),
        Level::Prefecture => (4, "00"),
        Level::County => (6, ""),
        Level::Township => return region_code(),
    };
    let start: Expr =
        Func::cust("substr").args([region_code(), Expr::value(1), Expr::value(digits)]).into();
    if zeros.is_empty() {
        return start;
    }
    start.binary(sea_orm::sea_query::BinOper::Custom("||"), Expr::value(zeros))
}

/// The one of these regions that a report's region is, or lies in.
fn area_among(codes: &[String]) -> Expr {
    let mut area = None;
    for code in codes {
        let start = prefix(code);
        let is_in = match start {
            "" => Expr::value(true),
            start => region_code().gte(start).and(region_code().lt(end_of(start))),
        };
        let code = Expr::value(code.as_str());
        area = Some(match area {
            None => Expr::case(is_in, code),
            Some(area) => sea_orm::sea_query::CaseStatement::case(area, is_in, code),
        });
    }
    area.map_or(Expr::null(), |area| area.finally(Expr::null()).into())
}

/// Regions without those that lie in another of them.
pub fn outermost(codes: &str) -> Result<Vec<String>> {
    let codes = values("region", codes)?;
    let lies_in_another = |&code: &&str| {
        let of = prefix(code);
        codes.iter().any(|other| prefix(other) != of && of.starts_with(prefix(other)))
    };
    let mut outermost: Vec<String> =
        codes.iter().filter(|code| !lies_in_another(code)).map(|&code| code.to_owned()).collect();
    outermost.sort();
    outermost.dedup();
    Ok(outermost)
}
