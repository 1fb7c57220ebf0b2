//! E0112: brackets nested deeper than anyone writes.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0112",
    name: "too-deep",
    severity: Severity::Error,
    page: r"
Brackets are nested deeper than the compiler follows. No reader would follow either: give the inner parts names with `fact`.

A text that no person wrote, or a file that is not a playbook, is the usual cause.
",
};

/// The first bracket that is too deep.
pub(super) fn diagnostic(file: FileId, span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(&CODE, format!("brackets are nested more than {limit} deep"), file, span, "this one is too deep")
        .help("give the inner parts names of their own, with `fact`")
}
