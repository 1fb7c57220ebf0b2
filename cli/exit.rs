//! How the command ends: exit codes, and errors put into words at the edge.

use std::fmt;
use std::process::ExitCode;

use runtime::runner::RunError;

use crate::client::why;
use crate::layout::paragraph;
use crate::terminal::Terminal;

/// How a run ended, as its exit code says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// 0: nothing to complain about.
    Fine,
    /// 1: it ran and found something: errors in a playbook, failed tests, rejected rows, an answer to what is not open.
    Findings,
    /// 2: called in a way it does not know.
    Usage,
    /// 3: it could not run: a file that is not there, a database that is locked.
    CouldNotRun,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Fine => 0,
            Outcome::Findings => 1,
            Outcome::Usage => 2,
            Outcome::CouldNotRun => 3,
        })
    }
}

/// What is wrong, and what to do about it; the words of an error that a verb itself raises.
#[derive(Debug)]
pub(crate) struct Failure {
    outcome: Outcome,
    what: String,
    help: Vec<String>,
    list: Vec<String>,
}

impl Failure {
    /// Called in a way that the command does not know.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self { outcome: Outcome::Usage, what: what.into(), help: Vec::new(), list: Vec::new() }
    }

    /// It ran and found this.
    pub(crate) fn findings(what: impl Into<String>) -> Self {
        Self { outcome: Outcome::Findings, what: what.into(), help: Vec::new(), list: Vec::new() }
    }

    /// It could not run.
    pub(crate) fn could_not_run(what: impl Into<String>) -> Self {
        Self { outcome: Outcome::CouldNotRun, what: what.into(), help: Vec::new(), list: Vec::new() }
    }

    /// With what to do.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// With what could have been meant, below the help.
    #[must_use]
    pub(crate) fn list(mut self, items: impl IntoIterator<Item = String>) -> Self {
        self.list.extend(items);
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)
    }
}

impl std::error::Error for Failure {}

/// What has been said already, by drawn diagnostics: nothing is left but the exit code.
#[derive(Debug)]
pub(crate) struct Told(pub(crate) Outcome);

impl fmt::Display for Told {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("said above")
    }
}

impl std::error::Error for Told {}

/// Prints an error on stderr and says how to end. A reader that went away is no error.
pub(crate) fn explain(error: &anyhow::Error, terminal: &Terminal) -> Outcome {
    if error.chain().any(is_broken_pipe) {
        return Outcome::Fine;
    }
    if let Some(Told(outcome)) = error.downcast_ref() {
        return *outcome;
    }
    let failure = error.chain().find_map(|cause| cause.downcast_ref::<Failure>());
    let paint = terminal.error_paint();
    let lines = |mark: &str, painted: &str, text: &str| {
        paragraph(&format!("{mark}: "), text, terminal.width()).replacen(mark, painted, 1)
    };
    let mut text = lines("error", &paint.red("error"), &sentence(error));
    for help in failure.iter().flat_map(|failure| &failure.help) {
        text.push_str(&lines("help", &paint.cyan("help"), help));
    }
    for item in failure.iter().flat_map(|failure| &failure.list) {
        text.push_str(&format!("      {item}\n"));
    }
    terminal.say(&text);
    match failure {
        Some(failure) => failure.outcome,
        None if error.chain().any(is_refused) => Outcome::Findings,
        None => Outcome::CouldNotRun,
    }
}

/// What a person asked does not fit what stands: it ran, and found that.
fn is_refused(cause: &(dyn std::error::Error + 'static)) -> bool {
    matches!(cause.downcast_ref(), Some(RunError::Refused(_) | RunError::NoSuchQuestion(_) | RunError::Settled { .. }))
}

/// Whether an answer was refused by what stands, and not because something could not be read or done.
pub(crate) fn is_refusal(error: &anyhow::Error) -> bool {
    let is_finding = |failure: &Failure| failure.outcome == Outcome::Findings;
    error.downcast_ref().is_some_and(is_finding) || error.chain().any(is_refused)
}

/// The error and its causes on one line, no cause said twice, the system's words without their numbers.
fn sentence(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain() {
        let words = without_number(&cause.downcast_ref().map_or_else(|| cause.to_string(), why));
        if said.ends_with(&words) {
            continue;
        }
        if !said.is_empty() {
            said.push_str(": ");
        }
        said.push_str(&words);
    }
    said
}

/// Without ` (os error 2)`: the number says nothing that the words before it do not.
fn without_number(words: &str) -> String {
    let mut parts = words.split(" (os error ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once(')').map_or(part, |(_, behind)| behind))
}

fn is_broken_pipe(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_the_error_already_says_is_not_repeated() {
        let error = anyhow::anyhow!("the file is gone").context("could not read `a.csv`: the file is gone");
        assert_eq!(sentence(&error), "could not read `a.csv`: the file is gone");
    }

    #[test]
    fn numbers_of_the_system_are_left_out() {
        assert_eq!(
            without_number("cannot be read: no such file (os error 2); check the path"),
            "cannot be read: no such file; check the path"
        );
        assert_eq!(without_number("plain"), "plain");
    }

    #[test]
    fn causes_follow_their_error_on_one_line() {
        let error = anyhow::anyhow!("the file is gone").context("could not read `a.csv`");
        assert_eq!(sentence(&error), "could not read `a.csv`: the file is gone");
    }
}
