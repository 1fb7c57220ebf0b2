//! Whether a goal is met, missed, or not decided yet.

use compiler::program::{Fixed, Limit, LimitKind};
use serde::{Deserialize, Serialize};

use super::Figure;

/// Whether a goal is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All that the figure may be is on the right side.
    Met,
    /// All that it may be is on the wrong side.
    Missed,
    /// The limit is inside the interval, or the figure is not final.
    Undecided,
    /// There is nothing to measure.
    Undefined,
}

/// Whether a figure is on the right side of a limit as it stands.
pub(super) fn holds(limit: Limit, value: Fixed) -> bool {
    match limit.kind {
        LimitKind::AtLeast => value >= limit.value,
        LimitKind::AtMost => value <= limit.value,
        LimitKind::Over => value > limit.value,
        LimitKind::Under => value < limit.value,
    }
}

/// The same of an end of an interval.
fn end_holds(limit: Limit, value: f64) -> bool {
    let against = limit.value.to_f64();
    match limit.kind {
        LimitKind::AtLeast => value >= against,
        LimitKind::AtMost => value <= against,
        LimitKind::Over => value > against,
        LimitKind::Under => value < against,
    }
}

/// Judges a figure by its interval, and by the figure itself where it has none.
///
/// What can still grow (`at_least_so_much`) is decided only where growing changes nothing.
#[must_use]
pub fn judge(limit: Limit, figure: &Figure) -> Verdict {
    let Some(value) = figure.value else { return Verdict::Undefined };
    let verdict = match figure.interval.map(|interval| (interval.low, interval.high)) {
        // A limit holds on one side of a number, so what holds at both ends holds between them.
        Some((low, high)) => match (end_holds(limit, low), end_holds(limit, high)) {
            (true, true) => Verdict::Met,
            (false, false) => Verdict::Missed,
            _ => Verdict::Undecided,
        },
        None if figure.is_estimate => Verdict::Undecided,
        None if holds(limit, value) => Verdict::Met,
        None => Verdict::Missed,
    };
    let wants_more = matches!(limit.kind, LimitKind::AtLeast | LimitKind::Over);
    match verdict {
        Verdict::Met if figure.at_least_so_much && !wants_more => Verdict::Undecided,
        Verdict::Missed if figure.at_least_so_much && wants_more => Verdict::Undecided,
        verdict => verdict,
    }
}
