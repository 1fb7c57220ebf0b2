//! What a path means where it stands: a field, a fact, a score, a layer, or a fact of the event judged.

use language::syntax::Path;
use smol_str::SmolStr;

use super::Lowering;
use super::operand::{Domain, Operand, Unit};
use super::scope::{Node, Scope};
use crate::codes::names::{ambiguous_name, not_of_this_record};
use crate::program::{EntityId, EventId, FieldId, FieldPath, ScoreId, ScoreRef, Term, TextTerm, Type};

/// What a path was found to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    /// A field of a record: the path to it, and the record kind that it is a field of.
    Field(FieldPath, EntityId),
    /// A fact of the event judged: one event that has it, and its place.
    EventFact(SmolStr, EventId, usize),
    /// Into the list of facts.
    Fact(usize),
    Score(ScoreRef),
}

impl Lowering<'_> {
    /// A path as a term; none where it was reported, or is silent because of an earlier error.
    pub(super) fn path(&mut self, path: &Path, scope: Scope<'_>) -> Option<Operand> {
        match self.find(path, scope) {
            Some(found) => self.operand(path, found, scope),
            None => {
                self.report_unknown(path, scope);
                None
            }
        }
    }

    /// What the path means, without a word where it means nothing.
    pub(super) fn find(&self, path: &Path, scope: Scope<'_>) -> Option<Found> {
        if let Some(events) = scope.events {
            return self.find_event_fact(path, events);
        }
        let entity = scope.entity?;
        if let Some((path, owner)) = self.find_field(path, entity) {
            return Some(Found::Field(path, owner));
        }
        match path.parts.as_slice() {
            [name] => {
                if let Some(fact) = self.names.facts.get(&name.text) {
                    return Some(Found::Fact(*fact));
                }
                if let Some(score) = self.names.scores.get(&name.text) {
                    return Some(Found::Score(ScoreRef { score: *score, layer: None }));
                }
                self.find_layer(&name.text, scope).map(Found::Score)
            }
            [score, layer] => {
                let score = *self.names.scores.get(&score.text)?;
                Some(Found::Score(ScoreRef { score, layer: Some(self.layer_of(score, &layer.text)?) }))
            }
            _ => None,
        }
    }

    /// A field, through relations: names may be dotted themselves, so the longest name that is there counts.
    pub(super) fn find_field(&self, path: &Path, entity: EntityId) -> Option<(FieldPath, EntityId)> {
        let mut found = FieldPath { entity, relations: Vec::new(), field: FieldId(0) };
        let mut at = entity;
        let mut rest = path.parts.as_slice();
        loop {
            let (field, after) = (1..=rest.len()).rev().find_map(|length| {
                let (name, after) = rest.split_at_checked(length)?;
                Some((self.names.field(at, &dotted(name))?, after))
            })?;
            if after.is_empty() {
                found.field = field;
                return Some((found, at));
            }
            let Type::Record(next) = self.program.entities.get(at.index())?.fields.get(field.index())?.ty else {
                return None;
            };
            found.relations.push(field);
            (at, rest) = (next, after);
        }
    }

    fn find_event_fact(&self, path: &Path, events: &[EventId]) -> Option<Found> {
        let name = path.dotted();
        let mut found = None;
        for event in events {
            let place = self.program.events.get(event.index())?.fields.iter().position(|field| field.name == name)?;
            found.get_or_insert((*event, place));
        }
        found.map(|(event, place)| Found::EventFact(name, event, place))
    }

    /// A layer by its bare name: of the score whose route it is, else the only one of the record's scores that has it.
    fn find_layer(&self, name: &str, scope: Scope<'_>) -> Option<ScoreRef> {
        if let Some(score) = scope.score
            && let Some(layer) = self.layer_of(score, name)
        {
            return Some(ScoreRef { score, layer: Some(layer) });
        }
        let mut found = self.layers_named(name, scope.entity);
        // Where several have it, the first one stands for them until that is reported.
        found.next()
    }

    pub(super) fn layers_named<'n>(
        &'n self,
        name: &str,
        entity: Option<EntityId>,
    ) -> impl Iterator<Item = ScoreRef> + 'n {
        let all = self.names.layers.get(name).map(Vec::as_slice).unwrap_or_default();
        all.iter()
            .copied()
            .filter(move |layer| self.names.shape(layer.score).is_some_and(|shape| shape.entity == entity))
    }

    pub(super) fn layer_of(&self, score: ScoreId, name: &str) -> Option<u32> {
        let layers = &self.names.shape(score)?.layers;
        layers.iter().position(|layer| layer.as_deref() == Some(name)).map(super::measure::count)
    }

    fn operand(&mut self, path: &Path, found: Found, scope: Scope<'_>) -> Option<Operand> {
        match found {
            Found::Field(field, owner) => {
                if let ([name], Some(score)) = (path.parts.as_slice(), scope.score)
                    && self.layer_of(score, &name.text).is_some()
                {
                    let shape = self.names.shape(score).map(|shape| shape.name.clone()).unwrap_or_default();
                    self.report(ambiguous_name::field_or_layer(scope.file, name, &shape));
                    return None;
                }
                self.note_field(scope.file, path, &field);
                self.field_operand(field, owner)
            }
            Found::EventFact(name, event, place) => {
                self.note_event_fact(scope.file, path.span, &name, scope.events.unwrap_or_default());
                self.event_fact_operand(name, event, place)
            }
            Found::Fact(fact) => self.named_fact(fact, path, scope),
            Found::Score(score) => self.score_operand(path, score, scope),
        }
    }

    pub(super) fn field_operand(&self, path: FieldPath, owner: EntityId) -> Option<Operand> {
        let field = self.program.entities.get(owner.index())?.fields.get(path.field.index())?;
        let domain = Domain::Field(owner, path.field);
        Some(match &field.ty {
            Type::Text => Operand::Text(TextTerm::Field(path), Domain::Any),
            Type::OneOf(_) => Operand::Text(TextTerm::Field(path), domain),
            Type::YesNo => Operand::YesNo(TextTerm::Field(path)),
            Type::List(of) => Operand::List(path, if matches!(**of, Type::OneOf(_)) { domain } else { Domain::Any }),
            Type::Record(entity) => Operand::Record(path, *entity),
            other => Operand::Numeric(Term::Field(path), Unit::of(other)?),
        })
    }

    fn event_fact_operand(&self, name: SmolStr, event: EventId, place: usize) -> Option<Operand> {
        let ty = &self.program.events.get(event.index())?.fields.get(place)?.ty;
        Some(match ty {
            Type::Text => Operand::Text(TextTerm::EventField(name), Domain::Any),
            Type::OneOf(_) => Operand::Text(TextTerm::EventField(name), Domain::Event(event, place)),
            Type::YesNo => Operand::YesNo(TextTerm::EventField(name)),
            // Refused where the event is declared.
            Type::List(_) | Type::Record(_) => return None,
            other => Operand::Numeric(Term::EventField(name), Unit::of(other)?),
        })
    }

    fn score_operand(&mut self, path: &Path, found: ScoreRef, scope: Scope<'_>) -> Option<Operand> {
        let shape = self.names.shape(found.score)?;
        let name = shape.name.clone();
        if shape.entity != scope.entity {
            if let (Some(of), Some(wanted)) = (shape.entity, scope.entity) {
                let (of, wanted) = (self.entity_name(of), self.entity_name(wanted));
                self.report(not_of_this_record::diagnostic(scope.file, path, "score", &name, &of, &wanted));
            }
            return None;
        }
        if let ([layer], Some(_)) = (path.parts.as_slice(), found.layer)
            && scope.score != Some(found.score)
        {
            let others: Vec<ScoreRef> = self.layers_named(&layer.text, scope.entity).collect();
            if others.len() > 1 {
                let scores: Vec<SmolStr> =
                    others.iter().filter_map(|other| Some(self.names.shape(other.score)?.name.clone())).collect();
                self.report(ambiguous_name::layers(scope.file, layer, &scores));
                return None;
            }
        }
        self.note_score(scope.file, path, found);
        self.depend(scope, Node::Points(found.score), path.span);
        Some(Operand::Score(found))
    }

    pub(super) fn entity_name(&self, entity: EntityId) -> SmolStr {
        self.program.entities.get(entity.index()).map(|entity| entity.name.clone()).unwrap_or_default()
    }
}

/// Words joined by dots.
pub(super) fn dotted(parts: &[language::syntax::Name]) -> SmolStr {
    match parts {
        [only] => only.text.clone(),
        parts => parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".").into(),
    }
}
