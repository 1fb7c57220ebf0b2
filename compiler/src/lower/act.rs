//! Acts: what is done with what, and over which channel. What can be done is declared by `action`; what its object is, the verb
//! decides.

use language::syntax::{self, Manner, Path};
use smol_str::SmolStr;

use super::Lowering;
use super::guard::sorted;
use super::measure::count;
use super::recorded::Named;
use crate::codes::workflows::{act_does_not_fit, unknown_action, unknown_object};
use crate::program::{Act, ActionId, ArmKind, EntityId, ExperimentId, FileId, Object, RubricId, RubricText, Type, Via};

impl Lowering<'_> {
    pub(super) fn act(&mut self, file: FileId, act: &syntax::Act, entity: Option<EntityId>) -> Option<Act> {
        let verb = act.verb.text.as_str();
        let actions = self.actions_named(verb);
        if let Some(action) = actions.first() {
            self.note(file, act.verb.span, Named::Verb(*action));
        } else if !self.names.perhaps(verb) {
            let known = sorted(self.program.actions.iter().map(|action| &action.name));
            self.report(unknown_action::diagnostic(&self.modules.files, file, &act.verb, &known));
        }
        let mut by: Option<&Path> = None;
        let mut via: Option<&Path> = None;
        let mut fits = true;
        for (manner, path) in &act.manners {
            let slot = match (manner, verb) {
                (Manner::By, "score" | "rate") => &mut by,
                (Manner::Via, "write" | "send") => &mut via,
                _ => {
                    self.report(act_does_not_fit::manner(file, path.span, word_of(*manner), verb));
                    fits = false;
                    continue;
                }
            };
            if slot.is_some() {
                self.report(act_does_not_fit::manner_twice(file, path.span, word_of(*manner)));
                fits = false;
            }
            *slot = Some(path);
        }
        let object = self.object(file, act, by, entity);
        let channel = match via {
            Some(via) => Some(self.via(file, via)?),
            None => None,
        };
        if !fits {
            return None;
        }
        let object = object?;
        let action = self.action_for(&actions, &object, channel.as_ref())?;
        self.note_object(file, act, &object, action);
        let words = self.words(file, act.span);
        Some(Act { action, object, via: channel, words, origin: self.origin(file, act.span) })
    }

    /// Of several actions with the verb, the one for the channel or the object.
    fn action_for(&self, all: &[ActionId], object: &Object, via: Option<&Via>) -> Option<ActionId> {
        let word = match (via, object) {
            (Some(Via::Channel(channel)), _) => Some(channel.clone()),
            (_, Object::Named(name)) => Some(name.clone()),
            (_, Object::Message) => Some("message".into()),
            (_, Object::Record(entity)) => Some(self.entity_name(*entity).to_lowercase().into()),
            _ => None,
        };
        let variant = |id: &&ActionId| self.program.actions.get(id.index()).and_then(|action| action.variant.as_ref());
        let exact = all.iter().find(|id| variant(id).is_some() && variant(id) == word.as_ref());
        exact.or_else(|| all.iter().find(|id| variant(id).is_none())).or_else(|| all.first()).copied()
    }

    /// `spreadsheet` of `update spreadsheet`, where there is an action for it; a record by its name.
    fn note_object(&self, file: FileId, act: &syntax::Act, object: &Object, action: ActionId) {
        let Some(written) = &act.object else { return };
        let way = self.program.actions.get(action.index()).and_then(|action| action.variant.as_ref());
        match object {
            Object::Record(entity) => self.note(file, written.span, Named::Entity(*entity)),
            Object::Named(name) if way == Some(name) => self.note(file, written.span, Named::Way(action)),
            _ => {}
        }
    }

    fn object(
        &mut self,
        file: FileId,
        act: &syntax::Act,
        by: Option<&Path>,
        entity: Option<EntityId>,
    ) -> Option<Object> {
        let named = act.object.as_ref();
        let word = named.map(Path::dotted);
        match act.verb.text.as_str() {
            "score" => self.object_of_score(file, act, by, entity),
            "rate" => self.object_of_rate(file, act, by),
            "write" => {
                let Some(template) = named else {
                    self.report(act_does_not_fit::write(file, act.span));
                    return None;
                };
                self.object_of_write(file, template)
            }
            "send" => match word.as_deref() {
                None | Some("message") => Some(Object::Message),
                Some(other) => {
                    let template = self.program.templates.iter().any(|template| template.name == other);
                    self.report(act_does_not_fit::send(file, named?.span, other, template));
                    None
                }
            },
            "research" => {
                let Some(record) = named else {
                    self.report(act_does_not_fit::research(file, act.span));
                    return None;
                };
                self.record_beside(file, record, entity).map(Object::Record)
            }
            _ => Some(match word {
                None => Object::None,
                Some(word) if word == "message" => Object::Message,
                Some(word) => match self.names.tables.get(&word).copied() {
                    Some(record) => Object::Record(record),
                    None => Object::Named(word),
                },
            }),
        }
    }

    /// A template, or an experiment that gives one.
    fn object_of_write(&mut self, file: FileId, written: &Path) -> Option<Object> {
        let word = written.dotted();
        if let Some(template) = self.names.templates.get(&word).copied() {
            self.note(file, written.span, Named::Template(template));
            return Some(Object::Template(template));
        }
        if let Some((found, of)) = self.experiment_named(&word) {
            self.note(file, written.span, Named::Experiment(found));
            if of == Some(ArmKind::Channels) {
                self.report(act_does_not_fit::writes_channels(file, written));
            }
            return (of == Some(ArmKind::Templates)).then_some(Object::Experiment(found));
        }
        let experiments = self.program.experiments.iter().filter(|known| known.of == ArmKind::Templates);
        let names = self.program.templates.iter().map(|known| &known.name);
        let known = sorted(names.chain(experiments.map(|known| &known.name)));
        self.unknown(file, written, "template", &known);
        None
    }

    /// An experiment, and what it tries, where anything of that could be read.
    fn experiment_named(&self, word: &str) -> Option<(ExperimentId, Option<ArmKind>)> {
        let id = self.names.experiments.get(word).copied()?;
        let experiment = self.program.experiments.get(id.index())?;
        Some((id, (!experiment.arms.is_empty()).then_some(experiment.of)))
    }

    fn object_of_score(
        &mut self,
        file: FileId,
        act: &syntax::Act,
        by: Option<&Path>,
        entity: Option<EntityId>,
    ) -> Option<Object> {
        let Some(by) = by else {
            self.report(act_does_not_fit::score(
                file,
                act.span,
                &self.names.shapes.iter().map(|shape| shape.name.clone()).collect::<Vec<_>>(),
            ));
            return None;
        };
        let of = match &act.object {
            Some(record) => self.record_beside(file, record, entity)?,
            None => entity?,
        };
        let Some(score) = self.names.scores.get(&by.dotted()).copied() else {
            let known: Vec<SmolStr> = self.names.shapes.iter().map(|shape| shape.name.clone()).collect();
            self.unknown(file, by, "score", &known);
            return None;
        };
        self.note(file, by.span, Named::Score(score));
        let scored = self.names.shape(score).and_then(|shape| shape.entity)?;
        if scored != of {
            let names = (self.entity_name(scored), self.entity_name(of));
            self.report(act_does_not_fit::scored(file, by, &names.0, &names.1));
            return None;
        }
        Some(Object::Score(score))
    }

    fn object_of_rate(&mut self, file: FileId, act: &syntax::Act, by: Option<&Path>) -> Option<Object> {
        let message = act.object.as_ref().is_none_or(|object| object.dotted() == "message");
        let rubric = match (by, &act.object) {
            (Some(rubric), _) if message => rubric,
            (None, Some(rubric)) if !message => rubric,
            _ => {
                self.report(act_does_not_fit::rate(file, act.span));
                return None;
            }
        };
        let Some(found) = self.program.rubrics.iter().position(|known| known.name == rubric.dotted()) else {
            let known = sorted(self.program.rubrics.iter().map(|known| &known.name));
            self.unknown(file, rubric, "rubric", &known);
            return None;
        };
        let reads_message = self.program.rubrics.get(found).is_none_or(|rubric| rubric.from == RubricText::Message);
        if message != reads_message {
            self.report(act_does_not_fit::rubric(file, rubric, message));
            return None;
        }
        let found = RubricId(count(found));
        self.note(file, rubric.span, Named::Rubric(found));
        Some(Object::Rubric(found))
    }

    /// The record itself, or one it belongs to.
    fn record_beside(&mut self, file: FileId, path: &Path, entity: Option<EntityId>) -> Option<EntityId> {
        let entity = entity?;
        let found = self.names.tables.get(&path.dotted()).copied();
        let beside = |record: &EntityId| {
            let fields = self.program.entities.get(entity.index()).map(|entity| entity.fields.as_slice());
            *record == entity
                || self.subject(entity, *record).is_some()
                || fields.unwrap_or_default().iter().any(|field| field.ty == Type::Record(*record))
        };
        let found = found.filter(beside);
        if let Some(record) = found {
            self.note(file, path.span, Named::Entity(record));
        } else {
            let known: Vec<SmolStr> =
                sorted(self.names.tables.iter().filter(|(_, record)| beside(record)).map(|(name, _)| name));
            self.unknown(file, path, "record", &known);
        }
        found
    }

    fn via(&mut self, file: FileId, via: &Path) -> Option<Via> {
        let word = via.dotted();
        let mut known = self.channels();
        if known.contains(&word) {
            self.note_channel(file, via.span, &word);
            return Some(Via::Channel(word));
        }
        if let Some((found, of)) = self.experiment_named(&word) {
            self.note(file, via.span, Named::Experiment(found));
            if of == Some(ArmKind::Templates) {
                self.report(act_does_not_fit::sent_by_templates(file, via));
                return None;
            }
            return Some(Via::Experiment(found));
        }
        let experiments = self.program.experiments.iter().filter(|known| known.of == ArmKind::Channels);
        known.extend(sorted(experiments.map(|experiment| &experiment.name)));
        self.unknown(file, via, "channel or experiment", &known);
        None
    }

    fn unknown(&mut self, file: FileId, path: &Path, what: &str, known: &[SmolStr]) {
        if !self.names.perhaps(&path.dotted()) {
            self.report(unknown_object::path(file, path, what, known));
        }
    }
}

const fn word_of(manner: Manner) -> &'static str {
    match manner {
        Manner::By => "by",
        Manner::Via => "via",
        Manner::To => "to",
        Manner::With => "with",
        Manner::For => "for",
        Manner::On => "on",
    }
}
