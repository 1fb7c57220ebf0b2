//! The fields that lie inside of calculations, filters and conditions which are not looked into.

use super::variable::{Happening, Kind};
use crate::program::{Aggregate, Condition, FieldPath, Term, TextTerm};

/// Whether what a variable stands for depends on the field, beside the variable that is the field itself.
pub(super) fn inside(kind: &Kind<'_>, path: &FieldPath) -> bool {
    match kind {
        Kind::Number { term, .. } => in_term(term, path),
        Kind::Latest(term) => in_text(term, path),
        Kind::Whole { condition, .. } => in_condition(condition, path),
        Kind::Times(Happening::Events(query)) => query.filter.as_ref().is_some_and(|filter| in_condition(filter, path)),
        // What another score reads is not looked up here.
        Kind::Score { .. } | Kind::Route(_) => true,
        Kind::Field(_) | Kind::EventFact(_) | Kind::Times(Happening::Said { .. }) | Kind::Fresh(_) => false,
    }
}

fn in_term(term: &Term, path: &FieldPath) -> bool {
    match term {
        Term::Field(field) => field == path,
        Term::Aggregate(aggregate) => in_aggregate(aggregate, path),
        Term::Arithmetic { left, right, .. } => in_term(left, path) || in_term(right, path),
        Term::Score(_) => true,
        Term::Constant(_) | Term::EventField(_) | Term::Today | Term::Now => false,
    }
}

fn in_aggregate(aggregate: &Aggregate, path: &FieldPath) -> bool {
    aggregate.query.filter.as_ref().is_some_and(|filter| in_condition(filter, path))
}

fn in_text(term: &TextTerm, path: &FieldPath) -> bool {
    match term {
        TextTerm::Field(field) => field == path,
        TextTerm::Latest(aggregate) => in_aggregate(aggregate, path),
        TextTerm::EventField(_) => false,
    }
}

fn in_condition(condition: &Condition, path: &FieldPath) -> bool {
    match condition {
        Condition::Not(inner) | Condition::Fresh { condition: inner, .. } => in_condition(inner, path),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|part| in_condition(part, path)),
        Condition::Compare { left, right, .. } => in_term(left, path) || in_term(right, path),
        Condition::Between { term, low, high } => [term, low, high].iter().any(|term| in_term(term, path)),
        Condition::OneOf { term, .. } | Condition::Text { term, .. } | Condition::Yes(term) => in_text(term, path),
        Condition::Same { left, right } => in_text(left, path) || in_text(right, path),
        Condition::Has { list, .. } | Condition::Known(list) => list == path,
        Condition::HasOf { list, other, .. } => list == path || other == path,
        Condition::Happened { query, .. } => query.filter.as_ref().is_some_and(|filter| in_condition(filter, path)),
        Condition::Mentions { .. } => false,
        Condition::Routed { .. } => true,
    }
}
