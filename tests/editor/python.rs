//! The tests that are written in Python, for the libraries that they need are: each file of tests/editor/python is a test here.

use std::process::{Command, Stdio};

use crate::tools;

#[test]
fn the_grammar_reads_what_the_language_reads() {
    if tools::has("C compiler", "cc", &["--version"]) {
        pytest("test_grammar.py", "tree_sitter");
    }
}

#[test]
fn a_client_of_the_protocol_is_answered() {
    pytest("test_session.py", "pytest_lsp");
}

#[test]
fn what_is_asked_about_a_playbook_is_answered() {
    pytest("test_answers.py", "pytest_lsp");
}

#[test]
fn a_playbook_is_written_from_an_empty_file() {
    pytest("test_writing.py", "pytest_lsp, syrupy");
}

/// Runs one file, which may skip nothing.
fn pytest(file: &str, modules: &str) {
    let needed = format!("import pytest, {modules}");
    if !tools::has(&format!("python3 with the modules pytest, {modules}"), "python3", &["-c", &needed]) {
        return;
    }
    let folder = tools::project().join("tests/editor/python");
    let mut command = Command::new("python3");
    command
        .args(["-m", "pytest", "--quiet", "-c"])
        .arg(folder.join("pytest.ini"))
        .arg(folder.join(file))
        .env("PLAYBOOK", tools::playbook())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let summary = said.lines().last().unwrap_or_default();
    assert!(summary.contains(" passed") && !summary.contains("skipped"), "{said}");
}
