//! From texts to a Program: every phase in order, and what they found, sorted.

use smol_str::SmolStr;

use crate::diagnostics::{Diagnostic, Files, Severity, SourceText};
use crate::modules::{Kept, Loader, Modules};
use crate::program::Program;
use crate::symbols::Symbols;
use crate::{asked_for, cascade, checks, codes, lower, modules, proofs};

/// What is compiled.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The client's files, named as a reader knows them (relative to the client's folder), in the order of their names. One file
    /// by itself is a playbook as well.
    pub files: Vec<SourceText>,
    /// Lints that are silent unless somebody asks for them, by name: `points-without-because`.
    pub asked: Vec<SmolStr>,
}

/// What came of it.
#[derive(Debug)]
pub struct Compiled {
    /// What the playbook means; none where something is an error.
    pub program: Option<Program>,
    /// What it means where all of it was understood and a check or proof speaks against it. Nothing but tests may be run of it: a record
    /// that a finding brings along shows there what the finding says.
    pub refuted: Option<Program>,
    /// The texts that the diagnostics point into.
    pub files: Files,
    /// What was found, by file and place; each once.
    pub diagnostics: Vec<Diagnostic>,
    /// The declarations after `use` and `refine`, for those who show them.
    pub modules: Modules,
    /// Which name stands where.
    pub symbols: Symbols,
}

impl Compiled {
    /// How many findings there are of that severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|found| found.severity == severity).count()
    }
}

/// Compiles the client's files with all they use.
#[must_use]
pub fn compile(input: &Input, loader: &dyn Loader) -> Compiled {
    compiled(input, loader, None, true)
}

/// The same, for those who compile the same client again and again: what is kept of the last time is not read anew.
#[must_use]
pub fn compile_again(input: &Input, loader: &dyn Loader, kept: &mut Kept) -> Compiled {
    kept.begin();
    compiled(input, loader, Some(kept), true)
}

fn compiled(input: &Input, loader: &dyn Loader, kept: Option<&mut Kept>, proven: bool) -> Compiled {
    let mut diagnostics = Vec::new();
    let mut modules = modules::gather(input, loader, kept, &mut diagnostics);
    let is_large = is_large(&modules);
    let (program, recorded) = lower::lower(&modules, is_large, &mut diagnostics);
    // What could not be understood may be what a proof would miss.
    let understood = diagnostics.iter().all(|found| found.severity != Severity::Error);
    let prove = || proofs::run(&program, &modules, &input.asked, is_large);
    let mut check = || checks::run(&program, &modules, &input.asked, is_large, &mut diagnostics);
    let found = match understood && proven {
        // Neither looks at what the other finds: a large playbook is checked and proven at once.
        true if is_large => {
            let mut found = Vec::new();
            // The checks stay on this thread, whose stack was made for deep texts.
            rayon::in_place_scope(|scope| {
                scope.spawn(|_| found = prove());
                check();
            });
            found
        }
        true => {
            check();
            prove()
        }
        false => {
            check();
            Vec::new()
        }
    };
    diagnostics.extend(found);
    checks::allow::apply(&modules, &mut diagnostics);
    tidy(&modules, &mut diagnostics);
    asked_for::at_the_use(&modules, &program, &mut diagnostics);
    let failed = diagnostics.iter().any(|found| found.severity == Severity::Error);
    let (program, refuted) = match (failed, understood) {
        (false, _) => (Some(program), None),
        (true, true) => (None, Some(program)),
        (true, false) => (None, None),
    };
    let files = modules.files.clone();
    let (written, used) = (std::mem::take(&mut modules.written), std::mem::take(&mut modules.used));
    let symbols = Symbols::new(files.clone(), written, used, recorded);
    Compiled { program, refuted, files, diagnostics, modules, symbols }
}

/// The errors of a Program in which numbers of a compiled one were given other values. Its texts are those of the one that it was made of, so
/// that a finding points to where a number stands that shows another value. Weights are taken as they are: that they add up is looked at in
/// the text.
#[must_use]
pub fn errors_of_turned(program: &Program, modules: &Modules) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    checks::run(program, modules, &[], false, &mut diagnostics);
    diagnostics.extend(proofs::run(program, modules, &[], false));
    diagnostics.retain(|found| found.severity == Severity::Error);
    diagnostics
}

/// Compiles one text by itself, without the proofs about workflows and the team: for tests of what the run time does by itself, which
/// lets nothing pass that a proof would have found.
#[must_use]
pub fn compile_unproven(name: &str, text: &str) -> Compiled {
    let files = vec![SourceText { name: name.into(), text: text.into() }];
    compiled(&Input { files, asked: Vec::new() }, &modules::NoModules, None, false)
}

/// Compiles one text by itself.
#[must_use]
pub fn compile_text(name: &str, text: &str) -> Compiled {
    let files = vec![SourceText { name: name.into(), text: text.into() }];
    compile(&Input { files, asked: Vec::new() }, &modules::NoModules)
}

/// Whether its texts are so long that a second thread is worth its beginning.
fn is_large(modules: &Modules) -> bool {
    const LARGE: usize = 32 << 10;
    modules.files.files.iter().map(|file| file.text.len()).sum::<usize>() > LARGE
}

/// So many findings are kept; of more, errors first. Nobody reads so many, and a hostile text makes millions.
const MOST: usize = 1000;

/// In the order of the text, each finding once, and one error a place: what follows from an error is no news.
fn tidy(modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    cascade::suppress(modules, diagnostics);
    if diagnostics.len() > MOST {
        diagnostics.sort_by_key(|found| std::cmp::Reverse(found.severity));
        diagnostics.truncate(MOST);
    }
    diagnostics.sort_by(|left, right| key(left).cmp(&key(right)));
    diagnostics.dedup_by(|later, earlier| {
        later.primary.file == earlier.primary.file
            && later.primary.span == earlier.primary.span
            && (later.headline == earlier.headline
                || later.severity == Severity::Error
                    && earlier.severity == Severity::Error
                    && earlier.code.id.starts_with("E01"))
    });
    codes::syntax::pair_quotes(&modules.files, diagnostics);
}

fn key(found: &Diagnostic) -> (u32, u32, std::cmp::Reverse<Severity>, &str, u32, &str) {
    let place = &found.primary;
    (place.file.0, place.span.start, std::cmp::Reverse(found.severity), found.code.id, place.span.end, &found.headline)
}
