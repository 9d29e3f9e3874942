//! Which agencies report: whole areas of the region tree, as many as the reports asked for fill.
//!
//! Counties are taken one by one, one of each province first, then in proportion; each with the
//! prefecture, the province and the nation above it. The fewer reports, the fewer departments an area
//! has, so that few reports still are of many places. Where the last report is reached inside an area, the rest of that
//! area's agencies do not report: what is above adds up those that do.

use std::{
    collections::{BTreeMap, HashMap},
    ops::RangeInclusive,
};

use entity::template::Level;

use super::{
    agency::{self, Agency},
    dice::Dice,
};
use crate::{
    error::{Error, Result},
    regions::{self, NATION, Region},
};

/// Who reports on which years.
pub struct Plan {
    seed: u64,
    span: RangeInclusive<i32>,
    /// How large a share of the departments there are the areas have.
    share: f64,
    below: HashMap<&'static str, Vec<&'static Region>>,
    /// How many reports the agencies of an area make at most, by its code; none where it is left out.
    areas: BTreeMap<&'static str, usize>,
}

impl Plan {
    /// Takes areas until there are so many reports.
    ///
    /// # Errors
    /// `invalid_parameter` where the whole country has fewer.
    pub fn new(reports: usize, seed: u64, span: RangeInclusive<i32>) -> Result<Self> {
        let mut below: HashMap<&str, Vec<&Region>> = HashMap::new();
        for region in regions::all().iter().filter(|region| is_named(region)) {
            if let Some(parent) = &region.parent {
                below.entry(parent).or_default().push(region);
            }
        }
        let mut plan = Self { seed, span, share: 1.0, below, areas: BTreeMap::new() };
        let years = plan.span.clone().count();
        let all = areas().map(|area| plan.all_agencies(area).len()).sum::<usize>() * years;
        // To the power of 3/8: a hundredth of the reports has a sixth of the departments.
        let root = (reports as f64 / all as f64).min(1.0).sqrt().sqrt();
        plan.share = root * root.sqrt();
        let mut left = reports;
        for county in plan.order() {
            let chain = regions::chain(&county.code).into_iter().rev().chain(regions::get(NATION));
            for area in chain {
                if left > 0 && !plan.areas.contains_key(area.code.as_str()) {
                    let takes = plan.whole(area).min(left);
                    plan.areas.insert(&area.code, takes);
                    left -= takes;
                }
            }
        }
        if left > 0 {
            let most = reports - left;
            let (first, last) = (plan.span.start(), plan.span.end());
            let detail = format!(
                "all agencies of the country make {most} reports on {first} to {last}, not {reports}"
            );
            return Err(Error::invalid("reports", detail).allowed([format!("1 to {most}")]));
        }
        Ok(plan)
    }

    /// The regions right below one.
    pub fn below(&self, region: &Region) -> &[&'static Region] {
        self.below.get(region.code.as_str()).map_or(&[], Vec::as_slice)
    }

    /// The agencies of an area that report, and on which years.
    pub fn reporting(&self, area: &'static Region) -> Vec<(Agency, Vec<i32>)> {
        let mut left = self.areas.get(area.code.as_str()).copied().unwrap_or(0);
        let mut reporting = Vec::new();
        if left == 0 {
            return reporting;
        }
        for agency in self.all_agencies(area) {
            let mut years = agency.years(self.seed, &self.span);
            years.truncate(left);
            left -= years.len();
            if !years.is_empty() {
                reporting.push((agency, years));
            }
        }
        reporting
    }

    fn all_agencies(&self, area: &'static Region) -> Vec<Agency> {
        agency::of_area(area, self.below(area), self.share)
    }

    /// How many reports an area's agencies make.
    fn whole(&self, area: &'static Region) -> usize {
        let agencies = self.all_agencies(area);
        agencies.iter().map(|agency| agency.years(self.seed, &self.span).len()).sum()
    }

    /// The counties, and the prefectures that have none, in the order in which they are taken.
    fn order(&self) -> Vec<&'static Region> {
        let mut of_provinces: HashMap<&str, Vec<(u64, &Region)>> = HashMap::new();
        for region in areas() {
            let has_areas = self.below(region).iter().any(|below| below.level != Level::Township);
            if matches!(region.level, Level::Prefecture | Level::County) && !has_areas {
                let at = Dice::of(self.seed, &["order", &region.code]).number();
                of_provinces.entry(&region.code[..2]).or_default().push((at, region));
            }
        }
        let mut order = Vec::new();
        for mut of_province in of_provinces.into_values() {
            of_province.sort_by_key(|(at, _)| *at);
            let all = of_province.len() as u128;
            // How much of its province is taken before it, in parts of 2 to the 64th.
            let before = |rank: usize| ((rank as u128) << 64) / all;
            let ranked = of_province.into_iter().enumerate();
            order.extend(ranked.map(|(rank, (at, region))| ((before(rank), at), region)));
        }
        order.sort_by_key(|(key, _)| *key);
        order.into_iter().map(|(_, region)| region).collect()
    }
}

/// Every region but the townships, which are of the area above them.
fn areas() -> impl Iterator<Item = &'static Region> {
    regions::all().iter().filter(|region| region.level != Level::Township && is_named(region))
}

/// Whether agencies are called by a region's name. The list has some 350 statistical zones besides, with
/// brackets in their names, or with the name of the region above before it.
fn is_named(region: &Region) -> bool {
    let above = regions::parent(region);
    let begins = |above: &Region| region.name.starts_with(above.name.as_str());
    !region.name.contains('（') && !above.is_some_and(begins)
}

/// Whether an agency does not report on a year of a span.
pub fn has_gap(years: &[i32], span: &RangeInclusive<i32>) -> bool {
    years.len() < span.clone().count()
}
