//! What one workflow learns from another: ends that share a reason, a batch at a time.
//!
//! The log is only added to, so its batches are always the same ones: each run is in one at most, and whoever remembers the last
//! batch knows which ones are new.

use std::collections::HashMap;

use compiler::program::{Feedback, Program};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::journal::{Journal, Run};
use super::names;
use crate::engine::EntryId;

/// Ends that are not in a row belong together within so long.
const TOGETHER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A run that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedRun {
    /// Which.
    pub run: EntryId,
    /// The entry that ended it: runs do not end in the order in which they began.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
    /// `disqualified`
    pub outcome: SmolStr,
    /// Why; none where nobody said.
    pub reason: Option<SmolStr>,
}

/// Runs that ended alike for the same reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// The reason that they share.
    pub reason: SmolStr,
    /// Which, in the order in which they ended.
    pub runs: Vec<EntryId>,
    /// The entry that ended the last of them: to be remembered, so that the batch fires once.
    pub upto: EntryId,
    /// When that was.
    pub at: Timestamp,
}

/// The runs of a workflow that are over, in the order in which they ended.
#[must_use]
pub fn ended_runs(program: &Program, journal: &Journal, workflow: &str) -> Vec<EndedRun> {
    let of = journal.runs.iter().filter(|(_, run)| run.workflow == workflow);
    let mut ended: Vec<EndedRun> = of
        .filter_map(|(number, run)| {
            let ended = run.ended.as_ref()?;
            let reason = reason(program, journal, run);
            Some(EndedRun { run: *number, entry: ended.entry, at: ended.at, outcome: ended.outcome.clone(), reason })
        })
        .collect();
    ended.sort_by_key(|ended| ended.entry);
    ended
}

/// Why a run ended: what the way in says, else what its end says, else the way itself, as written.
fn reason(program: &Program, journal: &Journal, run: &Run) -> Option<SmolStr> {
    let visit = journal.last_visit(run);
    let way = visit.and_then(|visit| {
        let from = visit.from.as_ref()?;
        let stage = names::stage(program, &run.workflow, from)?;
        let compiler::program::StageKind::Stage(body) = &stage.kind else { return None };
        body.ways.iter().find(|way| way.words == visit.way)?.because.clone()
    });
    let said = || run.ended.as_ref().and_then(|ended| ended.because.clone());
    let words = || visit.map(|visit| visit.way.clone()).filter(|words| !words.is_empty());
    way.or_else(said).or_else(words)
}

/// Every batch that there has been, in the order in which they became complete.
#[must_use]
pub fn batches(feedback: &Feedback, ended: &[EndedRun]) -> Vec<Batch> {
    let wanted = usize::try_from(feedback.count.max(1)).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    let mut gathered: HashMap<&SmolStr, Vec<&EndedRun>> = HashMap::new();
    for run in ended {
        let reason = run.reason.as_ref().filter(|_| run.outcome == feedback.outcome);
        if feedback.in_a_row {
            // Any other end, and any other reason, breaks the row.
            gathered.retain(|known, _| Some(*known) == reason);
        }
        let Some(reason) = reason else { continue };
        let alike = gathered.entry(reason).or_default();
        if !feedback.in_a_row {
            alike.retain(|before| run.at.duration_since(before.at) < TOGETHER);
        }
        alike.push(run);
        if alike.len() >= wanted {
            let runs = alike.drain(..).map(|run| run.run).collect();
            found.push(Batch { reason: reason.clone(), runs, upto: run.entry, at: run.at });
        }
    }
    found
}

/// The first batch that became complete after an entry: what to ask about next. Nothing is remembered for whoever asks.
#[must_use]
pub fn due(feedback: &Feedback, ended: &[EndedRun], after: EntryId) -> Option<Batch> {
    batches(feedback, ended).into_iter().find(|batch| batch.upto > after)
}
