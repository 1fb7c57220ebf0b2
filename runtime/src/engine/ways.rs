//! Ways out that open by what happens.

use compiler::program::{EventId, StageBody, StageKind, Workflow};
use jiff::Timestamp;

use super::put_off::way_is_on;
use super::step::Stepper;
use super::{EntryId, Run};

/// Where a run stands, with what leads out of there.
pub(super) struct WayStep<'p> {
    pub(super) workflow: &'p Workflow,
    pub(super) body: &'p StageBody,
}

impl<'s> Stepper<'s> {
    pub(super) fn way_step(&self, run: &Run) -> Option<WayStep<'s>> {
        let (workflow, found) = self.context.stage_of(run)?;
        match &found.kind {
            StageKind::Stage(body) => Some(WayStep { workflow, body }),
            StageKind::Handoff(_) | StageKind::End(_) => None,
        }
    }

    /// Each live run that is not paused takes the first way out that this event opens.
    pub(super) fn leave_on(&mut self, event: EventId, at: Timestamp) {
        let goes_on = |run: &&Run| !self.stands_still(run);
        let runs: Vec<EntryId> = self.case.runs.iter().filter(goes_on).map(|run| run.id).collect();
        runs.into_iter().for_each(|run| self.leave_by(run, event, at));
    }

    /// What happened before the run came into its stage opens no way, unless it came there just now by what was put off before.
    pub(super) fn leave_by(&mut self, id: EntryId, event: EventId, at: Timestamp) {
        let Some(run) = self.case.run(id).cloned() else { return };
        let came_just_now = self.caught_up_from.is_some_and(|first| run.entry >= first);
        if at < run.entered && !came_just_now {
            return;
        }
        let Some(WayStep { workflow, body }) = self.way_step(&run) else { return };
        if let Some(way) = body.ways.iter().find(|way| way_is_on(&way.when, event)) {
            self.go(id, workflow, way.to, &way.words);
        }
    }
}
