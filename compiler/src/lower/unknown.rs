//! A name that nothing declares: what was likely meant, and what there is instead.
//!
//! Only reached on errors, so it may look at everything; after many of them it does not look for what was meant.

use language::syntax::Path;
use smol_str::SmolStr;

use super::Lowering;
use super::scope::Scope;
use crate::codes::names::{unknown_event, unknown_name};
use crate::nearest::nearest;
use crate::program::{EntityId, EventId, FileId, Type};

/// So many findings get a "did you mean" before the compiler stops looking for it.
const MOST_SUGGESTIONS: usize = 200;

impl Lowering<'_> {
    /// Says that the path means nothing there, unless an earlier error may be why.
    pub(super) fn report_unknown(&mut self, path: &Path, scope: Scope<'_>) {
        if let Some(events) = scope.events {
            self.report_unknown_event_fact(path, events, scope);
            return;
        }
        let Some(entity) = scope.entity else { return };
        if self.unknown_by_an_earlier_error(path, scope) {
            return;
        }
        let visible = if self.may_suggest() { self.visible(entity) } else { Vec::new() };
        let meant = self.meant(path, &visible, entity);
        let known = self.field_names(entity);
        let name = self.entity_name(entity);
        let of_event = self.events_with_fact(path);
        let mut found = unknown_name::diagnostic(scope.file, path, &name, meant.as_deref(), &known);
        if let (None, Some(event)) = (&meant, of_event) {
            found = unknown_name::of_event(found, path, &event);
        }
        self.report(found);
    }

    /// Says that the entity has no such field: for sources and tests.
    pub(super) fn report_unknown_field(&mut self, file: FileId, path: &Path, entity: EntityId) {
        if self.field_lost(path, entity) {
            return;
        }
        let mut visible = self.field_names(entity);
        visible.extend(self.related_names(entity));
        let meant = self.meant(path, &visible, entity);
        let (name, known) = (self.entity_name(entity), self.field_names(entity));
        self.report(unknown_name::field(file, path, &name, meant.as_deref(), &known));
    }

    /// Says that there is no such event.
    pub(super) fn report_unknown_event(&mut self, file: FileId, path: &Path) {
        if path.parts.first().is_some_and(|word| self.names.perhaps(&word.text)) || self.names.perhaps(&path.dotted()) {
            return;
        }
        let names = self.program.events.iter().map(|event| event.name.as_str());
        let meant = self.may_suggest().then(|| nearest(&path.dotted(), names.clone())).flatten().map(str::to_owned);
        let word = path.parts.first().map(|word| word.text.as_str()).unwrap_or_default();
        let kin: Vec<String> = self
            .names
            .events_by_word
            .get(word)
            .into_iter()
            .flatten()
            .filter_map(|event| Some(self.program.events.get(event.index())?.name.to_string()))
            .collect();
        let found = unknown_event::diagnostic(file, path, meant.as_deref(), &kin);
        self.report(found);
    }

    fn report_unknown_event_fact(&mut self, path: &Path, events: &[EventId], scope: Scope<'_>) {
        if events.is_empty() || events.iter().any(|event| self.names.incomplete_events.contains(event)) {
            return;
        }
        let names: Vec<String> = events
            .iter()
            .filter_map(|event| self.program.events.get(event.index()))
            .map(|event| event.name.to_string())
            .collect();
        let known: Vec<String> = events
            .first()
            .and_then(|event| self.program.events.get(event.index()))
            .map(|event| event.fields.iter().map(|field| field.name.to_string()).collect())
            .unwrap_or_default();
        let of_record = self.find(path, Scope { events: None, ..scope }).is_some();
        let meant = nearest(&path.dotted(), known.iter().map(String::as_str)).map(str::to_owned);
        self.report(unknown_name::event_fact(scope.file, path, &names, meant.as_deref(), &known, of_record));
    }

    /// Whether the name may be missing only because something else could not be read.
    fn unknown_by_an_earlier_error(&self, path: &Path, scope: Scope<'_>) -> bool {
        let Some(first) = path.parts.first() else { return true };
        let incomplete = |score: &super::names::ScoreShape| score.incomplete;
        let own = scope.score.and_then(|score| self.names.shape(score)).is_some_and(incomplete);
        let named =
            self.names.scores.get(&first.text).and_then(|score| self.names.shape(*score)).is_some_and(incomplete);
        let entity = scope.entity.is_none_or(|entity| self.field_lost(path, entity));
        self.names.perhaps(&first.text) || own || named || entity
    }

    /// Whether a field of that name may stand where it could not be read.
    fn field_lost(&self, path: &Path, entity: EntityId) -> bool {
        let mut at = entity;
        for part in &path.parts {
            if self.names.module_missing || self.names.incomplete_entities.contains(&at) {
                return true;
            }
            let field = self.names.field(at, &part.text).and_then(|field| {
                self.program.entities.get(at.index()).and_then(|entity| entity.fields.get(field.index()))
            });
            match field.map(|field| &field.ty) {
                Some(Type::Record(next)) => at = *next,
                _ => return false,
            }
        }
        false
    }

    /// All that can be named in a condition about that record.
    fn visible(&self, entity: EntityId) -> Vec<String> {
        let mut names = self.field_names(entity);
        names.extend(self.related_names(entity));
        let facts = self.facts.iter().filter(|fact| fact.entity == Some(entity)).map(|fact| fact.name().to_string());
        names.extend(facts);
        for shape in self.names.shapes.iter().filter(|shape| shape.entity == Some(entity)) {
            names.push(shape.name.to_string());
            for layer in shape.layers.iter().flatten() {
                names.push(layer.to_string());
                names.push(format!("{}.{layer}", shape.name));
            }
        }
        names
    }

    pub(super) fn field_names(&self, entity: EntityId) -> Vec<String> {
        let fields =
            self.program.entities.get(entity.index()).map(|entity| entity.fields.as_slice()).unwrap_or_default();
        fields.iter().map(|field| field.name.to_string()).collect()
    }

    /// The fields of the records it belongs to: `company.industry`.
    fn related_names(&self, entity: EntityId) -> Vec<String> {
        let fields =
            self.program.entities.get(entity.index()).map(|entity| entity.fields.as_slice()).unwrap_or_default();
        let relations = fields.iter().filter_map(|field| match field.ty {
            Type::Record(of) => Some((&field.name, of)),
            _ => None,
        });
        relations
            .flat_map(|(relation, of)| self.field_names(of).into_iter().map(move |name| format!("{relation}.{name}")))
            .collect()
    }

    /// What was likely meant: a name nearly the same, or the same name of a record it belongs to.
    fn meant(&self, path: &Path, visible: &[String], entity: EntityId) -> Option<String> {
        if !self.may_suggest() {
            return None;
        }
        let written = path.dotted();
        let related: Vec<String> = self.related_names(entity);
        let by_last = |wanted: &str| {
            related.iter().find(|name| name.split_once('.').is_some_and(|(_, field)| field == wanted)).cloned()
        };
        let last = path.parts.last().map(|part| part.text.as_str()).unwrap_or_default();
        let whole = nearest(&written, visible.iter().map(String::as_str)).map(str::to_owned);
        let own = || visible.iter().find(|name| path.parts.len() > 1 && name.as_str() == last).cloned();
        let mistyped_related = || {
            let fields: Vec<&str> = related.iter().filter_map(|name| Some(name.split_once('.')?.1)).collect();
            if path.parts.len() > 1 { None } else { nearest(&written, fields).and_then(by_last) }
        };
        by_last(&written).or(whole).or_else(own).or_else(mistyped_related)
    }

    /// An event that has such a fact, where the path reads like `reply.delay`.
    fn events_with_fact(&self, path: &Path) -> Option<String> {
        let [word, rest @ ..] = path.parts.as_slice() else { return None };
        let events = self.names.events_by_word.get(&word.text)?;
        let fact: SmolStr = super::path::dotted(rest.last().map(std::slice::from_ref)?);
        let event = events.iter().find_map(|event| {
            let event = self.program.events.get(event.index())?;
            event.fields.iter().any(|field| field.name == fact).then(|| event.name.to_string())
        });
        event.or_else(|| self.names.events.contains_key(&path.dotted()).then(|| path.dotted().to_string()))
    }

    pub(super) fn may_suggest(&self) -> bool {
        self.diagnostics.len() < MOST_SUGGESTIONS
    }
}
