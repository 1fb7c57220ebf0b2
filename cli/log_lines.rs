//! Entries of the log as lines for a reader: when, about whom, what. What a machine reads is `log --json`.

use std::collections::HashMap;

use compiler::program::StageKind;
use jiff::Timestamp;
use runtime::crm::log::Logged;
use runtime::engine::said::{came_of, done, lasted, said};
use runtime::engine::{Entry, EntryId, QuestionKind, RecordRef};
use smol_str::SmolStr;

use crate::inbox;
use crate::layout;
use crate::office::Office;
use crate::people;
use crate::words;

/// How wide the column with the names is.
const NAMES: usize = 18;

/// Writes lines; remembers whom it has named, and what it was told before a line.
pub(crate) struct Lines<'o> {
    office: &'o Office,
    columns: usize,
    names: HashMap<RecordRef, String>,
    /// Runs: of which workflow, and in which stage.
    runs: HashMap<EntryId, (SmolStr, SmolStr)>,
    /// Handoffs: by which run.
    offers: HashMap<EntryId, EntryId>,
    /// Work: by whom.
    work: HashMap<EntryId, SmolStr>,
    /// What was done by an entry that says only how many acts were.
    acts: HashMap<EntryId, SmolStr>,
}

impl<'o> Lines<'o> {
    /// For a terminal so wide.
    pub(crate) fn new(office: &'o Office, columns: usize) -> Self {
        let (names, runs, offers) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { office, columns, names, runs, offers, work: HashMap::new(), acts: HashMap::new() }
    }

    /// Takes note of an entry, whether a line is written for it or not: later ones call things by their numbers alone.
    pub(crate) fn learn(&mut self, logged: &Logged) {
        match &logged.entry {
            Entry::Started { workflow, .. } => drop(self.runs.insert(logged.number, (workflow.clone(), "".into()))),
            Entry::Entered { run, stage, .. } => {
                if let Some((_, at)) = self.runs.get_mut(run) {
                    *at = stage.clone();
                }
            }
            Entry::Moved { run, workflow, .. } => {
                if let Some((of, _)) = self.runs.get_mut(run) {
                    *of = workflow.clone();
                }
            }
            Entry::Offered { run, .. } => drop(self.offers.insert(logged.number, *run)),
            Entry::WorkAsked { agent, .. } => drop(self.work.insert(logged.number, agent.clone())),
            Entry::Acted { run, act } => {
                if let Some(words) = self.act(*run, *act) {
                    self.acts.insert(logged.number, words);
                }
            }
            _ => {}
        }
    }

    /// An act as the stage that the run is in has it today.
    fn act(&self, run: EntryId, act: u32) -> Option<SmolStr> {
        let (of, at) = self.runs.get(&run)?;
        let workflow = self.office.program.workflows.iter().find(|workflow| workflow.name == *of)?;
        let stage = workflow.stages.iter().find(|stage| stage.name == *at)?;
        let StageKind::Stage(body) = &stage.kind else { return None };
        body.acts.get(usize::try_from(act).ok()?).map(|act| act.words.clone())
    }

    /// A run, by its workflow.
    fn run(&self, run: EntryId) -> String {
        self.runs.get(&run).map_or_else(|| format!("run {run}"), |(workflow, _)| workflow.to_string())
    }

    /// Why a run begins, out of the words that keep it from beginning twice.
    fn begun(&self, trigger: &str) -> String {
        let (kind, rest) = trigger.split_once(':').unwrap_or((trigger, ""));
        match kind {
            "event" => "something happened".to_owned(),
            "schedule" => "its time has come".to_owned(),
            "crossing" => "a threshold was crossed".to_owned(),
            "handoff" => {
                let offer = rest.parse().map(EntryId).ok();
                let from = offer.and_then(|offer| self.offers.get(&offer)).map(|run| self.run(*run));
                from.map_or_else(|| "handed over to it".to_owned(), |from| format!("handed over by {from}"))
            }
            event => event.to_owned(),
        }
    }

    /// `  526  2026-11-20 09:00  Wanda Bellthorn     first_touch is written, for email`
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub(crate) fn line(&mut self, logged: &Logged) -> anyhow::Result<String> {
        let zone = words::zone(&self.office.program.client.timezone);
        let at = logged.at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string();
        let name = match &logged.record {
            Some(record) => self.name(record)?,
            None => String::new(),
        };
        let first = format!("{:>6}  {at}  {}  ", logged.number.0, layout::left(&name, NAMES));
        Ok(layout::paragraph(&first, &self.said(logged), self.columns))
    }

    fn name(&mut self, record: &RecordRef) -> anyhow::Result<String> {
        if let Some(name) = self.names.get(record) {
            return Ok(name.clone());
        }
        let person = people::of(&self.office.runner.crm, &self.office.program, record)?;
        let name = if person.name.is_some() || person.email.is_some() {
            person.title()
        } else {
            format!("{} {}", record.entity, record.id)
        };
        self.names.insert(record.clone(), name.clone());
        Ok(name)
    }

    fn instant(&self, at: Timestamp) -> String {
        words::as_of(at, &self.office.program.client.timezone)
    }

    fn said(&self, logged: &Logged) -> String {
        let at = logged.at;
        match &logged.entry {
            Entry::Started { workflow, trigger, .. } => format!("{workflow} begins: {}", self.begun(trigger)),
            Entry::Entered { run, from: None, stage, way, .. } => {
                // Its beginning is said already; what led elsewhere than to the first stage is not.
                let instead = way.split_once(", but ").map(|(_, why)| format!(": {why}")).unwrap_or_default();
                format!("{} is in {stage}{instead}", self.run(*run))
            }
            entry @ (Entry::Entered { run, .. } | Entry::Ended { run, .. }) => {
                format!("{} {}", self.run(*run), said(entry))
            }
            Entry::WorkDone { work, result } => {
                let by = self.work.get(work).map(|agent| format!(" by {agent}")).unwrap_or_default();
                format!("work {work} is done{by}: {}", came_of(result))
            }
            Entry::WorkFailed { work, why } => format!("work {work} failed: {why}"),
            Entry::Acted { run, act } => match self.acts.get(&logged.number) {
                Some(words) => format!("{} has done: {words}", self.run(*run)),
                None => format!("{} has done step {} of its stage", self.run(*run), act + 1),
            },
            Entry::Asked { question, whom, words, notes, .. } => {
                let whom = whom.as_ref().map_or("anybody", |whom| whom.as_str());
                let notes: String = notes.iter().map(|note| format!("; {note}")).collect();
                let words = inbox::asked(&self.office.program, question, words, None);
                format!("{whom} is asked{}: {words}{notes}", about(question))
            }
            Entry::Prolonged { question, due, .. } => {
                let until = due.map(|due| format!(", until {}", self.instant(due))).unwrap_or_default();
                format!(
                    "question {question} stood still while it was paused: there is as much time left as before{until}"
                )
            }
            Entry::StoodStill { run, since, .. } => {
                let length = lasted(at.duration_since(*since).as_secs());
                format!("{} stood still for {length}: that does not count as time in its stage", self.run(*run))
            }
            Entry::Held { run, until, why } => {
                format!("{} waits until {}: {why}", self.run(*run), self.instant(*until))
            }
            Entry::Moved { run, workflow, version, by } => {
                let version = layout::cut(version, 13);
                format!("run {run} is of {workflow} in the playbook {version} from now on, says {by}")
            }
            Entry::Overridden { how, run, by } => {
                let what = run.map_or_else(|| "everything about them".to_owned(), |run| self.run(run));
                format!("{what} is {} by {by}", done(*how))
            }
            Entry::TakenUp { put_off, .. } => format!("what was put off is worked off ({put_off})"),
            Entry::Spent { agent, action, amount, .. } => {
                let currency = &self.office.program.client.currency;
                format!("{agent} has spent {currency} {amount} to {action}")
            }
            Entry::Caught { workflow, trigger } => {
                format!("{workflow} does not start itself anew: {}", self.begun(trigger))
            }
            Entry::Activated { version } => format!("the playbook {} is at work", layout::cut(version, 13)),
            entry => said(entry),
        }
    }
}

/// Which message a question is about.
fn about(question: &QuestionKind) -> String {
    match question {
        QuestionKind::Stage { message: Some((message, _)) } | QuestionKind::Act { message: Some((message, _)), .. } => {
            format!(" about message {message}")
        }
        QuestionKind::Errand { send: Some(message) } => format!(" to carry message {message}"),
        _ => String::new(),
    }
}
