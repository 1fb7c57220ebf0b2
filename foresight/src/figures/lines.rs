//! Lines over steps that follow each other, weeks above all: a mean each, with the band in which it is, and its name at its end.

use super::axis::{Axis, TICK, named};
use super::font::{widest, width};
use super::mark::{Anchor, Mark, Paint, Place, Shape, datum, words};
use super::number::number;
use super::{About, Figure, Numbers, WIDTH};
use crate::statistics::count;

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    /// What the steps are: `week`.
    pub step: String,
    /// What each is called.
    pub steps: Vec<String>,
    /// What the numbers are: `answered within 7 days`.
    pub what: String,
    /// Behind each number: `%`, or nothing.
    pub unit: &'static str,
    /// The numbers have to be read from nought.
    pub from_nought: bool,
    /// What the band is, in two headings: `nine of ten seeds from` and `to`; none where there is no band.
    pub band: Option<[&'static str; 2]>,
    /// The lines.
    pub series: Vec<Series>,
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What it is called.
    pub name: String,
    /// By step; none where there is nothing to say.
    pub points: Vec<Option<Point>>,
}

/// A number at a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// What it is.
    pub value: f64,
    /// Between what it is; none where that is not known.
    pub interval: Option<(f64, f64)>,
    /// It can still change.
    pub open: bool,
}

const TOP: f64 = 30.0;
const HEIGHT: f64 = 240.0;

/// Draws them.
#[must_use]
pub fn lines(about: About<'_>, given: &Lines) -> Figure {
    let points = || given.series.iter().flat_map(|series| series.points.iter().flatten());
    let reach = points().flat_map(|point| {
        let (low, high) = point.interval.unwrap_or((point.value, point.value));
        [low, high, point.value]
    });
    let nought = given.from_nought.then_some(0.0);
    let up = Axis::over(reach.chain(nought), 5.0, given.unit, (TOP + HEIGHT, TOP));
    let labels: Vec<String> = up.ticks().map(|tick| up.label(tick)).collect();
    let left = widest(labels.iter().map(String::as_str), TICK) + 14.0;
    let right = WIDTH - 16.0 - widest(given.series.iter().map(|series| series.name.as_str()), TICK).min(180.0);
    let last = count(given.steps.len().saturating_sub(1)).max(1.0);
    let inset = if given.steps.len() > 1 { 12.0 } else { (right - left) / 2.0 };
    let along = Axis::exactly(0.0, last, 1.0, "", (left + inset, right - 12.0));
    let mut marks = up.across(left, right);
    marks.push(named((0.0, TOP - 14.0), &given.what, Anchor::Start));
    marks.extend(steps(&along, given, TOP + HEIGHT));
    let mut ends: Vec<(Place, &str, Paint)> = Vec::new();
    for (number, series) in given.series.iter().enumerate() {
        marks.extend(bands(series, number, &along, &up));
        let mut last = None;
        for stretch in stretches(series) {
            let places: Vec<Place> =
                stretch.iter().map(|(step, point)| (along.at(count(*step)), up.at(point.value))).collect();
            last = places.last().copied().or(last);
            marks.push(datum(Shape::Line(places), Paint::Dashed(number), ""));
        }
        for (step, point) in series.points.iter().enumerate().filter_map(|(step, point)| Some((step, point.as_ref()?)))
        {
            let paint = if point.open { Paint::Hollow(number) } else { Paint::Series(number) };
            let place = (along.at(count(step)), up.at(point.value));
            marks.push(datum(Shape::Dot(place, 3.5), paint, says(given, series, step, point)));
        }
        ends.extend(last.map(|(_, y)| ((right + 2.0, y), series.name.as_str(), Paint::Series(number))));
    }
    marks.extend(ends_apart(ends));
    Figure::new(about, TOP + HEIGHT + TICK * 2.0 + 22.0, marks, numbers(given))
}

/// What the steps are called, as many of them as have room.
fn steps(along: &Axis, given: &Lines, bottom: f64) -> Vec<Mark> {
    let last = count(given.steps.len().saturating_sub(1)).max(1.0);
    let room = (along.at(last) - along.at(0.0)) / last;
    let widest = widest(given.steps.iter().map(String::as_str), TICK) + 8.0;
    let every = (1..).find(|every| count(*every) * room >= widest).unwrap_or(1);
    let shown = given.steps.iter().enumerate().step_by(every);
    let mut marks: Vec<Mark> = shown
        .map(|(place, step)| {
            words((along.at(count(place)), bottom + TICK + 6.0), step, Anchor::Middle, TICK, Paint::Soft)
        })
        .collect();
    let middle = f64::midpoint(along.at(0.0), along.at(last));
    marks.push(words((middle, bottom + 2.0 * TICK + 12.0), &given.step, Anchor::Middle, TICK, Paint::Soft));
    marks
}

fn bands(series: &Series, number: usize, along: &Axis, up: &Axis) -> Vec<Mark> {
    let of = |stretch: Vec<(usize, Point)>| {
        let within: Vec<(usize, (f64, f64))> =
            stretch.into_iter().filter_map(|(step, point)| Some((step, point.interval?))).collect();
        let upper = within.iter().map(|(step, (_, high))| (along.at(count(*step)), up.at(*high)));
        let lower = within.iter().rev().map(|(step, (low, _))| (along.at(count(*step)), up.at(*low)));
        let places: Vec<Place> = upper.chain(lower).collect();
        match (within.as_slice(), places.as_slice()) {
            // One step has no width: its interval is an upright bar.
            ([_], [(x, high), (_, low)]) => {
                Some(datum(Shape::Bar((x - 3.0, *high), 6.0, (low - high).max(1.0)), Paint::Band(number), ""))
            }
            (_, [_, _, _, _, ..]) => Some(datum(Shape::Area(places), Paint::Band(number), "")),
            _ => None,
        }
    };
    stretches(series).into_iter().filter_map(of).collect()
}

/// Steps with something to say that follow each other.
fn stretches(series: &Series) -> Vec<Vec<(usize, Point)>> {
    let mut all = vec![Vec::new()];
    for (step, point) in series.points.iter().enumerate() {
        match (point, all.last_mut()) {
            (Some(point), Some(open)) => open.push((step, *point)),
            _ => all.push(Vec::new()),
        }
    }
    all.retain(|stretch| !stretch.is_empty());
    all
}

/// Names at the ends of their lines, pushed apart where they would lie on each other.
fn ends_apart(mut ends: Vec<(Place, &str, Paint)>) -> Vec<Mark> {
    const APART: f64 = TICK + 3.0;
    ends.sort_by(|one, other| one.0.1.total_cmp(&other.0.1));
    let mut below = f64::NEG_INFINITY;
    for ((_, y), ..) in &mut ends {
        *y = y.max(below + APART);
        below = *y;
    }
    // Back up, where the last ones were pushed out of the picture.
    let mut above = TOP + HEIGHT + APART;
    for ((_, y), ..) in ends.iter_mut().rev() {
        *y = y.min(above - APART);
        above = *y;
    }
    let named = |((x, y), name, paint): (Place, &str, Paint)| {
        words((x, y + TICK * 0.35), super::font::cut(name, TICK, 180.0), Anchor::Start, TICK, paint)
    };
    ends.into_iter().filter(|(_, name, _)| width(name, TICK) > 0.0).map(named).collect()
}

fn says(given: &Lines, series: &Series, step: usize, point: &Point) -> String {
    let at = given.steps.get(step).map_or("", String::as_str);
    let open = if point.open { ", still open" } else { "" };
    let between = point
        .interval
        .map(|(low, high)| format!(" ({} to {}{})", written(low, given), written(high, given), given.unit))
        .unwrap_or_default();
    let name = if series.name.is_empty() { &given.what } else { &series.name };
    format!("{} {at}, {name}: {}{}{between}{open}", given.step, written(point.value, given), given.unit)
}

/// Shares from 0 to 1 with three decimals, all else as everywhere.
fn written(value: f64, given: &Lines) -> String {
    let small = given.unit.is_empty()
        && given.series.iter().flat_map(|series| series.points.iter().flatten()).all(|point| point.value.abs() <= 1.0);
    if small { format!("{value:.3}") } else { number(value) }
}

fn numbers(given: &Lines) -> Numbers {
    let mut columns = vec![given.step.clone()];
    for series in &given.series {
        columns.push(if series.name.is_empty() { given.what.clone() } else { series.name.clone() });
        columns.extend(given.band.into_iter().flatten().map(str::to_owned));
    }
    let rows = given.steps.iter().enumerate().map(|(place, step)| {
        let mut row = vec![step.clone()];
        for series in &given.series {
            let point = series.points.get(place).copied().flatten();
            let unit = given.unit;
            row.push(point.map_or_else(
                || "undefined".to_owned(),
                |point| format!("{}{unit}{}", written(point.value, given), if point.open { "…" } else { "" }),
            ));
            if given.band.is_some() {
                let between = point.and_then(|point| point.interval);
                let cell = |end: Option<f64>| {
                    end.map_or_else(|| "undefined".to_owned(), |end| format!("{}{unit}", written(end, given)))
                };
                row.extend([cell(between.map(|(low, _)| low)), cell(between.map(|(_, high)| high))]);
            }
        }
        row
    });
    Numbers { rows: rows.collect(), columns }
}
