//! Whether what is foretold comes about as often: chances to the right, what came of them upwards, and the line on which both are the same.

use super::axis::{Axis, TICK, named};
use super::mark::{Anchor, Paint, Shape, datum, rule, whisker, words};
use super::number::{number, thousands};
use super::{About, Figure, Numbers};
use crate::statistics::Bin;

const LEFT: f64 = 52.0;
const TOP: f64 = 34.0;
const SIDE: f64 = 360.0;
/// A dot of half of all records would have this radius.
const LARGE: f64 = 11.0;
const SMALL: f64 = 3.0;

/// Draws bins of chances, each with how many it holds.
#[must_use]
pub fn calibration(about: About<'_>, bins: &[Bin]) -> Figure {
    let (right, bottom) = (LEFT + SIDE, TOP + SIDE);
    let along = Axis::exactly(0.0, 100.0, 20.0, "%", (LEFT, right));
    let up = Axis::exactly(0.0, 100.0, 20.0, "%", (bottom, TOP));
    let mut marks = up.across(LEFT, right);
    marks.extend(along.upwards(TOP, bottom));
    marks.push(named((0.0, TOP - 16.0), "of them turned out well", Anchor::Start));
    marks.push(named(
        (f64::midpoint(LEFT, right), bottom + 2.0 * TICK + 14.0),
        "chance that was foretold",
        Anchor::Middle,
    ));
    marks.push(rule((LEFT, bottom), (right, TOP), Paint::Axis));
    let note = right + 16.0;
    marks.push(words((note, TOP + 12.0), "on the slanted line, what is foretold", Anchor::Start, TICK, Paint::Soft));
    marks.push(words((note, TOP + 28.0), "comes about as often as it is said;", Anchor::Start, TICK, Paint::Soft));
    marks.push(words((note, TOP + 44.0), "below it, too much was promised.", Anchor::Start, TICK, Paint::Soft));
    marks.push(words((note, TOP + 68.0), "a larger dot holds more records;", Anchor::Start, TICK, Paint::Soft));
    marks.push(words((note, TOP + 84.0), "its line is the 95% interval.", Anchor::Start, TICK, Paint::Soft));
    let all: u64 = bins.iter().map(|bin| bin.good.of).sum();
    for bin in bins {
        let Some(share) = bin.good.share else { continue };
        let place = (along.at(bin.foretold * 100.0), up.at(share * 100.0));
        let says = said(bin);
        if let Some(interval) = bin.good.interval {
            let (low, high) = (up.at(interval.low * 100.0), up.at(interval.high * 100.0));
            marks.push(whisker((place.0, low), (place.0, high), Paint::Ink, &says));
        }
        let part = crate::statistics::float(bin.good.of) / crate::statistics::float(all.max(1));
        let radius = (LARGE - SMALL).mul_add((2.0 * part).sqrt().min(1.0), SMALL);
        marks.push(datum(Shape::Dot(place, radius), Paint::Series(0), says));
    }
    let rows = bins.iter().map(|bin| {
        let percent = |share: Option<f64>| {
            share.map_or_else(|| "undefined".to_owned(), |share| format!("{}%", number(share * 100.0)))
        };
        vec![
            format!("{} to {}", percent(Some(bin.from)), percent(Some(bin.to))),
            percent(Some(bin.foretold)),
            percent(bin.good.share),
            percent(bin.good.interval.map(|interval| interval.low)),
            percent(bin.good.interval.map(|interval| interval.high)),
            thousands(bin.good.of),
        ]
    });
    let columns = ["chances", "foretold on the average", "turned out well", "95% from", "to", "records"];
    Figure::new(about, bottom + TICK * 2.0 + 24.0, marks, Numbers::of(&columns, rows))
}

fn said(bin: &Bin) -> String {
    let percent = |share: Option<f64>| share.map(|share| number(share * 100.0)).unwrap_or_default();
    let between = bin
        .good
        .interval
        .map(|of| format!(" ({} to {}%)", percent(Some(of.low)), percent(Some(of.high))))
        .unwrap_or_default();
    format!(
        "foretold {}%: {} of {} turned out well, {}%{between}",
        percent(Some(bin.foretold)),
        thousands(bin.good.hits),
        thousands(bin.good.of),
        percent(bin.good.share)
    )
}
