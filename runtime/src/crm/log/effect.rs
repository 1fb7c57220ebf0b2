//! Effects as the log has them: asked for, done, failed, withdrawn. How one fares in between is the outbox's matter.

use jiff::Timestamp;

use super::LogError;
use super::derive::Row;
use crate::engine::{ACCEPT, EntryId};

pub(super) fn ask(row: Row<'_>, run: EntryId, agent: &str, action: &str, object: &str) -> Result<(), LogError> {
    let insert = "INSERT INTO outbox (number, kind, run, entity, record, agent, offer, state, ready) \
                  VALUES (?1, 'work', ?2, ?3, ?4, ?5, ?6, 'waiting', ?7)";
    let record = row.record()?;
    let offer: Option<i64> = if action == ACCEPT { object.parse().ok() } else { None };
    let values = (row.number(), run.0, record.entity.as_str(), record.id, agent, offer, row.at());
    row.write(insert, values).map(drop)
}

pub(super) fn queue(
    row: Row<'_>,
    run: EntryId,
    message: EntryId,
    channel: &str,
    by: &str,
    not_before: Option<Timestamp>,
) -> Result<(), LogError> {
    let insert = "INSERT INTO outbox (number, kind, run, entity, record, agent, channel, message, state, ready) \
                  VALUES (?1, 'send', ?2, ?3, ?4, ?5, ?6, ?7, 'waiting', ?8)";
    let record = row.record()?;
    let ready = not_before.map_or(row.place.at, |then| super::case::whole(then).max(row.place.at));
    let ready = ready.as_microsecond();
    let values = (row.number(), run.0, record.entity.as_str(), record.id, by, channel, message.0, ready);
    row.write(insert, values).map(drop)
}

/// What came of an effect is known now, whatever was thought of it before.
pub(super) fn done(row: Row<'_>, effect: EntryId) -> Result<(), LogError> {
    let update = "UPDATE outbox SET state = 'done', ready = NULL, holder = NULL, last_error = NULL \
                  WHERE number = ?1 AND state <> 'done'";
    row.change("effect", effect, update, [effect.0])
}

/// It failed for good; what nobody had claimed was taken back before it began.
pub(super) fn failed(row: Row<'_>, effect: EntryId, why: &str, uncertain: bool) -> Result<(), LogError> {
    let update = "UPDATE outbox SET state = CASE WHEN ?3 THEN 'uncertain' WHEN state = 'waiting' THEN 'void' ELSE 'dead' END, \
                  ready = NULL, holder = NULL, last_error = ?2 WHERE number = ?1 AND state <> 'done'";
    row.change("effect", effect, update, (effect.0, why, uncertain))
}

/// An offer is answered: nobody has to be asked any more whether it is taken.
pub(super) fn answered(row: Row<'_>, offer: EntryId) -> Result<(), LogError> {
    let update = "UPDATE outbox SET state = 'done', ready = NULL, holder = NULL WHERE offer = ?1 AND ready IS NOT NULL";
    row.write(update, [offer.0]).map(drop)
}

/// A run is over: nobody works for it any more. Its sends are taken back by entries of their own.
pub(super) fn drop_work(row: Row<'_>, run: EntryId) -> Result<(), LogError> {
    let update = "UPDATE outbox SET state = 'void', ready = NULL, holder = NULL \
                  WHERE run = ?1 AND kind = 'work' AND ready IS NOT NULL";
    row.write(update, [run.0]).map(drop)
}
