//! Types, as written, to the types of fields.

use language::syntax::{Name, TypeExpression, TypeKind};
use rustc_hash::{FxBuildHasher, FxHashSet};

use super::Lowering;
use super::recorded::Named;
use crate::codes::names::{unknown_entity, unknown_type};
use crate::codes::types::bad_type;
use crate::program::{EntityId, FileId, Type};

/// The types that are called by one word.
pub(super) const WORDS: &[&str] =
    &["text", "number", "percent", "money", "duration", "date", "time", "score", "objection"];

impl Lowering<'_> {
    /// The type, and whether it may be missing; none where it was reported.
    pub(super) fn field_type(&mut self, file: FileId, expression: &TypeExpression) -> Option<(Type, bool)> {
        let ty = match &expression.kind {
            TypeKind::Named(name) => self.named_type(file, name)?,
            TypeKind::YesNo => Type::YesNo,
            TypeKind::OneOf(words) => self.domain_type(file, expression, words)?,
            TypeKind::List(of) => {
                let (element, optional) = self.field_type(file, of)?;
                if !matches!(element, Type::Text | Type::OneOf(_)) {
                    self.report(bad_type::list(file, of, self.text(file, of.span)));
                    return None;
                }
                return Some((Type::List(Box::new(element)), expression.optional || optional));
            }
        };
        Some((ty, expression.optional))
    }

    fn named_type(&mut self, file: FileId, name: &Name) -> Option<Type> {
        Some(match name.text.as_str() {
            "text" => Type::Text,
            "number" => Type::Number,
            "percent" => Type::Percent,
            "money" => Type::Money,
            "duration" => Type::Duration,
            "date" => Type::Date,
            "time" => Type::Time,
            "score" => Type::Score,
            "objection" => Type::OneOf(self.objections.clone()),
            other => match self.names.entities.get(other) {
                Some(entity) => {
                    self.note(file, name.span, Named::Entity(*entity));
                    Type::Record(*entity)
                }
                None => {
                    if !self.names.perhaps(other) {
                        let entities = self.program.entities.iter().map(|entity| entity.name.as_str());
                        let found = unknown_type::diagnostic(file, name, WORDS.iter().copied().chain(entities));
                        self.report(found);
                    }
                    return None;
                }
            },
        })
    }

    fn domain_type(&mut self, file: FileId, expression: &TypeExpression, words: &[Name]) -> Option<Type> {
        if words.is_empty() {
            self.report(bad_type::empty(file, expression.span));
            return None;
        }
        let mut seen = FxHashSet::with_capacity_and_hasher(words.len(), FxBuildHasher);
        for word in words {
            if !seen.insert(word.text.as_str()) {
                self.report(bad_type::twice(file, word));
            }
        }
        let mut kept = FxHashSet::with_capacity_and_hasher(words.len(), FxBuildHasher);
        let domain =
            words.iter().filter(|word| kept.insert(word.text.as_str())).map(|word| word.text.clone()).collect();
        Some(Type::OneOf(domain))
    }

    /// The entity of that name; reported where there is none.
    pub(super) fn entity_named(&mut self, file: FileId, name: &Name) -> Option<EntityId> {
        let found = self.names.entities.get(&name.text).copied();
        if let Some(entity) = found {
            self.note_written(file, name, Named::Entity(entity));
        } else if !self.names.perhaps(&name.text) {
            let known = self.program.entities.iter().map(|entity| entity.name.as_str());
            let diagnostic = unknown_entity::diagnostic(file, name, known);
            self.report(diagnostic);
        }
        found
    }
}
