//! Terms: what a value is calculated from, with its type.

use language::syntax::{Expression, ExpressionKind, PredicateTest};

use super::Lowering;
use super::operand::{Operand, Unit};
use super::scope::{DEEPEST, Scope};
use crate::codes::types::{not_a_value, too_involved, window_without_events};
use crate::program::Term;

impl Lowering<'_> {
    /// A term; none where it was reported, or is silent because of an earlier error.
    pub(super) fn term(&mut self, expression: &Expression, scope: Scope<'_>) -> Option<Operand> {
        if scope.depth >= DEEPEST {
            self.report(too_involved::nested(scope.file, expression.span));
            return None;
        }
        match &expression.kind {
            ExpressionKind::Literal(literal) => self.literal(literal, scope),
            ExpressionKind::Path(path) => self.path(path, scope),
            ExpressionKind::Aggregate(aggregate) => self.aggregate(aggregate, scope.deeper()),
            ExpressionKind::Arithmetic { operator, operands } => {
                self.arithmetic(expression, *operator, operands, scope.deeper())
            }
            ExpressionKind::Today => Some(Operand::Numeric(Term::Today, Unit::Date)),
            ExpressionKind::Now => Some(Operand::Numeric(Term::Now, Unit::Time)),
            ExpressionKind::Windowed { term, window } => {
                let resolved = self.window(scope.file, window);
                let taken = std::cell::Cell::new(false);
                let operand = match resolved {
                    Some(resolved) => self.term(term, scope.deeper().within(resolved, &taken)),
                    None => {
                        taken.set(true);
                        self.term(term, scope.deeper())
                    }
                }?;
                if !taken.get() {
                    self.report(window_without_events::diagnostic(scope.file, window.span, term.span));
                    return None;
                }
                Some(operand)
            }
            ExpressionKind::Predicate(predicate)
                if predicate.fresh.is_none()
                    && predicate.window.is_none()
                    && matches!(predicate.test, PredicateTest::Bare) =>
            {
                self.term(&predicate.subject, scope)
            }
            ExpressionKind::List(_) => {
                self.report(not_a_value::list(scope.file, expression.span));
                None
            }
            ExpressionKind::Not(_)
            | ExpressionKind::And(_)
            | ExpressionKind::Or(_)
            | ExpressionKind::Mixed { .. }
            | ExpressionKind::Happened { .. }
            | ExpressionKind::Mentions { .. }
            | ExpressionKind::Predicate(_) => {
                self.report(not_a_value::condition(scope.file, expression.span));
                None
            }
        }
    }
}
