//! Lines of a route that no facts lead to, and facts that no line is for.

use super::cards::{Card, RouteCard};
use super::demand::{self, Demands};
use super::describe;
use super::domain::{Domain, Subject};
use super::interval::{Interval, mirrored, opposite};
use super::reach::Reach;
use crate::codes::scores::{route_covered, route_gap, route_out_of_reach};
use crate::diagnostics::Diagnostic;
use crate::program::{Condition, Program, ScoreRef, Term};

/// A line is compared with so many above it.
const COMPARED: usize = 64;

pub(super) fn run(program: &Program, card: &Card<'_>, reach: &Reach<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let lines = &card.routes;
    if lines.is_empty() {
        return;
    }
    let mut always: Option<usize> = None;
    for (at, line) in lines.iter().enumerate() {
        if let Some(first) = always {
            report_covered(card, line, &[first], diagnostics);
            continue;
        }
        let Some(condition) = &line.line.condition else {
            always = Some(at);
            continue;
        };
        let demands = match demand::demands(program, condition, false) {
            Ok(demands) => demands,
            Err(why) => {
                let label = label(card, line);
                let why = super::rules::never(program, &why);
                diagnostics.push(route_out_of_reach::never(line.place(), label, &why));
                continue;
            }
        };
        let Some(within) = in_reach(program, card, line, reach, &demands, diagnostics) else { continue };
        let above = lines.get(at.saturating_sub(COMPARED)..at).unwrap_or_default();
        let first = at.saturating_sub(COMPARED);
        let covering = above
            .iter()
            .position(|above| above.line.condition.as_ref().is_some_and(|above| covers(above, condition, &within)));
        if let Some(covering) = covering {
            report_covered(card, line, &[first + covering], diagnostics);
        } else if let Some(together) = covered_together(above, &within) {
            let together: Vec<usize> = together.into_iter().map(|at| first + at).collect();
            report_covered(card, line, &together, diagnostics);
        }
    }
    if always.is_none() {
        gap(program, card, reach, diagnostics);
    }
}

/// The demands with the ranges that scores can have; none, and said so, where they cannot be met.
fn in_reach<'p>(
    program: &'p Program,
    card: &Card<'_>,
    line: &RouteCard<'_>,
    reach: &Reach<'_>,
    demands: &Demands<'p>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Demands<'p>> {
    let own = ScoreRef { score: card.id, layer: None };
    let mut within = demands.clone();
    let mut scores: Vec<ScoreRef> = demands.iter().filter_map(|(subject, _)| score_of(subject)).collect();
    // The layers first: where one is out of reach, that is the plainer thing to say.
    scores.sort_by_key(|of| of.layer.is_none());
    if !scores.contains(&own) {
        scores.push(own);
    }
    for of in scores {
        let subject = Subject::Score(of);
        let others: Demands<'p> = demands.iter().filter(|(known, _)| *known != subject).cloned().collect();
        let range = if of.score == card.id {
            match of.layer {
                None => reach.score(&others),
                Some(layer) => reach.layer(layer as usize, &others),
            }
        } else {
            super::range_of(program, of)
        };
        let possible = Interval::new(range.low, range.high);
        let wanted = demands.iter().find_map(|(known, domain)| match domain {
            Domain::Number(interval) if *known == subject => Some(*interval),
            _ => None,
        });
        if let Some(wanted) = wanted
            && wanted.meet(possible).is_empty()
        {
            let alone = if of.score == card.id { unassuming(reach, of) } else { range };
            let parts = route_out_of_reach::parts(card, reach, of, &others, wanted.low > possible.high);
            diagnostics.push(route_out_of_reach::diagnostic(
                line.place(),
                label(card, line),
                &describe::score(program, of),
                wanted,
                (range, alone),
                &parts,
            ));
            return None;
        }
        // It cannot clash: whatever was wanted has just been met.
        let _ = demand::add(&mut within, subject, Domain::Number(possible));
    }
    Some(within)
}

fn unassuming(reach: &Reach<'_>, of: ScoreRef) -> super::Range {
    match of.layer {
        None => reach.score(&Vec::new()),
        Some(layer) => reach.layer(layer as usize, &Vec::new()),
    }
}

fn score_of(subject: &Subject<'_>) -> Option<ScoreRef> {
    match subject {
        Subject::Score(of) => Some(*of),
        _ => None,
    }
}

fn label<'a>(card: &'a Card<'_>, line: &RouteCard<'_>) -> &'a str {
    card.score.labels.get(line.line.label.index()).map_or("", smol_str::SmolStr::as_str)
}

/// Whether the line above holds whenever this one does.
fn covers(above: &Condition, condition: &Condition, within: &Demands<'_>) -> bool {
    let repeated = above == condition || matches!(condition, Condition::All(parts) if parts.contains(above));
    repeated || demand::implied(within, above, false)
}

/// The lines above that leave nothing of some score's possible values to this one.
fn covered_together(above: &[RouteCard<'_>], within: &Demands<'_>) -> Option<Vec<usize>> {
    within.iter().find_map(|(subject, domain)| {
        let (of, Domain::Number(possible)) = (score_of(subject)?, domain) else { return None };
        let mut left = vec![*possible];
        let mut taking = Vec::new();
        for (at, line) in above.iter().enumerate() {
            let Some(taken) = line.line.condition.as_ref().and_then(|condition| exactly(condition, of)) else {
                continue;
            };
            let before = left.clone();
            for part in taken {
                left = part.cut_from(&left);
            }
            if left != before {
                taking.push(at);
            }
            if left.is_empty() {
                return Some(taking);
            }
        }
        None
    })
}

/// The values of the score for which the condition is true, where it is about nothing else.
fn exactly(condition: &Condition, of: ScoreRef) -> Option<Vec<Interval>> {
    let is_it = |term: &Term| matches!(term, Term::Score(score) if *score == of);
    match condition {
        Condition::Compare { left, operator, right: Term::Constant(value) } if is_it(left) => {
            Some(vec![Interval::of(*operator, *value)?])
        }
        Condition::Compare { left: Term::Constant(value), operator, right } if is_it(right) => {
            Some(vec![Interval::of(mirrored(*operator), *value)?])
        }
        Condition::Between { term, low: Term::Constant(low), high: Term::Constant(high) } if is_it(term) => {
            Some(vec![Interval::new(*low, *high)])
        }
        Condition::Not(inner) => match &**inner {
            Condition::Compare { left, operator, right: Term::Constant(value) } if is_it(left) => {
                Some(vec![Interval::of(opposite(*operator), *value)?])
            }
            _ => None,
        },
        Condition::Any(parts) => {
            let parts: Option<Vec<Vec<Interval>>> = parts.iter().map(|part| exactly(part, of)).collect();
            Some(parts?.concat())
        }
        Condition::All(parts) => {
            let mut met = Interval::ALL;
            for part in parts {
                match exactly(part, of)?.as_slice() {
                    [only] => met = met.meet(*only),
                    _ => return None,
                }
            }
            Some(vec![met])
        }
        _ => None,
    }
}

fn report_covered(card: &Card<'_>, line: &RouteCard<'_>, by: &[usize], diagnostics: &mut Vec<Diagnostic>) {
    let above: Vec<_> = by
        .iter()
        .filter_map(|at| card.routes.get(*at))
        .map(|line| (line.place(), line.line.condition.is_none()))
        .collect();
    diagnostics.push(route_covered::diagnostic(line.place(), label(card, line), &above));
}

/// No `otherwise`, and the lines above do not take all values of the score.
fn gap(program: &Program, card: &Card<'_>, reach: &Reach<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let own = ScoreRef { score: card.id, layer: None };
    let range = reach.score(&Vec::new());
    let mut left = vec![Interval::new(range.low, range.high)];
    for line in &card.routes {
        for taken in line.line.condition.as_ref().and_then(|condition| exactly(condition, own)).unwrap_or_default() {
            left = taken.cut_from(&left);
        }
    }
    let Some(open) = left.first() else { return };
    let Some(last) = card.routes.last() else { return };
    let whole = Interval::new(range.low, range.high);
    // An end that is the score's own says nothing: "below 45" reads better than "from 0 and below 45".
    let shown = Interval {
        low: if open.low == whole.low { i64::MIN } else { open.low },
        high: if open.high == whole.high { i64::MAX } else { open.high },
    };
    let example =
        (shown != Interval::ALL).then(|| format!("`{}` {}", describe::score(program, own), describe::interval(shown)));
    diagnostics.push(route_gap::diagnostic(card.route, &card.score.name, last, label(card, last), example.as_deref()));
}
