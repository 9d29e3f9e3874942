//! Tables without ruling lines: words that stand in columns -> rows of cells.
//!
//! A line with numbers is a row. Labels of several lines go to the row nearest to them; where two are
//! equally near, one that begins with a number of its own goes to the row below. Where the numbers of
//! all rows stand in columns that do not overlap, each is put in its column; else a row's numbers
//! stand in their order without places, and whoever reads them sees if one is missing.

use super::{
    boxes::Area,
    breaks,
    pages::Page,
    words::{self, Word},
};
use crate::document::grid::{Cell, Grid};

/// In sizes of the text: the gap that parts cells.
const CELL_GAP: f32 = 0.9;
/// In sizes of the text: the gap between lines that ends a table.
const TABLE_GAP: f32 = 4.5;
/// Of a page's width: a line longer than this without a gap is prose.
const PROSE: f32 = 0.5;
/// Numbers in a line that make it a table's; with fewer, so many lines do.
const NUMBERS: usize = 3;
const LINES: usize = 3;
/// Numbers of a row from which on columns are looked for.
const COLUMNS: usize = 5;
/// Points by which a head may stand out from under the first or last column's numbers.
const OUTSIDE: f32 = 30.0;
/// Of the numbers' size: a line alone as large as this is a heading.
const HEADING: f32 = 1.15;
/// In sizes of the text: distances to two rows that differ by less are alike.
const ALIKE: f32 = 0.35;

/// Words that stand together.
#[derive(Clone)]
struct Piece {
    text: String,
    area: Area,
    size: f32,
    /// Its words, where it has several.
    parts: Vec<Self>,
}

/// A line of pieces from the left, and the words it is made of.
struct Line {
    pieces: Vec<Piece>,
    area: Area,
    words: Vec<Word>,
}

impl Line {
    fn of(line: &[&Word]) -> Option<Self> {
        let area = line.iter().map(|word| word.area).reduce(Area::and)?;
        let words: Vec<Word> = line.iter().map(|word| (*word).clone()).collect();
        let mut pieces: Vec<Piece> = Vec::new();
        let mut open: Vec<&Word> = Vec::new();
        for word in line {
            let gap = open.last().map_or(0.0, |last| word.area.left - last.area.right);
            if gap > CELL_GAP * word.size {
                pieces.extend(Piece::of(&std::mem::take(&mut open)));
            }
            open.push(word);
        }
        pieces.extend(Piece::of(&open));
        Some(Self { pieces, area, words })
    }

    /// How many numbers stand at its end, where a label or other numbers stand before them.
    fn numbers(&self) -> usize {
        let numbers = self.pieces.iter().rev().take_while(|piece| is_value(&piece.text)).count();
        if self.pieces.len() > 1 { numbers } else { 0 }
    }

    fn is_prose(&self, page_width: f32) -> bool {
        matches!(&self.pieces[..], [only] if only.area.width() > page_width * PROSE)
    }
}

impl Piece {
    fn of(line: &[&Word]) -> Option<Self> {
        let area = line.iter().map(|word| word.area).reduce(Area::and)?;
        let size = line.iter().map(|word| word.size).fold(0.0, f32::max);
        let parts = match line {
            [_] => Vec::new(),
            words => words.iter().filter_map(|word| Self::of(&[*word])).collect(),
        };
        Some(Self { text: words::line_text(line), area, size, parts })
    }
}

/// Whether a text stands where numbers stand: a number, or a way to write that there is none.
fn is_value(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let begins = text.starts_with(|c: char| c.is_numeric() || "-－—–/／\\+无".contains(c));
    begins && letters <= 2
}

/// The tables among words, each with its distance from the page's top, and the words of none.
pub(super) fn tables(words: &[Word], page: &Page) -> (Vec<(f32, Grid)>, Vec<Word>) {
    let lines: Vec<Line> =
        words::lines_of(words).iter().filter_map(|line| Line::of(line)).collect();
    let mut tables = Vec::new();
    let mut others: Vec<Word> = Vec::new();
    let mut open: Vec<Line> = Vec::new();
    let mut close = |open: &mut Vec<Line>, others: &mut Vec<Word>| {
        let (before, table, behind) = framed(std::mem::take(open));
        tables.extend(table.first().map(|line| line.area.top).zip(grid(&table, page)));
        others.extend(before.into_iter().chain(behind).flat_map(|line| line.words));
    };
    let mut number_size = f32::INFINITY;
    for line in lines {
        let is_heading = line.pieces.len() == 1 && line.pieces[0].size > number_size * HEADING;
        if line.numbers() > 0 {
            number_size = line.pieces[line.pieces.len() - 1].size;
        }
        let is_far = |last: &Line| line.area.top - last.area.bottom > TABLE_GAP * page.text_size;
        let is_text = is_heading || line.is_prose(page.size.0);
        if is_text || open.last().is_some_and(is_far) {
            close(&mut open, &mut others);
        }
        if is_text {
            others.extend(line.words);
        } else {
            open.push(line);
        }
    }
    close(&mut open, &mut others);
    (tables, others)
}

/// The lines before a table, of it, and behind it: it begins with its heads, which are the lines above
/// its first numbers that hold several pieces or stand close, and ends with its last numbers.
fn framed(lines: Vec<Line>) -> (Vec<Line>, Vec<Line>, Vec<Line>) {
    let is_row = |line: &Line| line.numbers() > 0;
    let strong = lines.iter().filter(|line| line.numbers() >= NUMBERS).count();
    let rows = lines.iter().filter(|line| is_row(line)).count();
    let ends = lines.iter().position(is_row).zip(lines.iter().rposition(is_row));
    let Some((first, last)) = ends.filter(|_| strong > 0 || rows >= LINES) else {
        return (lines, Vec::new(), Vec::new());
    };
    let heads = lines[..first].iter().position(|line| line.pieces.len() > 1).unwrap_or(first);
    // A label may end below its numbers.
    let behind = lines[last + 1..]
        .iter()
        .take_while(|line| {
            let row = &lines[last];
            line.area.top - row.area.bottom < line.pieces[0].size
                && !breaks::is_numbered(&line.pieces[0].text)
                && row.pieces.len() > row.numbers()
        })
        .count();
    let mut before = lines;
    let mut table = before.split_off(heads);
    let rest = table.split_off(last + 1 + behind - heads);
    (before, table, rest)
}

/// A row: the pieces of its label, and its numbers.
#[derive(Default)]
struct Row {
    middle: f32,
    labels: Vec<Piece>,
    numbers: Vec<Piece>,
}

fn grid(lines: &[Line], page: &Page) -> Option<Grid> {
    let first = lines.iter().position(|line| line.numbers() > 0)?;
    let mut rows: Vec<Row> = Vec::new();
    for line in lines.iter().filter(|line| line.numbers() > 0) {
        let labels = line.pieces.len() - line.numbers();
        let (labels, numbers) = line.pieces.split_at(labels);
        let middle = numbers.first().map_or(0.0, |number| number.area.center().1);
        rows.push(Row { middle, labels: labels.to_vec(), numbers: numbers.to_vec() });
    }
    // What begins a label right above the first numbers is no head.
    let left = rows.iter().flat_map(|row| &row.numbers).map(|number| number.area.left);
    let left = left.fold(f32::INFINITY, f32::min);
    let mut heads: Vec<Vec<Piece>> = Vec::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.numbers() == 0) {
        let (labels, others): (Vec<Piece>, Vec<Piece>) =
            line.pieces.iter().cloned().partition(|piece| {
                piece.area.right < left && (index > first || is_near(piece, &rows))
            });
        if index > first && !others.is_empty() {
            // Heads in the middle of the table: a row of their own.
            let middle = line.area.center().1;
            rows.push(Row { middle, labels: line.pieces.clone(), numbers: Vec::new() });
            continue;
        }
        for label in labels {
            attach(label, &mut rows);
        }
        heads.extend((!others.is_empty()).then_some(others));
    }
    rows.sort_by(|one, other| one.middle.total_cmp(&other.middle));
    Some(placed(heads, rows, page))
}

/// Whether a label's beginning stands right above the first numbers.
fn is_near(piece: &Piece, rows: &[Row]) -> bool {
    let first = rows.first().map_or(f32::INFINITY, |row| row.middle);
    breaks::is_numbered(&piece.text) && first - piece.area.center().1 < piece.size * 2.2
}

/// Gives a piece of a label to the row nearest to it.
fn attach(label: Piece, rows: &mut [Row]) {
    let middle = label.area.center().1;
    let distance = |row: &Row| (row.middle - middle).abs();
    let nearest = |is_side: &dyn Fn(&Row) -> bool| {
        let rows = rows.iter().enumerate().filter(|(_, row)| !row.numbers.is_empty());
        let near = rows.filter(|(_, row)| is_side(row));
        near.min_by(|(_, one), (_, other)| distance(one).total_cmp(&distance(other)))
            .map(|(index, row)| (index, distance(row)))
    };
    let above = nearest(&|row: &Row| row.middle <= middle);
    let below = nearest(&|row: &Row| row.middle > middle);
    let index = match (above, below) {
        (Some((above, up)), Some((below, down))) if (up - down).abs() < ALIKE * label.size => {
            if breaks::is_numbered(&label.text) {
                below
            } else {
                above
            }
        }
        (Some((above, up)), Some((below, down))) => {
            if up < down {
                above
            } else {
                below
            }
        }
        (Some((only, _)), None) | (None, Some((only, _))) => only,
        (None, None) => return,
    };
    rows[index].labels.push(label);
}

/// The labels of a row as cells from the left: pieces below each other are one.
fn label_cells(labels: &[Piece], page: &Page) -> Vec<Cell> {
    let mut sorted: Vec<&Piece> = labels.iter().collect();
    sorted.sort_by(|one, other| one.area.top.total_cmp(&other.area.top));
    let mut cells: Vec<(Area, String)> = Vec::new();
    for piece in sorted {
        let is_below = |area: &Area| piece.area.left < area.right && area.left < piece.area.right;
        match cells.iter_mut().find(|(area, _)| is_below(area)) {
            Some((area, text)) => {
                *area = area.and(piece.area);
                text.push('\n');
                text.push_str(&piece.text);
            }
            None => cells.push((piece.area, piece.text.clone())),
        }
    }
    cells.sort_by(|(one, _), (other, _)| one.left.total_cmp(&other.left));
    cells.into_iter().map(|(area, text)| Cell::new(&text, Some(page.place(area)))).collect()
}

/// The rows with their numbers in columns, where no two columns overlap; else in their order.
fn placed(heads: Vec<Vec<Piece>>, rows: Vec<Row>, page: &Page) -> Grid {
    let most = rows.iter().map(|row| row.numbers.len()).max().unwrap_or(0);
    let columns = columns(&rows);
    let is_placed = most >= COLUMNS && columns.len() == most;
    let cell = |piece: &Piece| Cell::new(&piece.text, Some(page.place(piece.area)));
    let labels: Vec<Vec<Cell>> = rows.iter().map(|row| label_cells(&row.labels, page)).collect();
    let label_columns = labels
        .iter()
        .zip(&rows)
        .filter(|(_, row)| !row.numbers.is_empty())
        .map(|(labels, _)| labels.len())
        .max()
        .unwrap_or(0);
    let mut grid = Grid::default();
    if is_placed {
        let (own, wide) = heads_over(heads, &columns, page, label_columns);
        grid.rows.push(own);
        grid.rows.extend(wide);
    } else {
        grid.rows.extend(heads.iter().map(|head| head.iter().map(cell).collect()));
    }
    for (mut cells, row) in labels.into_iter().zip(&rows) {
        if is_placed && !row.numbers.is_empty() {
            cells.resize(label_columns, Cell::new("", None));
            let at =
                |column: &Area| row.numbers.iter().find(|number| column.holds_across(number.area));
            let number = |column| at(column).map_or_else(|| Cell::new("", None), cell);
            cells.extend(columns.iter().map(number));
        } else {
            cells.extend(row.numbers.iter().map(cell));
        }
        grid.rows.push(cells);
    }
    grid
}

/// The columns that the numbers of all rows stand in: what overlaps is one. None where a row has two
/// numbers in one.
fn columns(rows: &[Row]) -> Vec<Area> {
    let mut areas: Vec<Area> =
        rows.iter().flat_map(|row| &row.numbers).map(|number| number.area).collect();
    areas.sort_by(|one, other| one.left.total_cmp(&other.left));
    let mut columns: Vec<Area> = Vec::new();
    for area in areas {
        match columns.last_mut().filter(|last| area.left < last.right) {
            Some(last) => *last = last.and(area),
            None => columns.push(area),
        }
    }
    let is_alone = |row: &Row| {
        columns.iter().all(|column| {
            row.numbers.iter().filter(|number| column.holds_across(number.area)).count() <= 1
        })
    };
    if rows.iter().all(is_alone) { columns } else { Vec::new() }
}

/// The heads that stand over one column each, as a row, and those that stand over several, as rows
/// without places: which columns they span is not drawn.
fn heads_over(
    heads: Vec<Vec<Piece>>,
    columns: &[Area],
    page: &Page,
    label_columns: usize,
) -> (Vec<Cell>, Vec<Vec<Cell>>) {
    let middle = |at: usize| {
        let (one, other) = (columns.get(at)?, columns.get(at + 1)?);
        Some(f32::midpoint(one.center().0, other.center().0))
    };
    let mut own: Vec<Vec<Piece>> = vec![Vec::new(); columns.len()];
    let mut wide: Vec<Vec<Cell>> = Vec::new();
    let over = |piece: &Piece| {
        (0..columns.len()).find(|&at| {
            let from = at.checked_sub(1).and_then(middle).unwrap_or(columns[0].left - OUTSIDE);
            let to = middle(at).unwrap_or(columns[columns.len() - 1].right + OUTSIDE);
            piece.area.left >= from && piece.area.right <= to
        })
    };
    for line in heads {
        let mut others: Vec<Cell> = Vec::new();
        for piece in line {
            // Heads of narrow columns stand closer than the words of a text.
            let parts: Option<Vec<usize>> = piece.parts.iter().map(over).collect();
            match (over(&piece), parts.filter(|parts| !parts.is_empty())) {
                (Some(at), _) => own[at].push(piece),
                (None, Some(parts)) => {
                    for (at, part) in parts.into_iter().zip(piece.parts) {
                        own[at].push(part);
                    }
                }
                (None, None) => others.push(Cell::new(&piece.text, Some(page.place(piece.area)))),
            }
        }
        wide.extend((!others.is_empty()).then_some(others));
    }
    let mut cells = vec![Cell::new("", None); label_columns];
    cells.extend(own.iter().map(|pieces| {
        let mut joined = label_cells(pieces, page);
        if joined.len() == 1 { joined.swap_remove(0) } else { Cell::new("", None) }
    }));
    (cells, wide)
}
