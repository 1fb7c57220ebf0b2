//! Trials of experiments: who got which arm, when that reached them, and whether they did what counts as success.

use compiler::program::{Experiment, Program};

use super::LogError;
use super::case::instant;
use super::derive::Row;
use crate::crm::Crm;
use crate::engine::EntryId;
use crate::experiments::{Trial, Why};

/// Somebody gets an arm; the trial begins when a message has reached them by it.
pub(super) fn write(row: Row<'_>, run: EntryId, (experiment, arm, why): (&str, &str, Why)) -> Result<(), LogError> {
    let insert = "INSERT INTO trial (number, run, experiment, arm, why, entity, record) \
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let case = row.record()?;
    let values = (row.number(), run.0, experiment, arm, name(why), case.entity.as_str(), case.id);
    row.write(insert, values).map(drop)
}

/// A message has gone out: what was tried with it begins.
pub(super) fn sent(row: Row<'_>, send: EntryId) -> Result<(), LogError> {
    let update = "UPDATE trial SET began = ?2 WHERE entity = ?3 AND record = ?4 AND began IS NULL AND EXISTS ( \
                    SELECT 1 FROM outbox JOIN message ON message.number = outbox.message \
                    WHERE outbox.number = ?1 AND trial.arm IN (message.channel, message.template))";
    let case = row.record()?;
    row.write(update, (send.0, row.at(), case.entity.as_str(), case.id)).map(drop)
}

const fn name(why: Why) -> &'static str {
    match why {
        Why::HeldOut => "held_out",
        Why::Lot => "lot",
        Why::Learned => "learned",
        Why::Settled => "settled",
    }
}

impl Crm {
    /// The trials of an experiment, in the order in which arms were given; those that are still to begin while their run lives.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn trials(&self, program: &Program, experiment: &Experiment) -> Result<Vec<Trial>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let event = program.events.get(experiment.success.index()).map_or("", |event| event.name.as_str());
        let all = "SELECT arm, why, began, ( \
                     SELECT min(at) FROM event WHERE contact_id = trial.record AND at >= trial.began \
                       AND kind = (SELECT id FROM event_kind WHERE name = ?2)) \
                   FROM trial WHERE experiment = ?1 AND entity = 'Contact' \
                     AND (began IS NOT NULL OR (SELECT ended FROM run WHERE run.number = trial.run) IS NULL) \
                   ORDER BY number";
        let mut statement = self.connection.prepare_cached(all).map_err(sql)?;
        let trials = statement.query_map((experiment.name.as_str(), event), |row| {
            let at = |column: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.and_then(instant));
            Ok(Trial {
                arm: row.get::<_, String>(0)?.into(),
                held_out: row.get::<_, String>(1)? == name(Why::HeldOut),
                began: at(2)?,
                succeeded: at(3)?,
            })
        });
        Ok(trials.and_then(Iterator::collect).map_err(sql)?)
    }
}
