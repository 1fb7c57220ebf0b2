//! What a module of the library asks of the playbook that uses it, told where it is used: nobody can mend the library's own text.

use std::collections::BTreeMap;

use language::Span;

use crate::codes::modules::needs_score;
use crate::codes::workflows::unknown_object;
use crate::diagnostics::lines::Lines;
use crate::diagnostics::{Diagnostic, Severity};
use crate::modules::Modules;
use crate::program::{FileId, Program};

/// A score that is asked for and not there, and where.
#[derive(Default)]
struct Asked {
    /// For which records, where that is said.
    of: Option<String>,
    /// `std:lead_generation.playbook:48`
    places: Vec<String>,
}

/// Takes the errors of library files that come of a score which the playbook has not, and says it once at each `use`.
pub(crate) fn at_the_use(modules: &Modules, program: &Program, diagnostics: &mut Vec<Diagnostic>) {
    let is_ours = |found: &Diagnostic| found.severity == Severity::Error && modules.is_standard(found.primary.file);
    let name = |found: &Diagnostic| modules.text(found.primary.file, found.primary.span).to_owned();
    let missing: Vec<String> =
        diagnostics.iter().filter(|found| is_ours(found) && unknown_object::is_score(found)).map(&name).collect();
    let mut asked: BTreeMap<(FileId, Span, String), Asked> = BTreeMap::new();
    diagnostics.retain(|found| {
        let score = name(found);
        if !is_ours(found) || !missing.contains(&score) {
            return true;
        }
        let Some((file, span)) = modules.client_use(found.primary.file) else { return true };
        let text = modules.files.files.get(found.primary.file.index()).map_or("", |file| &*file.text);
        let line = Lines::of(text).position(text, found.primary.span.start).line;
        let of = unknown_object::is_score(found).then(|| scored(program, text, found.primary.span)).flatten();
        let asked = asked.entry((file, span, score)).or_default();
        asked.of = asked.of.take().or(of);
        asked.places.push(format!("{}:{line}", modules.files.name(found.primary.file)));
        false
    });
    for ((file, span, score), asked) in asked {
        let module = modules.text(file, span);
        diagnostics.push(needs_score::diagnostic((file, span), module, &score, asked.of.as_deref(), &asked.places));
    }
}

/// `Contact`, of `do score contact by icp`.
fn scored(program: &Program, text: &str, score: Span) -> Option<String> {
    let before = text.get(..score.start as usize)?.trim_end().strip_suffix("by")?.trim_end();
    let record = before.rsplit(char::is_whitespace).next()?;
    program
        .entities
        .iter()
        .find(|entity| entity.name.eq_ignore_ascii_case(record))
        .map(|entity| entity.name.to_string())
}
