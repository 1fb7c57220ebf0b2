//! A CRM with a few contacts, a clock that is told, and entries made by hand: what the engine would decide is not the question here.

use std::path::Path;

use compiler::program::Program;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use runtime::crm::Crm;
use runtime::crm::log::{Committed, Decision, LogError, Means, Sealed, Seeded, Standing, Turn};
use runtime::engine::{Case, Entry, EntryId, RecordRef, apply};

/// When tests begin.
pub(crate) const NOW: &str = "2026-11-30T08:00:00Z";

/// When a case of these tests wants to be woken: what the store is told, whatever the engine would say.
fn wake(case: &Case) -> Option<Timestamp> {
    let held = case.runs.iter().filter_map(|run| Some(run.held.as_ref()?.until));
    held.chain(case.questions.iter().filter_map(|question| question.due)).min()
}

/// What the store is told to write, with the waking that goes with it.
pub(crate) fn decision(standing: &Standing, turn: Turn, entries: Vec<Sealed>) -> Decision {
    let mut case = standing.case.clone();
    for (number, sealed) in (turn.first.0..).zip(&entries) {
        apply(&mut case, EntryId(number), turn.now, &sealed.entry);
    }
    Decision { entries, wake: wake(&case), folded: Some(case), ..Decision::default() }
}

pub(crate) fn program() -> Program {
    let text = "client \"Test\" {\n  currency NZD\n  timezone \"Pacific/Auckland\"\n}\n\nuse std.crm\n";
    compiler::compile::compile_unproven("test.playbook", text).program.unwrap()
}

pub(crate) fn zone() -> TimeZone {
    TimeZone::get("Pacific/Auckland").unwrap()
}

pub(crate) fn contact(id: i64) -> RecordRef {
    RecordRef { entity: "Contact".into(), id }
}

pub(crate) struct Stand {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) program: Program,
    pub(crate) crm: Crm,
    pub(crate) now: Timestamp,
    pub(crate) zone: TimeZone,
    pub(crate) salts: Seeded,
}

impl Stand {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = program();
        let crm = Crm::open(&folder.path().join("crm.db"), &program).unwrap();
        let stand = Self { folder, program, crm, now: NOW.parse().unwrap(), zone: zone(), salts: Seeded::new(1) };
        let contacts = "INSERT INTO contact (id, first_name, email) \
                        SELECT value, 'Person' || value, 'p' || value || '@example.com' FROM generate_series(1, 9)";
        let contacts = contacts.replace("generate_series(1, 9)", "json_each('[1,2,3,4,5,6,7,8,9]')");
        stand.sql().execute_batch(&contacts).unwrap();
        stand
    }

    pub(crate) fn path(&self) -> &Path {
        self.crm.path()
    }

    /// A second connection, as somebody at a prompt has it.
    pub(crate) fn sql(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.crm.path()).unwrap()
    }

    pub(crate) fn count(&self, table: &str) -> i64 {
        self.sql().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    }

    /// One line a row, cells joined by `|`.
    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        let connection = self.sql();
        let mut statement = connection.prepare(sql).unwrap();
        let width = statement.column_count();
        let rows = statement.query_map([], |row| {
            let cells = (0..width).map(|index| {
                Ok(match row.get_ref(index)? {
                    rusqlite::types::ValueRef::Null => "-".to_owned(),
                    rusqlite::types::ValueRef::Integer(value) => value.to_string(),
                    rusqlite::types::ValueRef::Real(value) => value.to_string(),
                    rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    rusqlite::types::ValueRef::Blob(_) => "blob".to_owned(),
                })
            });
            cells.collect::<rusqlite::Result<Vec<_>>>().map(|cells| cells.join("|"))
        });
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// The clock goes on.
    pub(crate) fn wait(&mut self, seconds: i64) {
        self.now += jiff::SignedDuration::from_secs(seconds);
    }

    /// Decides about a contact; `work` is given the number of the first entry.
    pub(crate) fn decide(
        &mut self,
        id: i64,
        work: impl FnOnce(i64, &Standing) -> Vec<Sealed>,
    ) -> Result<Committed, LogError> {
        let (zone, now) = (self.zone.clone(), self.now);
        let mut means = Means { now, zone: &zone, randomness: &mut self.salts };
        self.crm.decide(&contact(id), &mut means, |_, standing, turn: Turn| {
            Ok(decision(standing, turn, work(turn.first.0, standing)))
        })
    }

    pub(crate) fn declare(&mut self, entries: Vec<Sealed>) -> Result<Committed, LogError> {
        let (zone, now) = (self.zone.clone(), self.now);
        let mut means = Means { now, zone: &zone, randomness: &mut self.salts };
        self.crm.declare(&Decision { entries, ..Decision::default() }, &mut means)
    }

    /// Starts a run for a contact and has it enter its first stage; gives its number.
    pub(crate) fn start(&mut self, id: i64, workflow: &str, trigger: &str) -> i64 {
        self.decide(id, |first, _| vec![started(id, workflow, trigger), entered(first, None, "research")])
            .unwrap()
            .turn
            .first
            .0
    }

    /// Work is asked for and done: a message, sealed. Gives its number.
    pub(crate) fn write(&mut self, id: i64, run: i64, text: &str) -> i64 {
        let work = self.decide(id, |_, _| vec![asked_for(run, "Writer", "write")]).unwrap().turn.first.0;
        self.decide(id, |_, _| vec![wrote(work, text)]).unwrap().turn.first.0
    }
}

pub(crate) fn started(id: i64, workflow: &str, trigger: &str) -> Sealed {
    let (workflow, trigger) = (workflow.into(), trigger.into());
    Entry::Started { workflow, record: contact(id), trigger, version: "v1".into(), parent: None }.into()
}

pub(crate) fn entered(run: i64, from: Option<&str>, stage: &str) -> Sealed {
    Entry::Entered {
        run: EntryId(run),
        from: from.map(Into::into),
        stage: stage.into(),
        way: "otherwise".into(),
        seconds: 0,
        by: "LeadGen".into(),
    }
    .into()
}

pub(crate) fn asked_for(run: i64, agent: &str, action: &str) -> Sealed {
    Entry::WorkAsked {
        run: EntryId(run),
        agent: agent.into(),
        action: action.into(),
        words: "write the first message".into(),
        object: "intro".into(),
        channel: Some("email".into()),
    }
    .into()
}

pub(crate) fn hash(text: &str) -> smol_str::SmolStr {
    blake3::hash(text.as_bytes()).to_hex().as_str().into()
}

pub(crate) fn wrote(work: i64, text: &str) -> Sealed {
    let result =
        runtime::engine::WorkResult::Wrote { hash: hash(text), channel: "email".into(), template: "intro".into() };
    Sealed { entry: Entry::WorkDone { work: EntryId(work), result }, body: Some(text.to_owned()) }
}

pub(crate) fn queued(run: i64, message: i64, text: &str) -> Sealed {
    Entry::Queued {
        run: EntryId(run),
        message: EntryId(message),
        hash: hash(text),
        channel: "email".into(),
        approval: EntryId(message),
        by: "Writer".into(),
        not_before: None,
    }
    .into()
}

pub(crate) fn question(run: Option<i64>, whom: Option<&str>, due: Option<Timestamp>) -> Sealed {
    Entry::Asked {
        run: run.map(EntryId),
        question: runtime::engine::QuestionKind::Stage { message: None },
        whom: whom.map(Into::into),
        options: vec!["approve".into(), "reject".into()],
        words: "may this go out".into(),
        notes: vec!["no evidence of budget".into()],
        due,
        remind: None,
    }
    .into()
}

pub(crate) fn settled(question: i64, how: Option<compiler::program::Settlement>) -> Sealed {
    Entry::Settled {
        question: EntryId(question),
        how,
        by: how.map(|_| "founder".into()),
        hash: None,
        until: None,
        why: None,
    }
    .into()
}

pub(crate) fn ended(run: i64) -> Sealed {
    Entry::Ended { run: EntryId(run), outcome: "won".into(), because: None }.into()
}
