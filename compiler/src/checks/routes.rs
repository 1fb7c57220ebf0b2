//! Lines of a route that no facts lead to, and facts that no line is for.

use super::cards::{Card, RouteCard};
use super::demand::{self, Demands};
use super::describe;
use super::domain::{Domain, Subject};
use super::interval::Interval;
use super::reach::{Range, Reach};
use super::scores::{self, Judged, Lines, Model, fixed};
use crate::codes::lints::unreached_line;
use crate::codes::scores::{route_covered, route_gap, route_out_of_reach};
use crate::diagnostics::Diagnostic;
use crate::program::{Condition, Program, ScoreRef, Term};

/// A line is compared with so many above it.
const COMPARED: usize = 64;

pub(super) fn run(
    program: &Program,
    card: &Card<'_>,
    (reach, model): (&Reach<'_>, &Model<'_>),
    asked: &[smol_str::SmolStr],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let lines = &card.routes;
    if lines.is_empty() {
        return;
    }
    let tried = scores::lines(model, false);
    let before = diagnostics.len();
    let mut always: Option<usize> = None;
    for (at, line) in lines.iter().enumerate() {
        let covered = |by: &[usize]| covered(card, model, at, by, tried.as_ref());
        if let Some(first) = always {
            diagnostics.push(covered(&[first]));
            continue;
        }
        let Some(condition) = &line.line.condition else {
            always = Some(at);
            // A last line for nobody does no harm where others lead to the same.
            let only = !lines.iter().take(at).any(|above| above.line.label == line.line.label);
            if let Some(taken_by) = tried.as_ref().and_then(|tried| never_first(tried, at)).filter(|_| only) {
                diagnostics.push(covered(&taken_by));
            }
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
        let Some(within) = in_reach(program, card, line, (reach, model), &demands, diagnostics) else { continue };
        if tried.as_ref().is_some_and(|tried| tried.holds.get(at) == Some(&None)) {
            let (low, high) = model.range(None);
            let range = Range { low: fixed(low), high: fixed(high) };
            diagnostics.push(route_out_of_reach::not_together(
                line.place(),
                label(card, line),
                &card.score.name,
                range,
            ));
            continue;
        }
        let above = lines.get(at.saturating_sub(COMPARED)..at).unwrap_or_default();
        let first = at.saturating_sub(COMPARED);
        let covering = above
            .iter()
            .position(|above| above.line.condition.as_ref().is_some_and(|above| covers(above, condition, &within)));
        if let Some(covering) = covering {
            diagnostics.push(covered(&[first + covering]));
        } else if let Some(together) = covered_together(above, &within) {
            let together: Vec<usize> = together.into_iter().map(|at| first + at).collect();
            diagnostics.push(covered(&together));
        } else if let Some(taken_by) = tried.as_ref().and_then(|tried| never_first(tried, at)) {
            diagnostics.push(covered(&taken_by));
        }
    }
    if always.is_none() {
        gap(program, card, model, tried.as_ref(), diagnostics);
    }
    if diagnostics.len() == before && asked.iter().any(|lint| lint == unreached_line::CODE.name) {
        to_the_point(card, model, diagnostics);
    }
}

/// Lines that the points of the rules, as they are, never add up to.
fn to_the_point(card: &Card<'_>, model: &Model<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(tried) = scores::lines(model, true) else { return };
    for (at, line) in card.routes.iter().enumerate().filter(|(_, line)| line.line.condition.is_some()) {
        if tried.first.get(at) == Some(&None) {
            diagnostics.push(unreached_line::diagnostic(line.place(), label(card, line), &card.score.name));
        }
    }
}

/// The lines above that take all whom a line holds for.
fn never_first(tried: &Lines, line: usize) -> Option<Vec<usize>> {
    (tried.first.get(line) == Some(&None)).then(|| tried.taken_by.get(line).cloned()).flatten()
}

/// The demands with the ranges that scores can have; none, and said so, where they cannot be met.
fn in_reach<'p>(
    program: &'p Program,
    card: &Card<'_>,
    line: &RouteCard<'_>,
    (reach, model): (&Reach<'_>, &Model<'_>),
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
            let given = match of.layer {
                None => reach.score(&others),
                Some(layer) => reach.layer(layer as usize, &others),
            };
            let alone = unassuming(model, of);
            Range { low: given.low.max(alone.low), high: given.high.min(alone.high) }
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
            let own = of.score == card.id;
            let alone = if own { unassuming(model, of) } else { range };
            let high = wanted.low > possible.high;
            let parts = route_out_of_reach::parts(card, reach, of, &others, high);
            let found = route_out_of_reach::diagnostic(
                line.place(),
                label(card, line),
                &describe::score(program, of),
                wanted,
                (range, alone),
                &parts,
            );
            let end = if high { range.high } else { range.low };
            let witness = own.then(|| furthest(model, of.layer.map(|layer| layer as usize), high, end)).flatten();
            diagnostics.push(found.witness(witness));
            return None;
        }
        // It cannot clash: whatever was wanted has just been met.
        let _ = demand::add(&mut within, subject, Domain::Number(possible));
    }
    Some(within)
}

fn unassuming(model: &Model<'_>, of: ScoreRef) -> Range {
    let (low, high) = model.range(of.layer.map(|layer| layer as usize));
    Range { low: fixed(low), high: fixed(high) }
}

/// A test with somebody who comes as far as is said.
fn furthest(model: &Model<'_>, layer: Option<usize>, high: bool, end: crate::program::Fixed) -> Option<String> {
    let group = model.groups.iter().position(|group| group.routes);
    let outcomes = group.and_then(|at| model.groups.get(at)).map_or(0, |group| group.outcomes.len());
    let settled = group.into_iter().flat_map(|group| (0..outcomes).map(move |outcome| Some((group, outcome))));
    let of = scores::named(model, layer);
    std::iter::once(None).chain(settled.take(OUTCOMES)).find_map(|settled| {
        let extreme = model.extreme(layer, high, settled);
        if fixed(extreme.value) != end {
            return None;
        }
        let witness = scores::end(model, layer, &extreme)?;
        let name = format!("{of} is {} {end}", if high { "at most" } else { "at least" });
        scores::test(model, &witness, &name, &[scores::is_so_much(model, layer, extreme.value)])
    })
}

/// So many outcomes are tried for a witness.
const OUTCOMES: usize = 64;

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
            Some(vec![Interval::of(operator.mirrored(), *value)?])
        }
        Condition::Between { term, low: Term::Constant(low), high: Term::Constant(high) } if is_it(term) => {
            Some(vec![Interval::new(*low, *high)])
        }
        Condition::Not(inner) => match &**inner {
            Condition::Compare { left, operator, right: Term::Constant(value) } if is_it(left) => {
                Some(vec![Interval::of(operator.opposite(), *value)?])
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

fn covered(card: &Card<'_>, model: &Model<'_>, at: usize, by: &[usize], tried: Option<&Lines>) -> Diagnostic {
    let above: Vec<_> = by
        .iter()
        .filter_map(|at| card.routes.get(*at))
        .map(|line| (line.place(), line.line.condition.is_none()))
        .collect();
    let Some(line) = card.routes.get(at) else {
        return route_covered::diagnostic(card.route, "", &above);
    };
    let way = tried.and_then(|tried| tried.holds.get(at).copied().flatten());
    let shows = |judged: &Judged| judged.holds.get(at) == Some(&Some(true)) && judged.line != Some(at);
    let witness = scores::find(model, way, &shows).and_then(|witness| {
        let route = card.score.labels.get(witness.judged.route?.index())?;
        let name = format!("{route} comes before {}", label(card, line));
        scores::test(model, &witness, &name, &[format!("{} is {route}", card.score.name)])
    });
    route_covered::diagnostic(line.place(), label(card, line), &above).witness(witness)
}

/// No `otherwise`, and none of the lines holds for some.
fn gap(
    program: &Program,
    card: &Card<'_>,
    model: &Model<'_>,
    tried: Option<&Lines>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if tried.is_some_and(|tried| tried.none.is_none()) {
        return;
    }
    let own = ScoreRef { score: card.id, layer: None };
    let range = unassuming(model, own);
    let mut left = vec![Interval::new(range.low, range.high)];
    for line in &card.routes {
        for taken in line.line.condition.as_ref().and_then(|condition| exactly(condition, own)).unwrap_or_default() {
            left = taken.cut_from(&left);
        }
    }
    let Some(last) = card.routes.last() else { return };
    let whole = Interval::new(range.low, range.high);
    let open = left.first().copied().unwrap_or(whole);
    if tried.is_none() && left.is_empty() {
        return;
    }
    // An end that is the score's own says nothing: "below 45" reads better than "from 0 and below 45".
    let shown = Interval {
        low: if open.low == whole.low { i64::MIN } else { open.low },
        high: if open.high == whole.high { i64::MAX } else { open.high },
    };
    let example =
        (shown != Interval::ALL).then(|| format!("`{}` {}", describe::score(program, own), describe::interval(shown)));
    let found = route_gap::diagnostic(card.route, &card.score.name, last, label(card, last), example.as_deref());
    let way = tried.and_then(|tried| tried.none);
    let witness = scores::find(model, way, &|judged| judged.line.is_none()).and_then(|witness| {
        let score = scores::is_so_much(model, None, witness.judged.score);
        let labels: Vec<&str> = card.score.labels.iter().map(smol_str::SmolStr::as_str).collect();
        let nowhere = format!("not ({} is {})", card.score.name, labels.join(" or "));
        scores::test(model, &witness, "no line is for them", &[score, nowhere])
    });
    diagnostics.push(found.witness(witness));
}
