//! A log made by hand, entry by entry, and the playbook that it could be of.

use std::sync::LazyLock;

use compiler::program::{EventId, Program, Settlement};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use runtime::crm::log::Logged;
use runtime::engine::{Entry, EntryId, QuestionKind, RecordRef, WorkResult};
use runtime::facts::Reported;
use runtime::metrics::{Journal, Observed};

/// When the log begins: a monday morning in Auckland.
pub(crate) const BEGIN: &str = "2026-11-01T20:00:00Z";

pub(crate) fn program() -> Program {
    static COMPILED: LazyLock<Program> = LazyLock::new(|| {
        let compiled = compiler::compile::compile_unproven("funnel.playbook", include_str!("funnel.playbook"));
        let found: Vec<_> = compiled.diagnostics.iter().map(|found| found.headline.as_str()).collect();
        compiled.program.unwrap_or_else(|| panic!("{}", found.join("\n")))
    });
    COMPILED.clone()
}

pub(crate) fn zone() -> TimeZone {
    TimeZone::get("Pacific/Auckland").unwrap()
}

pub(crate) fn record(entity: &str, id: i64) -> RecordRef {
    RecordRef { entity: entity.into(), id }
}

pub(crate) fn event(program: &Program, name: &str) -> EventId {
    program.event(name).unwrap()
}

/// A log that grows.
pub(crate) struct Log {
    pub(crate) entries: Vec<Logged>,
    pub(crate) now: Timestamp,
}

impl Log {
    pub(crate) fn new() -> Self {
        let mut log = Self { entries: Vec::new(), now: BEGIN.parse().unwrap() };
        log.put(None, Entry::Activated { version: "v1".into() });
        log
    }

    pub(crate) fn wait_hours(&mut self, hours: i64) {
        self.now += SignedDuration::from_hours(hours);
    }

    pub(crate) fn put(&mut self, case: Option<RecordRef>, entry: Entry) -> EntryId {
        let number = EntryId(self.entries.len() as i64 + 1);
        self.entries.push(Logged { number, at: self.now, clock: None, record: case, entry, sealed: None });
        number
    }

    pub(crate) fn start(&mut self, workflow: &str, record: RecordRef, contact: i64, stage: &str) -> Run {
        let case = self::record("Contact", contact);
        let trigger = format!("event:{}", self.entries.len()).into();
        let (workflow, version) = (workflow.into(), "v1".into());
        let started = Entry::Started { workflow, record, trigger, version, parent: None };
        let id = self.put(Some(case.clone()), started);
        let run = Run { id, case };
        self.enter(&run, None, stage, "contact.created", "LeadGen");
        run
    }

    /// A run of Generation for a contact.
    pub(crate) fn generation(&mut self, contact: i64) -> Run {
        self.start("Generation", record("Contact", contact), contact, "Rating")
    }

    pub(crate) fn enter(&mut self, run: &Run, from: Option<&str>, stage: &str, way: &str, by: &str) {
        let (from, stage, way, by) = (from.map(Into::into), stage.into(), way.into(), by.into());
        self.put(Some(run.case.clone()), Entry::Entered { run: run.id, from, stage, way, seconds: 0, by });
    }

    pub(crate) fn end(&mut self, run: &Run, outcome: &str, because: Option<&str>) -> EntryId {
        let (outcome, because) = (outcome.into(), because.map(Into::into));
        self.put(Some(run.case.clone()), Entry::Ended { run: run.id, outcome, because })
    }

    pub(crate) fn score(&mut self, run: &Run, route: &str, layers: &[(&str, i64)]) {
        let fixed = compiler::program::Fixed::from_integer;
        let value = fixed(layers.iter().map(|(_, points)| points).sum());
        let scored = Entry::Scored {
            run: run.id,
            score: "icp".into(),
            value,
            low: value,
            high: value,
            route: Some(route.into()),
            certain: true,
            layers: layers.iter().map(|(name, points)| ((*name).into(), fixed(*points))).collect(),
            by: "Qualification".into(),
        };
        self.put(Some(run.case.clone()), scored);
    }

    /// The agent writes a draft; gives the message.
    pub(crate) fn write(&mut self, run: &Run, agent: &str) -> EntryId {
        let asked = Entry::WorkAsked {
            run: run.id,
            agent: agent.into(),
            action: "write".into(),
            words: "write first_touch via email".into(),
            object: "first_touch".into(),
            channel: Some("email".into()),
        };
        let work = self.put(Some(run.case.clone()), asked);
        let result = WorkResult::Wrote { hash: "h".into(), channel: "email".into(), template: "first_touch".into() };
        self.put(Some(run.case.clone()), Entry::WorkDone { work, result })
    }

    pub(crate) fn ask(&mut self, run: &Run, question: QuestionKind, notes: &[&str]) -> EntryId {
        let asked = Entry::Asked {
            run: Some(run.id),
            question,
            whom: None,
            options: vec!["approve".into()],
            words: "is this good?".into(),
            notes: notes.iter().map(|note| (*note).into()).collect(),
            due: None,
            remind: None,
        };
        self.put(Some(run.case.clone()), asked)
    }

    pub(crate) fn settle(&mut self, run: &Run, question: EntryId, how: Option<Settlement>) {
        let settled = Entry::Settled { question, how, by: None, hash: None, until: None, why: None };
        self.put(Some(run.case.clone()), settled);
    }

    pub(crate) fn send(&mut self, run: &Run, message: EntryId) {
        let queued = Entry::Queued {
            run: run.id,
            message,
            hash: "h".into(),
            channel: "email".into(),
            approval: message,
            by: "LeadGen".into(),
            not_before: None,
        };
        let send = self.put(Some(run.case.clone()), queued);
        self.put(Some(run.case.clone()), Entry::Delivered { send });
    }

    /// From a draft to the message sent, approved unchanged.
    pub(crate) fn reach(&mut self, run: &Run) {
        self.enter(run, Some("Rating"), "Drafting", "Drafting when icp is hot", "Qualification");
        let message = self.write(run, "LeadGen");
        let asked = self.ask(run, QuestionKind::Stage { message: Some((message, "h".into())) }, &[]);
        self.settle(run, asked, Some(Settlement::Approved));
        self.enter(run, Some("Drafting"), "Outreach", "Outreach on approved", "LeadGen");
        self.send(run, message);
    }

    pub(crate) fn win(&mut self, run: &Run) {
        self.enter(run, Some("Outreach"), "Won", "Won on reply.received", "LeadGen");
        self.end(run, "won", None);
    }

    pub(crate) fn drop_cold(&mut self, run: &Run) {
        self.enter(run, Some("Rating"), "Dropped", "Dropped otherwise because \"not our trade\"", "Qualification");
        self.end(run, "disqualified", None);
    }

    pub(crate) fn journal(&self) -> Journal {
        Journal::of(&self.entries, self.now, &zone())
    }

    /// What is observed of it, where all events are reported since ever.
    pub(crate) fn observed(&self, program: &Program, events: &[(&str, i64, Timestamp)]) -> Observed {
        let mut observed = Observed { journal: self.journal(), ..Observed::default() };
        for id in 0..program.events.len() {
            let ever = Reported { since: Timestamp::MIN, until: None };
            observed.coverage.events.insert(EventId(u32::try_from(id).unwrap()), ever);
        }
        for (name, contact, at) in events {
            let times = observed.happened.entry(event(program, name)).or_default().entry(*contact).or_default();
            times.push(*at);
            times.sort();
        }
        observed
    }
}

/// A run of a log.
pub(crate) struct Run {
    pub(crate) id: EntryId,
    pub(crate) case: RecordRef,
}
