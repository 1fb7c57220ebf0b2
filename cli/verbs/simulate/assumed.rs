//! A scenario as somebody wrote it, for a report that says what was assumed.

use compiler::diagnostics::Files;
use compiler::program::{Program, Scenario};

/// Its text; empty where the files no longer have it.
pub(super) fn text(program: &Program, scenario: usize, files: &Files) -> String {
    program.scenarios.get(scenario).and_then(|scenario| written(scenario, files)).unwrap_or_default()
}

fn written(scenario: &Scenario, files: &Files) -> Option<String> {
    let text = &*files.files.get(scenario.origin.file.index())?.text;
    let parsed = language::parse(text);
    let spans = parsed.file.declarations.iter().map(|declaration| declaration.span);
    let found = spans.filter_map(|span| {
        let before = text.get(..usize::try_from(span.start).ok()?)?;
        let line = before.matches('\n').count() + 1;
        let written = text.get(usize::try_from(span.start).ok()?..usize::try_from(span.end).ok()?)?;
        (line == usize::try_from(scenario.origin.line).ok()?).then_some(written)
    });
    found.map(str::to_owned).next()
}
