//! What `playbook test` found as JUnit's XML, which CI servers read: a suite a file, a case a test.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

/// How one test went.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    /// The file that it stands in.
    pub(crate) file: &'a str,
    /// Its name.
    pub(crate) name: &'a str,
    /// The line that it begins on, from 1.
    pub(crate) line: u32,
    /// What was not as expected, a line each; empty where it passed.
    pub(crate) failures: Vec<String>,
}

/// The report. It holds no times: the same tests give the same bytes.
///
/// # Errors
/// Where the text is not one that XML can hold.
pub(crate) fn report<'a>(cases: impl IntoIterator<Item = Case<'a>>) -> anyhow::Result<String> {
    let mut suites: BTreeMap<&str, TestSuite> = BTreeMap::new();
    for case in cases {
        let mut status = TestCaseStatus::success();
        if let Some(first) = case.failures.first() {
            status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(first.as_str()).set_type("expectation").set_description(case.failures.join("\n"));
        }
        let mut reported = TestCase::new(case.name, status);
        reported.set_classname(case.file);
        reported.extra.insert("file".into(), case.file.into());
        reported.extra.insert("line".into(), case.line.to_string().into());
        suites.entry(case.file).or_insert_with(|| TestSuite::new(case.file)).add_test_case(reported);
    }
    let mut report = Report::new("playbook test");
    report.add_test_suites(suites.into_values());
    Ok(report.to_string()? + "\n")
}
