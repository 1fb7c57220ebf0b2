//! Writing events: known again by their external id, or else by all that they say.

use compiler::program::{Event, EventId, Program};
use rusqlite::OptionalExtension as _;

use super::image::Place;
use super::write::cached;
use super::{CrmError, KindId, RecordId, Writer, Written};

/// An event to be written.
#[derive(Clone, Copy, Debug)]
pub struct EventWrite<'a> {
    /// Whose.
    pub contact: RecordId,
    /// Which.
    pub event: EventId,
    /// When, in microseconds from 1970-01-01 UTC.
    pub at: i64,
    /// Its facts as [`super::facts_json::write`] gives them.
    pub facts: Option<&'a str>,
    /// By what it is known again, in the source's system, where the source has that.
    pub external_id: Option<&'a str>,
}

impl Writer<'_> {
    /// Writes an event. The id in the answer is the event's own.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn event(&mut self, program: &Program, event: EventWrite<'_>) -> Result<Written, CrmError> {
        let kind = self.kind(program, event.event)?;
        match event.external_id {
            Some(external_id) => self.keyed_event(kind, event, external_id),
            None => self.plain_event(kind, event),
        }
    }

    fn plain_event(&mut self, kind: KindId, event: EventWrite<'_>) -> Result<Written, CrmError> {
        let there =
            "SELECT id, import_id FROM event WHERE contact_id = ?1 AND at = ?2 AND kind = ?3 AND facts IS ?4 LIMIT 1";
        let mut statement = cached(&self.transaction, there).map_err(|error| self.error(&error))?;
        let found = statement.query_row((event.contact.0, event.at, kind.0, event.facts), |row| {
            Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?))
        });
        let found = found.optional();
        drop(statement);
        match found.map_err(|error| self.error(&error))? {
            Some((id, import)) => {
                self.ours = import == Some(self.import.0);
                Ok(Written::Same(RecordId(id)))
            }
            None => self.insert_event(kind, event),
        }
    }

    fn keyed_event(&mut self, kind: KindId, event: EventWrite<'_>, external_id: &str) -> Result<Written, CrmError> {
        let there = "SELECT id, import_id, contact_id = ?3 AND at = ?4 AND facts IS ?5 FROM event \
                     WHERE kind = ?1 AND external_id = ?2 AND external_system = ?6";
        let mut statement = cached(&self.transaction, there).map_err(|error| self.error(&error))?;
        let values = (kind.0, external_id, event.contact.0, event.at, event.facts, self.system.as_str());
        let found =
            statement.query_row(values, |row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?, row.get(2)?))).optional();
        drop(statement);
        let Some((id, import, same)) = found.map_err(|error| self.error(&error))? else {
            return self.insert_event(kind, event);
        };
        let id = RecordId(id);
        self.ours = import == Some(self.import.0);
        if same {
            return Ok(Written::Same(id));
        }
        if !self.ours {
            self.keep_image("event", id, Place::Event(kind, external_id, &self.system))?;
        }
        let update = "UPDATE event SET contact_id = ?3, at = ?4, facts = ?5 \
                      WHERE kind = ?1 AND external_id = ?2 AND external_system = ?6";
        let mut statement = cached(&self.transaction, update).map_err(|error| self.error(&error))?;
        statement.execute(values).map_err(|error| self.error(&error))?;
        Ok(Written::Changed(id))
    }

    fn insert_event(&mut self, kind: KindId, event: EventWrite<'_>) -> Result<Written, CrmError> {
        let insert = "INSERT INTO event (contact_id, at, id, kind, facts, external_id, import_id, external_system) \
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let id = self.next_event;
        let mut statement = cached(&self.transaction, insert).map_err(|error| self.error(&error))?;
        let system = event.external_id.map_or("", |_| self.system.as_str());
        let values = (event.contact.0, event.at, id, kind.0, event.facts, event.external_id, self.import.0, system);
        statement.execute(values).map_err(|error| self.error(&error))?;
        drop(statement);
        self.next_event += 1;
        Ok(Written::Created(RecordId(id)))
    }

    /// The number under which the CRM keeps an event.
    fn kind(&mut self, program: &Program, event: EventId) -> Result<KindId, CrmError> {
        if let Some(Some(kind)) = self.kinds.get(event.index()) {
            return Ok(KindId(*kind));
        }
        let declared = program.events.get(event.index());
        let Some(Event { name, .. }) = declared else { return Err(CrmError::NoPlace { name: "an event".into() }) };
        let sql = |error: rusqlite::Error| self.error(&error);
        self.transaction
            .execute("INSERT OR IGNORE INTO event_kind (name) VALUES (?1)", [name.as_str()])
            .map_err(sql)?;
        let number: i64 = self
            .transaction
            .query_row("SELECT id FROM event_kind WHERE name = ?1", [name.as_str()], |row| row.get(0))
            .map_err(sql)?;
        if self.kinds.len() <= event.index() {
            self.kinds.resize(event.index() + 1, None);
        }
        if let Some(place) = self.kinds.get_mut(event.index()) {
            *place = Some(number);
        }
        Ok(KindId(number))
    }
}
