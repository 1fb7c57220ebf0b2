//! Questions to people, as a list and one by one.

use std::collections::HashMap;

use compiler::program::{
    Act, Ask, EntityId, Program, Settlement, Source, StageBody, StageKind, Target, Way, WayWhen, Workflow,
};
use jiff::Timestamp;
use runtime::crm::RecordId;
use runtime::crm::log::{Asked, Inquiry};
use runtime::engine::{EntryId, QuestionKind, RecordRef, Refusal};
use runtime::runner::{Cure, RunError, Settled};
use serde::Serialize;
use smol_str::SmolStr;

use crate::evidence::Decimal;
use crate::exit::Failure;
use crate::layout::{self, count, paragraph};
use crate::office::Office;
use crate::paused::{self, Paused};
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
    /// What keeps the run from going on, whatever is answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) paused: Vec<Paused>,
    /// The rubric, where a rating is asked for.
    pub(crate) rating: Option<RatingAsked>,
    /// The record of the case.
    #[serde(skip)]
    pub(crate) record: Option<RecordRef>,
    /// The message that it is about.
    pub(crate) message: Option<Message>,
}

/// A rating that is asked for, as it is printed.
#[derive(Debug, Serialize)]
pub(crate) struct RatingAsked {
    /// By which rubric.
    pub(crate) rubric: String,
    /// Its lines, the most points first.
    pub(crate) levels: Vec<Level>,
    /// What is to be confirmed.
    pub(crate) proposed: Option<Decimal>,
}

/// A line of a rubric.
#[derive(Debug, Serialize)]
pub(crate) struct Level {
    /// So many points.
    pub(crate) points: Decimal,
    /// For what.
    pub(crate) earns: String,
}

/// What makes two questions the same one but for whom they are about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Asks {
    words: String,
    stage: Option<String>,
    whom: Option<String>,
    options: Vec<String>,
}

impl Shown {
    /// What is asked, whoever it is about; none where each one is to be looked at by itself.
    pub(crate) fn asks(&self) -> Option<Asks> {
        if self.message.is_some() || self.rating.is_some() || self.record.is_none() {
            return None;
        }
        let Self { words, stage, whom, options, .. } = self;
        Some(Asks { words: words.clone(), stage: stage.clone(), whom: whom.clone(), options: options.clone() })
    }
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
    let inquiry = office.runner.question(EntryId(number)).map_err(|error| in_zone(office, error))?;
    shown(office, &inquiry)
}

/// An error about a question with its instants in the client's zone, and how it came about.
pub(crate) fn in_zone(office: &Office, error: RunError) -> anyhow::Error {
    let at = |instant| words::as_of(instant, &office.program.client.timezone);
    let open = "`playbook inbox` shows those that are open";
    match error {
        RunError::Settled { number, how, by, at: instant } => {
            let instant = at(instant);
            let what = match how {
                Settled::Answered(how) => format!("question {number} was {how}{by} on {instant}"),
                Settled::Expired => format!("question {number} expired on {instant}: nobody had answered it in time"),
                Settled::Void(why) => format!("question {number} went away on {instant}: {why}"),
            };
            Failure::findings(what).help(open).into()
        }
        RunError::Refused(Refusal::Expired { question, due }) => {
            let due = at(due);
            Failure::findings(format!("question {question} expired on {due}: it is too late to answer it"))
                .help(open)
                .into()
        }
        other => other.into(),
    }
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
    let paused = match &record {
        Some(record) => paused::holding(&office.runner.crm, program, record, question.run.map(|run| run.0))?,
        None => Vec::new(),
    };
    Ok(Shown {
        record,
        paused,
        number: question.id.0,
        words: asked(program, &question.kind, &question.words, inquiry.run.as_ref()),
        notes: question.notes.iter().map(ToString::to_string).collect(),
        whom: question.whom.as_ref().map(ToString::to_string),
        options: question.options.iter().map(ToString::to_string).collect(),
        about,
        run: question.run.map(|run| run.0),
        stage: inquiry.run.as_ref().map(|(workflow, stage)| format!("{workflow}.{stage}")),
        asked: question.asked,
        due: question.due,
        rating: rating(program, &question.kind),
        message,
    })
}

/// The rubric that a question asks to rate by.
fn rating(program: &Program, kind: &QuestionKind) -> Option<RatingAsked> {
    let QuestionKind::Rating { rubric, proposed, .. } = kind else { return None };
    let known = program.rubrics.iter().find(|known| known.name == *rubric);
    let mut lines = known.map(|known| known.lines.clone()).unwrap_or_default();
    lines.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    let level = |(points, earns): (_, SmolStr)| Level { points: Decimal(points), earns: earns.to_string() };
    Some(RatingAsked {
        rubric: rubric.to_string(),
        levels: lines.into_iter().map(level).collect(),
        proposed: proposed.map(Decimal),
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
pub(crate) fn asked(program: &Program, kind: &QuestionKind, written: &str, run: Option<&(SmolStr, SmolStr)>) -> String {
    // Several stages may ask in the same words; a run's own comes first.
    let is_of = |workflow: &Workflow, body: &StageBody| {
        run.is_none_or(|(name, stage)| {
            let here = workflow.stages.iter().find(|known| known.name == *stage);
            workflow.name == *name
                && here.is_some_and(|here| matches!(&here.kind, StageKind::Stage(own) if **own == *body))
        })
    };
    match kind {
        QuestionKind::Stage { .. } => {
            let bodies = program.workflows.iter().flat_map(|workflow| {
                workflow.stages.iter().filter_map(move |stage| match &stage.kind {
                    StageKind::Stage(body) => Some((workflow, body)),
                    StageKind::Handoff(_) | StageKind::End(_) => None,
                })
            });
            // What another version of the playbook asked is shown as it was written then.
            let mut asks = bodies.flat_map(|(workflow, body)| body.asks.iter().map(move |ask| (workflow, body, ask)));
            let found = asks.find(|(workflow, body, ask)| ask.words == written && is_of(workflow, body));
            found.map_or_else(
                || written.to_owned(),
                |(workflow, body, ask)| {
                    // Without the run nobody knows which of several such stages it is, and what that one costs.
                    let costs = run.map(|_| costs(program, workflow, body)).unwrap_or_default();
                    in_words(ask, &costs)
                },
            )
        }
        QuestionKind::Way { .. } => match written.split_once("? ") {
            Some((question, because)) => format!("{question}? ({because})"),
            None => written.to_owned(),
        },
        QuestionKind::Errand { .. } | QuestionKind::Rating { .. } => written.replace('_', " "),
        QuestionKind::Act { .. }
        | QuestionKind::Handoff(_)
        | QuestionKind::Trouble(_)
        | QuestionKind::Stranded { .. }
        | QuestionKind::Review => written.to_owned(),
    }
}

/// `approve or change this message?`, `approve spend? (spend search_ads, NZD 6)`
fn in_words(ask: &Ask, costs: &[String]) -> String {
    let options: Vec<String> = ask.options.iter().map(ToString::to_string).collect();
    let about = if ask.message { "this message".to_owned() } else { ask.about.replace('_', " ") };
    let question = format!("{} {about}?", layout::listed(&options, "or")).replace(" ?", "?");
    if costs.is_empty() { question } else { format!("{question} ({})", costs.join("; ")) }
}

/// What is spent as soon as somebody says yes to a stage's question.
fn costs(program: &Program, workflow: &Workflow, body: &StageBody) -> Vec<String> {
    let is_yes = |way: &&Way| matches!(&way.when, WayWhen::Settled(how) if how.contains(&Settlement::Approved));
    let next = body.ways.iter().find(is_yes).and_then(|way| workflow.stages.get(way.to.index()));
    let Some(StageKind::Stage(next)) = next.map(|stage| &stage.kind) else { return Vec::new() };
    let cost = |act: &Act| program.actions.get(act.action.index())?.cost.map(|cost| (act.words.clone(), cost));
    let currency = &program.client.currency;
    let sums = next.acts.iter().filter_map(cost);
    // A letter's stamp is no question of money.
    let asked_for = |(words, _): &(SmolStr, _)| words.starts_with("spend");
    sums.filter(asked_for).map(|(words, cost)| format!("{words}, {currency} {cost}")).collect()
}

/// The list, so many of it: what is asked of many people alike is one line.
pub(crate) fn list(office: &Office, questions: &[Shown], limit: usize, terminal: &Terminal) -> String {
    let (paint, columns) = (terminal.paint(), terminal.width());
    let widest = questions.iter().map(|question| question.number.to_string().len()).max().unwrap_or(0);
    let groups = grouped(questions);
    let mut page = String::new();
    for group in groups.iter().take(limit) {
        let Some((question, others)) = group.split_first() else { continue };
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
        if !small.is_empty() {
            let small = layout::cut(&small, columns.saturating_sub(indent.len()));
            page.push_str(&format!("{indent}{}\n", paint.dim(&small)));
        }
        if !others.is_empty() {
            let mut numbers: Vec<String> =
                others.iter().take(SHOWN_ALIKE).map(|other| other.number.to_string()).collect();
            let more = others.len().saturating_sub(SHOWN_ALIKE);
            if more > 0 {
                numbers.push(count(more as u64, "more", "more"));
            }
            let alike = format!(
                "the same of {}: {}",
                count(others.len() as u64, "other", "others"),
                layout::listed(&numbers, "and")
            );
            page.push_str(&paragraph(&indent, &alike, columns));
        }
    }
    let more = groups.len().saturating_sub(limit);
    if more > 0 {
        page.push_str(&format!("  and {}\n", count(more as u64, "more", "more")));
    }
    page
}

/// So many of those that ask the same are named by their numbers.
const SHOWN_ALIKE: usize = 8;

/// Questions that ask the same of several people together, each group where its first one stands.
fn grouped(questions: &[Shown]) -> Vec<Vec<&Shown>> {
    let mut groups: Vec<Vec<&Shown>> = Vec::new();
    let mut places: HashMap<Asks, usize> = HashMap::new();
    for question in questions {
        let place = question.asks().map(|asks| *places.entry(asks).or_insert(groups.len()));
        match place.and_then(|place| groups.get_mut(place)) {
            Some(group) => group.push(question),
            None => groups.push(vec![question]),
        }
    }
    groups
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
    for paused in &question.paused {
        line("paused", &paused.words(&office.program.client.timezone));
    }
    for note in &question.notes {
        line("note", note);
    }
    if let Some(rating) = &question.rating {
        for (place, level) in rating.levels.iter().enumerate() {
            line(if place == 0 { "levels" } else { "" }, &format!("{}  {}", level.points.0, level.earns));
        }
        if let Some(proposed) = &rating.proposed {
            line("proposed", &proposed.0.to_string());
        }
    }
    for rating in rated(office, question) {
        line("rated", &rating);
    }
    line("answers", &question.options.join(", "));
    if let Some(message) = &question.message {
        page.push('\n');
        page.push_str(&text(message, paint));
    }
    page
}

/// What the record was rated by so far: `budget 4, by closer: names a sum`.
fn rated(office: &Office, question: &Shown) -> Vec<String> {
    let Some(case) = question.record.as_ref().and_then(|record| office.runner.crm.case(record).ok()) else {
        return Vec::new();
    };
    let words = |rating: &runtime::engine::Rating| {
        let runtime::engine::Rating { rubric, value, by, level, .. } = rating;
        format!("{} {value}, by {by}: {level}", rubric.replace('_', " "))
    };
    case.case.ratings.iter().map(words).collect()
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

/// Who answers, where the command has to say it: where anybody may and several could.
fn who(office: &Office, question: &Shown) -> String {
    match (office.program.client.people.as_slice(), &question.whom) {
        ([(first, _), _, ..], None) => format!(" --by {first}"),
        _ => String::new(),
    }
}

/// The way to say yes to all that ask the same, where there are others.
pub(crate) fn command_for_all(office: &Office, question: &Shown, open: &[Shown]) -> Option<(String, &'static str)> {
    let asks = question.asks()?;
    let is_like = |other: &&Shown| other.number != question.number && other.asks().as_ref() == Some(&asks);
    open.iter().find(is_like).filter(|_| question.options.iter().any(|option| option == "approve"))?;
    let (playbook, client, number) = (words::command(), office.client.as_argument(), question.number);
    let by = who(office, question);
    Some((format!("{playbook} approve{client} --all-like {number}{by}"), "say yes to all that ask the same"))
}

/// The ways to answer a question, as commands to type.
pub(crate) fn commands(office: &Office, question: &Shown) -> Vec<(String, &'static str)> {
    let (playbook, client, number) = (words::command(), office.client.as_argument(), question.number);
    let by = who(office, question);
    let rates = question.rating.as_ref().map(|rating| rating.proposed.is_some());
    let command = |option: &String| match (option.as_str(), rates) {
        ("rate", _) => {
            (format!("{playbook} approve{client} {number}{by} --value POINTS --why 'REASON'"), "say how much")
        }
        ("approve", Some(_)) => (format!("{playbook} approve{client} {number}{by}"), "it is right"),
        ("change", _) => (format!("{playbook} change{client} {number}{by} --body 'TEXT'"), "say yes in your own words"),
        ("reject", _) => (format!("{playbook} reject{client} {number}{by} --why 'REASON'"), "say no"),
        ("done", _) => (format!("{playbook} approve{client} {number}{by}"), "it is done"),
        _ => (format!("{playbook} approve{client} {number}{by}"), "say yes"),
    };
    way_out(office, question).into_iter().chain(question.options.iter().map(command)).collect()
}

/// What brings what a run is kept for lack of, as a command to type.
pub(crate) fn way_out(office: &Office, question: &Shown) -> Option<(String, &'static str)> {
    let inquiry = office.runner.question(EntryId(question.number)).ok()?;
    let cure = office.runner.cure(&inquiry, office.now).ok()??;
    let program = &office.program;
    let contact = program.entity("Contact");
    let brings = |source: &&Source| match (&source.target, cure) {
        (Target::Events { event: Some(event), .. }, Cure::Consent) => {
            program.event("consent.given").is_some_and(|given| given == *event)
        }
        (Target::Records { entity, .. }, Cure::Address) => Some(*entity) == contact,
        _ => false,
    };
    let source = program.sources.iter().filter(|source| !source.preset).find(brings)?;
    let (playbook, client) = (words::command(), office.client.as_argument());
    let why = match cure {
        Cure::Consent => "bring their consent in, with its proof",
        Cure::Address => "bring their address in",
    };
    Some((format!("{playbook} import{client} {} FILE", source.name), why))
}
