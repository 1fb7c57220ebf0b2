//! The same scenario by the real runner on SQLite and by a world in memory: the same steps, at the same instants.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use compiler::compile::{Input, compile};
use compiler::diagnostics::SourceText;
use compiler::modules::NoModules;
use compiler::program::{BuyerHabit, EntityId, FieldId, Program, Subject, Type};
use jiff::Timestamp;
use runtime::agents::builtin::BuiltIn;
use runtime::agents::config::{Ports, Workers};
use runtime::agents::{BoxFuture, Letter, Mailer, PortError, Receipt};
use runtime::crm::log::{Raised, Seeded};
use runtime::crm::{ContactId, Crm, Noted, RecordId, facts_json};
use runtime::engine::{Answer, Entry, EntryId, Judge as _, RecordRef};
use runtime::import::{self, Request};
use runtime::runner::{Given, Runner};
use runtime::shell::FactJudge;

use super::outside::{Coming, Outside};
use super::play::{Step, steps, trace};
use super::pool::{Pool, Prototype};
use super::random::Lots;
use super::setting::Setting;

const FROM: &str = "2026-11-29T11:00:00Z";

/// A playbook of the repository, with every warning as it may be.
#[expect(clippy::disallowed_methods, reason = "a test reads the playbooks that are beside it")]
pub(super) fn client(folder: &str) -> Arc<Program> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "playbook"));
    files.sort();
    let text = |file: &PathBuf| SourceText {
        name: file.file_name().unwrap().to_string_lossy().into_owned().into(),
        text: std::fs::read_to_string(file).unwrap().into(),
    };
    let input = Input { files: files.iter().map(text).collect(), asked: Vec::new() };
    let compiled = compile(&input, &NoModules);
    let found: Vec<&String> = compiled.diagnostics.iter().map(|found| &found.headline).collect();
    Arc::new(compiled.program.unwrap_or_else(|| panic!("{found:#?}")))
}

/// What the client's sources make of its samples: the records of one file, with all that the others say of them.
pub(super) fn pool(program: &Program, folder: &str, from: &str) -> Pool {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let mut crm = Crm::open_in_memory(program).unwrap();
    let own = program.sources.iter().filter(|source| !source.preset);
    let files: Vec<_> = own.flat_map(|source| source.files.iter().map(move |file| (source, file))).collect();
    let (named, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|(_, file)| *file == from);
    let mut contacts = Vec::new();
    for (source, file) in named.into_iter().chain(others) {
        let file = folder.join(file.as_str());
        let now = FROM.parse().unwrap();
        let request = Request { program, source, file: &file, now, dry_run: false, rejected: None };
        import::run(&mut crm, &request, &mut |_| {}).unwrap();
        if contacts.is_empty() {
            contacts = crm.records_after(program, program.entity("Contact").unwrap(), 0, u32::MAX).unwrap();
        }
    }
    let mut pool = Pool::read(&crm, program, from.into(), &contacts, Timestamp::UNIX_EPOCH).unwrap();
    pool.as_of = pool.newest().unwrap_or_else(|| FROM.parse().unwrap());
    pool
}

struct Nowhere;

impl Mailer for Nowhere {
    fn send<'a>(&'a self, _: &'a Letter) -> BoxFuture<'a, Result<Receipt, PortError>> {
        Box::pin(async { Ok(Receipt { message_id: None, carrier: "test".into(), before: false }) })
    }

    fn knows_its_keys(&self) -> bool {
        true
    }
}

/// The runner with those outside around it.
struct Replica<'s> {
    runner: Runner,
    setting: &'s Setting,
    outside: Outside<'s>,
    keys: Vec<u64>,
    events: i64,
    entries: EntryId,
    /// Events that came along with a lead.
    history: Vec<i64>,
}

impl<'s> Replica<'s> {
    fn play(setting: &'s Setting, seed: u64) -> Vec<Step> {
        let program = &setting.book.program;
        let crm = Crm::open_in_memory(program).unwrap();
        let ports = Ports {
            workers: Workers::built_in(BuiltIn::new(None)),
            mailer: Arc::new(Nowhere),
            sender: Some(setting.sender.clone()),
            budget: None,
            outside: Vec::new(),
        };
        let randomness = Box::new(Seeded::new(0));
        let mut runner = Runner::new(crm, Arc::clone(program), ports, randomness, "test".into()).unwrap();
        runner.assume(setting.coverage.clone());
        let outside = Outside::new(
            program,
            &setting.book.zone,
            setting.scenario().unwrap(),
            &setting.pools,
            Lots::new(seed),
            setting.span(),
        );
        let (keys, history) = (Vec::new(), Vec::new());
        let mut replica = Self { runner, setting, outside, keys, events: 0, entries: EntryId(0), history };
        replica.runner.work(setting.from).unwrap();
        replica.run();
        let mut logged = Vec::new();
        replica
            .runner
            .crm
            .entries(None, EntryId(0), |entry| {
                logged.push(entry);
                ControlFlow::Continue(())
            })
            .unwrap();
        steps(logged.iter().map(|logged| {
            (logged.number, logged.at, logged.record.as_ref().map_or(0, |record| record.id), &logged.entry)
        }))
    }

    fn run(&mut self) {
        loop {
            let due = [self.outside.next(), self.runner.next_due().unwrap()].into_iter().flatten().min();
            let Some(now) = due.filter(|due| *due < self.setting.until) else { return };
            while let Some(coming) = {
                let crm = &self.runner.crm;
                self.outside.coming(now, |contact, question| {
                    let record = RecordRef { entity: "Contact".into(), id: contact };
                    let case = crm.case(&record).unwrap().case;
                    case.questions.iter().find(|open| open.id == question).cloned()
                })
            } {
                self.apply(coming, now);
            }
            self.runner.work(now).unwrap();
            self.show(now);
        }
    }

    fn apply(&mut self, coming: Coming, now: Timestamp) {
        match coming {
            Coming::Lead(place) => self.arrive(place, now),
            Coming::Buyer { contact, event, took } => {
                let declared = &self.setting.book.program.events[event.index()];
                let fields = super::world::delay(&self.setting.book.program, event, took);
                let facts = facts_json::write(declared, &fields);
                let event = declared.name.clone();
                let raised = Raised { contact: RecordId(contact), event, at: now, facts, external_id: None };
                self.runner.happened(vec![raised], now).unwrap();
            }
            Coming::Person { question, answer, by, .. } => {
                let given = match answer {
                    Answer::Approve { hash } => Given::Approve(hash),
                    Answer::Reject => Given::Reject,
                    Answer::Done => Given::Done,
                    Answer::Rate { value } => Given::Rate(value),
                    Answer::Change { .. } => Given::Done,
                };
                // What does not fit any more is left out.
                let _ = self.runner.answer(question, given, &by, Some("in a scenario"), now);
            }
        }
    }

    fn arrive(&mut self, place: usize, now: Timestamp) {
        let arrival = self.outside.arrivals[place];
        let pool = &self.setting.pools[arrival.place.0 as usize];
        let prototype = &pool.records[arrival.place.1 as usize];
        let shift = now.duration_since(pool.as_of);
        let contact = put(&self.runner.crm, &self.setting.book.program, prototype, self.keys.len());
        self.keys.push(arrival.key);
        assert_eq!(contact.0, i64::try_from(self.keys.len()).unwrap());
        let program = &self.setting.book.program;
        let raised: Vec<Raised> = prototype
            .facts
            .events
            .iter()
            .map(|happened| {
                let declared = &program.events[happened.event.index()];
                let (event, at) = (declared.name.clone(), happened.at.checked_add(shift).unwrap());
                let facts = facts_json::write(declared, &happened.fields);
                Raised { contact, event, at, facts, external_id: None }
            })
            .collect();
        let before = self.runner.crm.newest_event().unwrap();
        self.runner.happened(raised, now).unwrap();
        self.history.extend(before + 1..=self.runner.crm.newest_event().unwrap());
        for (number, said) in prototype.facts.conversations.iter().enumerate() {
            let (external_id, at) = (format!("{}:{number}", contact.0), said.at.checked_add(shift).unwrap());
            let contact = ContactId(contact.0);
            let noted = Noted {
                contact,
                kind: "note",
                outbound: false,
                subject: None,
                body: &said.text,
                external_id: &external_id,
                at,
            };
            self.runner.crm.note(&noted).unwrap();
        }
        self.show_event(contact.0, None, now);
    }

    fn show(&mut self, now: Timestamp) {
        for arrival in self.runner.crm.events_after(self.events, u32::MAX).unwrap() {
            self.events = arrival.event;
            if !self.history.contains(&arrival.event) {
                let event = self.setting.book.program.event(&arrival.name);
                self.show_event(arrival.contact.0, event, now);
            }
        }
        let mut asked = Vec::new();
        self.runner
            .crm
            .entries(None, self.entries, |logged| {
                self.entries = logged.number;
                if let (Entry::Asked { .. }, Some(record)) = (&logged.entry, &logged.record) {
                    asked.push((record.clone(), logged.number));
                }
                ControlFlow::Continue(())
            })
            .unwrap();
        for (record, question) in asked {
            let case = self.runner.crm.case(&record).unwrap().case;
            if let Some(open) = case.questions.iter().find(|open| open.id == question) {
                let key = self.keys[usize::try_from(record.id).unwrap() - 1];
                self.outside.asked(record.id, key, open, now);
            }
        }
    }

    fn show_event(&mut self, contact: i64, event: Option<compiler::program::EventId>, now: Timestamp) {
        let book = &self.setting.book;
        let scorer = self.setting.scorer(now).unwrap();
        let record = RecordRef { entity: "Contact".into(), id: contact };
        let mut judge = FactJudge::new(&self.runner.crm, book, &scorer, now, &record);
        let key = self.keys[usize::try_from(contact).unwrap() - 1];
        let own = Subject::Own(book.contact.unwrap());
        let holds = |habit: &BuyerHabit| {
            habit.when.as_ref().is_some_and(|(condition, _)| judge.holds_for_now(&record, own, condition))
        };
        self.outside.happened(contact, key, event, now, holds);
    }
}

/// Puts a prototype into a CRM, with a company of its own and an address that nobody else has.
fn put(crm: &Crm, program: &Program, prototype: &Prototype, number: usize) -> RecordId {
    let entity = program.entity("Contact").unwrap();
    let contact = crm.make(program, entity).unwrap();
    let mut others: Vec<(FieldId, EntityId, RecordId)> = Vec::new();
    for (path, value) in &prototype.facts.fields {
        let field = program.field(path).unwrap();
        match (path.relations.as_slice(), &field.ty) {
            ([], Type::Record(next)) => {
                let other = crm.make(program, *next).unwrap();
                crm.relate(program, contact, (entity, path.field), other).unwrap();
                others.push((path.field, *next, other));
            }
            ([], _) => {
                let value = match (field.name.as_str(), value) {
                    ("email", compiler::program::Value::Text(email)) => {
                        compiler::program::Value::Text(format!("k{number}.{email}").into())
                    }
                    _ => value.clone(),
                };
                if field.name != "external_id" {
                    crm.give(program, contact, (entity, path.field), &value).unwrap();
                }
            }
            _ => {}
        }
    }
    for (path, value) in prototype.facts.fields.iter().filter(|(path, _)| path.relations.len() == 1) {
        let (_, next, other) = others.iter().find(|(field, ..)| Some(field) == path.relations.first()).unwrap();
        let field = program.field(path).unwrap();
        let value = match (field.name.as_str(), value) {
            ("domain", compiler::program::Value::Text(domain)) => {
                compiler::program::Value::Text(format!("k{number}.{domain}").into())
            }
            _ => value.clone(),
        };
        if field.name != "external_id" {
            crm.give(program, *other, (*next, path.field), &value).unwrap();
        }
    }
    contact
}

/// Without the number of the entry that something began by.
fn numberless(step: &Step) -> Step {
    let cut =
        ["handoff:", "crossing:", "event:"].iter().find_map(|by| step.what.find(by).map(|place| place + by.len()));
    let what = cut.and_then(|cut| step.what.get(..cut)).map_or_else(|| step.what.clone(), Into::into);
    Step { what, ..step.clone() }
}

fn compared(folder: &str, from: &str, weeks: i64, seeds: std::ops::Range<u64>) {
    let program = client(folder);
    let pools = vec![pool(&program, folder, from)];
    let begin: Timestamp = FROM.parse().unwrap();
    let until = begin.checked_add(jiff::SignedDuration::from_hours(24 * 7 * weeks)).unwrap();
    let mut setting = Setting::new(program, 0, pools, BuiltIn::new(None), begin, Some(until)).unwrap();
    setting.arms_by_record = true;
    for seed in seeds {
        let (ours, mut theirs) = (trace(&setting, seed).unwrap(), Replica::play(&setting, seed));
        // What the whole playbook learns from its runs is a question to people that no scenario answers.
        theirs.retain(|step| step.contact != 0);
        // It has a number of its own in their log.
        let ours: Vec<Step> = ours.iter().map(numberless).collect();
        let theirs: Vec<Step> = theirs.iter().map(numberless).collect();
        let differs = ours.iter().zip(&theirs).position(|(one, other)| one != other);
        if let Some(place) = differs.or((ours.len() != theirs.len()).then(|| ours.len().min(theirs.len()))) {
            let from = place.saturating_sub(5);
            let shown = |steps: &[Step]| {
                steps
                    .iter()
                    .skip(from)
                    .take(9)
                    .map(|step| format!("{} {} {}\n", step.at, step.contact, step.what))
                    .collect::<String>()
            };
            panic!(
                "seed {seed} differs at {place} of {} and {}:\nours\n{}\ntheirs\n{}",
                ours.len(),
                theirs.len(),
                shown(&ours),
                shown(&theirs)
            );
        }
        assert!(ours.len() > 100, "{}", ours.len());
    }
}

#[test]
fn sneakers_goes_the_same_way_in_memory_as_on_sqlite() {
    compared("playbooks/sneakers", "sample/leads.csv", 4, 0..3);
}

#[test]
fn stackmates_goes_the_same_way_in_memory_as_on_sqlite() {
    compared("playbooks/stackmates", "sample/contacts.csv", 4, 0..3);
}

#[test]
fn an_experiment_of_messages_goes_the_same_way_in_memory_as_on_sqlite() {
    compared("examples/experiment", "people.csv", 4, 0..3);
}
