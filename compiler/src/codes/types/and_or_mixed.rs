//! E0308: `and` beside `or` without parentheses.

use language::Span;
use language::syntax::Expression;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0308",
    name: "and-or-mixed",
    severity: Severity::Error,
    page: r#"
`and` and `or` stand beside each other, and it depends on the reader what that means. Parentheses say it.

```playbook wrong
use std.crm
fact fits of Company is country is NZ or country is AU and employees > 20
```

Put what belongs together into parentheses:

```playbook right
use std.crm
fact fits of Company is (country is NZ or country is AU) and employees > 20
```
"#,
};

/// The operator that differs, the operands in order, and the texts between them.
pub(crate) fn diagnostic(file: FileId, operator: Span, operands: &[Expression], between: &[&str]) -> Diagnostic {
    let insert = |at: u32, what: &str| Edit { file, span: Span::new(at, at), replacement: what.to_owned() };
    let joined_by_and = |text: &&str| text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word == "and");
    let ands: Vec<bool> = between.iter().map(joined_by_and).collect();
    let mut edits = Vec::new();
    for (index, operand) in operands.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| ands.get(before)).copied().unwrap_or(false);
        let after = ands.get(index).copied().unwrap_or(false);
        // A run of `and` opens where none came before and closes where none follows.
        if after && !before {
            edits.push(insert(operand.span.start, "("));
        }
        if before && !after {
            edits.push(insert(operand.span.end, ")"));
        }
    }
    Diagnostic::new(
        &CODE,
        "`and` and `or` are mixed, and it is not said what belongs together",
        file,
        operator,
        "`and` first, or `or` first?",
    )
    .help("put what belongs together into parentheses")
    .fix("put parentheses around what `and` joins", false, edits)
}
