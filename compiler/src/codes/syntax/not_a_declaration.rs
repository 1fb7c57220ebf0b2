//! E0108: something outside of every block that starts no declaration, or a declaration that is not in column 0.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Edit, Files, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0108",
    name: "not-a-declaration",
    severity: Severity::Error,
    page: r#"
A line outside of every block starts with a word that starts no declaration, or a declaration is indented. Only the keywords of
declarations stand there, in column 0: `client`, `use` and `refine`; `entity`, `extend`, `event`, `fact`, `score`, `phrases`, `objection`,
`rubric`, `source` and `test`; `workflow`, `feedback`, `agent`, `action`, `permissions`, `priority`, `contact policy`, `template`,
`experiment`, `goal`, `scenario`, `backtest`, `forecast` and `publish`.

```playbook wrong
scroe fit for Contact {
  +10 when country is "NZ"
}
```

Write the keyword that is meant, or indent the line under what it belongs to:

```playbook right
use std.crm
score fit for Contact {
  +10 when country is "NZ"
}
```
"#,
};

/// What stands there, and the declaration likely meant.
pub(super) fn diagnostic(files: &Files, file: FileId, span: Span, found: &str, meant: Option<&str>) -> Diagnostic {
    let word = found.lines().next().unwrap_or(found);
    let diagnostic =
        Diagnostic::new(&CODE, format!("`{word}` starts no declaration"), file, span, "column 0 is for declarations");
    if meant == Some(word) {
        let start = Span::new(span.start - column(files, file, span), span.start);
        let edit = Edit { file, span: start, replacement: String::new() };
        return Diagnostic::new(&CODE, format!("the declaration `{word}` is indented"), file, span, "not in column 0")
            .help("start it in column 0")
            .fix("start it in column 0", true, vec![edit]);
    }
    if let Some(meant) = meant {
        let edit = Edit { file, span, replacement: meant.to_owned() };
        return diagnostic.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit]);
    }
    if column(files, file, span) > 0 {
        return Diagnostic::new(
            &CODE,
            format!("`{word}` stands in no block"),
            file,
            span,
            "nothing above opens its block",
        )
        .help("write the header of its declaration above it, such as `score fit for Contact {`");
    }
    let line = files.files.get(file.index()).and_then(|text| text.text.get(span.start as usize..)).unwrap_or_default();
    let starts_as_clause =
        ["+", "-", "layer", "route", "given", "expect", "reports", "missing"].iter().any(|word| line.starts_with(word));
    if starts_as_clause {
        return diagnostic.help("a line of a block is indented under its declaration");
    }
    diagnostic
        .note(
            "a declaration starts with `client`, `use`, `refine`, `entity`, `extend`, `event`, `fact`, `score`, `phrases`, `objection`, \
             `rubric`, `source`, `test`, `workflow`, `feedback`, `agent`, `action`, `permissions`, `priority`, `contact policy`, \
             `template`, `experiment` or `goal`",
        )
        .help("start the line with one of these words, or indent it under what it belongs to")
}

/// How many blanks stand before it on its line.
#[expect(clippy::cast_possible_truncation, reason = "a file is smaller than four gigabytes")]
fn column(files: &Files, file: FileId, span: Span) -> u32 {
    let before = files.slice(file, Span::new(0, span.start));
    (before.len() - before.trim_end_matches([' ', '\t']).len()) as u32
}
