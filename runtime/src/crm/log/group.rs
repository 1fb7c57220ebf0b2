//! Many decisions, one flush: what a group holds is kept as a whole when it is finished, and nobody is told before.

use jiff::Timestamp;
use smol_str::SmolStr;

use super::append::{Buffers, Place, Tail};
use super::case::{self, whole};
use super::statements::Statements;
use super::{LogError, Means, Raised, Standing, derive};
use crate::crm::{Crm, CrmError};
use crate::engine::{Case, Entry, EntryId, RecordRef, apply};

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
    /// The case with exactly these entries folded in, where whoever decided has it already; it is folded here otherwise.
    pub folded: Option<Case>,
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
    /// Nobody else has the CRM meanwhile: what is borrowed here is `&mut`.
    pub(super) crm: &'c Crm,
    pub(super) tail: Tail,
    /// The log's last entry as the file has it.
    kept: EntryId,
    statements: Statements<'c>,
    buffers: Buffers,
    /// It is for one decision, so that what is refused takes nothing else with it.
    alone: bool,
    state: State,
}

/// What has become of a group.
#[derive(Debug)]
enum State {
    Open,
    /// All of it is on the disk.
    Kept,
    /// All of it was taken back, because of this.
    Lost(String),
}

impl Crm {
    /// Begins a group. No other process writes until it is finished or dropped.
    ///
    /// # Errors
    /// Where another process is writing for longer than we wait.
    pub fn group(&mut self) -> Result<Group<'_>, LogError> {
        self.begin_group(false)
    }

    /// Begins a group for one decision: where that is refused, all of it has never been.
    pub(super) fn alone(&mut self) -> Result<Group<'_>, LogError> {
        self.begin_group(true)
    }

    fn begin_group(&mut self, alone: bool) -> Result<Group<'_>, LogError> {
        self.step("BEGIN IMMEDIATE")?;
        // From here on nobody else writes: what is true of the memory now stays so.
        let tail = match self.version().and_then(|version| Ok((version, Tail::read(self)?))) {
            Ok((version, tail)) => {
                self.memory.is_at(version);
                tail
            }
            Err(error) => {
                self.step("ROLLBACK")?;
                return Err(error);
            }
        };
        let (statements, buffers) = (Statements::new(self), Buffers::default());
        Ok(Group { crm: self, tail, kept: tail.number, statements, buffers, alone, state: State::Open })
    }

    /// Another number whenever another connection has written to the file since, whichever process has it.
    fn version(&self) -> Result<i64, LogError> {
        let version = self.connection.prepare_cached("PRAGMA data_version");
        let version = version.and_then(|mut statement| statement.query_row([], |row| row.get(0)));
        version.map_err(|error| self.error(&error).into())
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
    /// Its own, and where the decision cannot be kept. The group is then as it was before; but where the disk is full or somebody
    /// changed the file by hand, all of it is taken back.
    pub fn decide<E: From<LogError>>(
        &mut self,
        record: &RecordRef,
        means: &mut Means<'_>,
        work: impl FnOnce(&Crm, &Standing, Turn) -> Result<Decision, E>,
    ) -> Result<Committed, E> {
        self.still_open()?;
        let standing = self.standing(record)?;
        let revision = standing.revision;
        let mut decision = work(self.crm, &standing, self.turn(means.now))?;
        let folded = decision.folded.take();
        let committed = self.keep(Some((standing, folded)), &decision, means)?;
        if let Some(unwritten) = committed.case.as_ref().filter(|standing| standing.revision == revision) {
            self.crm.memory.put(unwritten.clone());
        }
        Ok(committed)
    }

    /// The case as it stands, taken from the memory where that has it.
    fn standing(&self, record: &RecordRef) -> Result<Standing, LogError> {
        let Some(known) = self.crm.memory.take(record) else { return case::read(&self.statements, record) };
        debug_assert_eq!(case::read(&self.statements, record).ok().as_ref(), Some(&known), "as the file has it");
        Ok(known)
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
        self.still_open()?;
        if self.tail.number != self.kept {
            self.tail.write(self.crm)?;
        }
        self.crm.step("COMMIT")?;
        self.state = State::Kept;
        Ok(())
    }

    /// Nothing that was written is there any more, so nothing of it is remembered.
    fn take_back(&self) -> Result<(), CrmError> {
        self.crm.memory.clear();
        if self.crm.connection.is_autocommit() { Ok(()) } else { self.crm.step("ROLLBACK") }
    }

    /// False once all of it was taken back.
    pub(super) const fn is_open(&self) -> bool {
        matches!(self.state, State::Open)
    }

    fn still_open(&self) -> Result<(), LogError> {
        match &self.state {
            State::Lost(why) => Err(LogError::NotKept { why: why.clone() }),
            State::Open | State::Kept => Ok(()),
        }
    }

    /// With what a decision made now has to reckon.
    #[must_use]
    pub fn turn(&self, now: Timestamp) -> Turn {
        let first = EntryId(self.tail.number.0 + 1);
        let now = case::instant(now.as_microsecond()).unwrap_or(now);
        Turn { first, now: now.max(self.tail.at) }
    }

    /// Writes a decision about a case, which may come with the decision folded in, or about the whole playbook. Where it is
    /// refused, the group is as it was before.
    pub(super) fn keep(
        &mut self,
        about: Option<(Standing, Option<Case>)>,
        decision: &Decision,
        means: &mut Means<'_>,
    ) -> Result<Committed, LogError> {
        self.still_open()?;
        let before = self.tail;
        // A copy of each page that a decision touches, for the day that it is refused, is a good part of what it costs.
        let guarded = !self.alone && may_be_refused(about.as_ref().map(|(standing, _)| &standing.case), decision);
        if guarded {
            self.crm.step("SAVEPOINT decision")?;
        }
        let done = self.write(about, decision, means);
        if let Err(error) = &done {
            self.tail = before;
            // A full disk takes the whole transaction back by itself; then there is no savepoint any more, and no group.
            if !guarded || self.crm.connection.is_autocommit() {
                self.take_back()?;
                self.state = State::Lost(error.to_string());
                return done;
            }
            self.crm.step("ROLLBACK TO decision")?;
        }
        if guarded {
            self.crm.step("RELEASE decision")?;
        }
        done
    }

    fn write(
        &mut self,
        about: Option<(Standing, Option<Case>)>,
        decision: &Decision,
        means: &mut Means<'_>,
    ) -> Result<Committed, LogError> {
        let turn = self.turn(means.now);
        let set_back = (means.now < self.tail.at && !decision.entries.is_empty()).then_some(means.now);
        let (mut standing, folded) = about.unzip();
        let folded = folded.flatten();
        let record = standing.as_ref().map(|standing| standing.case.record.clone());
        // Whoever decides is believed, but for where it is tested.
        let fold_here = folded.is_none() || cfg!(debug_assertions);
        // Where its runs are, as long as that is what the case says.
        let mut is_current = true;
        for Sealed { entry, body } in &decision.entries {
            let number = EntryId(self.tail.number.0 + 1);
            let body = body.as_deref();
            let place = Place { number, at: turn.now, clock: set_back, record: record.as_ref() };
            self.tail.append(&self.statements, place, entry, body, (&mut self.buffers, &mut *means.randomness))?;
            let current = standing.as_ref().filter(|_| is_current).map(|standing| &standing.case);
            derive::write(&self.statements, place, entry, current, means.zone)?;
            is_current &= fold_here || !matches!(entry, Entry::Entered { .. } | Entry::Moved { .. });
            if let (Entry::Erased { .. }, Some(record)) = (entry, &record) {
                self.crm.forget(record, turn.now, means.randomness)?;
            }
            if fold_here && let Some(standing) = &mut standing {
                apply(&mut standing.case, number, turn.now, entry);
            }
        }
        if let (Some(standing), Some(folded)) = (&mut standing, folded) {
            debug_assert!(!fold_here || standing.case == folded, "a case is the fold of its entries");
            standing.case = folded;
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
                if !case::write(&self.statements, standing, &mut self.buffers.json)? {
                    return Err(LogError::Conflict { record: standing.case.record.clone() });
                }
                standing.revision += 1;
                // The last thing that is done: whatever is refused before is not remembered.
                self.crm.memory.put(standing.clone());
            }
        }
        let entries = decision.entries.len();
        Ok(Committed { turn, entries, clock_set_back: set_back.is_some(), case: standing, events })
    }
}

impl Drop for Group<'_> {
    fn drop(&mut self) {
        if self.is_open() {
            // Where even that fails, closing the file takes it back.
            let _ = self.take_back();
        }
    }
}

/// Whether something may forbid a decision that the decisions before it have nothing to do with. What a case alone keeps, and a
/// transition of a run that the case has, nothing does but a full disk, or somebody who changed the file by hand.
fn may_be_refused(case: Option<&Case>, decision: &Decision) -> bool {
    let certain = |entry: &Entry| match entry {
        Entry::Entered { run, .. } => case.is_some_and(|case| case.run(*run).is_some()),
        Entry::Acted { .. } | Entry::Held { .. } | Entry::Scored { .. } | Entry::Side { .. } => case.is_some(),
        _ => false,
    };
    !decision.raised.is_empty() || !decision.entries.iter().all(|sealed| certain(&sealed.entry))
}
