//! What is known of the arms of an experiment: how likely each share of successes is, one arm below the other on the same axis.

use statrs::distribution::{Beta, Continuous as _, ContinuousCDF as _};

use super::axis::{Axis, TICK, named};
use super::font::{cut, widest};
use super::mark::{Anchor, Paint, Place, Shape, datum, rule, whisker, words};
use super::number::{number, thousands};
use super::{About, Figure, Numbers, WIDTH};
use crate::statistics::float;

/// An arm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arm {
    /// What it is called.
    pub name: String,
    /// How many were reached by it.
    pub pulls: u64,
    /// How many of them did what counts.
    pub successes: u64,
}

/// The arms, with what is known besides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Posterior {
    /// The arms.
    pub arms: Vec<Arm>,
    /// By arm, its share over far more, in percent: marked, so that one sees whether what is known here misleads.
    pub over_all: Vec<Option<f64>>,
    /// What that is called.
    pub called: String,
}

const TOP: f64 = 30.0;
const ROW: f64 = 84.0;
const RIDGE: f64 = 58.0;
/// So many places of a curve.
const FINE: u32 = 160;

/// Draws them: Beta distributions, all shares as likely before anything is seen, as the engine has them.
#[must_use]
pub fn posterior(about: About<'_>, given: &Posterior) -> Figure {
    let betas: Vec<Option<Beta>> = given.arms.iter().map(known).collect();
    let ends: Vec<Option<(f64, f64)>> =
        betas.iter().map(|beta| beta.as_ref().map(|beta| (beta.inverse_cdf(0.025), beta.inverse_cdf(0.975)))).collect();
    let left = (widest(given.arms.iter().map(|arm| arm.name.as_str()), TICK + 1.0) + 20.0).clamp(90.0, 200.0);
    let right = WIDTH - 20.0;
    let reach = betas.iter().flatten().map(|beta| beta.inverse_cdf(0.995) * 100.0);
    let along = Axis::over(reach.chain(given.over_all.iter().flatten().copied()).chain([0.0]), 8.0, "%", (left, right));
    let curves: Vec<Vec<(f64, f64)>> =
        betas.iter().map(|beta| beta.as_ref().map(|beta| curve(beta, &along)).unwrap_or_default()).collect();
    let highest = curves.iter().flatten().map(|(_, density)| *density).fold(1e-9, f64::max);
    let bottom = TOP + ROW * crate::statistics::count(given.arms.len());
    let mut marks = along.upwards(TOP, bottom);
    let mut foot = TOP + ROW - 14.0;
    for (place, arm) in given.arms.iter().enumerate() {
        let says = said(arm, ends.get(place).copied().flatten());
        marks.push(words(
            (0.0, foot - 16.0),
            cut(&arm.name, TICK + 1.0, left - 12.0),
            Anchor::Start,
            TICK + 1.0,
            Paint::Ink,
        ));
        let counts = format!("{} of {}", thousands(arm.successes), thousands(arm.pulls));
        marks.push(words((0.0, foot), counts, Anchor::Start, TICK, Paint::Soft));
        let top: Vec<Place> = curves
            .get(place)
            .into_iter()
            .flatten()
            .map(|(x, density)| (along.at(*x), (density / highest).mul_add(-RIDGE, foot)))
            .collect();
        if let (Some((first, _)), Some((last, _))) = (top.first().copied(), top.last().copied()) {
            let area = top.iter().copied().chain([(last, foot), (first, foot)]);
            marks.push(datum(Shape::Area(area.collect()), Paint::Band(0), &says));
            marks.push(datum(Shape::Line(top), Paint::Series(0), &says));
        }
        if let Some(Some((low, high))) = ends.get(place) {
            let y = foot + 5.0;
            marks.push(whisker((along.at(low * 100.0), y), (along.at(high * 100.0), y), Paint::Ink, &says));
        }
        if let Some(Some(share)) = given.over_all.get(place) {
            let x = along.at(*share);
            marks.push(datum(
                Shape::Line(vec![(x, foot - RIDGE), (x, foot)]),
                Paint::Dashed(1),
                format!("{}, {}: {}%", arm.name, given.called, number(*share)),
            ));
            if place == 0 {
                marks.push(words((x + 6.0, foot - RIDGE + 2.0), &given.called, Anchor::Start, TICK, Paint::Series(1)));
            }
        }
        marks.push(rule((left, foot), (right, foot), Paint::Axis));
        foot += ROW;
    }
    marks.push(named((f64::midpoint(left, right), bottom + 2.0 * TICK + 12.0), "share of successes", Anchor::Middle));
    let rows = given.arms.iter().enumerate().map(|(place, arm)| {
        let percent =
            |share: Option<f64>| share.map_or_else(|| "undefined".to_owned(), |share| format!("{}%", number(share)));
        let end = ends.get(place).copied().flatten();
        vec![
            arm.name.clone(),
            thousands(arm.pulls),
            thousands(arm.successes),
            percent((arm.pulls > 0).then(|| float(arm.successes) / float(arm.pulls) * 100.0)),
            percent(end.map(|(low, _)| low * 100.0)),
            percent(end.map(|(_, high)| high * 100.0)),
            percent(given.over_all.get(place).copied().flatten()),
        ]
    });
    let columns = ["arm", "reached", "succeeded", "share", "95% from", "to", &given.called];
    Figure::new(about, bottom + 2.0 * TICK + 22.0, marks, Numbers::of(&columns, rows))
}

fn known(arm: &Arm) -> Option<Beta> {
    Beta::new(float(arm.successes) + 1.0, float(arm.pulls.checked_sub(arm.successes)?) + 1.0).ok()
}

/// Shares in percent, and how likely each is.
fn curve(beta: &Beta, along: &Axis) -> Vec<(f64, f64)> {
    let (from, to) = along.ends();
    let place = |step: u32| (to.min(100.0) - from).mul_add(f64::from(step) / f64::from(FINE), from);
    (0..=FINE).map(place).map(|share| (share, beta.pdf((share / 100.0).clamp(0.0, 1.0)))).collect()
}

fn said(arm: &Arm, ends: Option<(f64, f64)>) -> String {
    let between = ends
        .map(|(low, high)| {
            format!(", its share 95 times in 100 from {} to {}%", number(low * 100.0), number(high * 100.0))
        })
        .unwrap_or_default();
    format!("{}: {} of {} succeeded{between}", arm.name, thousands(arm.successes), thousands(arm.pulls))
}
