//! Which fields a condition reads.

use compiler::program::{Condition, FieldPath, Term, TextTerm};

/// Appends the fields of the record, or of those that it belongs to.
pub(crate) fn fields(condition: &Condition, into: &mut Vec<FieldPath>) {
    match condition {
        Condition::Not(inner) => fields(inner, into),
        Condition::All(all) | Condition::Any(all) => all.iter().for_each(|inner| fields(inner, into)),
        Condition::Compare { left, right, .. } => [left, right].into_iter().for_each(|side| term(side, into)),
        Condition::Between { term: judged, low, high } => {
            [judged, low, high].into_iter().for_each(|side| term(side, into));
        }
        Condition::OneOf { term, .. } | Condition::Text { term, .. } | Condition::Yes(term) => text(term, into),
        Condition::Same { left, right } => [left, right].into_iter().for_each(|side| text(side, into)),
        Condition::Has { list, .. } => into.push(list.clone()),
        Condition::HasOf { list, other, .. } => into.extend([list.clone(), other.clone()]),
        Condition::Known(path) => into.push(path.clone()),
        Condition::Fresh { condition, fields: paths, .. } => {
            fields(condition, into);
            into.extend(paths.iter().cloned());
        }
        Condition::Happened { .. } | Condition::Mentions { .. } | Condition::Routed { .. } => {}
    }
}

fn term(of: &Term, into: &mut Vec<FieldPath>) {
    match of {
        Term::Field(path) => into.push(path.clone()),
        Term::Arithmetic { left, right, .. } => [left, right].into_iter().for_each(|side| term(side, into)),
        _ => {}
    }
}

fn text(of: &TextTerm, into: &mut Vec<FieldPath>) {
    if let TextTerm::Field(path) = of {
        into.push(path.clone());
    }
}

/// Whether a condition asks what day or time it is.
pub(crate) fn clock(condition: &Condition) -> bool {
    match condition {
        Condition::Not(inner) => clock(inner),
        Condition::All(all) | Condition::Any(all) => all.iter().any(clock),
        Condition::Compare { left, right, .. } => asks(left) || asks(right),
        Condition::Between { term, low, high } => asks(term) || asks(low) || asks(high),
        // Freshness, events, what was said, and whatever another score asks, are all of some instant.
        Condition::Fresh { .. }
        | Condition::Happened { .. }
        | Condition::Mentions { .. }
        | Condition::Routed { .. } => true,
        Condition::OneOf { term, .. } | Condition::Text { term, .. } | Condition::Yes(term) => latest(term),
        Condition::Same { left, right } => latest(left) || latest(right),
        Condition::Has { .. } | Condition::HasOf { .. } | Condition::Known(_) => false,
    }
}

fn asks(term: &Term) -> bool {
    match term {
        Term::Today | Term::Now | Term::Aggregate(_) => true,
        Term::Arithmetic { left, right, .. } => asks(left) || asks(right),
        Term::Constant(_) | Term::Field(_) | Term::EventField(_) | Term::Score(_) => false,
    }
}

const fn latest(term: &TextTerm) -> bool {
    matches!(term, TextTerm::Latest(_))
}
