//! Facts: named calculations, written out wherever they are named.

use std::sync::Arc;

use language::Span;
use language::syntax::{self, DeclarationKind, Expression, ExpressionKind, Path, PredicateTest};
use smol_str::SmolStr;

use super::Lowering;
use super::measure::Size;
use super::operand::{Operand, Unit};
use super::recorded::Named;
use super::scope::{DEEPEST, Node, Scope};
use crate::codes::names::{circular_definition, not_of_this_record};
use crate::codes::types::{fact_without_value, too_involved};
use crate::program::{EntityId, Fact, FactValue, FileId, Origin};

/// How large all facts together may become where they are written out.
const MOST_INLINED: usize = 2_000_000;
/// How large one fact may become.
const LARGEST_FACT: usize = 10_000;

/// A fact and what is known of it so far.
#[derive(Clone, Debug)]
pub(super) struct FactState<'a> {
    file: FileId,
    syntax: &'a syntax::Fact,
    /// None where it is unknown.
    pub(super) entity: Option<EntityId>,
    origin: Origin,
    progress: Progress,
}

#[derive(Clone, Debug)]
enum Progress {
    Untouched,
    /// Its own value is being resolved: to meet it now is a circle.
    Underway,
    /// None where something in it is wrong.
    Done(Option<Arc<(FactValue, Size)>>),
}

impl FactState<'_> {
    pub(super) fn name(&self) -> &SmolStr {
        &self.syntax.name.text
    }

    pub(super) fn place(&self) -> (FileId, Span) {
        (self.file, self.syntax.name.span)
    }
}

impl Lowering<'_> {
    pub(super) fn collect_facts(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            let DeclarationKind::Fact(fact) = &declared.declaration.kind else { continue };
            let entity = self.entity_named(declared.file, &fact.entity);
            let origin = self.origin(declared.file, fact.name.span);
            self.names.facts.insert(fact.name.text.clone(), self.facts.len());
            let progress = Progress::Untouched;
            self.facts.push(FactState { file: declared.file, syntax: fact, entity, origin, progress });
        }
    }

    pub(super) fn lower_facts(&mut self) {
        for index in 0..self.facts.len() {
            self.resolve_fact(index, 0);
            let Some(fact) = self.facts.get(index) else { continue };
            if let (Progress::Done(Some(done)), Some(entity)) = (&fact.progress, fact.entity) {
                let (name, value, origin) = (fact.name().clone(), done.0.clone(), fact.origin);
                self.program.facts.push(Fact { name, entity, value, origin });
            }
        }
    }

    /// A fact where it is named.
    pub(super) fn named_fact(&mut self, index: usize, path: &Path, scope: Scope<'_>) -> Option<Operand> {
        let of = self.facts.get(index)?.entity?;
        if Some(of) != scope.entity {
            let (name, of) = (path.dotted(), self.entity_name(of));
            let wanted = self.entity_name(scope.entity?);
            self.report(not_of_this_record::diagnostic(scope.file, path, "fact", &name, &of, &wanted));
            return None;
        }
        self.note(scope.file, path.span, Named::Fact(super::measure::count(index)));
        self.depend(scope, Node::Fact(index), path.span);
        let fact = self.fact_value(index, path.span, scope)?;
        let (value, size) = (&fact.0, fact.1);
        if scope.depth + size.depth > DEEPEST {
            self.report(too_involved::nested(scope.file, path.span));
            return None;
        }
        self.inlined = self.inlined.saturating_add(size.nodes);
        if self.inlined > MOST_INLINED {
            // Said once: everything after it would be as involved.
            if self.inlined - size.nodes <= MOST_INLINED {
                self.report(too_involved::facts(scope.file, path.span));
            }
            return None;
        }
        Some(match value {
            FactValue::Term(term, ty) => Operand::Numeric(term.clone(), Unit::of(ty)?),
            FactValue::Condition(condition) => Operand::Condition(condition.clone()),
        })
    }

    /// What a fact is, resolved once.
    fn fact_value(&mut self, index: usize, named_at: Span, scope: Scope<'_>) -> Option<Arc<(FactValue, Size)>> {
        match &self.facts.get(index)?.progress {
            Progress::Done(done) => done.clone(),
            Progress::Untouched => {
                self.resolve_fact(index, scope.depth + 1);
                match &self.facts.get(index)?.progress {
                    Progress::Done(done) => done.clone(),
                    Progress::Untouched | Progress::Underway => None,
                }
            }
            Progress::Underway => {
                let fact = self.facts.get(index)?;
                let (name, place) = (fact.name().clone(), fact.place());
                self.report(circular_definition::fact(scope.file, named_at, &name, place));
                None
            }
        }
    }

    fn resolve_fact(&mut self, index: usize, depth: u16) {
        let Some(fact) = self.facts.get_mut(index) else { return };
        if !matches!(fact.progress, Progress::Untouched) {
            return;
        }
        fact.progress = Progress::Underway;
        let (file, syntax, entity) = (fact.file, fact.syntax, fact.entity);
        // Facts of facts are resolved inside one another, so their chain is bounded like any nesting.
        let scope = Scope { depth, ..Scope::new(file, entity).of(Node::Fact(index)) };
        let value = self.value_of_fact(&syntax.value, scope).and_then(|value| {
            let size = Size::of_fact(&value);
            if size.nodes > LARGEST_FACT {
                self.report(too_involved::facts(file, syntax.name.span));
                return None;
            }
            Some((value, size))
        });
        if let Some(fact) = self.facts.get_mut(index) {
            fact.progress = Progress::Done(value.map(Arc::new));
        }
    }

    fn value_of_fact(&mut self, value: &Expression, scope: Scope<'_>) -> Option<FactValue> {
        let condition = match &value.kind {
            ExpressionKind::Predicate(predicate) => {
                !matches!(predicate.test, PredicateTest::Bare) || predicate.fresh.is_some()
            }
            ExpressionKind::Not(_)
            | ExpressionKind::And(_)
            | ExpressionKind::Or(_)
            | ExpressionKind::Mixed { .. }
            | ExpressionKind::Happened { .. }
            | ExpressionKind::Mentions { .. } => true,
            _ => false,
        };
        if condition {
            return self.condition(value, scope).map(FactValue::Condition);
        }
        let operand = self.term(value, scope)?;
        match operand.numeric() {
            Some((term, unit)) => Some(FactValue::Term(term, unit.ty())),
            None => {
                let written = self.text(scope.file, value.span);
                self.report(fact_without_value::diagnostic(scope.file, value.span, written, &operand.kind()));
                None
            }
        }
    }

    /// The value of a fact by its name, for tests.
    pub(super) fn fact_named(&self, name: &str) -> Option<(Option<EntityId>, Option<FactValue>)> {
        let fact = self.facts.get(*self.names.facts.get(name)?)?;
        match &fact.progress {
            Progress::Done(Some(done)) => Some((fact.entity, Some(done.0.clone()))),
            _ => Some((fact.entity, None)),
        }
    }
}
