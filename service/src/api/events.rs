//! What happened outside comes in: once, however often it is told, and never as anything but a fact. Nothing that is told here decides
//! anything by itself.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use compiler::program::{Event, Field, Program, Type, Value};
use jiff::{SignedDuration, Timestamp};
use runtime::crm::log::Raised;
use runtime::crm::{ContactId, Found, RecordId, facts_json};
use runtime::import;
use runtime::runner::Runner;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use smol_str::SmolStr;
use utoipa::ToSchema;

use super::sent::Sent;
use crate::access::caller::Caller;
use crate::access::role::Doing;
use crate::problem::Problem;

/// So far ahead of the clock an event may be: other clocks are a little wrong.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);
/// Events that a person has to stand behind: consent is given to people, with a proof, and brought in by an import.
const FOR_PEOPLE: [&str; 1] = ["consent.given"];

/// Something that happened to a contact.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Happening {
    /// To whom: the contact's number or address. A number may stand without quotation marks.
    #[serde(deserialize_with = "whom")]
    pub(crate) contact: String,
    /// What: an event of the playbook, `reply.received`.
    pub(crate) event: String,
    /// When; now where nothing is said.
    #[serde(default, deserialize_with = "instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) at: Option<Timestamp>,
    /// Its facts, as the playbook declares them.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub(crate) facts: BTreeMap<String, serde_json::Value>,
    /// By what it is known again: told twice with the same one, it counts once. Without one, by all that it says.
    pub(crate) id: Option<String>,
}

/// A contact's number or address.
fn whom<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => Ok(text),
        serde_json::Value::Number(number) if number.is_i64() => Ok(number.to_string()),
        _ => Err(D::Error::custom("write the contact's number or address")),
    }
}

fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let wrong = || D::Error::custom("write an instant as in \"2026-11-20T10:00:00Z\"");
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Null => Ok(None),
        serde_json::Value::String(text) => text.parse().map(Some).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Recorded {
    /// The contact's number.
    pub(crate) contact: i64,
    /// It was not known before.
    recorded: bool,
}

impl Recorded {
    pub(crate) const fn recorded(&self) -> bool {
        self.recorded
    }
}

/// Says that something happened.
#[utoipa::path(post, path = "/events", tag = "events", params(("client" = String, Path)), request_body = Happening, responses(
    (status = 202, description = "it is kept, and worked on in its turn", body = Recorded),
    (status = 200, description = "it was known already", body = Recorded),
))]
pub(crate) async fn happened(
    caller: Caller,
    Sent(sent): Sent<Happening>,
) -> Result<(StatusCode, Json<Recorded>), Problem> {
    caller.may(Doing::Tell)?;
    if !caller.role.is_person() {
        tells(&sent.event)?;
    }
    let told_by = format!("token {}", caller.token.id);
    let recorded = caller.client.order(move |runner, now| record(runner, &sent, &told_by, now)).await?;
    Ok((if recorded.recorded { StatusCode::ACCEPTED } else { StatusCode::OK }, Json(recorded)))
}

/// Whether a person has to stand behind an event.
pub(crate) fn is_for_people(event: &str) -> bool {
    FOR_PEOPLE.contains(&event)
}

/// Whether it is the engine that says so: what it sent, and what was made.
pub(crate) fn is_the_engines(event: &str) -> bool {
    matches!(event, "contact.created" | "deal.created" | "email.sent" | "outreach.sent")
}

/// # Errors
/// Where no agent can say that it happened.
pub(crate) fn tells(event: &str) -> Result<(), Problem> {
    if is_for_people(event) {
        return Err(Problem::forbidden(format!("an agent cannot say `{event}`: a person does, with the proof")));
    }
    if is_the_engines(event) {
        return Err(Problem::forbidden(format!("nobody says `{event}`: it is written down where it happens")));
    }
    Ok(())
}

/// Keeps an event, unless it is known.
///
/// # Errors
/// Where there is no such contact, event or fact, or it is yet to happen.
pub(crate) fn record(
    runner: &mut Runner,
    told: &Happening,
    told_by: &str,
    now: Timestamp,
) -> Result<Recorded, Problem> {
    let program = std::sync::Arc::clone(&runner.book().program);
    let contact = contact(runner, &told.contact)?;
    let missing = || Problem::unprocessable("the playbook has no such event");
    let event = program.events.iter().find(|event| event.name == told.event).ok_or_else(missing)?;
    let at = told.at.unwrap_or(now);
    if at > now.checked_add(AHEAD).unwrap_or(now) {
        return Err(Problem::unprocessable("the event is yet to happen: look at the clock of whoever tells it"));
    }
    // What other clocks say is never ahead of ours.
    let at = at.min(now);
    let facts = facts_json::write(event, &typed(&program, event, &told.facts)?);
    let known_by = match &told.id {
        Some(id) if id.is_empty() || id.len() > 200 => {
            return Err(Problem::unprocessable("`id` has 1 to 200 letters"));
        }
        Some(id) => format!("{told_by}: {id}"),
        None => format!(
            "{told_by}: contact {} {} at {} {}",
            contact.0,
            event.name,
            at.as_microsecond(),
            facts.as_deref().unwrap_or_default()
        ),
    };
    let raised =
        Raised { contact: RecordId(contact.0), event: event.name.clone(), at, facts, external_id: Some(known_by) };
    match runner.happened(vec![raised], now) {
        Ok(()) => Ok(Recorded { contact: contact.0, recorded: true }),
        // Events are unique by what they are known again by: it is the only way in which this one can be refused so.
        Err(error) if error.to_string().contains("event.external_id") => {
            Ok(Recorded { contact: contact.0, recorded: false })
        }
        Err(error) => Err(error.into()),
    }
}

/// A contact by its number or its whole address: a part of one is not enough for a machine.
///
/// # Errors
/// Where there is none.
pub(crate) fn contact(runner: &Runner, wanted: &str) -> Result<ContactId, Problem> {
    let nobody = || Problem::not_found("there is no such contact");
    let id = match wanted.parse::<i64>() {
        Ok(number) => runner.crm.contact_named(ContactId(number))?.ok_or_else(nobody)?.id,
        Err(_) => match runner.crm.find_contact(wanted)? {
            Found::One(named)
                if named.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(wanted.trim())) =>
            {
                named.id
            }
            _ => return Err(nobody()),
        },
    };
    Ok(id)
}

/// The facts, as the event declares them.
fn typed(
    program: &Program,
    event: &Event,
    told: &BTreeMap<String, serde_json::Value>,
) -> Result<Vec<(SmolStr, Value)>, Problem> {
    let mut facts = Vec::new();
    for (name, value) in told {
        let Some(field) = event.fields.iter().find(|field| field.name == *name) else {
            let known: Vec<&str> = event.fields.iter().map(|field| field.name.as_str()).collect();
            return Err(Problem::unprocessable(format!(
                "`{}` has no such fact; it has {}",
                event.name,
                known.join(", ")
            )));
        };
        let text = match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Number(number) => number.to_string(),
            serde_json::Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            serde_json::Value::Null => continue,
            serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
                return Err(Problem::unprocessable(format!(
                    "the fact `{}` is a text, a number, true or false",
                    field.name
                )));
            }
        };
        let wrong = |why: String| {
            Problem::unprocessable(format!("the fact `{}` does not hold what was sent: {why}", field.name))
        };
        let value = import::fact(program, &field.ty, &text).map_err(|why| wrong(why.to_string()))?;
        facts.push((field.name.clone(), value));
    }
    let is_missing = |field: &&Field| {
        !field.optional && !matches!(field.ty, Type::List(_)) && !facts.iter().any(|(name, _)| *name == field.name)
    };
    match event.fields.iter().find(is_missing) {
        Some(field) => Err(Problem::unprocessable(format!("`{}` is never without `{}`", event.name, field.name))),
        None => Ok(facts),
    }
}
