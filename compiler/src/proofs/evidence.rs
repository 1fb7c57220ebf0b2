//! Evidence that nothing can have brought by then: a message that nobody has written, a rating that nobody gives, a score that nobody
//! asks for, a fact that no source, no act and no person brings.

use std::collections::BTreeSet;

use crate::checks::demand;
use crate::checks::domain::{Domain, Subject as Demanded};
use crate::codes::workflows::evidence_from_nowhere as from_nowhere;
use crate::diagnostics::Diagnostic;
use crate::program::{
    Actor, EntityId, FieldId, FieldPath, Guard, MappingTarget, Object, PermissionObject, Program, Rights, RubricId,
    ScoreId, StageBody, Target, Type, WayWhen,
};

use super::machine::{Machine, Node, Place, SEND, Step, action};

pub(super) fn run(program: &Program, machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let sources = Brought::new(program, machines);
    for machine in machines {
        let before = before(machine);
        for (stage, place) in machine.visited() {
            let Some(body) = place.body() else { continue };
            let Some(Some(known)) = before.get(machine.inside(stage)) else { continue };
            messages(program, &place, body, known, diagnostics);
            for (number, required) in body.requires.iter().enumerate() {
                if let Some((what, why)) = sources.missing(machine, stage, &required.guard) {
                    let span = place.requirement(number);
                    diagnostics.push(from_nowhere::fact(place.file, span, &what, why));
                }
            }
        }
    }
}

/// What may be there of a message.
#[derive(Clone, Debug, Default, PartialEq)]
struct Text {
    written: bool,
    rated: BTreeSet<RubricId>,
}

/// By node: what may be there when a run comes to it; none where none does.
fn before(machine: &Machine<'_>) -> Vec<Option<Text>> {
    let mut known: Vec<Option<Text>> = vec![None; machine.len() * 2];
    let mut open: Vec<(Node, Text)> = vec![(Machine::door(0), Text::default())];
    while let Some((node, text)) = open.pop() {
        let Some(slot) = known.get_mut(node) else { continue };
        let joined = match slot {
            None => text,
            Some(known) if known.written >= text.written && known.rated.is_superset(&text.rated) => continue,
            Some(known) => Text {
                written: known.written || text.written,
                rated: known.rated.union(&text.rated).copied().collect(),
            },
        };
        *slot = Some(joined.clone());
        let (stage, is_inside) = machine.stage_of(node);
        let after = match machine.places.get(stage).and_then(Place::body) {
            Some(body) if is_inside => {
                let done = after(body, joined.clone(), true);
                // Time and events lead out before the stage's acts are done, too.
                Text {
                    written: joined.written || done.written,
                    rated: joined.rated.union(&done.rated).copied().collect(),
                }
            }
            _ => joined,
        };
        open.extend(machine.onward(node).into_iter().map(|(to, _): (Node, Step)| (to, after.clone())));
    }
    known
}

/// What may be there after the stage's acts; and after its evidence, where an agent runs it and asks for the ratings itself.
fn after(body: &StageBody, mut text: Text, with_evidence: bool) -> Text {
    for act in &body.acts {
        match &act.object {
            Object::Template(_) | Object::Experiment(_) => text = Text { written: true, rated: BTreeSet::new() },
            Object::Rubric(rubric) => {
                text.rated.insert(*rubric);
            }
            _ => {}
        }
    }
    if with_evidence && matches!(body.by, Actor::Agent(_)) && text.written {
        body.requires.iter().for_each(|required| {
            rubrics(&required.guard, &mut |rubric| {
                text.rated.insert(rubric);
            });
        });
    }
    text
}

fn messages(program: &Program, place: &Place<'_>, body: &StageBody, known: &Text, diagnostics: &mut Vec<Diagnostic>) {
    let acted = after(body, known.clone(), false);
    let evident = after(body, known.clone(), true);
    let required = body.requires.iter().enumerate().map(|(at, required)| (place.requirement(at), &required.guard));
    let ways = body.ways.iter().enumerate().filter_map(|(at, way)| match &way.when {
        WayWhen::When(guard) => Some((place.way(at), guard)),
        _ => None,
    });
    for (span, guard) in required.chain(ways) {
        let mut missing: Option<RubricId> = None;
        rubrics(guard, &mut |rubric| {
            if !evident.rated.contains(&rubric) {
                missing.get_or_insert(rubric);
            }
        });
        let Some(rubric) = missing else { continue };
        let name = program.rubrics.get(rubric.index()).map_or("", |rubric| rubric.name.as_str());
        diagnostics.push(if acted.written {
            from_nowhere::rating(place.file, span, name, matches!(body.by, Actor::Human(_)))
        } else {
            from_nowhere::message(place.file, span, &format!("that `{name}` could rate"))
        });
    }
    // What an agent sends without a message is the gate's to say.
    let mut text = known.clone();
    for (number, act) in body.acts.iter().enumerate().filter(|_| matches!(body.by, Actor::Human(_))) {
        let sends = action(program, act).is_some_and(|done| done.name == SEND);
        if sends && !text.written {
            diagnostics.push(from_nowhere::message(place.file, place.act(number), "to send"));
        }
        text.written |= act.object.is_written();
    }
    if body.asks.first().is_some_and(|ask| ask.message) && !acted.written {
        diagnostics.push(from_nowhere::message(place.file, place.ask(), "to ask about"));
    }
}

fn rubrics(guard: &Guard, each: &mut impl FnMut(RubricId)) {
    match guard {
        Guard::Not(inner) => rubrics(inner, each),
        Guard::All(parts) | Guard::Any(parts) => parts.iter().for_each(|part| rubrics(part, each)),
        Guard::Message { rubric, .. } => each(*rubric),
        Guard::Facts { .. } | Guard::Complete | Guard::Scored(_) | Guard::In { .. } => {}
    }
}

/// What brings facts and scores.
struct Brought<'p> {
    program: &'p Program,
    fields: BTreeSet<(EntityId, FieldId)>,
    scores: BTreeSet<ScoreId>,
    /// By workflow: the stages that a person may have had a record in before or at a stage; of those that hand to it, any.
    people_before: Vec<bool>,
    people_at: Vec<Vec<bool>>,
}

/// Fields that the CRM itself keeps, or that what people say and consent to fills in.
const KEPT: &[&str] = &["created", "updated", "last_activity", "objections.open", "lifecycle_stage"];

impl<'p> Brought<'p> {
    fn new(program: &'p Program, machines: &[Machine<'_>]) -> Self {
        let mut fields = BTreeSet::new();
        for source in &program.sources {
            let Target::Records { entity, .. } = source.target else { continue };
            for mapping in &source.mappings {
                match &mapping.target {
                    MappingTarget::Field(field) | MappingTarget::Relation { field, .. } => {
                        fields.insert((entity, *field));
                    }
                    MappingTarget::RelationField { relation, field } => {
                        let relation =
                            program.entities.get(entity.index()).and_then(|of| of.fields.get(relation.index()));
                        if let Some(Type::Record(other)) = relation.map(|relation| &relation.ty) {
                            fields.insert((*other, *field));
                        }
                    }
                    _ => {}
                }
            }
        }
        let acts =
            program.workflows.iter().flat_map(|workflow| &workflow.stages).filter_map(|stage| match &stage.kind {
                crate::program::StageKind::Stage(body) => Some(&body.acts),
                _ => None,
            });
        let scores = acts.flatten().filter_map(|act| match act.object {
            Object::Score(score) => Some(score),
            _ => None,
        });
        let has_people = |machine: &Machine<'_>| machine.places.iter().any(|place| is_a_persons(place));
        let mut people_before = vec![false; machines.len()];
        let mut open: Vec<usize> = machines
            .iter()
            .filter(|machine| has_people(machine))
            .flat_map(|machine| machine.places.iter().filter_map(Place::handoff).map(|handoff| handoff.to.index()))
            .collect();
        while let Some(workflow) = open.pop() {
            if let Some(known @ false) = people_before.get_mut(workflow) {
                *known = true;
                let handoffs = machines.get(workflow).map(|machine| machine.places.iter().filter_map(Place::handoff));
                open.extend(handoffs.into_iter().flatten().map(|handoff| handoff.to.index()));
            }
        }
        let people_at = machines
            .iter()
            .map(|machine| {
                let stages = machine.places.iter().enumerate().filter(|(_, place)| is_a_persons(place));
                let from: Vec<Node> = stages.map(|(stage, _)| machine.inside(stage)).collect();
                super::machine::closure(machine.len() * 2, from, |node| {
                    machine.onward(node).into_iter().map(|(to, _)| to).collect()
                })
            })
            .collect();
        Self { program, fields, scores: scores.collect(), people_before, people_at }
    }

    /// What of the evidence nothing can have brought by then, in words, and why.
    fn missing(&self, machine: &Machine<'_>, stage: usize, guard: &Guard) -> Option<(String, &'static str)> {
        match guard {
            Guard::All(parts) => parts.iter().find_map(|part| self.missing(machine, stage, part)),
            Guard::Scored(score) if !self.scores.contains(score) => {
                let name = self.program.scores.get(score.index()).map_or("", |score| score.name.as_str());
                Some((name.to_owned(), "no stage of any workflow asks for this score"))
            }
            Guard::Facts { condition, .. } => {
                let demands = demand::demands(self.program, condition, false).ok()?;
                let known = demands.iter().filter(|(_, domain)| *domain != Domain::Missing);
                let mut fields = known.filter_map(|(subject, _)| match subject {
                    Demanded::Field(path) => Some(*path),
                    _ => None,
                });
                let path = fields.find(|path| !self.may_be_brought(machine, stage, path))?;
                Some((
                    self.program.path_name(path),
                    "no source fills it, no agent may write it, and no person has the record before",
                ))
            }
            _ => None,
        }
    }

    fn may_be_brought(&self, machine: &Machine<'_>, stage: usize, path: &FieldPath) -> bool {
        // Without a source, nobody has said how facts come in at all.
        if self.program.sources.is_empty() {
            return true;
        }
        let mut entity = path.entity;
        for step in &path.relations {
            let field = self.program.entities.get(entity.index()).and_then(|of| of.fields.get(step.index()));
            if let Some(Type::Record(next)) = field.map(|field| &field.ty) {
                entity = *next;
            }
        }
        let field = self.program.entities.get(entity.index()).and_then(|of| of.fields.get(path.field.index()));
        let name = field.map_or("", |field| field.name.as_str());
        let people = self.people_before.get(machine.id.0 as usize) == Some(&true)
            || self.people_at.get(machine.id.0 as usize).is_some_and(|at| machine.is_reached(at, stage));
        people
            || is_kept(name)
            || self.fields.contains(&(entity, path.field))
            || may_be_written(self.program, &PermissionObject::Field(entity, path.field))
    }
}

/// Whether the CRM itself keeps the field.
pub(super) fn is_kept(name: &str) -> bool {
    KEPT.contains(&name) || name.starts_with("consent.")
}

/// Whether any agent may write it.
fn may_be_written(program: &Program, about: &PermissionObject) -> bool {
    let writes = |rights: &Rights| rights.write || rights.create || rights.ask.is_some();
    program.permissions.row(about).is_some_and(|row| row.cells.iter().any(writes))
}

fn is_a_persons(place: &Place<'_>) -> bool {
    place.body().is_some_and(|body| matches!(body.by, Actor::Human(_)))
}
