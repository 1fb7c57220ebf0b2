//! The first time that a playbook, or a new version of it, is at work on a CRM.

use jiff::Timestamp;

use super::{RunError, Runner, Worked};
use crate::crm::log::{Decision, Means, Sealed};
use crate::engine::{Entry, EntryId};

/// The cursor that remembers the entry with the version at work.
const ACTIVATED: &str = "activated";

impl Runner {
    /// Notes which playbook is at work. Events from before the first time start nothing; records that were there count as made now.
    pub(super) fn activate(&mut self, now: Timestamp) -> Result<Worked, RunError> {
        let last = self.crm.cursor(ACTIVATED)?;
        let known = match self.crm.entry(EntryId(last))? {
            Some(Entry::Activated { version }) => Some(version),
            _ => None,
        };
        if known.as_ref() == Some(&self.book.version) {
            return Ok(Worked::default());
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
        Ok(Worked { entries: 1, ..Worked::default() })
    }
}
