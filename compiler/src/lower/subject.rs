//! Whose facts a path of a workflow asks about: the record's own, its contact's, its deal's.
//!
//! A workflow runs for one record and may ask about those beside it. Conditions are about one record each, so a path is
//! brought into the words of its own record before anything else looks at it; where it stands does not change.

use std::collections::BTreeSet;

use language::Span;
use language::syntax::{Expression, ExpressionKind, Path, Predicate, PredicateTest};

use super::Lowering;
use super::path::Found;
use super::scope::{DEEPEST, Scope};
use crate::program::{EntityId, FileId, Subject};

/// Whose a path is, and the path in that record's own words.
pub(super) struct Whose {
    pub(super) of: Subject,
    pub(super) entity: EntityId,
    pub(super) path: Path,
}

impl Lowering<'_> {
    /// Whose that is, seen from a record of `entity`; none where nothing is called so.
    pub(super) fn whose(&self, path: &Path, entity: EntityId) -> Option<Whose> {
        let own = Subject::Own(entity);
        if self.is_of(path, entity) {
            return Some(Whose { of: own, entity, path: path.clone() });
        }
        let (first, rest) = path.parts.split_first()?;
        if let Some(named) = self.names.tables.get(&first.text).copied()
            && let Some(of) = self.subject(entity, named)
            && let (Some(start), Some(end)) = (rest.first(), rest.last())
        {
            let rest = Path { parts: rest.to_vec(), span: start.span.to(end.span) };
            return Some(Whose { of, entity: named, path: rest });
        }
        let contact = self.names.entities.get("Contact").copied()?;
        if matches!(self.subject(entity, contact)?, Subject::Contact) && self.is_of(path, contact) {
            return Some(Whose { of: Subject::Contact, entity: contact, path: path.clone() });
        }
        None
    }

    /// A record of that kind, seen from one of `entity`.
    pub(super) fn subject(&self, entity: EntityId, named: EntityId) -> Option<Subject> {
        if entity == named {
            return Some(Subject::Own(entity));
        }
        match (self.entity_name(entity).as_str(), self.entity_name(named).as_str()) {
            ("Deal", "Contact") => Some(Subject::Contact),
            ("Contact", "Deal") => Some(Subject::Deal),
            _ => None,
        }
    }

    /// The record kind whose facts these are, seen from a record of `entity`.
    pub(super) fn entity_of(&self, of: Subject) -> Option<EntityId> {
        match of {
            Subject::Own(entity) => Some(entity),
            Subject::Contact => self.names.entities.get("Contact").copied(),
            Subject::Deal => self.names.entities.get("Deal").copied(),
        }
    }

    /// Whose events a record of that kind has: what happens, happens to a contact.
    fn who_experiences(&self, entity: EntityId) -> Subject {
        match self.names.entities.get("Contact").and_then(|contact| self.subject(entity, *contact)) {
            Some(Subject::Contact) => Subject::Contact,
            _ => Subject::Own(entity),
        }
    }

    /// Whether a record of that kind has a field, fact, score or layer that is called so.
    fn is_of(&self, path: &Path, entity: EntityId) -> bool {
        match self.find(path, Scope::new(FileId(0), Some(entity))) {
            Some(Found::Field(..)) => true,
            Some(Found::Fact(fact)) => self.facts.get(fact).is_some_and(|fact| fact.entity == Some(entity)),
            Some(Found::Score(score)) => {
                self.names.shape(score.score).is_some_and(|shape| shape.entity == Some(entity))
            }
            Some(Found::EventFact(..)) | None => false,
        }
    }

    /// Whose facts an expression asks about, and a place of each; none of what is called by no known name.
    pub(super) fn subjects(&self, expression: &Expression, entity: EntityId) -> Vec<(Subject, Span)> {
        let mut found: Vec<(Subject, Span)> = Vec::new();
        self.gather_subjects(expression, entity, &mut found, 0);
        let mut seen = BTreeSet::new();
        found.retain(|(subject, _)| seen.insert(*subject));
        found
    }

    fn gather_subjects(&self, expression: &Expression, entity: EntityId, found: &mut Vec<(Subject, Span)>, depth: u16) {
        if depth > DEEPEST {
            return;
        }
        each_part(expression, &mut |part| match part {
            Part::Below(inner) => self.gather_subjects(inner, entity, found, depth + 1),
            Part::Path(path) => found.extend(self.whose(path, entity).map(|whose| (whose.of, path.span))),
            Part::Events(span) => found.push((self.who_experiences(entity), span)),
        });
    }

    /// The expression in the words of the records whose it is.
    pub(super) fn in_own_words(&self, expression: &Expression, entity: EntityId, file: FileId) -> Expression {
        let mut own = expression.clone();
        self.reword(&mut own, (entity, file), 0);
        own
    }

    fn reword(&self, expression: &mut Expression, of: (EntityId, FileId), depth: u16) {
        let (entity, file) = of;
        if depth > DEEPEST {
            return;
        }
        let depth = depth + 1;
        match &mut expression.kind {
            ExpressionKind::Not(inner) | ExpressionKind::Windowed { term: inner, .. } => {
                self.reword(inner, of, depth);
            }
            ExpressionKind::And(parts)
            | ExpressionKind::Or(parts)
            | ExpressionKind::Mixed { operands: parts, .. }
            | ExpressionKind::List(parts) => parts.iter_mut().for_each(|part| self.reword(part, of, depth)),
            ExpressionKind::Arithmetic { operands, .. } => {
                self.reword(&mut operands.0, of, depth);
                self.reword(&mut operands.1, of, depth);
            }
            ExpressionKind::Path(path) => {
                if let Some(whose) = self.whose(path, entity) {
                    if let (Some(record), true) = (path.parts.first(), whose.path.parts.len() < path.parts.len()) {
                        self.note_table(file, record);
                    }
                    *path = whose.path;
                }
            }
            ExpressionKind::Predicate(predicate) => {
                let Predicate { subject, test, .. } = predicate.as_mut();
                self.reword(subject, of, depth);
                match test {
                    PredicateTest::Compare { right, .. } | PredicateTest::Equals { right, .. } => {
                        self.reword(right, of, depth);
                    }
                    PredicateTest::From { low, high, .. } => {
                        self.reword(low, of, depth);
                        self.reword(high, of, depth);
                    }
                    PredicateTest::Is { values, .. } | PredicateTest::OneOf { values, .. } => {
                        values.iter_mut().filter(|value| names_no_word(value)).for_each(|value| {
                            self.reword(value, of, depth);
                        });
                    }
                    PredicateTest::Has { values, .. } if names_no_word(values) => self.reword(values, of, depth),
                    _ => {}
                }
            }
            ExpressionKind::Happened { .. }
            | ExpressionKind::Mentions { .. }
            | ExpressionKind::Literal(_)
            | ExpressionKind::Aggregate(_)
            | ExpressionKind::Today
            | ExpressionKind::Now => {}
        }
    }
}

/// What an expression consists of, as far as it may be somebody's.
enum Part<'e> {
    Below(&'e Expression),
    Path(&'e Path),
    /// Something that has to have happened.
    Events(Span),
}

fn each_part<'e>(expression: &'e Expression, each: &mut impl FnMut(Part<'e>)) {
    match &expression.kind {
        ExpressionKind::Not(inner) | ExpressionKind::Windowed { term: inner, .. } => each(Part::Below(inner)),
        ExpressionKind::And(parts)
        | ExpressionKind::Or(parts)
        | ExpressionKind::Mixed { operands: parts, .. }
        | ExpressionKind::List(parts) => parts.iter().for_each(|part| each(Part::Below(part))),
        ExpressionKind::Arithmetic { operands, .. } => {
            each(Part::Below(&operands.0));
            each(Part::Below(&operands.1));
        }
        ExpressionKind::Path(path) => each(Part::Path(path)),
        ExpressionKind::Happened { .. } | ExpressionKind::Mentions { .. } | ExpressionKind::Aggregate(_) => {
            each(Part::Events(expression.span));
        }
        ExpressionKind::Predicate(predicate) => {
            each(Part::Below(&predicate.subject));
            match &predicate.test {
                PredicateTest::Compare { right, .. } | PredicateTest::Equals { right, .. } => each(Part::Below(right)),
                PredicateTest::From { low, high, .. } => {
                    each(Part::Below(low));
                    each(Part::Below(high));
                }
                PredicateTest::Is { values, .. } | PredicateTest::OneOf { values, .. } => {
                    values.iter().filter(|value| names_no_word(value)).for_each(|value| each(Part::Below(value)));
                }
                PredicateTest::Has { values, .. } if names_no_word(values) => each(Part::Below(values)),
                _ => {}
            }
        }
        ExpressionKind::Literal(_) | ExpressionKind::Today | ExpressionKind::Now => {}
    }
}

/// Beside `is` and `has` a bare word is a value; only a path with dots is surely somebody's.
fn names_no_word(value: &Expression) -> bool {
    match &value.kind {
        ExpressionKind::Path(path) => path.parts.len() > 1,
        ExpressionKind::List(_) => false,
        _ => true,
    }
}
