//! E0113: a clause so involved that reading it was given up.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0113",
    name: "too-involved",
    severity: Severity::Error,
    page: r"
A clause is so long and so deeply nested that reading it was given up, to keep the compiler quick on every text.

Give parts of the condition names of their own with `fact`, and use these.
",
};

/// The clause.
pub(super) fn diagnostic(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "this clause is too involved to be read", file, span, "given up here")
        .help("give parts of the condition names of their own, with `fact`")
}
