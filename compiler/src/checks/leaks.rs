//! Rules that read the outcome by which their score is judged: over history they look brilliant, and before it nobody knows it.

use std::collections::BTreeSet;

use super::cards::Card;
use crate::codes::lints::leaked_outcome;
use crate::diagnostics::Diagnostic;
use crate::program::{
    Aggregate, Condition, EventId, EventQuery, FieldPath, Learn, Outcome, Program, RuleForm, Term, TextTerm,
};

/// What a condition looks at.
#[derive(Default)]
struct Read {
    events: BTreeSet<EventId>,
    fields: BTreeSet<FieldPath>,
}

pub(super) fn run(program: &Program, card: &Card<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(learn) = &card.score.learn else { return };
    let outcomes = of_outcomes(learn);
    for rule in card.layers.iter().flat_map(|layer| &layer.rules) {
        let mut read = Read::default();
        match &rule.rule.form {
            RuleForm::When(condition) => read.condition(condition),
            RuleForm::Each { query, .. } => read.query(query),
        }
        let event = read.events.intersection(&outcomes.events).next();
        let event = event.and_then(|event| program.events.get(event.index())).map(|event| event.name.to_string());
        let field = read.fields.intersection(&outcomes.fields).next().map(|path| program.path_name(path));
        if let Some(name) = event.or(field) {
            diagnostics.push(leaked_outcome::diagnostic(rule.file, rule.syntax.span, &name, &card.score.name));
        }
    }
}

/// What tells good from bad. What did not happen in time is told by a clock as well: a reply long before is no leak.
fn of_outcomes(learn: &Learn) -> Read {
    let mut read = Read::default();
    for outcome in learn.good.iter().chain(&learn.bad) {
        match outcome {
            Outcome::Event(event) => {
                read.events.insert(*event);
            }
            Outcome::Holds(condition) => read.condition(condition),
            Outcome::Silence { .. } => {}
        }
    }
    read
}

impl Read {
    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Not(inner) | Condition::Fresh { condition: inner, .. } => self.condition(inner),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| self.condition(part)),
            Condition::Compare { left, right, .. } => [left, right].iter().for_each(|term| self.term(term)),
            Condition::Between { term, low, high } => [term, low, high].iter().for_each(|term| self.term(term)),
            Condition::OneOf { term, .. } | Condition::Text { term, .. } | Condition::Yes(term) => self.text(term),
            Condition::Same { left, right } => [left, right].iter().for_each(|term| self.text(term)),
            Condition::Has { list, .. } => self.fields.extend([list.clone()]),
            Condition::HasOf { list, other, .. } => self.fields.extend([list.clone(), other.clone()]),
            Condition::Known(path) => self.fields.extend([path.clone()]),
            Condition::Happened { query, .. } => self.query(query),
            Condition::Mentions { .. } | Condition::Routed { .. } => {}
        }
    }

    fn term(&mut self, term: &Term) {
        match term {
            Term::Field(path) => self.fields.extend([path.clone()]),
            Term::Aggregate(aggregate) => self.aggregate(aggregate),
            Term::Arithmetic { left, right, .. } => {
                self.term(left);
                self.term(right);
            }
            Term::Constant(_) | Term::EventField(_) | Term::Score(_) | Term::Today | Term::Now => {}
        }
    }

    fn text(&mut self, term: &TextTerm) {
        match term {
            TextTerm::Field(path) => self.fields.extend([path.clone()]),
            TextTerm::Latest(aggregate) => self.aggregate(aggregate),
            TextTerm::EventField(_) => {}
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate) {
        self.query(&aggregate.query);
    }

    fn query(&mut self, query: &EventQuery) {
        self.events.extend(&query.events);
    }
}
