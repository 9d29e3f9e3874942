//! Regions by name: which regions a text can begin with.

use std::sync::LazyLock;

use entity::template::Level;
use foldhash::{HashMap, HashMapExt};

use super::{Region, all, parent};

/// A reading of the beginning of a text as names of regions, from the outside in.
#[derive(Clone, Copy, Debug)]
pub struct NamedRegion<'a> {
    /// The innermost region named.
    pub region: &'static Region,
    /// What follows the names.
    pub rest: &'a str,
    /// How many regions are named: 2 in 沂源县张家坡镇.
    pub names: usize,
    /// Whether every name stands in full, 沂源县 and not 沂源.
    pub is_full: bool,
}

struct Names {
    full: HashMap<&'static str, Vec<u32>>,
    /// Names without 省, 市, 县, 区 and the like, of two characters or more; not of townships.
    short: HashMap<&'static str, Vec<u32>>,
    longest_bytes: usize,
}

/// What a short name leaves out, the longest first.
const SUFFIXES: [&str; 12] = [
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "自治州",
    "自治县",
    "地区",
    "省",
    "市",
    "县",
    "区",
];

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names {
        full: HashMap::with_capacity(all().len()),
        short: HashMap::new(),
        longest_bytes: 0,
    };
    for (index, region) in (0_u32..).zip(all()).skip(1) {
        names.full.entry(region.name.as_str()).or_default().push(index);
        names.longest_bytes = names.longest_bytes.max(region.name.len());
        let short = SUFFIXES.iter().find_map(|suffix| region.name.strip_suffix(suffix));
        if let Some(short) =
            short.filter(|short| region.level != Level::Township && short.chars().count() >= 2)
        {
            names.short.entry(short).or_default().push(index);
        }
    }
    names
});

/// Every reading of the text's beginning as names of regions, each within the one before; names of
/// levels between may be left out. The readings are in no order; a text that begins with no region's
/// name has none.
#[must_use]
pub fn find(text: &str) -> Vec<NamedRegion<'_>> {
    let mut found = Vec::new();
    // At most one region a level can follow another, so the depth is bounded by the levels.
    let mut open: Vec<Option<NamedRegion<'_>>> = vec![None];
    while let Some(outer) = open.pop() {
        let rest = outer.map_or(text, |outer| outer.rest);
        for (region, rest, is_full) in beginnings(rest) {
            if outer.is_some_and(|outer| !is_within(region, outer.region)) {
                continue;
            }
            let named = NamedRegion {
                region,
                rest,
                names: outer.map_or(1, |outer| outer.names + 1),
                is_full: is_full && outer.is_none_or(|outer| outer.is_full),
            };
            found.push(named);
            open.push(Some(named));
        }
    }
    found
}

/// Whether a region lies within another one, and is not that one.
fn is_within(region: &Region, outer: &Region) -> bool {
    std::iter::successors(parent(region), |region| parent(region))
        .any(|above| above.code == outer.code)
}

/// The regions whose name, full or short, begins the text, with what follows it.
fn beginnings(text: &str) -> impl Iterator<Item = (&'static Region, &str, bool)> {
    let ends = text.char_indices().map(|(start, c)| start + c.len_utf8());
    ends.take_while(|&end| end <= NAMES.longest_bytes).flat_map(move |end| {
        let (name, rest) = text.split_at(end);
        let of = |names: &'static HashMap<&'static str, Vec<u32>>, is_full| {
            let indices = names.get(name).map_or(&[][..], Vec::as_slice);
            indices.iter().map(move |&index| (&all()[index as usize], rest, is_full))
        };
        of(&NAMES.full, true).chain(of(&NAMES.short, false))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str, rest: &str) -> Vec<&'static str> {
        let mut codes: Vec<&str> = find(text)
            .into_iter()
            .filter(|named| named.rest == rest && named.is_full)
            .map(|named| named.region.code.as_str())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    #[test]
    fn names_are_read_from_the_outside_in_with_levels_left_out() {
        assert_eq!(codes("沂源县张家坡镇人民政府", "人民政府"), ["370323108"]);
        assert_eq!(codes("山东省张家坡镇人民政府", "人民政府"), ["370323108"]);
        assert_eq!(codes("沭阳县发展和改革局", "发展和改革局"), ["321322"]);
        assert_eq!(codes("鼓楼区人民政府", "人民政府").len(), 4);
        assert_eq!(codes("南京市鼓楼区人民政府", "人民政府"), ["320106"]);
        assert!(find("教育部").is_empty());
    }
}
