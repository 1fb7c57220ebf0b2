//! Acts, actors and questions to people: what workflows, tests and feedback share.

use crate::grammar::Rule;
use crate::syntax::{Act, Actor, Ask, DurationLiteral, Literal, LiteralKind, Manner, Maturity, Name, Path, Per, Text};
use crate::{Fixed, Span, Token};

use super::node::Node;

/// From an `act`.
pub(super) fn act(node: &Node<'_>) -> Option<Act> {
    let mut object = None;
    let mut manners = Vec::new();
    let mut manner = None;
    for child in node.children() {
        match child.rule() {
            Rule::manner => manner = Some(how(&child)),
            Rule::path => match manner.take() {
                Some(manner) => manners.push((manner, child.path())),
                None => object = Some(child.path()),
            },
            _ => {}
        }
    }
    Some(Act { verb: node.child(Rule::name)?.name(), object, manners, span: node.span() })
}

fn how(node: &Node<'_>) -> Manner {
    match node.token() {
        Token::By => Manner::By,
        Token::Via => Manner::Via,
        Token::To => Manner::To,
        Token::With => Manner::With,
        Token::For => Manner::For,
        _ => Manner::On,
    }
}

/// The `actor` of a node that has one.
pub(super) fn actor(node: &Node<'_>) -> Option<Actor> {
    let actor = node.child(Rule::actor)?;
    let name = actor.child(Rule::name).map(|name| name.name());
    if actor.has(Rule::HUMAN) {
        return Some(Actor::Human { person: name, span: actor.span() });
    }
    name.map(Actor::Named)
}

/// From the children that an `asked` leaves in its node, the last in it.
pub(super) fn ask(node: &Node<'_>) -> Option<Ask> {
    let mut children = node.children().skip_while(|child| child.rule() != Rule::ASK);
    let start = children.next()?.span().start;
    let (mut human, mut whom, mut options) = (None, None, Vec::new());
    let (mut object, mut by, mut within, mut remind_every) = (None, None, None, None);
    let mut place = Place::Whom;
    for child in children {
        match (child.rule(), place) {
            (Rule::HUMAN, Place::Whom) => human = Some(child.span()),
            (Rule::TO, Place::Whom) => place = Place::Options,
            (Rule::name, Place::Whom) => whom = Some(child.name()),
            (Rule::name, Place::Options) => options.push(child.name()),
            (Rule::BY, Place::Options) => place = Place::By,
            (Rule::name, Place::By) => by = Some(child.name()),
            (Rule::path, _) => object = Some(child.path()),
            (Rule::within, _) => within = Some(child.child(Rule::duration)?.duration()?),
            (Rule::duration, _) => remind_every = Some(child.duration()?),
            _ => {}
        }
    }
    let whom = match (human, whom) {
        (Some(human), Some(person)) => Actor::Human { span: human.to(person.span), person: Some(person) },
        // `human` alone is read as a name.
        (None, Some(name)) if name.text == "human" => Actor::Human { person: None, span: name.span },
        (_, Some(name)) => Actor::Named(name),
        (human, None) => Actor::Human { person: None, span: human? },
    };
    Some(Ask { whom, options, object, by, within, remind_every, span: Span::new(start, node.span().end) })
}

/// How far an `asked` is read.
#[derive(Clone, Copy)]
enum Place {
    Whom,
    Options,
    By,
}

/// The `because` of a node that has one.
pub(super) fn because(node: &Node<'_>) -> Option<Text> {
    Some(node.child(Rule::because)?.child(Rule::text)?.quoted())
}

/// The duration of the `within` of a node that has one.
pub(super) fn within(node: &Node<'_>) -> Option<DurationLiteral> {
    node.child(Rule::within)?.child(Rule::duration)?.duration()
}

/// From a `per`.
pub(super) fn per(node: &Node<'_>) -> Option<Per> {
    if let Some(duration) = node.child(Rule::duration) {
        return duration.duration().map(Per::Duration);
    }
    Some(Per::Name(node.child(Rule::name)?.name()))
}

/// From a `maturity`.
pub(super) fn maturity(node: &Node<'_>) -> Maturity {
    match node.token() {
        Token::Draft => Maturity::Draft,
        Token::Documented => Maturity::Documented,
        Token::Measured => Maturity::Measured,
        _ => Maturity::Approved,
    }
}

/// From a `money`.
pub(super) fn money(node: &Node<'_>) -> Option<Literal> {
    let kind =
        LiteralKind::Money { currency: node.child(Rule::CAPITALS)?.name(), amount: node.child(Rule::NUMBER)?.number() };
    Some(Literal { kind, span: node.span() })
}

/// A percentage with its place.
pub(super) fn percent(node: &Node<'_>) -> (Fixed, Span) {
    (node.number(), node.span())
}

/// All names right below a node.
pub(super) fn names(node: &Node<'_>) -> Vec<Name> {
    node.all(Rule::name).map(|name| name.name()).collect()
}

/// All paths right below a node.
pub(super) fn paths(node: &Node<'_>) -> Vec<Path> {
    node.all(Rule::path).map(|path| path.path()).collect()
}
