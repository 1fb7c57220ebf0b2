//! Sizes: ids from places in lists, and how deep and large a resolved condition is.
//!
//! Facts are written out where they are named, so a few lines could ask for a Program of any size: that is bounded here.

use crate::program::{Aggregate, Condition, EventQuery, FactValue, Term, TextTerm};

/// How large and how deep something resolved is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) nodes: usize,
    pub(super) depth: u16,
}

/// A place in a list as an id holds it.
#[expect(clippy::cast_possible_truncation, reason = "the parser refuses texts of 4 GiB, so lists are shorter")]
pub(super) const fn count(length: usize) -> u32 {
    length as u32
}

impl Size {
    fn under(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut size = Self { nodes: 1, depth: 0 };
        for part in parts {
            size.nodes = size.nodes.saturating_add(part.nodes);
            size.depth = size.depth.max(part.depth);
        }
        size.depth = size.depth.saturating_add(1);
        size
    }

    pub(super) fn of_fact(value: &FactValue) -> Self {
        match value {
            FactValue::Term(term, _) => Self::of_term(term),
            FactValue::Condition(condition) => Self::of_condition(condition),
        }
    }

    pub(super) fn of_condition(condition: &Condition) -> Self {
        match condition {
            Condition::Not(inner) => Self::under([Self::of_condition(inner)]),
            Condition::All(parts) | Condition::Any(parts) => Self::under(parts.iter().map(Self::of_condition)),
            Condition::Compare { left, right, .. } => Self::under([left, right].map(Self::of_term)),
            Condition::Between { term, low, high } => Self::under([term, low, high].map(Self::of_term)),
            Condition::OneOf { term, .. } | Condition::Text { term, .. } | Condition::Yes(term) => {
                Self::under([Self::of_text(term)])
            }
            Condition::Same { left, right } => Self::under([left, right].map(Self::of_text)),
            Condition::Fresh { condition, .. } => Self::under([Self::of_condition(condition)]),
            Condition::Happened { query, .. } => Self::under([Self::of_query(query)]),
            Condition::Has { .. }
            | Condition::HasOf { .. }
            | Condition::Known(_)
            | Condition::Mentions { .. }
            | Condition::Routed { .. } => Self::under([]),
        }
    }

    pub(super) fn of_term(term: &Term) -> Self {
        match term {
            Term::Arithmetic { left, right, .. } => Self::under([Self::of_term(left), Self::of_term(right)]),
            Term::Aggregate(aggregate) => Self::of_aggregate(aggregate),
            Term::Constant(_) | Term::Field(_) | Term::EventField(_) | Term::Score(_) | Term::Today | Term::Now => {
                Self::under([])
            }
        }
    }

    fn of_text(term: &TextTerm) -> Self {
        match term {
            TextTerm::Latest(aggregate) => Self::of_aggregate(aggregate),
            TextTerm::Field(_) | TextTerm::EventField(_) => Self::under([]),
        }
    }

    fn of_aggregate(aggregate: &Aggregate) -> Self {
        Self::under([Self::of_query(&aggregate.query)])
    }

    fn of_query(query: &EventQuery) -> Self {
        Self::under(query.filter.as_deref().map(Self::of_condition))
    }
}
