//! Columns over steps that follow each other, each with its interval: how long a queue is at the end of each week, what comes in each month.

use super::axis::{Axis, TICK, named};
use super::font::widest;
use super::mark::{Anchor, Paint, Shape, datum, whisker, words};
use super::number::number;
use super::{About, Figure, Numbers, WIDTH};
use crate::statistics::count;

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    /// What the steps are: `week`.
    pub step: String,
    /// What the numbers are: `questions open at its end`.
    pub what: String,
    /// What the intervals are, in two headings: `nine of ten seeds from` and `to`.
    pub between: [&'static str; 2],
    /// The columns.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What its step is called.
    pub step: String,
    /// On the average.
    pub mean: f64,
    /// Between what it is.
    pub interval: (f64, f64),
}

const TOP: f64 = 30.0;
const HEIGHT: f64 = 190.0;

/// Draws them.
#[must_use]
pub fn columns(about: About<'_>, given: &Columns) -> Figure {
    let all = &given.columns;
    let reach = all.iter().flat_map(|column| [column.mean, column.interval.1, 0.0]);
    let up = Axis::over(reach, 4.0, "", (TOP + HEIGHT, TOP));
    let labels: Vec<String> = up.ticks().map(|tick| up.label(tick)).collect();
    let left = widest(labels.iter().map(String::as_str), TICK) + 14.0;
    let right = WIDTH - 8.0;
    let room = (right - left) / count(all.len().max(1));
    let wide = (room * 0.6).min(44.0);
    let names = widest(all.iter().map(|column| column.step.as_str()), TICK) + 6.0;
    let every = (1..).find(|every| count(*every) * room >= names).unwrap_or(1);
    let mut marks = up.across(left, right);
    marks.push(named((0.0, TOP - 14.0), &given.what, Anchor::Start));
    for (place, column) in all.iter().enumerate() {
        let middle = room.mul_add(count(place) + 0.5, left);
        let (top, bottom) = (up.at(column.mean), up.at(0.0));
        let (low, high) = column.interval;
        let says =
            format!("{} {}: {} ({} to {})", given.step, column.step, number(column.mean), number(low), number(high));
        let bar = Shape::Bar((middle - wide / 2.0, top.min(bottom)), wide, (bottom - top).abs().max(0.5));
        marks.push(datum(bar, Paint::Series(0), &says));
        if high > low {
            marks.push(whisker((middle, up.at(low)), (middle, up.at(high)), Paint::Ink, &says));
        }
        if place % every == 0 {
            let at = (middle, TOP + HEIGHT + TICK + 6.0);
            marks.push(words(at, &column.step, Anchor::Middle, TICK, Paint::Soft));
        }
    }
    let below = (f64::midpoint(left, right), TOP + HEIGHT + 2.0 * TICK + 12.0);
    marks.push(words(below, &given.step, Anchor::Middle, TICK, Paint::Soft));
    let rows = all.iter().map(|column| {
        vec![column.step.clone(), number(column.mean), number(column.interval.0), number(column.interval.1)]
    });
    let [from, to] = given.between;
    let numbers = Numbers::of(&[&given.step, "mean", from, to], rows);
    Figure::new(about, TOP + HEIGHT + TICK * 2.0 + 22.0, marks, numbers)
}
