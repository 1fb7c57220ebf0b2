//! A history from a CRM: each record at the instant when it was decided on, with what was known of it then.
//!
//! That instant is, the first that there is: when the log scored the record; what a field says that somebody named; when the event
//! happened from which a silence is counted; when the record was created, where the CRM knows that of each; just before its outcome.
//! Where outcomes are what fields say and no time is known, the order of the records is time. Events and conversations after the instant are not known
//! yet; fields are as they are, for the CRM keeps no history of them, and that is said.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use compiler::program::{
    Condition, EntityId, FieldId, FieldPath, Outcome as Declared, Program, Score, ScoreId, Type, Value,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use runtime::crm::log::LogError;
use runtime::crm::{self, Crm, CrmError, RecordId};
use runtime::facts::{Coverage, Facts};
use runtime::metrics::Journal;
use runtime::records;
use runtime::score::{Asking, LinkError, Scorer};
use smol_str::{SmolStr, ToSmolStr as _};
use thiserror::Error;

use super::column::{Column, Kind, Reader};
use super::outcome::Outcomes;
use super::{History, LearnedFrom, Outcome, Record, Remark};
use crate::learn::{Activation, Card, Routing, Scored, fired, kind, push, reader, reads, rules, settled};

/// By what decisions are ordered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// By what there is.
    #[default]
    Found,
    /// By a field of the record.
    Field(FieldPath),
}

/// Why a CRM has no history of a score.
#[derive(Debug, Error)]
pub enum HistoryError {
    /// The playbook has no such score.
    #[error("the playbook has no such score")]
    NoScore,
    /// Nobody said what is good.
    #[error("the score `{0}` does not say what it learns from")]
    NoOutcomes(SmolStr),
    /// The CRM cannot be read.
    #[error(transparent)]
    Crm(#[from] CrmError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The playbook cannot be linked.
    #[error(transparent)]
    Link(#[from] LinkError),
}

/// Reads the history of a score.
///
/// # Errors
/// Where the score has no outcomes, and where the CRM cannot be read.
pub fn from_crm(
    crm: &Crm,
    program: &Arc<Program>,
    score: ScoreId,
    clock: &Clock,
    now: Timestamp,
) -> Result<History, HistoryError> {
    let declared = program.scores.get(score.index()).ok_or(HistoryError::NoScore)?;
    let learn = declared.learn.as_ref().ok_or_else(|| HistoryError::NoOutcomes(declared.name.clone()))?;
    let zone = TimeZone::get(&program.client.timezone).unwrap_or(TimeZone::UTC);
    let coverage = crm.coverage(program)?;
    let outcomes = Outcomes { program, learn, coverage: &coverage, zone: &zone, now };
    let fields = fields(program, declared.entity);
    let created = created(program, declared.entity);
    let scored_at = scored_at(crm, declared, program, now, &zone)?;
    let knows_created = match &created {
        Some(path) => spread_out(crm, program, path)?,
        None => false,
    };
    let mut linking = Linking::new(program, declared, score, &coverage, now)?;
    let needs = linking.needs(&outcomes, &fields, created.as_ref(), clock);
    let mut taken = Taken {
        program,
        declared,
        score,
        outcomes,
        clock,
        created: created.filter(|_| knows_created),
        scored_at,
        fields: fields.iter().map(|(path, kind)| (path.clone(), *kind, reader(*kind))).collect(),
        linking: &mut linking,
        records: Vec::new(),
        rules: vec![Vec::new(); rules(declared).count()],
        routing: Vec::new(),
        certain: Vec::new(),
        clocks: BTreeSet::new(),
        undated: false,
        too_early: 0,
        unreported: 0,
    };
    taken.routing = vec![Vec::new(); taken.linking.routed.len()];
    let mut failure = None;
    records::each(crm, program, declared.entity, &needs, |id, facts| match taken.take(id, facts) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            failure = Some(error);
            ControlFlow::Break(())
        }
    })?;
    if let Some(failure) = failure {
        return Err(failure.into());
    }
    Ok(taken.history())
}

/// Fields of the record, and of its company or contact, of which something can be learned or which may say the outcome.
fn fields(program: &Program, entity: EntityId) -> Vec<(FieldPath, Kind)> {
    let mut fields = Vec::new();
    let mut take = |of: EntityId, relations: Vec<FieldId>| {
        for (place, field) in (0_u32..).zip(program.entities.get(of.index()).into_iter().flat_map(|of| &of.fields)) {
            let is_ours = field.standard && matches!(field.name.as_str(), "created" | "updated" | "last_activity");
            if let Some(kind) = kind(&field.ty).filter(|_| !is_ours) {
                let path = FieldPath { entity, relations: relations.clone(), field: FieldId(place) };
                fields.push((path, kind));
            }
        }
    };
    take(entity, Vec::new());
    for (place, field) in (0_u32..).zip(program.entities.get(entity.index()).into_iter().flat_map(|of| &of.fields)) {
        let Type::Record(other) = field.ty else { continue };
        let name = program.entities.get(other.index()).map(|other| other.name.as_str());
        if other != entity && matches!(name, Some("Company" | "Contact")) {
            take(other, vec![FieldId(place)]);
        }
    }
    fields
}

fn created(program: &Program, entity: EntityId) -> Option<FieldPath> {
    let fields = &program.entities.get(entity.index())?.fields;
    let place = fields.iter().position(|field| field.name == "created" && field.standard)?;
    Some(FieldPath { entity, relations: Vec::new(), field: FieldId(u32::try_from(place).ok()?) })
}

/// When the log first asked for the score, by record.
fn scored_at(
    crm: &Crm,
    score: &Score,
    program: &Program,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<BTreeMap<i64, Timestamp>, HistoryError> {
    let entity = program.entities.get(score.entity.index()).map(|entity| &entity.name);
    let journal = Journal::read(crm, now, zone)?;
    let mut first = BTreeMap::new();
    for scored in journal.scored.iter().filter(|scored| scored.score == score.name) {
        let whom = scored.whom(entity);
        if Some(&whom.entity) == entity {
            first.entry(whom.id).or_insert(scored.at);
        }
    }
    Ok(first)
}

/// Whether records were created at instants of their own: those of one import were all created when it ran.
fn spread_out(crm: &Crm, program: &Program, created: &FieldPath) -> Result<bool, HistoryError> {
    let (mut all, mut counts) = (0_usize, BTreeMap::<i64, usize>::new());
    let needs = crm::Needs { fields: vec![created.clone()], ..crm::Needs::default() };
    records::each(crm, program, created.entity, &needs, |_, facts| {
        all += 1;
        if let Some(Value::Number(at)) = facts.fields.get(created) {
            *counts.entry(at.0).or_default() += 1;
        }
        ControlFlow::Continue(())
    })?;
    let known: usize = counts.values().sum();
    let most = counts.values().max().copied().unwrap_or(0);
    Ok(known == all && most * 10 <= all.max(10))
}

/// The playbook's scores, linked for one instant after the other; once for all where they ask for nothing that passes.
struct Linking<'p> {
    program: &'p Arc<Program>,
    coverage: &'p Coverage,
    declared: &'p Score,
    /// Conditions of routes that no score is part of, then those of outcomes.
    routed: Vec<&'p Condition>,
    held: Vec<(bool, &'p Condition)>,
    timeless: bool,
    linked: Scorer,
}

impl<'p> Linking<'p> {
    fn new(
        program: &'p Arc<Program>,
        declared: &'p Score,
        score: ScoreId,
        coverage: &'p Coverage,
        now: Timestamp,
    ) -> Result<Self, HistoryError> {
        let (_, routed) = Routing::of(declared, score);
        let mut held = Vec::new();
        for (good, outcomes) in declared.learn.iter().flat_map(|learn| [(true, &learn.good), (false, &learn.bad)]) {
            held.extend(outcomes.iter().filter_map(|outcome| match outcome {
                Declared::Holds(condition) => Some((good, condition)),
                _ => None,
            }));
        }
        let linked = link(program, declared.entity, coverage, now, &routed, &held)?;
        let needs = linked.needs(declared.entity);
        let mut conditions: Vec<&Condition> = rules(declared)
            .filter_map(|(_, rule)| match &rule.form {
                compiler::program::RuleForm::When(condition) => Some(condition),
                compiler::program::RuleForm::Each { .. } => None,
            })
            .collect();
        conditions.extend(&routed);
        let timeless = needs.events.is_empty()
            && !needs.conversations
            && !needs.fields.iter().any(|field| field.observed)
            && !conditions.iter().any(|condition| reads::clock(condition));
        Ok(Self { program, coverage, declared, routed, held, timeless, linked })
    }

    fn at(&mut self, instant: Timestamp) -> Result<&Scorer, LinkError> {
        if !self.timeless && !self.linked.move_to(instant) {
            self.linked = link(self.program, self.declared.entity, self.coverage, instant, &self.routed, &self.held)?;
        }
        Ok(&self.linked)
    }

    /// All that is read of a record.
    fn needs(
        &self,
        outcomes: &Outcomes<'_>,
        fields: &[(FieldPath, Kind)],
        created: Option<&FieldPath>,
        clock: &Clock,
    ) -> crm::Needs {
        let needs = self.linked.needs(self.declared.entity);
        let mut paths: Vec<FieldPath> = needs.fields.iter().map(|needed| needed.path.clone()).collect();
        paths.extend(needs.relations.iter().filter_map(|relation| {
            let (field, relations) = relation.split_last()?;
            Some(FieldPath { entity: self.declared.entity, relations: relations.to_vec(), field: *field })
        }));
        paths.extend(fields.iter().map(|(path, _)| path.clone()));
        paths.extend(created.cloned());
        if let Clock::Field(path) = clock {
            paths.push(path.clone());
        }
        paths.sort();
        paths.dedup();
        let mut events: Vec<_> = needs.events.iter().map(|needed| needed.event).chain(outcomes.events()).collect();
        events.sort();
        events.dedup();
        crm::Needs {
            fields: paths,
            fresh: needs.fields.iter().filter(|needed| needed.observed).map(|needed| needed.path.clone()).collect(),
            events,
            after: BTreeMap::new(),
            conversations: needs.conversations,
        }
    }
}

fn link(
    program: &Arc<Program>,
    entity: EntityId,
    coverage: &Coverage,
    now: Timestamp,
    routed: &[&Condition],
    held: &[(bool, &Condition)],
) -> Result<Scorer, LinkError> {
    let mut asking = Asking::default();
    for condition in routed.iter().copied().chain(held.iter().map(|(_, condition)| *condition)) {
        asking.condition(entity, condition);
    }
    Scorer::link_asking(Arc::clone(program), now, coverage, &asking)
}

/// Takes records in one after the other.
struct Taken<'a, 'p> {
    program: &'a Program,
    declared: &'a Score,
    score: ScoreId,
    outcomes: Outcomes<'a>,
    clock: &'a Clock,
    created: Option<FieldPath>,
    scored_at: BTreeMap<i64, Timestamp>,
    fields: Vec<(FieldPath, Kind, Reader)>,
    linking: &'a mut Linking<'p>,
    records: Vec<Record>,
    /// By rule, by record.
    rules: Vec<Vec<f32>>,
    /// By asked condition, by record.
    routing: Vec<Vec<Option<bool>>>,
    certain: Vec<bool>,
    /// What told the time.
    clocks: BTreeSet<&'static str>,
    /// Some record has no time at all: then the order of the records is time.
    undated: bool,
    too_early: u64,
    unreported: u64,
}

impl Taken<'_, '_> {
    fn take(&mut self, id: RecordId, facts: Facts) -> Result<(), LinkError> {
        let found = self.outcomes.of(&facts.events);
        self.unreported += u64::from(found.unreported && found.decided.is_none());
        let decided_on = self.decided_on(id, &facts, found.decided.map(|(_, at)| at));
        if let (Some(on), Some((_, at))) = (decided_on, found.decided)
            && at < on
        {
            self.too_early += 1;
            return Ok(());
        }
        let instant = decided_on.unwrap_or(self.outcomes.now);
        let mut known = facts;
        known.events.retain(|event| event.at <= instant);
        known.conversations.retain(|said| said.at <= instant);
        let later: Vec<FieldPath> =
            known.observed.iter().filter(|(_, at)| **at > instant).map(|(path, _)| path.clone()).collect();
        for path in later {
            known.fields.remove(&path);
            known.observed.remove(&path);
        }
        let (entity, score, routed) = (self.declared.entity, self.score, self.linking.routed.len());
        let held: Vec<bool> = self.linking.held.iter().map(|(good, _)| *good).collect();
        let scorer = self.linking.at(instant)?;
        let Some(row) = scorer.row(entity, &known) else { return Ok(()) };
        let Some(evaluation) = scorer.evaluate(entity, &row) else { return Ok(()) };
        let Some(fired) = fired(scorer, score, &row, &evaluation) else { return Ok(()) };
        let answer = |place: usize| scorer.answer(entity, &evaluation, place).and_then(|answer| answer.current);
        let answers: Vec<Option<bool>> = (0..routed).map(answer).collect();
        let holds = held.iter().enumerate().find(|(place, _)| answer(routed + place) == Some(true));
        let certain = evaluation.is_certain(score);
        let place = i64::try_from(self.records.len()).unwrap_or(i64::MAX);
        let at = decided_on.map_or(place, Timestamp::as_microsecond);
        self.undated |= decided_on.is_none();
        let outcome = match (found.decided, holds) {
            (Some((good, known)), _) => Some(Outcome { good, known: known.as_microsecond() }),
            (None, Some((_, good))) => Some(Outcome { good: *good, known: at }),
            (None, None) => None,
        };
        self.records.push(Record { name: id.0.to_smolstr(), at, outcome });
        for (column, part) in self.rules.iter_mut().zip(fired) {
            column.push(part);
        }
        for (column, answer) in self.routing.iter_mut().zip(answers) {
            column.push(answer);
        }
        self.certain.push(certain);
        for (path, kind, column) in &mut self.fields {
            push(column, *kind, known.fields.get(path));
        }
        Ok(())
    }

    fn decided_on(&mut self, id: RecordId, facts: &Facts, outcome: Option<Timestamp>) -> Option<Timestamp> {
        let field = |path: &FieldPath| match facts.fields.get(path) {
            Some(Value::Number(seconds)) => {
                let is_day = self.program.field(path).is_some_and(|field| field.ty == Type::Date);
                instant(seconds.0, is_day, self.outcomes.zone)
            }
            _ => None,
        };
        let scored = self.scored_at.get(&id.0).copied();
        let named = match self.clock {
            Clock::Field(path) => field(path),
            Clock::Found => None,
        };
        let begun = || {
            let begins: Vec<_> = self.outcomes.begins().collect();
            facts.events.iter().filter(|event| begins.contains(&event.event)).map(|event| event.at).min()
        };
        let created = || self.created.as_ref().and_then(field);
        let before = || outcome.and_then(|at| at.checked_sub(jiff::SignedDuration::from_micros(1)).ok());
        let told = scored
            .map(|at| (at, "when the log scored them"))
            .or_else(|| named.map(|at| (at, "the field that was named")))
            .or_else(|| begun().map(|at| (at, "the event from which silence is counted")))
            .or_else(|| created().map(|at| (at, "when they were created")))
            .or_else(|| before().map(|at| (at, "just before the outcome")));
        if let Some((_, words)) = told {
            self.clocks.insert(words);
        }
        told.map(|(at, _)| at)
    }

    fn history(mut self) -> History {
        // Where outcomes are events, whatever has no time has no outcome, and is open now; where they are fields, order is time.
        let by_order = self.undated && self.clocks.is_empty();
        if !by_order {
            let now = self.outcomes.now.as_microsecond();
            let decided = |record: &Record| record.outcome.is_some();
            for record in self.records.iter_mut().filter(|record| record.at < 1_000_000_000 && !decided(record)) {
                record.at = now;
            }
        }
        let mut order: Vec<u32> = (0..u32::try_from(self.records.len()).unwrap_or(u32::MAX)).collect();
        order.sort_by_key(|place| self.records.get(*place as usize).map(|record| record.at));
        let records = order.iter().filter_map(|place| self.records.get(*place as usize).cloned()).collect();
        let is_left_out = |place: usize| {
            let once = self.declared.layers.get(place).and_then(|layer| layer.once);
            once.is_some_and(|event| !self.outcomes.coverage.events.contains_key(&event))
        };
        let card = Card::of(self.program, self.score, is_left_out);
        let (mut routing, _) = Routing::of(self.declared, self.score);
        for (place, answers) in self.routing.iter().enumerate() {
            answers.iter().for_each(|answer| routing.answer(place, *answer));
        }
        routing.reorder(&order);
        let reordered = |parts: &Vec<f32>| -> Vec<f32> {
            order.iter().map(|from| parts.get(*from as usize).copied().unwrap_or(0.0)).collect()
        };
        let certain = order.iter().map(|from| self.certain.get(*from as usize).copied().unwrap_or(false)).collect();
        let rules = self.rules.iter().map(|parts| Activation::of_parts(&reordered(parts))).collect();
        let outcome = crate::learn::outcome_fields(self.program, self.score);
        let fields = std::mem::take(&mut self.fields);
        let columns = fields.into_iter().filter_map(|(path, kind, reader)| {
            let name = SmolStr::new(self.program.path_name(&path));
            let is_clock = matches!(self.clock, Clock::Field(clock) if *clock == path);
            let column = Column { name, kind, cells: reader.finish(), path: Some(path.clone()) };
            let is_empty = (0..u32::try_from(column.len()).unwrap_or(u32::MAX)).all(|record| !column.is_known(record));
            (!outcome.contains(&path) && !is_clock && !is_empty).then(|| settled(column.in_order(&order)))
        });
        let columns: Vec<Column> = columns.collect();
        let mut remarks = Vec::new();
        if !columns.is_empty() {
            remarks.push(Remark::all("fields are as they are now: the CRM keeps no history of them".to_owned()));
        }
        if by_order {
            remarks.push(Remark::all("no record has a time of its own: their order is taken for time".to_owned()));
        }
        if self.too_early > 0 {
            let words =
                format!("{} records had their outcome before they were decided on, and are left out", self.too_early);
            remarks.push(Remark::all(words));
        }
        if self.unreported > 0 {
            let words = format!(
                "of {} records nobody reported all of the time that silence needs: they are open",
                self.unreported
            );
            remarks.push(Remark::all(words));
        }
        let words: Vec<&str> = self.clocks.iter().copied().collect();
        let ordered_by = if by_order { "the order of the records".to_owned() } else { words.join(", ") };
        let learned_from = self.declared.learn.as_ref().and_then(|learn| learn.learned).map(|learned| {
            let after = learned.until.tomorrow().ok().and_then(|day| day.to_zoned(self.outcomes.zone.clone()).ok());
            let ends = after.map_or(i64::MAX, |after| after.timestamp().as_microsecond());
            LearnedFrom {
                decisions: u64::from(learned.decisions),
                until: learned.until,
                ends: (!by_order).then_some(ends),
            }
        });
        let scored = Some(Scored { card, rules, routing, certain });
        History { records, columns, scored, ordered_by, remarks, learned_from }
    }
}

/// A day or an instant in millionths of seconds from 1970, of a day its beginning at the client.
fn instant(millionths: i64, is_day: bool, zone: &TimeZone) -> Option<Timestamp> {
    let at = Timestamp::from_microsecond(millionths).ok()?;
    if !is_day {
        return Some(at);
    }
    let day = at.to_zoned(TimeZone::UTC).date();
    day.to_zoned(zone.clone()).ok().map(|day| day.timestamp())
}
