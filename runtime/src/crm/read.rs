//! Reading everybody in one pass, in order, without a copy of anything: what scoring a whole CRM needs.
//!
//! Three statements run side by side, each ordered by contact: records with their fields, events, conversations. SQLite
//! gives each row once, and the visitor sees it where it lies.

mod kinds;

use std::ops::ControlFlow;

use compiler::program::{EntityId, EventId, Program};
use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator as _;
use rusqlite::{Row, Rows};

use super::column::{Cell, decode};
use super::select::Select;
use super::{Crm, CrmError, Needs, RecordId};

/// Something that happened, borrowed from its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventRow<'a> {
    /// Which.
    pub event: EventId,
    /// When, in microseconds from 1970-01-01 UTC.
    pub at: i64,
    /// Its facts as one JSON object, [`super::facts_json`]; none where there are none.
    pub facts: Option<&'a str>,
}

/// Something that a contact said, borrowed from its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversation<'a> {
    /// When, in microseconds from 1970-01-01 UTC.
    pub at: i64,
    /// Subject and body, on lines of their own where there are both.
    pub text: &'a str,
}

/// Is shown the records one after the other: `record`, then its fields, events and conversations, then `end`.
pub trait Visitor {
    /// The next record begins.
    fn record(&mut self, id: RecordId);
    /// A field that is known; `slot` is its place in [`Needs::fields`].
    fn field(&mut self, slot: usize, value: Cell<'_>);
    /// When a field of [`Needs::fresh`] was last observed, in microseconds from 1970-01-01 UTC, where that is known; `slot` is its
    /// place in [`Needs::fields`].
    fn observed(&mut self, slot: usize, at: i64);
    /// Something that happened, oldest first.
    fn event(&mut self, event: EventRow<'_>);
    /// Something that was said by the contact, or by nobody knows whom, oldest first.
    fn conversation(&mut self, conversation: Conversation<'_>);
    /// The record is complete.
    fn end(&mut self) -> ControlFlow<()>;
}

impl Crm {
    /// Shows every record of the entity, in the order of their ids, with what is needed of it. A company's events and
    /// conversations are those of its contacts, a deal's those of its contact; other records have none.
    ///
    /// # Errors
    /// Where the database cannot be read, or holds what cannot be understood.
    pub fn visit(
        &self,
        program: &Program,
        entity: EntityId,
        needs: &Needs,
        visitor: &mut impl Visitor,
    ) -> Result<(), CrmError> {
        self.visit_where(program, entity, needs, None, visitor)
    }

    /// As [`Crm::visit`], for one record; shows none where there is none.
    ///
    /// # Errors
    /// As [`Crm::visit`].
    pub fn visit_one(
        &self,
        program: &Program,
        entity: EntityId,
        needs: &Needs,
        id: RecordId,
        visitor: &mut impl Visitor,
    ) -> Result<(), CrmError> {
        self.visit_where(program, entity, needs, Some(id), visitor)
    }

    fn visit_where(
        &self,
        program: &Program,
        entity: EntityId,
        needs: &Needs,
        only: Option<RecordId>,
        visitor: &mut impl Visitor,
    ) -> Result<(), CrmError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let select = Select::new(program, entity, &needs.fields, &needs.fresh)?;
        let whose = Whose::new(super::select::table(program, entity)?);
        let kinds = self.kinds(program).map_err(sql)?;
        let condition = |column: &str| match only {
            Some(id) => format!("{column} = {id}"),
            None => "1".into(),
        };
        let mut records = self
            .connection
            .prepare(&format!("{} WHERE {} ORDER BY r0.id", select.sql, condition("r0.id")))
            .map_err(sql)?;
        let (owner, join) = (whose.owner, whose.join);
        let mut events = self
            .connection
            .prepare(&format!(
                "SELECT {owner}, x.at, x.kind, x.facts FROM event AS x{join} WHERE {} AND {} ORDER BY {owner}, x.at, x.id",
                condition(owner),
                if whose.has_events { kinds.wanted(needs) } else { "0".into() },
            ))
            .map_err(sql)?;
        let mut said = self
            .connection
            .prepare(&format!(
                "SELECT {owner}, x.at, x.subject, x.body FROM activity AS x{join} WHERE {} AND {} AND {owner} IS NOT NULL \
                 AND (x.direction IS NULL OR x.direction = 'inbound') AND (x.subject IS NOT NULL OR x.body IS NOT NULL) \
                 ORDER BY {owner}, x.at, x.id",
                condition(owner),
                if whose.has_events && needs.conversations { "1" } else { "0" },
            ))
            .map_err(sql)?;
        let mut records = records.query([]).map_err(sql)?;
        let mut events = Merged::new(events.query([]).map_err(sql)?).map_err(sql)?;
        let mut said = Merged::new(said.query([]).map_err(sql)?).map_err(sql)?;
        let (mut text, mut words) = (String::new(), String::new());
        while let Some(row) = records.next().map_err(sql)? {
            let id: i64 = row.get(0).map_err(sql)?;
            visitor.record(RecordId(id));
            for (slot, ty) in select.types.iter().enumerate() {
                let cell = row.get_ref(slot + 1).map_err(sql)?;
                if let Some(cell) =
                    decode(ty, cell, &mut words).map_err(|value| self.unreadable(&select, slot, value))?
                {
                    visitor.field(slot, cell);
                }
            }
            for (place, slot) in select.observed.iter().enumerate() {
                if let Some(at) = row
                    .get_ref(select.types.len() + 1 + place)
                    .and_then(|cell| Ok(cell.as_i64_or_null()?))
                    .map_err(sql)?
                {
                    visitor.observed(*slot, at);
                }
            }
            events
                .of(id, |row| {
                    if let Some(event) = kinds.event(row.get_ref(2)?.as_i64()?) {
                        let facts = row.get_ref(3)?.as_str_or_null()?;
                        visitor.event(EventRow { event, at: row.get_ref(1)?.as_i64()?, facts });
                    }
                    Ok(())
                })
                .map_err(sql)?;
            said.of(id, |row| {
                let (subject, body) = (row.get_ref(2)?.as_str_or_null()?, row.get_ref(3)?.as_str_or_null()?);
                let at = row.get_ref(1)?.as_i64()?;
                visitor.conversation(Conversation { at, text: joined(&mut text, subject, body) });
                Ok(())
            })
            .map_err(sql)?;
            if visitor.end().is_break() {
                break;
            }
        }
        Ok(())
    }

    fn unreadable(&self, select: &Select, slot: usize, value: String) -> CrmError {
        CrmError::Unreadable {
            path: self.path.clone(),
            column: select.names.get(slot).cloned().unwrap_or_default(),
            value,
            wanted: select.types.get(slot).map_or_else(String::new, |ty| format!("{ty:?}").to_lowercase()),
        }
    }
}

/// Whose an event `x` is, or a conversation: a contact's own, a company's those of its contacts, a deal's those of its contact.
struct Whose {
    owner: &'static str,
    join: &'static str,
    has_events: bool,
}

impl Whose {
    fn new(table: &str) -> Self {
        let (owner, join) = match table {
            "company" => ("c.company_id", " JOIN contact AS c ON c.id = x.contact_id AND c.company_id IS NOT NULL"),
            "deal" => ("d.id", " JOIN deal AS d ON d.contact_id = x.contact_id"),
            _ => ("x.contact_id", ""),
        };
        Self { owner, join, has_events: matches!(table, "contact" | "company" | "deal") }
    }
}

/// Rows ordered by contact, given out contact by contact.
struct Merged<'a> {
    rows: Rows<'a>,
}

impl<'a> Merged<'a> {
    fn new(mut rows: Rows<'a>) -> rusqlite::Result<Self> {
        rows.advance()?;
        Ok(Self { rows })
    }

    /// Gives the rows of that contact; those of contacts before it are passed over.
    fn of(&mut self, contact: i64, mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<()>) -> rusqlite::Result<()> {
        while let Some(row) = self.rows.get() {
            let of = row.get_ref(0)?.as_i64()?;
            if of > contact {
                return Ok(());
            }
            if of == contact {
                each(row)?;
            }
            self.rows.advance()?;
        }
        Ok(())
    }
}

fn joined<'a>(buffer: &'a mut String, subject: Option<&'a str>, body: Option<&'a str>) -> &'a str {
    match (subject, body) {
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => "",
        (Some(subject), Some(body)) => {
            buffer.clear();
            buffer.extend([subject, "\n", body]);
            buffer
        }
    }
}
