//! Answers from what is kept of regions (`area_sum`), where a question can be: sums over the reports of
//! regions and years as they stand, each area by its consolidated report where there is one.
//!
//! A region's row has the numbers of its head, of its own agencies and of the regions right below. So the
//! reports that are taken in an area are those of one row, and of a grouping by a level those of a row for
//! each region of it, and the own numbers of the regions above. What a question asks beside regions and
//! years, nothing here knows: then the reports themselves are added up.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{
    area_sum,
    template::{Code, Level},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{
    Asked, Function, Sum, added,
    group::{Group, outermost},
    outcome::Parts,
    rollup::{Rollup, with_scope},
    taken::Taken,
    too_many_groups,
};
use crate::{
    cells::totals::{self, Key, OfIndicator, OfMeasure},
    error::Result,
    query::{
        as_of::At,
        cursor::KeyValue,
        figure::Figure,
        filter::{ReportFilter, prefix},
        span::years,
    },
    regions::{self, NATION, Region},
};

/// Rows read in one statement.
const ROWS_AT_ONCE: usize = 500;

/// Regions apart from each other, and years: all that a filter asks for.
pub struct Areas {
    pub codes: Vec<String>,
    /// None for all.
    pub years: Option<BTreeSet<i32>>,
}

impl Areas {
    /// What a filter asks for, where it is regions and years as they stand.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn of(filter: &ReportFilter, at: At) -> Result<Option<Self>> {
        // Refuses what is wrong with it.
        filter.condition(at)?;
        #[rustfmt::skip]
        let ReportFilter { region, year, agency, kind, level, template, scope, q, r#where, quality, as_of } = filter;
        let others = [agency, kind, level, template, scope, q, r#where, as_of];
        let is_all = matches!(quality.as_deref(), None | Some("all"));
        if at != At::Now || !is_all || others.into_iter().any(Option::is_some) {
            return Ok(None);
        }
        let codes = match region.as_deref() {
            Some(region) => outermost(region)?,
            None => vec![NATION.to_owned()],
        };
        let years = year.as_deref().map(years).transpose()?;
        Ok(Some(Self { codes, years: years.map(|years| years.into_iter().flatten().collect()) }))
    }

    fn has(&self, year: i32) -> bool {
        self.years.as_ref().is_none_or(|years| years.contains(&year))
    }
}

/// Numbers of reports and agencies in areas.
pub struct Counts {
    /// Reports on the years asked for.
    pub reports: u64,
    /// Agencies that reported on an earlier year and not on one asked for, once a year on which any report
    /// is in.
    pub missing: u64,
}

impl Counts {
    /// The numbers of areas.
    ///
    /// # Errors
    /// What the database says.
    pub async fn of(connection: &impl ConnectionTrait, areas: &Areas) -> Result<Self> {
        let mut reports: BTreeMap<i32, i64> = BTreeMap::new();
        let mut agencies: BTreeMap<i32, i64> = BTreeMap::new();
        let mut new_agencies: BTreeMap<i32, i64> = BTreeMap::new();
        for codes in areas.codes.chunks(ROWS_AT_ONCE) {
            let rows: Vec<(i32, i64, i64, i64)> = area_sum::Entity::find()
                .select_only()
                .column(area_sum::Column::Year)
                .column(area_sum::Column::Reports)
                .column(area_sum::Column::Agencies)
                .column(area_sum::Column::NewAgencies)
                .filter(area_sum::Column::RegionCode.is_in(codes))
                .into_tuple()
                .all(connection)
                .await?;
            for (year, all, of_year, new) in rows {
                *reports.entry(year).or_default() += all;
                *agencies.entry(year).or_default() += of_year;
                *new_agencies.entry(year).or_default() += new;
            }
        }
        let of_year = |year: i32| {
            let until: i64 = new_agencies.range(..=year).map(|(_, new)| new).sum();
            // All that reported by then, without those that reported on this year.
            until - agencies.get(&year).copied().unwrap_or(0)
        };
        let asked = years_of_reports(connection).await?.into_iter().filter(|year| areas.has(*year));
        let reports = reports.iter().filter(|(year, _)| areas.has(**year)).map(|(_, all)| all);
        Ok(Self {
            reports: reports.sum::<i64>().unsigned_abs(),
            missing: asked.map(|year| of_year(year).unsigned_abs()).sum(),
        })
    }
}

/// The years that current reports are on.
///
/// # Errors
/// What the database says.
pub async fn years_of_reports(connection: &impl ConnectionTrait) -> Result<Vec<i32>> {
    let years = area_sum::Entity::find()
        .select_only()
        .column(area_sum::Column::Year)
        .filter(area_sum::Column::RegionCode.eq(NATION))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(years)
}

/// Answers a question from what is kept; none where it cannot be.
///
/// # Errors
/// `invalid_parameter`; what the database says.
pub async fn sums(
    connection: &impl ConnectionTrait,
    asked: &Asked<'_>,
) -> Result<Option<Vec<Sum>>> {
    let Asked { filter, at, groups, figures, function, rollup, most, parameter } = *asked;
    let is_kept = |group: &Group| matches!(group, Group::Region(_) | Group::Areas(_) | Group::Year);
    if function != Function::Sum || !groups.iter().all(is_kept) {
        return Ok(None);
    }
    let Some(areas) = Areas::of(filter, at)? else { return Ok(None) };
    if with_scope(filter, groups, rollup)? != Rollup::Auto {
        return Ok(None);
    }
    let wanted = Wanted::of(figures);
    let mut sums: HashMap<Vec<KeyValue>, Vec<i128>> = HashMap::new();
    if groups.is_empty() {
        sums.insert(Vec::new(), wanted.zeros());
    }
    for outer in &areas.codes {
        let pieces = pieces(outer, groups);
        let codes: Vec<&str> = pieces.keys().copied().collect();
        for codes in codes.chunks(ROWS_AT_ONCE) {
            for row in rows(connection, codes, &areas).await? {
                let piece = pieces.get(row.region_code.as_str());
                let mut numbers = wanted.zeros();
                for packed in packed(&row, piece.copied().unwrap_or(Piece::Own)) {
                    wanted.add(packed, &mut numbers)?;
                }
                if wanted.taken(&numbers).reports() == 0 {
                    continue;
                }
                let key = key(groups, outer, &row);
                let into = sums.entry(key).or_insert_with(|| wanted.zeros());
                for (sum, number) in into.iter_mut().zip(numbers) {
                    *sum += number;
                }
            }
        }
    }
    if sums.len() > most {
        return Err(too_many_groups(parameter, most));
    }
    let mut sums: Vec<Sum> =
        sums.into_iter().map(|(key, numbers)| wanted.sum(key, &numbers, figures)).collect();
    sums.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(Some(sums))
}

/// What counts of a region's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// What is taken in the region and all below it.
    Whole,
    /// Its own agencies' reports.
    Own,
}

/// The regions whose rows the answer for an area is made of.
fn pieces(outer: &str, groups: &[Group]) -> HashMap<&'static str, Piece> {
    let Some(outer) = regions::get(outer) else { return HashMap::new() };
    let level = groups.iter().filter_map(Group::region_level).max();
    let Some(level) = level.filter(|level| *level > outer.level) else {
        return HashMap::from([(outer.code.as_str(), Piece::Whole)]);
    };
    let all = regions::all();
    let from = all.partition_point(|region| region.code < outer.code);
    let within = all[from..].iter().filter(|region| region.code.starts_with(prefix(&outer.code)));
    let is_above = |region: &Region| region.level < level;
    within
        .filter_map(|region| {
            let parent = regions::parent(region);
            match is_above(region) {
                true => Some((region.code.as_str(), Piece::Own)),
                // Of those at the level or below it, the outermost.
                false => {
                    parent.is_none_or(is_above).then_some((region.code.as_str(), Piece::Whole))
                }
            }
        })
        .collect()
}

async fn rows(
    connection: &impl ConnectionTrait,
    codes: &[&str],
    areas: &Areas,
) -> Result<Vec<area_sum::Model>> {
    let mut rows =
        area_sum::Entity::find().filter(area_sum::Column::RegionCode.is_in(codes.iter().copied()));
    if let Some(years) = &areas.years {
        rows = rows.filter(area_sum::Column::Year.is_in(years.iter().copied()));
    }
    Ok(rows.all(connection).await?)
}

fn packed(row: &area_sum::Model, piece: Piece) -> [&[u8]; 2] {
    match (piece, row.head_id) {
        (Piece::Own, _) => [&row.own, &[]],
        (Piece::Whole, Some(_)) => [&row.head, &[]],
        (Piece::Whole, None) => [&row.own, &row.below],
    }
}

fn key(groups: &[Group], outer: &str, row: &area_sum::Model) -> Vec<KeyValue> {
    let of_level = |level: Level| {
        let chain = regions::chain(&row.region_code);
        let region = chain.into_iter().find(|region| region.level == level);
        region.map_or(KeyValue::Missing(()), |region| KeyValue::Text(region.code.clone()))
    };
    let value = |group: &Group| match group {
        Group::Year => KeyValue::Number(i64::from(row.year)),
        Group::Region(level) => of_level(*level),
        _ => KeyValue::Text(outer.to_owned()),
    };
    groups.iter().map(value).collect()
}

/// The numbers that a question needs of each row: the kinds of reports, then four a figure.
struct Wanted {
    /// Where each key goes, by its place.
    into: Vec<Option<usize>>,
    count: usize,
}

impl Wanted {
    fn of(figures: &[Figure]) -> Self {
        let mut wanted = Self { into: vec![None; Key::count()], count: 0 };
        wanted.put(Key::own_reports());
        for &level in Level::ALL {
            wanted.put(Key::consolidated_reports(level));
        }
        for &figure in figures {
            match figure {
                Figure::Measure(measure) => {
                    use OfMeasure::{Incomparable, Numbers, Sum, Unknown};
                    for what in [Sum, Numbers, Unknown, Incomparable] {
                        wanted.put(Key::measure(measure, what));
                    }
                }
                Figure::Indicator(indicator) => {
                    use OfIndicator::{Denominator, Numerator, Unknown};
                    for what in [Numerator, Denominator, Unknown] {
                        wanted.put(Key::indicator(indicator, what));
                    }
                    wanted.count += 1;
                }
            }
        }
        wanted
    }

    fn put(&mut self, key: Key) {
        self.into[key.place()] = Some(self.count);
        self.count += 1;
    }

    fn zeros(&self) -> Vec<i128> {
        vec![0; self.count]
    }

    fn add(&self, packed: &[u8], numbers: &mut [i128]) -> Result<()> {
        totals::each(packed, |key, number| {
            if let Some(&Some(into)) = self.into.get(key.place()) {
                numbers[into] += number;
            }
        })
    }

    fn taken(&self, numbers: &[i128]) -> Taken {
        let count = |place: usize| numbers[place].unsigned_abs() as u64;
        Taken::of(count(0), std::array::from_fn(|level| count(level + 1)))
    }

    fn sum(&self, key: Vec<KeyValue>, numbers: &[i128], figures: &[Figure]) -> Sum {
        let taken = self.taken(numbers);
        let count = |number: i128| number.unsigned_abs() as u64;
        let of_figures = numbers[1 + Level::ALL.len()..].chunks(4);
        let total = |(&figure, numbers): (&Figure, &[i128])| {
            let parts = match figure {
                Figure::Measure(_) => Parts {
                    sum: numbers[0],
                    numbers: count(numbers[1]),
                    unknown: count(numbers[2]),
                    incomparable: count(numbers[3]),
                    ..Parts::default()
                },
                Figure::Indicator(_) => Parts {
                    numerator: numbers[0],
                    denominator: numbers[1],
                    unknown: count(numbers[2]),
                    ..Parts::default()
                },
            };
            added(figure, &parts, taken.reports())
        };
        Sum { key, taken, totals: figures.iter().zip(of_figures).map(total).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In SQL areas are found by their digits, here by the tree.
    #[test]
    fn the_digits_of_a_code_are_its_place_in_the_tree() {
        for region in regions::all() {
            let digits =
                |count: usize| region.code.get(..count).map(|start| format!("{start:0<6}"));
            let mut by_digits: Vec<&str> =
                [digits(2), digits(4), digits(6), Some(region.code.clone())]
                    .into_iter()
                    .flatten()
                    .filter_map(|code| regions::get(&code))
                    .filter(|above| above.level != Level::National || region.code == NATION)
                    .map(|above| above.code.as_str())
                    .collect();
            by_digits.dedup();
            let chain = regions::chain(&region.code);
            assert_eq!(
                chain.iter().map(|above| above.code.as_str()).collect::<Vec<_>>(),
                by_digits
            );
        }
    }
}
