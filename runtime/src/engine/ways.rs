//! Ways out that open by what happens.

use compiler::program::{EventId, StageBody, StageKind, WayWhen, Workflow};
use jiff::Timestamp;

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

    /// Each live run takes the first way out that this event opens. What happened before the run came into its stage opens none.
    pub(super) fn leave_on(&mut self, event: EventId, at: Timestamp) {
        let runs: Vec<EntryId> = self.case.runs.iter().map(|run| run.id).collect();
        for id in runs {
            let Some(run) = self.case.run(id).cloned() else { continue };
            if at < run.entered || run.paused.is_some() {
                continue;
            }
            let Some(WayStep { workflow, body }) = self.way_step(&run) else { continue };
            let open = body.ways.iter().find(|way| matches!(&way.when, WayWhen::On(events) if events.contains(&event)));
            if let Some(way) = open {
                self.go(id, workflow, way.to, &way.words);
            }
        }
    }
}
