//! A playbook, one case and a clock that is told. Each input goes through `step` and through every invariant.

use std::collections::BTreeSet;
use std::sync::Arc;

use compiler::compile::compile_unproven;
use compiler::program::Program;
use jiff::{SignedDuration, Timestamp};
use runtime::engine::{
    Answer, Case, Context, Decided, Entry, EntryId, Input, Override, QuestionKind, RecordRef, Refusal, Sending, Step,
    WorkResult, step, step_in_place,
};
use runtime::runner::Book;
use smol_str::SmolStr;

use super::invariants::{Told, hold};
use super::judge::Facts;

/// Monday morning in Auckland.
pub(crate) const NOW: &str = "2026-11-29T20:00:00Z";

pub(crate) const BEFORE: &str = r#"client "Test" {
  currency NZD
  timezone "Pacific/Auckland"
  people founder "Founder", closer "Closer"
}

use std.crm
use std.actions

score icp for Contact {
  layer place { +40 when country is NZ because "near" }
  layer reach { +40 when email is known because "can be written to" }
  route {
    hot  when icp >= 80
    cold otherwise
  }
}
fact velocity of Contact is count of email.clicked in the last 7 days
rubric tone from message, confirmed by human {
  5 "plain words"
  0 "praises itself"
}
template hello {
  subject "Hello"
  body    "Hi {contact.first_name else "there"}"
}
contact policy {
  unsubscribe in every send, honoured within 5 business days
}
agent Writer {
  hands "list" to human
}
agent Seller {
  hands "deal" to human
}
permissions {
  |               | Writer    | Seller    |
  | Contact       | write     | write     |
  | Contact.icp   | write     | write     |
  | Company       | write     | write     |
  | Deal          | write     | write     |
  | Activity      | write     | write     |
  | send, offer   | ask human | ask human |
}
"#;

pub(crate) fn program(declarations: &str) -> Result<Program, String> {
    program_of(&format!("{BEFORE}\n{declarations}\n"))
}

pub(crate) fn program_of(text: &str) -> Result<Program, String> {
    // The engine holds by itself, whatever the compiler would have proven.
    let compiled = compile_unproven("test.playbook", text);
    let found: Vec<&String> = compiled.diagnostics.iter().map(|found| &found.headline).collect();
    compiled.program.ok_or_else(|| format!("{text}\n{found:#?}"))
}

pub(crate) fn contact() -> RecordRef {
    RecordRef { entity: "Contact".into(), id: 7 }
}

/// A case and all that happened to it.
pub(crate) struct Stand {
    pub(crate) book: Book,
    pub(crate) facts: Facts,
    pub(crate) case: Case,
    pub(crate) now: Timestamp,
    pub(crate) wake: Option<Timestamp>,
    pub(crate) switches: BTreeSet<SmolStr>,
    pub(crate) channels: Vec<SmolStr>,
    /// Everything that was decided, with its instant. The first entry has the number 1.
    pub(crate) log: Vec<(Timestamp, Entry)>,
    row: i64,
}

impl Stand {
    #[track_caller]
    pub(crate) fn new(declarations: &str) -> Self {
        Self::of(Arc::new(program(declarations).unwrap_or_else(|found| panic!("{found}"))))
    }

    pub(crate) fn of(program: Arc<Program>) -> Self {
        Self {
            book: Book::new(Arc::clone(&program)).unwrap(),
            facts: Facts::new(program),
            case: Case::new(contact()),
            now: NOW.parse().unwrap(),
            wake: None,
            switches: BTreeSet::new(),
            channels: vec!["email".into()],
            log: Vec::new(),
            row: 0,
        }
    }

    pub(crate) fn next(&self) -> EntryId {
        EntryId(i64::try_from(self.log.len()).unwrap() + 1)
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            program: &self.book.program,
            version: &self.book.version,
            zone: &self.book.zone,
            gate: &self.book,
            switches: &self.switches,
            channels: &self.channels,
            next: self.next(),
        }
    }

    /// Tells the case something; what follows has to be as everything has to be.
    pub(crate) fn tell(&mut self, input: &Input) -> Result<Vec<Entry>, Refusal> {
        let before = self.case.clone();
        let mut facts = self.facts.clone();
        let done = step(&self.context(), &before, input, self.now, &mut facts);
        let again = step(&self.context(), &before, input, self.now, &mut self.facts.clone());
        assert_eq!(done, again, "the same arguments give the same step");
        let mut in_place = before.clone();
        let decided = step_in_place(&self.context(), &mut in_place, input, self.now, &mut self.facts.clone());
        let expected = done.as_ref().map_or(&before, |step| &step.case);
        assert_eq!(in_place, *expected, "a step in place leads to the same case, and is no step where it is refused");
        let same = done.clone().map(|Step { entries, wake, .. }| Decided { entries, wake });
        assert_eq!(decided, same, "a step in place is the same step");
        let Step { entries, case, wake } = done?;
        for entry in &entries {
            if let Entry::Started { workflow, trigger, record, .. } = entry {
                self.facts.started.insert((workflow.clone(), trigger.clone(), record.clone()));
            }
        }
        let first = self.next();
        let at = self.now;
        self.log.extend(entries.iter().cloned().map(|entry| (at, entry)));
        self.case = case;
        self.wake = wake;
        hold(&Told { stand: self, before: &before, input, first, entries: &entries });
        Ok(entries)
    }

    #[expect(clippy::needless_pass_by_value, reason = "most inputs of a test are written where they are told")]
    #[track_caller]
    pub(crate) fn say(&mut self, input: Input) -> Vec<Entry> {
        self.tell(&input).unwrap_or_else(|refusal| panic!("{input:?}: {refusal}"))
    }

    /// The case's record is new.
    #[track_caller]
    pub(crate) fn begin(&mut self) -> Vec<Entry> {
        let (event, at) = ("contact.created".into(), self.now);
        self.say(Input::Happened { event, of: contact(), row: 0, at, cause: None })
    }

    #[track_caller]
    pub(crate) fn happen(&mut self, event: &str) -> Vec<Entry> {
        self.happen_by(event, None)
    }

    #[track_caller]
    pub(crate) fn happen_by(&mut self, event: &str, cause: Option<EntryId>) -> Vec<Entry> {
        self.row += 1;
        let (row, at) = (self.row, self.now);
        self.say(Input::Happened { event: event.into(), of: contact(), row, at, cause })
    }

    /// Time passes, and the case is woken whenever it asked to be.
    pub(crate) fn wait(&mut self, hours: i64) -> Vec<Entry> {
        let until = self.now + SignedDuration::from_hours(hours);
        let mut entries = Vec::new();
        while let Some(wake) = self.wake.filter(|wake| *wake <= until) {
            self.now = wake;
            entries.extend(self.say(Input::Woke));
        }
        self.now = until;
        entries
    }

    /// The oldest work is done.
    #[track_caller]
    pub(crate) fn done(&mut self, result: WorkResult) -> Vec<Entry> {
        let work = self.case.work.first().expect("some work").id;
        self.say(Input::Done { work, result })
    }

    #[track_caller]
    pub(crate) fn write(&mut self, text: &str) -> Vec<Entry> {
        self.done(wrote(text, "email"))
    }

    /// The number of the one open question.
    #[track_caller]
    pub(crate) fn question(&self) -> EntryId {
        assert_eq!(self.case.questions.len(), 1, "{:#?}", self.case.questions);
        self.case.questions[0].id
    }

    #[track_caller]
    pub(crate) fn answer(&mut self, answer: Answer) -> Vec<Entry> {
        self.answer_as(answer, "founder", None).unwrap()
    }

    pub(crate) fn answer_as(&mut self, answer: Answer, by: &str, why: Option<&str>) -> Result<Vec<Entry>, Refusal> {
        let question = self.question();
        self.tell(&Input::Answered { question, answer, by: by.into(), why: why.map(str::to_owned), record: None })
    }

    #[track_caller]
    pub(crate) fn step_in(&mut self, kind: Override, run: Option<EntryId>) -> Vec<Entry> {
        self.say(Input::Override { kind, run, by: "founder".into(), why: None })
    }

    /// Where the first live run is; how the last one ended where none is.
    pub(crate) fn stage(&self) -> String {
        if let Some(run) = self.case.runs.first() {
            return run.stage.to_string();
        }
        let ended = self.log.iter().rev().find_map(|(_, entry)| match entry {
            Entry::Ended { outcome, .. } => Some(format!("ended {outcome}")),
            _ => None,
        });
        ended.unwrap_or_else(|| "nothing".to_owned())
    }

    pub(crate) fn run(&self) -> EntryId {
        self.case.runs[0].id
    }

    pub(crate) fn message(&self) -> (EntryId, SmolStr) {
        let message = self.case.runs[0].message.as_ref().expect("a message");
        (message.id, message.hash.clone())
    }

    pub(crate) fn kind(&self) -> &QuestionKind {
        assert_eq!(self.case.questions.len(), 1, "{:#?}", self.case.questions);
        &self.case.questions[0].kind
    }

    pub(crate) fn later(&mut self, hours: i64, why: &str) {
        self.facts.sending = Sending::Later(self.now + SignedDuration::from_hours(hours), why.into());
    }
}

pub(crate) fn wrote(text: &str, channel: &str) -> WorkResult {
    WorkResult::Wrote { hash: hash(text), channel: channel.into(), template: "hello".into() }
}

pub(crate) fn hash(text: &str) -> SmolStr {
    format!("hash of {text}").into()
}

pub(crate) const YES: Answer = Answer::Approve { hash: None };

/// The words that the log has for these entries: `entered Draft`, `asked stage`, `denied priority`.
pub(crate) fn words(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(word).collect()
}

fn word(entry: &Entry) -> String {
    let json = serde_json::to_value(entry).unwrap();
    let kind = json["kind"].as_str().unwrap().replace('_', " ");
    match entry {
        Entry::Entered { stage, .. } => format!("{kind} {stage}"),
        Entry::WorkAsked { action, .. } => format!("{kind} {action}"),
        Entry::Asked { question, .. } => {
            let question = serde_json::to_value(question).unwrap();
            let about = question
                .as_str()
                .map_or_else(|| question.as_object().unwrap().keys().next().unwrap().clone(), str::to_owned);
            format!("{kind} {about}")
        }
        Entry::Settled { how, .. } => {
            let how =
                how.map_or("void".to_owned(), |how| serde_json::to_value(how).unwrap().as_str().unwrap().to_owned());
            format!("{kind} {how}")
        }
        Entry::Denied { reasons, .. } => format!("{kind} {}", reasons[0].0),
        Entry::Ended { outcome, .. } => format!("{kind} {outcome}"),
        Entry::Started { workflow, .. } | Entry::Caught { workflow, .. } => format!("{kind} {workflow}"),
        _ => kind,
    }
}
