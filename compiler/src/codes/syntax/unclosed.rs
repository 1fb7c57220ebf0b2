//! E0102: a bracket, brace or parenthesis that is never closed.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Files, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0102",
    name: "unclosed",
    severity: Severity::Error,
    page: r#"
A `{`, `[` or `(` is never closed. A declaration starts in column 0, so whatever is open there has been forgotten.

```playbook wrong
use std.crm
score fit for Contact {
  layer place weight 100% {
    +100 when country is "NZ"
}

phrases pain { "tender deadline" }
```

Close it: a `}` stands on a line of its own, as deep as the line that opened it.

```playbook right
use std.crm
score fit for Contact {
  layer place weight 100% {
    +100 when country is "NZ"
  }
}

phrases pain { "tender deadline" }
```
"#,
};

/// How far the indentation is searched for the line that forgot its brace.
const SEARCHED: u32 = 64 * 1024;

/// The bracket, and where the text ended without its partner.
pub(super) fn diagnostic(files: &Files, file: FileId, span: Span, bracket: char, end: Span) -> Diagnostic {
    let partner = match bracket {
        '[' => ']',
        '(' => ')',
        _ => '}',
    };
    let headline = format!("a `{bracket}` is never closed");
    let culprit = (bracket == '{').then(|| culprit(files, file, span, end)).flatten();
    let length = files.files.get(file.index()).map_or(0, |file| file.text.trim_end().len());
    let ended = if end.start as usize >= length { "the file ends here, still without it" } else { "still open here" };
    match culprit.filter(|culprit| *culprit != span) {
        Some(culprit) => Diagnostic::new(&CODE, headline, file, culprit, "this one, as far as the indentation tells")
            .label(file, end, ended)
            .help("write a `}` where its block ends, as deep as the line that opens it"),
        None => Diagnostic::new(&CODE, headline, file, span, "opened here")
            .label(file, end, ended)
            .help(format!("write the `{partner}` that closes it")),
    }
}

/// The `{` whose block, by its indentation, has no `}` of its own: the first one that a shallower `}` has to close.
#[expect(clippy::cast_possible_truncation, reason = "at most SEARCHED bytes are looked at")]
fn culprit(files: &Files, file: FileId, from: Span, to: Span) -> Option<Span> {
    let end = to.start.min(from.start.saturating_add(SEARCHED));
    let text = files.files.get(file.index())?.text.get(..end as usize)?;
    let start = text.get(..from.start as usize)?.rfind('\n').map_or(0, |at| at + 1);
    let mut open: Vec<(usize, Span)> = Vec::new();
    let mut offset = start;
    for line in text.get(start..)?.split_inclusive('\n') {
        let code = line.split("//").next().unwrap_or_default().trim_end();
        let indent = code.len() - code.trim_start().len();
        let closes = code.trim_start().starts_with('}');
        if closes {
            match open.pop() {
                Some((deeper, brace)) if deeper > indent => return Some(brace),
                _ => {}
            }
        }
        if code.ends_with('{') {
            let at = (offset + code.len() - 1) as u32;
            open.push((indent, Span::new(at, at + 1)));
        }
        offset += line.len();
    }
    // Whatever was opened last, nothing closed it.
    open.last().map(|(_, brace)| *brace)
}
