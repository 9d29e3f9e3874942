//! The numbers of a report while they are made up: whole numbers, so that they add up.

use entity::template::{CellState, Measure, Template};

use crate::cells::{Cell, Cells, Quantity};

/// What an agency prints where it has nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zeros {
    Printed,
    Blank,
    Slash,
}

/// A number for each cell of the form, both templates; money in millionths of a CNY.
#[derive(Clone, Debug)]
pub struct Numbers(Vec<i64>);

impl Default for Numbers {
    fn default() -> Self {
        Self(vec![0; Measure::cells().len()])
    }
}

impl Numbers {
    pub fn get(&self, cell: Measure) -> i64 {
        self.0[place(cell)]
    }

    pub fn set(&mut self, cell: Measure, number: i64) {
        self.0[place(cell)] = number;
    }

    pub fn add(&mut self, cell: Measure, number: i64) {
        self.0[place(cell)] += number;
    }

    /// Adds another report's numbers, cell by cell.
    pub fn add_all(&mut self, other: &Self) {
        for (number, other) in self.0.iter_mut().zip(&other.0) {
            *number += other;
        }
    }

    /// As a template prints them.
    pub fn cells(&self, template: Template, zeros: Zeros) -> Cells {
        let mut cells = Cells::default();
        for (&measure, &number) in Measure::cells().iter().zip(&self.0) {
            if !measure.is_in(template) {
                continue;
            }
            let cell = match (number, zeros) {
                (0, Zeros::Blank) => Cell::missing(CellState::Blank),
                (0, Zeros::Slash) => Cell::missing(CellState::Slash),
                _ if measure.is_amount() => Cell::reported(Quantity::of_micro_cny(number)),
                _ => Cell::reported(Quantity::Count(number)),
            };
            cells.set(measure, cell);
        }
        cells
    }
}

/// Where a cell stands among all cells.
fn place(cell: Measure) -> usize {
    Measure::cells().binary_search(&cell).expect("only cells of the form are counted, and in order")
}
