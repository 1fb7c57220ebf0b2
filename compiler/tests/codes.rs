//! Every code's page tells the truth: its wrong example has the finding, its right example does not, and `docs/codes.md` is up to date.
#![expect(clippy::disallowed_methods, reason = "a test that cannot go on fails, and reads its fixtures")]

mod support;

use std::path::Path;

use compiler::codes;
use compiler::diagnostics::{Code, Severity};

/// The examples of a page that are marked so.
fn examples<'p>(page: &'p str, mark: &str) -> Vec<&'p str> {
    let opening = format!("```playbook {mark}\n");
    page.split(opening.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

fn found(code: &Code, example: &str) -> (bool, String) {
    let compiled = support::compiled("example.playbook", example, &[code.name]);
    (compiled.diagnostics.iter().any(|found| found.code.id == code.id), support::drawn(&compiled))
}

#[test]
fn wrong_examples_have_the_finding_and_right_ones_do_not() {
    let mut failures = Vec::new();
    for code in codes::all() {
        for example in examples(code.page, "wrong") {
            let (has, drawn) = found(code, example);
            if !has {
                failures
                    .push(format!("{} {}: the wrong example does not have it:\n{example}{drawn}", code.id, code.name));
            }
        }
        for example in examples(code.page, "right") {
            let compiled = support::compiled("example.playbook", example, &[code.name]);
            let noticed = compiled.diagnostics.iter().any(|found| {
                found.severity == Severity::Error || found.code.id == code.id && found.severity == code.severity
            });
            if noticed {
                failures.push(format!(
                    "{} {}: the right example is not clean:\n{example}{}",
                    code.id,
                    code.name,
                    support::drawn(&compiled)
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{} pages are wrong\n\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_code_has_a_page() {
    for code in codes::all() {
        assert!(code.page.trim().len() > 100, "{} says too little", code.id);
        assert!(!code.page.contains("TODO"), "{} is not finished", code.id);
        let (wrong, right) = (examples(code.page, "wrong").len(), examples(code.page, "right").len());
        assert!(wrong == 0 || right > 0, "{} shows what is wrong and not what is right", code.id);
    }
}

#[test]
fn docs_are_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/codes.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, codes::index()).expect("docs/codes.md can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == codes::index(),
        "docs/codes.md is out of date: UPDATE_DOCS=1 cargo test -p compiler --test codes"
    );
}
