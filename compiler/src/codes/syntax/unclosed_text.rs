//! E0105: a text without its closing quote.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Edit, Files, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0105",
    name: "unclosed-text",
    severity: Severity::Error,
    page: r#"
A text has no closing quote. A text in `"` ends on its line; one in `"""` may go over several.

```playbook wrong
phrases pain { "tender deadline }
```

Write the quote where the text ends:

```playbook right
phrases pain { "tender deadline" }
```

A quote inside a text is written `\"`.
"#,
};

/// Where the text starts, and whether it is one of several lines.
pub(super) fn diagnostic(files: &Files, file: FileId, span: Span, long: bool) -> Diagnostic {
    let quotes = if long { "\"\"\"" } else { "\"" };
    let opening = Span::new(span.start, (span.start + if long { 3 } else { 1 }).min(span.end.max(span.start + 1)));
    if long {
        return Diagnostic::new(&CODE, "a text is never closed", file, opening, "it starts here")
            .help("write `\"\"\"` where it ends; without it the rest of the file belongs to the text");
    }
    let written = files.slice(file, span);
    let text = written.trim_end_matches([' ', '\t', '\r', '\n', '{', '}', ']', ')', ',']);
    let diagnostic = Diagnostic::new(
        &CODE,
        "a text has no closing quote",
        file,
        span,
        format!("expected a `{quotes}` before the end of the line"),
    );
    let diagnostic = diagnostic.help("a text in `\"` ends on its line; one in `\"\"\"` may go over several");
    if text.len() < 2 {
        return diagnostic;
    }
    #[expect(clippy::cast_possible_truncation, reason = "shorter than its span")]
    let end = span.start + text.len() as u32;
    diagnostic.fix("close it", false, vec![Edit { file, span: Span::new(end, end), replacement: quotes.to_owned() }])
}
