//! `playbook test`: proof by example. A line a test; failures with what was expected, what is, and the place.

use compiler::diagnostics::lines::Lines;
use compiler::diagnostics::{Files, Severity};
use compiler::program::Origin;
use runtime::testing::coverage::Kind;
use runtime::testing::{self, Failure as Failed, TestOutcome};
use serde::Serialize;

use crate::exit::{Failure, Outcome};
use crate::junit;
use crate::layout::{count, cut, paragraph};
use crate::mutations::Mutations;
use crate::playbook;
use crate::reached::Coverage;
use crate::terminal::{Paint, Terminal};
use crate::units;

/// Run the tests that a playbook holds
#[derive(clap::Args)]
#[command(after_help = "Example:
  playbook test playbooks/stackmates
  playbook test playbooks/stackmates --filter agency
  playbook test playbooks/stackmates --coverage --at-least rules=90
  playbook test --format junit playbooks/*/ > tests.xml")]
pub(crate) struct Arguments {
    /// Clients or files [default: the folder you stand in]
    #[arg(value_name = "CLIENT|FILE")]
    what: Vec<String>,

    /// Only tests whose name contains this, in any case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,

    /// Show which rules, routes, stages and ways the tests reach
    #[arg(long)]
    coverage: bool,

    /// Change points, thresholds, weights and gates one at a time, and show which changes no test notices
    #[arg(long)]
    mutate: bool,

    /// With --coverage or --mutate, exit 1 below this: rules=90, routes=100, noticed=80
    #[arg(long, value_name = "WHAT=PERCENT", value_parser = bar)]
    at_least: Vec<Bar>,

    /// In which form to print what came of them
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

/// What CI asks for at least, of a hundred.
#[derive(Clone, Copy, Debug)]
struct Bar {
    of: Barred,
    percent: f64,
}

/// What a bar can be set for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Barred {
    Reached(Kind),
    Noticed,
}

fn bar(written: &str) -> Result<Bar, String> {
    let (name, percent) = written.split_once('=').ok_or("write it as rules=90")?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name).map(Barred::Reached);
    let of = kind.or((name == "noticed").then_some(Barred::Noticed)).ok_or_else(|| {
        let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).chain(["noticed"]).collect();
        format!("there is no `{name}`; there are {}", names.join(", "))
    })?;
    let percent: f64 = percent.trim_end_matches('%').parse().map_err(|_| format!("`{percent}` is no percentage"))?;
    if (0.0..=100.0).contains(&percent) { Ok(Bar { of, percent }) } else { Err("from 0 to 100".to_owned()) }
}

/// In which form tests are reported: a line each, one JSON document, or JUnit's XML for CI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Human,
    Json,
    Junit,
}

#[derive(Debug, Serialize)]
struct Report {
    passed: usize,
    failed: usize,
    tests: Vec<Ran>,
    /// Playbooks with errors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refused: Vec<Refused>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Coverage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mutations: Option<Mutations>,
}

/// A playbook with errors. Where it is understood all the same, its tests ran: a record that `check` shows for an error is one.
#[derive(Debug, Serialize)]
struct Refused {
    client: String,
    errors: usize,
    tests_ran: bool,
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
    let format = if arguments.json { Format::Json } else { arguments.format };
    let asked = |of: fn(Barred) -> bool| arguments.at_least.iter().any(|bar| of(bar.of));
    let mut report = Report {
        passed: 0,
        failed: 0,
        tests: Vec::new(),
        refused: Vec::new(),
        coverage: (arguments.coverage || asked(|of| of != Barred::Noticed)).then(Coverage::default),
        mutations: (arguments.mutate || asked(|of| of == Barred::Noticed)).then(Mutations::default),
    };
    let wanted = arguments.filter.as_deref().unwrap_or_default().to_lowercase();
    let units = units::named(&arguments.what)?;
    for unit in &units {
        if units.len() > 1 && format == Format::Human {
            terminal.print(&format!("{}\n", terminal.paint().bold(&unit.client.spelled)))?;
        }
        let mut playbook = playbook::compiled(&unit.client, &[])?;
        let errors = playbook.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
        let mut all_pass = errors == 0;
        let program = playbook.program.take().or(playbook.refuted.take());
        let sources = Sources { files: playbook.files.clone() };
        if errors > 0 {
            let tests_ran = program.is_some();
            report.refused.push(Refused { client: unit.client.spelled.clone(), errors, tests_ran });
            playbook::say_errors(playbook, terminal);
        }
        let Some(program) = program else { continue };
        for test in testing::run(&program) {
            all_pass &= test.passed();
            let file = sources.path(test.origin);
            let asked_for = unit.only.is_empty() || unit.only.iter().any(|path| path.to_string_lossy() == file);
            if asked_for && test.name.to_lowercase().contains(&wanted) {
                if format == Format::Human {
                    terminal.print(&line(&test, &sources, terminal))?;
                }
                report.add(&test, file);
            }
        }
        if let Some(coverage) = &mut report.coverage {
            coverage.add(&program, &sources.files);
        }
        // A test that fails already notices nothing.
        if let Some(mutations) = report.mutations.as_mut().filter(|_| all_pass) {
            mutations.add(&program, &sources.files, terminal);
        }
    }
    if report.tests.is_empty() && report.refused.is_empty() && arguments.filter.is_some() {
        return Err(Failure::findings(format!("no test's name contains `{wanted}`"))
            .help("without --filter, all tests run")
            .into());
    }
    match format {
        Format::Human => terminal.print(&report.drawn(terminal))?,
        Format::Json => terminal.print_json(&report)?,
        Format::Junit => {
            let refused = report.refused.iter().map(Refused::case);
            terminal.print(&junit::report(report.tests.iter().map(Ran::case).chain(refused))?)?;
        }
    }
    let short = report.short_of(&arguments.at_least);
    for line in &short {
        terminal.say(line);
    }
    Ok(if report.failed > 0 || !report.refused.is_empty() || !short.is_empty() {
        Outcome::Findings
    } else {
        Outcome::Fine
    })
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

impl Refused {
    fn case(&self) -> junit::Case<'_> {
        let errors = count(self.errors as u64, "error", "errors");
        let failures = vec![format!("{errors}: playbook check shows them")];
        junit::Case { file: &self.client, name: "playbook check", line: 1, failures }
    }
}

impl Ran {
    fn case(&self) -> junit::Case<'_> {
        let failures = self.failures.iter().map(|failed| {
            format!("line {}: {}: expected {}, but {}", failed.line, failed.expect, failed.expected, failed.actual)
        });
        junit::Case { file: &self.file, name: &self.name, line: self.line, failures: failures.collect() }
    }
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

    /// What was asked for beside the tests, and how many of these passed.
    fn drawn(&self, terminal: &Terminal) -> String {
        let mut text = self.summary(terminal.paint());
        if let Some(coverage) = &self.coverage {
            text.push_str(&format!("\n{}", coverage.drawn(terminal)));
        }
        match &self.mutations {
            Some(_) if self.failed > 0 || !self.refused.is_empty() => {
                text.push_str("\nnothing was changed: first the tests have to pass\n");
            }
            Some(mutations) => text.push_str(&format!("\n{}", mutations.drawn(terminal))),
            None => {}
        }
        text
    }

    /// The bars that are missed, a line each.
    fn short_of(&self, bars: &[Bar]) -> Vec<String> {
        let missed = bars.iter().filter_map(|bar| {
            let (name, reached) = match bar.of {
                Barred::Reached(kind) => (kind.name(), self.coverage.as_ref()?.percent(kind)),
                Barred::Noticed => ("noticed", self.mutations.as_ref()?.noticed_percent()),
            };
            let line = format!("{name}: {reached:.1}%, and {}% are asked for\n", bar.percent);
            (reached < bar.percent).then_some(line)
        });
        missed.collect()
    }

    fn summary(&self, paint: Paint) -> String {
        if self.tests.is_empty() && !self.refused.is_empty() {
            return String::new();
        }
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
