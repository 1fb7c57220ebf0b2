//! The pages that show something.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::response::Response;
use compiler::program::Actor;
use jiff::{SignedDuration, Timestamp};
use minijinja::value::Serde;
use minijinja::{Value, context};
use runtime::metrics::Journal;
use serde::{Deserialize, Serialize};

use super::answered::answered;
use super::page::{Page, draw, told};
use super::session::Session;
use super::versions::listed;
use crate::app::App;
use crate::pool::Reader;
use crate::problem::Problem;
use crate::views::{contacts as people, experiments as trials, inbox, ledger, log, ranking, runs, story};

/// So many questions stand on a page: each of them in full.
const QUESTIONS: usize = 20;
/// So many prospects.
const PROSPECTS: usize = 40;
/// So many contacts.
const CONTACTS: usize = 100;
/// So many refusals.
const DENIALS: usize = 40;

/// What stands behind the `?`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    after: u32,
    score: Option<String>,
    search: Option<String>,
    file: Option<String>,
    /// `yes` where the file was just put to work, `back` where a former version was.
    done: Option<String>,
    /// The question that was just answered.
    answered: Option<i64>,
}

/// What makes no sense is not asked: whoever mistypes an address sees the page from its beginning.
impl FromRequestParts<App> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let read = Query::<Self>::from_request_parts(parts, app).await;
        Ok(read.map_or_else(|_| Self::default(), |Query(asked)| asked))
    }
}

impl Asked {
    fn place(&self) -> usize {
        usize::try_from(self.after).unwrap_or(usize::MAX)
    }
}

/// Reads on the client's behalf and draws what was read.
async fn shown(
    app: &App,
    session: &Session,
    page: Page<'_>,
    read: impl FnOnce(&Reader, Timestamp) -> Result<Value, Problem> + Send + 'static,
) -> Response {
    match session.caller.client.read(read).await {
        Ok(shown) => draw(app, session, page, shown).await,
        Err(problem) => told(app, session, &problem).await,
    }
}

pub(super) async fn today(State(app): State<App>, session: Session, asked: Asked) -> Response {
    let page = Page { template: "today.html", here: "/today", title: "Today" };
    let next_due = session.caller.client.stands().next_due;
    let read = move |reader: &Reader, now| {
        let inbox = inbox::open(reader, None, asked.place(), QUESTIONS)?;
        // A playbook without contacts has none to bring in.
        let is_fresh = inbox.total == 0 && people::is_empty(reader).unwrap_or(false);
        let answered = answered(reader, asked.answered)?;
        let mut evidence = BTreeMap::new();
        let scorer = ledger::scorer(reader, now)?;
        for question in &inbox.questions {
            // A playbook without a score has no ledger to show.
            if let Some(contact) = question.contact
                && let Ok(ledger) = ledger::with(reader, &scorer, None, contact)
            {
                evidence.insert(question.number.to_string(), ledger);
            }
        }
        Ok(
            context! { inbox => Serde(inbox), evidence => Serde(evidence), next_due => Serde(next_due), is_fresh, answered => Serde(answered) },
        )
    };
    shown(&app, &session, page, read).await
}

pub(super) async fn prospects(State(app): State<App>, session: Session, asked: Asked) -> Response {
    let page = Page { template: "prospects.html", here: "/prospects", title: "Prospects" };
    let read = move |reader: &Reader, now| {
        let ranking = ranking::ranking(reader, now, asked.score.as_deref(), asked.place(), PROSPECTS)?;
        Ok(context! { ranking => Serde(ranking), first => asked.place() + 1 })
    };
    shown(&app, &session, page, read).await
}

pub(super) async fn contacts(State(app): State<App>, session: Session, asked: Asked) -> Response {
    let page = Page { template: "contacts.html", here: "/contacts", title: "Contacts" };
    let read = move |reader: &Reader, _| {
        let contacts = people::page(reader, asked.search.as_deref(), i64::from(asked.after), CONTACTS)?;
        Ok(context! { contacts => Serde(contacts), search => asked.search.unwrap_or_default() })
    };
    shown(&app, &session, page, read).await
}

pub(super) async fn contact(
    State(app): State<App>,
    session: Session,
    Path(number): Path<String>,
    asked: Asked,
) -> Response {
    let Ok(number) = number.parse::<i64>() else {
        return told(&app, &session, &Problem::not_found("a contact is named by its number")).await;
    };
    let read = session.caller.client.read(move |reader, now| {
        let story = story::story(reader, number)?;
        let ledger = ledger::of(reader, now, None, number).ok();
        let answered = answered(reader, asked.answered)?;
        let title = story.contact.title.clone();
        Ok((title, context! { story => Serde(story), ledger => Serde(ledger), answered => Serde(answered) }))
    });
    match read.await {
        Ok((title, shown)) => {
            let page = Page { template: "contact.html", here: "/contacts", title: &title };
            draw(&app, &session, page, shown).await
        }
        Err(problem) => told(&app, &session, &problem).await,
    }
}

#[derive(Serialize)]
struct Workflow {
    name: String,
    paused: bool,
    /// How many are in it now.
    now: u64,
    stages: Vec<runtime::metrics::Row>,
}

pub(super) async fn pipeline(State(app): State<App>, session: Session) -> Response {
    let page = Page { template: "pipeline.html", here: "/pipeline", title: "Pipeline" };
    let read = |reader: &Reader, now| {
        let journal = Journal::read(&reader.crm, now, &reader.zone)?;
        let stages = runtime::metrics::stages(&reader.program, &journal).stages;
        let paused: BTreeSet<String> = runs::paused(reader)?.into_iter().map(|paused| paused.what).collect();
        let workflows = reader.program.workflows.iter().map(|workflow| {
            let of_it = stages.iter().filter(|row| row.workflow.as_ref() == Some(&workflow.name));
            let stages: Vec<runtime::metrics::Row> = of_it.cloned().collect();
            Workflow {
                name: workflow.name.to_string(),
                paused: paused.contains(&format!("workflow {}", workflow.name)),
                now: stages.iter().filter_map(|row| row.now).sum(),
                stages,
            }
        });
        let mut workflows: Vec<Workflow> = workflows.collect();
        // Those with people in them first, then those that somebody went through.
        workflows.sort_by_key(|workflow| (workflow.now == 0, workflow.stages.is_empty()));
        let stranded = runtime::runner::stranded(&reader.crm, &reader.program)?.len();
        Ok(context! { workflows => Serde(workflows), stranded => stranded })
    };
    shown(&app, &session, page, read).await
}

#[derive(Serialize)]
struct Agent {
    name: String,
    runs: Vec<String>,
    denied: usize,
    spent: String,
    paused: bool,
}

#[derive(Serialize)]
struct Dead {
    number: i64,
    agent: String,
    attempts: u32,
    uncertain: bool,
}

pub(super) async fn agents(State(app): State<App>, session: Session) -> Response {
    let page = Page { template: "agents.html", here: "/agents", title: "Agents" };
    let read = |reader: &Reader, now: Timestamp| {
        let program = &reader.program;
        let denials = log::denials(reader, usize::MAX)?;
        let denied = |name: &str| {
            denials
                .iter()
                .filter(|line| line.entry.get("agent").and_then(serde_json::Value::as_str) == Some(name))
                .count()
        };
        let paused: BTreeSet<String> = runs::paused(reader)?.into_iter().map(|paused| paused.what).collect();
        let today = now.to_zoned(reader.zone.clone()).start_of_day().map_or(now, |start| start.timestamp());
        let until = now.saturating_add(SignedDuration::from_nanos(1)).unwrap_or(now);
        let spent = reader.crm.spent(&reader.zone, today, until)?;
        let spent_by = |name: &str| {
            let of = spent.iter().find(|((_, agent), _)| *agent == name);
            of.map(|(_, amount)| format!("{} {amount}", program.client.currency)).unwrap_or_default()
        };
        let agents = program.agents.iter().enumerate().map(|(place, agent)| Agent {
            name: agent.name.to_string(),
            runs: program
                .workflows
                .iter()
                .filter(|workflow| matches!(workflow.by, Actor::Agent(by) if by.index() == place))
                .map(|workflow| workflow.name.to_string())
                .collect(),
            denied: denied(&agent.name),
            spent: spent_by(&agent.name),
            paused: paused.contains(&format!("agent {}", agent.name)),
        });
        let agents: Vec<Agent> = agents.collect();
        let dead = reader.crm.dead_letters()?.into_iter().map(|failed| Dead {
            number: failed.number.0,
            agent: failed.agent.to_string(),
            attempts: failed.attempts,
            uncertain: failed.uncertain,
        });
        let dead: Vec<Dead> = dead.collect();
        let denials: Vec<_> = denials.into_iter().take(DENIALS).collect();
        let everything_paused = paused.contains("everything");
        Ok(
            context! { agents => Serde(agents), denials => Serde(denials), dead => Serde(dead), everything_paused => everything_paused },
        )
    };
    shown(&app, &session, page, read).await
}

pub(super) async fn goals(State(app): State<App>, session: Session) -> Response {
    let page = Page { template: "goals.html", here: "/goals", title: "Goals" };
    let read = |reader: &Reader, now| Ok(context! { figures => Serde(reader.figures(now)?) });
    shown(&app, &session, page, read).await
}

pub(super) async fn experiments(State(app): State<App>, session: Session) -> Response {
    let page = Page { template: "experiments.html", here: "/experiments", title: "Experiments" };
    let read = |reader: &Reader, now| Ok(context! { experiments => Serde(trials::all(reader, now)?) });
    shown(&app, &session, page, read).await
}

pub(super) async fn playbook(State(app): State<App>, session: Session, asked: Asked) -> Response {
    let page = Page { template: "playbook.html", here: "/playbook", title: "Playbook" };
    let client = &session.caller.client;
    let Ok(sources) = client.folder.sources() else { return told(&app, &session, &Problem::internal()).await };
    let named = asked.file.filter(|file| sources.contains_key(file));
    let file = named.or_else(|| sources.keys().next().cloned()).unwrap_or_default();
    let version = client.stands().at_work.as_ref().map(|at_work| at_work.version.to_string());
    let former = listed(&client.folder, version.as_deref().unwrap_or_default());
    let text = sources.get(&file).cloned().unwrap_or_default();
    let files: Vec<String> = sources.keys().cloned().collect();
    let notice = match asked.done.as_deref() {
        Some("yes") => Some("It is at work. What was at work before is kept below, and can be put back."),
        Some("back") => Some("The former version is at work again. What it took the place of is kept below."),
        _ => None,
    };
    draw(&app, &session, page, context! { files, file, text, version, notice, former => Serde(former) }).await
}
