//! Conditions and terms, as written.

use super::{CalendarDate, ClockTime, Name, Path, Text};
use crate::{Fixed, Span};
use derive_visitor::DriveMut;

/// A condition or a term.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it stands, without surrounding parentheses.
    pub span: Span,
}

/// The forms of conditions and terms.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum ExpressionKind {
    /// `not C`
    Not(Box<Expression>),
    /// `C and C and …`, two or more
    And(Vec<Expression>),
    /// `C or C or …`, two or more
    Or(Vec<Expression>),
    /// `and` beside `or` without parentheses: kept so that the compiler can say how to write it.
    Mixed {
        /// The operands in order.
        operands: Vec<Expression>,
        /// The first `and` or `or` that differs from the one before.
        operator: Span,
    },
    /// `any page.viewed where … in the last 14 days`
    Happened {
        /// How many of them.
        quantity: Quantity,
        /// Which.
        query: EventQuery,
    },
    /// `any conversation mentions bid_pain in the last 60 days`
    Mentions {
        /// `no conversation mentions …`
        negated: bool,
        /// The phrases' or objection's name.
        phrases: Name,
        /// How far back.
        window: Option<Window>,
    },
    /// A predicate over terms, with what comes last in it.
    Predicate(Box<Predicate>),

    /// A number, text, date, … as written.
    Literal(Literal),
    /// A name to be resolved: field, fact, score, layer, a value of `one of`.
    Path(Path),
    /// `count of EVENT`, `average EVENT.field`, …
    Aggregate(Aggregate),
    /// `TERM + TERM`
    Arithmetic {
        /// Which.
        operator: ArithmeticOperator,
        /// Left and right.
        operands: Box<(Expression, Expression)>,
    },
    /// `today`, `now`
    Today,
    /// The present instant.
    Now,
    /// `[a, b]`
    List(Vec<Expression>),
    /// A term with a window of its own, as in `fact velocity … is count of X in the last 7 days`.
    Windowed {
        /// The term.
        term: Box<Expression>,
        /// For the aggregates in it.
        window: Window,
    },
}

/// How many events there have to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DriveMut)]
pub enum Quantity {
    /// `any`
    Any,
    /// `no`
    No,
    /// `at least N`
    AtLeast(Count),
    /// `at most N`
    AtMost(Count),
    /// `exactly N`
    Exactly(Count),
}

/// A whole number as written, with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DriveMut)]
pub struct Count {
    /// The number.
    pub value: Fixed,
    /// Where it stands.
    pub span: Span,
}

/// Which events: kind, filter and window.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct EventQuery {
    /// The event's name, or several in brackets; in an aggregate over a field, with the field as the last part.
    pub events: Vec<Path>,
    /// `where …` over the event's own facts.
    pub filter: Option<Box<Expression>>,
    /// `in the last …`; in a predicate it may stand at the predicate's end instead.
    pub window: Option<Window>,
    /// The whole query.
    pub span: Span,
}

/// `in the last 30 days`
#[derive(Clone, Copy, Debug, PartialEq, Eq, DriveMut)]
pub struct Window {
    /// The duration.
    pub duration: DurationLiteral,
    /// From `in` on.
    pub span: Span,
}

/// `21 days`, `5 business days`
#[derive(Clone, Copy, Debug, PartialEq, Eq, DriveMut)]
pub struct DurationLiteral {
    /// How many.
    pub amount: Fixed,
    /// Of what.
    pub unit: DurationUnit,
    /// `business`
    pub business: bool,
    /// Where it stands.
    pub span: Span,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, DriveMut)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum DurationUnit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl DurationUnit {
    /// One of it, as written: `day`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// `TERM < TERM`, `TERM is one of […]`, … with a window or freshness last.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Predicate {
    /// What is judged.
    pub subject: Expression,
    /// How.
    pub test: PredicateTest,
    /// `in the last …` at the predicate's end: for the aggregates in it.
    pub window: Option<Window>,
    /// `known in the last 90 days`: older facts are unknown.
    pub fresh: Option<Window>,
}

/// What a predicate asks of its subject.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum PredicateTest {
    /// `< <= > >=`
    Compare {
        /// Which.
        operator: ComparisonOperator,
        /// Where the operator stands.
        operator_span: Span,
        /// The right side.
        right: Expression,
    },
    /// `= == !=`: read, so that the compiler can say `write is`
    Equals {
        /// `!=`
        negated: bool,
        /// Where the operator stands.
        operator_span: Span,
        /// The right side.
        right: Expression,
    },
    /// `is V`, `is not V`, `is V or W`, `is certainly V`
    Is {
        /// `not`
        negated: bool,
        /// `certainly`, `provisionally`
        certainty: Option<(Certainty, Span)>,
        /// One or more; a value, a path or a term.
        values: Vec<Expression>,
    },
    /// `is one of [a, b]`
    OneOf {
        /// `is not one of`
        negated: bool,
        /// The values.
        values: Vec<Expression>,
        /// The brackets.
        span: Span,
    },
    /// `is from A to B`, both included
    From {
        /// `is not from`
        negated: bool,
        /// Lower bound.
        low: Expression,
        /// Upper bound.
        high: Expression,
    },
    /// `is missing`
    Missing,
    /// `is known`
    Known,
    /// `has V`, `has any of […]`, …
    Has {
        /// How many of them.
        which: HasWhich,
        /// A list in brackets, a path to another list, or one value.
        values: Expression,
    },
    /// `starts "…"`, `ends "…"`, `contains "…"`
    Text {
        /// Which.
        operator: TextOperator,
        /// The text.
        value: Text,
    },
    /// Nothing follows: a bare yes/no field.
    Bare,
}

/// `certainly` or `provisionally`
#[derive(Clone, Copy, Debug, PartialEq, Eq, DriveMut)]
pub enum Certainty {
    /// The route is the same whatever the unknown turns out to be.
    Certainly,
    /// It may still change.
    Provisionally,
}

/// `< <= > >=`
#[derive(Clone, Copy, Debug, PartialEq, Eq, DriveMut)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum ComparisonOperator {
    Less,
    AtMost,
    More,
    AtLeast,
}

/// `any of`, `all of`, `none of`
#[derive(Clone, Copy, Debug, PartialEq, Eq, DriveMut)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum HasWhich {
    One,
    Any,
    All,
    None,
}

/// `starts`, `ends`, `contains`
#[derive(Clone, Copy, Debug, PartialEq, Eq, DriveMut)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum TextOperator {
    Starts,
    Ends,
    Contains,
}

/// `+ - * /`
#[derive(Clone, Copy, Debug, PartialEq, Eq, DriveMut)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum ArithmeticOperator {
    Plus,
    Minus,
    Times,
    Over,
}

/// `count of EVENT`, `average EVENT.field where … `
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Aggregate {
    /// Which.
    pub function: AggregateFunction,
    /// Over which events; for all but `count`, the path's last part is the field.
    pub query: EventQuery,
}

/// The aggregates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, DriveMut)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum AggregateFunction {
    Count,
    Average,
    Median,
    Sum,
    Highest,
    Lowest,
    Latest,
}

/// A value written out.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Literal {
    /// What it is.
    pub kind: LiteralKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of literals.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum LiteralKind {
    /// `12`, `50k`
    Number(Fixed),
    /// `25%`, as 25
    Percent(Fixed),
    /// `NZD 50k`
    Money {
        /// ISO 4217, as written.
        currency: Name,
        /// How much.
        amount: Fixed,
    },
    /// `21 days`
    Duration(DurationLiteral),
    /// `2026-03-01`
    Date(CalendarDate),
    /// `2026-03-01 09:00`
    DateTime(CalendarDate, ClockTime),
    /// `"…"`
    Text(Text),
    /// `yes`, `no`
    YesNo(bool),
}
