//! Numbers before and after a change: from an empty dot to a full one, one below the other on the same axis.

use super::axis::{Axis, TICK, named};
use super::font::{cut, widest};
use super::mark::{Anchor, Paint, Shape, datum, words};
use super::{About, Figure, Numbers, WIDTH};
use crate::statistics::count;

/// What moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// What it is.
    pub name: String,
    /// As it is.
    pub before: f64,
    /// As it would be.
    pub after: f64,
    /// In words: `20% to 25%`.
    pub said: String,
}

const TOP: f64 = 26.0;
const ROW: f64 = 26.0;

/// Draws them; `what` says what the numbers are, `rows` what they are of.
#[must_use]
pub fn shift(about: About<'_>, what: &str, unit: &'static str, rows_are: &str, rows: &[Moved]) -> Figure {
    let left = (widest(rows.iter().map(|row| row.name.as_str()), TICK) + 18.0).min(330.0);
    let right = WIDTH - 14.0 - widest(rows.iter().map(|row| row.said.as_str()), TICK);
    let axis = Axis::over(rows.iter().flat_map(|row| [row.before, row.after, 0.0]), 5.0, unit, (left, right - 12.0));
    let bottom = TOP + ROW * count(rows.len()) + 4.0;
    let mut marks = axis.upwards(TOP, bottom);
    marks.push(named((left, TOP - 10.0), &format!("{what}: as it is (empty), as it would be (full)"), Anchor::Start));
    for (place, row) in rows.iter().enumerate() {
        let y = ROW.mul_add(count(place) + 0.5, TOP);
        let says = format!("{}: {}", row.name, row.said);
        let (from, to) = (axis.at(row.before), axis.at(row.after));
        marks.push(words((0.0, y + TICK * 0.35), cut(&row.name, TICK, left - 10.0), Anchor::Start, TICK, Paint::Ink));
        marks.push(words((right, y + TICK * 0.35), &row.said, Anchor::Start, TICK, Paint::Ink));
        marks.push(datum(Shape::Line(vec![(from, y), (to, y)]), Paint::Ink, &says));
        marks.push(datum(Shape::Dot((from, y), 4.5), Paint::Hollow(0), &says));
        marks.push(datum(Shape::Dot((to, y), 4.5), Paint::Series(0), says));
    }
    let table = rows.iter().map(|row| vec![row.name.clone(), row.said.clone()]);
    Figure::new(about, bottom + TICK + 14.0, marks, Numbers::of(&[rows_are, what], table))
}
