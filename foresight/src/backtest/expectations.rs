//! Whether a back-test shows what a playbook expects of it.

use compiler::program::{Backtest, Figure, FigureExpectation, Fixed, LimitKind, Origin, Program};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::figures::Figures;
use super::report::Report;
use crate::statistics::{Estimate, Interval, Undefined};

/// An expectation, and what is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// As written.
    pub words: SmolStr,
    /// It holds. What is undefined does not.
    pub holds: bool,
    /// The figure, in the unit of the expectation.
    pub figure: Estimate,
    /// Where it stands.
    #[serde(skip)]
    pub origin: Origin,
}

/// Checks the expectations of a declaration against the report over its score. They are of the playbook's own card.
#[must_use]
pub fn check(program: &Program, declared: &Backtest, report: &Report) -> Vec<Checked> {
    let labels = program.scores.get(declared.score.index()).map(|score| score.labels.as_slice()).unwrap_or_default();
    let of = |expectation: &FigureExpectation| {
        let label = expectation.of.and_then(|label| labels.get(label.index())).or(labels.first());
        let figure = figure(expectation, declared.from.is_some(), label, report);
        let limit = expectation.limit;
        let value = scaled(limit.value, limit.percent);
        let reaches = |figure: f64| match limit.kind {
            LimitKind::AtLeast => figure >= value - 1e-12,
            LimitKind::AtMost => figure <= value + 1e-12,
            LimitKind::Over => figure > value,
            LimitKind::Under => figure < value,
        };
        let holds = match (figure.value, figure.interval, expectation.certainly) {
            (Some(figure), _, false) => reaches(figure),
            (Some(_), Some(interval), true) => reaches(interval.low) && reaches(interval.high),
            _ => false,
        };
        Checked { words: expectation.words.clone(), holds, figure, origin: expectation.origin }
    };
    declared.expectations.iter().map(of).collect()
}

/// A limit as the figures are: shares from 0 to 1.
fn scaled(value: Fixed, percent: bool) -> f64 {
    if percent { value.to_f64() / 100.0 } else { value.to_f64() }
}

fn figure(expectation: &FigureExpectation, dated: bool, label: Option<&SmolStr>, report: &Report) -> Estimate {
    let why = match (report.decided.of, report.fresh, report.judged) {
        (0, ..) => Undefined::Nothing,
        (_, 0, _) => Undefined::LearnedFrom,
        (.., 0) => Undefined::NoneJudged,
        _ => Undefined::Nothing,
    };
    let nothing = Estimate::undefined(why);
    if expectation.figure == Figure::Decisions {
        // What only teaches is not judged.
        let count = crate::statistics::float(if dated { report.judged } else { report.fresh });
        return Estimate::new(count, Some(Interval { low: count, high: count }));
    }
    let Some(figures) = report.own.as_ref().filter(|_| report.judged > 0) else { return nothing };
    let route = |figures: &Figures| figures.routes.iter().find(|route| Some(&route.route) == label).cloned();
    match expectation.figure {
        Figure::Auc => figures.auc,
        Figure::R => figures.r,
        Figure::Accuracy => figures.accuracy.map_or(nothing, |accuracy| accuracy.right.into()),
        Figure::Coverage => figures.coverage.map_or(nothing, Into::into),
        Figure::Lift => route(figures).map_or(nothing, |route| route.lift),
        Figure::Conversion => route(figures).map_or(nothing, |route| route.good.into()),
        Figure::CalibrationError => figures.calibration.error,
        Figure::Decisions => nothing,
    }
}
