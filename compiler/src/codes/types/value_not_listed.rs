//! E0307: a word that the field cannot hold.

use language::Span;
use smol_str::SmolStr;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0307",
    name: "value-not-listed",
    severity: Severity::Error,
    page: r#"
A field holds one of the words that it was declared with, and this is none of them. The condition could never be true.

```playbook wrong
use std.crm
fact builder of Company is industry is constructon
```

Write one of the words, or add this one where the field is declared:

```playbook right
use std.crm
fact builder of Company is industry is construction
```
"#,
};

/// The word, the field as written, the words it can hold, and what stands in the text.
pub(crate) fn diagnostic(
    file: FileId,
    span: Span,
    word: &str,
    of: &str,
    known: &[SmolStr],
    written: &str,
) -> Diagnostic {
    let found = Diagnostic::new(&CODE, format!("`{of}` is never `{word}`"), file, span, "not one of its words");
    if known.is_empty() {
        return found
            .note(format!("`{of}` holds the names of objections, and none is declared"))
            .help(format!("declare it: `objection {word} {{ \"…\" }}`"));
    }
    let folded = word.trim().to_lowercase().replace([' ', '-'], "_");
    let same = known.iter().map(SmolStr::as_str).find(|known| *known == folded);
    let found = match same.or_else(|| nearest(word, known.iter().map(SmolStr::as_str))) {
        Some(meant) => {
            let quoted = written.starts_with('"');
            let replacement = if quoted { format!("\"{meant}\"") } else { meant.to_owned() };
            let edit = Edit { file, span, replacement };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None => found,
    };
    found.note(format!("it can be {}", words::list(known, "or", 12)))
}
