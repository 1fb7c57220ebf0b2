//! Arithmetic with units: what may be added to what, and what comes out.

use language::syntax::{ArithmeticOperator, Expression};

use super::Lowering;
use super::operand::{Operand, Unit};
use super::scope::Scope;
use crate::codes::types::{division_by_nought, no_such_arithmetic};
use crate::program::{Arithmetic, Fixed, Term};

impl Lowering<'_> {
    pub(super) fn arithmetic(
        &mut self,
        whole: &Expression,
        operator: ArithmeticOperator,
        operands: &(Expression, Expression),
        scope: Scope<'_>,
    ) -> Option<Operand> {
        let (left, right) = (self.term(&operands.0, scope), self.term(&operands.1, scope));
        let (left, right) = (left?, right?);
        let (Some(a), Some(b)) = (left.numeric(), right.numeric()) else {
            let kinds = (left.kind(), right.kind());
            let help = "only numbers are calculated with: fields, facts and scores that are numbers, money, times …";
            self.report(no_such_arithmetic::diagnostic(scope.file, whole.span, operator, operands, &kinds, Some(help)));
            return None;
        };
        let Some(unit) = result(operator, a.1, b.1) else {
            let kinds = (left.kind(), right.kind());
            let help = help_for(operator, a.1, b.1);
            self.report(no_such_arithmetic::diagnostic(scope.file, whole.span, operator, operands, &kinds, help));
            return None;
        };
        if matches!((operator, &b.0), (ArithmeticOperator::Over, Term::Constant(Fixed::ZERO))) {
            self.report(division_by_nought::diagnostic(scope.file, operands.1.span));
            return None;
        }
        let operator = match operator {
            ArithmeticOperator::Plus => Arithmetic::Plus,
            ArithmeticOperator::Minus => Arithmetic::Minus,
            ArithmeticOperator::Times => Arithmetic::Times,
            ArithmeticOperator::Over => Arithmetic::Over,
        };
        let term = match (&a.0, &b.0) {
            (Term::Constant(a), Term::Constant(b)) => Term::Constant(calculated(operator, *a, *b)?),
            _ => Term::Arithmetic { operator, left: Box::new(a.0), right: Box::new(b.0) },
        };
        Some(Operand::Numeric(term, unit))
    }
}

/// What comes out, where the two go together.
fn result(operator: ArithmeticOperator, left: Unit, right: Unit) -> Option<Unit> {
    use ArithmeticOperator::{Minus, Over, Plus, Times};
    use Unit::{Date, Duration, Money, Number, Percent, Time};
    Some(match (left.plain(), operator, right.plain()) {
        (Number, _, Number) => Number,
        (same @ (Percent | Money | Duration), Plus | Minus, other) if same == other => same,
        (Money | Percent | Duration, Over, other) if left == other => Number,
        (date @ (Date | Time), Plus | Minus, Duration) | (Duration, Plus, date @ (Date | Time)) => date,
        (Date, Minus, Date) | (Time, Minus, Time) => Duration,
        (amount @ (Percent | Money | Duration), Times | Over, Number)
        | (Number, Times, amount @ (Percent | Money | Duration)) => amount,
        _ => return None,
    })
}

/// What was likely meant.
fn help_for(operator: ArithmeticOperator, left: Unit, right: Unit) -> Option<&'static str> {
    use Unit::{Date, Duration, Money, Number, Percent, Time};
    let share = matches!(operator, ArithmeticOperator::Times | ArithmeticOperator::Over);
    match (left.plain(), right.plain()) {
        (Percent, Number | Money | Duration) | (Number | Money | Duration, Percent) if share => {
            Some("to take a share, multiply with a number: `* 0.25`")
        }
        (Date, Time) | (Time, Date) => Some("`today` is a day and `now` an instant: calculate with two of a kind"),
        (Date | Time, Number) | (Number, Date | Time) | (Duration, Number) | (Number, Duration) => {
            Some("say of what the number is: `3 days`, `2 hours`")
        }
        _ => None,
    }
}

fn calculated(operator: Arithmetic, left: Fixed, right: Fixed) -> Option<Fixed> {
    match operator {
        Arithmetic::Plus => Some(left.plus(right)),
        Arithmetic::Minus => Some(left.minus(right)),
        Arithmetic::Times => Some(left.times(right)),
        Arithmetic::Over => left.over(right),
    }
}
