//! `playbook test`: proof by example. A line a test; failures with what was expected, what is, and the place.

use compiler::diagnostics::Files;
use compiler::diagnostics::lines::Lines;
use compiler::program::{Origin, Program};
use runtime::testing::{self, Failure as Failed, TestOutcome};
use serde::Serialize;

use crate::exit::{Failure, Outcome};
use crate::layout::{count, cut, paragraph};
use crate::playbook;
use crate::terminal::{Paint, Terminal};
use crate::units::{self, Unit};

/// Run the tests that a playbook holds
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook test playbooks/stackmates
  playbook test playbooks/stackmates --filter agency")]
pub(crate) struct Arguments {
    /// Clients or files [default: the folder you stand in]
    #[arg(value_name = "CLIENT|FILE")]
    what: Vec<String>,

    /// Only tests whose name contains this, in any case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    passed: usize,
    failed: usize,
    tests: Vec<Ran>,
}

#[derive(Debug, Serialize)]
struct Ran {
    name: String,
    file: String,
    line: u32,
    passed: bool,
    expectations: usize,
    failures: Vec<Failing>,
}

#[derive(Debug, Serialize)]
struct Failing {
    expect: String,
    expected: String,
    actual: String,
    line: u32,
    ledger: Option<String>,
}

/// Runs the tests of what is named.
///
/// # Errors
/// Where a file cannot be read, or a playbook has errors.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut report = Report { passed: 0, failed: 0, tests: Vec::new() };
    let wanted = arguments.filter.as_deref().unwrap_or_default().to_lowercase();
    let units = units::named(&arguments.what)?;
    for unit in &units {
        if units.len() > 1 && !arguments.json {
            terminal.print(&format!("{}\n", terminal.paint().bold(&unit.client.spelled)))?;
        }
        let (program, sources) = compiled(unit, terminal)?;
        for test in testing::run(&program) {
            let file = sources.path(test.origin);
            let asked_for = unit.only.is_empty() || unit.only.iter().any(|path| path.to_string_lossy() == file);
            if asked_for && test.name.to_lowercase().contains(&wanted) {
                if !arguments.json {
                    terminal.print(&line(&test, &sources, terminal))?;
                }
                report.add(&test, file);
            }
        }
    }
    if report.tests.is_empty() && arguments.filter.is_some() {
        return Err(Failure::findings(format!("no test's name contains `{wanted}`"))
            .help("without --filter, all tests run")
            .into());
    }
    if arguments.json {
        terminal.print_json(&report)?;
    } else {
        terminal.print(&report.summary(terminal.paint()))?;
    }
    Ok(if report.failed > 0 { Outcome::Findings } else { Outcome::Fine })
}

/// The texts that tests stand in.
struct Sources {
    files: Files,
}

impl Sources {
    fn path(&self, origin: Origin) -> String {
        self.files.name(origin.file).to_owned()
    }

    /// A line of a file as it stands, without its indentation.
    fn line(&self, origin: Origin) -> &str {
        let text = self.files.files.get(origin.file.index()).map_or("", |file| &*file.text);
        let span = Lines::of(text).span(text, (origin.line as usize).saturating_sub(1));
        text.get(span.range()).unwrap_or_default().trim()
    }
}

fn compiled(unit: &Unit, terminal: &Terminal) -> anyhow::Result<(Program, Sources)> {
    let (program, files) = playbook::runnable(playbook::compiled(&unit.client, &[])?, terminal)?;
    Ok((program, Sources { files }))
}

fn line(test: &TestOutcome, sources: &Sources, terminal: &Terminal) -> String {
    let paint = terminal.paint();
    if test.passed() {
        return format!("{}  {}\n", paint.green("ok"), test.name);
    }
    let place = format!("{}:{}", sources.path(test.origin), test.origin.line);
    let mut text = format!("{}  {}  {}\n", paint.red("failed"), paint.bold(&test.name), paint.dim(&place));
    for (place, failed) in test.failures.iter().enumerate() {
        text.push_str(&failure(failed, sources, paint, terminal.width()));
        let told_again = test.failures.iter().skip(place + 1).any(|later| later.ledger == failed.ledger);
        for line in failed.ledger.iter().filter(|_| !told_again).flat_map(|ledger| ledger.lines()) {
            text.push_str(&paint.dim(&format!("              {}", cut(line, terminal.width().saturating_sub(14)))));
            text.push('\n');
        }
    }
    text.push('\n');
    text
}

/// The line as it stands, what it wants, and what is.
fn failure(failed: &Failed, sources: &Sources, paint: Paint, all: usize) -> String {
    let number = failed.origin.line.to_string();
    let bar = paint.dim("│");
    let gutter = " ".repeat(number.len());
    let mut text =
        format!("  {gutter} {bar}\n  {} {bar} {}\n  {gutter} {bar}\n", paint.dim(&number), sources.line(failed.origin));
    text.push_str(&paragraph("    expected  ", &failed.expected, all));
    text.push_str(&paragraph("    but       ", &failed.actual, all));
    text
}

impl Report {
    fn add(&mut self, test: &TestOutcome, file: String) {
        if test.passed() {
            self.passed += 1;
        } else {
            self.failed += 1;
        }
        let failing = |failed: &Failed| Failing {
            expect: failed.words.to_string(),
            expected: failed.expected.clone(),
            actual: failed.actual.clone(),
            line: failed.origin.line,
            ledger: failed.ledger.clone(),
        };
        self.tests.push(Ran {
            name: test.name.to_string(),
            file,
            line: test.origin.line,
            passed: test.passed(),
            expectations: test.expectations,
            failures: test.failures.iter().map(failing).collect(),
        });
    }

    fn summary(&self, paint: Paint) -> String {
        if self.tests.is_empty() {
            return "no tests: a test begins with test \"name\" { given … expect … }\n".to_owned();
        }
        let passed = count(self.passed as u64, "test passed", "tests passed");
        if self.failed == 0 {
            return format!("{}\n", paint.green(&passed));
        }
        format!("{}, {passed}\n", paint.red(&count(self.failed as u64, "test failed", "tests failed")))
    }
}
