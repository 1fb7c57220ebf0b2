//! What all worlds of a scenario share: the playbook made ready, who may come in, and what works for its agents.

use std::sync::Arc;

use compiler::program::{EventId, Program, Scenario};
use jiff::{SignedDuration, Timestamp};
use runtime::agents::builtin::BuiltIn;
use runtime::agents::{Mailbox, Sender};
use runtime::calendar;
use runtime::facts::{Coverage, Reported};
use runtime::runner::Book;
use runtime::score::{LinkError, Scorer};
use smol_str::SmolStr;

use super::pool::Pool;
use super::scorers::Scorers;
use super::store::{Filling, Layout};

/// A scenario of a playbook, ready to be played.
pub struct Setting {
    pub(super) book: Book,
    /// Its place among the playbook's: conditions are known by where they lie.
    scenario: usize,
    pub(super) pools: Arc<Vec<Pool>>,
    pub(super) worker: BuiltIn,
    pub(super) sender: Sender,
    pub(super) coverage: Coverage,
    pub(super) layout: Layout,
    pub(super) fillings: Vec<Vec<Filling>>,
    pub(super) channels: Vec<SmolStr>,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    /// What a deal that is made is worth, from and to; unknown where absent.
    pub(super) worth: Option<(f64, f64)>,
    /// Arms of experiments are drawn by the number of a record, as the runner does it, and so alike for every seed.
    pub(super) arms_by_record: bool,
}

/// Why a scenario cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// The Program.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// There is none.
    #[error("the playbook has no such scenario")]
    NoScenario,
    /// Nobody comes in.
    #[error("nobody comes in: `{0}` has no record that the playbook's source reads")]
    Nobody(SmolStr),
    /// It never ends.
    #[error("the scenario `{0}` does not say for how long leads come in: write `leads … for 8 weeks`")]
    Endless(SmolStr),
}

impl Setting {
    /// Makes a scenario ready: from an instant on, until the last lead has come in, or for so long.
    ///
    /// # Errors
    /// Where the Program is damaged, or the scenario has nobody or no end.
    pub fn new(
        program: Arc<Program>,
        scenario: usize,
        pools: Vec<Pool>,
        worker: BuiltIn,
        from: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<Self, SimulateError> {
        let book = Book::for_scenarios(program)?;
        let place = scenario;
        let scenario = book.program.scenarios.get(place).ok_or(SimulateError::NoScenario)?;
        for stream in &scenario.leads {
            if pools.iter().all(|pool| pool.from != stream.from || pool.records.is_empty()) {
                return Err(SimulateError::Nobody(stream.from.clone()));
            }
        }
        let end = |during| calendar::after(&book.program.client, &book.zone, from, during);
        let ends = scenario.leads.iter().map(|stream| stream.during.map(end));
        let until = match until {
            Some(until) => until,
            None => ends.max().flatten().ok_or_else(|| SimulateError::Endless(scenario.title.clone()))?,
        };
        // A scenario says all that happens: what it does not say has not happened.
        let ever = Reported { since: Timestamp::MIN, until: None };
        let coverage = Coverage {
            events: (0..).zip(&book.program.events).map(|(number, _)| (EventId(number), ever)).collect(),
            conversations: Some(ever),
        };
        let scorer = book.scorer(from, &coverage)?;
        let layout = Layout::new(&book, &scorer);
        let fillings = fillings(&pools, &layout, &scorer);
        let sender = Sender {
            from: Mailbox { name: Some(book.program.client.name.clone()), address: "sender@scenario.example".into() },
            first_name: None,
            reply_to: None,
            postal: None,
            unsubscribe: "https://scenario.example/stop/{key}".into(),
            unsubscribe_mail: None,
        };
        Ok(Self {
            book,
            scenario: place,
            pools: Arc::new(pools),
            worker,
            sender,
            coverage,
            layout,
            fillings,
            channels: vec![SmolStr::new_static("email")],
            from,
            until,
            worth: None,
            arms_by_record: false,
        })
    }

    /// Deals that are made are worth evenly from and to so much.
    #[must_use]
    pub fn worth(mut self, worth: Option<(f64, f64)>) -> Self {
        self.worth = worth;
        self
    }

    /// What is played; nothing where the playbook has no such scenario.
    pub(super) fn scenario(&self) -> Option<&Scenario> {
        self.book.program.scenarios.get(self.scenario)
    }

    /// The playbook.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.book.program
    }

    /// The playbook made ready.
    #[must_use]
    pub const fn book(&self) -> &Book {
        &self.book
    }

    /// From when to when it is played.
    #[must_use]
    pub const fn span(&self) -> (Timestamp, Timestamp) {
        (self.from, self.until)
    }

    /// For how many weeks it is played, begun ones too.
    #[must_use]
    pub fn weeks(&self) -> usize {
        let week = SignedDuration::from_hours(24 * 7);
        // A change of the clocks on the way is no week of its own.
        let length = self.until.duration_since(self.from) - SignedDuration::from_hours(2);
        usize::try_from((length.as_secs() + week.as_secs() - 1) / week.as_secs()).unwrap_or(0)
    }

    /// The same scenario under a playbook that has learned: the same records, people and buyers, another card.
    pub(super) fn learned(&self, program: Program) -> Result<Self, LinkError> {
        let book = Book::for_scenarios(Arc::new(program))?;
        let scorer = book.scorer(self.from, &self.coverage)?;
        let layout = Layout::new(&book, &scorer);
        Ok(Self {
            fillings: fillings(&self.pools, &layout, &scorer),
            book,
            scenario: self.scenario,
            pools: Arc::clone(&self.pools),
            worker: self.worker.clone(),
            sender: self.sender.clone(),
            coverage: self.coverage.clone(),
            layout,
            channels: self.channels.clone(),
            from: self.from,
            until: self.until,
            worth: self.worth,
            arms_by_record: self.arms_by_record,
        })
    }

    pub(super) fn scorer(&self, now: Timestamp) -> Result<Scorer, LinkError> {
        self.book.scorer(now, &self.coverage)
    }

    /// Scorers that move through time.
    pub(super) fn scorers(&self) -> Result<Scorers, LinkError> {
        Scorers::new(self)
    }
}

fn fillings(pools: &[Pool], layout: &Layout, scorer: &Scorer) -> Vec<Vec<Filling>> {
    let of = |pool: &Pool| pool.records.iter().map(|record| Filling::of(record, layout, scorer)).collect();
    pools.iter().map(of).collect()
}
