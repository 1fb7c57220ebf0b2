//! `action VERB OBJECT external { … }`: what a port can do.

use crate::grammar::{Form, Rule};
use crate::structure::Clause;
use crate::syntax::Action;

use super::act;
use super::node::Node;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn action(&mut self, clause: &Clause, form: Form) -> Option<Action> {
        let action = self.read(clause, form, |_, node| header(&node))?;
        Some(Action { fields: self.fields(clause), ..action })
    }
}

fn header(node: &Node<'_>) -> Option<Action> {
    let mut names = node.all(Rule::name).map(|name| name.name());
    let reach = node.children().find(|child| matches!(child.rule(), Rule::INTERNAL | Rule::EXTERNAL))?;
    let cost = match node.child(Rule::money) {
        Some(money) => Some(act::money(&money)?),
        None => None,
    };
    Some(Action {
        name: names.next()?,
        object: names.next(),
        external: reach.rule() == Rule::EXTERNAL,
        reach: reach.span(),
        cost,
        fields: Vec::new(),
    })
}
