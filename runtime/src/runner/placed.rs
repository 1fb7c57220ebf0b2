//! Records put where a test says that they are, and what is given to them, before the playbook begins to work on them.

use compiler::program::{StageId, Workflow};
use jiff::Timestamp;

use super::tell::Telling;
use super::{RunError, Runner};
use crate::crm::log::{Decision, Means, Raised};
use crate::engine::{Entry, Input, RecordRef};
use crate::facts::Coverage;

impl Runner {
    /// From now on that much is reported, whatever the sources of the playbook report.
    pub fn assume(&mut self, coverage: Coverage) {
        self.assumed = Some(coverage);
        self.scorer = None;
    }

    /// Puts a record into a stage, as if a run had come there just now.
    ///
    /// # Errors
    /// Where the CRM cannot be written, or the workflow is at work on the record already.
    pub fn place(
        &mut self,
        workflow: &Workflow,
        stage: StageId,
        record: &RecordRef,
        now: Timestamp,
    ) -> Result<(), RunError> {
        let case = self.case_of(record)?;
        let version = self.book.version.clone();
        let stage = workflow.stages.get(stage.index()).map(|stage| stage.name.clone()).unwrap_or_default();
        let (workflow, record) = (workflow.name.clone(), record.clone());
        let mut means = Means { now, zone: &self.book.zone, randomness: &mut *self.randomness };
        self.crm.decide(&case, &mut means, |_, _, turn| {
            let trigger = format!("given:{workflow}").into();
            let started = Entry::Started { workflow, record, trigger, version, parent: None };
            let (run, way) = (turn.first, "given".into());
            let entered = Entry::Entered { run, from: None, stage, way, seconds: 0, by: "test".into() };
            let entries = vec![started.into(), entered.into()];
            Ok::<_, RunError>(Decision { entries, wake: Some(turn.now), ..Decision::default() })
        })?;
        Ok(())
    }

    /// Keeps events that happened, in this order.
    ///
    /// # Errors
    /// Where the CRM cannot be written.
    pub fn happened(&mut self, raised: Vec<Raised>, now: Timestamp) -> Result<(), RunError> {
        let mut means = Means { now, zone: &self.book.zone, randomness: &mut *self.randomness };
        self.crm.declare(&Decision { raised, ..Decision::default() }, &mut means)?;
        Ok(())
    }

    /// Lets a record's case look around.
    ///
    /// # Errors
    /// Where the CRM cannot be read or written.
    pub fn stir(&mut self, record: &RecordRef, now: Timestamp) -> Result<(), RunError> {
        let case = self.case_of(record)?;
        self.tell(&case, now, Telling::of(Input::Woke)).map(drop)
    }
}
