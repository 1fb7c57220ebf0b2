//! How a playbook's own tests go.

use compiler::diagnostics::Files;
use compiler::program::Program;
use runtime::testing;
use serde::Serialize;
use utoipa::ToSchema;

/// How the tests of a playbook go.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Tests {
    /// So many pass.
    passed: usize,
    /// The others.
    failed: Vec<FailedTest>,
}

/// A test that fails: the first of its expectations that does not hold.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FailedTest {
    name: String,
    file: String,
    line: u32,
    /// The expectation as written.
    expectation: String,
    /// What it wants.
    expected: String,
    /// What is.
    actual: String,
}

impl Tests {
    /// Runs them all.
    pub(crate) fn of(program: &Program, files: &Files) -> Self {
        let outcomes = testing::run(program);
        let failed: Vec<FailedTest> = outcomes
            .iter()
            .filter_map(|outcome| {
                let failure = outcome.failures.first()?;
                Some(FailedTest {
                    name: outcome.name.to_string(),
                    file: files.name(failure.origin.file).to_owned(),
                    line: failure.origin.line,
                    expectation: failure.words.to_string(),
                    expected: failure.expected.clone(),
                    actual: failure.actual.clone(),
                })
            })
            .collect();
        Self { passed: outcomes.len() - failed.len(), failed }
    }
}
