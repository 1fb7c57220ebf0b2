//! Would anybody notice? Changes a playbook in one place at a time and runs its tests again: what no test notices, no test holds.
//!
//! Mutation analysis as in DeMillo, Lipton and Sayward, "Hints on Test Data Selection" (1978), over the meaning and not the text: what is
//! changed are points, thresholds, weights and gates of the client's own files.

mod conditions;
mod gates;
mod scores;

use std::sync::Arc;

use compiler::program::{Origin, Program};
use smol_str::SmolStr;

use super::run_one;

/// What kind of place was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What a rule gives.
    Points,
    /// From where on something holds.
    Threshold,
    /// What a layer counts.
    Weight,
    /// Who may do what, who goes first, who is asked, what has to be there.
    Gate,
}

/// One change and whether a test noticed it.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// What kind of place.
    pub kind: Kind,
    /// What was changed, in words: "`icp >= 80` with 81 for 80".
    pub words: String,
    /// Where it stands.
    pub origin: Origin,
    /// The first test that fails then; none where all pass.
    pub noticed_by: Option<SmolStr>,
}

/// A change that is yet to be made.
struct Change {
    kind: Kind,
    words: String,
    origin: Origin,
    make: Box<dyn Fn(&mut Program)>,
}

/// Makes every change by itself and runs the tests. The tests have to pass as the playbook stands; `step` is told how many
/// changes of how many are done.
#[must_use]
pub fn mutate(program: &Program, step: &mut dyn FnMut(usize, usize)) -> Vec<Mutation> {
    let mut changes = Vec::new();
    scores::changes(program, &mut changes);
    gates::changes(program, &mut changes);
    changes.retain(|change| is_own(program, change.origin));
    changes.sort_by_key(|change| (change.origin.file, change.origin.line, change.kind));
    let all = changes.len();
    let mutations = changes.into_iter().enumerate().map(|(done, change)| {
        step(done, all);
        let mut mutant = program.clone();
        (change.make)(&mut mutant);
        let mutant = Arc::new(mutant);
        let noticed = mutant.tests.iter().find(|test| !run_one(&mutant, test).passed());
        let noticed_by = noticed.map(|test| test.name.clone());
        Mutation { kind: change.kind, words: change.words, origin: change.origin, noticed_by }
    });
    mutations.collect()
}

/// Whether that stands in one of the client's own files: the standard library has its own tests.
pub(super) fn is_own(program: &Program, origin: Origin) -> bool {
    program.files.get(origin.file.index()).is_some_and(|file| !file.starts_with("std:"))
}
