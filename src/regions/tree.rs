//! The tree as read from `tree.txt`, once.

use std::sync::LazyLock;

use entity::template::Level;

use super::NATION;

/// A region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Six digits down to the county, nine for a township.
    pub code: String,
    pub name: String,
    pub level: Level,
    /// The code of the region above; none for the nation.
    pub parent: Option<String>,
}

static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| read(include_str!("tree.txt")));

/// Every region in the order of the codes, the nation first.
#[must_use]
pub fn all() -> &'static [Region] {
    &REGIONS
}

/// Where a code's region stands in [`all`].
pub(super) fn index_of(code: &str) -> Option<usize> {
    all().binary_search_by(|region| region.code.as_str().cmp(code)).ok()
}

/// Reads the tree's lines: a space for each level above, the digits added to the parent's, the name.
fn read(lines: &str) -> Vec<Region> {
    let nation =
        Region { code: NATION.into(), name: "全国".into(), level: Level::National, parent: None };
    let mut regions = vec![nation];
    // The digits and the code of the region open at each depth.
    let mut open: Vec<(String, String)> = Vec::new();
    for line in lines.lines().filter(|line| !line.starts_with('#')) {
        let entry = line.trim_start_matches(' ');
        open.truncate(line.len() - entry.len());
        let name = entry.trim_start_matches(|c: char| c.is_ascii_digit());
        let own_digits = &entry[..entry.len() - name.len()];
        let (digits, parent) = open.last().map_or(("", NATION), |(digits, code)| (digits, code));
        let digits = format!("{digits}{own_digits}");
        let level = match digits.len() {
            2 => Level::Province,
            4 => Level::Prefecture,
            6 => Level::County,
            _ => Level::Township,
        };
        let code = format!("{digits:0<6}");
        regions.push(Region {
            code: code.clone(),
            name: name.into(),
            level,
            parent: Some(parent.into()),
        });
        open.push((digits, code));
    }
    regions
}
