//! What a term is before anyone asks something of it: a number with its unit, a text, a list, a word.

use std::fmt;

use smol_str::SmolStr;

use crate::program::{Condition, EntityId, EventId, FieldId, FieldPath, ScoreRef, Term, TextTerm, Type};

/// What a number counts. Only like is compared with like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Number,
    Percent,
    Money,
    Duration,
    Date,
    Time,
    Score,
}

/// A term with its type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Numeric(Term, Unit),
    /// A score or layer: a number, and for a score something that has routes.
    Score(ScoreRef),
    Text(TextTerm, Domain),
    YesNo(TextTerm),
    /// A fact that is a condition.
    Condition(Condition),
    List(FieldPath, Domain),
    Record(FieldPath, EntityId),
    TextLiteral(SmolStr),
    YesNoLiteral(bool),
    /// A bare word that names nothing: a value, where values are bare words.
    Word(SmolStr),
}

/// Which words a text can be, by where they are declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Domain {
    /// Any text.
    Any,
    /// The words of that field's `one of`.
    Field(EntityId, FieldId),
    /// The words of that event's fact: the event, and the fact's place.
    Event(EventId, usize),
}

impl Unit {
    pub(super) fn of(ty: &Type) -> Option<Self> {
        Some(match ty {
            Type::Number => Self::Number,
            Type::Percent => Self::Percent,
            Type::Money => Self::Money,
            Type::Duration => Self::Duration,
            Type::Date => Self::Date,
            Type::Time => Self::Time,
            Type::Score => Self::Score,
            Type::Text | Type::YesNo | Type::OneOf(_) | Type::List(_) | Type::Record(_) => return None,
        })
    }

    pub(super) fn ty(self) -> Type {
        match self {
            Self::Number => Type::Number,
            Self::Percent => Type::Percent,
            Self::Money => Type::Money,
            Self::Duration => Type::Duration,
            Self::Date => Type::Date,
            Self::Time => Type::Time,
            Self::Score => Type::Score,
        }
    }

    /// Whether the two can be compared: a score is a number.
    pub(super) fn compares_with(self, other: Self) -> bool {
        self.plain() == other.plain()
    }

    /// A score counts as a number in calculations.
    pub(super) fn plain(self) -> Self {
        if self == Self::Score { Self::Number } else { self }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "a number",
            Self::Percent => "a percentage",
            Self::Money => "an amount of money",
            Self::Duration => "a duration",
            Self::Date => "a date",
            Self::Time => "a time",
            Self::Score => "a score",
        })
    }
}

impl Operand {
    /// As a number with its unit.
    pub(super) fn numeric(&self) -> Option<(Term, Unit)> {
        match self {
            Self::Numeric(term, unit) => Some((term.clone(), *unit)),
            Self::Score(score) => Some((Term::Score(*score), Unit::Score)),
            _ => None,
        }
    }

    /// The field that it is, where it is one of a record.
    pub(super) fn field(&self) -> Option<&FieldPath> {
        match self {
            Self::Numeric(Term::Field(path), _)
            | Self::Text(TextTerm::Field(path), _)
            | Self::YesNo(TextTerm::Field(path))
            | Self::List(path, _)
            | Self::Record(path, _) => Some(path),
            _ => None,
        }
    }

    /// As a reader calls it: `a number`.
    pub(super) fn kind(&self) -> String {
        match self {
            Self::Numeric(_, unit) => unit.to_string(),
            Self::Score(score) if score.layer.is_some() => "a layer's points".to_owned(),
            Self::Score(_) => "a score".to_owned(),
            Self::Text(_, Domain::Any) | Self::TextLiteral(_) => "a text".to_owned(),
            Self::Text(..) => "one of its declared words".to_owned(),
            Self::YesNo(_) | Self::YesNoLiteral(_) | Self::Condition(_) => "yes or no".to_owned(),
            Self::List(..) => "a list".to_owned(),
            Self::Record(..) => "a record".to_owned(),
            Self::Word(_) => "a word".to_owned(),
        }
    }
}

/// What a type is called in a message: `a number`, `one of 36 words`.
pub(super) fn kind_of(ty: &Type) -> String {
    match ty {
        Type::Text => "a text".to_owned(),
        Type::YesNo => "yes or no".to_owned(),
        Type::OneOf(_) => "one of its declared words".to_owned(),
        Type::List(_) => "a list".to_owned(),
        Type::Record(_) => "a record".to_owned(),
        Type::Number | Type::Percent | Type::Money | Type::Duration | Type::Date | Type::Time | Type::Score => {
            Unit::of(ty).map_or_else(String::new, |unit| unit.to_string())
        }
    }
}
