//! `goal NAME "title" LIMIT of MEASURED`: what success is.

use crate::Token;
use crate::grammar::Rule;
use crate::syntax::{Bound, Goal, Literal, LiteralKind, Measure, Measured, MeasuredRelation, RelationKind};

use super::act;
use super::node::Node;

/// From a `goal`.
pub(super) fn goal(node: &Node<'_>) -> Option<Goal> {
    Some(Goal {
        name: node.child(Rule::name).map(|name| name.name()),
        title: node.child(Rule::text)?.quoted(),
        measure: measure(&node.child(Rule::measure)?)?,
    })
}

fn measure(node: &Node<'_>) -> Option<Measure> {
    if let Some(limit) = node.child(Rule::limit) {
        let per = match node.child(Rule::per) {
            Some(per) => Some(act::per(&per)?),
            None => None,
        };
        let (bound, amount) = self::limit(&limit)?;
        return Some(Measure::Limit { bound, amount, per, of: measured(&node.child(Rule::measured)?)? });
    }
    let mut names = node.all(Rule::name).map(|name| name.name());
    if let Some(maturity) = node.child(Rule::maturity) {
        return Some(Measure::Maturity { every: names.next()?, at_least: act::maturity(&maturity) });
    }
    let mut numbers = node.all(Rule::NUMBER).map(|number| number.count());
    Some(Measure::Share {
        event: node.child(Rule::path)?.path(),
        later: (names.next()?, numbers.next()?),
        earlier: (names.next()?, numbers.next()?),
    })
}

/// From a `limit`.
pub(super) fn limit(node: &Node<'_>) -> Option<(Bound, Literal)> {
    let bound = bound(node);
    let amount = node.children().last()?;
    let kind = match amount.rule() {
        Rule::money => return Some((bound, act::money(&amount)?)),
        Rule::PERCENT => LiteralKind::Percent(amount.number()),
        Rule::duration => LiteralKind::Duration(amount.duration()?),
        _ => LiteralKind::Number(amount.number()),
    };
    Some((bound, Literal { kind, span: amount.span() }))
}

/// Which side of its amount a limit is.
pub(super) fn bound(node: &Node<'_>) -> Bound {
    match node.token() {
        Token::Over => Bound::Over,
        Token::Under => Bound::Under,
        _ if node.has(Rule::LEAST) => Bound::AtLeast,
        _ => Bound::AtMost,
    }
}

fn measured(node: &Node<'_>) -> Option<Measured> {
    let mut path = None;
    let mut state = None;
    let mut relation: Option<MeasuredRelation> = None;
    let mut kind = None;
    for child in node.children() {
        match child.rule() {
            Rule::WITH => kind = Some(RelationKind::With),
            Rule::ENTERING => kind = Some(RelationKind::Entering),
            Rule::PER => kind = Some(RelationKind::Per),
            Rule::path => match kind {
                Some(kind) => relation = Some(MeasuredRelation { kind, path: child.path(), state: None }),
                None => path = Some(child.path()),
            },
            Rule::name => match &mut relation {
                Some(relation) => relation.state = Some(child.name()),
                None => state = Some(child.name()),
            },
            _ => {}
        }
    }
    Some(Measured { path: path?, state, relation, span: node.span() })
}
