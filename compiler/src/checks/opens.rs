//! Points for `email.opened`, whichever way a rule asks for it.

use super::cards::Card;
use crate::codes::lints::scored_email_opens;
use crate::diagnostics::Diagnostic;
use crate::program::{Aggregate, Condition, EventId, EventQuery, Fixed, Program, RuleForm, Term, TextTerm};

pub(super) fn run(program: &Program, card: &Card<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(opened) = program.event("email.opened") else { return };
    for rule in card.layers.iter().flat_map(|layer| &layer.rules).filter(|rule| rule.rule.points > Fixed::ZERO) {
        let found = match &rule.rule.form {
            RuleForm::When(condition) => in_condition(condition, opened),
            RuleForm::Each { query, .. } => in_query(query, opened),
        };
        if found {
            diagnostics.push(scored_email_opens::diagnostic(rule.file, rule.syntax.span));
        }
    }
}

fn in_condition(condition: &Condition, event: EventId) -> bool {
    match condition {
        Condition::Not(inner) => in_condition(inner, event),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|part| in_condition(part, event)),
        Condition::Compare { left, right, .. } => in_term(left, event) || in_term(right, event),
        Condition::Between { term, low, high } => [term, low, high].iter().any(|term| in_term(term, event)),
        Condition::OneOf { term, .. } | Condition::Text { term, .. } | Condition::Yes(term) => in_text(term, event),
        Condition::Same { left, right } => in_text(left, event) || in_text(right, event),
        Condition::Fresh { condition, .. } => in_condition(condition, event),
        // `no email.opened` rewards silence, which no machine brings about.
        Condition::Happened { query, at_least, .. } => *at_least > 0 && in_query(query, event),
        Condition::Has { .. }
        | Condition::HasOf { .. }
        | Condition::Known(_)
        | Condition::Mentions { .. }
        | Condition::Routed { .. } => false,
    }
}

fn in_term(term: &Term, event: EventId) -> bool {
    match term {
        Term::Aggregate(aggregate) => in_aggregate(aggregate, event),
        Term::Arithmetic { left, right, .. } => in_term(left, event) || in_term(right, event),
        _ => false,
    }
}

fn in_text(term: &TextTerm, event: EventId) -> bool {
    matches!(term, TextTerm::Latest(aggregate) if in_aggregate(aggregate, event))
}

fn in_aggregate(aggregate: &Aggregate, event: EventId) -> bool {
    in_query(&aggregate.query, event)
}

fn in_query(query: &EventQuery, event: EventId) -> bool {
    query.events.contains(&event)
}
