//! Live runs to the playbook as it stands now: planned and moved in one transaction, so that no run begins or moves in between.

use jiff::Timestamp;
use smol_str::SmolStr;

use super::tell::{Room, Telling};
use super::{RunError, Runner};
use crate::crm::log::Means;
use crate::engine::{Input, RecordRef, Relocation};
use crate::upgrade::{Mapping, Plan, plan};

impl Runner {
    /// Where live runs would go on.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub fn plan_upgrade(&self, mapping: &Mapping) -> Result<Plan, RunError> {
        Ok(plan(&self.book.program, &self.crm.runs(None, true)?, mapping))
    }

    /// Moves live runs to where they go on. A plan that is not total moves nothing; one that moves nothing writes nothing.
    ///
    /// # Errors
    /// Where the CRM cannot be read or written; then nothing was moved.
    pub fn upgrade(
        &mut self,
        mapping: &Mapping,
        by: &str,
        why: Option<&str>,
        now: Timestamp,
    ) -> Result<Plan, RunError> {
        let scorer = self.scorer(now)?;
        let room = Room { book: &self.book, scorer, switches: &self.switches, channels: &self.channels };
        let mut means = Means { now, zone: &self.book.zone, randomness: &mut *self.randomness };
        let mut group = self.crm.group()?;
        let plan = plan(&self.book.program, &group.crm().runs(None, true)?, mapping);
        if !plan.is_total() || plan.moves.is_empty() {
            return Ok(plan);
        }
        for (case, moves) in by_case(&plan) {
            let input = Input::Moved { moves, by: SmolStr::from(by), why: why.map(str::to_owned) };
            room.tell(&mut group, &case, &mut means, Telling::of(input))?;
        }
        group.finish()?;
        Ok(plan)
    }
}

/// The moves of each case together, in the order of their runs.
fn by_case(plan: &Plan) -> Vec<(RecordRef, Vec<Relocation>)> {
    let mut cases: Vec<(RecordRef, Vec<Relocation>)> = Vec::new();
    for moved in &plan.moves {
        let relocation = Relocation { run: moved.run, workflow: moved.workflow.clone(), stage: moved.stage.clone() };
        match cases.iter_mut().find(|(case, _)| *case == moved.case) {
            Some((_, moves)) => moves.push(relocation),
            None => cases.push((moved.case.clone(), vec![relocation])),
        }
    }
    cases
}
