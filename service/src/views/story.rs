//! A contact's whole story: what is known, what happened, what was said, what was decided and done, in the order of time.

use std::ops::ControlFlow;

use compiler::program::{EventId, FieldId, FieldPath, Type};
use jiff::Timestamp;
use runtime::crm::{ContactId, Needs, RecordId};
use runtime::engine::said::said;
use runtime::engine::{Entry, EntryId, RecordRef};
use runtime::records;
use runtime::runner::letters;
use serde::Serialize;
use utoipa::ToSchema;

use super::contacts::{self, Contact};
use super::inbox::{self, Question};
use super::runs::{self, Run};
use super::value::in_words;
use crate::pool::Reader;
use crate::problem::Problem;

/// So many moments are shown, the newest ones.
const MOST: usize = 500;
/// So many letters of what somebody said.
const SAID: usize = 2000;

/// A contact's whole story.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Story {
    /// Who it is.
    pub(crate) contact: Contact,
    /// What is known, field by field.
    pub(crate) fields: Vec<Known>,
    /// By whom everything about them is paused, where it is.
    pub(crate) paused: Option<String>,
    /// Over which channels they are never written to again, and why.
    pub(crate) never_again: Vec<NeverAgain>,
    /// Live runs.
    pub(crate) runs: Vec<Run>,
    /// Open questions about them.
    pub(crate) questions: Vec<Question>,
    /// What happened, the newest first.
    pub(crate) moments: Vec<Moment>,
}

/// A field that is known.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Known {
    field: String,
    value: String,
}

/// A channel that is closed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NeverAgain {
    channel: String,
    why: String,
}

/// A moment of the story.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Moment {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `event`, `said` or `log`.
    kind: &'static str,
    /// The entry of the log, where it is one.
    number: Option<i64>,
    /// What, in a sentence.
    words: String,
    /// A text, where it has one: a message that was written, what somebody said.
    text: Option<String>,
}

/// The story of a contact.
///
/// # Errors
/// Where there is no such contact.
pub(crate) fn story(reader: &Reader, id: i64) -> Result<Story, Problem> {
    let (crm, program) = (&reader.crm, &reader.program);
    let contact = contacts::one(reader, id)?;
    let entity = contacts::entity(reader)?;
    let record = RecordRef { entity: "Contact".into(), id };
    let declared = program.entities.get(entity.index()).map(|entity| entity.fields.as_slice()).unwrap_or_default();
    let fields: Vec<FieldPath> = (0..)
        .zip(declared)
        .filter(|(_, field)| !matches!(field.ty, Type::Record(_)))
        .map(|(place, _)| FieldPath { entity, relations: Vec::new(), field: FieldId(place) })
        .collect();
    let events = (0..).map(EventId).take(program.events.len()).collect();
    let needs = Needs { fields, events, conversations: true, ..Needs::default() };
    let facts = records::known(crm, program, entity, &needs, RecordId(id))?.unwrap_or_default();
    let name =
        |path: &FieldPath| declared.get(path.field.index()).map(|field| field.name.to_string()).unwrap_or_default();
    let known = facts.fields.iter().map(|(path, value)| Known {
        field: name(path),
        value: in_words(value, declared.get(path.field.index()).map(|field| &field.ty)),
    });
    let mut moments: Vec<Moment> = Vec::new();
    for fact in &facts.events {
        let declared = program.events.get(fact.event.index());
        let more: Vec<String> = fact
            .fields
            .iter()
            .map(|(name, value)| {
                let ty = declared
                    .and_then(|event| event.fields.iter().find(|field| field.name == *name))
                    .map(|field| &field.ty);
                format!("{name} {}", in_words(value, ty))
            })
            .collect();
        let more = if more.is_empty() { String::new() } else { format!(": {}", more.join(", ")) };
        let words = format!("{}{more}", declared.map(|event| event.name.as_str()).unwrap_or_default());
        moments.push(Moment { at: fact.at, kind: "event", number: None, words, text: None });
    }
    for heard in &facts.conversations {
        let text: String = heard.text.chars().take(SAID).collect();
        moments.push(Moment {
            at: heard.at,
            kind: "said",
            number: None,
            words: "they said".to_owned(),
            text: Some(text),
        });
    }
    crm.entries(Some(&record), EntryId(0), |logged| {
        let text = match &logged.entry {
            Entry::WorkDone { .. } | Entry::Settled { .. } | Entry::Rewritten { .. } => logged
                .sealed
                .as_deref()
                .and_then(letters::parts)
                .map(|(subject, body)| subject.map_or(body.clone(), |subject| format!("{subject}\n\n{body}"))),
            _ => None,
        };
        moments.push(Moment {
            at: logged.at,
            kind: "log",
            number: Some(logged.number.0),
            words: said(&logged.entry),
            text,
        });
        ControlFlow::Continue(())
    })?;
    moments.sort_by_key(|moment| (moment.at, moment.number));
    moments.reverse();
    moments.truncate(MOST);
    let reachable = crm.reachable(ContactId(id))?;
    let mut never_again = Vec::new();
    for channel in ["email", "sms", "phone", "linkedin", "letter"] {
        for address in [&reachable.email, &reachable.phone].into_iter().flatten() {
            if let Some(because) = crm.suppressed(address, channel)? {
                never_again.push(NeverAgain { channel: channel.to_owned(), why: because.reason });
                break;
            }
        }
    }
    let case = crm.case(&record)?.case;
    let live = crm.runs(Some(&record), true)?.into_iter().map(|running| runs::run(reader, running));
    let asked = runtime::crm::log::Asked { record: Some(&record), ..Default::default() };
    let questions =
        crm.inbox(&asked)?.iter().map(|inquiry| inbox::question(reader, inquiry)).collect::<Result<_, _>>()?;
    Ok(Story {
        contact,
        fields: known.collect(),
        paused: case.paused.map(|by| by.to_string()),
        never_again,
        runs: live.collect::<Result<_, _>>()?,
        questions,
        moments,
    })
}
