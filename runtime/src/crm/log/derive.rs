//! The rows that follow from an entry: runs, transitions, questions, messages, effects, switches. They hold nothing that the log
//! does not say, but for how an effect fares between two entries.

use jiff::tz::TimeZone;

use super::append::Place;
use super::statements::Statements;
use super::{LogError, effect, message, question, run, spend, switch, trial};
use crate::crm::Crm;
use crate::engine::{Case, Entry, EntryId, Override, RecordRef, WorkResult};

/// What a row is made from.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) crm: &'a Crm,
    pub(super) place: Place<'a>,
}

impl<'a> Row<'a> {
    pub(super) const fn number(&self) -> i64 {
        self.place.number.0
    }

    pub(super) fn at(&self) -> i64 {
        self.place.at.as_microsecond()
    }

    /// Entity and record of the case that the entry has to belong to.
    pub(super) fn record(&self) -> Result<&'a RecordRef, LogError> {
        self.place.record.ok_or(LogError::NoCase { entry: self.place.number })
    }

    /// Runs a statement.
    pub(super) fn write(&self, sql: &str, values: impl rusqlite::Params) -> Result<usize, LogError> {
        let written = self.crm.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(values));
        Ok(written.map_err(|error| self.crm.error(&error))?)
    }

    /// Runs a statement that has to find what it is about.
    pub(super) fn change(
        &self,
        what: &'static str,
        about: EntryId,
        sql: &str,
        values: impl rusqlite::Params,
    ) -> Result<(), LogError> {
        match self.write(sql, values)? {
            0 => Err(self.missing(what, about)),
            _ => Ok(()),
        }
    }

    pub(super) const fn missing(&self, what: &'static str, about: EntryId) -> LogError {
        LogError::NotThere { entry: self.place.number, what, about }
    }
}

/// Writes the rows that follow from an entry. What the case says up to it need not be looked up, where that is at hand.
pub(super) fn write(
    statements: &Statements<'_>,
    place: Place<'_>,
    entry: &Entry,
    case: Option<&Case>,
    zone: &TimeZone,
) -> Result<(), LogError> {
    let row = Row { crm: statements.crm(), place };
    match entry {
        Entry::Started { workflow, record, trigger, version, .. } => {
            run::start(row, workflow, record, trigger, version)
        }
        Entry::Entered { run, stage, by, .. } => {
            let left = case.and_then(|case| case.run(*run));
            run::enter(row, statements, (*run, left), (stage, by), zone)
        }
        Entry::WorkAsked { run, agent, action, object, .. } => effect::ask(row, *run, agent, action, object),
        Entry::WorkDone { work, result } => {
            if let WorkResult::Wrote { hash, channel, template } = result {
                message::write(row, *work, hash, channel, template)?;
            }
            effect::done(row, *work)
        }
        Entry::Spent { agent, action, amount, .. } => spend::write(row, agent, action, *amount),
        Entry::Tried { run, experiment, arm, why } => trial::write(row, *run, (experiment, arm, *why)),
        Entry::WorkFailed { work, why } => effect::failed(row, *work, why, false),
        Entry::Asked { run, question, whom, options, words, notes, due, remind } => question::ask(
            row,
            *run,
            &question::New { question, whom: whom.as_deref(), options, words, notes, due: *due, remind: *remind },
        ),
        Entry::Reminded { question, next } => question::remind(row, *question, *next),
        Entry::Prolonged { question, due, remind } => question::prolong(row, *question, *due, *remind),
        // Words that took the message's place are an entry of their own, the one before.
        Entry::Settled { question, how, by, .. } => question::settle(row, *question, *how, by.as_deref()),
        Entry::Rewritten { message, hash, .. } => message::rewrite(row, *message, hash),
        Entry::Queued { run, message, channel, by, not_before, .. } => {
            effect::queue(row, *run, *message, channel, by, *not_before)
        }
        Entry::Delivered { send } => {
            message::sent(row, *send)?;
            trial::sent(row, *send)?;
            effect::done(row, *send)
        }
        Entry::Undelivered { send, why, uncertain } => effect::failed(row, *send, why, *uncertain),
        Entry::OfferAnswered { offer, .. } => effect::answered(row, *offer),
        Entry::Ended { run, outcome, .. } => {
            effect::drop_work(row, *run)?;
            run::end(row, *run, outcome)
        }
        Entry::Moved { run, workflow, version, .. } => run::moved(row, *run, workflow, version),
        Entry::Overridden { how, run: Some(run), by } => match how {
            Override::Pause => run::pause(row, *run, Some(by)),
            Override::Resume => run::pause(row, *run, None),
            // The runs that it ends are entries of their own.
            Override::Cancel => Ok(()),
        },
        Entry::Switched { what, paused, by, why } => switch::turn(row, what, *paused, by, why.as_deref()),
        // They change the case alone.
        Entry::Scored { .. }
        | Entry::Rated { .. }
        | Entry::Acted { .. }
        | Entry::StoodStill { .. }
        | Entry::Held { .. }
        | Entry::Denied { .. }
        | Entry::Overridden { run: None, .. }
        | Entry::Allowed { .. }
        | Entry::Offered { .. }
        | Entry::Side { .. }
        | Entry::Caught { .. }
        | Entry::PutOff { .. }
        | Entry::TakenUp { .. }
        | Entry::Erased { .. }
        | Entry::Activated { .. }
        | Entry::Signed { .. } => Ok(()),
    }
}
