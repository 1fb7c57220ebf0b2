//! E0202: a `use` of a module that is there but cannot be read.

use language::Span;
use language::syntax::Use;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0202",
    name: "unreadable-module",
    severity: Severity::Error,
    page: r"
A `use` names a module whose file is there but cannot be read: its permissions forbid it, or it is not a text in UTF-8.

Save the file as UTF-8, or give whoever runs `playbook` the right to read it.
",
};

/// What is used, and what reading it met.
pub(crate) fn diagnostic(file: FileId, wanted: &Use, span: Span, name: &str, reason: &str) -> Diagnostic {
    let place = if wanted.path.span.is_empty() { span } else { wanted.path.span };
    Diagnostic::new(&CODE, format!("the module `{name}` cannot be read"), file, place, reason.to_owned())
        .help("save the file as UTF-8 and see that it may be read")
}
