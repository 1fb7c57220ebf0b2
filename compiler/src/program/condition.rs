//! Conditions and terms, resolved: the language's logic without its spelling.
//!
//! Every condition is true, false or unknown (Kleene 1952, §64, strong tables). What makes an atom unknown is said at each.

use language::syntax::{AggregateFunction, DurationUnit};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{EntityId, EventId, FieldId, Fixed, LabelId, PhrasesId, ScoreId};

/// True, false or unknown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Unknown stays unknown.
    Not(Box<Condition>),
    /// False where one is false, else unknown where one is unknown. Empty is true.
    All(Vec<Condition>),
    /// True where one is true, else unknown where one is unknown. Empty is false.
    Any(Vec<Condition>),
    /// Of two numbers (or money, durations, dates, times, scores). Unknown where a side is.
    Compare {
        /// Left side.
        left: Term,
        /// How.
        operator: Comparison,
        /// Right side.
        right: Term,
    },
    /// `is from A to B`, both included.
    Between {
        /// What is judged.
        term: Term,
        /// Lower bound.
        low: Term,
        /// Upper bound.
        high: Term,
    },
    /// A text or word is one of these, to the letter.
    OneOf {
        /// What is judged.
        term: TextTerm,
        /// At least one; sorted, each once.
        values: Vec<SmolStr>,
    },
    /// Two texts are the same, to the letter.
    Same {
        /// One.
        left: TextTerm,
        /// The other.
        right: TextTerm,
    },
    /// A text starts with, ends with or contains another, to the letter.
    Text {
        /// What is judged.
        term: TextTerm,
        /// How.
        operator: TextOperator,
        /// With what.
        value: SmolStr,
    },
    /// A yes/no is yes.
    Yes(TextTerm),
    /// A list has any, all or none of these values. Unknown where the list is missing.
    Has {
        /// The list.
        list: FieldPath,
        /// How many of them.
        which: Which,
        /// At least one; sorted, each once.
        values: Vec<SmolStr>,
    },
    /// A list has any, all or none of what another list has. Unknown where either is missing.
    HasOf {
        /// The list.
        list: FieldPath,
        /// How many of them.
        which: Which,
        /// The other list.
        other: FieldPath,
    },
    /// The field is not missing. Never unknown.
    Known(FieldPath),
    /// The inner condition, unknown where one of the fields was last observed before the window.
    Fresh {
        /// What is asked.
        condition: Box<Condition>,
        /// The fields it reads.
        fields: Vec<FieldPath>,
        /// How far back an observation is fresh.
        window: Window,
    },
    /// So many of these events happened. With fewer than `at_least` seen it is false only where all of them are reported over the
    /// whole window, else unknown; with more than `at_most` seen it is false; otherwise true only where reported.
    Happened {
        /// Which.
        query: EventQuery,
        /// `any` is 1, `no` is 0.
        at_least: u32,
        /// `no` is 0, `any` has none.
        at_most: Option<u32>,
    },
    /// A conversation in the window mentions one of the phrases; like [`Condition::Happened`] with at least one.
    Mentions {
        /// Which phrases.
        phrases: PhrasesId,
        /// How far back.
        window: Option<Window>,
    },
    /// A score routes so. Unknown while the score's formula has more than one value, unless the certainty itself is asked for.
    Routed {
        /// Which score.
        score: ScoreId,
        /// Any of these.
        labels: Vec<LabelId>,
        /// Asked for: then never unknown.
        certainty: Option<Certainty>,
    },
}

/// `certainly`, `provisionally`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// One route is possible.
    Certain,
    /// Several are; this is where it stands now.
    Provisional,
}

/// A number in millionths; see the module of [`super::Program`] for what it counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// Written out.
    Constant(Fixed),
    /// Unknown where missing.
    Field(FieldPath),
    /// A fact of the event judged, in a filter. Unknown where missing.
    EventField(SmolStr),
    /// Over events.
    Aggregate(Aggregate),
    /// A score, or a layer of one, as a value with the range it could still take.
    Score(ScoreRef),
    /// Sum, difference, product, quotient, each rounded half to even at the sixth decimal, saturating; a quotient by nought is unknown.
    Arithmetic {
        /// Which.
        operator: Arithmetic,
        /// Left side.
        left: Box<Term>,
        /// Right side.
        right: Box<Term>,
    },
    /// The client's day.
    Today,
    /// The instant.
    Now,
}

/// A text, word or yes/no.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextTerm {
    /// Unknown where missing.
    Field(FieldPath),
    /// A fact of the event judged, in a filter. Unknown where missing.
    EventField(SmolStr),
    /// `latest EVENT.field`. Unknown where none happened.
    Latest(Aggregate),
}

/// A field of the record judged, or of one it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FieldPath {
    /// Where the path begins.
    pub entity: EntityId,
    /// The relations walked, `company` in `company.industry`; none most often. Unknown where the record belongs to none.
    pub relations: Vec<FieldId>,
    /// The field at the end.
    pub field: FieldId,
}

/// A calculation over events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aggregate {
    /// Which. A count is a lower bound where not all is reported; any other is unknown there, and over nothing (a sum of
    /// nothing is 0). The median of an even number is the mean of the two in the middle.
    pub function: AggregateFunction,
    /// The fact it is over; none for `count`. Events without it are left out.
    pub field: Option<SmolStr>,
    /// Over which events.
    pub query: EventQuery,
}

/// Which events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventQuery {
    /// Any of these kinds.
    pub events: Vec<EventId>,
    /// Over the event's own facts; an event of which it is unknown counts as one not reported.
    pub filter: Option<Box<Condition>>,
    /// How far back; none means ever.
    pub window: Option<Window>,
}

/// `in the last 30 days`: from that long ago, not included, up to and with now. Days, months and years are the client's
/// calendar's, business time counts in the client's hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: DurationUnit,
    /// In business hours and days.
    pub business: bool,
}

/// A score or one of its layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ScoreRef {
    /// Which score.
    pub score: ScoreId,
    /// Which of its layers; none is the score itself.
    pub layer: Option<u32>,
}

impl Window {
    /// `day`, `3 days`, `1 business day`: behind `per` and `every`.
    #[must_use]
    pub fn each(self) -> String {
        if self.amount == 1 && !self.business { self.unit.name().to_owned() } else { self.to_string() }
    }
}

impl std::fmt::Display for Window {
    /// `3 business days`, `1 hour`
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let business = if self.business { "business " } else { "" };
        let plural = if self.amount == 1 { "" } else { "s" };
        write!(out, "{} {business}{}{plural}", self.amount, self.unit.name())
    }
}

/// `< <= > >= = !=`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Comparison {
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
    NotEqual,
}

impl Comparison {
    /// Whether it holds of two known values.
    pub fn holds<T: Ord + Copy>(self, left: T, right: T) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::More => left > right,
            Self::AtLeast => left >= right,
            Self::Equal => left == right,
            Self::NotEqual => left != right,
        }
    }

    /// The opposite: `<` for `>=`.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::More,
            Self::More => Self::AtMost,
            Self::AtLeast => Self::Less,
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
        }
    }

    /// With its sides exchanged: `>` for `<`.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
            Self::Equal | Self::NotEqual => self,
        }
    }
}

/// `+ - * /`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Arithmetic {
    Plus,
    Minus,
    Times,
    Over,
}

/// `starts`, `ends`, `contains`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum TextOperator {
    Starts,
    Ends,
    Contains,
}

/// `any of`, `all of`, `none of`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Which {
    Any,
    All,
    None,
}
