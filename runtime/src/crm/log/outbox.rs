//! The outbox: what leaves, once. An effect is claimed before its port is called and settled by an entry; one whose holder died is
//! taken over when its time has passed, and says so, because a send may have gone out by then.

use jiff::{SignedDuration, Timestamp};
use rusqlite::Row;
use smol_str::SmolStr;

use super::LogError;
use super::case::instant;
use crate::crm::Crm;
use crate::engine::{Entry, EntryId, RecordRef};

/// Who takes effects, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Claimant<'a> {
    /// A name that no other process has.
    pub holder: &'a str,
    /// The instant.
    pub now: Timestamp,
    /// After that the holder is taken for dead.
    pub lease: SignedDuration,
}

/// An effect that is ours to carry out.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The entry that asked for it: also its idempotency key.
    pub number: EntryId,
    /// Whose case.
    pub record: RecordRef,
    /// For which run.
    pub run: EntryId,
    /// By which agent or role.
    pub agent: SmolStr,
    /// The message that is sent; none for work.
    pub message: Option<EntryId>,
    /// What was asked for.
    pub entry: Entry,
    /// Which attempt this is, from 1 on.
    pub attempt: u32,
    /// Somebody claimed it before and died: a send may have gone out. Only a port that knows the key again may repeat it;
    /// otherwise it is uncertain.
    pub taken_over: bool,
}

/// An effect that nobody tries again by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The entry that asked for it.
    pub number: EntryId,
    /// Whose case.
    pub record: RecordRef,
    /// By which agent or role.
    pub agent: SmolStr,
    /// Over which channel; none for work.
    pub channel: Option<SmolStr>,
    /// It may have been carried out.
    pub uncertain: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong last.
    pub error: String,
}

/// A letter that did not go out yet, and is tried again by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retried {
    /// The entry that queued it.
    pub number: EntryId,
    /// Which message.
    pub message: EntryId,
    /// Whose case.
    pub record: RecordRef,
    /// For which run.
    pub run: EntryId,
    /// By which agent or role.
    pub agent: SmolStr,
    /// Over which channel.
    pub channel: SmolStr,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it did not go out last time, without addresses.
    pub error: String,
    /// When it is tried next.
    pub next: Timestamp,
}

/// Of paused cases, runs, workflows and agents nothing is taken.
const READY: &str = "SELECT o.number, o.run, o.entity, o.record, o.agent, o.message, l.entry, o.attempts, o.state = 'claimed' \
    FROM outbox AS o JOIN log AS l ON l.number = o.number JOIN run AS r ON r.number = o.run \
    LEFT JOIN case_file AS c ON c.entity = o.entity AND c.record = o.record \
    WHERE o.ready <= ?1 AND r.paused IS NULL AND ifnull(c.paused, 0) = 0 AND NOT EXISTS \
    (SELECT 1 FROM switch WHERE what IN ('everything', 'agent ' || o.agent, 'workflow ' || r.workflow)) \
    ORDER BY o.ready, o.number LIMIT ?2";

const OPEN: &str = "SELECT o.number, o.run, o.entity, o.record, o.agent, o.message, l.entry, o.attempts, o.state = 'claimed' \
    FROM outbox AS o JOIN log AS l ON l.number = o.number \
    WHERE o.kind = 'work' AND o.ready IS NOT NULL AND (?1 IS NULL OR o.agent = ?1) ORDER BY o.number LIMIT ?2";

impl Crm {
    /// Claims effects that are due, the longest overdue first, and those whose holders are taken for dead; at most so many.
    ///
    /// # Errors
    /// Where the database cannot be read or written.
    pub fn claim_outbox(&mut self, claimant: Claimant<'_>, limit: u32) -> Result<Vec<Effect>, LogError> {
        let group = self.group()?;
        let crm = group.crm();
        let sql = |error: rusqlite::Error| crm.error(&error);
        let mut statement = crm.connection.prepare_cached(READY).map_err(sql)?;
        let rows = statement.query_map((claimant.now.as_microsecond(), limit), effect).map_err(sql)?;
        let mut effects = Vec::new();
        for row in rows {
            let (mut effect, entry) = row.map_err(sql)?;
            effect.entry = serde_json::from_str(&entry).map_err(|error| LogError::Unreadable {
                what: format!("entry {}", effect.number),
                detail: error.to_string(),
            })?;
            effects.push(effect);
        }
        drop(statement);
        let take =
            "UPDATE outbox SET state = 'claimed', holder = ?2, ready = ?3, attempts = attempts + 1 WHERE number = ?1";
        let until = claimant.now.saturating_add(claimant.lease).unwrap_or(Timestamp::MAX).as_microsecond();
        for effect in &effects {
            let mut statement = crm.connection.prepare_cached(take).map_err(sql)?;
            statement.execute((effect.number.0, claimant.holder, until)).map_err(sql)?;
        }
        group.finish()?;
        Ok(effects)
    }

    /// When the next effect is due or its holder is taken for dead; paused ones count too.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn next_effect(&self) -> Result<Option<Timestamp>, LogError> {
        let next = "SELECT min(ready) FROM outbox WHERE ready IS NOT NULL";
        let found =
            self.connection.prepare_cached(next).and_then(|mut statement| statement.query_row([], |row| row.get(0)));
        let found: Option<i64> = found.map_err(|error| self.error(&error))?;
        Ok(found.and_then(instant))
    }

    /// The holder needs longer.
    ///
    /// # Errors
    /// [`LogError::ClaimLost`] where it is not the holder any more.
    pub fn renew_claim(&mut self, effect: EntryId, holder: &str, until: Timestamp) -> Result<(), LogError> {
        let update = "UPDATE outbox SET ready = ?3 WHERE number = ?1 AND holder = ?2";
        self.held(effect, holder, update, (effect.0, holder, until.as_microsecond()))
    }

    /// It failed, and is tried again then.
    ///
    /// # Errors
    /// [`LogError::ClaimLost`] where the holder is not it any more.
    pub fn retry_at(&mut self, effect: EntryId, holder: &str, at: Timestamp, why: &str) -> Result<(), LogError> {
        let update = "UPDATE outbox SET state = 'waiting', holder = NULL, ready = ?3, last_error = ?4 \
                      WHERE number = ?1 AND holder = ?2";
        self.held(effect, holder, update, (effect.0, holder, at.as_microsecond(), why))
    }

    /// It is done, and no entry will say so, because the run that asked for it is gone.
    ///
    /// # Errors
    /// [`LogError::ClaimLost`] where the holder is not it any more.
    pub fn settle(&mut self, effect: EntryId, holder: &str) -> Result<(), LogError> {
        let update = "UPDATE outbox SET state = 'done', holder = NULL, ready = NULL WHERE number = ?1 AND holder = ?2";
        self.held(effect, holder, update, (effect.0, holder))
    }

    /// It failed for good, or may have been carried out, and no entry will say so, because the run that asked for it is gone.
    ///
    /// # Errors
    /// [`LogError::ClaimLost`] where the holder is not it any more.
    pub fn dead(&mut self, effect: EntryId, holder: &str, why: &str, uncertain: bool) -> Result<(), LogError> {
        let update = "UPDATE outbox SET state = iif(?4, 'uncertain', 'dead'), holder = NULL, ready = NULL, last_error = ?3 \
                      WHERE number = ?1 AND holder = ?2";
        self.held(effect, holder, update, (effect.0, holder, why, uncertain))
    }

    /// The letters that did not go out yet and are tried again, the oldest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn retried(&self) -> Result<Vec<Retried>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT number, message, entity, record, run, agent, channel, attempts, last_error, ready FROM outbox \
                   WHERE kind = 'send' AND ready IS NOT NULL AND last_error IS NOT NULL ORDER BY number";
        let mut statement = self.connection.prepare_cached(all).map_err(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(Retried {
                number: EntryId(row.get(0)?),
                message: EntryId(row.get(1)?),
                record: RecordRef { entity: text(row, 2)?, id: row.get(3)? },
                run: EntryId(row.get(4)?),
                agent: text(row, 5)?,
                channel: text(row, 6)?,
                attempts: row.get(7)?,
                error: row.get(8)?,
                next: instant(row.get(9)?).unwrap_or(Timestamp::MAX),
            })
        });
        Ok(rows.map_err(sql)?.collect::<Result<_, _>>().map_err(sql)?)
    }

    /// Work that an agent was asked for and nobody has done, the oldest first; of all agents where none is named. At most so many.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn open_work(&self, agent: Option<&str>, limit: u32) -> Result<Vec<Effect>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut statement = self.connection.prepare_cached(OPEN).map_err(sql)?;
        let rows = statement.query_map((agent, limit), effect).map_err(sql)?;
        let mut effects = Vec::new();
        for row in rows {
            let (mut effect, entry) = row.map_err(sql)?;
            effect.entry = serde_json::from_str(&entry).map_err(|error| LogError::Unreadable {
                what: format!("entry {}", effect.number),
                detail: error.to_string(),
            })?;
            effects.push(effect);
        }
        Ok(effects)
    }

    /// What nobody tries again by itself, and no person has said anything to yet; the oldest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn dead_letters(&self) -> Result<Vec<Failed>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT number, entity, record, agent, channel, state = 'uncertain', attempts, last_error FROM outbox \
                   WHERE state IN ('dead', 'uncertain') AND NOT EXISTS (SELECT 1 FROM question AS q WHERE q.entity = outbox.entity \
                   AND q.record = outbox.record AND q.settled IS NOT NULL AND json_extract(q.about, '$.trouble') = outbox.number) \
                   ORDER BY number";
        let mut statement = self.connection.prepare_cached(all).map_err(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(Failed {
                number: EntryId(row.get(0)?),
                record: RecordRef { entity: text(row, 1)?, id: row.get(2)? },
                agent: text(row, 3)?,
                channel: row.get::<_, Option<String>>(4)?.map(SmolStr::from),
                uncertain: row.get(5)?,
                attempts: row.get(6)?,
                error: row.get(7)?,
            })
        });
        Ok(rows.map_err(sql)?.collect::<Result<_, _>>().map_err(sql)?)
    }

    fn held(
        &mut self,
        effect: EntryId,
        holder: &str,
        sql: &str,
        values: impl rusqlite::Params,
    ) -> Result<(), LogError> {
        let changed = self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(values));
        match changed.map_err(|error| self.error(&error))? {
            0 => Err(LogError::ClaimLost { effect, holder: holder.to_owned() }),
            _ => Ok(()),
        }
    }
}

/// The effect, with an entry still to be read, and its JSON.
fn effect(row: &Row<'_>) -> rusqlite::Result<(Effect, String)> {
    let effect = Effect {
        number: EntryId(row.get(0)?),
        run: EntryId(row.get(1)?),
        record: RecordRef { entity: text(row, 2)?, id: row.get(3)? },
        agent: text(row, 4)?,
        message: row.get::<_, Option<i64>>(5)?.map(EntryId),
        entry: Entry::Activated { version: SmolStr::default() },
        attempt: row.get::<_, u32>(7)? + 1,
        taken_over: row.get(8)?,
    };
    Ok((effect, row.get(6)?))
}

pub(super) fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<SmolStr> {
    Ok(SmolStr::new(row.get_ref(column)?.as_str()?))
}
