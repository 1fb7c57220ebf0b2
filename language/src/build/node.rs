//! A pair with its way back to the text: pest counts tokens, the syntax tree wants bytes.

use std::cell::RefCell;

use pest::iterators::Pair;

use crate::grammar::Rule;
use crate::structure::{Block, Clause};
use crate::syntax::{CalendarDate, ClockTime, Count, DurationLiteral, DurationUnit, Name, Path, Text};
use crate::{Fixed, Span, SyntaxError, SyntaxErrorKind, Token, Tokens};

use super::literals;

/// The clause that pairs are of.
pub(super) struct Scope<'n> {
    pub(super) text: &'n str,
    pub(super) tokens: &'n Tokens,
    /// The number of the token behind each of pest's characters.
    pub(super) indices: &'n [u32],
    pub(super) clause: &'n Clause,
    pub(super) problems: &'n RefCell<Vec<SyntaxError>>,
}

/// A pair of a clause.
#[derive(Clone)]
pub(super) struct Node<'n> {
    pair: Pair<'n, Rule>,
    scope: &'n Scope<'n>,
}

impl<'n> Node<'n> {
    pub(super) const fn new(pair: Pair<'n, Rule>, scope: &'n Scope<'n>) -> Self {
        Self { pair, scope }
    }

    pub(super) fn rule(&self) -> Rule {
        self.pair.as_rule()
    }

    pub(super) fn children(&self) -> impl Iterator<Item = Self> + use<'n> {
        let scope = self.scope;
        self.pair.clone().into_inner().map(move |pair| Self { pair, scope })
    }

    /// The first child of a rule.
    pub(super) fn child(&self, rule: Rule) -> Option<Self> {
        self.children().find(|child| child.rule() == rule)
    }

    pub(super) fn has(&self, rule: Rule) -> bool {
        self.child(rule).is_some()
    }

    /// All children of a rule.
    pub(super) fn all(&self, rule: Rule) -> impl Iterator<Item = Self> + use<'n> {
        self.children().filter(move |child| child.rule() == rule)
    }

    /// The only or first child, whatever it is.
    pub(super) fn first(&self) -> Option<Self> {
        self.children().next()
    }

    /// The number of its first token.
    fn index(&self) -> u32 {
        self.scope.indices.get(self.pair.as_span().start() / 2).copied().unwrap_or_default()
    }

    /// The kind of its first token.
    pub(super) fn token(&self) -> Token {
        self.scope.tokens.kind(self.index())
    }

    pub(super) fn span(&self) -> Span {
        let span = self.pair.as_span();
        let last = (span.end() / 2).saturating_sub(1).max(span.start() / 2);
        let last = self.scope.indices.get(last).copied().unwrap_or_default();
        self.scope.tokens.span(self.index()).to(self.scope.tokens.span(last))
    }

    pub(super) fn text(&self) -> &'n str {
        self.scope.text.get(self.span().range()).unwrap_or_default()
    }

    /// The block that a BLOCK stands for.
    pub(super) fn block(&self) -> Option<&'n Block> {
        let open = self.index();
        let blocks = &self.scope.clause.blocks;
        blocks.binary_search_by_key(&open, |block| block.open).ok().and_then(|at| blocks.get(at))
    }

    pub(super) fn problem(&self, kind: SyntaxErrorKind) {
        self.problem_at(kind, self.span());
    }

    /// Of a part of it.
    pub(super) fn problem_at(&self, kind: SyntaxErrorKind, span: Span) {
        self.scope.problems.borrow_mut().push(SyntaxError { kind, span });
    }

    /// A word, or several that make one name.
    pub(super) fn name(&self) -> Name {
        Name { text: self.text().into(), span: self.span() }
    }

    pub(super) fn path(&self) -> Path {
        let parts = match self.rule() {
            Rule::path => self.all(Rule::name).map(|name| name.name()).collect(),
            _ => vec![self.name()],
        };
        Path { parts, span: self.span() }
    }

    pub(super) fn quoted(&self) -> Text {
        Text { value: literals::text(self.text()), span: self.span() }
    }

    /// The value of a number or percentage. One that cannot be held has been reported with the tokens.
    pub(super) fn number(&self) -> Fixed {
        literals::number(self.text()).unwrap_or_default()
    }

    pub(super) fn count(&self) -> Count {
        Count { value: self.number(), span: self.span() }
    }

    /// `21 days`, of a `duration` or an `amount` with a unit.
    pub(super) fn duration(&self) -> Option<DurationLiteral> {
        let mut amount = Fixed::ZERO;
        let mut business = false;
        let mut negative = false;
        let mut unit = None;
        for child in self.children() {
            match child.rule() {
                Rule::MINUS => negative = true,
                Rule::NUMBER => amount = child.number(),
                Rule::BUSINESS => business = true,
                Rule::unit => unit = Some(child.unit()),
                _ => {}
            }
        }
        let amount = if negative { Fixed::ZERO.minus(amount) } else { amount };
        Some(DurationLiteral { amount, unit: unit?, business, span: self.span() })
    }

    pub(super) fn unit(&self) -> DurationUnit {
        match self.token() {
            Token::Second | Token::Seconds => DurationUnit::Second,
            Token::Minute | Token::Minutes => DurationUnit::Minute,
            Token::Hour | Token::Hours => DurationUnit::Hour,
            Token::Week | Token::Weeks => DurationUnit::Week,
            Token::Month | Token::Months => DurationUnit::Month,
            Token::Year | Token::Years => DurationUnit::Year,
            _ => DurationUnit::Day,
        }
    }

    pub(super) fn date(&self) -> CalendarDate {
        literals::date(self.text(), self.span())
    }

    pub(super) fn time(&self) -> ClockTime {
        literals::time(self.text(), self.span())
    }
}
