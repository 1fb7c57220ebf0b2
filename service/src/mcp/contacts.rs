//! Records as an agent sees and changes them: exactly the fields that the playbook grants it. What others wrote stands in texts of its
//! own, and is an instruction to nobody.

use compiler::program::{EntityId, FieldPath};
use runtime::crm::{ContactId, RecordId};
use runtime::engine::{Reach, RecordRef};
use runtime::people::{self, Person};
use runtime::runner::{AgentNote, Runner};
use runtime::shell::Kept as _;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::gate::Agent;
use super::{fields, ledger};
use crate::api::{Happening, is_the_engines, record, tells};
use crate::pool::Reader;
use crate::problem::Problem;

/// So many contacts are given at once where nothing is said, and at most.
const SOME: usize = 25;
const MOST: usize = 100;
/// No note is longer.
const LONGEST: usize = 20_000;

/// Which contacts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    search: Option<String>,
    #[serde(default)]
    after: i64,
    limit: Option<usize>,
}

/// Which record.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    #[serde(alias = "deal")]
    pub(super) contact: i64,
}

/// Which score of whom.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scored {
    pub(super) contact: i64,
    pub(super) score: Option<String>,
}

/// What is changed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Changing {
    #[serde(alias = "deal")]
    contact: i64,
    fields: Map<String, Value>,
}

/// A note.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Noting {
    contact: i64,
    text: String,
    subject: Option<String>,
    purpose: Option<String>,
    id: Option<String>,
}

/// Contacts by what the agent may see of their names.
///
/// # Errors
/// Where the CRM cannot be read.
pub(super) fn find(reader: &Reader, agent: &Agent, search: &Search) -> Result<Answer, Problem> {
    let entity = contacts(agent)?;
    let seen = agent.reads(entity);
    let sees = |names: &[&str]| {
        names.iter().all(|name| seen.iter().any(|path| runtime::agents::path(agent.program(), path) == *name))
    };
    let (name, email) = (sees(&["contact.first_name", "contact.last_name"]), sees(&["contact.email"]));
    let company = sees(&["company.name", "company.domain"]);
    let shown = |person: Person| Person {
        id: person.id,
        name: person.name.filter(|_| name),
        email: person.email.filter(|_| email),
        company: person.company.filter(|_| company),
    };
    let wanted =
        search.search.as_deref().map(|wanted| wanted.trim().to_lowercase()).filter(|wanted| !wanted.is_empty());
    let is_wanted = |person: &Person| {
        let holds = |text: &Option<String>, wanted: &str| {
            text.as_ref().is_some_and(|text| text.to_lowercase().contains(wanted))
        };
        wanted.as_deref().is_none_or(|wanted| {
            [&person.name, &person.email, &person.company].into_iter().any(|text| holds(text, wanted))
        })
    };
    let mut all: Vec<Person> = people::all(&reader.crm, &reader.program, entity)?.into_values().map(shown).collect();
    all.retain(|person| person.id > search.after && is_wanted(person));
    all.sort_by_key(|person| person.id);
    let limit = search.limit.unwrap_or(SOME).clamp(1, MOST);
    let more = all.len() > limit;
    all.truncate(limit);
    let next = all.last().map(|last| last.id).filter(|_| more);
    let list: Vec<Value> = all
        .into_iter()
        .map(|Person { id, name, email, company }| {
            let mut one = Map::new();
            one.insert("contact".to_owned(), json!(id));
            for (of, text) in [("name", name), ("email", email), ("company", company)] {
                one.extend(text.map(|text| (of.to_owned(), Value::String(text))));
            }
            Value::Object(one)
        })
        .collect();
    Ok(json!({ "contacts": list, "next": next }).into())
}

/// A record, field by field. None where the agent may see nothing of it, for the engine to say so.
///
/// # Errors
/// Where there is no such record.
pub(super) fn read(reader: &Reader, agent: &Agent, entity: EntityId, id: i64) -> Result<Option<Value>, Problem> {
    is_there(&reader.crm, agent, entity, id)?;
    if agent.reads(entity).is_empty() {
        return Ok(None);
    }
    let known = reader.crm.known(&agent.book, entity, id, Some(agent.id))?;
    let facts: Vec<Value> =
        known.facts.iter().map(|given| json!({ "field": given.path, "value": given.words })).collect();
    let missing: Vec<_> = known.missing.iter().map(|path| runtime::agents::path(agent.program(), path)).collect();
    let said: Vec<Value> = known.said.iter().map(|said| json!({ "at": said.at, "text": said.text })).collect();
    let table = agent.program().entities.get(entity.index()).map(|entity| entity.table.clone()).unwrap_or_default();
    let mut shown = Map::new();
    shown.insert(table.to_string(), json!(id));
    shown.insert("fields".to_owned(), Value::Array(facts));
    shown.insert("unknown".to_owned(), json!(missing));
    if runtime::shell::hears(&agent.book, Some(agent.id)) {
        shown.insert("they_wrote".to_owned(), Value::Array(said));
    }
    Ok(Some(Value::Object(shown)))
}

/// A score as a ledger. None where the agent may not see it.
///
/// # Errors
/// Where there is no such contact or score.
pub(super) fn score(
    reader: &Reader,
    agent: &Agent,
    scored: &Scored,
    now: jiff::Timestamp,
) -> Result<Option<Value>, Problem> {
    let entity = contacts(agent)?;
    is_there(&reader.crm, agent, entity, scored.contact)?;
    let id = match &scored.score {
        Some(name) => crate::views::ledger::score(agent.program(), Some(name))?,
        None => match agent.scores().first() {
            Some((id, _)) => *id,
            None => crate::views::ledger::score(agent.program(), None)?,
        },
    };
    if !agent.book.gate.reads_score(agent.id, id).is_allowed() {
        return Ok(None);
    }
    ledger::of(reader, entity, id, scored.contact, now).map(Some)
}

/// Asks the engine about something that the agent may not see, so that its denial is in the log.
///
/// # Errors
/// Where the CRM cannot be written.
pub(super) fn unseen(
    runner: &mut Runner,
    agent: &Agent,
    record: &RecordRef,
    reach: Reach,
    words: &str,
    now: jiff::Timestamp,
) -> Result<Answer, Problem> {
    let said = runner.try_reach(record, &agent.name, vec![reach], words, now)?;
    // Between listing and asking a playbook may have been exchanged.
    Ok(Answer::denied(said.as_ref())
        .unwrap_or_else(|| Answer::Failed("the playbook was changed: ask again".to_owned())))
}

/// Changes fields of a record, all of them or none.
///
/// # Errors
/// Where there is no such record, or the CRM cannot be written.
pub(super) fn change(
    runner: &mut Runner,
    agent: &Agent,
    entity: EntityId,
    changing: &Changing,
    now: jiff::Timestamp,
) -> Result<Answer, Problem> {
    is_there(&runner.crm, agent, entity, changing.contact)?;
    if changing.fields.is_empty() {
        return Ok(Answer::Failed("`fields` is empty: name what is to be changed".to_owned()));
    }
    let mut changes: Vec<(FieldPath, compiler::program::Value)> = Vec::new();
    for (name, sent) in &changing.fields {
        let Some(path) = agent.named(entity, name) else {
            return Ok(Answer::Failed(format!("there is no field `{name}` that an agent can change")));
        };
        match fields::value(agent.program(), &agent.holds(&path), sent) {
            Ok(value) => changes.push((path, value)),
            Err(why) => return Ok(Answer::Failed(format!("`{name}` does not hold what was sent: {why}"))),
        }
    }
    let name = agent.program().entities.get(entity.index()).map(|entity| entity.name.clone()).unwrap_or_default();
    let record = RecordRef { entity: name, id: changing.contact };
    let said = runner.change((entity, &record), &agent.name, &changes, now)?;
    if let Some(denied) = Answer::denied(said.as_ref()) {
        return Ok(denied);
    }
    let names: Vec<&String> = changing.fields.keys().collect();
    Ok(json!({ "status": "changed", "fields": names }).into())
}

/// Writes something down.
///
/// # Errors
/// Where there is no such contact, or the CRM cannot be written.
pub(super) fn note(
    runner: &mut Runner,
    agent: &Agent,
    noting: &Noting,
    now: jiff::Timestamp,
) -> Result<Answer, Problem> {
    is_there(&runner.crm, agent, contacts(agent)?, noting.contact)?;
    if noting.text.trim().is_empty() || noting.text.len() > LONGEST {
        return Ok(Answer::Failed(format!("a note has 1 to {LONGEST} bytes")));
    }
    let purpose = noting.purpose.as_deref().map(Into::into).or_else(|| agent.purpose());
    let told = noting.id.clone().unwrap_or_else(|| {
        let mut hasher = blake3::Hasher::new();
        for part in [noting.subject.as_deref().unwrap_or_default(), &noting.text] {
            hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    });
    let key = format!("agent {}: {told}", agent.name);
    let note =
        AgentNote { purpose: purpose.as_deref(), subject: noting.subject.as_deref(), body: &noting.text, key: &key };
    let said = runner.note_down(ContactId(noting.contact), &agent.name, &note, now)?;
    Ok(Answer::denied(said.as_ref()).unwrap_or_else(|| json!({ "status": "noted" }).into()))
}

/// Says that something happened to a contact.
///
/// # Errors
/// Where there is no such contact or event.
pub(super) fn happened(
    runner: &mut Runner,
    agent: &Agent,
    told: &Happening,
    token: &str,
    now: jiff::Timestamp,
) -> Result<Answer, Problem> {
    if is_the_engines(&told.event) {
        return Ok(Answer::Failed(format!("nobody but the engine says `{}`", told.event)));
    }
    tells(&told.event)?;
    let Some(activity) = agent.program().entity("Activity") else {
        return Ok(Answer::Failed("the playbook keeps no activities".to_owned()));
    };
    let contact = crate::api::contact(runner, &told.contact)?;
    let case = RecordRef { entity: "Contact".into(), id: contact.0 };
    let reach = Reach::Create(activity, agent.purpose());
    let said = runner.try_reach(&case, &agent.name, vec![reach], &format!("say {}", told.event), now)?;
    if let Some(denied) = Answer::denied(said.as_ref()) {
        return Ok(denied);
    }
    let recorded = record(runner, told, &format!("token {token}"), now)?;
    Ok(json!({ "status": if recorded.recorded() { "recorded" } else { "known" } }).into())
}

/// The entity of contacts.
///
/// # Errors
/// Where the playbook has none.
pub(super) fn contacts(agent: &Agent) -> Result<EntityId, Problem> {
    agent.book.contact.ok_or_else(|| Problem::not_found("the playbook has no contacts"))
}

/// # Errors
/// Where there is no such record.
pub(super) fn is_there(crm: &runtime::crm::Crm, agent: &Agent, entity: EntityId, id: i64) -> Result<(), Problem> {
    let found = crm.records_after(agent.program(), entity, id.saturating_sub(1), 1)?;
    if found.first() == Some(&RecordId(id)) {
        return Ok(());
    }
    Err(Problem::not_found("there is no such record"))
}
