//! Instances of what a goal counts, in a period.

use std::collections::{BTreeMap, BTreeSet};

use compiler::program::{Certainty, Counted, LabelId, Program, ScoreId};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::Measuring;
use crate::engine::{EntryId, RecordRef};
use crate::metrics::journal::contact;
use crate::metrics::period::Span;

/// Something that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instance {
    /// When, the first time in the period.
    pub(super) at: Timestamp,
    /// Whose; none where it is no contact's.
    pub(super) contact: Option<i64>,
}

/// The instances in a period. An event counts each time, a run once a period, a record when it was first scored so.
pub(super) fn instances(measuring: Measuring<'_>, of: &Counted, span: Span) -> Vec<Instance> {
    let Measuring { program, observed, now, .. } = measuring;
    let journal = &observed.journal;
    let counts = |at: Timestamp| span.contains(at) && at <= now;
    let mut runs: BTreeSet<EntryId> = BTreeSet::new();
    let mut found = Vec::new();
    let mut run_counts = |run: EntryId, at: Timestamp| {
        if counts(at) && runs.insert(run) {
            found.push(Instance { at, contact: journal.contact(run) });
        }
    };
    match of {
        Counted::Event(event) => {
            let by_contact = observed.happened.get(event);
            for (contact, times) in by_contact.into_iter().flatten() {
                let times = times.iter().filter(|at| counts(**at));
                found.extend(times.map(|at| Instance { at: *at, contact: Some(*contact) }));
            }
        }
        Counted::Entered(workflow, stage) => {
            let Some((workflow, stage)) = names(program, *workflow, *stage) else { return found };
            for visit in journal.visits.iter().filter(|visit| visit.workflow == *workflow && visit.stage == *stage) {
                run_counts(visit.run, visit.entered);
            }
        }
        Counted::Done(workflow, stage) => {
            let Some((workflow, stage)) = names(program, *workflow, *stage) else { return found };
            for visit in journal.visits.iter().filter(|visit| visit.workflow == *workflow && visit.stage == *stage) {
                if let Some(left) = visit.left.as_ref().filter(|left| left.to.is_some()) {
                    run_counts(visit.run, left.at);
                }
            }
        }
        Counted::Ended(workflow) => {
            let name = program.workflows.get(workflow.index()).map(|workflow| &workflow.name);
            for (number, run) in journal.runs.iter().filter(|(_, run)| Some(&run.workflow) == name) {
                if let Some(ended) = &run.ended {
                    run_counts(*number, ended.at);
                }
            }
        }
        Counted::Routed(score, label, certainty) => {
            let first = first_routed(measuring, *score, *label, *certainty);
            let routed = first.into_values().filter(|instance| counts(instance.at));
            found.extend(routed);
        }
    }
    found
}

fn names(
    program: &Program,
    workflow: compiler::program::WorkflowId,
    stage: compiler::program::StageId,
) -> Option<(&SmolStr, &SmolStr)> {
    let workflow = program.workflows.get(workflow.index())?;
    Some((&workflow.name, &workflow.stages.get(stage.index())?.name))
}

/// When each record was scored so for the first time.
fn first_routed(
    measuring: Measuring<'_>,
    score: ScoreId,
    label: LabelId,
    certainty: Option<Certainty>,
) -> BTreeMap<&RecordRef, Instance> {
    let mut first = BTreeMap::new();
    let Some(score) = measuring.program.scores.get(score.index()) else { return first };
    let Some(label) = score.labels.get(label.index()) else { return first };
    let is_wanted = |certain: bool| match certainty {
        None => true,
        Some(Certainty::Certain) => certain,
        Some(Certainty::Provisional) => !certain,
    };
    let entity = measuring.program.entities.get(score.entity.index()).map(|entity| &entity.name);
    for scored in &measuring.observed.journal.scored {
        if scored.score == score.name && scored.route.as_ref() == Some(label) && is_wanted(scored.certain) {
            let whom = scored.whom(entity);
            first.entry(whom).or_insert(Instance { at: scored.at, contact: contact(&scored.case) });
        }
    }
    first
}
