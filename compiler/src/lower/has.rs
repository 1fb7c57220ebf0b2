//! `has`: what a list holds.

use language::syntax::{Expression, ExpressionKind, HasWhich, LiteralKind};
use smol_str::SmolStr;

use super::Lowering;
use super::operand::{Domain, Operand};
use super::path::Found;
use super::scope::Scope;
use crate::codes::types::{empty_list, list_or_not, only_event_facts};
use crate::program::{Condition, FieldPath, Type, Which};

impl Lowering<'_> {
    pub(super) fn has(
        &mut self,
        subject: &Expression,
        which: HasWhich,
        values: &Expression,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let operand = self.term(subject, scope)?;
        let written = self.text(scope.file, subject.span);
        if scope.events.is_some() {
            self.report(only_event_facts::list(scope.file, subject.span));
            return None;
        }
        let Operand::List(list, domain) = operand else {
            let words = matches!(operand, Operand::Text(..));
            self.report(list_or_not::has(scope.file, subject.span, written, &operand.kind(), words));
            return None;
        };
        let resolved = match which {
            HasWhich::One | HasWhich::Any => Which::Any,
            HasWhich::All => Which::All,
            HasWhich::None => Which::None,
        };
        if let Some(other) = self.other_list(values, domain, scope) {
            if which == HasWhich::One {
                let right = self.text(scope.file, values.span);
                self.report(list_or_not::which(scope.file, subject.span, values.span, written, right));
                return None;
            }
            if let ExpressionKind::Path(path) = &values.kind {
                self.note_field(scope.file, path, &other);
            }
            return Some(Condition::HasOf { list, which: resolved, other });
        }
        let elements = match &values.kind {
            ExpressionKind::List(elements) if which == HasWhich::One && elements.len() != 1 => {
                self.report(list_or_not::which(
                    scope.file,
                    subject.span,
                    values.span,
                    written,
                    self.text(scope.file, values.span),
                ));
                return None;
            }
            ExpressionKind::List(elements) => elements.as_slice(),
            _ => std::slice::from_ref(values),
        };
        if elements.is_empty() {
            self.report(empty_list::diagnostic(scope.file, values.span));
            return None;
        }
        let found: Vec<Option<SmolStr>> =
            elements.iter().map(|element| self.element(element, domain, written, scope)).collect();
        let mut values = found.into_iter().collect::<Option<Vec<SmolStr>>>()?;
        values.sort_unstable();
        values.dedup();
        Some(Condition::Has { list, which: resolved, values })
    }

    /// The other list, where the value is one and not a word of this list's own.
    fn other_list(&self, values: &Expression, domain: Domain, scope: Scope<'_>) -> Option<FieldPath> {
        let ExpressionKind::Path(path) = &values.kind else { return None };
        if path.parts.len() == 1 && self.words_of(domain).is_some_and(|words| words.contains(&path.dotted())) {
            return None;
        }
        match self.find(path, scope)? {
            Found::Field(found, _) => matches!(self.program.field(&found)?.ty, Type::List(_)).then_some(found),
            _ => None,
        }
    }

    /// One value that a list can hold.
    fn element(&mut self, element: &Expression, domain: Domain, list: &str, scope: Scope<'_>) -> Option<SmolStr> {
        let word = match &element.kind {
            ExpressionKind::Path(path) if path.parts.len() == 1 => path.dotted(),
            ExpressionKind::Literal(literal) => match &literal.kind {
                LiteralKind::Text(text) => text.value.clone(),
                _ => {
                    let written = self.text(scope.file, element.span);
                    self.report(list_or_not::element(scope.file, element.span, written, list));
                    return None;
                }
            },
            ExpressionKind::Path(path) => {
                if self.find(path, scope).is_some() {
                    let written = self.text(scope.file, element.span);
                    self.report(list_or_not::element(scope.file, element.span, written, list));
                } else {
                    self.report_unknown(path, scope);
                }
                return None;
            }
            _ => {
                let written = self.text(scope.file, element.span);
                self.report(list_or_not::element(scope.file, element.span, written, list));
                return None;
            }
        };
        self.in_domain(scope.file, element.span, &word, domain, list).then_some(word)
    }
}
