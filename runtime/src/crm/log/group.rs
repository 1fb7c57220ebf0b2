//! Many decisions, one flush: what a group holds is kept as a whole when it is finished, and nobody is told before.

use jiff::Timestamp;
use smol_str::SmolStr;

use super::append::{Buffers, Place, Tail};
use super::case::whole;
use super::{LogError, Means, Raised, Standing};
use crate::crm::{Crm, CrmError};
use crate::engine::{Entry, EntryId, RecordRef, apply};

/// An entry, and what it says of a person: kept apart so that it can be erased.
#[derive(Clone, Debug, PartialEq)]
pub struct Sealed {
    /// What is kept for ever.
    pub entry: Entry,
    /// The text that is not: a draft, a reason, a packet, what was found.
    pub body: Option<String>,
}

impl From<Entry> for Sealed {
    fn from(entry: Entry) -> Self {
        Self { entry, body: None }
    }
}

/// What follows from an input: all of it is kept, or nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// For the log, in order.
    pub entries: Vec<Sealed>,
    /// When the case wants to be woken after it.
    pub wake: Option<Timestamp>,
    /// Events that they raise in the CRM.
    pub raised: Vec<Raised>,
    /// Cursors that have come so far.
    pub seen: Vec<(SmolStr, i64)>,
}

/// With what a decision is to reckon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The number of its first entry; the others follow.
    pub first: EntryId,
    /// When it is made: what the clock says to the microsecond, or the last entry's instant where the clock was set back.
    pub now: Timestamp,
}

/// What was kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Committed {
    /// The number of the first entry, and when it was decided.
    pub turn: Turn,
    /// How many entries.
    pub entries: usize,
    /// The clock had been set back: it said less than the last entry.
    pub clock_set_back: bool,
    /// The case after it; none for what is about the whole playbook.
    pub case: Option<Standing>,
    /// The rows of the events it raised.
    pub events: Vec<i64>,
}

/// A transaction with room for many decisions. Dropped before it is finished, none of them has been made.
pub struct Group<'c> {
    pub(super) crm: &'c mut Crm,
    pub(super) tail: Tail,
    /// The log's last entry as the file has it.
    kept: EntryId,
    buffers: Buffers,
    open: bool,
}

impl Crm {
    /// Begins a group. No other process writes until it is finished or dropped.
    ///
    /// # Errors
    /// Where another process is writing for longer than we wait.
    pub fn group(&mut self) -> Result<Group<'_>, LogError> {
        self.step("BEGIN IMMEDIATE")?;
        match Tail::read(self) {
            Ok(tail) => Ok(Group { crm: self, tail, kept: tail.number, buffers: Buffers::default(), open: true }),
            Err(error) => {
                self.step("ROLLBACK")?;
                Err(error)
            }
        }
    }

    pub(super) fn step(&self, sql: &str) -> Result<(), CrmError> {
        let done = self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
        done.map(drop).map_err(|error| self.error(&error))
    }
}

impl Group<'_> {
    /// The CRM as the group sees it, with what it holds.
    #[must_use]
    pub fn crm(&self) -> &Crm {
        self.crm
    }

    /// Decides about a record: `work` is shown the CRM, the case and the turn, all as of this moment, and nobody comes between.
    ///
    /// # Errors
    /// Its own, and where the decision cannot be kept; the group is then as it was before.
    pub fn decide<E: From<LogError>>(
        &mut self,
        record: &RecordRef,
        means: &mut Means<'_>,
        work: impl FnOnce(&Crm, &Standing, Turn) -> Result<Decision, E>,
    ) -> Result<Committed, E> {
        let standing = self.crm.case(record)?;
        let decision = work(self.crm, &standing, self.turn(means.now))?;
        Ok(self.keep(Some(standing), &decision, means)?)
    }

    /// Decides about the whole playbook: entries that belong to no case.
    ///
    /// # Errors
    /// As [`Group::decide`].
    pub fn declare(&mut self, decision: &Decision, means: &mut Means<'_>) -> Result<Committed, LogError> {
        self.keep(None, decision, means)
    }

    /// Keeps all of it: once this returns, it is on the disk.
    ///
    /// # Errors
    /// Where the disk is full or fails; then nothing of the group was kept.
    pub fn finish(mut self) -> Result<(), LogError> {
        if !self.open {
            return Err(LogError::NotKept { why: "the disk was full before it was finished".into() });
        }
        if self.tail.number != self.kept {
            self.tail.write(self.crm)?;
        }
        self.crm.step("COMMIT")?;
        self.open = false;
        Ok(())
    }

    /// False once a full disk has taken back all of it.
    pub(super) const fn is_open(&self) -> bool {
        self.open
    }

    /// With what a decision made now has to reckon.
    #[must_use]
    pub fn turn(&self, now: Timestamp) -> Turn {
        let first = EntryId(self.tail.number.0 + 1);
        let now = super::case::instant(now.as_microsecond()).unwrap_or(now);
        Turn { first, now: now.max(self.tail.at) }
    }

    /// Writes a decision whole, or leaves the group as it was.
    pub(super) fn keep(
        &mut self,
        standing: Option<Standing>,
        decision: &Decision,
        means: &mut Means<'_>,
    ) -> Result<Committed, LogError> {
        let before = self.tail;
        self.crm.step("SAVEPOINT decision")?;
        let done = self.write(standing, decision, means);
        if done.is_err() {
            self.tail = before;
            // A full disk takes the whole transaction back by itself; then there is no savepoint any more, and no group.
            if self.crm.connection.is_autocommit() {
                self.open = false;
                return done;
            }
            self.crm.step("ROLLBACK TO decision")?;
        }
        self.crm.step("RELEASE decision")?;
        done
    }

    fn write(
        &mut self,
        standing: Option<Standing>,
        decision: &Decision,
        means: &mut Means<'_>,
    ) -> Result<Committed, LogError> {
        let turn = self.turn(means.now);
        let set_back = (means.now < self.tail.at && !decision.entries.is_empty()).then_some(means.now);
        let mut standing = standing;
        let record = standing.as_ref().map(|standing| standing.case.record.clone());
        for Sealed { entry, body } in &decision.entries {
            let number = EntryId(self.tail.number.0 + 1);
            let body = body.as_deref();
            let place = Place { number, at: turn.now, clock: set_back, record: record.as_ref() };
            self.tail.append(self.crm, place, entry, body, (&mut self.buffers, &mut *means.randomness))?;
            super::derive::write(self.crm, place, entry, means.zone)?;
            if let (Entry::Erased { .. }, Some(record)) = (entry, &record) {
                self.crm.forget(record, turn.now, means.randomness)?;
            }
            if let Some(standing) = &mut standing {
                apply(&mut standing.case, number, turn.now, entry);
            }
        }
        let mut events = Vec::with_capacity(decision.raised.len());
        for raised in &decision.raised {
            events.push(self.crm.raise(raised)?);
        }
        for (name, seen) in &decision.seen {
            self.crm.put_cursor(name, *seen)?;
        }
        if let Some(standing) = &mut standing {
            let wake = decision.wake.map(whole);
            if !decision.entries.is_empty() || wake != standing.wake {
                standing.wake = wake;
                if !self.crm.put_case(standing)? {
                    return Err(LogError::Conflict { record: standing.case.record.clone() });
                }
                standing.revision += 1;
            }
        }
        let entries = decision.entries.len();
        Ok(Committed { turn, entries, clock_set_back: set_back.is_some(), case: standing, events })
    }
}

impl Drop for Group<'_> {
    fn drop(&mut self) {
        if self.open && !self.crm.connection.is_autocommit() {
            // Where even that fails, closing the file takes it back.
            let _ = self.crm.step("ROLLBACK");
        }
    }
}
