//! `is`: of numbers, texts, words, yes/no and routes. `is one of` is the same with its values in brackets.

use language::Span;
use language::syntax::{self, Expression, ExpressionKind, LiteralKind};
use smol_str::SmolStr;

use super::Lowering;
use super::operand::{Domain, Operand};
use super::path::Found;
use super::predicate::{equal, yes};
use super::recorded::Named;
use super::scope::{Node, Scope};
use crate::codes::names::unknown_route;
use crate::codes::types::{certainty_of_no_score, empty_list, list_or_not, record_as_value};
use crate::program::{Certainty, Condition, LabelId, ScoreRef, Term, TextTerm};

/// What a text can be the same as.
enum TextValue {
    Word(SmolStr),
    Term(TextTerm),
}

impl Lowering<'_> {
    pub(super) fn is(
        &mut self,
        whole: &Expression,
        subject: &Expression,
        negated: bool,
        certainty: Option<(syntax::Certainty, Span)>,
        values: &[Expression],
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let operand = self.term(subject, scope)?;
        if let Some((_, span)) = certainty {
            let Operand::Score(score @ ScoreRef { layer: None, .. }) = operand else {
                let written = self.text(scope.file, subject.span);
                self.report(certainty_of_no_score::diagnostic(
                    scope.file,
                    span,
                    subject.span,
                    written,
                    &operand.kind(),
                ));
                return None;
            };
            let condition = self.routed(whole, score, certainty, values, scope)?;
            return Some(if negated { Condition::Not(Box::new(condition)) } else { condition });
        }
        self.is_any_of(whole, (subject, operand), negated, values, scope)
    }

    pub(super) fn one_of(
        &mut self,
        subject: &Expression,
        negated: bool,
        values: &[Expression],
        brackets: Span,
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let operand = self.term(subject, scope)?;
        if values.is_empty() {
            self.report(empty_list::diagnostic(scope.file, brackets));
            return None;
        }
        self.is_any_of(subject, (subject, operand), negated, values, scope)
    }

    fn is_any_of(
        &mut self,
        whole: &Expression,
        (subject, operand): (&Expression, Operand),
        negated: bool,
        values: &[Expression],
        scope: Scope<'_>,
    ) -> Option<Condition> {
        match operand {
            Operand::Score(score @ ScoreRef { layer: None, .. }) if !values.iter().all(is_number) => {
                let condition = self.routed(whole, score, None, values, scope)?;
                Some(if negated { Condition::Not(Box::new(condition)) } else { condition })
            }
            Operand::Numeric(..) | Operand::Score(_) => {
                let (term, _) = operand.numeric()?;
                let found: Vec<Option<Term>> =
                    values.iter().map(|value| self.number_like((subject, &operand), value, scope)).collect();
                Some(equal(&term, found.into_iter().collect::<Option<_>>()?, negated))
            }
            Operand::Text(term, domain) => {
                let found: Vec<Option<TextValue>> =
                    values.iter().map(|value| self.text_value(subject, &term, domain, value, scope)).collect();
                let condition = same(term, found.into_iter().collect::<Option<_>>()?);
                Some(if negated { Condition::Not(Box::new(condition)) } else { condition })
            }
            Operand::YesNo(ref term) => {
                let answers = self.answers(subject, &operand, values, scope)?;
                Some(either(answers.into_iter().map(|answer| yes(term.clone(), answer != negated)), negated))
            }
            Operand::Condition(ref condition) => {
                let answers = self.answers(subject, &operand, values, scope)?;
                let as_asked = |answer: bool| match answer != negated {
                    true => condition.clone(),
                    false => Condition::Not(Box::new(condition.clone())),
                };
                Some(either(answers.into_iter().map(as_asked), negated))
            }
            Operand::List(..) => {
                self.report(list_or_not::is(scope.file, subject.span, self.text(scope.file, subject.span), whole.span));
                None
            }
            Operand::Record(..) => {
                let written = self.text(scope.file, subject.span);
                self.report(record_as_value::diagnostic(scope.file, subject.span, written));
                None
            }
            Operand::TextLiteral(_) | Operand::YesNoLiteral(_) | Operand::Word(_) => {
                self.report(record_as_value::constant(scope.file, subject.span));
                None
            }
        }
    }

    /// A number of the subject's kind.
    fn number_like(&mut self, subject: (&Expression, &Operand), value: &Expression, scope: Scope<'_>) -> Option<Term> {
        let operand = match &value.kind {
            // A bare word beside a number is a value that cannot be, not a name that is unknown.
            ExpressionKind::Path(path) if path.parts.len() == 1 && self.find(path, scope).is_none() => {
                if self.names.perhaps(&path.dotted()) {
                    return None;
                }
                Operand::Word(path.dotted())
            }
            _ => self.term(value, scope)?,
        };
        match (subject.1.numeric(), operand.numeric()) {
            (Some((_, a)), Some((term, b))) if a.compares_with(b) => Some(term),
            _ => {
                self.kinds_differ(subject, (value, &operand), scope);
                None
            }
        }
    }

    /// A text, a word, or another text field.
    fn text_value(
        &mut self,
        subject: &Expression,
        of: &TextTerm,
        domain: Domain,
        value: &Expression,
        scope: Scope<'_>,
    ) -> Option<TextValue> {
        let field = self.text(scope.file, subject.span);
        match &value.kind {
            ExpressionKind::Path(path) => {
                let word = path.dotted();
                let listed = self.words_of(domain).is_some_and(|words| words.contains(&word));
                // Facts, scores and layers are no texts: beside a text their names are words.
                let named = if listed { None } else { self.find(path, scope) };
                if !matches!(named, Some(Found::Field(..) | Found::EventFact(..))) {
                    // A dotted path that names nothing is no word of anyone's.
                    if path.parts.len() > 1 && self.words_of(domain).is_none() {
                        self.report_unknown(path, scope);
                        return None;
                    }
                    if !self.in_domain(scope.file, value.span, &word, domain, field) {
                        return None;
                    }
                    let events = scope.events.unwrap_or_default();
                    self.note_value_of_each(scope.file, value.span, &word, domain, events);
                    return Some(TextValue::Word(word));
                }
            }
            ExpressionKind::Literal(literal) => {
                if let LiteralKind::Text(text) = &literal.kind {
                    let fine = self.in_domain(scope.file, value.span, &text.value, domain, field);
                    return fine.then(|| TextValue::Word(text.value.clone()));
                }
            }
            _ => {}
        }
        let operand = self.term(value, scope)?;
        match operand {
            Operand::Text(term, _) => Some(TextValue::Term(term)),
            other => {
                let left = Operand::Text(of.clone(), domain);
                self.kinds_differ((subject, &left), (value, &other), scope);
                None
            }
        }
    }

    /// `yes` and `no`.
    fn answers(
        &mut self,
        subject: &Expression,
        operand: &Operand,
        values: &[Expression],
        scope: Scope<'_>,
    ) -> Option<Vec<bool>> {
        let mut answers = Vec::with_capacity(values.len());
        for value in values {
            let found = match &value.kind {
                ExpressionKind::Path(path) if self.find(path, scope).is_none() => Operand::Word(path.dotted()),
                _ => self.term(value, scope)?,
            };
            match found {
                Operand::YesNoLiteral(answer) => answers.push(answer),
                other => {
                    self.kinds_differ((subject, operand), (value, &other), scope);
                    return None;
                }
            }
        }
        Some(answers)
    }

    /// A score's routes, by their labels.
    pub(super) fn routed(
        &mut self,
        whole: &Expression,
        score: ScoreRef,
        certainty: Option<(syntax::Certainty, Span)>,
        values: &[Expression],
        scope: Scope<'_>,
    ) -> Option<Condition> {
        let mut labels: Vec<LabelId> = Vec::with_capacity(values.len());
        let mut fine = true;
        for value in values {
            let label = match &value.kind {
                ExpressionKind::Path(path) => self.label(score, &path.dotted()),
                _ => None,
            };
            match label {
                Some(label) => {
                    self.note(scope.file, value.span, Named::Label(score.score, label));
                    labels.push(label);
                }
                None => {
                    fine = false;
                    let Some(shape) = self.names.shape(score.score).filter(|shape| !shape.incomplete) else { continue };
                    let written = self.text(scope.file, value.span);
                    let found = unknown_route::diagnostic(scope.file, value.span, written, &shape.name, &shape.labels);
                    self.report(found);
                }
            }
        }
        if !fine {
            return None;
        }
        labels.sort_unstable();
        labels.dedup();
        self.depend(scope, Node::Route(score.score), whole.span);
        let certainty = certainty.map(|(certainty, _)| match certainty {
            syntax::Certainty::Certainly => Certainty::Certain,
            syntax::Certainty::Provisionally => Certainty::Provisional,
        });
        Some(Condition::Routed { score: score.score, labels, certainty })
    }

    pub(super) fn label(&self, score: ScoreRef, name: &str) -> Option<LabelId> {
        let labels = &self.names.shape(score.score)?.labels;
        labels.iter().position(|label| label == name).map(|place| LabelId(super::measure::count(place)))
    }
}

fn is_number(value: &Expression) -> bool {
    match &value.kind {
        ExpressionKind::Path(_) => false,
        ExpressionKind::Literal(literal) => !matches!(literal.kind, LiteralKind::Text(_) | LiteralKind::YesNo(_)),
        _ => true,
    }
}

/// A text that is one of several words, or the same as another field.
fn same(term: TextTerm, values: Vec<TextValue>) -> Condition {
    let mut words = Vec::new();
    let mut conditions = Vec::new();
    for value in values {
        match value {
            TextValue::Word(word) => words.push(word),
            TextValue::Term(right) => conditions.push(Condition::Same { left: term.clone(), right }),
        }
    }
    if !words.is_empty() {
        words.sort_unstable();
        words.dedup();
        conditions.insert(0, Condition::OneOf { term, values: words });
    }
    if conditions.len() == 1 { conditions.remove(0) } else { Condition::Any(conditions) }
}

/// Any of them; all of them where each was denied.
fn either(conditions: impl Iterator<Item = Condition>, negated: bool) -> Condition {
    let mut conditions: Vec<Condition> = conditions.collect();
    if conditions.len() == 1 {
        conditions.remove(0)
    } else if negated {
        Condition::All(conditions)
    } else {
        Condition::Any(conditions)
    }
}
