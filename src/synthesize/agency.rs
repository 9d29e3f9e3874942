//! The agencies of an area: its government and the government's office, departments, townships.

use std::ops::RangeInclusive;

use entity::template::{AgencyKind, Level, Scope};

use super::{
    departments::{self, Work},
    dice::Dice,
};
use crate::{
    extract::{self, draft},
    regions::{self, Region},
};

/// Agencies that begin to report two years after the others, or end a year before them.
const COMING: f64 = 0.01;
const GOING: f64 = 0.005;
/// Reports that are missing beside.
const MISSING: f64 = 0.01;

/// An agency that reports.
#[derive(Clone, Copy, Debug)]
pub struct Agency {
    pub region: &'static Region,
    /// Its name without its region's.
    pub own_name: &'static str,
    pub kind: AgencyKind,
    /// Whose numbers its reports hold: a government's are those of its area.
    pub scope: Scope,
    pub work: &'static Work,
}

impl Agency {
    /// Its name in full, as the record writes it.
    pub fn name(&self) -> String {
        let Self { region, own_name, .. } = self;
        match region.level {
            Level::National => (*own_name).to_owned(),
            Level::Township => {
                let above = regions::parent(region).map_or("", |parent| parent.name.as_str());
                format!("{above}{}{own_name}", region.name)
            }
            _ => format!("{}{own_name}", region.name),
        }
    }

    /// As a report says whose it is.
    pub fn stated(&self, contact: draft::Contact) -> draft::Agency {
        draft::Agency {
            name: self.name(),
            own_name: self.own_name.to_owned(),
            region_code: self.region.code.clone(),
            kind: self.kind,
            level: self.region.level,
            contact,
        }
    }

    /// A stream of random numbers for something of it.
    pub fn dice(&self, seed: u64, what: &str) -> Dice {
        Dice::of(seed, &[what, &self.region.code, self.own_name])
    }

    /// The years it reports on. Governments and their offices always do.
    pub fn years(&self, seed: u64, span: &RangeInclusive<i32>) -> Vec<i32> {
        if self.scope == Scope::Consolidated || self.own_name == office(self.region) {
            return span.clone().collect();
        }
        let mut dice = self.dice(seed, "years");
        let first = span.start() + if dice.chance(COMING) { 2 } else { 0 };
        let last = span.end() - i32::from(dice.chance(GOING));
        (first..=last).filter(|_| !dice.chance(MISSING)).collect()
    }
}

/// The agencies of a region and of the townships right below it, with so large a share of the
/// departments there are, the government's office first. The nation has its ministries alone.
pub fn of_area(region: &'static Region, below: &[&'static Region], share: f64) -> Vec<Agency> {
    let some = |all: usize| ((all as f64 * share).ceil() as usize).clamp(1, all.max(1));
    let own = |own_name, kind, scope, work| Agency { region, own_name, kind, scope, work };
    if region.level == Level::National {
        let ministries = extract::MINISTRIES.iter().take(some(extract::MINISTRIES.len()));
        let ministry = |name: &&'static str| {
            own(name, AgencyKind::Department, Scope::Own, &departments::MINISTRY)
        };
        return ministries.map(ministry).collect();
    }
    let office_work = match region.level {
        Level::Province | Level::Prefecture => &departments::OFFICE_WITH_RULES,
        _ => &departments::OFFICE,
    };
    let mut agencies = vec![
        own(office(region), AgencyKind::Department, Scope::Own, office_work),
        own("人民政府", AgencyKind::Government, Scope::Consolidated, office_work),
    ];
    let all = departments::of_level(region.level);
    agencies.extend(all.iter().take(some(all.len())).map(|department| {
        let is_province = region.level == Level::Province && !region.name.ends_with('市');
        let name = if is_province { department.province } else { department.local };
        let is_institution = name.ends_with("中心");
        let kind = if is_institution { AgencyKind::Other } else { AgencyKind::Department };
        own(name, kind, Scope::Own, &department.work)
    }));
    let townships = below.iter().filter(|region| region.level == Level::Township);
    agencies.extend(townships.map(|region| of_township(region)));
    agencies
}

fn office(region: &Region) -> &'static str {
    match region.level {
        Level::Province => "人民政府办公厅",
        _ => "人民政府办公室",
    }
}

fn of_township(region: &'static Region) -> Agency {
    let (own_name, kind) = match region.name.as_str() {
        name if name.ends_with("街道") => ("办事处", AgencyKind::SubdistrictOffice),
        name if name.ends_with(['镇', '乡']) || name.ends_with("苏木") => {
            ("人民政府", AgencyKind::TownshipGovernment)
        }
        // Zones, farms and what else the list has at this level.
        _ => ("管理委员会", AgencyKind::Other),
    };
    Agency { region, own_name, kind, scope: Scope::Own, work: &departments::TOWNSHIP }
}
