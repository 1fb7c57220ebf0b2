//! What arrives for something that is paused: nothing of it is lost. It waits in the case, and once that is resumed it is worked off in
//! the order in which it came, under the guards that hold then.

use compiler::program::{EventId, StageKind, StartKind, WayWhen, Workflow};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::step::Stepper;
use super::{Arrived, Entry, EntryId, PutOff, Run};

impl<'s> Stepper<'s> {
    /// The workflow starts nothing and moves nothing now: it, everything, or all of the record is paused.
    pub(super) fn is_off(&self, workflow: &str) -> bool {
        self.case.paused.is_some() || self.context.is_switched_off("workflow", workflow)
    }

    /// The run does not move now.
    pub(super) fn stands_still(&self, run: &Run) -> bool {
        run.paused.is_some() || self.is_off(&run.workflow)
    }

    /// Whether an event opens a way out of any stage of the workflow.
    pub(super) fn listens(workflow: &Workflow, event: EventId) -> bool {
        workflow.stages.iter().any(|stage| match &stage.kind {
            StageKind::Stage(body) => body.ways.iter().any(|way| way_is_on(&way.when, event)),
            StageKind::Handoff(_) | StageKind::End(_) => false,
        })
    }

    /// Paused runs that an event may move, once they are resumed. Where all of their workflow is paused, that waits for it instead.
    pub(super) fn paused_listeners(&self, event: EventId, at: Timestamp) -> Vec<EntryId> {
        let alone = |run: &&Run| run.paused.is_some() && !self.is_off(&run.workflow) && at >= run.entered;
        let hears = |run: &&Run| self.context.workflow(&run.workflow).is_some_and(|of| Self::listens(of, event));
        self.case.runs.iter().filter(alone).filter(hears).map(|run| run.id).collect()
    }

    /// Whether a paused workflow has something that an event could move: a run, or one that is still to start.
    pub(super) fn may_move(&self, workflow: &Workflow, event: EventId) -> bool {
        let waits = self.case.put_off.iter().any(|put_off| put_off.workflows.contains(&workflow.name));
        let runs = self.case.runs.iter().any(|run| run.workflow == workflow.name);
        (runs || waits) && Self::listens(workflow, event)
    }

    pub(super) fn put_off(&mut self, what: Arrived, runs: Vec<EntryId>, workflows: Vec<SmolStr>) {
        if !runs.is_empty() || !workflows.is_empty() {
            self.emit(Entry::PutOff { what, runs, workflows });
        }
    }

    /// Works off what waits for nothing that is paused any more: one after the other, each as far as it leads.
    pub(super) fn catch_up(&mut self) {
        if self.case.erased || self.case.paused.is_some() {
            return;
        }
        let mut last = EntryId(0);
        self.caught_up_from = Some(self.next());
        while let Some(next) = self.case.put_off.iter().find(|put_off| put_off.id > last).cloned() {
            last = next.id;
            self.take_up(&next);
        }
        self.caught_up_from = None;
    }

    fn take_up(&mut self, next: &PutOff) {
        let goes_on = |id: &EntryId| self.case.run(*id).is_some_and(|run| !self.stands_still(run));
        let runs: Vec<EntryId> = next.runs.iter().copied().filter(goes_on).collect();
        let workflows: Vec<SmolStr> =
            next.workflows.iter().filter(|workflow| !self.is_off(workflow)).cloned().collect();
        if runs.is_empty() && workflows.is_empty() {
            return;
        }
        self.emit(Entry::TakenUp { put_off: next.id, runs: runs.clone(), workflows: workflows.clone() });
        match &next.what {
            Arrived::Event { event, of, row, at, cause } => {
                let Some(id) = self.context.program.event(event) else { return };
                let of_workflows = |run: &&Run| workflows.contains(&run.workflow) && !self.stands_still(run);
                let more = self.case.runs.iter().filter(of_workflows).map(|run| run.id);
                let mut moved: Vec<EntryId> = runs.iter().copied().chain(more).collect();
                moved.dedup();
                for run in moved {
                    self.leave_by(run, id, *at);
                }
                for name in &workflows {
                    if let Some(workflow) = self.context.workflow(name)
                        && self.begins_on(workflow, id, *row)
                    {
                        let trigger = super::starts::trigger(event, of, *row);
                        self.start(workflow, of.clone(), trigger, *cause);
                    }
                }
            }
            Arrived::Crossed { start, side, cause } => {
                let record = self.record();
                for name in &workflows {
                    let Some(workflow) = self.context.workflow(name) else { continue };
                    let kind = workflow.starts.get(*start as usize).map(|start| &start.kind);
                    // Whoever has come back since is not beyond it any more.
                    if kind.and_then(|kind| self.is_beyond(&record, kind)) == Some(true) {
                        self.start(workflow, record.clone(), format!("crossing:{side}").into(), *cause);
                    }
                }
            }
        }
        self.go_on();
    }

    /// Whether an event is one that starts the workflow.
    pub(super) fn begins_on(&mut self, workflow: &'s Workflow, event: EventId, row: i64) -> bool {
        workflow.starts.iter().any(|start| match &start.kind {
            StartKind::On(query) => query.events.contains(&event) && self.fits(query, row),
            StartKind::Every { .. } | StartKind::Crosses(_) | StartKind::Becomes(_) => false,
        })
    }
}

/// Whether a way is open by an event.
pub(super) fn way_is_on(when: &WayWhen, event: EventId) -> bool {
    matches!(when, WayWhen::On(events) if events.contains(&event))
}
