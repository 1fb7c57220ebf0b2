//! E0705: a `ports.toml` that the ports cannot be set up by. What is wrong in it the runtime says, which reads it.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0705",
    name: "ports-file",
    severity: Severity::Error,
    page: r#"
The file `ports.toml` beside a client's playbooks says who does the work and who carries the letters. A setting that there is not, or
one that makes no sense, would stop the first `playbook run`, so `check` reads the file too. It needs no secret for that: a setting
that ends in `_env` names an environment variable, and whether that is set is seen only where the work is done.

Where the finding is shown, the values of the file are covered with stars, because one of them may be a secret that was written into it.

docs/ports.md describes every setting. Without the file everything is built in, and nothing has to be set.
"#,
};

/// What is wrong, and where.
#[must_use]
pub fn ports_file(file: FileId, place: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&CODE, what, file, place, "here")
        .note("no work that needs a port can begin before that is put right")
        .help("docs/ports.md describes every setting; without the file everything is built in")
}
