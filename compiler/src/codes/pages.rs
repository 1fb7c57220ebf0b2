//! The pages of all codes as one document, `docs/codes.md`: generated, and checked by a test.

use super::{FAMILIES, is_lint};
use crate::diagnostics::{Code, Severity};

/// The text of `docs/codes.md`.
#[must_use]
pub fn index() -> String {
    let mut text = String::from(
        "# Codes\n\nEverything that the compiler finds has a code with a page: `playbook explain E0401`, `playbook explain scored-email-opens`.\n\
         Errors are numbered and a number is never used again. Lints are called by their name; a client allows one with\n\
         `allow LINT because \"…\"` in its block, a line with `// allow LINT because \"…\"` above or behind it.\n\n\
         This page is generated: `UPDATE_DOCS=1 cargo test -p compiler --test codes`.\n",
    );
    for family in FAMILIES.iter().filter(|family| !family.codes.is_empty()) {
        text.push_str(&format!("\n## {}\n", family.title));
        for code in family.codes {
            text.push_str(&format!("\n### {}\n\n{}\n", heading(code), page(code)));
        }
    }
    text
}

/// A code's heading and page, as `playbook explain` prints it.
#[must_use]
pub fn summary(code: &Code) -> String {
    format!("# {}\n\n{}\n", heading(code), page(code))
}

fn heading(code: &Code) -> String {
    let severity = match code.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    if is_lint(code) {
        format!("{} (lint, {severity})", code.name)
    } else {
        format!("{} {} ({severity})", code.id, code.name)
    }
}

/// The page with plain fences: which example is wrong is for the tests, and the words around it say so.
fn page(code: &Code) -> String {
    code.page.trim().replace("```playbook wrong", "```playbook").replace("```playbook right", "```playbook")
}
