//! Ruled tables: lines -> grids of cells.
//!
//! Lines that touch belong to one table. Where the line between two places of its grid is missing, the
//! two are one cell. A cell whose outline is no rectangle is one of which nobody can say where it
//! ends: all its places but the first are marked as its continuation.

use super::{
    boxes::Area,
    rules::{Rule, joined},
};
use crate::limits;

/// Of a table's height: how much of it a line beside it runs along.
const BESIDE: f32 = 0.8;

/// A ruled table: the distances of its lines, and which places are one cell.
#[derive(Clone, Debug)]
pub(super) struct Ruled {
    /// From the left side, in order.
    pub columns: Vec<f32>,
    /// From the top, in order.
    pub rows: Vec<f32>,
    /// By place, row by row: the place that its cell begins at.
    cells: Vec<usize>,
    /// By place: the box of the cell that begins there.
    areas: Vec<Area>,
}

impl Ruled {
    pub(super) fn width(&self) -> usize {
        self.columns.len() - 1
    }

    pub(super) fn height(&self) -> usize {
        self.rows.len() - 1
    }

    pub(super) fn area(&self) -> Area {
        let (width, height) = (self.width(), self.height());
        Area {
            left: self.columns[0],
            top: self.rows[0],
            right: self.columns[width],
            bottom: self.rows[height],
        }
    }

    /// The place a point lies in, by row and column.
    pub(super) fn place_of(&self, (x, y): (f32, f32)) -> (usize, usize) {
        let at = |lines: &[f32], value: f32| {
            lines.partition_point(|line| *line <= value).clamp(1, lines.len() - 1) - 1
        };
        (at(&self.rows, y), at(&self.columns, x))
    }

    /// The place at which a place's cell begins.
    pub(super) fn cell_of(&self, (row, column): (usize, usize)) -> usize {
        self.cells[row * self.width() + column]
    }

    /// The box of the cell that begins at a place.
    pub(super) fn cell_area(&self, cell: usize) -> Area {
        self.areas[cell]
    }

    /// The lines between two cells of a row that stand between these distances.
    pub(super) fn lines_within(&self, row: usize, from: f32, to: f32) -> Vec<f32> {
        (1..self.width())
            .filter(|&column| self.cell_of((row, column)) != self.cell_of((row, column - 1)))
            .map(|column| self.columns[column])
            .filter(|line| *line > from && *line < to)
            .collect()
    }
}

/// The tables that lines make, smallest first. `slack`: how far lines that meet may miss each other.
pub(super) fn ruled(rules: &[Rule], slack: f32) -> Vec<Ruled> {
    let level = joined(rules, true, slack);
    let upright = joined(rules, false, slack);
    if level.len() > limits::PAGE_RULES || upright.len() > limits::PAGE_RULES {
        return Vec::new();
    }
    let mut tables: Vec<Ruled> = meeting(&level, &upright, slack)
        .into_iter()
        .filter_map(|(level, upright)| table(&level, &upright, slack))
        .collect();
    let size = |table: &Ruled| table.area().width() * table.area().height();
    tables.sort_by(|one, other| size(one).total_cmp(&size(other)));
    tables
}

/// The lines by what they touch.
fn meeting(level: &[Rule], upright: &[Rule], slack: f32) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let mut group: Vec<usize> = (0..level.len() + upright.len()).collect();
    fn root(group: &mut [usize], mut at: usize) -> usize {
        while group[at] != at {
            group[at] = group[group[at]];
            at = group[at];
        }
        at
    }
    for (one, row) in level.iter().enumerate() {
        for (other, column) in upright.iter().enumerate() {
            let meets = column.at >= row.from - slack
                && column.at <= row.to + slack
                && row.at >= column.from - slack
                && row.at <= column.to + slack;
            if meets {
                let (one, other) = (root(&mut group, one), root(&mut group, level.len() + other));
                group[one] = other;
            }
        }
    }
    // Frames around each cell stand side by side without touching.
    let ends_meet = |one: &Rule, other: &Rule| {
        (one.at - other.at).abs() <= slack
            && one.from <= other.to + slack * 2.0
            && other.from <= one.to + slack * 2.0
    };
    for (offset, lines) in [(0, level), (level.len(), upright)] {
        for one in 0..lines.len() {
            let near = lines[one + 1..].iter().take_while(|line| line.at - lines[one].at <= slack);
            for (other, line) in near.enumerate() {
                if ends_meet(&lines[one], line) {
                    let (one, other) = (
                        root(&mut group, offset + one),
                        root(&mut group, offset + one + 1 + other),
                    );
                    group[one] = other;
                }
            }
        }
    }
    let mut groups: std::collections::BTreeMap<usize, (Vec<Rule>, Vec<Rule>)> =
        std::collections::BTreeMap::new();
    for (index, rule) in level.iter().enumerate() {
        groups.entry(root(&mut group, index)).or_default().0.push(*rule);
    }
    for (index, rule) in upright.iter().enumerate() {
        groups.entry(root(&mut group, level.len() + index)).or_default().1.push(*rule);
    }
    let (mut tables, lone): (Vec<_>, Vec<_>) =
        groups.into_values().partition(|(level, _)| !level.is_empty());
    // The outer side of a cell that fills its page from end to end touches no other line.
    for line in lone.into_iter().flat_map(|(_, upright)| upright) {
        let distance = |(level, upright): &(Vec<Rule>, Vec<Rule>)| {
            let top = upright.iter().map(|rule| rule.from).fold(f32::INFINITY, f32::min);
            let bottom = upright.iter().map(|rule| rule.to).fold(0.0, f32::max);
            let common = line.to.min(bottom) - line.from.max(top);
            let left = level.iter().map(|rule| rule.from).fold(f32::INFINITY, f32::min);
            let right = level.iter().map(|rule| rule.to).fold(0.0, f32::max);
            let is_beside = common > (bottom - top) * BESIDE && common > line.length() * BESIDE;
            is_beside.then(|| (left - line.at).max(line.at - right))
        };
        let near = tables
            .iter_mut()
            .filter_map(|table| distance(table).map(|distance| (distance, table)))
            .min_by(|(one, _), (other, _)| one.total_cmp(other));
        if let Some((_, (_, upright))) = near {
            upright.push(line);
        }
    }
    tables
}

/// The table that lines which touch make; none where they make less than two places.
fn table(level: &[Rule], upright: &[Rule], slack: f32) -> Option<Ruled> {
    if level.is_empty() || upright.is_empty() {
        return None;
    }
    // An open side ends where the lines that cross it end.
    let ends = |lines: &[Rule]| {
        let from = lines.iter().map(|line| line.from).fold(f32::INFINITY, f32::min);
        let to = lines.iter().map(|line| line.to).fold(f32::NEG_INFINITY, f32::max);
        [from, to]
    };
    let columns = distances(upright, ends(level), slack);
    let rows = distances(level, ends(upright), slack);
    if columns.len() < 2 || rows.len() < 2 {
        return None;
    }
    let (width, height) = (columns.len() - 1, rows.len() - 1);
    if width > limits::TABLE_COLUMNS || height > limits::TABLE_ROWS || width * height < 2 {
        return None;
    }
    if width * height > limits::TABLE_CELLS {
        return None;
    }
    let mut cells: Vec<usize> = (0..width * height).collect();
    let covers = |lines: &[Rule], at: f32, from: f32, to: f32| {
        let drawn: f32 = lines
            .iter()
            .filter(|line| (line.at - at).abs() <= slack)
            .map(|line| (line.to.min(to) - line.from.max(from)).max(0.0))
            .sum();
        drawn > (to - from) * 0.5
    };
    for row in 0..height {
        for (column, &line) in columns.iter().enumerate().take(width).skip(1) {
            if !covers(upright, line, rows[row], rows[row + 1]) {
                unite(&mut cells, row * width + column - 1, row * width + column);
            }
        }
    }
    for (row, &line) in rows.iter().enumerate().take(height).skip(1) {
        for column in 0..width {
            if !covers(level, line, columns[column], columns[column + 1]) {
                unite(&mut cells, (row - 1) * width + column, row * width + column);
            }
        }
    }
    for place in 0..cells.len() {
        cells[place] = first(&cells, place);
    }
    let place_area = |place: usize| Area {
        left: columns[place % width],
        top: rows[place / width],
        right: columns[place % width + 1],
        bottom: rows[place / width + 1],
    };
    let mut areas: Vec<Area> = (0..cells.len()).map(place_area).collect();
    for (place, &cell) in cells.iter().enumerate() {
        areas[cell] = areas[cell].and(place_area(place));
    }
    Some(Ruled { columns, rows, cells, areas })
}

/// The first place of a cell, over the places in between.
fn first(cells: &[usize], mut place: usize) -> usize {
    while cells[place] != place {
        place = cells[place];
    }
    place
}

fn unite(cells: &mut [usize], one: usize, other: usize) {
    let (one, other) = (first(cells, one), first(cells, other));
    let (low, high) = (one.min(other), one.max(other));
    cells[high] = low;
}

/// The distances at which lines stand, those of a double line as one, with the ends where nothing
/// stands.
fn distances(lines: &[Rule], ends: [f32; 2], slack: f32) -> Vec<f32> {
    let mut sorted: Vec<f32> = lines.iter().map(|line| line.at).collect();
    sorted.sort_by(f32::total_cmp);
    let mut distances: Vec<f32> = Vec::new();
    for at in sorted {
        if distances.last().is_none_or(|last| at - last > slack) {
            distances.push(at);
        }
    }
    for end in ends {
        if distances.iter().all(|at| (at - end).abs() > slack * 2.0) {
            distances.push(end);
        }
    }
    distances.sort_by(f32::total_cmp);
    distances
}
