//! `forecast TARGET from FACTS learn from OUTCOMES`.

use crate::grammar::Rule;
use crate::syntax::Forecast;

use super::node::Node;

/// From a `forecast`.
pub(super) fn forecast(node: &Node<'_>) -> Option<Forecast> {
    let mut children = node.children();
    let target = children.find(|child| child.rule() == Rule::path)?.path();
    let (mut from, mut learn_from) = (Vec::new(), Vec::new());
    let mut learns = false;
    for child in children {
        match child.rule() {
            Rule::LEARN => learns = true,
            Rule::path if learns => learn_from.push(child.path()),
            Rule::path => from.push(child.path()),
            _ => {}
        }
    }
    Some(Forecast { target, from, learn_from })
}
