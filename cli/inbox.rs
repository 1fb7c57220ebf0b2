//! Questions to people, as a list and one by one.

use compiler::program::{Ask, EntityId, Program, StageKind};
use jiff::Timestamp;
use runtime::crm::RecordId;
use runtime::crm::log::{Asked, Inquiry};
use runtime::engine::{EntryId, QuestionKind, RecordRef};
use serde::Serialize;

use crate::layout::{self, count, paragraph};
use crate::office::Office;
use crate::people;
use crate::terminal::{Paint, Terminal};
use crate::words;

/// A question as it is printed.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    /// What it is answered by.
    pub(crate) number: i64,
    /// What is asked.
    pub(crate) words: String,
    /// What to weigh.
    pub(crate) notes: Vec<String>,
    /// Whom; anybody where absent.
    pub(crate) whom: Option<String>,
    /// What may be answered.
    pub(crate) options: Vec<String>,
    /// About whom, as people call them; the whole playbook where absent.
    pub(crate) about: Option<String>,
    /// For which run: what `cancel` takes.
    pub(crate) run: Option<i64>,
    /// Workflow and stage.
    pub(crate) stage: Option<String>,
    /// Since when.
    pub(crate) asked: Timestamp,
    /// Until when.
    pub(crate) due: Option<Timestamp>,
    /// The record of the case.
    #[serde(skip)]
    pub(crate) record: Option<RecordRef>,
    /// The message that it is about.
    pub(crate) message: Option<Message>,
}

/// A message as it is printed.
#[derive(Debug, Serialize)]
pub(crate) struct Message {
    /// Its own number.
    pub(crate) number: i64,
    /// Over which channel it goes.
    pub(crate) channel: String,
    /// What an approval is of.
    pub(crate) hash: String,
    /// The line above.
    pub(crate) subject: Option<String>,
    /// The text.
    pub(crate) body: String,
}

/// The open questions, the one that is due first first.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn open(office: &Office, whom: Option<&str>) -> anyhow::Result<Vec<Shown>> {
    let asked = Asked { whom, ..Asked::default() };
    office.runner.crm.inbox(&asked)?.iter().map(|inquiry| shown(office, inquiry)).collect()
}

/// One question.
///
/// # Errors
/// Where there is none of that number.
pub(crate) fn one(office: &Office, number: i64) -> anyhow::Result<Shown> {
    shown(office, &office.runner.question(EntryId(number))?)
}

fn shown(office: &Office, inquiry: &Inquiry) -> anyhow::Result<Shown> {
    let program = &office.program;
    let about = match &inquiry.record {
        Some(record) => {
            let entity = program.entity(&record.entity).unwrap_or(EntityId(0));
            let person = people::one(&office.runner.crm, program, entity, RecordId(record.id))?;
            let beside = person.beside();
            Some(if beside.is_empty() { person.title() } else { format!("{}, {beside}", person.title()) })
        }
        None => None,
    };
    let channel = channel(office, inquiry)?;
    let message = office.runner.message_of(inquiry)?.map(|(number, hash, text)| Message {
        number: number.0,
        channel: channel.clone(),
        hash: hash.to_string(),
        subject: text.subject,
        body: text.body,
    });
    let question = &inquiry.question;
    let record = inquiry.record.clone();
    Ok(Shown {
        record,
        number: question.id.0,
        words: asked(program, &question.kind, &question.words),
        notes: question.notes.iter().map(ToString::to_string).collect(),
        whom: question.whom.as_ref().map(ToString::to_string),
        options: question.options.iter().map(ToString::to_string).collect(),
        about,
        run: question.run.map(|run| run.0),
        stage: inquiry.run.as_ref().map(|(workflow, stage)| format!("{workflow}.{stage}")),
        asked: question.asked,
        due: question.due,
        message,
    })
}

/// The channel of the message that a question is about.
fn channel(office: &Office, inquiry: &Inquiry) -> anyhow::Result<String> {
    let (Some(record), Some(run)) = (&inquiry.record, inquiry.question.run) else { return Ok(String::new()) };
    let case = office.runner.crm.case(record)?.case;
    let message = case.run(run).and_then(|run| run.message.as_ref());
    Ok(message.map(|message| message.channel.to_string()).unwrap_or_default())
}

/// What is asked, as one asks a person. The playbook's own words say it to whoever reads the playbook.
pub(crate) fn asked(program: &Program, kind: &QuestionKind, written: &str) -> String {
    match kind {
        QuestionKind::Stage { .. } => {
            let bodies =
                program.workflows.iter().flat_map(|workflow| &workflow.stages).filter_map(|stage| match &stage.kind {
                    StageKind::Stage(body) => Some(body),
                    StageKind::Handoff(_) | StageKind::End(_) => None,
                });
            // What another version of the playbook asked is shown as it was written then.
            let ask = bodies.flat_map(|body| &body.asks).find(|ask| ask.words == written);
            ask.map_or_else(|| written.to_owned(), in_words)
        }
        QuestionKind::Way { .. } => match written.split_once("? ") {
            Some((question, because)) => format!("{question}? ({because})"),
            None => written.to_owned(),
        },
        QuestionKind::Errand { .. } => written.replace('_', " "),
        QuestionKind::Act { .. } | QuestionKind::Handoff(_) | QuestionKind::Trouble(_) | QuestionKind::Review => {
            written.to_owned()
        }
    }
}

/// `approve or change this message?`, `approve another try?`
fn in_words(ask: &Ask) -> String {
    let options: Vec<String> = ask.options.iter().map(ToString::to_string).collect();
    let about = if ask.message { "this message".to_owned() } else { ask.about.replace('_', " ") };
    format!("{} {about}?", layout::listed(&options, "or")).replace(" ?", "?")
}

/// The list, so many of it.
pub(crate) fn list(office: &Office, questions: &[Shown], limit: usize, terminal: &Terminal) -> String {
    let (paint, columns) = (terminal.paint(), terminal.width());
    let widest = questions.iter().map(|question| question.number.to_string().len()).max().unwrap_or(0);
    let mut page = String::new();
    for question in questions.iter().take(limit) {
        let about = question.about.as_deref().unwrap_or("the whole playbook");
        let number = layout::right(&question.number.to_string(), widest);
        let first = format!("  {number}  ");
        let line = format!("{about}: {}", question.words);
        page.push_str(&paragraph(&first, &line, columns));
        let indent = " ".repeat(layout::width(&first));
        let mut small = question.stage.clone().unwrap_or_default();
        if let Some(whom) = &question.whom {
            small.push_str(&format!(", for {whom}"));
        }
        if let Some(due) = question.due {
            small.push_str(&format!(", until {}", words::as_of(due, &office.program.client.timezone)));
        }
        if small.is_empty() {
            continue;
        }
        page.push_str(&format!("{indent}{}\n", paint.dim(&layout::cut(&small, columns.saturating_sub(indent.len())))));
    }
    let more = questions.len().saturating_sub(limit);
    if more > 0 {
        page.push_str(&format!("  and {}\n", count(more as u64, "more", "more")));
    }
    page
}

/// One question in full: what it is about, what to weigh, the text to be approved.
pub(crate) fn page(office: &Office, question: &Shown, terminal: &Terminal) -> String {
    let (paint, columns) = (terminal.paint(), terminal.width());
    let mut page = format!("{}  {}\n", paint.bold(&question.number.to_string()), question.words);
    let mut line = |label: &str, text: &str| {
        let first = format!("  {} ", layout::left(label, 9));
        page.push_str(&paragraph(&first, text, columns).replacen(label, &paint.dim(label), 1));
    };
    if let Some(about) = &question.about {
        line("about", about);
    }
    if let Some(stage) = &question.stage {
        let run = question.run.map(|run| format!(", run {run}")).unwrap_or_default();
        line("stage", &format!("{stage}{run}"));
    }
    if let Some(message) = question.message.as_ref().filter(|message| !message.channel.is_empty()) {
        line("goes by", &message.channel);
    }
    if let Some(whom) = &question.whom {
        line("for", whom);
    }
    if let Some(due) = question.due {
        line("until", &words::as_of(due, &office.program.client.timezone));
    }
    for note in &question.notes {
        line("note", note);
    }
    line("answers", &question.options.join(", "));
    if let Some(message) = &question.message {
        page.push('\n');
        page.push_str(&text(message, paint));
    }
    page
}

/// A message, set off from what is said about it.
pub(crate) fn text(message: &Message, paint: Paint) -> String {
    let bar = paint.dim("│");
    let mut lines = String::new();
    if let Some(subject) = &message.subject {
        lines.push_str(&format!("  {bar} {}\n  {bar}\n", paint.bold(subject)));
    }
    for line in message.body.trim_end().lines() {
        lines.push_str(format!("  {bar} {line}").trim_end());
        lines.push('\n');
    }
    lines
}

/// The ways to answer a question, as commands to type.
pub(crate) fn commands(office: &Office, question: &Shown) -> Vec<(String, &'static str)> {
    let (playbook, client, number) = (words::command(), office.client.as_argument(), question.number);
    // Where anybody may answer and several could, the command has to say who does.
    let by = match (office.program.client.people.as_slice(), &question.whom) {
        ([(first, _), _, ..], None) => format!(" --by {first}"),
        _ => String::new(),
    };
    let command = |option: &String| match option.as_str() {
        "change" => (format!("{playbook} change{client} {number}{by} --body 'TEXT'"), "say yes in your own words"),
        "reject" => (format!("{playbook} reject{client} {number}{by} --why 'REASON'"), "say no"),
        "done" => (format!("{playbook} approve{client} {number}{by}"), "it is done"),
        _ => (format!("{playbook} approve{client} {number}{by}"), "say yes"),
    };
    question.options.iter().map(command).collect()
}
