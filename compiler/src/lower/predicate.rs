//! Predicates: what is asked of a term, and whether it can be asked of such a term.

use language::syntax::{self, ComparisonOperator, Expression, PredicateTest};

use super::Lowering;
use super::operand::{Domain, Operand, Unit};
use super::scope::Scope;
use crate::codes::types::{backwards_range, equals_sign, never_missing, not_a_text, only_event_facts};
use crate::program::{Comparison, Condition, FieldPath, Fixed, Term, TextOperator, TextTerm};

impl Lowering<'_> {
    /// Any predicate but a bare term.
    pub(super) fn asked(
        &mut self,
        whole: &Expression,
        subject: &Expression,
        test: &PredicateTest,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let scope = scope.deeper();
        match test {
            PredicateTest::Compare { operator, right, .. } => self.compared(subject, *operator, right, scope),
            PredicateTest::Equals { negated, operator_span, right } => {
                let (left, _) = (self.term(subject, scope), self.value_silently(right, scope));
                if left.is_some() {
                    self.report(equals_sign::diagnostic(scope.file, *operator_span, *negated));
                }
                None
            }
            PredicateTest::Is { negated, certainty, values } => {
                self.is(whole, subject, *negated, *certainty, values, scope)
            }
            PredicateTest::OneOf { negated, values, span } => self.one_of(subject, *negated, values, *span, scope),
            PredicateTest::From { negated, low, high } => {
                let between = self.between(subject, low, high, scope)?;
                Some(if *negated { Condition::Not(Box::new(between)) } else { between })
            }
            PredicateTest::Missing => {
                self.known(subject, true, scope).map(|known| Condition::Not(Box::new(Condition::Known(known))))
            }
            PredicateTest::Known => self.known(subject, false, scope).map(Condition::Known),
            PredicateTest::Has { which, values } => self.has(subject, *which, values, scope),
            PredicateTest::Text { operator, value } => self.text_test(subject, *operator, value, scope),
            // Handled where the window at its end is.
            PredicateTest::Bare => None,
        }
    }

    /// The right side of an equals sign may be a bare word: nothing is said about it.
    fn value_silently(&mut self, value: &Expression, scope: Scope<'_>) -> Option<Operand> {
        let reported = self.diagnostics.len();
        let found = self.term(value, scope);
        self.diagnostics.truncate(reported);
        found
    }

    fn compared(
        &mut self,
        left: &Expression,
        operator: ComparisonOperator,
        right: &Expression,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let (a, b) = (self.term(left, scope), self.term(right, scope));
        let ((left, _), (right, _)) = self.comparable((left, &a?), (right, &b?), scope)?;
        let operator = match operator {
            ComparisonOperator::Less => Comparison::Less,
            ComparisonOperator::AtMost => Comparison::AtMost,
            ComparisonOperator::More => Comparison::More,
            ComparisonOperator::AtLeast => Comparison::AtLeast,
        };
        Some(Condition::Compare { left, operator, right })
    }

    fn between(
        &mut self,
        subject: &Expression,
        low: &Expression,
        high: &Expression,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let (term, from, to) = (self.term(subject, scope), self.term(low, scope), self.term(high, scope));
        let (term, from, to) = (term?, from?, to?);
        let lower = self.comparable((subject, &term), (low, &from), scope);
        let upper = self.comparable((subject, &term), (high, &to), scope);
        let (((term, _), (from, _)), (_, (to, _))) = (lower?, upper?);
        if let (Term::Constant(a), Term::Constant(b)) = (&from, &to)
            && a > b
        {
            let texts = (self.text(scope.file, low.span), self.text(scope.file, high.span));
            self.report(backwards_range::diagnostic(scope.file, (low.span, texts.0), (high.span, texts.1)));
            return None;
        }
        Some(Condition::Between { term, low: from, high: to })
    }

    /// The field that is asked for; reported where no field is, or none that can be missing.
    fn known(&mut self, subject: &Expression, missing: bool, scope: Scope<'_>) -> Option<FieldPath> {
        let operand = self.term(subject, scope)?;
        let written = self.text(scope.file, subject.span);
        if scope.events.is_some() {
            self.report(only_event_facts::known(scope.file, subject.span, written));
            return None;
        }
        let Some(path) = operand.field() else {
            self.report(never_missing::no_field(scope.file, subject.span, written, &operand.kind(), missing));
            return None;
        };
        // Somebody it belongs to may be nobody, so a field beyond a relation can always be missing.
        let field = self.program.field(path);
        if path.relations.is_empty() && field.is_some_and(|field| !field.optional) {
            let list = matches!(operand, Operand::List(..));
            self.report(never_missing::diagnostic(scope.file, subject.span, written, list, missing));
            return None;
        }
        Some(path.clone())
    }

    fn text_test(
        &mut self,
        subject: &Expression,
        operator: syntax::TextOperator,
        value: &syntax::Text,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let operand = self.term(subject, scope)?;
        let written = self.text(scope.file, subject.span);
        let Operand::Text(term, domain) = operand else {
            let list = matches!(operand, Operand::List(..));
            self.report(not_a_text::diagnostic(scope.file, subject.span, written, &operand.kind(), list, operator));
            return None;
        };
        if domain != Domain::Any {
            self.report(not_a_text::words(scope.file, subject.span, written));
            return None;
        }
        if value.value.is_empty() {
            self.report(not_a_text::empty(scope.file, value.span));
            return None;
        }
        let operator = match operator {
            syntax::TextOperator::Starts => TextOperator::Starts,
            syntax::TextOperator::Ends => TextOperator::Ends,
            syntax::TextOperator::Contains => TextOperator::Contains,
        };
        Some(Condition::Text { term, operator, value: value.value.clone() })
    }
}

/// Two numbers, or many, of which one has to be equal.
pub(super) fn equal(term: &Term, values: Vec<Term>, negated: bool) -> Condition {
    let equals = |right: Term, operator| Condition::Compare { left: term.clone(), operator, right };
    if let [only] = values.as_slice() {
        let operator = if negated { Comparison::NotEqual } else { Comparison::Equal };
        return equals(only.clone(), operator);
    }
    let any = Condition::Any(values.into_iter().map(|value| equals(value, Comparison::Equal)).collect());
    if negated { Condition::Not(Box::new(any)) } else { any }
}

/// A yes/no that is one of these.
pub(super) fn yes(term: TextTerm, yes: bool) -> Condition {
    let condition = Condition::Yes(term);
    if yes { condition } else { Condition::Not(Box::new(condition)) }
}

/// A number as it is written in a playbook.
pub(super) fn is_number(text: &str) -> bool {
    text.trim().parse::<Fixed>().is_ok()
}

/// What a number has to have, to be compared with such a unit.
pub(super) fn written_as(unit: Unit, number: &str, currency: &str) -> Option<String> {
    match unit {
        Unit::Percent => Some(format!("{number}%")),
        Unit::Money => Some(format!("{currency} {number}")),
        _ => None,
    }
}
