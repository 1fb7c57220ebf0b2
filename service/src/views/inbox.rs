//! What people are asked: each question with the draft that it is about, what to weigh, and what keeps it.

use compiler::program::{EntityId, Program, StageKind};
use jiff::Timestamp;
use runtime::crm::RecordId;
use runtime::crm::log::{Asked, Inquiry};
use runtime::engine::{EntryId, QuestionKind};
use runtime::people;
use runtime::runner::letters;
use serde::Serialize;
use smol_str::SmolStr;
use utoipa::ToSchema;

use super::number::Number;
use crate::pool::Reader;
use crate::problem::Problem;

/// A question to a person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Question {
    /// What it is answered by.
    pub(crate) number: i64,
    /// What is asked.
    pub(crate) words: String,
    /// What to weigh.
    pub(crate) notes: Vec<String>,
    /// Whom; anybody where absent.
    pub(crate) whom: Option<String>,
    /// What may be answered: `approve`, `change`, `reject`, `done`, `rate`.
    pub(crate) options: Vec<String>,
    /// About whom, as people call them; the whole playbook where absent.
    pub(crate) about: Option<String>,
    /// The contact's number, where it is about one.
    pub(crate) contact: Option<i64>,
    /// For which run.
    pub(crate) run: Option<i64>,
    /// Its workflow.
    pub(crate) workflow: Option<String>,
    /// Its stage.
    pub(crate) stage: Option<String>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) asked: Timestamp,
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) due: Option<Timestamp>,
    /// The run, or all of the contact, is paused.
    pub(crate) paused: bool,
    /// The rubric, where a rating is asked for.
    pub(crate) rating: Option<Rating>,
    /// What the record was rated by so far.
    pub(crate) rated: Vec<String>,
    /// The message that it is about.
    pub(crate) message: Option<Message>,
}

/// A rating that is asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Rating {
    /// By which rubric.
    pub(crate) rubric: String,
    /// Its lines, the most points first.
    pub(crate) levels: Vec<Level>,
    /// What is to be confirmed.
    #[schema(value_type = Option<f64>)]
    pub(crate) proposed: Option<Number>,
}

/// A line of a rubric.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Level {
    /// So many points.
    #[schema(value_type = f64)]
    pub(crate) points: Number,
    /// For what.
    pub(crate) earns: String,
}

/// A message as it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Message {
    /// Its own number.
    pub(crate) number: i64,
    /// Over which channel it goes.
    pub(crate) channel: String,
    /// What an approval is of: send it back with the answer.
    pub(crate) hash: String,
    /// The line above.
    pub(crate) subject: Option<String>,
    /// The text.
    pub(crate) body: String,
}

/// The open questions, the one that is due first first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Inbox {
    /// How many there are in all.
    pub(crate) total: usize,
    /// From the place that was asked for on.
    pub(crate) questions: Vec<Question>,
    /// What to send as `after` for the next page; none on the last one.
    pub(crate) next: Option<usize>,
}

/// The open questions.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn open(reader: &Reader, whom: Option<&str>, after: usize, limit: usize) -> Result<Inbox, Problem> {
    let all = reader.crm.inbox(&Asked { whom, ..Asked::default() })?;
    let shown = all.iter().skip(after).take(limit);
    let questions = shown.map(|inquiry| question(reader, inquiry)).collect::<Result<_, _>>()?;
    let next = (after + limit < all.len()).then_some(after + limit);
    Ok(Inbox { total: all.len(), questions, next })
}

/// One open question.
///
/// # Errors
/// Where there is none of that number.
pub(crate) fn one(reader: &Reader, number: i64) -> Result<Question, Problem> {
    let asked = Asked { number: Some(EntryId(number)), ..Asked::default() };
    let found = reader.crm.inbox(&asked)?;
    let inquiry = found.first().ok_or_else(|| Problem::not_found(format!("there is no open question {number}")))?;
    question(reader, inquiry)
}

/// A question as it is shown.
pub(crate) fn question(reader: &Reader, inquiry: &Inquiry) -> Result<Question, Problem> {
    let (crm, program) = (&reader.crm, &reader.program);
    let asked = &inquiry.question;
    let (mut about, mut contact, mut paused, mut rated, mut channel) = (None, None, false, Vec::new(), String::new());
    if let Some(record) = &inquiry.record {
        let entity = program.entity(&record.entity).unwrap_or(EntityId(0));
        let person = people::one(crm, program, entity, RecordId(record.id))?;
        let beside = person.beside();
        about = Some(if beside.is_empty() { person.title() } else { format!("{}, {beside}", person.title()) });
        contact = (record.entity == "Contact").then_some(record.id);
        let case = crm.case(record)?.case;
        let run = asked.run.and_then(|run| case.run(run));
        paused = case.paused.is_some() || run.is_some_and(|run| run.paused.is_some());
        rated = case
            .ratings
            .iter()
            .map(|rating| {
                format!("{} {}, by {}: {}", rating.rubric.replace('_', " "), rating.value, rating.by, rating.level)
            })
            .collect();
        let message = run.and_then(|run| run.message.as_ref());
        channel = message.map(|message| message.channel.to_string()).unwrap_or_default();
    }
    let (workflow, stage) =
        inquiry.run.as_ref().map(|(workflow, stage)| (workflow.to_string(), stage.to_string())).unzip();
    Ok(Question {
        number: asked.id.0,
        words: words(program, inquiry),
        notes: asked.notes.iter().map(ToString::to_string).collect(),
        whom: asked.whom.as_ref().map(ToString::to_string),
        options: asked.options.iter().map(ToString::to_string).collect(),
        about,
        contact,
        run: asked.run.map(|run| run.0),
        workflow,
        stage,
        asked: asked.asked,
        due: asked.due,
        paused,
        rating: rating(program, &asked.kind),
        rated,
        message: message(reader, &asked.kind, channel)?,
    })
}

/// The message that a question is about, as it stands.
fn message(reader: &Reader, kind: &QuestionKind, channel: String) -> Result<Option<Message>, Problem> {
    let about = match kind {
        QuestionKind::Stage { message } | QuestionKind::Act { message, .. } | QuestionKind::Rating { message, .. } => {
            message.as_ref().map(|(id, hash)| (*id, hash.to_string()))
        }
        QuestionKind::Errand { send: Some(message) } => Some((*message, String::new())),
        _ => None,
    };
    let Some((number, hash)) = about else { return Ok(None) };
    let text = reader.crm.message_text(number)?.and_then(|sealed| letters::parts(&sealed));
    Ok(text.map(|(subject, body)| Message { number: number.0, channel, hash, subject, body }))
}

fn rating(program: &Program, kind: &QuestionKind) -> Option<Rating> {
    let QuestionKind::Rating { rubric, proposed, .. } = kind else { return None };
    let known = program.rubrics.iter().find(|known| known.name == *rubric);
    let mut lines = known.map(|known| known.lines.clone()).unwrap_or_default();
    lines.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    Some(Rating {
        rubric: rubric.to_string(),
        levels: lines
            .into_iter()
            .map(|(points, earns)| Level { points: Number(points), earns: earns.to_string() })
            .collect(),
        proposed: proposed.map(Number),
    })
}

/// What is asked, as one asks a person.
fn words(program: &Program, inquiry: &Inquiry) -> String {
    let written = inquiry.question.words.as_str();
    match &inquiry.question.kind {
        QuestionKind::Stage { .. } => {
            let bodies =
                program.workflows.iter().flat_map(|workflow| &workflow.stages).filter_map(|stage| match &stage.kind {
                    StageKind::Stage(body) => Some(body),
                    StageKind::Handoff(_) | StageKind::End(_) => None,
                });
            let ask = bodies.flat_map(|body| &body.asks).find(|ask| ask.words == written);
            ask.map_or_else(
                || written.replace('_', " "),
                |ask| {
                    let about = if ask.message { "this message".to_owned() } else { ask.about.replace('_', " ") };
                    let options: Vec<&str> = ask.options.iter().map(SmolStr::as_str).collect();
                    let options = match options.split_last() {
                        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
                        _ => options.concat(),
                    };
                    format!("{options} {about}?").replace(" ?", "?")
                },
            )
        }
        QuestionKind::Errand { .. } | QuestionKind::Rating { .. } => written.replace('_', " "),
        _ => written.to_owned(),
    }
}
