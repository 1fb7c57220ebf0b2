//! An agent that answers, changes and sends by itself, at the runner's own doors.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use compiler::compile::compile_unproven;
use compiler::program::{Act, FieldId, FieldPath, Program, StageKind, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use runtime::agents::config::{Ports, Surroundings};
use runtime::crm::Crm;
use runtime::crm::log::{Asked, Seeded};
use runtime::engine::{Entry, EntryId, Override, RecordRef, Refusal};
use runtime::import::{self, Request};
use runtime::runner::letters::Text;
use runtime::runner::{Given, HandedIn, RunError, Runner, Target};
use runtime::shell::Kept as _;

const NOW: &str = "2026-11-19T21:00:00Z";

const PLAYBOOK: &str = r#"client "Test" {
  currency NZD
  timezone "Pacific/Auckland"
  people founder "Founder"
}

use std.crm
use std.actions
use std.agents

template hello {
  subject "Hello"
  body    "Hi {contact.first_name else "there"}"
}

workflow Work for Contact by LeadGen {
  start on contact.created
  stage Draft {
    do write hello via email
    ask human to approve or change message within 2 days, remind every 18 hours
    next Out  on approved
    next Lost on rejected or expired
  }
  stage Out {
    do send message
    next Lost after 20 days
  }
  end Lost as lost
}

contact policy {
  unsubscribe in every send, honoured within 5 business days
}

source people from csv "people.csv" into Contact by email {
  first_name from "First"
  email      from "E-mail"
}
"#;

struct Stand {
    runner: Runner,
    now: Timestamp,
    folder: tempfile::TempDir,
}

/// A playbook whatever the compiler would have proven of it: the runner holds by itself.
fn program(text: &str) -> Arc<Program> {
    let compiled = compile_unproven("test.playbook", text);
    let found: Vec<&String> = compiled.diagnostics.iter().map(|found| &found.headline).collect();
    Arc::new(compiled.program.unwrap_or_else(|| panic!("{found:#?}")))
}

/// That playbook at work on what is in the folder.
fn runner(folder: &Path, program: Arc<Program>) -> Runner {
    let crm = Crm::open(&folder.join("crm.db"), &program).unwrap();
    let settings = "[sender]\naddress = \"us@test.example\"\nunsubscribe = \"https://test.example/stop/{key}\"\n";
    let around = Surroundings { client: folder, environment: &|_| None, zone: TimeZone::UTC, spent: BTreeMap::new() };
    let ports = Ports::read(settings, around).unwrap();
    Runner::new(crm, program, ports, Box::new(Seeded::new(1)), "test".to_owned()).unwrap()
}

/// A draft to one person waits for somebody.
fn stand() -> Stand {
    let folder = tempfile::tempdir().unwrap();
    let program = program(PLAYBOOK);
    let now: Timestamp = NOW.parse().unwrap();
    let mut crm = Crm::open(&folder.path().join("crm.db"), &program).unwrap();
    let file = folder.path().join("people.csv");
    std::fs::write(&file, "First,E-mail\nAna,ana@guests.example\n").unwrap();
    let source = program.sources.iter().find(|source| source.name == "people").unwrap();
    let request = Request { program: &program, source, file: &file, now, dry_run: false, rejected: None };
    import::run(&mut crm, &request, &mut |_| {}).unwrap();
    drop(crm);
    let mut runner = runner(folder.path(), program);
    runner.work(now).unwrap();
    Stand { runner, now, folder }
}

impl Stand {
    fn question(&self) -> EntryId {
        let open = self.runner.crm.inbox(&Asked::default()).unwrap();
        assert_eq!(open.len(), 1, "{open:#?}");
        open[0].question.id
    }

    fn draft(&self) -> (RecordRef, EntryId, Text) {
        let inquiry = self.runner.question(self.question()).unwrap();
        let (message, _, text) = self.runner.message_of(&inquiry).unwrap().unwrap();
        (inquiry.record.unwrap(), message, text)
    }

    fn send(&self) -> Act {
        let workflow = &self.runner.book().program.workflows;
        let workflow = workflow.iter().find(|workflow| workflow.name == "Work").unwrap();
        let StageKind::Stage(body) = &workflow.stages[1].kind else { panic!() };
        body.acts[0].clone()
    }

    #[track_caller]
    fn assert_nothing_left(&mut self) {
        self.runner.work(self.now).unwrap();
        let mut queued = 0;
        self.runner
            .crm
            .entries(None, EntryId(0), |logged| {
                queued += usize::from(matches!(logged.entry, Entry::Queued { .. }));
                std::ops::ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(queued, 0, "nothing is queued");
        assert!(!self.folder.path().join("outbox").exists(), "no letter is written");
    }
}

#[test]
fn an_agents_answer_is_none_whatever_it_says() {
    let mut stand = stand();
    let (_, _, text) = stand.draft();
    let own = Text { subject: None, body: "Buy now".to_owned() };
    for given in [Given::Approve(None), Given::Change(own), Given::Reject, Given::Done] {
        let question = stand.question();
        let refused = stand.runner.answer(question, given, "LeadGen", Some("I know better"), stand.now).unwrap_err();
        assert!(matches!(refused, RunError::Refused(Refusal::NotAPerson { .. })), "{refused}");
    }
    assert_eq!(stand.draft().2, text, "the text is as it was");
    stand.assert_nothing_left();
}

#[test]
fn an_agent_sends_nothing_directly_not_even_what_was_approved() {
    let mut stand = stand();
    let (record, ..) = stand.draft();
    let act = stand.send();
    let said = stand.runner.try_act(&record, "LeadGen", &act, stand.now).unwrap().unwrap();
    let Entry::Denied { reasons, .. } = &said else { panic!("{said:?}") };
    assert!(reasons.iter().any(|(check, _)| check == "approval"), "{reasons:?}");
    stand.assert_nothing_left();
}

#[test]
fn what_an_agent_changes_after_the_approval_is_asked_about_anew() {
    let mut stand = stand();
    let (record, message, _) = stand.draft();
    let question = stand.question();
    let own = Text { subject: Some("Hello".to_owned()), body: "Buy now".to_owned() };
    // The approval is there, and the port has not been asked: the agent is quicker.
    stand.runner.answer(question, Given::Approve(None), "founder", None, stand.now).unwrap();
    stand.runner.rewrite(&record, message, &own, "LeadGen", true, stand.now).unwrap();
    stand.runner.work(stand.now).unwrap();
    assert!(!stand.folder.path().join("outbox").exists(), "the agent's words went out");
    let (_, _, asked) = stand.draft();
    assert_eq!(asked, own, "a person is asked about the new words");
}

/// The table may have changed since the message was let out: it is asked once more before the port is.
#[test]
fn what_the_table_no_longer_allows_stays_in_though_it_was_approved() {
    // A workflow that sends without being allowed to is refused by the compiler: the stage sends nothing any more either.
    let silent = PLAYBOOK.replace("    do send message\n", "");
    assert_ne!(silent, PLAYBOOK);
    let closed = format!("{silent}\npermissions {{\n  |      | LeadGen |\n  | send |         |\n}}\n");
    for (text, leaves) in [(PLAYBOOK, true), (closed.as_str(), false)] {
        let mut stand = stand();
        let question = stand.question();
        stand.runner.answer(question, Given::Approve(None), "founder", None, stand.now).unwrap();
        let Stand { runner: before, now, folder } = stand;
        drop(before);
        let mut after = runner(folder.path(), program(text));
        after.work(now).unwrap();
        let mut kept = Vec::new();
        let all = after.crm.entries(None, EntryId(0), |logged| {
            if let Entry::Undelivered { why, uncertain, .. } = logged.entry {
                kept.push((why, uncertain));
            }
            std::ops::ControlFlow::Continue(())
        });
        all.unwrap();
        assert_eq!(folder.path().join("outbox").exists(), leaves, "{kept:?}");
        match (leaves, kept.as_slice()) {
            (true, []) => {}
            (false, [(why, false)]) => assert!(why.contains("LeadGen") && why.contains("send"), "{why}"),
            _ => panic!("{kept:?}"),
        }
    }
}

fn path(program: &Program, name: &str) -> FieldPath {
    let contact = program.entity("Contact").unwrap();
    let fields = &program.entities[contact.index()].fields;
    let field = fields.iter().position(|field| field.name == name).unwrap();
    FieldPath { entity: contact, relations: Vec::new(), field: FieldId(u32::try_from(field).unwrap()) }
}

/// The last words of the log about an agent that asked from outside.
fn said(stand: &Stand) -> Entry {
    let mut last = None;
    let all = stand.runner.crm.entries(None, EntryId(0), |logged| {
        if matches!(logged.entry, Entry::Denied { run: None, .. } | Entry::Allowed { .. }) {
            last = Some(logged.entry);
        }
        std::ops::ControlFlow::Continue(())
    });
    all.unwrap();
    last.unwrap()
}

#[test]
fn what_an_agent_changes_by_itself_is_asked_of_the_table_all_of_it_or_nothing() {
    let mut stand = stand();
    let (record, ..) = stand.draft();
    let program = Arc::clone(&stand.runner.book().program);
    let contact = program.entity("Contact").unwrap();
    let (name, stage) = (path(&program, "first_name"), path(&program, "lifecycle_stage"));
    let first = |stand: &Stand| {
        let known = stand.runner.crm.known(stand.runner.book(), contact, record.id, None).unwrap();
        known.facts.iter().find(|given| given.path == "contact.first_name").unwrap().words.to_string()
    };
    // Whoever finds people does not say who is a customer, and a change that it may not make takes the other one with it.
    let both = [(name.clone(), Value::Text("Eve".into())), (stage, Value::Text("customer".into()))];
    let denied = stand.runner.change((contact, &record), "LeadGen", &both, stand.now).unwrap();
    assert!(matches!(&denied, Some(Entry::Denied { .. })), "{denied:?}");
    assert_eq!((first(&stand).as_str(), Some(said(&stand))), ("Ana", denied));
    let allowed = stand.runner.change((contact, &record), "LeadGen", &both[..1], stand.now).unwrap();
    assert!(matches!(&allowed, Some(Entry::Allowed { .. })), "{allowed:?}");
    assert_eq!((first(&stand).as_str(), Some(said(&stand))), ("Eve", allowed));
    // Nobody whom the playbook does not have, and nobody who is paused.
    let one = [(name, Value::Text("Mallory".into()))];
    let stranger = stand.runner.change((contact, &record), "Stranger", &one, stand.now).unwrap();
    assert!(matches!(stranger, Some(Entry::Denied { .. })));
    stand.runner.step_in(Override::Pause, &Target::Switch("agent LeadGen".into()), "founder", None, stand.now).unwrap();
    let paused = stand.runner.change((contact, &record), "LeadGen", &one, stand.now).unwrap();
    let Some(Entry::Denied { reasons, .. }) = paused else { panic!("{paused:?}") };
    assert_eq!(reasons[0].0, "pause");
    assert_eq!(first(&stand), "Eve");
}

#[test]
fn what_would_be_said_is_what_is_said_and_nothing_of_it_is_in_the_log() {
    let mut stand = stand();
    let (record, ..) = stand.draft();
    let act = stand.send();
    let before = stand.runner.crm.next_entry().unwrap();
    let would = stand.runner.would_say(&record, "LeadGen", &act, stand.now).unwrap();
    assert_eq!(stand.runner.crm.next_entry().unwrap(), before);
    assert_eq!(stand.runner.try_act(&record, "LeadGen", &act, stand.now).unwrap(), would);
}

#[test]
fn nobody_hands_over_whom_the_playbook_does_not_let() {
    let mut stand = stand();
    let (record, ..) = stand.draft();
    for by in ["LeadGen", "Qualification", "Stranger"] {
        let handed = stand.runner.hand_in(&record, "Work", by, "k", stand.now).unwrap();
        assert!(matches!(handed, HandedIn::Denied(_)), "{by}: {handed:?}");
    }
    let nowhere = stand.runner.hand_in(&record, "Nowhere", "LeadGen", "k", stand.now).unwrap();
    assert!(matches!(nowhere, HandedIn::Denied(_)), "{nowhere:?}");
}
