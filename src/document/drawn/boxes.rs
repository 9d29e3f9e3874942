//! Boxes on a page, in points from its upper left corner.

use crate::place::Place;

/// A box on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Area {
    pub(super) const fn width(self) -> f32 {
        self.right - self.left
    }

    pub(super) const fn height(self) -> f32 {
        self.bottom - self.top
    }

    pub(super) const fn center(self) -> (f32, f32) {
        (f32::midpoint(self.left, self.right), f32::midpoint(self.top, self.bottom))
    }

    pub(super) fn holds(self, (x, y): (f32, f32)) -> bool {
        x >= self.left && x <= self.right && y >= self.top && y <= self.bottom
    }

    /// Whether the other lies inside, but for so many points on each side.
    pub(super) fn encloses(self, other: Self, slack: f32) -> bool {
        other.left >= self.left - slack
            && other.right <= self.right + slack
            && other.top >= self.top - slack
            && other.bottom <= self.bottom + slack
    }

    /// Whether the other lies between its left and right side.
    pub(super) fn holds_across(self, other: Self) -> bool {
        other.left >= self.left && other.right <= self.right
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// What both cover; none where that is nothing.
    pub(super) fn common(self, other: Self) -> Option<Self> {
        let both = Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        };
        (both.left <= both.right && both.top <= both.bottom).then_some(both)
    }

    /// The box on a page of this width and height after turning the page by quarters clockwise.
    pub(super) fn turned(self, quarters: u8, (width, height): (f32, f32)) -> Self {
        let Self { left, top, right, bottom } = self;
        match quarters % 4 {
            1 => Self { left: height - bottom, top: left, right: height - top, bottom: right },
            2 => Self {
                left: width - right,
                top: height - bottom,
                right: width - left,
                bottom: height - top,
            },
            3 => Self { left: top, top: width - right, right: bottom, bottom: width - left },
            _ => self,
        }
    }

    pub(super) const fn place(self, page: u16) -> Place {
        Place::Page { page, left: self.left, top: self.top, right: self.right, bottom: self.bottom }
    }

    pub(super) fn is_finite(self) -> bool {
        self.left.is_finite()
            && self.top.is_finite()
            && self.right.is_finite()
            && self.bottom.is_finite()
    }
}
