//! Tests of workflows: the playbook is at work on what the test gives, by the engine, the built-in workers and a clock that the test
//! moves, on a CRM in memory. Letters go nowhere. The same test gives the same, whenever and wherever it runs.

use std::collections::HashMap;
use std::sync::Arc;

use compiler::program::{
    EntityId, FieldId, Origin, Program, StageId, StageKind, Test, TestAnswer, TestStep, Type, Value, WorkflowId,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use smol_str::SmolStr;

use super::{Failure, coverage_of, happened_ago};
use crate::agents::builtin::BuiltIn;
use crate::agents::config::{Ports, Sender, Workers};
use crate::agents::{BoxFuture, Letter, Mailbox, Mailer, PortError, Receipt};
use crate::calendar;
use crate::crm::log::{Asked, Raised, Running, Seeded};
use crate::crm::{ContactId, Crm, Noted, RecordId, facts_json};
use crate::engine::{Entry, EntryId, RecordRef};
use crate::facts::Facts;
use crate::records;
use crate::runner::{Given as Answered, RunError, Runner};
use crate::score::{LinkError, Scorer};

/// A playbook at work on one record.
pub(super) struct AtWork {
    runner: Runner,
    entity: EntityId,
    record: RecordRef,
    contact: Option<RecordId>,
    pub(super) now: Timestamp,
    zone: TimeZone,
}

/// A step of a run, by names.
pub(super) struct Step {
    /// Of which workflow.
    pub(super) workflow: SmolStr,
    /// From which stage; none at the start.
    pub(super) from: Option<SmolStr>,
    /// To which.
    pub(super) stage: SmolStr,
    /// By which way, as written.
    pub(super) way: SmolStr,
}

/// Where a test's playbook could not go on.
pub(super) enum Halted {
    /// What the test says does not fit what stands.
    Failed(Box<Failure>),
    /// Nothing could be run.
    Broken(String),
}

impl<E: Into<RunError>> From<E> for Halted {
    fn from(error: E) -> Self {
        Self::Broken(error.into().to_string())
    }
}

/// Whether a test needs the playbook at work.
pub(super) fn is_wanted(test: &Test) -> bool {
    let stands = |expected: &compiler::program::Expectation| {
        matches!(expected.kind, compiler::program::ExpectationKind::IsIn { .. })
    };
    !test.steps.is_empty() || test.expectations.iter().any(stands)
}

impl AtWork {
    /// Puts the playbook to work on what a test gives, and lets happen what happens in it.
    pub(super) fn after(program: &Arc<Program>, test: &Test, now: Timestamp, zone: &TimeZone) -> Result<Self, Halted> {
        let mut at_work = Self::given(program, test, now, zone)?;
        at_work.runner.work(now)?;
        let record = at_work.record.clone();
        at_work.runner.stir(&record, now)?;
        at_work.runner.work(now)?;
        for step in &test.steps {
            at_work.step(step)?;
        }
        Ok(at_work)
    }

    fn given(program: &Arc<Program>, test: &Test, now: Timestamp, zone: &TimeZone) -> Result<Self, Halted> {
        let crm = Crm::open_in_memory(program)?;
        let entity = test.entity;
        let record = crm.make(program, entity)?;
        let mut others: HashMap<Vec<FieldId>, RecordId> = HashMap::from([(Vec::new(), record)]);
        for (path, value) in &test.fields {
            let (owner, of) = made(&crm, program, entity, &path.relations, &mut others)?;
            if let Some(value) = value {
                crm.give(program, owner, (of, path.field), value)?;
            }
        }
        let contact = contact_of(&crm, program, entity, record, &mut others)?;
        let mut raised = Vec::new();
        if let Some(contact) = contact {
            let ago = |ago| happened_ago(program, zone, now, ago);
            for (place, said) in test.conversations.iter().enumerate() {
                let external_id = format!("given:{place}");
                let (kind, at) = ("note", ago(said.ago));
                let (outbound, subject, contact) = (false, None, ContactId(contact.0));
                crm.note(&Noted { contact, kind, outbound, subject, body: &said.text, external_id: &external_id, at })?;
            }
            for given in &test.events {
                let event = event(program, contact, given.event, &given.fields, ago(given.ago));
                raised.extend(std::iter::repeat_n(event, usize::try_from(given.count).unwrap_or(0)));
            }
        }
        let kind =
            |id: EntityId| program.entities.get(id.index()).map(|entity| entity.name.clone()).unwrap_or_default();
        let record = RecordRef { entity: kind(entity), id: record.0 };
        let randomness = Box::new(Seeded::new(0));
        let mut runner = Runner::new(crm, Arc::clone(program), ports(program), randomness, "test".into())?;
        runner.assume(coverage_of(program, test));
        runner.happened(raised, now)?;
        // What is given was there before: it counts as created only where the test says so.
        for kind in ["Contact", "Deal"] {
            let Some(id) = program.entity(kind) else { continue };
            let there = runner.crm.records_after(program, id, 0, u32::MAX)?;
            runner.remember(kind, there.last().map_or(0, |last| last.0), now)?;
        }
        for (workflow, stage) in &test.standing {
            if let Some(workflow) = program.workflows.get(workflow.index()) {
                runner.place(workflow, *stage, &record, now)?;
            }
        }
        Ok(Self { runner, entity, record, contact, now, zone: zone.clone() })
    }

    fn step(&mut self, step: &TestStep) -> Result<(), Halted> {
        match step {
            TestStep::Happens { event: id, fields } => {
                if let Some(contact) = self.contact {
                    let program = Arc::clone(&self.runner.book().program);
                    let raised = vec![event(&program, contact, *id, fields, self.now)];
                    self.runner.happened(raised, self.now)?;
                }
                self.runner.work(self.now)?;
            }
            TestStep::Passes(time) => {
                let until = calendar::after(&self.runner.book().program.client, &self.zone, self.now, *time);
                self.runner.work_until(self.now, until, |_| {})?;
                self.now = until;
            }
            TestStep::Answers { whom, answer, origin } => self.answer(whom.as_ref(), *answer, *origin)?,
        }
        Ok(())
    }

    /// The oldest open question that takes such an answer is answered.
    fn answer(&mut self, whom: Option<&SmolStr>, answer: TestAnswer, origin: Origin) -> Result<(), Halted> {
        let people = &self.runner.book().program.client.people;
        let anybody = people.first().map_or_else(|| SmolStr::new_static("human"), |(role, _)| role.clone());
        let open = self.runner.crm.inbox(&Asked { whom: whom.map(SmolStr::as_str), ..Asked::default() })?;
        let takes = |option: &str| match answer {
            TestAnswer::Approves => option == "approve" || option == "done",
            TestAnswer::Rejects => option == "reject",
            TestAnswer::Rates(_) => option == "rate",
        };
        let fitting = |options: &[SmolStr]| options.iter().find(|option| takes(option)).cloned();
        let mut open: Vec<_> = open.into_iter().map(|inquiry| inquiry.question).collect();
        open.sort_by_key(|question| question.id);
        let found = open.iter().find_map(|question| Some((question, fitting(&question.options)?)));
        let Some((question, option)) = found else {
            let who = whom.map_or("anybody", SmolStr::as_str);
            let expected = match answer {
                TestAnswer::Approves => format!("a question to {who} that can be approved"),
                TestAnswer::Rejects => format!("a question to {who} that can be rejected"),
                TestAnswer::Rates(_) => format!("a question to {who} that asks for a rating"),
            };
            let asked: Vec<String> = open.iter().map(|question| format!("`{}`", question.words)).collect();
            let actual =
                if asked.is_empty() { "nothing is asked".to_owned() } else { format!("asked is {}", asked.join(", ")) };
            let ledger = Some(self.told()?);
            let words = "a person answers".into();
            return Err(Halted::Failed(Box::new(Failure { words, origin, expected, actual, ledger })));
        };
        let given = match (answer, option.as_str()) {
            (TestAnswer::Rates(value), _) => Answered::Rate(value),
            (TestAnswer::Rejects, _) => Answered::Reject,
            (TestAnswer::Approves, "done") => Answered::Done,
            (TestAnswer::Approves, _) => Answered::Approve(None),
        };
        let by = whom.or(question.whom.as_ref()).unwrap_or(&anybody).clone();
        self.runner.answer(question.id, given, &by, Some("so that the test goes on"), self.now)?;
        self.runner.work(self.now)?;
        Ok(())
    }

    /// What is known of the record now, and who judges it.
    pub(super) fn facts(&self, program: &Arc<Program>, test: &Test) -> Result<(Scorer, Facts), Halted> {
        let link = |error: LinkError| RunError::from(error);
        let scorer = Scorer::link_shared(Arc::clone(program), self.now, &coverage_of(program, test)).map_err(link)?;
        let facts = records::facts(&self.runner.crm, &scorer, self.entity, RecordId(self.record.id))?;
        Ok((scorer, facts.unwrap_or_default()))
    }

    /// Where the record is now: live runs with their stages.
    pub(super) fn standing(&self) -> Result<Vec<(WorkflowId, StageId)>, Halted> {
        let program = &self.runner.book().program;
        let live = self.runs()?.into_iter().filter(|run| run.ended.is_none());
        Ok(live.filter_map(|run| place(program, &run)).collect())
    }

    /// Whether a run is at a place: live there, or, where that is an end or a handoff, gone through it.
    pub(super) fn is_in(&self, workflow: WorkflowId, stage: Option<StageId>) -> Result<bool, Halted> {
        let program = &self.runner.book().program;
        let is_last = stage.is_some_and(|stage| {
            let stages = program.workflows.get(workflow.index()).map(|workflow| workflow.stages.as_slice());
            let found = stages.and_then(|stages| stages.get(stage.index()));
            found.is_some_and(|found| !matches!(found.kind, StageKind::Stage(_)))
        });
        let at = |run: &Running| {
            place(program, run).is_some_and(|(of, at)| {
                of == workflow && stage.is_none_or(|stage| stage == at) && (is_last || run.ended.is_none())
            })
        };
        Ok(self.runs()?.iter().any(at))
    }

    /// Where it is, in words.
    pub(super) fn whereabouts(&self) -> Result<String, Halted> {
        let runs = self.runs()?;
        let kind = self.record.entity.to_lowercase();
        let stage = |run: &Running| run.stage.as_ref().map(|(stage, _)| stage.clone()).unwrap_or_default();
        let live: Vec<String> = runs
            .iter()
            .filter(|run| run.ended.is_none())
            .map(|run| format!("{}.{}", run.workflow, stage(run)))
            .collect();
        if !live.is_empty() {
            return Ok(format!("{kind} is in {}", live.join(" and in ")));
        }
        Ok(match runs.last() {
            Some(run) => {
                let outcome = run.ended.as_ref().map(|(_, outcome)| outcome.clone()).unwrap_or_default();
                format!("{kind} is nowhere: {} ended in {}, {outcome}", run.workflow, stage(run))
            }
            None => format!("{kind} is nowhere: no workflow has begun"),
        })
    }

    /// What happened, as lines.
    pub(super) fn told(&self) -> Result<String, Halted> {
        let mut lines: Vec<String> = Vec::new();
        let mut workflows: HashMap<EntryId, SmolStr> = HashMap::new();
        self.runner.crm.entries(None, EntryId(0), |logged| {
            let at = logged.at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
            let of = |run: &EntryId| workflows.get(run).cloned().unwrap_or_default();
            let line = match &logged.entry {
                Entry::Started { workflow, .. } => {
                    workflows.insert(logged.number, workflow.clone());
                    None
                }
                Entry::Entered { run, stage, way, .. } => Some(format!("{}.{stage}: {way}", of(run))),
                Entry::Ended { run, outcome, because } => {
                    let because = because.as_ref().map(|because| format!(", {because}")).unwrap_or_default();
                    Some(format!("{} ends: {outcome}{because}", of(run)))
                }
                Entry::Asked { words, .. } => Some(format!("asked: {words}")),
                Entry::Denied { agent, act, reasons, .. } => {
                    let why = reasons.first().map(|(_, why)| why.as_str()).unwrap_or_default();
                    Some(format!("{agent} may not {act}: {why}"))
                }
                Entry::WorkFailed { why, .. } => Some(format!("work failed: {why}")),
                _ => None,
            };
            lines.extend(line.map(|line| format!("{at}  {line}")));
            std::ops::ControlFlow::Continue(())
        })?;
        Ok(lines.join("\n"))
    }

    /// Every step of every run.
    pub(super) fn steps(&self) -> Result<Vec<Step>, Halted> {
        let mut workflows: HashMap<EntryId, SmolStr> = HashMap::new();
        let mut steps = Vec::new();
        self.runner.crm.entries(None, EntryId(0), |logged| {
            match logged.entry {
                Entry::Started { workflow, .. } => {
                    workflows.insert(logged.number, workflow);
                }
                Entry::Entered { run, from, stage, way, .. } => {
                    let workflow = workflows.get(&run).cloned().unwrap_or_default();
                    steps.push(Step { workflow, from, stage, way });
                }
                _ => {}
            }
            std::ops::ControlFlow::Continue(())
        })?;
        Ok(steps)
    }

    /// Runs on the record, the oldest first.
    fn runs(&self) -> Result<Vec<Running>, Halted> {
        let mut runs = self.runner.crm.runs(None, false)?;
        let is_deal = self.record.entity == "Deal";
        runs.retain(|run| run.record == self.record || !is_deal && run.case == self.record);
        Ok(runs)
    }
}

fn place(program: &Program, run: &Running) -> Option<(WorkflowId, StageId)> {
    let number = program.workflows.iter().position(|workflow| workflow.name == run.workflow)?;
    let (stage, _) = run.stage.as_ref()?;
    let id = u32::try_from(number).ok().map(WorkflowId)?;
    Some((id, program.workflows.get(number)?.stage(stage)?))
}

/// The record at the end of relations, made where it is not there yet, with its kind.
fn made(
    crm: &Crm,
    program: &Program,
    entity: EntityId,
    relations: &[FieldId],
    others: &mut HashMap<Vec<FieldId>, RecordId>,
) -> Result<(RecordId, EntityId), Halted> {
    let mut of = entity;
    let mut at = others.get([].as_slice()).copied().unwrap_or(RecordId(0));
    for (length, relation) in (1..).zip(relations) {
        let field = program.entities.get(of.index()).and_then(|of| of.fields.get(relation.index()));
        let Some(Type::Record(next)) = field.map(|field| &field.ty) else { break };
        let walked = relations.get(..length).unwrap_or_default().to_vec();
        let found = match others.get(&walked) {
            Some(found) => *found,
            None => {
                let made = crm.make(program, *next)?;
                crm.relate(program, at, (of, *relation), made)?;
                others.insert(walked, made);
                made
            }
        };
        (of, at) = (*next, found);
    }
    Ok((at, of))
}

/// The contact whose events are given: the record itself, or the one that it belongs to.
fn contact_of(
    crm: &Crm,
    program: &Program,
    entity: EntityId,
    record: RecordId,
    others: &mut HashMap<Vec<FieldId>, RecordId>,
) -> Result<Option<RecordId>, Halted> {
    let Some(contact) = program.entity("Contact") else { return Ok(None) };
    if contact == entity {
        return Ok(Some(record));
    }
    let fields = program.entities.get(entity.index()).map(|entity| entity.fields.as_slice()).unwrap_or_default();
    let relation = (0..).zip(fields).find(|(_, field)| field.ty == Type::Record(contact));
    let Some((relation, _)) = relation else { return Ok(None) };
    Ok(Some(made(crm, program, entity, &[FieldId(relation)], others)?.0))
}

fn event(
    program: &Program,
    contact: RecordId,
    id: compiler::program::EventId,
    fields: &[(SmolStr, Value)],
    at: Timestamp,
) -> Raised {
    let event = program.events.get(id.index());
    let name = event.map(|event| event.name.clone()).unwrap_or_default();
    Raised {
        contact,
        event: name,
        at,
        facts: event.and_then(|event| facts_json::write(event, fields)),
        external_id: None,
    }
}

/// All built in; whatever is sent is taken, and goes nowhere.
fn ports(program: &Program) -> Ports {
    let sender = Sender {
        from: Mailbox { name: Some(program.client.name.clone()), address: "sender@test.example".into() },
        first_name: None,
        reply_to: None,
        postal: None,
        unsubscribe: "https://test.example/stop/{key}".into(),
        unsubscribe_mail: None,
    };
    let workers = Workers::built_in(BuiltIn::new(None));
    Ports { workers, mailer: Arc::new(Nowhere), sender: Some(sender), budget: None, outside: Vec::new() }
}

/// Takes every letter and carries none.
struct Nowhere;

impl Mailer for Nowhere {
    fn send<'a>(&'a self, _: &'a Letter) -> BoxFuture<'a, Result<Receipt, PortError>> {
        Box::pin(async { Ok(Receipt { message_id: None, carrier: "test".into(), before: false }) })
    }

    fn knows_its_keys(&self) -> bool {
        true
    }
}
