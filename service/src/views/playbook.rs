//! A client's playbook: its files, what another one would change, and who would be routed otherwise by it.

use std::collections::BTreeMap;
use std::sync::Arc;

use compiler::diff;
use compiler::program::Program;
use jiff::Timestamp;
use runtime::crm::Crm;
use runtime::diff::{Reading, Standing, instances, routes};
use runtime::score::Scorer;
use serde::Serialize;
use utoipa::ToSchema;

use super::number::Number;
use super::tests::Tests;
use crate::folder::{Finding, Read};
use crate::pool::Reader;
use crate::problem::Problem;

/// So many records that would be routed otherwise are named.
const NAMED: usize = 20;

/// A playbook as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Playbook {
    /// The hash of what is at work: send it back to say what a change is of.
    pub(crate) version: Option<String>,
    /// What is wrong, where the files are not what is at work.
    pub(crate) trouble: Option<String>,
    /// The files by their names.
    pub(crate) files: BTreeMap<String, String>,
}

/// What was found about a playbook.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Checked {
    /// It could be put to work.
    pub(crate) runs: bool,
    /// What was found.
    pub(crate) findings: Vec<Finding>,
    /// How its tests go; none ran where it has errors. It can be put to work whatever they say.
    pub(crate) tests: Tests,
}

impl Checked {
    /// What was found about what was read.
    pub(crate) fn of(read: Read) -> (Option<Program>, Self) {
        let tests = read.program.as_ref().map(|program| Tests::of(program, &read.files)).unwrap_or_default();
        let checked = Self { runs: read.program.is_some(), findings: read.findings, tests };
        (read.program, checked)
    }
}

/// What another playbook would change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Changes {
    /// Something would be decided or done otherwise.
    changed: bool,
    /// What, in words.
    changes: Vec<Change>,
    /// Who would be routed otherwise, score by score.
    scores: Vec<OnScore>,
    /// Where live runs stand.
    runs: Vec<OnRuns>,
}

/// A change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Change {
    /// What it is about.
    of: String,
    /// In words.
    words: String,
    /// Something will be decided or done otherwise for it.
    meaning: bool,
}

/// Who would be routed otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OnScore {
    score: String,
    judged: u64,
    /// So many have other points and the same route.
    other_points: u64,
    /// How many go from where to where.
    moves: Vec<Moves>,
    /// Some of them, those whose points change most first.
    examples: Vec<Moved>,
}

/// So many go from one route to another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Moves {
    from: Option<String>,
    to: Option<String>,
    records: u64,
}

/// One of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Moved {
    id: i64,
    title: String,
    from: Option<String>,
    to: Option<String>,
    #[schema(value_type = f64)]
    before: Number,
    #[schema(value_type = f64)]
    after: Number,
}

/// The live runs of a stage.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OnRuns {
    workflow: String,
    stage: String,
    runs: u64,
    /// The other playbook has the stage.
    stays: bool,
    /// So many have waited longer than the other playbook lets them: they go on at once.
    overdue: u64,
}

/// What another playbook would change for a client.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn changes(reader: &Reader, after: Program, now: Timestamp) -> Result<Changes, Problem> {
    let (before, after) = (Arc::clone(&reader.program), Arc::new(after));
    let crm = Crm::open_to_read(reader.crm.path(), &after)?;
    let listed = diff::diff(&before, &after);
    let mut scores = Vec::new();
    let mut differs = false;
    let link = |crm: &Crm, program: &Arc<Program>| {
        let coverage = crm.coverage(program)?;
        Scorer::link_shared(Arc::clone(program), now, &coverage).map_err(|_| Problem::internal())
    };
    let (old_scorer, new_scorer) = (link(&reader.crm, &before)?, link(&crm, &after)?);
    for pair in diff::scores(&before, &after) {
        let (Some(old), Some(new)) = (pair.before, pair.after) else {
            differs = true;
            continue;
        };
        if pair.same {
            continue;
        }
        differs = true;
        let entity = before.scores.get(old.index()).map(|score| score.entity).unwrap_or_default();
        let old = Reading { crm: &reader.crm, scorer: &old_scorer, score: old };
        let new = Reading { crm: &crm, scorer: &new_scorer, score: new };
        let moves = routes(old, new, NAMED)?;
        let route = |route: &Option<smol_str::SmolStr>| route.as_ref().map(ToString::to_string);
        let mut examples = Vec::new();
        for moved in &moves.examples {
            examples.push(Moved {
                id: moved.id.0,
                title: runtime::people::one(&reader.crm, &before, entity, moved.id)?.title(),
                from: route(&moved.before.0),
                to: route(&moved.after.0),
                before: Number(moved.before.1),
                after: Number(moved.after.1),
            });
        }
        let counts = moves.counts.iter().map(|((from, to), records)| Moves {
            from: route(from),
            to: route(to),
            records: *records,
        });
        scores.push(OnScore {
            score: pair.name.to_string(),
            judged: moves.judged,
            other_points: moves.other_points,
            moves: counts.collect(),
            examples,
        });
    }
    let runs = reader.crm.runs(None, true)?;
    let runs = instances(&before, &after, &runs, now).into_iter().map(|standing| {
        let (stays, overdue) = match standing.standing {
            Standing::Stay { overdue, .. } => (true, overdue),
            Standing::Gone { .. } => (false, 0),
        };
        OnRuns {
            workflow: standing.workflow.to_string(),
            stage: standing.stage.to_string(),
            runs: standing.runs,
            stays,
            overdue,
        }
    });
    let changed = differs || listed.iter().any(|change| change.meaning);
    let changes =
        listed.into_iter().map(|change| Change { of: change.of, words: change.words, meaning: change.meaning });
    Ok(Changes { changed, changes: changes.collect(), scores, runs: runs.collect() })
}
