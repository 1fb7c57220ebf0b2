//! Schedules: which slot is due, and whom it is for.

use compiler::program::{StartKind, Workflow};
use jiff::Timestamp;

use super::tell::{BATCH, Telling};
use super::{RunError, Runner, Worked};
use crate::calendar;
use crate::engine::{Input, RecordRef, starts_now};
use crate::shell::{FactJudge, Slots, is_exhausted_until, seeks_what_is_missing, slots};

impl Runner {
    /// Runs every slot that is due. Of slots that were missed, the last one alone is made up for.
    pub(super) fn run_schedules(&mut self, now: Timestamp) -> Result<Worked, RunError> {
        let program = std::sync::Arc::clone(&self.book.program);
        let mut worked = Worked::default();
        for workflow in &program.workflows {
            for (number, start) in (0..).zip(&workflow.starts) {
                if let StartKind::Every { .. } = start.kind {
                    worked.add(self.run_schedule(workflow, number, now)?);
                }
            }
        }
        Ok(worked)
    }

    fn run_schedule(&mut self, workflow: &Workflow, number: u32, now: Timestamp) -> Result<Worked, RunError> {
        let Some(StartKind::Every { schedule, guard, at_most }) =
            workflow.starts.get(number as usize).map(|start| &start.kind)
        else {
            return Ok(Worked::default());
        };
        let (client, zone) = (&self.book.program.client, &self.book.zone);
        let Some(slot) = self.crm.slot(&workflow.name, number)? else {
            if let Some(first) = calendar::next(schedule, client, zone, now, now) {
                self.crm.advance(&workflow.name, number, None, first)?;
            }
            return Ok(Worked::default());
        };
        // While the workflow is paused, its slots wait; once it goes on, the last one that was missed is made up for.
        let Some(Slots { due, following }) =
            slots(schedule, client, zone, slot, now).filter(|_| !self.is_off(&workflow.name))
        else {
            return Ok(Worked::default());
        };
        let chosen = self.chosen(workflow, guard.as_ref(), at_most.unwrap_or(u32::MAX), now)?;
        let mut tellings = Vec::with_capacity(chosen.len());
        for of in chosen {
            let input = Input::Scheduled { workflow: workflow.name.clone(), start: number, slot: due, of: of.clone() };
            tellings.push((self.case_of(&of)?, Telling::of(input)));
        }
        let worked = self.tell_all(now, tellings, Vec::new())?;
        // A crash before this starts nobody twice: each trigger names its slot.
        if let Some(following) = following {
            self.crm.advance(&workflow.name, number, Some(slot), following)?;
        }
        Ok(worked)
    }

    /// The records that a slot is for, those that were there first.
    fn chosen(
        &mut self,
        workflow: &Workflow,
        guard: Option<&compiler::program::Guard>,
        at_most: u32,
        now: Timestamp,
    ) -> Result<Vec<RecordRef>, RunError> {
        let scorer = self.scorer(now)?;
        let seeks = guard.is_some_and(seeks_what_is_missing);
        let book = &self.book;
        let Some(entity) = book.program.entities.get(workflow.entity.index()) else { return Ok(Vec::new()) };
        let mut chosen = Vec::new();
        let mut after = 0;
        loop {
            let records = self.crm.records_after(&book.program, workflow.entity, after, BATCH)?;
            let Some(last) = records.last() else { return Ok(chosen) };
            after = last.0;
            for record in records {
                if chosen.len() >= at_most as usize {
                    return Ok(chosen);
                }
                let of = RecordRef { entity: entity.name.clone(), id: record.0 };
                if self.crm.is_running(&workflow.name, &of)? {
                    continue;
                }
                let standing = self.crm.case(&self.case_of(&of)?)?;
                // Who is paused takes nobody's place; the next slot finds them.
                if standing.case.paused.is_some() || standing.case.erased {
                    continue;
                }
                let mut judge = FactJudge::new(&self.crm, book, &scorer, now, &standing.case.record);
                let holds = guard.is_none_or(|guard| starts_now(&book.program, &standing.case, &of, guard, &mut judge));
                if let Some(failed) = judge.failed.take() {
                    return Err(failed);
                }
                if holds && !(seeks && self.is_exhausted(workflow, &of, now)?) {
                    chosen.push(of);
                }
            }
        }
    }

    /// A run has looked for what is missing and ended, and nothing new is known since: to look again would find the same.
    fn is_exhausted(&self, workflow: &Workflow, of: &RecordRef, now: Timestamp) -> Result<bool, RunError> {
        let Some(ended) = self.crm.last_end(&workflow.name, of)? else { return Ok(false) };
        if now >= is_exhausted_until(ended) {
            return Ok(false);
        }
        Ok(!self.crm.has_news(&self.book.program, workflow.entity, of, ended)?)
    }

    fn is_off(&self, workflow: &str) -> bool {
        self.switches.contains("everything") || self.switches.contains(format!("workflow {workflow}").as_str())
    }

    /// The next slot of all schedules.
    pub(super) fn next_slot(&self) -> Result<Option<Timestamp>, RunError> {
        let mut first: Option<Timestamp> = None;
        for workflow in &self.book.program.workflows {
            for (number, start) in (0..).zip(&workflow.starts) {
                if let StartKind::Every { .. } = start.kind
                    && !self.is_off(&workflow.name)
                    && let Some(slot) = self.crm.slot(&workflow.name, number)?
                {
                    first = Some(first.map_or(slot, |first| first.min(slot)));
                }
            }
        }
        Ok(first)
    }
}
