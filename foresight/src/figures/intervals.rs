//! Figures with their intervals, one below the other on the same axis, against a line that means nothing: no difference, no loss.

use super::axis::{Axis, TICK, named};
use super::font::{cut, widest};
use super::mark::{Anchor, Paint, Shape, datum, rule, whisker, words};
use super::{About, Figure, Numbers, WIDTH};
use crate::statistics::count;

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intervals {
    /// What the numbers are.
    pub what: String,
    /// Behind each number of the axis: `%`, or nothing.
    pub unit: &'static str,
    /// What means nothing; marked, and always within the picture.
    pub nothing: Option<f64>,
    /// Over the first column of the table.
    pub rows_are: String,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// What it is of.
    pub name: String,
    /// It belongs to the row above that does not.
    pub inner: bool,
    /// The number; none where it is undefined.
    pub value: Option<f64>,
    /// Between what it is.
    pub interval: Option<(f64, f64)>,
    /// In words, as it is told everywhere.
    pub said: String,
    /// What else is to be said, for the table alone.
    pub besides: String,
}

const TOP: f64 = 26.0;
const ROW: f64 = 24.0;

/// Draws them.
#[must_use]
pub fn intervals(about: About<'_>, given: &Intervals) -> Figure {
    let rows = &given.rows;
    let left = (widest(rows.iter().map(|row| row.name.as_str()), TICK) + 30.0).min(230.0);
    let right = WIDTH - 12.0 - widest(rows.iter().map(|row| row.said.as_str()), TICK).min(210.0);
    let reach = rows.iter().flat_map(|row| {
        let (low, high) = row.interval.unzip();
        [row.value, low, high].into_iter().flatten()
    });
    let axis = Axis::over(reach.chain(given.nothing), 5.0, given.unit, (left, right - 10.0));
    let bottom = TOP + ROW * count(rows.len()) + 4.0;
    let mut marks = axis.upwards(TOP, bottom);
    marks.push(named((left, TOP - 10.0), &given.what, Anchor::Start));
    if let Some(nothing) = given.nothing {
        marks.push(rule((axis.at(nothing), TOP), (axis.at(nothing), bottom), Paint::Axis));
    }
    for (place, row) in rows.iter().enumerate() {
        let y = ROW.mul_add(count(place) + 0.5, TOP);
        let indent = if row.inner { 16.0 } else { 0.0 };
        let ink = if row.inner { Paint::Soft } else { Paint::Ink };
        let says = format!("{}: {}", row.name, row.said);
        let name = cut(&row.name, TICK, left - indent - 8.0);
        marks.push(words((indent, y + TICK * 0.35), name, Anchor::Start, TICK, ink));
        marks.push(words((right, y + TICK * 0.35), cut(&row.said, TICK, 210.0), Anchor::Start, TICK, ink));
        if let Some((low, high)) = row.interval {
            marks.push(whisker((axis.at(low), y), (axis.at(high), y), Paint::Ink, &says));
        }
        if let Some(value) = row.value {
            let apart = given
                .nothing
                .is_none_or(|nothing| row.interval.is_some_and(|(low, high)| low > nothing || high < nothing));
            let paint = if apart { Paint::Series(0) } else { Paint::Hollow(0) };
            marks.push(datum(Shape::Dot((axis.at(value), y), 4.5), paint, says));
        }
    }
    let has_more = rows.iter().any(|row| !row.besides.is_empty());
    let mut columns = vec![given.rows_are.as_str(), given.what.as_str()];
    columns.extend(has_more.then_some("besides"));
    let table = rows.iter().map(|row| {
        let mut cells = vec![row.name.clone(), row.said.clone()];
        cells.extend(has_more.then(|| row.besides.clone()));
        cells
    });
    Figure::new(about, bottom + TICK + 14.0, marks, Numbers::of(&columns, table))
}
