//! Runs one test of a playbook in memory and says how it went, in a line or a few.

use compiler::program::Program;
use runtime::testing;
use tower_lsp::ls_types::MessageType;

/// How a test went: as what it is shown, and the words. None where there is no such test.
pub(super) fn run(program: &Program, name: &str) -> Option<(MessageType, String)> {
    let mut only = program.clone();
    only.tests.retain(|test| test.name == name);
    let outcomes = testing::run(&only);
    let first = outcomes.first()?;
    let failures: Vec<_> = outcomes.iter().flat_map(|outcome| &outcome.failures).collect();
    if failures.is_empty() {
        let expectations: usize = outcomes.iter().map(|outcome| outcome.expectations).sum();
        let all = match expectations {
            1 => "its expectation holds".to_owned(),
            number => format!("all {number} expectations hold"),
        };
        return Some((MessageType::INFO, format!("`{}` passed: {all}", first.name)));
    }
    let mut words = format!("`{}` failed", first.name);
    for failure in failures {
        let line = failure.origin.line;
        words.push_str(&format!(
            "\nline {line}: `{}` expects {}, and what is: {}",
            failure.words, failure.expected, failure.actual
        ));
    }
    Some((MessageType::ERROR, words))
}
