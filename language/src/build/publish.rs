//! `publish NAME on … { … }`: what is published and when.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{Publish, PublishItem, PublishOn};

use super::node::Node;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn publish(&mut self, clause: &Clause, form: Form) -> Option<Publish> {
        let mut publish = self.read(clause, form, |_, node| {
            let mut names = node.all(Rule::name).map(|name| name.name());
            let name = names.next()?;
            let on = match node.child(Rule::path) {
                Some(path) => PublishOn::Event(path.path()),
                None => PublishOn::EndOf(names.next()?),
            };
            Some(Publish { name, on, items: Vec::new() })
        })?;
        for clause in Self::inner(clause) {
            publish.items.extend(self.publish_items(clause));
        }
        Some(publish)
    }

    /// One line of what is published.
    pub(super) fn publish_items(&mut self, clause: &Clause) -> Vec<PublishItem> {
        let Some(form) = self.form(clause, Context::Publish) else { return Vec::new() };
        let items = self.read(clause, form, |_, node| {
            node.all(Rule::publish_item).map(|item| self::item(&item)).collect::<Option<Vec<_>>>()
        });
        items.unwrap_or_default()
    }
}

fn item(node: &Node<'_>) -> Option<PublishItem> {
    Some(PublishItem {
        path: node.child(Rule::path)?.path(),
        by: node.child(Rule::name).map(|name| name.name()),
        span: node.span(),
    })
}
