//! Conditions: `not`, `and`, `or`, what happened, what was said; and what stands where a condition belongs but is none.

use std::cell::Cell;

use language::Span;
use language::syntax::{self, Expression, ExpressionKind, Name, Predicate, PredicateTest, Quantity};

use super::Lowering;
use super::operand::Operand;
use super::recorded::Named;
use super::scope::{DEEPEST, Scope};
use crate::codes::names::unknown_phrases;
use crate::codes::types::{
    and_or_mixed, not_a_condition, nothing_to_be_fresh, only_event_facts, too_involved, whole_number,
    window_without_events,
};
use crate::program::{Condition, FieldPath, FileId, Term, TextTerm};

impl Lowering<'_> {
    /// A condition; none where it was reported, or is silent because of an earlier error.
    pub(super) fn condition(&mut self, expression: &Expression, scope: Scope<'_>) -> Option<Condition> {
        if scope.depth >= DEEPEST {
            self.report(too_involved::nested(scope.file, expression.span));
            return None;
        }
        let below = scope.deeper();
        match &expression.kind {
            ExpressionKind::Not(inner) => Some(Condition::Not(Box::new(self.condition(inner, below)?))),
            ExpressionKind::And(parts) => Some(Condition::All(self.conditions(parts, below)?)),
            ExpressionKind::Or(parts) => Some(Condition::Any(self.conditions(parts, below)?)),
            ExpressionKind::Mixed { operands, operator } => {
                self.conditions(operands, below);
                self.report_mixed(operands, *operator, scope.file);
                None
            }
            ExpressionKind::Happened { quantity, query } => self.happened(*quantity, query, scope),
            ExpressionKind::Mentions { negated, phrases, window } => {
                self.mentions(*negated, phrases, window.as_ref(), expression.span, scope)
            }
            ExpressionKind::Predicate(predicate) => self.predicate_in_windows(expression, predicate, scope),
            _ => self.bare(expression, scope),
        }
    }

    fn conditions(&mut self, parts: &[Expression], scope: Scope<'_>) -> Option<Vec<Condition>> {
        // All of them are looked at, so that all their errors are found.
        let found: Vec<Option<Condition>> = parts.iter().map(|part| self.condition(part, scope)).collect();
        found.into_iter().collect()
    }

    /// Says that `and` and `or` stand side by side.
    pub(super) fn report_mixed(&mut self, operands: &[Expression], operator: Span, file: FileId) {
        let texts: Vec<&str> = operands
            .windows(2)
            .map(|pair| match pair {
                [left, right] => self.text(file, Span::new(left.span.end, right.span.start)),
                _ => "",
            })
            .collect();
        self.report(and_or_mixed::diagnostic(file, operator, operands, &texts));
    }

    fn happened(&mut self, quantity: Quantity, query: &syntax::EventQuery, scope: Scope<'_>) -> Option<Condition> {
        let bounds = match quantity {
            Quantity::Any => Some((1, None)),
            Quantity::No => Some((0, Some(0))),
            Quantity::AtLeast(count) => {
                self.whole(scope.file, count.value, count.span, 1, whole_number::MOST_EVENTS).map(|least| (least, None))
            }
            Quantity::AtMost(count) => self
                .whole(scope.file, count.value, count.span, 0, whole_number::MOST_EVENTS)
                .map(|most| (0, Some(most))),
            Quantity::Exactly(count) => {
                self.whole(scope.file, count.value, count.span, 0, whole_number::MOST_EVENTS).map(|n| (n, Some(n)))
            }
        };
        let query = self.query(query, scope);
        let (at_least, at_most) = bounds?;
        Some(Condition::Happened { query: query?, at_least, at_most })
    }

    fn mentions(
        &mut self,
        negated: bool,
        phrases: &Name,
        window: Option<&syntax::Window>,
        span: Span,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        if scope.events.is_some() {
            self.report(only_event_facts::events(scope.file, span));
            return None;
        }
        let found = self.names.phrases.get(&phrases.text).copied();
        if let Some(found) = found {
            self.note(scope.file, phrases.span, Named::Phrases(found));
        } else if !self.names.perhaps(&phrases.text) {
            let known: Vec<String> = self.program.phrases.iter().map(|phrases| phrases.name.to_string()).collect();
            self.report(unknown_phrases::diagnostic(scope.file, phrases, &known));
        }
        let window = match window {
            Some(window) => Some(self.window(scope.file, window)?),
            None => None,
        };
        let mentions = Condition::Mentions { phrases: found?, window };
        Some(if negated { Condition::Not(Box::new(mentions)) } else { mentions })
    }

    /// A predicate with the window and the freshness at its end.
    fn predicate_in_windows(
        &mut self,
        whole: &Expression,
        predicate: &Predicate,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let taken = Cell::new(false);
        let condition = match &predicate.window {
            None => self.predicate(whole, predicate, scope),
            Some(window) => {
                let resolved = self.window(scope.file, window);
                let found = match resolved {
                    Some(resolved) => self.predicate(whole, predicate, scope.within(resolved, &taken)),
                    None => self.predicate(whole, predicate, scope),
                };
                if found.is_some() && resolved.is_some() && !taken.get() {
                    let judged = Span::new(whole.span.start, window.span.start);
                    let fresh = found.as_ref().is_some_and(|condition| !fields_of(condition).is_empty());
                    self.report(window_without_events::predicate(scope.file, window, judged, fresh));
                    return None;
                }
                resolved.and(found)
            }
        };
        let Some(fresh) = &predicate.fresh else { return condition };
        let window = self.window(scope.file, fresh);
        let condition = condition?;
        let fields = fields_of(&condition);
        if fields.is_empty() {
            self.report(nothing_to_be_fresh::diagnostic(scope.file, fresh.span));
            return None;
        }
        Some(Condition::Fresh { condition: Box::new(condition), fields, window: window? })
    }

    pub(super) fn predicate(
        &mut self,
        whole: &Expression,
        predicate: &Predicate,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        if matches!(predicate.test, PredicateTest::Bare) {
            return self.bare(&predicate.subject, scope);
        }
        self.asked(whole, &predicate.subject, &predicate.test, scope)
    }

    /// A term where a condition belongs: most often a yes/no field without `is yes`.
    fn bare(&mut self, term: &Expression, scope: Scope<'_>) -> Option<Condition> {
        let operand = self.term(term, scope)?;
        let written = self.text(scope.file, term.span);
        let found = match operand {
            Operand::YesNo(_) | Operand::Condition(_) => not_a_condition::yes_no(scope.file, term.span, written),
            Operand::Score(score) if score.layer.is_none() => {
                let labels = self.names.shape(score.score).map(|shape| shape.labels.clone()).unwrap_or_default();
                not_a_condition::score(scope.file, term.span, written, &labels)
            }
            other => not_a_condition::diagnostic(scope.file, term.span, written, &other.kind()),
        };
        self.report(found);
        None
    }
}

/// The fields that a condition reads, each once.
fn fields_of(condition: &Condition) -> Vec<FieldPath> {
    let mut fields = Vec::new();
    gather(condition, &mut fields);
    fields.sort();
    fields.dedup();
    fields
}

fn gather(condition: &Condition, fields: &mut Vec<FieldPath>) {
    match condition {
        Condition::Not(inner) | Condition::Fresh { condition: inner, .. } => gather(inner, fields),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| gather(part, fields)),
        Condition::Compare { left, right, .. } => [left, right].iter().for_each(|term| gather_term(term, fields)),
        Condition::Between { term, low, high } => [term, low, high].iter().for_each(|term| gather_term(term, fields)),
        Condition::OneOf { term, .. } | Condition::Text { term, .. } | Condition::Yes(term) => {
            gather_text(term, fields);
        }
        Condition::Same { left, right } => [left, right].iter().for_each(|term| gather_text(term, fields)),
        Condition::Has { list, .. } => fields.push(list.clone()),
        Condition::HasOf { list, other, .. } => fields.extend([list.clone(), other.clone()]),
        Condition::Known(path) => fields.push(path.clone()),
        Condition::Happened { .. } | Condition::Mentions { .. } | Condition::Routed { .. } => {}
    }
}

fn gather_term(term: &Term, fields: &mut Vec<FieldPath>) {
    match term {
        Term::Field(path) => fields.push(path.clone()),
        Term::Arithmetic { left, right, .. } => {
            gather_term(left, fields);
            gather_term(right, fields);
        }
        Term::Constant(_) | Term::EventField(_) | Term::Aggregate(_) | Term::Score(_) | Term::Today | Term::Now => {}
    }
}

fn gather_text(term: &TextTerm, fields: &mut Vec<FieldPath>) {
    if let TextTerm::Field(path) = term {
        fields.push(path.clone());
    }
}
