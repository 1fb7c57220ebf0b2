//! `count of login fell by 50% against the 30 days before`: a sum over a window, compared with the same just before it.
//!
//! What was before is what was over both windows less what was over the newer one, so it is unknown where that is.

use language::syntax::{AggregateFunction, DurationLiteral, Expression};
use language::{SCALE, Span};

use super::Lowering;
use super::operand::Operand;
use super::scope::Scope;
use crate::codes::scores::change_of_what;
use crate::program::{Aggregate, Arithmetic, Comparison, Condition, Fixed, Term};

const HUNDRED: Fixed = Fixed(100 * SCALE);

impl Lowering<'_> {
    /// True where there was something before, and the newer window has so much less, or more.
    pub(super) fn change(
        &mut self,
        subject: &Expression,
        fell: bool,
        (by, by_span): (Fixed, Span),
        against: DurationLiteral,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let operand = self.term(subject, scope);
        let before = self.span_of_time(scope.file, against);
        let share = if by <= Fixed::ZERO || (fell && by > HUNDRED) {
            self.report(change_of_what::share(scope.file, by_span, self.text(scope.file, by_span), fell));
            None
        } else {
            let left = if fell { HUNDRED.minus(by) } else { HUNDRED.plus(by) };
            left.over(HUNDRED)
        };
        let written = self.text(scope.file, subject.span);
        let mut newer = match operand? {
            Operand::Numeric(Term::Aggregate(found), _)
                if matches!(found.function, AggregateFunction::Count | AggregateFunction::Sum) =>
            {
                found
            }
            other => {
                self.report(change_of_what::diagnostic(scope.file, subject.span, written, &other.kind()));
                return None;
            }
        };
        let before = before?;
        if newer.query.window.is_some_and(|window| window != before) {
            let own = newer.query.window.map(|window| window.to_string()).unwrap_or_default();
            self.report(change_of_what::lengths(scope.file, against.span, &own, &before.to_string()));
            return None;
        }
        newer.query.window = Some(before);
        let mut both: Aggregate = newer.clone();
        let mut twice = before;
        twice.amount = before.amount.saturating_mul(2);
        both.query.window = Some(twice);
        let newer = Term::Aggregate(newer);
        let earlier = Term::Arithmetic {
            operator: Arithmetic::Minus,
            left: Box::new(Term::Aggregate(both)),
            right: Box::new(newer.clone()),
        };
        let limit = Term::Arithmetic {
            operator: Arithmetic::Times,
            left: Box::new(earlier.clone()),
            right: Box::new(Term::Constant(share?)),
        };
        let operator = if fell { Comparison::AtMost } else { Comparison::AtLeast };
        Some(Condition::All(vec![
            Condition::Compare { left: earlier, operator: Comparison::More, right: Term::Constant(Fixed::ZERO) },
            Condition::Compare { left: newer, operator, right: limit },
        ]))
    }
}
