//! What a condition demands of one subject: a field, a number, a score, what happened. Two demands that cannot both be met exclude
//! each other; sound, never complete: where nothing is known to clash, all is possible.

use smol_str::SmolStr;

use super::interval::Interval;
use crate::program::{
    Condition, EventQuery, FieldPath, LabelId, PhrasesId, ScoreId, ScoreRef, Term, TextOperator, TextTerm, Window,
};

/// What is demanded something of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Subject<'p> {
    Field(&'p FieldPath),
    /// A calculation.
    Number(&'p Term),
    Score(ScoreRef),
    /// `latest EVENT.field`
    Latest(&'p TextTerm),
    /// All that happens.
    Events,
    Phrases(PhrasesId),
    Route(ScoreId),
    /// A fact of an event, inside a filter.
    EventField(&'p SmolStr),
}

/// What is demanded of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Domain<'p> {
    /// That nobody knows it.
    Missing,
    /// That somebody knows it.
    Known,
    Number(Interval),
    Word(Words<'p>),
    YesNo(bool),
    List(List<'p>),
    /// So many of these in that time.
    Counts(Vec<Counted<'p>>),
    Labels(Vec<LabelId>),
}

/// What is demanded of a text or word.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Words<'p> {
    /// One of these.
    pub(crate) only: Option<Vec<&'p str>>,
    /// None of these.
    pub(crate) not: Vec<&'p str>,
    /// Of this shape.
    pub(crate) shapes: Vec<(TextOperator, &'p str)>,
}

/// What is demanded of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct List<'p> {
    pub(crate) all: Vec<&'p str>,
    pub(crate) none: Vec<&'p str>,
    /// One of each of these.
    pub(crate) any: Vec<Vec<&'p str>>,
}

/// How often something has to have happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Counted<'p> {
    /// None for a conversation that mentions the subject's phrases.
    pub(crate) query: Option<&'p EventQuery>,
    pub(crate) window: Option<Window>,
    pub(crate) at_least: u32,
    pub(crate) at_most: Option<u32>,
}

impl<'p> Domain<'p> {
    /// What both demand; none where they exclude each other.
    pub(crate) fn meet(self, other: Self) -> Option<Self> {
        Some(match (self, other) {
            (Self::Missing, Self::Missing) => Self::Missing,
            (Self::Missing, _) | (_, Self::Missing) => return None,
            (Self::Known, one) | (one, Self::Known) => one,
            (Self::Number(one), Self::Number(other)) => {
                let met = one.meet(other);
                if met.is_empty() {
                    return None;
                }
                Self::Number(met)
            }
            (Self::Word(one), Self::Word(other)) => Self::Word(one.meet(other)?),
            (Self::YesNo(one), Self::YesNo(other)) if one == other => Self::YesNo(one),
            (Self::YesNo(_), Self::YesNo(_)) => return None,
            (Self::List(one), Self::List(other)) => Self::List(one.meet(other)?),
            (Self::Counts(mut one), Self::Counts(other)) => {
                if one.iter().any(|one| other.iter().any(|other| one.excludes(other) || other.excludes(one))) {
                    return None;
                }
                one.extend(other);
                Self::Counts(one)
            }
            (Self::Labels(one), Self::Labels(other)) => {
                let both: Vec<LabelId> = one.into_iter().filter(|label| other.contains(label)).collect();
                if both.is_empty() {
                    return None;
                }
                Self::Labels(both)
            }
            // Demands of different kinds on one subject: the types are kept apart elsewhere.
            (one, _) => one,
        })
    }

    /// What at least one of the two demands; none where that is nothing.
    pub(crate) fn join(self, other: &Self) -> Option<Self> {
        match (self, other) {
            (one, other) if one == *other => Some(one),
            (Self::Number(one), Self::Number(other)) => Some(Self::Number(one.hull(*other))),
            (Self::Word(one), Self::Word(other)) => Some(one.join(other).map_or(Self::Known, Self::Word)),
            (Self::Labels(mut one), Self::Labels(other)) => {
                one.extend(other.iter().filter(|label| !one.contains(label)).copied().collect::<Vec<_>>());
                Some(Self::Labels(one))
            }
            (Self::Missing | Self::Counts(_), _) | (_, Self::Missing | Self::Counts(_)) => None,
            (Self::Labels(_), _) | (_, Self::Labels(_)) => None,
            _ => Some(Self::Known),
        }
    }
}

impl<'p> Words<'p> {
    fn meet(mut self, other: Self) -> Option<Self> {
        self.only = match (self.only.take(), other.only) {
            (Some(one), Some(other)) => Some(one.into_iter().filter(|word| other.contains(word)).collect()),
            (one, other) => one.or(other),
        };
        self.not.extend(other.not);
        self.shapes.extend(other.shapes);
        self.settle()
    }

    /// Without the words that other demands exclude; none where none is left.
    pub(crate) fn settle(mut self) -> Option<Self> {
        if let Some(only) = &mut self.only {
            only.retain(|word| !self.not.contains(word) && self.shapes.iter().all(|shape| has_shape(word, *shape)));
            if only.is_empty() {
                return None;
            }
        }
        let starts = |operator| self.shapes.iter().filter(move |shape| shape.0 == operator).map(|shape| shape.1);
        let clash_in_front = starts(TextOperator::Starts)
            .any(|one| starts(TextOperator::Starts).any(|other| !one.starts_with(other) && !other.starts_with(one)));
        let clash_behind = starts(TextOperator::Ends)
            .any(|one| starts(TextOperator::Ends).any(|other| !one.ends_with(other) && !other.ends_with(one)));
        (!clash_in_front && !clash_behind).then_some(self)
    }

    fn join(mut self, other: &Self) -> Option<Self> {
        let only = match (self.only.take(), &other.only) {
            (Some(mut one), Some(other)) => {
                one.extend(other.iter().filter(|word| !one.contains(word)).copied().collect::<Vec<_>>());
                Some(one)
            }
            _ => None,
        };
        let not: Vec<&str> = self.not.into_iter().filter(|word| other.not.contains(word)).collect();
        (only.is_some() || !not.is_empty()).then_some(Self { only, not, shapes: Vec::new() })
    }
}

pub(crate) fn has_shape(word: &str, (operator, value): (TextOperator, &str)) -> bool {
    match operator {
        TextOperator::Starts => word.starts_with(value),
        TextOperator::Ends => word.ends_with(value),
        TextOperator::Contains => word.contains(value),
    }
}

impl<'p> List<'p> {
    fn meet(mut self, other: Self) -> Option<Self> {
        self.all.extend(other.all);
        self.none.extend(other.none);
        self.any.extend(other.any);
        let clash = self.all.iter().any(|word| self.none.contains(word))
            || self.any.iter().any(|any| any.iter().all(|word| self.none.contains(word)));
        (!clash).then_some(self)
    }
}

impl Counted<'_> {
    /// Whether there have to be more of the one than there may be of the other, which counts them all.
    pub(crate) fn excludes(&self, wider: &Self) -> bool {
        wider.at_most.is_some_and(|most| self.at_least > most) && self.within(wider)
    }

    /// Whether whatever the one counts, the other counts as well.
    pub(crate) fn within(&self, wider: &Self) -> bool {
        let same_events = match (self.query, wider.query) {
            (None, None) => true,
            (Some(narrow), Some(wide)) => {
                let filter: Option<&Condition> = wide.filter.as_deref();
                narrow.events.iter().all(|event| wide.events.contains(event))
                    && (filter.is_none() || narrow.filter == wide.filter)
            }
            _ => false,
        };
        same_events && shorter(self.window, wider.window)
    }
}

/// Whether the one window lies inside the other, as far as that can be told without a calendar.
fn shorter(one: Option<Window>, other: Option<Window>) -> bool {
    match (one, other) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(one), Some(other)) if one.unit == other.unit && one.business == other.business => {
            one.amount <= other.amount
        }
        _ => false,
    }
}
