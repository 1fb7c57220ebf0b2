//! All conditions that differ from one in a single threshold.

use compiler::program::{Comparison, Condition, EventQuery, Fixed, Program, Term, Type, Window};

/// A condition with one threshold changed, and how: "81 for 80".
pub(super) type Variant = (String, Condition);

/// A day, in the seconds that spans and instants are counted in.
const DAY: i64 = 86_400;

/// Every single change. Numbers go one step up and down (a day for spans and dates), counts by one, windows to half and double, and
/// of several words each is left out.
pub(super) fn variants(program: &Program, condition: &Condition) -> Vec<Variant> {
    match condition {
        Condition::Not(inner) => wrap(variants(program, inner), |inner| Condition::Not(Box::new(inner))),
        Condition::All(parts) => one_of_several(program, parts, Condition::All),
        Condition::Any(parts) => one_of_several(program, parts, Condition::Any),
        Condition::Compare { left, operator, right } => compared(program, left, *operator, right),
        Condition::Between { term, low, high } => {
            let with = |low: &Term, high: &Term| Condition::Between {
                term: term.clone(),
                low: low.clone(),
                high: high.clone(),
            };
            let mut all = wrap_terms(moved(program, term, low), |low| with(&low, high));
            all.extend(wrap_terms(moved(program, term, high), |high| with(low, &high)));
            all
        }
        Condition::OneOf { term, values } if values.len() > 1 => {
            let without = |left_out: usize| {
                let kept = values.iter().enumerate().filter(|(place, _)| *place != left_out);
                kept.map(|(_, value)| value.clone()).collect()
            };
            let each = values.iter().enumerate().map(|(place, value)| {
                (format!("without {value}"), Condition::OneOf { term: term.clone(), values: without(place) })
            });
            each.collect()
        }
        Condition::Fresh { condition, fields, window } => {
            let with = |condition: Condition, window: Window| Condition::Fresh {
                condition: Box::new(condition),
                fields: fields.clone(),
                window,
            };
            let mut all = wrap(variants(program, condition), |condition| with(condition, *window));
            all.extend(
                windows(*window).into_iter().map(|(words, window)| (words, with((**condition).clone(), window))),
            );
            all
        }
        Condition::Happened { query, at_least, at_most } => happened(program, query, *at_least, *at_most),
        Condition::Mentions { phrases, window: Some(window) } => windows(*window)
            .into_iter()
            .map(|(words, window)| (words, Condition::Mentions { phrases: *phrases, window: Some(window) }))
            .collect(),
        Condition::OneOf { .. }
        | Condition::Mentions { .. }
        | Condition::Same { .. }
        | Condition::Text { .. }
        | Condition::Yes(_)
        | Condition::Has { .. }
        | Condition::HasOf { .. }
        | Condition::Known(_)
        | Condition::Routed { .. } => Vec::new(),
    }
}

/// Queries with one threshold changed: in their filter, or how far back they look.
pub(super) fn queries(program: &Program, query: &EventQuery) -> Vec<(String, EventQuery)> {
    let filters = query.filter.iter().flat_map(|filter| variants(program, filter));
    let mut all: Vec<_> = filters
        .map(|(words, filter)| (words, EventQuery { filter: Some(Box::new(filter)), ..query.clone() }))
        .collect();
    let spans = query.window.iter().flat_map(|window| windows(*window));
    all.extend(spans.map(|(words, window)| (words, EventQuery { window: Some(window), ..query.clone() })));
    all
}

fn happened(program: &Program, query: &EventQuery, at_least: u32, at_most: Option<u32>) -> Vec<Variant> {
    let with = |query: &EventQuery, at_least: u32, at_most: Option<u32>| Condition::Happened {
        query: query.clone(),
        at_least,
        at_most,
    };
    let mut all: Vec<Variant> = Vec::new();
    if at_least > 0 {
        let more = at_least.saturating_add(1);
        all.push((format!("{more} times for {at_least}"), with(query, more, at_most.map(|most| most.max(more)))));
    }
    if let Some(most) = at_most {
        let more = most.saturating_add(1);
        all.push((format!("at most {more} for {most}"), with(query, at_least, Some(more))));
    }
    if at_least > 1 {
        let fewer = at_least - 1;
        all.push((format!("{fewer} times for {at_least}"), with(query, fewer, at_most)));
    }
    all.extend(queries(program, query).into_iter().map(|(words, query)| (words, with(&query, at_least, at_most))));
    all
}

fn compared(program: &Program, left: &Term, operator: Comparison, right: &Term) -> Vec<Variant> {
    let with = |left: &Term, right: &Term| Condition::Compare { left: left.clone(), operator, right: right.clone() };
    let mut all = wrap_terms(moved(program, left, right), |right| with(left, &right));
    all.extend(wrap_terms(moved(program, right, left), |left| with(&left, right)));
    all
}

/// A constant one step lower and one step higher; the step is that of what it is compared with.
fn moved(program: &Program, with: &Term, constant: &Term) -> Vec<(String, Term)> {
    let Term::Constant(value) = constant else { return Vec::new() };
    let days = counts_days(program, with);
    let step = Fixed::from_integer(if days { DAY } else { 1 });
    let said = |value: Fixed| match days {
        true => format!("{} days", value.to_f64() / 86_400.0),
        false => value.to_string(),
    };
    let (lower, higher) = (value.minus(step), value.plus(step));
    let each = [lower, higher].into_iter().map(|moved| {
        let words = format!("{} for {}", said(moved), said(*value));
        (words, Term::Constant(moved))
    });
    each.collect()
}

/// Whether a term is a span of time or an instant.
fn counts_days(program: &Program, term: &Term) -> bool {
    match term {
        Term::Field(path) => {
            program.field(path).is_some_and(|field| matches!(field.ty, Type::Duration | Type::Date | Type::Time))
        }
        Term::Arithmetic { left, right, .. } => counts_days(program, left) || counts_days(program, right),
        Term::Today | Term::Now => true,
        Term::Constant(_) | Term::EventField(_) | Term::Aggregate(_) | Term::Score(_) => false,
    }
}

fn windows(window: Window) -> Vec<(String, Window)> {
    let mut amounts = vec![window.amount.saturating_mul(2)];
    if window.amount > 1 {
        amounts.push(window.amount / 2);
    }
    let each = amounts.into_iter().map(|amount| {
        let words = format!("a window of {amount} for {} {}s", window.amount, window.unit.name());
        (words, Window { amount, ..window })
    });
    each.collect()
}

fn one_of_several(program: &Program, parts: &[Condition], whole: fn(Vec<Condition>) -> Condition) -> Vec<Variant> {
    let mut all = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        for (words, changed) in variants(program, part) {
            let mut parts = parts.to_vec();
            if let Some(part) = parts.get_mut(place) {
                *part = changed;
            }
            all.push((words, whole(parts)));
        }
    }
    all
}

fn wrap(inner: Vec<Variant>, whole: impl Fn(Condition) -> Condition) -> Vec<Variant> {
    inner.into_iter().map(|(words, condition)| (words, whole(condition))).collect()
}

fn wrap_terms(inner: Vec<(String, Term)>, whole: impl Fn(Term) -> Condition) -> Vec<Variant> {
    inner.into_iter().map(|(words, term)| (words, whole(term))).collect()
}
