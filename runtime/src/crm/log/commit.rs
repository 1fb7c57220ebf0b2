//! One decision, one transaction, flushed before it returns.

use super::{Committed, Decision, LogError, Means, Standing, Turn};
use crate::crm::Crm;
use crate::engine::{EntryId, RecordRef};

/// A decision that was made before the file was ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// From this case it was decided.
    pub standing: Standing,
    /// With this number its first entry reckons.
    pub first: EntryId,
    /// What follows.
    pub decision: Decision,
}

impl Crm {
    /// Keeps a decision, if nobody else has decided since.
    ///
    /// # Errors
    /// [`LogError::Conflict`] and [`LogError::Overtaken`] ask to decide again; any other says why nothing was kept.
    pub fn commit(&mut self, change: Change, means: &mut Means<'_>) -> Result<Committed, LogError> {
        let Change { standing, first, mut decision } = change;
        let mut group = self.alone()?;
        if group.crm().case(&standing.case.record)?.revision != standing.revision {
            return Err(LogError::Conflict { record: standing.case.record });
        }
        let next = group.turn(means.now).first;
        if !decision.entries.is_empty() && next != first {
            return Err(LogError::Overtaken { wanted: first, next });
        }
        let folded = decision.folded.take();
        let committed = group.keep(Some((standing, folded)), &decision, means)?;
        group.finish()?;
        Ok(committed)
    }

    /// Decides about a record while nobody else can, and keeps it: as [`super::Group::decide`] with nothing else in the group.
    ///
    /// # Errors
    /// The work's own, and where the decision cannot be kept.
    pub fn decide<E: From<LogError>>(
        &mut self,
        record: &RecordRef,
        means: &mut Means<'_>,
        work: impl FnOnce(&Crm, &Standing, Turn) -> Result<Decision, E>,
    ) -> Result<Committed, E> {
        let mut group = self.alone()?;
        let committed = group.decide(record, means, work)?;
        group.finish()?;
        Ok(committed)
    }

    /// Keeps a decision about the whole playbook.
    ///
    /// # Errors
    /// Where it cannot be kept.
    pub fn declare(&mut self, decision: &Decision, means: &mut Means<'_>) -> Result<Committed, LogError> {
        let mut group = self.alone()?;
        let committed = group.declare(decision, means)?;
        group.finish()?;
        Ok(committed)
    }
}
