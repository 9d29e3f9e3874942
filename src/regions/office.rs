//! The government that a region of the tree has: who is expected to report whether or not it ever did.

use entity::template::{AgencyKind, Level};

use super::{NATION, Region, parent};

/// A government, or an office that stands for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    pub kind: AgencyKind,
    /// Its full name: 沂源县人民政府, 南京市鼓楼区人民政府, 沂源县历山街道办事处.
    pub name: String,
}

/// Regions of the statistical tree in which no government reports under the Regulations: 金门县.
const WITHOUT: [&str; 1] = ["350527"];

/// The government of a region: a people's government, an administrative office (行政公署) of a league or
/// area, a subdistrict office. None for what statistics lists beside them: development zones, farms,
/// prisons, islands and other units without a government of their own.
#[must_use]
pub fn office(region: &Region) -> Option<Office> {
    let name = region.name.as_str();
    let (kind, own) = match region.level {
        Level::National => return None,
        Level::Province => (AgencyKind::Government, "人民政府"),
        Level::Prefecture if name.ends_with('盟') || name.ends_with("地区") => {
            (AgencyKind::Government, "行政公署")
        }
        Level::Prefecture => (AgencyKind::Government, "人民政府"),
        Level::County if is_zone(region) || !name.ends_with(['县', '市', '区', '旗']) => {
            return None;
        }
        Level::County => (AgencyKind::Government, "人民政府"),
        Level::Township if is_like_a_township(region) => return None,
        Level::Township if name.ends_with("街道") => (AgencyKind::SubdistrictOffice, "办事处"),
        Level::Township if name.ends_with(['镇', '乡']) || name.ends_with("苏木") => {
            (AgencyKind::TownshipGovernment, "人民政府")
        }
        Level::Township => return None,
    };
    let is_without = WITHOUT.contains(&region.code.as_str());
    (!is_without).then(|| Office { kind, name: format!("{}{own}", known_as(region)) })
}

/// Statistics gives zones the county codes whose last two digits begin with 7: 320576 is 苏州工业园区.
fn is_zone(region: &Region) -> bool {
    region.code.as_bytes().get(4) == Some(&b'7')
}

/// Statistics gives what is like a township the codes from 400 on: farms, zones, prisons.
fn is_like_a_township(region: &Region) -> bool {
    region.code.get(6..).is_some_and(|digits| digits >= "400")
}

/// What a region is called in the name of its government: a district after its city, a township after its
/// county.
fn known_as(region: &Region) -> String {
    let is_after = match region.level {
        Level::Township => true,
        Level::County => region.name.ends_with('区'),
        _ => false,
    };
    let above = parent(region).filter(|above| is_after && above.code != NATION);
    above.map(known_as).unwrap_or_default() + &region.name
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use entity::template::Code;

    use super::*;
    use crate::regions::{all, get};

    fn of(code: &str) -> Option<(String, &'static str)> {
        let office = office(get(code).unwrap_or(&all()[0]))?;
        Some((office.name, office.kind.code()))
    }

    #[test]
    fn a_region_of_the_tree_has_its_government() {
        for (code, name, kind) in [
            ("370000", "山东省人民政府", "government"),
            ("370300", "淄博市人民政府", "government"),
            ("542500", "阿里地区行政公署", "government"),
            ("152200", "兴安盟行政公署", "government"),
            ("370323", "沂源县人民政府", "government"),
            ("320106", "南京市鼓楼区人民政府", "government"),
            ("110105", "北京市朝阳区人民政府", "government"),
            ("419001", "济源市人民政府", "government"),
            ("370323108", "沂源县张家坡镇人民政府", "township_government"),
            ("370323001", "沂源县历山街道办事处", "subdistrict_office"),
            ("441900003", "东莞市东城街道办事处", "subdistrict_office"),
        ] {
            assert_eq!(of(code), Some((name.to_owned(), kind)), "{code}");
        }
    }

    #[test]
    fn zones_farms_and_islands_have_none() {
        for code in ["000000", "320576", "632857", "460321", "350527", "130471400"] {
            assert_eq!(of(code), None, "{code}");
        }
    }

    #[test]
    fn the_nation_has_so_many_governments() {
        let mut counts: BTreeMap<(Level, AgencyKind), usize> = BTreeMap::new();
        for region in all() {
            if let Some(office) = office(region) {
                *counts.entry((region.level, office.kind)).or_default() += 1;
            }
        }
        let expected = [
            ((Level::Province, AgencyKind::Government), 31),
            ((Level::Prefecture, AgencyKind::Government), 333),
            ((Level::County, AgencyKind::Government), 2846),
            ((Level::Township, AgencyKind::TownshipGovernment), 29564),
            ((Level::Township, AgencyKind::SubdistrictOffice), 9001),
        ];
        assert_eq!(counts, BTreeMap::from(expected));
    }
}
