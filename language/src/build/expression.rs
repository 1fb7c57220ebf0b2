//! Conditions and terms from their pairs. A predicate's test is in `predicate.rs`.

use crate::grammar::Rule;
use crate::syntax::{
    Aggregate, AggregateFunction, ArithmeticOperator, EventQuery, Expression, ExpressionKind, Literal, LiteralKind,
    Quantity, Window,
};
use crate::{Fixed, SyntaxErrorKind, Token};

use super::node::Node;
use super::predicate;

/// How many terms one sum or product may join: the tree grows as deep as that.
const LONGEST: usize = 32;

/// What an expression stands for where it may be either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// A bare name is a yes/no field.
    Condition,
    /// A bare name is a value.
    Term,
}

/// From a `condition`.
pub(super) fn condition(node: &Node<'_>, want: Want) -> Option<Expression> {
    let mut children = node.children();
    let first = children.next()?;
    let mut connectives: Vec<Node<'_>> = Vec::new();
    let mut operands = Vec::new();
    for child in children {
        if child.rule() == Rule::connective {
            connectives.push(child);
        } else {
            operands.push(operand(&child, Want::Condition)?);
        }
    }
    let Some(connective) = connectives.first() else { return operand(&first, want) };
    operands.insert(0, operand(&first, Want::Condition)?);
    let all = connective.token();
    let kind = match connectives.iter().find(|other| other.token() != all) {
        Some(other) => ExpressionKind::Mixed { operands, operator: other.span() },
        None if all == Token::And => ExpressionKind::And(operands),
        None => ExpressionKind::Or(operands),
    };
    Some(Expression { kind, span: node.span() })
}

/// From an `operand` or a `filter_operand`: the same but for windows.
fn operand(node: &Node<'_>, want: Want) -> Option<Expression> {
    let first = node.first()?;
    if first.rule() == Rule::NOT {
        let inner = comparison(&node.children().nth(1)?, Want::Condition)?;
        return Some(Expression { kind: ExpressionKind::Not(Box::new(inner)), span: node.span() });
    }
    comparison(&first, want)
}

fn comparison(node: &Node<'_>, want: Want) -> Option<Expression> {
    match node.rule() {
        Rule::mentions => {
            let kind = ExpressionKind::Mentions {
                negated: node.token() == Token::No,
                phrases: node.child(Rule::name)?.name(),
                window: node.child(Rule::window).and_then(|window| self::window(&window)),
            };
            Some(Expression { kind, span: node.span() })
        }
        Rule::happened => {
            let kind = ExpressionKind::Happened {
                quantity: quantity(&node.child(Rule::quantity)?),
                query: query(&node.child(Rule::query)?)?,
            };
            Some(Expression { kind, span: node.span() })
        }
        _ => predicate::judged(node, want),
    }
}

fn quantity(node: &Node<'_>) -> Quantity {
    let count = || node.child(Rule::NUMBER).map(|number| number.count());
    match (node.token(), count()) {
        (Token::Exactly, Some(count)) => Quantity::Exactly(count),
        (Token::At, Some(count)) if node.has(Rule::LEAST) => Quantity::AtLeast(count),
        (Token::At, Some(count)) => Quantity::AtMost(count),
        (Token::No, _) => Quantity::No,
        _ => Quantity::Any,
    }
}

/// From a `query`.
pub(super) fn query(node: &Node<'_>) -> Option<EventQuery> {
    let events = node.child(Rule::events)?.all(Rule::path).map(|path| path.path()).collect();
    let window = node.child(Rule::window).and_then(|window| self::window(&window));
    Some(EventQuery { events, filter: filter(node)?, window, span: node.span() })
}

/// The filter of a node that may have a `where`. The outer none is a broken one.
#[expect(clippy::option_option, reason = "a filter may be absent, and reading one may fail")]
pub(super) fn filter(node: &Node<'_>) -> Option<Option<Box<Expression>>> {
    let Some(filter) = node.child(Rule::r#where).and_then(|filter| filter.child(Rule::filter)) else {
        return Some(None);
    };
    condition(&filter, Want::Condition).map(|filter| Some(Box::new(filter)))
}

/// From a `window`.
pub(super) fn window(node: &Node<'_>) -> Option<Window> {
    Some(Window { duration: node.child(Rule::duration)?.duration()?, span: node.span() })
}

/// From a `term` or a `product`.
pub(super) fn term(node: &Node<'_>) -> Option<Expression> {
    let mut children = node.children();
    let first = children.next()?;
    let mut left = match first.rule() {
        Rule::product => term(&first)?,
        _ => factor(&first)?,
    };
    let mut joined = 1;
    while let (Some(operator), Some(right)) = (children.next(), children.next()) {
        joined += 1;
        if joined > LONGEST {
            node.problem(SyntaxErrorKind::TooInvolved);
            return None;
        }
        let right = if right.rule() == Rule::product { term(&right)? } else { factor(&right)? };
        let operator = match operator.token() {
            Token::Plus => ArithmeticOperator::Plus,
            Token::Minus => ArithmeticOperator::Minus,
            Token::Star => ArithmeticOperator::Times,
            _ => ArithmeticOperator::Over,
        };
        let span = left.span.to(right.span);
        left = Expression { kind: ExpressionKind::Arithmetic { operator, operands: Box::new((left, right)) }, span };
    }
    Some(left)
}

/// The group that a term consists of, if it is nothing else.
pub(super) fn only_group<'n>(term: &Node<'n>) -> Option<Node<'n>> {
    let only = |node: &Node<'n>| {
        let mut children = node.children();
        let first = children.next()?;
        children.next().is_none().then_some(first)
    };
    let factor = only(&only(term)?)?;
    only(&factor).filter(|group| group.rule() == Rule::group)
}

/// From a `factor`.
pub(super) fn factor(node: &Node<'_>) -> Option<Expression> {
    value(&node.first()?)
}

/// From what a factor consists of.
pub(super) fn value(node: &Node<'_>) -> Option<Expression> {
    let kind = match node.rule() {
        Rule::group => return condition(&node.child(Rule::condition)?, Want::Term),
        Rule::list => ExpressionKind::List(list(node)?),
        Rule::aggregate => ExpressionKind::Aggregate(aggregate(node)?),
        Rule::path => ExpressionKind::Path(node.path()),
        Rule::TODAY => ExpressionKind::Today,
        Rule::NOW => ExpressionKind::Now,
        _ => ExpressionKind::Literal(Literal { kind: literal(node)?, span: node.span() }),
    };
    Some(Expression { kind, span: node.span() })
}

/// The elements of a `list`.
pub(super) fn list(node: &Node<'_>) -> Option<Vec<Expression>> {
    node.all(Rule::term).map(|element| term(&element)).collect()
}

fn literal(node: &Node<'_>) -> Option<LiteralKind> {
    Some(match node.rule() {
        Rule::text => LiteralKind::Text(node.quoted()),
        Rule::yes_no => LiteralKind::YesNo(node.token() == Token::Yes),
        Rule::money => LiteralKind::Money {
            currency: node.child(Rule::CAPITALS)?.name(),
            amount: node.child(Rule::NUMBER)?.number(),
        },
        Rule::moment => {
            let date = node.child(Rule::DATE_LITERAL)?.date();
            match node.child(Rule::TIME_LITERAL) {
                Some(time) => LiteralKind::DateTime(date, time.time()),
                None => LiteralKind::Date(date),
            }
        }
        Rule::amount => amount(node)?,
        _ => return None,
    })
}

/// `12`, `-3`, `25%`, `21 days`.
fn amount(node: &Node<'_>) -> Option<LiteralKind> {
    let signed = |value: Fixed| if node.token() == Token::Minus { Fixed::ZERO.minus(value) } else { value };
    if let Some(percent) = node.child(Rule::PERCENT) {
        return Some(LiteralKind::Percent(signed(percent.number())));
    }
    Some(match node.duration() {
        Some(duration) => LiteralKind::Duration(duration),
        None => LiteralKind::Number(signed(node.child(Rule::NUMBER)?.number())),
    })
}

fn aggregate(node: &Node<'_>) -> Option<Aggregate> {
    let (function, events) = match node.child(Rule::function) {
        Some(function) => {
            let path = node.child(Rule::path)?;
            let function = match function.token() {
                Token::Average => AggregateFunction::Average,
                Token::Median => AggregateFunction::Median,
                Token::Sum => AggregateFunction::Sum,
                Token::Highest => AggregateFunction::Highest,
                Token::Lowest => AggregateFunction::Lowest,
                _ => AggregateFunction::Latest,
            };
            (function, path)
        }
        None => (AggregateFunction::Count, node.child(Rule::events)?),
    };
    let span = events.span().to(node.span());
    let span = crate::Span::new(events.span().start, span.end);
    let paths = match events.rule() {
        Rule::path => vec![events.path()],
        _ => events.all(Rule::path).map(|path| path.path()).collect(),
    };
    Some(Aggregate { function, query: EventQuery { events: paths, filter: filter(node)?, window: None, span } })
}
