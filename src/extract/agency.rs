//! Whose report it is: names in the document -> the agency, its region, kind and level.
//!
//! In the order of trust: what the caller states, the title, the signature, the metadata, the file's
//! name. A name that leaves its region out is completed by what else the document says. Refuses a name
//! that several regions share where nothing settles it, and a document that names no agency.

use entity::template::{AgencyKind, Code as _, Level};

use super::{
    draft::{Agency, Contact, Hints},
    label, name,
    name::{Reading, in_full, without_area_word},
    notes::Notes,
    origin::{self, Origin},
    title,
};
use crate::{
    error::{Code, Error, Result},
    limits,
    regions::{self, Region},
};

/// What a document says about whose it is.
pub struct Sources<'a> {
    pub hints: &'a Hints,
    /// The agency's name in the title.
    pub title: &'a str,
    pub signature: &'a str,
    pub metadata: &'a [(String, String)],
    pub contact: &'a Contact,
    /// All text of the document.
    pub text: &'a str,
}

/// Metadata that names who published.
const PUBLISHERS: [&str; 10] = [
    "发布机构",
    "发布单位",
    "发文机关",
    "发文单位",
    "公开机构",
    "公开主体",
    "ContentSource",
    "信息来源",
    "来源",
    "文章来源",
];
/// Regions named in a refusal.
const REGIONS_NAMED: usize = 12;

/// Tells the agency.
///
/// # Errors
/// `unknown_agency`, `ambiguous_agency`, `invalid_parameter` for a region that is not known.
pub fn tell(sources: &Sources<'_>, notes: &mut Notes) -> Result<Agency> {
    let hinted = sources.hints.region.as_deref().map(region_of_hint).transpose()?;
    let found = names(sources);
    let names: Vec<String> = found.iter().map(|(name, _)| name.clone()).collect();
    let stated = sources
        .hints
        .agency
        .as_ref()
        .map(|agency| label::clean(agency))
        .filter(|agency| !agency.is_empty());
    let Some(first) = names.first().cloned() else {
        return Err(Error::new(
            Code::UnknownAgency,
            "neither title nor signature nor metadata name an agency",
        ));
    };
    if let Some(region) = hinted {
        let region = not_contradicted(region, &first)?;
        origin::note(&found, &first, notes);
        if name::readings(&first).iter().filter(|reading| reading.is_full).count() != 1 {
            notes.origin("region", "the region is the one the caller states");
        }
        return Ok(in_region(&first, region, sources));
    }
    // The first name whose region is known, and which the names before it do not contradict.
    let mut unknown: Option<&str> = None;
    for name in &names {
        let readings = name::readings(name);
        if readings.is_empty() {
            unknown.get_or_insert(name);
            continue;
        }
        if let Some(unknown) =
            unknown.filter(|unknown| !in_full(name).ends_with(&without_area_word(unknown)))
        {
            if stated.is_some() {
                break;
            }
            notes.add(
                "agency_assumed",
                format!(
                    "{unknown:?} names no known region; the report is taken for that of {name:?}"
                ),
            );
        }
        origin::note(&found, name, notes);
        let is_shared = readings.len() > 1;
        let reading = settle(name, readings, &names, sources)?;
        if is_shared {
            let region = regions::full_name(&reading.region.code);
            notes.origin(
                "region",
                format!("several regions have the name of {name:?}; what else the document says tells that it is of {region}"),
            );
        }
        return Ok(agency(name, reading, notes));
    }
    if let Some((region, origin)) = region_by_context(&first, sources) {
        origin::note(&found, &first, notes);
        let name = regions::full_name(&region.code);
        notes.origin("region", format!("{first:?} is told to be of {name} by {origin}"));
        return Ok(in_region(&first, region, sources));
    }
    Err({
        let why = match name::after_regions(&first) {
            Some((region, rest)) => format!(
                "{first:?} begins with {} ({}), but {rest:?} is no kind of agency that is known",
                region.name, region.code
            ),
            None => {
                format!("{first:?} names no known region, and nothing else in the document does")
            }
        };
        Error::new(Code::UnknownAgency, why)
    })
}

/// The region stated, or where the name says one within it, that one.
///
/// # Errors
/// `invalid_parameter` where the name says a region that is neither above nor within the one stated.
fn not_contradicted(stated: &'static Region, name: &str) -> Result<&'static Region> {
    let readings = name::readings(name);
    let named = || readings.iter().filter(|reading| reading.is_full).map(|reading| reading.region);
    let is_within = |inner: &Region, outer: &Region| {
        regions::chain(&inner.code).iter().any(|above| above.code == outer.code)
    };
    let is_above = named().any(|region| is_within(stated, region));
    if is_above || named().all(|region| region.level == Level::National) {
        return Ok(stated);
    }
    let within: Vec<&Region> = named().filter(|region| is_within(region, stated)).collect();
    if let [region] = within[..] {
        return Ok(region);
    }
    let names = named().take(REGIONS_NAMED);
    let names =
        names.map(|region| format!("{} ({})", region.code, regions::full_name(&region.code)));
    let detail = format!(
        "the document is of {name:?}, which is not in {} ({})",
        regions::full_name(&stated.code),
        stated.code
    );
    Err(Error::invalid("region", detail).allowed(names))
}

fn region_of_hint(code: &str) -> Result<&'static Region> {
    regions::get(code.trim()).ok_or_else(|| {
        let near = regions::nearest_known(code);
        Error::invalid("region", format!("there is no region {code:?}"))
            .allowed([format!("{} ({})", near.code, near.name)])
    })
}

/// The names a document gives, in the order of trust, each with where it stands.
fn names(sources: &Sources<'_>) -> Vec<(String, Origin)> {
    let metadata = PUBLISHERS.iter().filter_map(|publisher| {
        sources.metadata.iter().find(|(name, _)| name == publisher).map(|(_, value)| value.as_str())
    });
    let file = sources.hints.file_name.as_deref().map(of_file_name).unwrap_or_default();
    let given = sources.hints.agency.iter().map(|name| (name.as_str(), Origin::Caller));
    let mut names: Vec<(String, Origin)> = Vec::new();
    for (name, origin) in given
        .chain([(sources.title, Origin::Title), (sources.signature, Origin::Signature)])
        .chain(metadata.map(|name| (name, Origin::Metadata)))
        .chain([(file.as_str(), Origin::FileName)])
    {
        let name = label::clean(name);
        let is_new = !name.is_empty()
            && name.chars().count() <= limits::AGENCY_CHARS
            && !names.iter().any(|(other, _)| *other == name);
        // What the caller and the title say is a name; of the rest, what looks like one.
        let is_name = matches!(origin, Origin::Caller | Origin::Title)
            || name == label::clean(sources.title)
            || name::is_agency(&name);
        if is_new && is_name {
            names.push((name, origin));
        }
    }
    names
}

/// The agency a file's name holds: `005-沭阳县人民政府-2025.txt`.
fn of_file_name(file_name: &str) -> String {
    let stem = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    if let Some(title) = title::parse(stem).filter(|title| !title.agency.is_empty()) {
        return title.agency;
    }
    stem.split(['-', '_', ' ']).find(|part| name::is_agency(part)).unwrap_or_default().to_owned()
}

/// The reading meant, where regions share the name.
fn settle(
    name: &str,
    readings: Vec<Reading>,
    names: &[String],
    sources: &Sources<'_>,
) -> Result<Reading> {
    let strong: Vec<String> = names
        .iter()
        .cloned()
        .chain(sources.metadata.iter().map(|(_, value)| value.clone()))
        .chain(sources.contact.address.clone())
        .collect();
    let worth = |reading: &Reading| -> usize {
        let above = regions::chain(&reading.region.code);
        above
            .iter()
            .take_while(|region| region.code != reading.region.code)
            .map(|region| {
                let in_strong =
                    strong.iter().filter(|text| text.contains(&region.name)).count().min(1);
                3 * in_strong + usize::from(sources.text.contains(&region.name))
            })
            .sum()
    };
    let mut worths: Vec<(usize, Reading)> =
        readings.into_iter().map(|reading| (worth(&reading), reading)).collect();
    worths.sort_by_key(|(worth, _)| std::cmp::Reverse(*worth));
    let is_settled = match &worths[..] {
        [_] => true,
        [(first, _), (second, _), ..] => first > second,
        [] => false,
    };
    if !is_settled {
        let regions = worths.iter().take(REGIONS_NAMED).map(|(_, reading)| {
            format!("{} ({})", reading.region.code, regions::full_name(&reading.region.code))
        });
        return Err(Error::new(
            Code::AmbiguousAgency,
            format!("{name:?} may be of several regions"),
        )
        .allowed(regions));
    }
    let (_, reading) = worths.swap_remove(0);
    Ok(reading)
}

/// The agency of a name read.
fn agency(name: &str, reading: Reading, notes: &mut Notes) -> Agency {
    let Reading { region, own, kind, names, is_full, is_area, rest_bytes } = reading;
    let printed = name;
    let mut name = if is_full { in_full(name) } else { name.to_owned() };
    if is_area && is_full {
        name.push_str(&own);
    }
    // The own name of a short one is known: 沂源教育局 is written as 沂源县教育局.
    if !is_full && own != printed && rest_bytes > 0 {
        name = format!("{}{own}", region.name);
    }
    if !is_full {
        notes.add(
            "region_assumed",
            format!("{printed:?} is taken to be in {}", regions::full_name(&region.code)),
        );
    }
    if is_full {
        name.insert_str(0, county_left_out(region, names));
    }
    let level = level_of(kind, region);
    if level == Level::Township && region.level != Level::Township {
        notes.add(
            "unknown_region",
            format!(
                "{name:?} is of a township the list of regions does not have; it is kept under {}",
                region.name
            ),
        );
    }
    Agency {
        name,
        own_name: own,
        region_code: region.code.clone(),
        kind,
        level,
        contact: Contact::default(),
    }
}

/// A township's name alone says little; its county's completes it.
fn county_left_out(region: &Region, names: usize) -> &'static str {
    let county = regions::parent(region).filter(|_| region.level == Level::Township && names == 1);
    county.map_or("", |county| county.name.as_str())
}

/// A township's agency is of its level, whatever region it is kept under.
fn level_of(kind: AgencyKind, region: &Region) -> Level {
    match kind {
        AgencyKind::TownshipGovernment | AgencyKind::SubdistrictOffice => Level::Township,
        _ => region.level,
    }
}

/// The agency of a name in a region known otherwise.
fn in_region(name: &str, region: &'static Region, sources: &Sources<'_>) -> Agency {
    let chain = regions::chain(&region.code);
    let readings = name::readings(name);
    let here = readings.iter().find(|reading| {
        reading.is_full && chain.iter().any(|above| above.code == reading.region.code)
    });
    // A region the name itself says, above the one stated: what follows it is the agency's own name.
    let own = here.map_or_else(|| without_area_word(name), |reading| reading.own.clone());
    let own = if own.is_empty() { name.to_owned() } else { own };
    let kind = name::kind_of(&own, region.level).unwrap_or(AgencyKind::Other);
    let is_named = here.is_some() || sources.hints.agency.is_some();
    let name = if is_named {
        let above = here.map_or("", |here| county_left_out(here.region, here.names));
        format!("{above}{name}")
    } else {
        let above = county_left_out(region, 1);
        format!("{above}{}{own}", if region.level == Level::National { "" } else { &region.name })
    };
    Agency {
        name,
        own_name: own,
        region_code: region.code.clone(),
        kind,
        level: level_of(kind, region),
        contact: Contact::default(),
    }
}

/// The region of a name that says none, or only 市 or 县: the one the rest of the document names.
fn region_by_context(name: &str, sources: &Sources<'_>) -> Option<(&'static Region, &'static str)> {
    let stated = sources.metadata.iter().map(|(_, value)| (value.as_str(), "the metadata"));
    let address = sources.contact.address.as_deref().map(|address| (address, "its address"));
    let texts = stated.chain(address);
    let rest = without_area_word(name);
    let wanted =
        name.chars().next().filter(|c| in_full(name) != rest && "省市县区镇乡".contains(*c))?;
    let is_township = "镇乡".contains(wanted);
    for (text, origin) in texts {
        let clean = label::clean(text);
        let mut named: Vec<&'static Region> = regions::find(&clean)
            .into_iter()
            .filter(|named| {
                named.is_full
                    && (named.region.level == Level::Township) == is_township
                    && named.region.name.ends_with(wanted)
            })
            .map(|named| named.region)
            .collect();
        named.sort_by_key(|region| region.level.number_from_top());
        if let Some(region) = named.first().copied().filter(|first| {
            named.iter().all(|other| other.level != first.level || other.code == first.code)
        }) {
            return Some((region, origin));
        }
    }
    None
}

/// The levels from the top down, for comparison.
trait FromTop {
    fn number_from_top(self) -> usize;
}

impl FromTop for Level {
    fn number_from_top(self) -> usize {
        Self::ALL.iter().position(|level| *level == self).unwrap_or_default()
    }
}
