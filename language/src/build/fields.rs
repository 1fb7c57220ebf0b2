//! `use`, `entity`, `extend`, `event`, `fact`, `phrases` and `objection`: the vocabulary of a playbook.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{EventDeclaration, Fact, FieldDeclaration, Fields, Phrases, Text, TypeExpression, TypeKind, Use};

use super::expression::{self, Want};
use super::node::Node;
use super::reader::Reader;

/// `use std.crm`
pub(super) fn use_module(node: &Node<'_>) -> Option<Use> {
    Some(Use { path: node.child(Rule::path)?.path(), beside: node.has(Rule::beside) })
}

/// `fact velocity of Contact is …`
pub(super) fn fact(node: &Node<'_>) -> Option<Fact> {
    let mut names = node.all(Rule::name);
    let (name, entity) = (names.next()?.name(), names.next()?.name());
    let value = node.child(Rule::value)?.child(Rule::condition)?;
    Some(Fact { name, entity, value: expression::condition(&value, Want::Term)? })
}

impl Reader<'_> {
    /// `entity Contact { … }`, `extend Contact { … }`
    pub(super) fn fields_of(&mut self, clause: &Clause, form: Form) -> Option<Fields> {
        let entity = self.read(clause, form, |_, node| Some(node.child(Rule::name)?.name()))?;
        Some(Fields { entity, fields: self.fields(clause) })
    }

    /// `event quiz.completed { … }`
    pub(super) fn event(&mut self, clause: &Clause, form: Form) -> Option<EventDeclaration> {
        let name = self.read(clause, form, |_, node| Some(node.child(Rule::path)?.path()))?;
        Some(EventDeclaration { name, fields: self.fields(clause) })
    }

    /// The fields in a clause's block.
    pub(super) fn fields(&mut self, clause: &Clause) -> Vec<FieldDeclaration> {
        Self::inner(clause).iter().flat_map(|clause| self.field_line(clause)).collect()
    }

    /// One line of fields.
    pub(super) fn field_line(&mut self, clause: &Clause) -> Vec<FieldDeclaration> {
        let Some(form) = self.form(clause, Context::Fields) else { return Vec::new() };
        let read = self.read(clause, form, |_, node| node.all(Rule::field).map(|field| self::field(&field)).collect());
        read.unwrap_or_default()
    }

    /// `phrases authority { … }`, `objection price hidden { … }`
    pub(super) fn phrases(&mut self, clause: &Clause, form: Form) -> Option<Phrases> {
        let mut phrases = self.read(clause, form, |_, node| {
            Some(Phrases {
                name: node.child(Rule::name)?.name(),
                objection: node.rule() == Rule::objection,
                hidden: node.has(Rule::HIDDEN),
                texts: Vec::new(),
            })
        })?;
        for clause in Self::inner(clause) {
            phrases.texts.extend(self.phrase_texts(clause));
        }
        Some(phrases)
    }

    /// One line of phrases.
    pub(super) fn phrase_texts(&mut self, clause: &Clause) -> Vec<Text> {
        let Some(form) = self.form(clause, Context::Phrases) else { return Vec::new() };
        let texts = self.read(clause, form, |_, node| Some(node.all(Rule::text).map(|text| text.quoted()).collect()));
        texts.unwrap_or_default()
    }
}

fn field(node: &Node<'_>) -> Option<FieldDeclaration> {
    let ty = type_expression(&node.child(Rule::type_expression)?)?;
    Some(FieldDeclaration { name: node.child(Rule::path)?.path(), ty, span: node.span() })
}

/// `list of T` binds loosest but for the `?`, which is the whole type's.
fn type_expression(node: &Node<'_>) -> Option<TypeExpression> {
    let mut lists = Vec::new();
    let mut optional = false;
    let mut inner = None;
    for child in node.children() {
        let kind = match child.rule() {
            Rule::list_of => {
                lists.push(child.span());
                continue;
            }
            Rule::QUESTION => {
                optional = true;
                continue;
            }
            Rule::boolean => TypeKind::YesNo,
            Rule::one_of => TypeKind::OneOf(child.all(Rule::name).map(|name| name.name()).collect()),
            _ => TypeKind::Named(child.name()),
        };
        inner = Some(TypeExpression { kind, optional: false, span: child.span() });
    }
    let mut ty = inner?;
    for list in lists.into_iter().rev() {
        let span = list.to(ty.span);
        ty = TypeExpression { kind: TypeKind::List(Box::new(ty)), optional: false, span };
    }
    ty.optional = optional;
    ty.span = node.span();
    Some(ty)
}
