//! Which name was found to stand where, for the editor: written down as the lowering finds it, with ids; words come once somebody asks.

use language::Span;
use language::syntax::{Name, Path};
use smol_str::SmolStr;

use super::Lowering;
use super::names::{ScoreShape, WorkflowShape};
use super::operand::Domain;
use crate::diagnostics::Files;
use crate::program::{
    ActionId, AgentId, EntityId, EventId, ExperimentId, FieldId, FieldPath, FileId, LabelId, PhrasesId, RubricId,
    ScoreId, ScoreRef, StageId, TemplateId, Type, WorkflowId,
};
use crate::symbols::Symbol;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Entity(EntityId),
    Field(EntityId, FieldId),
    /// A word of the field; which one is what stands there.
    Value(EntityId, FieldId),
    Event(EventId),
    /// A fact of the event, by its place.
    EventField(EventId, u32),
    /// A word of the event's fact; which one is what stands there.
    EventValue(EventId, u32),
    /// Into the list of facts.
    Fact(u32),
    Score(ScoreId),
    Layer(ScoreId, u32),
    Label(ScoreId, LabelId),
    Phrases(PhrasesId),
    /// Whoever has the role that stands there.
    Person,
    /// The goal that is called so.
    Goal,
    Agent(AgentId),
    /// What is done, whichever way.
    Verb(ActionId),
    /// The way in which it is done, or with what.
    Way(ActionId),
    Template(TemplateId),
    Experiment(ExperimentId),
    Rubric(RubricId),
    Workflow(WorkflowId),
    Stage(WorkflowId, StageId),
    /// An outcome of the workflow; which one is what stands there.
    Outcome(WorkflowId),
}

/// A name in the text.
#[derive(Clone, Copy, Debug)]
struct Noted {
    file: FileId,
    span: Span,
    named: Named,
}

/// All names that were found, in the order in which they were.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    noted: Vec<Noted>,
    words: Words,
}

/// The words of the ids.
#[derive(Debug, Default)]
struct Words {
    entities: Vec<(SmolStr, Vec<SmolStr>)>,
    events: Vec<(SmolStr, Vec<SmolStr>)>,
    facts: Vec<SmolStr>,
    scores: Vec<ScoreShape>,
    phrases: Vec<SmolStr>,
    agents: Vec<SmolStr>,
    actions: Vec<(SmolStr, Option<SmolStr>)>,
    templates: Vec<SmolStr>,
    experiments: Vec<SmolStr>,
    rubrics: Vec<SmolStr>,
    workflows: Vec<WorkflowShape>,
}

impl Recorded {
    /// In words: the file, the place, and what stands there.
    pub(crate) fn in_words<'r>(&'r self, files: &'r Files) -> impl Iterator<Item = (FileId, Span, Symbol)> + 'r {
        self.noted.iter().filter_map(move |noted| {
            let written = files.slice(noted.file, noted.span);
            Some((noted.file, noted.span, self.words.symbol(noted.named, written)?))
        })
    }
}

impl Words {
    /// None where an id names nothing, which does not happen.
    fn symbol(&self, named: Named, written: &str) -> Option<Symbol> {
        let (entities, events) = (&self.entities, &self.events);
        Some(match named {
            Named::Entity(id) => Symbol::Entity(entities.get(id.index())?.0.clone()),
            Named::Field(id, field) => {
                let (entity, fields) = entities.get(id.index())?;
                Symbol::Field { entity: entity.clone(), name: fields.get(field.index())?.clone() }
            }
            Named::Value(id, field) => {
                let (entity, fields) = entities.get(id.index())?;
                let field = fields.get(field.index())?.clone();
                Symbol::Value { entity: entity.clone(), field, name: written.into() }
            }
            Named::Event(id) => Symbol::Event(events.get(id.index())?.0.clone()),
            Named::EventField(id, place) => {
                let (event, facts) = events.get(id.index())?;
                Symbol::EventField { event: event.clone(), name: facts.get(place as usize)?.clone() }
            }
            Named::EventValue(id, place) => {
                let (event, facts) = events.get(id.index())?;
                let field = facts.get(place as usize)?.clone();
                Symbol::EventValue { event: event.clone(), field, name: written.into() }
            }
            Named::Fact(place) => Symbol::Fact(self.facts.get(place as usize)?.clone()),
            Named::Score(id) => Symbol::Score(self.scores.get(id.index())?.name.clone()),
            Named::Layer(id, layer) => {
                let shape = self.scores.get(id.index())?;
                Symbol::Layer { score: shape.name.clone(), name: shape.layers.get(layer as usize)?.clone()? }
            }
            Named::Label(id, label) => {
                let shape = self.scores.get(id.index())?;
                Symbol::Label { score: shape.name.clone(), name: shape.labels.get(label.index())?.clone() }
            }
            Named::Phrases(id) => Symbol::Phrases(self.phrases.get(id.index())?.clone()),
            Named::Person => Symbol::Person(written.into()),
            Named::Goal => Symbol::Goal(written.into()),
            Named::Agent(id) => Symbol::Agent(self.agents.get(id.index())?.clone()),
            Named::Verb(id) => Symbol::Action { verb: self.actions.get(id.index())?.0.clone(), way: None },
            Named::Way(id) => {
                let (verb, way) = self.actions.get(id.index())?;
                Symbol::Action { verb: verb.clone(), way: Some(way.clone()?) }
            }
            Named::Template(id) => Symbol::Template(self.templates.get(id.index())?.clone()),
            Named::Experiment(id) => Symbol::Experiment(self.experiments.get(id.index())?.clone()),
            Named::Rubric(id) => Symbol::Rubric(self.rubrics.get(id.index())?.clone()),
            Named::Workflow(id) => Symbol::Workflow(self.workflows.get(id.index())?.name.clone()),
            Named::Stage(id, stage) => {
                let shape = self.workflows.get(id.index())?;
                Symbol::Stage { workflow: shape.name.clone(), name: shape.stages.get(stage.index())?.clone() }
            }
            Named::Outcome(id) => {
                Symbol::Outcome { workflow: self.workflows.get(id.index())?.name.clone(), name: written.into() }
            }
        })
    }
}

/// Names as they are found. Behind a cell, so that whoever only looks can write down what it saw.
#[derive(Debug, Default)]
pub(super) struct Notes(std::cell::RefCell<Vec<Noted>>);

impl Notes {
    /// Adds what somebody else found.
    pub(super) fn append(&mut self, other: &mut Self) {
        self.0.get_mut().append(other.0.get_mut());
    }
}

impl Lowering<'_> {
    /// Writes down what stands there.
    pub(super) fn note(&self, file: FileId, span: Span, named: Named) {
        self.notes.0.borrow_mut().push(Noted { file, span, named });
    }

    /// The same, unless the name was made up and something else is written there.
    pub(super) fn note_written(&self, file: FileId, name: &Name, named: Named) {
        if self.text(file, name.span) == name.text {
            self.note(file, name.span, named);
        }
    }

    /// A record kind, by its table's name.
    pub(super) fn note_table(&self, file: FileId, name: &Name) {
        if let Some(entity) = self.names.tables.get(&name.text) {
            self.note(file, name.span, Named::Entity(*entity));
        }
    }

    /// Each part of the path to a field: `company` of a contact, `industry` of its company.
    pub(super) fn note_field(&self, file: FileId, path: &Path, found: &FieldPath) {
        let (mut at, mut rest) = (found.entity, path.parts.as_slice());
        for id in found.relations.iter().chain([&found.field]) {
            let entity = self.program.entities.get(at.index());
            let Some(field) = entity.and_then(|entity| entity.fields.get(id.index())) else { return };
            let Some((span, after)) = leading(rest, &field.name) else { return };
            // `contact is customer` asks for a field that nobody wrote.
            if self.text(file, span) == field.name {
                self.note(file, span, Named::Field(at, *id));
            }
            if let Type::Record(next) = field.ty {
                at = next;
            }
            rest = after;
        }
    }

    /// A fact of events, which each of them has.
    pub(super) fn note_event_fact(&self, file: FileId, span: Span, name: &str, events: &[EventId]) {
        for event in events {
            let fields = self.program.events.get(event.index()).map(|event| event.fields.as_slice());
            if let Some(place) = fields.unwrap_or_default().iter().position(|field| field.name == name) {
                self.note(file, span, Named::EventField(*event, super::measure::count(place)));
            }
        }
    }

    /// `reply.received.delay`, or short `reply.delay`.
    pub(super) fn note_event_and_fact(&self, file: FileId, path: &Path, event: EventId, place: usize) {
        let fact = self.program.events.get(event.index()).and_then(|event| event.fields.get(place));
        let words = fact.map_or(0, |fact| words_in(&fact.name));
        let Some((name, fact)) = path.parts.split_at_checked(path.parts.len().saturating_sub(words)) else { return };
        if let (Some(name), Some(fact)) = (span_of(name), span_of(fact)) {
            self.note(file, name, Named::Event(event));
            self.note(file, fact, Named::EventField(event, super::measure::count(place)));
        }
    }

    /// A score or a layer, as a path names it.
    pub(super) fn note_score(&self, file: FileId, path: &Path, found: ScoreRef) {
        match (path.parts.as_slice(), found.layer) {
            ([name], None) => self.note(file, name.span, Named::Score(found.score)),
            ([name], Some(layer)) => self.note(file, name.span, Named::Layer(found.score, layer)),
            ([score, layer], Some(place)) => {
                self.note(file, score.span, Named::Score(found.score));
                self.note(file, layer.span, Named::Layer(found.score, place));
            }
            _ => {}
        }
    }

    /// A word of a field's own list. In quotes it is a text that happens to be the same.
    pub(super) fn note_value(&self, file: FileId, span: Span, word: &str, domain: Domain) {
        let named = match domain {
            Domain::Any => return,
            Domain::Field(entity, field) => Named::Value(entity, field),
            Domain::Event(event, place) => Named::EventValue(event, super::measure::count(place)),
        };
        if self.text(file, span) == word {
            self.note(file, span, named);
        }
    }

    /// A word of a fact that several events have: of the others too, where it is one of theirs.
    pub(super) fn note_value_of_each(&self, file: FileId, span: Span, word: &str, domain: Domain, events: &[EventId]) {
        let Domain::Event(first, place) = domain else { return };
        let fields = |event: EventId| self.program.events.get(event.index()).map(|event| event.fields.as_slice());
        let Some(fact) = fields(first).and_then(|fields| fields.get(place)) else { return };
        for event in events.iter().filter(|event| **event != first) {
            let place = fields(*event).and_then(|fields| fields.iter().position(|field| field.name == fact.name));
            let domain = place.map_or(Domain::Any, |place| Domain::Event(*event, place));
            if self.words_of(domain).is_some_and(|words| words.iter().any(|known| known == word)) {
                self.note_value(file, span, word, domain);
            }
        }
    }

    /// A channel that something is sent over.
    pub(super) fn note_channel(&self, file: FileId, span: Span, channel: &str) {
        let is_it =
            |action: &crate::program::Action| action.name == "send" && action.variant.as_deref() == Some(channel);
        if let Some(place) = self.program.actions.iter().position(is_it) {
            self.note(file, span, Named::Way(ActionId(super::measure::count(place))));
        }
    }

    /// What was found, with its words.
    pub(super) fn recorded(&mut self) -> Recorded {
        let program = &self.program;
        let words = Words {
            entities: (program.entities.iter())
                .map(|entity| (entity.name.clone(), entity.fields.iter().map(|field| field.name.clone()).collect()))
                .collect(),
            events: (program.events.iter())
                .map(|event| (event.name.clone(), event.fields.iter().map(|field| field.name.clone()).collect()))
                .collect(),
            facts: self.facts.iter().map(|fact| fact.name().clone()).collect(),
            scores: std::mem::take(&mut self.names.shapes),
            phrases: program.phrases.iter().map(|phrases| phrases.name.clone()).collect(),
            agents: program.agents.iter().map(|agent| agent.name.clone()).collect(),
            actions: program.actions.iter().map(|action| (action.name.clone(), action.variant.clone())).collect(),
            templates: program.templates.iter().map(|template| template.name.clone()).collect(),
            experiments: program.experiments.iter().map(|experiment| experiment.name.clone()).collect(),
            rubrics: program.rubrics.iter().map(|rubric| rubric.name.clone()).collect(),
            workflows: std::mem::take(&mut self.names.machines),
        };
        Recorded { noted: self.notes.0.take(), words }
    }
}

/// How many parts of a path a name has.
fn words_in(name: &str) -> usize {
    name.bytes().filter(|byte| *byte == b'.').count() + 1
}

/// Where a name stands that begins there, and what is behind it.
fn leading<'p>(parts: &'p [Name], name: &str) -> Option<(Span, &'p [Name])> {
    let (own, rest) = parts.split_at_checked(words_in(name))?;
    Some((span_of(own)?, rest))
}

fn span_of(parts: &[Name]) -> Option<Span> {
    Some(parts.first()?.span.to(parts.last()?.span))
}
