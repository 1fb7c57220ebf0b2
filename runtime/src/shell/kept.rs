//! What a shell keeps, as far as the engine asks about it.

use std::borrow::Cow;

use compiler::program::{AgentId, EntityId, EventId, Experiment, Program, Value};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::known::Known;
use crate::contact_policy::{Consent, Sent};
use crate::crm::Reachable;
use crate::engine::{EntryId, RecordRef};
use crate::experiments::{self, Trial};
use crate::runner::Book;
use crate::score::{Row, Scorer};

/// Records and a log, read as one snapshot. Numbers of contacts and deals are rows of theirs.
pub trait Kept {
    /// What may go wrong with reading.
    type Failure;

    /// A record as a scorer takes it in; none where there is none.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn row(&self, scorer: &Scorer, entity: EntityId, id: i64) -> Result<Option<Row>, Self::Failure>;

    /// An event that happened to a contact, by its row.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn occasion(&self, program: &Program, row: i64) -> Result<Option<Occasion>, Self::Failure>;

    /// A contact as a scorer takes it in, as if nothing but that had ever happened to it.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn row_with(&self, scorer: &Scorer, contact: EntityId, occasion: Occasion) -> Result<Option<Row>, Self::Failure>;

    /// The contact that a deal belongs to.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn contact_of(&self, deal: i64) -> Result<Option<i64>, Self::Failure>;

    /// The deal that is meant where a contact's is spoken of.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn deal_of(&self, contact: i64) -> Result<Option<i64>, Self::Failure>;

    /// How many decisions are known for a score.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn decisions(&self, score: &str) -> Result<u64, Self::Failure>;

    /// Whether that trigger has ever started that workflow for that record.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn has_started(&self, workflow: &str, trigger: &str, record: &RecordRef) -> Result<bool, Self::Failure>;

    /// How a contact is reached.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn reachable(&self, contact: i64) -> Result<Cow<'_, Reachable>, Self::Failure>;

    /// The consent ledger's entries about a contact.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn consents(&self, contact: i64) -> Result<Cow<'_, [Consent]>, Self::Failure>;

    /// Why a contact's address is never written to over a channel.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn suppressed(&self, contact: i64, address: &str, channel: &str) -> Result<Option<SmolStr>, Self::Failure>;

    /// What was sent to a contact, or to everybody, from an instant on. What is queued counts as sent when it is due, but for one.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn sends(
        &self,
        contact: Option<i64>,
        since: Timestamp,
        but: Option<EntryId>,
    ) -> Result<Cow<'_, [Sent]>, Self::Failure>;

    /// What somebody may know of a record and those it belongs to; `reader` none is a person, who may know everything.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn known(&self, book: &Book, entity: EntityId, id: i64, reader: Option<AgentId>) -> Result<Known, Self::Failure>;

    /// A message's text as it is sealed; none where it is gone.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn message_text(&self, message: EntryId) -> Result<Option<String>, Self::Failure>;

    /// The trials of an experiment so far.
    ///
    /// # Errors
    /// Where they cannot be read.
    fn trials(&self, program: &Program, experiment: &Experiment) -> Result<Vec<Trial>, Self::Failure>;

    /// The seed of a record's draw in an experiment, always the same one.
    fn lot(&self, experiment: &Experiment, record: &RecordRef) -> u64 {
        experiments::seed(experiment, record)
    }
}

/// Something that happened to a contact.
#[derive(Clone, Debug, PartialEq)]
pub struct Occasion {
    /// To whom.
    pub contact: i64,
    /// What.
    pub event: EventId,
    /// When.
    pub at: Timestamp,
    /// Its facts, by field name.
    pub fields: Vec<(SmolStr, Value)>,
}
