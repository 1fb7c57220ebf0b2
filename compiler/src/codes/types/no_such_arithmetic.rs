//! E0302: two values that cannot be calculated with.

use language::Span;
use language::syntax::{ArithmeticOperator, Expression};

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0302",
    name: "no-such-arithmetic",
    severity: Severity::Error,
    page: r#"
Two values do not go together in a calculation: a percentage and a duration, money times money, two dates added. What goes together is
numbers with numbers; money, percentages and durations with their own kind, or times and over a number; dates and times plus or minus a
duration; and the difference of two dates, or two times.

```playbook wrong
use std.crm
fact odd of Deal is probability + 3 days > 10
```

Calculate with values of one kind:

```playbook right
use std.crm
fact soon of Deal is close_date - today < 3 days
```
"#,
};

/// The calculation, both sides, and what each is; `help` where something else was likely meant.
pub(crate) fn diagnostic(
    file: FileId,
    whole: Span,
    operator: ArithmeticOperator,
    operands: &(Expression, Expression),
    kinds: &(String, String),
    help: Option<&str>,
) -> Diagnostic {
    let (left, right) = kinds;
    let headline = match operator {
        ArithmeticOperator::Plus => format!("{left} and {right} cannot be added"),
        ArithmeticOperator::Minus => format!("{right} cannot be taken from {left}"),
        ArithmeticOperator::Times => format!("{left} cannot be multiplied with {right}"),
        ArithmeticOperator::Over => format!("{left} cannot be divided by {right}"),
    };
    let found = Diagnostic::new(&CODE, headline, file, whole, "has no unit")
        .label(file, operands.0.span, left.clone())
        .label(file, operands.1.span, right.clone());
    match help {
        Some(help) => found.help(help),
        None => found.help("calculate with values of one kind; times and over take a plain number"),
    }
}
