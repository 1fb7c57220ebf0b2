//! Two of the same kind beside each other, measure by measure: how much more the second one has, and how sure that is. Each measure has a
//! scale of its own, with no difference in the middle.

use super::axis::{TICK, named};
use super::font::{cut, widest};
use super::mark::{Anchor, Paint, Shape, datum, rule, whisker, words};
use super::number::{number, signed};
use super::{About, Figure, Numbers, WIDTH};
use crate::statistics::count;

/// A measure of both.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// What it is.
    pub name: String,
    /// Behind each number: `%`, or nothing.
    pub unit: &'static str,
    /// Of the first one; none where it is undefined.
    pub before: Option<f64>,
    /// Of the second one.
    pub after: Option<f64>,
    /// The second less the first, and between what that surely is; none where it is undefined.
    pub more: Option<(f64, (f64, f64))>,
}

const TOP: f64 = 28.0;
const ROW: f64 = 26.0;
const HALF: f64 = 120.0;

/// Draws them; first come the names of both.
#[must_use]
pub fn comparison(about: About<'_>, [one, other]: [&str; 2], rows: &[Compared]) -> Figure {
    let left = (widest(rows.iter().map(|row| row.name.as_str()), TICK) + 14.0).min(190.0);
    let middle = left + HALF + 14.0;
    let right = WIDTH - 2.0;
    let (first, second) = (right - 92.0, right);
    let bottom = TOP + ROW * count(rows.len());
    let mut marks = vec![
        named((middle - HALF, TOP - 10.0), "less", Anchor::Start),
        named((middle, TOP - 10.0), "no difference", Anchor::Middle),
        named((middle + HALF, TOP - 10.0), "more", Anchor::End),
        words((first, TOP - 10.0), cut(one, TICK, 88.0), Anchor::End, TICK, Paint::Soft),
        words((second, TOP - 10.0), cut(other, TICK, 84.0), Anchor::End, TICK, Paint::Ink),
        rule((middle, TOP - 4.0), (middle, bottom), Paint::Axis),
    ];
    for (place, row) in rows.iter().enumerate() {
        let y = ROW.mul_add(count(place) + 0.5, TOP);
        let foot = y + TICK * 0.35;
        let of = |value: Option<f64>| {
            value.map_or_else(|| "undefined".to_owned(), |value| format!("{}{}", number(value), row.unit))
        };
        marks.push(words((0.0, foot), cut(&row.name, TICK, left - 8.0), Anchor::Start, TICK, Paint::Ink));
        marks.push(words((first, foot), of(row.before), Anchor::End, TICK, Paint::Soft));
        marks.push(words((second, foot), of(row.after), Anchor::End, TICK, Paint::Ink));
        marks.push(rule((middle - HALF, y), (middle + HALF, y), Paint::Grid));
        let says = format!("{}: {}", row.name, said(row));
        if let Some((more, (from, to))) = row.more {
            let widest = [more, from, to].into_iter().map(f64::abs).fold(0.0, f64::max);
            let at = |value: f64| if widest > 0.0 { middle + value / widest * HALF } else { middle };
            if to > from {
                marks.push(whisker((at(from), y), (at(to), y), Paint::Ink, &says));
            }
            let paint = if from > 0.0 || to < 0.0 { Paint::Series(0) } else { Paint::Hollow(0) };
            marks.push(datum(Shape::Dot((at(more), y), 4.5), paint, &says));
        }
        marks.push(words((middle + HALF + 12.0, foot), said(row), Anchor::Start, TICK, Paint::Ink));
    }
    let table = rows.iter().map(|row| {
        let cell = |value: Option<f64>, sign: bool| {
            value.map_or_else(
                || "undefined".to_owned(),
                |value| format!("{}{}", if sign { signed(value) } else { number(value) }, row.unit),
            )
        };
        vec![
            row.name.clone(),
            cell(row.before, false),
            cell(row.after, false),
            cell(row.more.map(|(more, _)| more), true),
            cell(row.more.map(|(_, (from, _))| from), true),
            cell(row.more.map(|(_, (_, to))| to), true),
        ]
    });
    let columns = ["measure", one, other, "more", "surely from", "to"];
    Figure::new(about, bottom + 12.0, marks, Numbers::of(&columns, table))
}

fn said(row: &Compared) -> String {
    row.more.map_or_else(
        || "undefined".to_owned(),
        |(more, (from, to))| format!("{}{} ({} to {})", signed(more), row.unit, signed(from), signed(to)),
    )
}
