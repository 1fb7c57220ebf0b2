//! E0114: a file larger than a playbook can be.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0114",
    name: "too-large",
    severity: Severity::Error,
    page: r"
A file is larger than a playbook can be, so it was not read. Most likely it is something else: an export with the wrong ending, for
example. A playbook names its data files in `source`, and does not hold them.
",
};

/// The limit, in bytes.
pub(super) fn diagnostic(file: FileId, span: Span, limit: usize) -> Diagnostic {
    let megabytes = limit / (1024 * 1024);
    Diagnostic::new(
        &CODE,
        format!("the file is larger than {megabytes} MiB"),
        file,
        Span::new(span.start, span.start),
        "not read",
    )
    .help("see whether it is a playbook at all; a large one is divided into several files of one folder")
}
