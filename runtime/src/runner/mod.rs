//! The runner: the engine's thin shell. It brings in what is new, wakes what is due, calls the ports, and keeps every decision in
//! one transaction. It decides nothing itself, and it reads no clock: every instant comes in as an argument.

mod activate;
mod book;
mod effects;
mod error;
mod eval;
mod gate;
mod hindrances;
mod ingest;
mod kept;
mod known;
mod left;
pub mod letters;
mod offers;
mod people;
mod placed;
mod reach;
mod redacted;
mod review;
mod schedules;
mod tell;
mod upgrade;

use std::collections::BTreeSet;
use std::sync::Arc;

use compiler::program::Program;
use jiff::Timestamp;
use rust_decimal::Decimal;
use smol_str::SmolStr;

pub use activate::stranded;
pub use book::Book;
pub use error::{RunError, Settled};
pub use eval::Evaluated;
pub use hindrances::Cure;
pub use left::{HandedIn, Left};
pub use people::{Given, Target, signed_hash};
pub use reach::AgentNote;

use crate::agents::config::Ports;
use crate::calendar;
use crate::crm::Crm;
use crate::crm::log::Randomness;
use crate::facts::Coverage;
use crate::score::Scorer;

/// A playbook at work on a CRM.
pub struct Runner {
    pub(super) book: Book,
    /// Its records, open for reading by whoever shows them.
    pub crm: Crm,
    ports: Ports,
    channels: Vec<SmolStr>,
    tokio: tokio::runtime::Runtime,
    randomness: Box<dyn Randomness + Send>,
    /// What this process calls itself where it holds something.
    holder: String,
    scorer: Option<(Timestamp, Arc<Scorer>)>,
    /// What is reported, where that is not for the sources to say.
    assumed: Option<Coverage>,
    switches: BTreeSet<SmolStr>,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Worked {
    /// Entries of the log.
    pub entries: usize,
    /// Pieces of work that agents did.
    pub work: usize,
    /// Messages that went out.
    pub sent: usize,
    /// Runs of ports that are tried again later, or given up.
    pub failed: usize,
}

impl Worked {
    fn add(&mut self, other: Self) {
        self.entries += other.entries;
        self.work += other.work;
        self.sent += other.sent;
        self.failed += other.failed;
    }

    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Runner {
    /// Puts a playbook to work. `holder` names this process, differently from every other one that runs on the same CRM.
    ///
    /// # Errors
    /// Where the Program is damaged or the CRM cannot be read.
    pub fn new(
        crm: Crm,
        program: Arc<Program>,
        ports: Ports,
        randomness: Box<dyn Randomness + Send>,
        holder: String,
    ) -> Result<Self, RunError> {
        let book = Book::new(program)?;
        let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RunError::Ports)?;
        // Over any other channel a person sends by hand what was approved.
        let channels = if ports.sender.is_some() { vec![SmolStr::new_static("email")] } else { Vec::new() };
        let mut runner = Self {
            book,
            crm,
            ports,
            channels,
            tokio,
            randomness,
            holder,
            scorer: None,
            assumed: None,
            switches: BTreeSet::new(),
        };
        runner.read_switches()?;
        Ok(runner)
    }

    /// Does everything that can be done at an instant, until all of it waits for people or for time.
    ///
    /// # Errors
    /// Where the CRM cannot be read or written; what was decided before is kept.
    pub fn work(&mut self, now: Timestamp) -> Result<Worked, RunError> {
        self.know_what_was_spent(now)?;
        let mut worked = self.activate(now)?;
        loop {
            let mut turn = self.ingest(now)?;
            turn.add(self.look_at_hindrances(now)?);
            turn.add(self.run_schedules(now)?);
            turn.add(self.wake(now)?);
            turn.add(self.run_effects(now)?);
            if turn.is_nothing() {
                worked.add(self.review(now)?);
                return Ok(worked);
            }
            worked.add(turn);
        }
    }

    /// Works through time as if it had been at work all along: from one instant at which something is due to the next one.
    ///
    /// # Errors
    /// As [`Runner::work`].
    pub fn work_until(
        &mut self,
        from: Timestamp,
        until: Timestamp,
        mut each: impl FnMut(Timestamp),
    ) -> Result<Worked, RunError> {
        let mut now = from;
        let mut worked = Worked::default();
        loop {
            each(now);
            worked.add(self.work(now)?);
            match self.next_due()? {
                Some(next) if next <= until && now < until => now = next.max(now),
                _ if now < until => now = until,
                _ => return Ok(worked),
            }
        }
    }

    /// The next instant at which something is due without a word from outside.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub fn next_due(&self) -> Result<Option<Timestamp>, RunError> {
        let due = [self.crm.next_wake()?, self.crm.next_effect()?, self.next_slot()?];
        Ok(due.into_iter().flatten().min())
    }

    /// Keeps a number under a name, beside the records; it never gets smaller.
    ///
    /// # Errors
    /// Where the CRM cannot be written.
    pub fn remember(&mut self, name: &str, number: i64, now: Timestamp) -> Result<(), RunError> {
        self.tell_all(now, Vec::new(), vec![(name.into(), number)]).map(drop)
    }

    /// Its records, when the work is done.
    #[must_use]
    pub fn into_crm(self) -> Crm {
        self.crm
    }

    /// The playbook at work.
    #[must_use]
    pub const fn book(&self) -> &Book {
        &self.book
    }

    /// The scorer of an instant, linked once.
    pub(super) fn scorer(&mut self, now: Timestamp) -> Result<Arc<Scorer>, RunError> {
        if let Some((at, scorer)) = &self.scorer
            && *at == now
        {
            return Ok(Arc::clone(scorer));
        }
        let coverage = match &self.assumed {
            Some(assumed) => assumed.clone(),
            None => self.crm.coverage(&self.book.program)?,
        };
        let scorer = Arc::new(self.book.scorer(now, &coverage)?);
        self.scorer = Some((now, Arc::clone(&scorer)));
        Ok(scorer)
    }

    /// The day's budget begins with what the log says was spent that day, by this process or another one.
    fn know_what_was_spent(&self, now: Timestamp) -> Result<(), RunError> {
        let Some(budget) = &self.ports.budget else { return Ok(()) };
        let zone = &self.book.zone;
        let spent = self.crm.spent(zone, calendar::day_start(zone, now), Timestamp::MAX)?;
        let today = now.to_zoned(zone.clone()).date();
        let of_today = spent.into_iter().filter(|((day, _), _)| *day == today);
        budget.know(now, of_today.fold(Decimal::ZERO, |sum, (_, amount)| sum.saturating_add(amount)));
        Ok(())
    }

    fn read_switches(&mut self) -> Result<(), RunError> {
        self.switches = self.crm.paused()?.into_iter().map(|paused| paused.what.into()).collect();
        Ok(())
    }
}
