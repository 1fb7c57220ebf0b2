//! The first time that a playbook, or a new version of it, is at work on a CRM.

use compiler::program::Program;
use jiff::Timestamp;

use super::{RunError, Runner, Worked};
use crate::crm::Crm;
use crate::crm::log::{Decision, Means, Running, Sealed};
use crate::engine::{Entry, EntryId};

/// The cursor that remembers the entry with the version at work.
const ACTIVATED: &str = "activated";
/// The cursor that remembers with which of these entries everything has looked around.
const LOOKED_AROUND: &str = "looked around";

impl Runner {
    /// Notes which playbook is at work. Events from before the first time start nothing; records that were there count as made now.
    pub(super) fn activate(&mut self, now: Timestamp) -> Result<Worked, RunError> {
        let last = self.crm.cursor(ACTIVATED)?;
        let known = match self.crm.entry(EntryId(last))? {
            Some(Entry::Activated { version }) => Some(version),
            _ => None,
        };
        if known.as_ref() == Some(&self.book.version) {
            return self.look_around(last, now);
        }
        let next = self.crm.next_entry()?;
        let mut seen = vec![(ACTIVATED.into(), next.0)];
        if known.is_none() {
            seen.push((super::ingest::EVENTS.into(), self.crm.newest_event()?));
        }
        let version = self.book.version.clone();
        let decision =
            Decision { entries: vec![Sealed::from(Entry::Activated { version })], seen, ..Decision::default() };
        let mut means = Means { now, zone: &self.book.zone, randomness: &mut *self.randomness };
        self.crm.declare(&decision, &mut means)?;
        let mut worked = Worked { entries: 1, ..Worked::default() };
        worked.add(self.look_around(next.0, now)?);
        Ok(worked)
    }

    /// Lets everything that is under way see what has changed: time limits, ways out, and stages that are gone. A crash before it is
    /// through begins it anew.
    fn look_around(&mut self, activated: i64, now: Timestamp) -> Result<Worked, RunError> {
        if self.crm.cursor(LOOKED_AROUND)? >= activated {
            return Ok(Worked::default());
        }
        let before = self.crm.next_entry()?;
        self.wake_all(now)?;
        self.remember(LOOKED_AROUND, activated, now)?;
        let entries = usize::try_from(self.crm.next_entry()?.0 - before.0).unwrap_or(0);
        Ok(Worked { entries, ..Worked::default() })
    }

    /// Live runs whose stage the playbook at work no longer has: each waits for a person to say where it goes on.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub fn stranded(&self) -> Result<Vec<Running>, RunError> {
        stranded(&self.crm, &self.book.program)
    }
}

/// Live runs whose stage a playbook no longer has, or has under another name.
///
/// # Errors
/// Where the CRM cannot be read.
pub fn stranded(crm: &Crm, program: &Program) -> Result<Vec<Running>, RunError> {
    let mut runs = crm.runs(None, true)?;
    runs.retain(|run| {
        let workflow = program.workflows.iter().find(|workflow| workflow.name == run.workflow);
        let is_there = |stage: &str| workflow.is_some_and(|workflow| workflow.stage(stage).is_some());
        run.stage.as_ref().is_some_and(|(stage, _)| !is_there(stage))
    });
    Ok(runs)
}
