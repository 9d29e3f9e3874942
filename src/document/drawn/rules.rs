//! Ruling lines: paths -> straight lines, lines -> the lines that a table is ruled with.
//!
//! Programs draw a line as a stroke, as a filled rectangle of no width, as many short pieces, or as a
//! frame around each cell. All of them come out as one line, however many pieces it is drawn in.

use hayro_interpret::kurbo::{BezPath, PathEl, Point};

use super::{boxes::Area, canvas::end};

/// A filled area as narrow as this many points is a line.
pub(super) const THIN: f32 = 3.0;
/// Pieces of a line leave at most so many points between them.
const PIECE_GAP: f32 = 3.0;

/// A straight line, level or upright.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rule {
    pub is_level: bool,
    /// Its distance from the page's top, or from its left side.
    pub at: f32,
    pub from: f32,
    pub to: f32,
}

impl Rule {
    /// The line along the longer side of a box.
    pub(super) fn along(area: Area) -> Self {
        let (x, y) = area.center();
        if area.width() >= area.height() {
            Self { is_level: true, at: y, from: area.left, to: area.right }
        } else {
            Self { is_level: false, at: x, from: area.top, to: area.bottom }
        }
    }

    pub(super) fn length(self) -> f32 {
        self.to - self.from
    }

    /// The line after turning the page by quarters clockwise.
    pub(super) fn turned(self, quarters: u8, page: (f32, f32)) -> Self {
        let Self { at, from, to, .. } = self;
        let area = if self.is_level {
            Area { left: from, top: at, right: to, bottom: at }
        } else {
            Area { left: at, top: from, right: at, bottom: to }
        };
        let turned = area.turned(quarters, page);
        let is_level = self.is_level != (quarters % 2 == 1);
        let (x, y) = turned.center();
        if is_level {
            Self { is_level, at: y, from: turned.left, to: turned.right }
        } else {
            Self { is_level, at: x, from: turned.top, to: turned.bottom }
        }
    }
}

/// Whether a filled area is but a line.
pub(super) fn is_thin(area: Area) -> bool {
    area.width().min(area.height()) <= THIN
}

/// A part of a path.
pub(super) struct Part {
    pub area: Area,
    pub is_straight: bool,
    pub is_rectangle: bool,
}

/// The parts of a filled path.
pub(super) fn parts(path: &BezPath) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut points: Vec<Point> = Vec::new();
    let mut is_straight = true;
    let mut close = |points: &mut Vec<Point>, is_straight: bool| {
        if points.len() > 1 {
            let area = hull(points);
            let is_rectangle = is_straight && is_rectangle(points, area);
            parts.push(Part { area, is_straight, is_rectangle });
        }
        points.clear();
    };
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(point) => {
                close(&mut points, is_straight);
                is_straight = true;
                points.push(point);
            }
            PathEl::LineTo(point) => points.push(point),
            PathEl::QuadTo(control, point) => {
                is_straight = false;
                points.extend([control, point]);
            }
            PathEl::CurveTo(one, other, point) => {
                is_straight = false;
                points.extend([one, other, point]);
            }
            PathEl::ClosePath => {}
        }
    }
    close(&mut points, is_straight);
    parts
}

/// The sides of the frame that two rectangles leave, the one inside the other.
pub(super) fn frame(one: &Part, other: &Part) -> Option<Vec<Part>> {
    if !one.is_rectangle || !other.is_rectangle {
        return None;
    }
    let (outer, inner) =
        match (one.area.encloses(other.area, 0.0), other.area.encloses(one.area, 0.0)) {
            (true, _) => (one.area, other.area),
            (false, true) => (other.area, one.area),
            (false, false) => return None,
        };
    let sides = [
        Area { bottom: inner.top, ..outer },
        Area { top: inner.bottom, ..outer },
        Area { right: inner.left, ..outer },
        Area { left: inner.right, ..outer },
    ];
    let is_drawn = |area: &Area| area.width().min(area.height()) > 0.0;
    let side = |area| Part { area, is_straight: true, is_rectangle: true };
    Some(sides.into_iter().filter(is_drawn).map(side).collect())
}

fn hull(points: &[Point]) -> Area {
    let bounds = |area: Area, point: &Point| {
        let (x, y) = (point.x as f32, point.y as f32);
        area.and(Area { left: x, top: y, right: x, bottom: y })
    };
    let none = Area {
        left: f32::INFINITY,
        top: f32::INFINITY,
        right: f32::NEG_INFINITY,
        bottom: f32::NEG_INFINITY,
    };
    points.iter().fold(none, bounds)
}

/// Whether every corner is one of the box's.
fn is_rectangle(points: &[Point], area: Area) -> bool {
    let is_near = |one: f64, other: f32| (one as f32 - other).abs() < 0.5;
    (4..=5).contains(&points.len())
        && points.iter().all(|point| {
            (is_near(point.x, area.left) || is_near(point.x, area.right))
                && (is_near(point.y, area.top) || is_near(point.y, area.bottom))
        })
}

/// The straight lines of a stroked path, as boxes without width.
pub(super) fn strokes(path: &BezPath) -> Vec<Area> {
    let mut lines = Vec::new();
    let mut first: Option<Point> = None;
    let mut last: Option<Point> = None;
    let mut line = |from: Option<Point>, to: Point| {
        let Some(from) = from else { return };
        let area = hull(&[from, to]);
        let length = area.width().max(area.height());
        if area.width().min(area.height()) <= 0.5 && length > 0.0 {
            lines.push(area);
        }
    };
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(point) => {
                first = Some(point);
                last = Some(point);
            }
            PathEl::LineTo(point) => {
                line(last, point);
                last = Some(point);
            }
            PathEl::ClosePath => {
                if let Some(first) = first {
                    line(last, first);
                }
                last = first;
            }
            curve => last = end(curve).or(last_of(curve)),
        }
    }
    lines
}

fn last_of(element: PathEl) -> Option<Point> {
    match element {
        PathEl::QuadTo(_, point) | PathEl::CurveTo(_, _, point) => Some(point),
        _ => None,
    }
}

/// The lines of one direction, those at one distance joined where they touch.
pub(super) fn joined(rules: &[Rule], is_level: bool, slack: f32) -> Vec<Rule> {
    let mut rules: Vec<Rule> =
        rules.iter().copied().filter(|rule| rule.is_level == is_level).collect();
    rules.sort_by(|one, other| one.at.total_cmp(&other.at));
    let mut joined: Vec<Rule> = Vec::new();
    let mut rest = rules.as_slice();
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|rule| rule.at - first.at <= slack).count();
        let (same, others) = rest.split_at(count);
        rest = others;
        let mut same = same.to_vec();
        same.sort_by(|one, other| one.from.total_cmp(&other.from));
        let mut open: Option<Rule> = None;
        for rule in same {
            match &mut open {
                Some(open) if rule.from <= open.to + PIECE_GAP => {
                    if rule.length() > open.length() {
                        open.at = rule.at;
                    }
                    open.to = open.to.max(rule.to);
                }
                _ => {
                    joined.extend(open.take());
                    open = Some(rule);
                }
            }
        }
        joined.extend(open);
    }
    // A dot is no line.
    joined.retain(|rule| rule.length() > slack);
    joined
}
