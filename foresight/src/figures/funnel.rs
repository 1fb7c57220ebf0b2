//! A funnel: how many came to each step, a bar each, steps of one process under its name.

use super::axis::{Axis, TICK, named};
use super::font::{cut, widest};
use super::mark::{Anchor, Paint, Shape, datum, rule, whisker, words};
use super::number::number;
use super::{About, Figure, Numbers, WIDTH};
use crate::statistics::count;

/// A step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Of what process.
    pub of: String,
    /// What it is called.
    pub name: String,
    /// How many came there, on the average.
    pub mean: f64,
    /// Nine of ten times more than this,
    pub low: f64,
    /// and less than that.
    pub high: f64,
}

const ROW: f64 = 22.0;
const BAR: f64 = 12.0;
const HEAD: f64 = 30.0;
const TOP: f64 = 26.0;
const INDENT: f64 = 16.0;

/// Draws it; `unit` says what comes: `runs`.
#[must_use]
pub fn funnel(about: About<'_>, unit: &str, steps: &[Step]) -> Figure {
    let said = |step: &Step| format!("{} ({} to {})", number(step.mean), number(step.low), number(step.high));
    let steps_are = widest(steps.iter().map(|step| step.name.as_str()), TICK) + INDENT;
    let groups_are = widest(steps.iter().map(|step| step.of.as_str()), TICK + 1.0);
    let left = (steps_are.max(groups_are) + 12.0).min(240.0);
    let right = widest(steps.iter().map(said).collect::<Vec<_>>().iter().map(String::as_str), TICK) + 14.0;
    let groups = steps.chunk_by(|one, other| one.of == other.of).count();
    let bottom = TOP + count(groups) * HEAD + count(steps.len()) * ROW;
    let axis = Axis::over(steps.iter().map(|step| step.high).chain([0.0]), 6.0, "", (left, WIDTH - right));
    let mut marks = axis.upwards(TOP, bottom);
    marks.push(named((left, TOP - 10.0), unit, Anchor::Start));
    let mut y = TOP;
    for group in steps.chunk_by(|one, other| one.of == other.of) {
        let name = group.first().map(|step| step.of.clone()).unwrap_or_default();
        marks.push(words((0.0, y + HEAD - 9.0), name, Anchor::Start, TICK + 1.0, Paint::Ink));
        y += HEAD;
        for step in group {
            let middle = y + ROW / 2.0;
            let says = format!("{}.{}: {} {unit}", step.of, step.name, said(step));
            let width = (axis.at(step.mean) - left).max(0.0);
            marks.push(words(
                (INDENT, middle + TICK * 0.35),
                cut(&step.name, TICK, left - INDENT - 6.0),
                Anchor::Start,
                TICK,
                Paint::Soft,
            ));
            marks.push(datum(Shape::Bar((left, middle - BAR / 2.0), width, BAR), Paint::Series(0), &says));
            if step.high > step.low {
                marks.push(whisker((axis.at(step.low), middle), (axis.at(step.high), middle), Paint::Ink, &says));
            }
            let at = (axis.at(step.high.max(step.mean)) + 8.0, middle + TICK * 0.35);
            marks.push(words(at, said(step), Anchor::Start, TICK, Paint::Ink));
            y += ROW;
        }
    }
    marks.push(rule((left, TOP), (left, bottom), Paint::Axis));
    let rows = steps
        .iter()
        .map(|step| vec![format!("{}.{}", step.of, step.name), number(step.mean), number(step.low), number(step.high)]);
    let numbers = Numbers::of(&["step", "mean", "nine of ten from", "to"], rows);
    Figure::new(about, bottom + TICK + 14.0, marks, numbers)
}
