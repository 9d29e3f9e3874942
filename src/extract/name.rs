//! An agency's name: which region it names, and what kind of agency the rest of it is.

use entity::template::{AgencyKind, Level};

use super::label;
use crate::{
    limits,
    regions::{self, Region},
};

/// A reading of an agency's name.
#[derive(Clone, Debug)]
pub struct Reading {
    pub region: &'static Region,
    /// The name without the region's chain of names.
    pub own: String,
    pub kind: AgencyKind,
    /// How many regions it names.
    pub names: usize,
    /// Whether the region is named in full.
    pub is_full: bool,
    /// Whether only the region is named: 沂源县 for 沂源县人民政府.
    pub is_area: bool,
    /// How much of the name, cleaned, follows the regions' names.
    pub rest_bytes: usize,
}

const GOVERNMENT: &str = "人民政府";
const GOVERNMENT_SHORT: &str = "政府";
const OFFICE: &str = "办事处";
/// The ends of names of agencies that are no departments.
const OTHERS: [&str; 34] = [
    "开发区",
    "新区",
    "实验区",
    "试验区",
    "示范区",
    "产业园",
    "工业园",
    "园区",
    "高新区",
    "度假区",
    "风景区",
    "保税区",
    "管理区",
    "合作区",
    "港区",
    "景区",
    "学校",
    "小学",
    "中学",
    "大学",
    "学院",
    "医院",
    "公司",
    "集团",
    "银行",
    "中心",
    "图书馆",
    "博物馆",
    "档案馆",
    "研究所",
    "研究院",
    "农场",
    "林场",
    "公积金",
];
/// The ends of names of departments.
const DEPARTMENTS: [&str; 21] = [
    "局",
    "厅",
    "委员会",
    "委",
    "部",
    "办公室",
    "办公厅",
    "司",
    "署",
    "办",
    "海关",
    "检察院",
    "法院",
    "总队",
    "支队",
    "大队",
    "处",
    "站",
    "所",
    "院",
    "会",
];
/// The ministries, whose names say nothing of the nation.
pub const MINISTRIES: [&str; 21] = [
    "外交部",
    "国防部",
    "教育部",
    "科学技术部",
    "工业和信息化部",
    "公安部",
    "民政部",
    "司法部",
    "财政部",
    "人力资源和社会保障部",
    "自然资源部",
    "生态环境部",
    "住房和城乡建设部",
    "交通运输部",
    "水利部",
    "农业农村部",
    "商务部",
    "文化和旅游部",
    "退役军人事务部",
    "应急管理部",
    "中国人民银行",
];
/// Beginnings of the names of national agencies.
const NATIONAL: [&str; 3] = ["国家", "国务院", "中华人民共和国"];

/// The kind of agency a name without its region is of.
pub fn kind_of(own: &str, level: Level) -> Option<AgencyKind> {
    let ends = |ends: &[&str]| ends.iter().any(|end| own.ends_with(end));
    let is_own_township =
        own.trim_end_matches(GOVERNMENT).ends_with(['镇', '乡']) || own.contains("苏木");
    if ends(&[GOVERNMENT]) {
        let is_township = level == Level::Township || is_own_township;
        return Some(if is_township {
            AgencyKind::TownshipGovernment
        } else {
            AgencyKind::Government
        });
    }
    // What governs an area (地区) or a league in the province's place.
    if own == "行政公署" && level == Level::Prefecture {
        return Some(AgencyKind::Government);
    }
    if ends(&["街道办事处", "街道办"]) || (level == Level::Township && ends(&[OFFICE])) {
        return Some(AgencyKind::SubdistrictOffice);
    }
    if ends(&OTHERS) || (ends(&["管理委员会", "管委会"]) && !ends(&["监督管理委员会"]))
    {
        return Some(AgencyKind::Other);
    }
    ends(&DEPARTMENTS).then_some(AgencyKind::Department)
}

/// Every reading of a name, those that name most regions in full; several where regions share a name.
pub fn readings(name: &str) -> Vec<Reading> {
    let name = label::clean(name);
    if name.chars().count() > limits::AGENCY_CHARS {
        return Vec::new();
    }
    // A tax bureau bears its own headquarters' name before the region's.
    let headquarters = ["国家税务总局"]
        .into_iter()
        .find(|head| name.starts_with(head) && name != *head)
        .unwrap_or_default();
    let mut readings: Vec<Reading> = regions::find(&name[headquarters.len()..])
        .into_iter()
        .filter_map(|named| {
            let is_area = named.rest.is_empty();
            let rest = in_full(named.rest);
            let kind = if is_area {
                kind_of_area(named.region)
            } else {
                kind_of(&rest, named.region.level)?
            };
            let own = if named.is_full { format!("{headquarters}{rest}") } else { name.clone() };
            let own = if own.is_empty() { own_of_area(named.region).to_owned() } else { own };
            Some(Reading {
                region: named.region,
                own,
                kind,
                names: named.names,
                is_full: named.is_full,
                is_area,
                rest_bytes: named.rest.len(),
            })
        })
        .collect();
    let most = readings.iter().map(|reading| (reading.is_full, reading.names)).max();
    readings.retain(|reading| Some((reading.is_full, reading.names)) == most);
    readings.sort_by(|one, other| one.region.code.cmp(&other.region.code));
    readings.dedup_by(|one, other| one.region.code == other.region.code);
    // 沂源教育局 is 沂源县教育局, where no other region is called so for short.
    if let [reading] = &mut readings[..]
        && !reading.is_full
        && headquarters.is_empty()
    {
        let rest = in_full(&name[name.len() - reading.rest_bytes..]);
        if is_plain(&rest) {
            reading.own = rest;
        }
    }
    if readings.is_empty() && is_national(&name) {
        let nation = regions::nearest_known("");
        readings.push(Reading {
            region: nation,
            own: name,
            kind: AgencyKind::Department,
            names: 1,
            is_full: true,
            is_area: false,
            rest_bytes: 0,
        });
    }
    readings
}

/// Whether what follows a short region's name is a local authority's whole name, as 教育局 is, and not
/// a name into which the region's has grown, as in 平潭综合实验区公安局.
fn is_plain(rest: &str) -> bool {
    const ENDS: [&str; 6] = ["局", "委员会", "办公室", "办公厅", "厅", GOVERNMENT];
    ENDS.iter().any(|end| rest.ends_with(end))
        && !OTHERS.iter().any(|other| rest.contains(other))
        && kind_of(rest, Level::County) != Some(AgencyKind::Other)
}

/// A name without the word that stands for its region, in full: 市科委 is 科委, 县水利局 is 水利局,
/// 镇政府 is 人民政府.
pub fn without_area_word(name: &str) -> String {
    let words = ["省", "市", "县", "区", "镇", "乡"];
    let rest = words.iter().find_map(|word| name.strip_prefix(word)).map(in_full);
    rest.filter(|rest| kind_of(rest, Level::County).is_some()).unwrap_or_else(|| in_full(name))
}

/// What follows the regions' names that a name begins with, and the innermost of them; none where it
/// begins with no region's name in full.
pub fn after_regions(name: &str) -> Option<(&'static Region, &str)> {
    let named = regions::find(name).into_iter().filter(|named| named.is_full);
    let longest = named.min_by_key(|named| named.rest.len())?;
    Some((longest.region, longest.rest))
}

/// An agency's own name as it is written in full, so that it is known again.
pub fn in_full(own: &str) -> String {
    let own = own
        .strip_prefix(GOVERNMENT_SHORT)
        .map_or_else(|| own.to_owned(), |rest| format!("{GOVERNMENT}{rest}"));
    // 张家坡镇政府 is 张家坡镇人民政府.
    let own = match own.strip_suffix(GOVERNMENT_SHORT) {
        Some(area) if !own.ends_with(GOVERNMENT) => format!("{area}{GOVERNMENT}"),
        _ => own,
    };
    match (own.strip_suffix("管委会"), own.strip_suffix("街道办")) {
        (Some(zone), _) => format!("{zone}管理委员会"),
        (_, Some(street)) => format!("{street}街道{OFFICE}"),
        _ if own == "办" => OFFICE.to_owned(),
        _ => own,
    }
}

fn is_national(name: &str) -> bool {
    NATIONAL.iter().any(|begin| name.starts_with(begin)) || MINISTRIES.contains(&name)
}

/// The agency meant where only the area is named.
fn kind_of_area(region: &Region) -> AgencyKind {
    match region.level {
        Level::Township if region.name.ends_with("街道") => AgencyKind::SubdistrictOffice,
        Level::Township if region.name.ends_with(['镇', '乡']) => AgencyKind::TownshipGovernment,
        Level::Township => AgencyKind::Other,
        _ => AgencyKind::Government,
    }
}

fn own_of_area(region: &Region) -> &'static str {
    match kind_of_area(region) {
        AgencyKind::SubdistrictOffice => OFFICE,
        AgencyKind::Other => "管理委员会",
        _ => GOVERNMENT,
    }
}

/// Whether a line is the name of an agency and nothing else.
pub fn is_agency(line: &str) -> bool {
    let name = label::clean(line);
    let chars = name.chars().count();
    (3..=limits::AGENCY_CHARS).contains(&chars)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '(' | ')'))
        && !name.contains(|c: char| c.is_ascii_digit())
        && (kind_of(&in_full(&name), Level::County).is_some() || !readings(&name).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (name, code, own, kind) in [
            ("沂源县张家坡镇人民政府", "370323108", "人民政府", AgencyKind::TownshipGovernment),
            ("沂源县历山街道办事处", "370323001", "办事处", AgencyKind::SubdistrictOffice),
            ("沭阳县发展和改革局", "321322", "发展和改革局", AgencyKind::Department),
            ("沭阳县人民政府", "321322", "人民政府", AgencyKind::Government),
            ("沭阳县人民政府办公室", "321322", "人民政府办公室", AgencyKind::Department),
            ("平潭综合实验区公安局", "350128", "平潭综合实验区公安局", AgencyKind::Department),
            ("平潭综合实验区", "350128", "平潭综合实验区", AgencyKind::Other),
            ("国家税务总局沂源县税务局", "370323", "国家税务总局税务局", AgencyKind::Department),
            ("沂源县政府办公室", "370323", "人民政府办公室", AgencyKind::Department),
            ("教育部", "000000", "教育部", AgencyKind::Department),
            ("山东省教育厅", "370000", "教育厅", AgencyKind::Department),
            ("沂源县", "370323", "人民政府", AgencyKind::Government),
            ("沂源县政府", "370323", "人民政府", AgencyKind::Government),
            ("沂源县张家坡镇政府", "370323108", "人民政府", AgencyKind::TownshipGovernment),
            ("沂源教育局", "370323", "教育局", AgencyKind::Department),
            ("阿里地区行政公署", "542500", "行政公署", AgencyKind::Government),
            ("东莞市东城街道办事处", "441900003", "办事处", AgencyKind::SubdistrictOffice),
        ] {
            let readings = readings(name);
            let read: Vec<_> = readings
                .iter()
                .map(|reading| (reading.region.code.as_str(), reading.own.as_str(), reading.kind))
                .collect();
            assert_eq!(read, [(code, own, kind)], "{name}");
        }
        assert!(readings("市科委").is_empty());
        assert!(readings("鼓楼区人民政府").len() > 1);
    }
}
