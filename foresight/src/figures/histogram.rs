//! How a score is spread, one picture above the other for those that turned out well and for the others: on the same axes, so that nothing has
//! to be told by its colour.

use super::axis::{Axis, TICK, named};
use super::mark::{Anchor, Mark, Paint, Shape, datum, words};
use super::number::{number, thousands};
use super::{About, Figure, Numbers, WIDTH};
use crate::statistics::{count, float};

/// What is drawn: scores and outcomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// Scores of those that turned out well.
    pub good: Vec<f64>,
    /// Of the others.
    pub others: Vec<f64>,
}

const TOP: f64 = 30.0;
const HEIGHT: f64 = 110.0;
const BETWEEN: f64 = 34.0;
const LEFT: f64 = 44.0;

/// Draws it; `what` says what the scores are: `points of icp`.
#[must_use]
pub fn histogram(about: About<'_>, what: &str, given: &Histogram) -> Figure {
    let all = || given.good.iter().chain(&given.others).copied().filter(|score| score.is_finite());
    let right = WIDTH - 18.0;
    let along = Axis::over(all(), 14.0, "", (LEFT + 6.0, right));
    let ticks: Vec<f64> = along.ticks().collect();
    let edges: Vec<(f64, f64)> = ticks.iter().copied().zip(ticks.iter().copied().skip(1)).collect();
    let last = edges.len().saturating_sub(1);
    let counted = |scores: &[f64]| -> Vec<u64> {
        let within = |place: usize, (from, to): (f64, f64), score: f64| {
            // The last piece holds its upper end too.
            score >= from && (score < to || (place == last && score <= to))
        };
        let one = |(place, edge): (usize, &(f64, f64))| {
            scores.iter().filter(|score| within(place, *edge, **score)).count() as u64
        };
        edges.iter().enumerate().map(one).collect()
    };
    let kinds = [
        ("turned out well", counted(&given.good), given.good.len()),
        ("did not", counted(&given.others), given.others.len()),
    ];
    let share = |hits: u64, of: usize| if of == 0 { 0.0 } else { float(hits) / count(of) * 100.0 };
    let shares = kinds.iter().flat_map(|(_, counts, of)| counts.iter().map(|hits| share(*hits, *of)));
    let scale = Axis::over(shares.chain([0.0]), 3.0, "%", (HEIGHT, 0.0));
    let mut marks = Vec::new();
    let mut top = TOP;
    for (place, (name, counts, of)) in kinds.iter().enumerate() {
        marks.extend(scale.across(LEFT, right).into_iter().map(|mark| lowered(mark, top)));
        let title = format!("{name}: {}", thousands(*of as u64));
        marks.push(words((LEFT, top - 10.0), title, Anchor::Start, TICK + 1.0, Paint::Series(place)));
        for ((from, to), hits) in edges.iter().zip(counts) {
            let (x, wide) = (along.at(*from) + 1.0, along.at(*to) - along.at(*from) - 2.0);
            let y = top + scale.at(share(*hits, *of));
            let says = format!(
                "{} to {} points: {} of {} that {name}, {}%",
                number(*from),
                number(*to),
                thousands(*hits),
                thousands(*of as u64),
                number(share(*hits, *of))
            );
            if *hits > 0 {
                marks.push(datum(Shape::Bar((x, y), wide, top + HEIGHT - y), Paint::Series(place), says));
            }
        }
        top += HEIGHT + BETWEEN;
    }
    let bottom = top - BETWEEN;
    for tick in &ticks {
        let at = (along.at(*tick), bottom + TICK + 6.0);
        marks.push(words(at, along.label(*tick), Anchor::Middle, TICK, Paint::Soft));
    }
    marks.push(named((f64::midpoint(LEFT, right), bottom + 2.0 * TICK + 12.0), what, Anchor::Middle));
    let [(_, good, good_of), (_, others, others_of)] = &kinds;
    let rows = edges.iter().zip(good.iter().zip(others)).map(|((from, to), (good, other))| {
        let cell = |hits: u64, of: usize| {
            if of == 0 { "undefined".to_owned() } else { format!("{}%", number(share(hits, of))) }
        };
        vec![
            format!("{} to {}", number(*from), number(*to)),
            thousands(*good),
            cell(*good, *good_of),
            thousands(*other),
            cell(*other, *others_of),
        ]
    });
    let columns = ["points", "turned out well", "of all that did", "did not", "of all that did not"];
    Figure::new(about, bottom + TICK * 2.0 + 22.0, marks, Numbers::of(&columns, rows))
}

/// The same mark further down.
fn lowered(mut mark: Mark, by: f64) -> Mark {
    match &mut mark.shape {
        Shape::Line(places) | Shape::Area(places) => places.iter_mut().for_each(|(_, y)| *y += by),
        Shape::Bar((_, y), ..) | Shape::Dot((_, y), _) | Shape::Words { at: (_, y), .. } => *y += by,
    }
    mark
}
