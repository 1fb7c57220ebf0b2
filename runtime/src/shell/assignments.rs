//! From an entry that asks for work to a port's assignment: what is to be done, with only what its agent may read.

use compiler::program::{AgentId, EntityId, Field, FieldId, FieldPath, Program, RubricText, Type};
use jiff::Timestamp;
use smol_str::{SmolStr, format_smolstr};

use super::kept::Kept;
use super::known::Known;
use crate::agents::config::Sender;
use crate::agents::{self, Assignment, EvidenceId, Named, Task};
use crate::engine::{Case, Entry, EntryId};
use crate::runner::{Book, letters};
use crate::score::Scorer;

/// What a port is asked, or why nobody can be asked.
#[derive(Debug)]
pub enum Assigned {
    /// Ready to be handed over, with the paths that a find may fill.
    Task(Box<Assignment>),
    /// No port does that.
    Nobody(String),
}

/// A piece of work that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The entry's number.
    pub number: EntryId,
    /// The entry.
    pub entry: &'a Entry,
}

/// Makes the assignment of a piece of work.
///
/// # Errors
/// Where what is kept cannot be read.
pub fn assignment<K: Kept>(
    kept: &K,
    book: &Book,
    scorer: &Scorer,
    case: &Case,
    asked: Asked<'_>,
    sender: Option<&Sender>,
    now: Timestamp,
) -> Result<Assigned, K::Failure> {
    let Entry::WorkAsked { run, agent, action, object, channel, words } = asked.entry else {
        return Ok(Assigned::Nobody("the entry asks for no work".into()));
    };
    let program = &book.program;
    let Some(run) = case.run(*run) else { return Ok(Assigned::Nobody("its run is over".into())) };
    let Some(reader) = book.gate.agent(agent) else {
        return Ok(Assigned::Nobody(format!("the playbook has no agent `{agent}`")));
    };
    let Some(entity) = program.entity(&run.record.entity) else {
        return Ok(Assigned::Nobody(format!("the playbook has no `{}`", run.record.entity)));
    };
    let known = kept.known(book, entity, run.record.id, Some(reader))?;
    let task = match action.as_str() {
        "research" => research(book, scorer, entity, reader, &known, object),
        "write" => write(program, sender, object, channel.clone()),
        "rate" => rate(kept, book, run.message.as_ref().map(|message| message.id), object, &known)?,
        "analyse" => Some(Task::Analyse { phrases: agents::phrases(&program.phrases) }),
        "schedule" => schedule(book, &known, object, now),
        "mark" => mark(book, entity, object),
        _ => None,
    };
    let Some(task) = task else {
        return Ok(Assigned::Nobody(format!("no port can do `{words}`: leave it to a person with `by human`")));
    };
    Ok(Assigned::Task(Box::new(Assignment {
        work: asked.number.0,
        key: format_smolstr!("work-{}", asked.number),
        agent: agent.clone(),
        task,
        facts: known.facts,
        conversations: known.said,
        now,
    })))
}

/// What is missing of that kind of record, that scores or workflows read and the agent may write.
fn research(
    book: &Book,
    scorer: &Scorer,
    entity: EntityId,
    agent: AgentId,
    known: &Known,
    object: &str,
) -> Option<Task> {
    let program = &book.program;
    let of = program.entity(object)?;
    let needed = scorer.needs(entity).fields;
    let is_wanted = |path: &&compiler::program::FieldPath| {
        let owner = owner(program, path);
        owner == Some(of)
            && needed.iter().any(|needed| needed.path == **path)
            && book.gate.writes(agent, of, Some(path.field), crate::gate::Target::default()).is_allowed()
    };
    let wanted = known.missing.iter().filter(is_wanted).filter_map(|path| agents::wanted(program, path)).collect();
    let table = program.entities.get(of.index())?.table.clone();
    Some(Task::Research { entity: table, wanted, currency: program.client.currency.clone() })
}

/// Whose field a path ends at.
#[must_use]
pub fn owner(program: &Program, path: &compiler::program::FieldPath) -> Option<EntityId> {
    let mut entity = path.entity;
    for relation in &path.relations {
        match program.entities.get(entity.index())?.fields.get(relation.index())?.ty {
            Type::Record(next) => entity = next,
            _ => return None,
        }
    }
    Some(entity)
}

fn write(program: &Program, sender: Option<&Sender>, template: &str, channel: Option<SmolStr>) -> Option<Task> {
    let template = program.templates.iter().find(|known| known.name == template)?;
    let is_headed = channel.as_deref().is_none_or(|channel| channel == "email" || channel == "letter");
    Some(Task::Write {
        template: template.name.clone(),
        channel,
        subject: template.subject.as_deref().filter(|_| is_headed).map(|pieces| agents::parts(program, pieces)),
        body: agents::parts(program, &template.body),
        sender: signature(program, sender),
        client: program.client.name.clone(),
    })
}

/// What a letter is signed with: the sender's name, as every letter has it. Where nobody is set up to send, and for the title, the
/// client's first person stands until a person changes it, because who approves a message is not known before.
#[must_use]
pub fn signature(program: &Program, sender: Option<&Sender>) -> Vec<(SmolStr, SmolStr)> {
    let (role, title) = program.client.people.first().cloned().unwrap_or_default();
    let name = sender.and_then(|sender| sender.from.name.clone());
    let first_name = sender.and_then(|sender| sender.first_name.clone()).or_else(|| name.clone());
    let mut fields: Vec<(SmolStr, SmolStr)> = vec![
        ("first_name".into(), first_name.unwrap_or_else(|| title.clone())),
        ("name".into(), name.unwrap_or_else(|| title.clone())),
        ("title".into(), title),
        ("role".into(), role),
    ];
    fields.extend(sender.map(|sender| ("email".into(), sender.from.address.clone())));
    fields
}

fn rate<K: Kept>(
    kept: &K,
    book: &Book,
    message: Option<EntryId>,
    rubric: &str,
    known: &Known,
) -> Result<Option<Task>, K::Failure> {
    let Some(rubric) = book.program.rubrics.iter().find(|known| known.name == rubric) else { return Ok(None) };
    let text = match &rubric.from {
        RubricText::Message => match message {
            Some(message) => {
                kept.message_text(message)?.and_then(|sealed| letters::parts(&sealed)).map(|(subject, body)| {
                    let text = subject.map_or_else(|| body.clone(), |subject| format!("{subject}\n\n{body}"));
                    Named { id: EvidenceId("message".into()), text: text.into() }
                })
            }
            None => None,
        },
        RubricText::Notes(_) => {
            let said: Vec<&str> = known.said.iter().map(|said| said.text.as_str()).collect();
            Some(Named { id: EvidenceId("notes".into()), text: said.join("\n\n").into() })
        }
    };
    Ok(text.map(|text| Task::Rate { rubric: rubric.name.clone(), lines: agents::rubric_lines(rubric), text }))
}

fn schedule(book: &Book, known: &Known, what: &str, now: Timestamp) -> Option<Task> {
    let client = &book.program.client;
    let zone = known.facts.iter().find(|given| given.path == "contact.timezone").map(|given| given.words.clone());
    Some(Task::Schedule {
        what: what.into(),
        zone: zone.unwrap_or_else(|| client.timezone.clone()),
        hours: client.hours,
        holidays: client.holidays.clone(),
        minutes: 30,
        count: 3,
        earliest: now,
        busy: Vec::new(),
    })
}

/// Where the contact stands from now on. None for a word that is none of the CRM's: a person does that.
fn mark(book: &Book, entity: EntityId, word: &str) -> Option<Task> {
    let program = &book.program;
    let contact = book.contact?;
    let fields = |entity: EntityId| program.entities.get(entity.index()).map(|entity| entity.fields.as_slice());
    let place = |fields: &[Field], is_it: &dyn Fn(&Field) -> bool| {
        (0..).zip(fields).find_map(|(number, field)| is_it(field).then_some(FieldId(number)))
    };
    let relations = if entity == contact {
        Vec::new()
    } else {
        vec![place(fields(entity)?, &|field| field.ty == Type::Record(contact))?]
    };
    let field = place(fields(contact)?, &|field| field.name == "lifecycle_stage")?;
    let stage = agents::wanted(program, &FieldPath { entity, relations, field })?;
    let is_stage = matches!(&stage.ty, Type::OneOf(words) if words.iter().any(|known| known == word));
    is_stage.then(|| Task::Mark { stage, word: word.into() })
}
