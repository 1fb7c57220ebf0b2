//! E0116: a `{…}` in a template that stands for nothing.

use language::{PlaceholderError, Span};

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0116",
    name: "bad-placeholder",
    severity: Severity::Error,
    page: r#"
In a template, braces stand around the name of a fact, which is written out when the message is: `{contact.first_name}`. Where the fact
may be missing, `else` and a text in quotes say what stands there instead. A placeholder ends on the line that it begins on.

```playbook wrong
template first_touch {
  subject "{company.name else Your team}: bids without the weekend"
  body "Hi {first name},"
}
```

Write one name, with its dots and without blanks, and the text behind `else` in quotes; they do not end the text that they stand in:

```playbook right
use std.crm

template first_touch {
  subject "{company.name else "Your team"}: bids without the weekend"
  body "Hi {contact.first_name else "there"},"
}
```

A brace that is meant as a brace is written `\{`.
"#,
};

/// What is wrong with the placeholder.
pub(super) fn diagnostic(file: FileId, span: Span, reason: &PlaceholderError) -> Diagnostic {
    let found = |headline: String, label: &str| Diagnostic::new(&CODE, headline, file, span, label);
    let form = "a placeholder is a name such as `{contact.first_name}`, or `{contact.first_name else \"there\"}`";
    match reason {
        PlaceholderError::Unclosed => {
            let edit = Edit { file, span: Span::new(span.start, span.start), replacement: "\\".to_owned() };
            found("a placeholder is never closed".to_owned(), "expected `}` on this line")
                .note(form)
                .help("write the missing `}`, or `\\{` where a brace is meant")
                .fix("write `\\{`", false, vec![edit])
        }
        PlaceholderError::Empty => found("a placeholder is empty".to_owned(), "expected a name")
            .help(format!("{form}; write `\\{{` where a brace is meant")),
        PlaceholderError::NotAPath { found: written } => {
            found(format!("`{written}` is no name, so the placeholder stands for nothing"), "not a name")
                .help(format!("{form}; write `\\{{` where a brace is meant"))
        }
        PlaceholderError::NotAText { found: written } if written.is_empty() => {
            found("nothing stands behind the `else` of a placeholder".to_owned(), "expected a text in quotes")
                .help("write what stands there where the fact is missing, in quotes: `else \"there\"`")
        }
        PlaceholderError::NotAText { found: written } => {
            found(format!("`{written}` behind `else` is no text in quotes"), "expected a text in quotes")
                .help("write what stands there where the fact is missing in plain quotes: `else \"there\"`")
        }
    }
}
