//! Predicates from their pairs: a subject, what is asked of it, and the window at the end.

use crate::Token;
use crate::grammar::Rule;
use crate::syntax::{
    Certainty, ComparisonOperator, Expression, ExpressionKind, HasWhich, Predicate, PredicateTest, TextOperator,
};

use super::expression::{self, Want};
use super::node::Node;

/// From a `judged` or a `filtered`.
pub(super) fn judged(node: &Node<'_>, want: Want) -> Option<Expression> {
    let mut subject = None;
    let mut group = None;
    let mut test = None;
    let (mut own, mut window, mut fresh) = (None, None, None);
    for child in node.children() {
        match child.rule() {
            Rule::term => {
                group = expression::only_group(&child);
                subject = Some(child);
            }
            Rule::window if test.is_none() => own = expression::window(&child),
            Rule::window => window = expression::window(&child),
            Rule::fresh => fresh = child.child(Rule::window).and_then(|window| expression::window(&window)),
            Rule::test => test = Some(child),
            _ => {}
        }
    }
    let subject = subject?;
    let bare = test.is_none();
    if let (true, Want::Condition, Some(group), None) = (bare, want, group, own) {
        return expression::condition(&group.child(Rule::condition)?, Want::Condition);
    }
    let mut subject = expression::term(&subject)?;
    if let Some(own) = own
        && !(bare && want == Want::Condition)
    {
        let span = subject.span.to(own.span);
        subject = Expression { kind: ExpressionKind::Windowed { term: Box::new(subject), window: own }, span };
    }
    let Some(test) = test else {
        if want == Want::Term {
            return Some(subject);
        }
        let predicate = Predicate { subject, test: PredicateTest::Bare, window: own, fresh: None };
        return Some(Expression { kind: ExpressionKind::Predicate(Box::new(predicate)), span: node.span() });
    };
    let (test, not) = asked(&test)?;
    let predicate = Predicate { subject, test, window, fresh };
    let expression = Expression { kind: ExpressionKind::Predicate(Box::new(predicate)), span: node.span() };
    Some(if not {
        Expression { kind: ExpressionKind::Not(Box::new(expression)), span: node.span() }
    } else {
        expression
    })
}

/// What a `test` asks; and whether the whole predicate is denied (`is not missing`).
fn asked(node: &Node<'_>) -> Option<(PredicateTest, bool)> {
    let first = node.first()?;
    let test = match first.rule() {
        Rule::compare => {
            let sign = first.child(Rule::comparator)?;
            let operator = match sign.token() {
                Token::Less => ComparisonOperator::Less,
                Token::LessOrEqual => ComparisonOperator::AtMost,
                Token::Greater => ComparisonOperator::More,
                _ => ComparisonOperator::AtLeast,
            };
            let right = expression::term(&first.child(Rule::term)?)?;
            PredicateTest::Compare { operator, operator_span: sign.span(), right }
        }
        Rule::equals => {
            let sign = first.child(Rule::equal_sign)?;
            let right = expression::term(&first.child(Rule::term)?)?;
            PredicateTest::Equals { negated: sign.token() == Token::NotEqual, operator_span: sign.span(), right }
        }
        Rule::has_test => {
            let which = match first.child(Rule::has_which).map(|which| which.token()) {
                Some(Token::AnyWord) => HasWhich::Any,
                Some(Token::All) => HasWhich::All,
                Some(_) => HasWhich::None,
                None => HasWhich::One,
            };
            PredicateTest::Has { which, values: expression::factor(&first.child(Rule::factor)?)? }
        }
        Rule::text_test => {
            let operator = match first.token() {
                Token::Starts => TextOperator::Starts,
                Token::Ends => TextOperator::Ends,
                _ => TextOperator::Contains,
            };
            PredicateTest::Text { operator, value: first.child(Rule::text)?.quoted() }
        }
        _ => return is(node),
    };
    Some((test, false))
}

/// `is …`
fn is(node: &Node<'_>) -> Option<(PredicateTest, bool)> {
    let negated = node.has(Rule::NOT);
    let form = node.children().last()?;
    let test = match form.rule() {
        Rule::is_missing => return Some((PredicateTest::Missing, negated)),
        Rule::is_known => return Some((PredicateTest::Known, negated)),
        Rule::is_one_of => {
            let list = form.child(Rule::list)?;
            PredicateTest::OneOf { negated, values: expression::list(&list)?, span: list.span() }
        }
        Rule::is_from => {
            let mut bounds = form.all(Rule::term);
            let low = expression::term(&bounds.next()?)?;
            PredicateTest::From { negated, low, high: expression::term(&bounds.next()?)? }
        }
        _ => {
            let mut values = Vec::new();
            for child in form.children() {
                match child.rule() {
                    Rule::certainty | Rule::OR => {}
                    Rule::term => values.push(expression::term(&child)?),
                    _ => values.push(expression::value(&child)?),
                }
            }
            PredicateTest::Is { negated, certainty: form.child(Rule::certainty).map(|word| certainty(&word)), values }
        }
    };
    Some((test, false))
}

/// `certainly` or `provisionally`, with its place.
pub(super) fn certainty(node: &Node<'_>) -> (Certainty, crate::Span) {
    let certainty = match node.token() {
        Token::Certainly => Certainty::Certainly,
        _ => Certainty::Provisionally,
    };
    (certainty, node.span())
}
