//! How runs begin: by an event, a schedule, a threshold that is crossed, a handoff. Nothing begins twice, nothing feeds itself.

use compiler::program::{EventQuery, Fixed, Guard, StartKind, Workflow};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::step::Stepper;
use super::{Arrived, Entry, EntryId, RecordRef, Run, guards};

impl<'s> Stepper<'s> {
    /// An event: it opens ways out, and starts runs.
    pub(super) fn happened(
        &mut self,
        event: &SmolStr,
        of: &RecordRef,
        row: i64,
        at: Timestamp,
        cause: Option<EntryId>,
    ) {
        let Some(id) = self.context.program.event(event) else { return };
        let runs = self.paused_listeners(id, at);
        self.leave_on(id, at);
        let mut workflows = Vec::new();
        for workflow in &self.context.program.workflows {
            let starts = self.is_for(workflow, of) && self.begins_on(workflow, id, row);
            if self.is_off(&workflow.name) {
                if starts || self.may_move(workflow, id) {
                    workflows.push(workflow.name.clone());
                }
            } else if starts {
                self.start(workflow, of.clone(), trigger(event, of, row), cause);
            }
        }
        let what = Arrived::Event { event: event.clone(), of: of.clone(), row, at, cause };
        self.put_off(what, runs, workflows);
    }

    pub(super) fn fits(&mut self, query: &EventQuery, row: i64) -> bool {
        query.filter.as_deref().is_none_or(|filter| row != 0 && self.judge.fits(row, filter))
    }

    pub(super) fn scheduled(&mut self, workflow: &str, start: u32, slot: Timestamp, of: &RecordRef) {
        let Some(workflow) = self.context.workflow(workflow) else { return };
        let trigger = format!("schedule:{start}:{slot}:{}:{}", of.entity, of.id);
        self.start(workflow, of.clone(), trigger.into(), None);
    }

    /// Watches the thresholds of all workflows; whoever crosses one starts.
    pub(super) fn watch(&mut self) {
        let record = self.record();
        for workflow in &self.context.program.workflows {
            if !self.is_for(workflow, &record) {
                continue;
            }
            for (number, start) in (0..).zip(&workflow.starts) {
                // While it is unknown, nothing crosses.
                if let Some(beyond) = self.is_beyond(&record, &start.kind) {
                    self.cross(workflow, number, beyond);
                }
            }
        }
    }

    /// On which side of a threshold a record is; none while that is unknown, and for starts that have none.
    pub(super) fn is_beyond(&mut self, record: &RecordRef, start: &StartKind) -> Option<bool> {
        match start {
            StartKind::Crosses(crossing) => {
                let value = self.judge.value(record, crossing.of, &crossing.term);
                value.map(|value| is_past(value, crossing.threshold, crossing.rises))
            }
            StartKind::Becomes(guard) => self.becomes(record, guard),
            StartKind::On(_) | StartKind::Every { .. } => None,
        }
    }

    fn becomes(&mut self, record: &RecordRef, guard: &Guard) -> Option<bool> {
        let nobody = nobody(record);
        guards::holds(self.context.program, &self.case, &nobody, false, guard, self.judge)
    }

    fn cross(&mut self, workflow: &'s Workflow, start: u32, beyond: bool) {
        let known = self.case.sides.iter().find(|(name, number, _)| *name == workflow.name && *number == start);
        let was = known.is_some_and(|(.., side)| *side);
        if was == beyond {
            return;
        }
        let side = self.emit(Entry::Side { workflow: workflow.name.clone(), start, beyond });
        if !beyond {
            return;
        }
        let cause = self.cause;
        if self.is_off(&workflow.name) {
            self.put_off(Arrived::Crossed { start, side, cause }, Vec::new(), vec![workflow.name.clone()]);
        } else {
            let record = self.record();
            self.start(workflow, record, format!("crossing:{side}").into(), cause);
        }
    }

    /// Whether a workflow runs for records of that kind.
    pub(super) fn is_for(&self, workflow: &Workflow, record: &RecordRef) -> bool {
        let entity = self.context.program.entities.get(workflow.entity.index());
        entity.is_some_and(|entity| entity.name == record.entity)
    }

    /// Starts a run, unless one is live, or the workflow would feed itself.
    pub(super) fn start(
        &mut self,
        workflow: &'s Workflow,
        record: RecordRef,
        trigger: SmolStr,
        parent: Option<EntryId>,
    ) -> Option<EntryId> {
        if self.is_off(&workflow.name) {
            return None;
        }
        self.begin(workflow, record, trigger, parent)
    }

    /// The same, whatever is paused.
    pub(super) fn begin(
        &mut self,
        workflow: &'s Workflow,
        record: RecordRef,
        trigger: SmolStr,
        parent: Option<EntryId>,
    ) -> Option<EntryId> {
        let is_live = |run: &Run| run.workflow == workflow.name && run.record == record;
        if !self.is_for(workflow, &record) || self.case.runs.iter().any(is_live) {
            return None;
        }
        if self.descends_from(parent, &workflow.name) {
            self.emit(Entry::Caught { workflow: workflow.name.clone(), trigger });
            return None;
        }
        if self.judge.has_started(&workflow.name, &trigger, &record) {
            return None;
        }
        let first = workflow.stages.first()?;
        let name = workflow.name.clone();
        let version = self.context.version.into();
        let run = self.emit(Entry::Started { workflow: name, record, trigger: trigger.clone(), version, parent });
        let begun = self.case.run(run).cloned()?;
        let first = workflow.stage(&first.name)?;
        let (stage, way) = self.resolve(&begun, workflow, first, trigger);
        self.emit(Entry::Entered { run, from: None, stage, way, seconds: 0, by: SmolStr::default() });
        Some(run)
    }

    /// Whether a run of that workflow is among those whose doing led here.
    fn descends_from(&self, mut parent: Option<EntryId>, workflow: &str) -> bool {
        // The list is short, and each turn goes to an older run.
        for _ in 0..=self.case.lineage.len() {
            let Some(id) = parent else { return false };
            let Some((_, name, before)) = self.case.lineage.iter().find(|(run, ..)| *run == id) else { return false };
            if name == workflow {
                return true;
            }
            parent = *before;
        }
        false
    }
}

fn is_past(value: Fixed, threshold: Fixed, rises: bool) -> bool {
    if rises { value > threshold } else { value < threshold }
}

/// What an event starts a run by, once and for all.
pub(super) fn trigger(event: &str, of: &RecordRef, row: i64) -> SmolStr {
    if row == 0 { format!("{event}:{}", of.id) } else { format!("event:{row}") }.into()
}

/// A run that is none, for guards that are asked before there is one.
pub(super) fn nobody(record: &RecordRef) -> Run {
    Run::begun(EntryId(0), SmolStr::default(), record.clone(), SmolStr::default(), Timestamp::MIN)
}

/// Whether a guard holds of a record that no run is asked about: who a schedule is for. Unknown does not hold.
pub fn starts_now(
    program: &compiler::program::Program,
    case: &super::Case,
    of: &RecordRef,
    guard: &Guard,
    judge: &mut dyn super::Judge,
) -> bool {
    guards::holds(program, case, &nobody(of), false, guard, judge) == Some(true)
}
